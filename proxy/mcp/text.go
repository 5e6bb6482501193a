package mcp

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Text returns the decoded value of the String node i, and "" for a node of
// another kind. It shares memory with the message and lives as long: clone what
// is to be kept.
func (m *Message) Text(i int) string { return view(m.textBytes(i)) }

// Name returns the decoded member name of node i, "" for array elements. It
// lives as long as the message.
func (m *Message) Name(i int) string { return view(m.nameBytes(i)) }

// RawRange maps the byte range [start,end) of Text(i) (of Name(i) if inName) to
// the range in Raw that spells it, without the quotes. A range that begins or
// ends within a character or an escape is widened to the whole of it, so that
// cutting it out leaves valid JSON; one that begins or ends outside the string is
// clipped. An empty range stays empty.
func (m *Message) RawRange(i int, inName bool, start, end int) (int, int) {
	n := &m.Nodes[i]
	at, stop, escaped := int(n.Start)+1, int(n.End)-1, n.Escaped
	if inName {
		at, stop, escaped = int(n.NameStart)+1, int(n.NameEnd)-1, n.NameEscaped
	}
	if !inName && n.Kind != String || inName && n.NameEnd == 0 {
		return 0, 0
	}
	raw := m.Raw[at:stop]
	size := len(raw)
	if escaped {
		size = len(speltBytes(m.texts, m.escaped, speltKey(int32(i), inName)))
	}
	start = min(max(start, 0), size)
	end = min(max(end, start), size)
	c := cursor{raw: raw, plain: !escaped}
	from := c.seek(start, false)
	if start == end {
		return at + from, at + from
	}
	return at + from, at + c.seek(end, true)
}

// A cursor walks a string literal's inside, knowing both lengths.
type cursor struct {
	raw      []byte
	plain    bool // without escapes
	pos, len int  // the place in raw, and how many decoded bytes are before it
}

// seek returns the place in raw of decoded byte n, at or after those sought
// before: where it falls inside a character, of that one's beginning, or its end
// if up.
func (c *cursor) seek(n int, up bool) int {
	for c.len < n {
		run := len(c.raw) - c.pos
		if !c.plain {
			if at := bytes.IndexByte(c.raw[c.pos:], '\\'); at >= 0 {
				run = at
			}
		}
		if c.len+run >= n {
			return c.within(n, up)
		}
		c.pos, c.len = c.pos+run, c.len+run
		r, width := unescape(c.raw[c.pos:])
		if c.len+utf8.RuneLen(r) > n {
			if up {
				return c.pos + width
			}
			return c.pos
		}
		c.pos, c.len = c.pos+width, c.len+utf8.RuneLen(r)
	}
	return c.pos
}

// within is seek for a place that is spelt as it is.
func (c *cursor) within(n int, up bool) int {
	at := c.pos + n - c.len
	for at > c.pos && at < len(c.raw) && !utf8.RuneStart(c.raw[at]) {
		if up {
			at++
		} else {
			at--
		}
	}
	return at
}

// Find returns the node at the member path below node i, or -1, which is also
// what it finds below -1. Find(m.Params, "arguments", "path") is
// params.arguments.path.
func (m *Message) Find(i int, names ...string) int {
	for _, name := range names {
		if i = m.member(i, name); i < 0 {
			return -1
		}
	}
	return i
}

// member returns the child of object i with that name, or -1.
func (m *Message) member(i int, name string) int {
	if i < 0 || m.Nodes[i].Kind != Object {
		return -1
	}
	for c, end := i+1, int(m.Nodes[i].Next); c < end; c = int(m.Nodes[c].Next) {
		if string(m.nameBytes(c)) == name {
			return c
		}
	}
	return -1
}

// element returns the child of array i with that index, or -1.
func (m *Message) element(i int, index int32) int {
	for c, end := i+1, int(m.Nodes[i].Next); c < end; c = int(m.Nodes[c].Next) {
		if m.Nodes[c].Index == index {
			return c
		}
	}
	return -1
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Pointer returns the RFC 6901 pointer of node i from the top of the message.
func (m *Message) Pointer(i int) string {
	var path [16]int
	nodes := path[:0]
	for ; m.Nodes[i].Parent >= 0; i = int(m.Nodes[i].Parent) {
		nodes = append(nodes, i)
	}
	var out []byte
	for k := len(nodes) - 1; k >= 0; k-- {
		out = append(out, '/')
		n := &m.Nodes[nodes[k]]
		if m.Nodes[n.Parent].Kind == Array {
			out = strconv.AppendInt(out, int64(n.Index), 10)
			continue
		}
		out = append(out, pointerEscaper.Replace(m.Name(nodes[k]))...)
	}
	return string(out)
}

// At returns the node at an RFC 6901 pointer, or -1.
func (m *Message) At(pointer string) int {
	if pointer == "" {
		return 0
	}
	steps, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return -1
	}
	i := 0
	for step := range strings.SplitSeq(steps, "/") {
		switch m.Nodes[i].Kind {
		case Object:
			if !validStep(step) {
				return -1
			}
			i = m.member(i, pointerUnescaper.Replace(step))
		case Array:
			index, err := strconv.ParseInt(step, 10, 32)
			if err != nil || strconv.FormatInt(index, 10) != step {
				return -1
			}
			i = m.element(i, int32(index))
		default:
			return -1
		}
		if i < 0 {
			return -1
		}
	}
	return i
}

// validStep reports whether each ~ begins ~0 or ~1.
func validStep(step string) bool {
	for {
		at := strings.IndexByte(step, '~')
		if at < 0 {
			return true
		}
		step = step[at+1:]
		if step == "" || step[0] != '0' && step[0] != '1' {
			return false
		}
	}
}

func (m *Message) textBytes(i int) []byte {
	if i < 0 || m.Nodes[i].Kind != String {
		return nil
	}
	n := &m.Nodes[i]
	if n.Escaped {
		return speltBytes(m.texts, m.escaped, speltKey(int32(i), false))
	}
	return m.Raw[n.Start+1 : n.End-1]
}

func (m *Message) nameBytes(i int) []byte {
	if i < 0 || m.Nodes[i].NameEnd == 0 {
		return nil
	}
	n := &m.Nodes[i]
	if n.NameEscaped {
		return speltBytes(m.texts, m.escaped, speltKey(int32(i), true))
	}
	return m.Raw[n.NameStart+1 : n.NameEnd-1]
}

func (m *Message) raw(i int) []byte { return m.Raw[m.Nodes[i].Start:m.Nodes[i].End] }

// view makes a string of b without copying it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
