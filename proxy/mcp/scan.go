package mcp

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// A tape is the scanner's state: one pass over raw that checks the grammar of
// RFC 8259, UTF-8 and the limits, and notes each value as a Node. Names and
// strings with escapes are decoded on the way, since whoever judges the message
// will read them, some several times.
type tape struct {
	raw   []byte
	pos   int // the next byte to read; where a fault was found, its place
	nodes []Node
	open  []frame // the containers around pos, outermost first

	texts   []byte  // the decoded forms of the escaped strings
	escaped []spelt // where in texts each of them is, in document order

	// bareCR is one more than the place of the first carriage return that
	// neither a line feed nor the end follows; 0 if there is none.
	bareCR int

	maxDepth, maxNodes, maxName int
	keys                        []nameKey // scratch of the duplicate check
	folds                       []byte    // scratch of the look-alike check
}

// A frame is a container that is not closed yet.
type frame struct {
	node  int32
	count int32 // of its children so far
}

// A spelt is the decoded form of one escaped string: texts[start:end].
type spelt struct {
	key        int64 // see speltKey
	start, end int32
}

// speltKey orders the strings of a message as they stand in it: the name of a
// node before its value.
func speltKey(node int32, inName bool) int64 {
	if inName {
		return 2 * int64(node)
	}
	return 2*int64(node) + 1
}

// scan reads all of t.raw and returns "" or why it can't, with t.pos at the place.
func (t *tape) scan() string {
	t.space()
	top := t.grow()
	top.Parent = -1
	if code := t.value(top); code != "" {
		return code
	}
	for len(t.open) > 0 {
		if code := t.step(); code != "" {
			return code
		}
	}
	if t.space(); t.pos != len(t.raw) {
		return RejectTrailing
	}
	if t.bareCR > 0 {
		t.pos = t.bareCR - 1
		return RejectLineBreak
	}
	return ""
}

// step reads the end or the next child of the innermost open container.
func (t *tape) step() string {
	top := &t.open[len(t.open)-1]
	object := t.nodes[top.node].Kind == Object
	c := t.space()
	if object && c == '}' || !object && c == ']' {
		return t.close()
	}
	if top.count > 0 {
		if c != ',' {
			return RejectSyntax
		}
		t.pos++
		c = t.space()
	}
	n := t.grow()
	if n == nil {
		return RejectNodes
	}
	n.Parent, n.Index, n.Depth = top.node, top.count, uint16(len(t.open))
	top.count++
	if !object {
		return t.value(n)
	}
	if c != '"' {
		return RejectSyntax
	}
	start := t.pos
	size, escaped, code := t.text(speltKey(int32(len(t.nodes)-1), true))
	if code != "" {
		return code
	}
	if size > t.maxName {
		t.pos = start
		return RejectNameLength
	}
	n.NameStart, n.NameEnd, n.NameEscaped = int32(start), int32(t.pos), escaped
	if t.space() != ':' {
		return RejectSyntax
	}
	t.pos++
	t.space()
	return t.value(n)
}

// value reads the value at t.pos, of a container only its opening, into the last
// node of the tape, which is new and says where the value stands.
func (t *tape) value(n *Node) string {
	if t.pos >= len(t.raw) {
		return RejectSyntax
	}
	n.Start = int32(t.pos)
	n.Next = int32(len(t.nodes))
	code := ""
	switch c := t.raw[t.pos]; c {
	case '"':
		n.Kind = String
		_, n.Escaped, code = t.text(speltKey(n.Next-1, false))
	case '{', '[':
		n.Kind = Object
		if c == '[' {
			n.Kind = Array
		}
		if len(t.open) >= t.maxDepth {
			return RejectDepth
		}
		t.open = append(t.open, frame{node: n.Next - 1})
		t.pos++
	case 'n':
		n.Kind = Null
		code = t.literal("null")
	case 't':
		n.Kind = True
		code = t.literal("true")
	case 'f':
		n.Kind = False
		code = t.literal("false")
	default:
		n.Kind = Number
		code = t.number()
	}
	n.End = int32(t.pos)
	return code
}

// grow appends an empty node, or returns nil if there are too many.
func (t *tape) grow() *Node {
	n := len(t.nodes)
	if n >= t.maxNodes {
		return nil
	}
	if n < cap(t.nodes) {
		t.nodes = t.nodes[:n+1]
		t.nodes[n] = Node{}
	} else {
		t.nodes = append(t.nodes, Node{})
	}
	return &t.nodes[n]
}

// close ends the innermost container at its closing bracket.
func (t *tape) close() string {
	top := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	t.pos++
	n := &t.nodes[top.node]
	n.End, n.Next = int32(t.pos), int32(len(t.nodes))
	if n.Kind == Object && top.count > 1 {
		if at := t.duplicate(top.node, int(top.count)); at >= 0 {
			t.pos = int(t.nodes[at].NameStart)
			return RejectDuplicate
		}
	}
	return ""
}

// space skips white space and returns the byte after it, 0 at the end.
func (t *tape) space() byte {
	for t.pos < len(t.raw) {
		c := t.raw[t.pos]
		if c > ' ' || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
		t.pos++
		if c == '\r' && t.bareCR == 0 && t.pos < len(t.raw) && t.raw[t.pos] != '\n' {
			t.bareCR = t.pos
		}
	}
	return 0
}

func (t *tape) literal(word string) string {
	rest := t.raw[t.pos:]
	if len(rest) < len(word) || string(rest[:len(word)]) != word {
		return RejectSyntax
	}
	t.pos += len(word)
	return ""
}

// number reads a number by RFC 8259 section 6. What follows it is for the
// caller to check, so that 01 fails at its 1.
func (t *tape) number() string {
	if t.at('-') {
		t.pos++
	}
	if t.at('0') {
		t.pos++
	} else if !t.digits() {
		return RejectSyntax
	}
	if t.at('.') {
		t.pos++
		if !t.digits() {
			return RejectSyntax
		}
	}
	if t.at('e') || t.at('E') {
		t.pos++
		if t.at('+') || t.at('-') {
			t.pos++
		}
		if !t.digits() {
			return RejectSyntax
		}
	}
	return ""
}

func (t *tape) at(c byte) bool { return t.pos < len(t.raw) && t.raw[t.pos] == c }

func (t *tape) digits() bool {
	start := t.pos
	for t.pos < len(t.raw) && t.raw[t.pos]-'0' <= 9 {
		t.pos++
	}
	return t.pos > start
}

// text reads the string at t.pos, filing it under key if it holds an escape, and
// returns its decoded length and whether it does.
func (t *tape) text(key int64) (size int, escaped bool, code string) {
	start := t.pos + 1
	end, high := special(t.raw, start)
	if end < len(t.raw) && t.raw[end] == '\\' {
		escaped = true
		mark := len(t.texts)
		run := start
		for end < len(t.raw) && t.raw[end] == '\\' {
			t.texts = append(t.texts, t.raw[run:end]...)
			r, width := unescape(t.raw[end:])
			if width <= 0 {
				t.pos = end
				if width < 0 {
					return 0, true, RejectUTF8
				}
				return 0, true, RejectSyntax
			}
			t.texts = utf8.AppendRune(t.texts, r)
			run = end + width
			var h uint64
			end, h = special(t.raw, run)
			high |= h
		}
		t.texts = append(t.texts, t.raw[run:end]...)
		size = len(t.texts) - mark
		t.escaped = append(t.escaped, spelt{
			key: key, start: int32(mark), end: int32(len(t.texts)),
		})
	} else {
		size = end - start
	}
	if end >= len(t.raw) || t.raw[end] != '"' {
		t.pos = end
		return 0, escaped, RejectSyntax
	}
	if high != 0 && !utf8.Valid(t.raw[start:end]) {
		t.pos = start + validPrefix(t.raw[start:end])
		return 0, escaped, RejectUTF8
	}
	t.pos = end + 1
	return size, escaped, ""
}

// Each byte of a word set to one value.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// special returns the place of the first quote, backslash or control character
// in raw[i:], or len(raw), and a word that is not 0 if a byte before it is not
// ASCII. It reads eight bytes at a time: in each byte, the top bit of the
// differences says whether it is one of those looked for. A borrow can spoil
// only bytes above a hit, and the lowest hit is what counts.
func special(raw []byte, i int) (int, uint64) {
	var high uint64
	for ; i+8 <= len(raw); i += 8 {
		w := binary.LittleEndian.Uint64(raw[i:])
		// XOR with 2 swaps the quote (0x22) with the space (0x20), so that one
		// comparison finds it and all control characters.
		low := ((w ^ 0x02*ones) - 0x21*ones) &^ w
		back := w ^ 0x5c*ones
		if hit := (low | (back-ones)&^back) & highs; hit != 0 {
			n := bits.TrailingZeros64(hit) &^ 7
			high |= w & (1<<n - 1)
			return i + n/8, high & highs
		}
		high |= w
	}
	for ; i < len(raw); i++ {
		c := raw[i]
		if c < ' ' || c == '"' || c == '\\' {
			break
		}
		high |= uint64(c)
	}
	return i, high & highs
}

// unescape reads the escape that b begins with, both halves of a surrogate pair
// at once. The width is 0 if it is none of RFC 8259's, and -1 if it is a
// surrogate without its partner, which has no UTF-8.
func unescape(b []byte) (r rune, width int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch b[1] {
	case '"', '\\', '/':
		return rune(b[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
	default:
		return 0, 0
	}
	r, ok := hex4(b)
	if !ok {
		return 0, 0
	}
	if r < 0xD800 || r > 0xDFFF {
		return r, 6
	}
	if r >= 0xDC00 || len(b) < 12 || b[6] != '\\' || b[7] != 'u' {
		return 0, -1
	}
	low, ok := hex4(b[6:])
	if !ok || low < 0xDC00 || low > 0xDFFF {
		return 0, -1
	}
	return (r-0xD800)<<10 | (low - 0xDC00) + 0x10000, 12
}

// hex4 reads the four digits of \uXXXX.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// validPrefix returns how many bytes of b are UTF-8 before the first that isn't.
func validPrefix(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}
