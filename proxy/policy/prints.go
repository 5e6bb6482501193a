package policy

import (
	"bytes"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Bounds of the memory of values, and what it is made of.
const (
	maxPrints   = 1 << 16 // of one name; the oldest leave
	maxTokens   = 4096    // of one text
	maxToken    = 256     // bytes
	maxReadText = 256 << 10
	leastToken  = 4
	defaultRun  = 16 // bytes that a value has in common, if a rule doesn't say

	gramSize    = 12
	gramWindow  = 5                               // of each so many neighbours one gram is kept
	runSlack    = 2 * (gramWindow - 1)            // that a run found can be shorter than the real one
	certainGram = gramSize + gramWindow - 1       // a run this long holds a gram that both sides keep
	dullGram    = 4                               // fewer different bytes say nothing: ------------
	gramBase    = uint64(0x9E37_79B9_7F4A_7C15)   // odd, and otherwise any
	printSeed   = uint64(0xCBF2_9CE4_8422_2325)   // FNV-1a's
	printPrime  = uint64(0x0000_0100_0000_01B3)   // FNV-1a's
	tokenMark   = byte('t')                       // in front of what is hashed as a whole
	secretMark  = byte('s')                       // in front of a secret
	separators  = " \t\r\n\"'`()[]{}<>,;|&=\x00$" // between tokens
)

// A printName is a name that values are remembered under.
type printName struct {
	name  string
	least int // the shortest token that a condition asks for; 0 if nothing asks
}

// prints returns the index of a name, made where there is none.
func (r *recall) print(name string) int {
	for i := range r.prints {
		if r.prints[i].name == name {
			return i
		}
	}
	r.prints = append(r.prints, printName{name: name})
	return len(r.prints) - 1
}

// A printSet remembers values by hashes: of overlapping grams of their text (so that a
// part is found again in other surroundings), of whole tokens where short ones are
// asked for, and of secrets, each as one. A secret is never looked into, and one that
// a recording only masks is left out: stand-ins show the same.
type printSet struct {
	has  map[uint64]struct{}
	ring []uint64
	next int // the oldest, once the ring is full
}

func (p *printSet) add(list []uint64) {
	if p.has == nil && len(list) > 0 {
		p.has = map[uint64]struct{}{}
	}
	for _, h := range list {
		if _, known := p.has[h]; known {
			continue
		}
		p.has[h] = struct{}{}
		if len(p.ring) < maxPrints {
			p.ring = append(p.ring, h)
			continue
		}
		delete(p.has, p.ring[p.next])
		p.ring[p.next] = h
		p.next = (p.next + 1) % maxPrints
	}
}

func (p *printSet) holds(h uint64) bool {
	_, ok := p.has[h]
	return ok
}

// A rememberSpec says which values of a message a rule remembers.
type rememberSpec struct {
	name  string
	index int // in recall.prints
	root  root
	paths []selector // nil: every text of the payload
}

// An impression is what a message leaves under a name.
type impression struct {
	index  int
	hashes []uint64
}

// impress takes the prints of what a rule remembers of the current message.
func (s *Session) impress(r *rememberSpec, m *mcp.Message) impression {
	out := impression{index: r.index}
	least := s.policy.recall.prints[r.index].least
	if least == 0 {
		return out // nothing asks for it
	}
	s.eachText(m, r.root, r.paths, func(t *text) bool {
		s.pieces(t, func(piece string, secret bool) bool {
			if secret {
				out.hashes = append(out.hashes, hashOf(secretMark, piece))
				return true
			}
			grams(normal(piece), func(_ int, h uint64) { out.hashes = append(out.hashes, h) })
			if least < certainGram {
				s.tokens(piece, least, func(token string) bool {
					out.hashes = append(out.hashes, hashOf(tokenMark, token))
					return true
				})
			}
			return true
		})
		return true
	})
	return out
}

// A carriesCond asks whether a message holds what was remembered.
type carriesCond struct {
	from  []int // in recall.prints
	min   int
	paths []selector // of arguments; nil: every text of the payload
}

// carries evaluates the condition: of any text, or of all if surely is set.
func (s *Session) carries(c *carriesCond, m *mcp.Message, surely bool) bool {
	looked, held := 0, surely
	s.eachText(m, rootArgs, c.paths, func(t *text) bool {
		looked++
		held = s.carried(c, t)
		return held == surely
	})
	return held && looked > 0
}

func (s *Session) carried(c *carriesCond, t *text) bool {
	found := false
	s.pieces(t, func(piece string, secret bool) bool {
		for _, i := range c.from {
			set := &s.memory.prints[i]
			switch {
			case len(set.ring) == 0:
			case secret:
				found = found || set.holds(hashOf(secretMark, piece))
			default:
				found = found || s.common(set, c.min, piece)
			}
		}
		return !found
	})
	return found
}

// common reports whether a text has a run of so many bytes in common with what is
// remembered: none that long is missed, one up to runSlack shorter may count.
func (s *Session) common(set *printSet, least int, piece string) bool {
	found := false
	need, first, last := max(gramSize, least-runSlack), 0, -gramWindow-1
	grams(normal(piece), func(at int, h uint64) {
		if found || !set.holds(h) {
			return
		}
		if at-last > gramWindow {
			first = at
		}
		last = at
		found = last+gramSize-first >= need
	})
	if !found && least < certainGram {
		s.tokens(piece, least, func(token string) bool {
			found = set.holds(hashOf(tokenMark, token))
			return !found
		})
	}
	return found
}

// eachText calls f for the texts below the paths, or for all of the payload.
func (s *Session) eachText(m *mcp.Message, at root, paths []selector, f func(*text) bool) {
	if paths == nil {
		r := s.now.reading
		for i := range r.texts {
			if r.texts[i].payload && !f(&r.texts[i]) {
				return
			}
		}
		from, to := payloadRange(m)
		for i := max(from, 0); i < to; i++ {
			if m.Nodes[i].Kind == mcp.Number && !f(numberText(m, i)) {
				return
			}
		}
		return
	}
	for _, sel := range paths {
		more := sel.each(m, s.rootNode(at), func(n int) bool {
			for i := n; i < int(m.Nodes[n].Next); i++ {
				switch m.Nodes[i].Kind {
				case mcp.String:
					if !f(s.textOf(m, i)) {
						return false
					}
				case mcp.Number:
					if !f(numberText(m, i)) {
						return false
					}
				}
			}
			return true
		})
		if !more {
			return
		}
	}
}

func numberText(m *mcp.Message, n int) *text {
	return &text{node: n, value: string(m.Raw[m.Nodes[n].Start:m.Nodes[n].End]), scanned: true}
}

// pieces calls f for each secret of a text, and for what stands between them: as it
// is, and decoded.
func (s *Session) pieces(t *text, f func(piece string, secret bool) bool) {
	at := 0
	plain := func(end int) bool {
		if end <= at {
			return true
		}
		piece := t.value[at:end]
		if !f(piece, false) {
			return false
		}
		if len(piece) > maxReadText || len(piece) < leastToken {
			return true
		}
		for _, r := range detect.Readings(piece) {
			if r != piece && !f(r, false) {
				return false
			}
		}
		return true
	}
	for _, span := range t.secrets() {
		if !plain(span.Start) || detect.HasSurrogate(span.Kind) && !f(t.value[span.Start:span.End], true) {
			return
		}
		at = span.End
	}
	plain(len(t.value))
}

// secrets are the places of a text's secrets, in order, without overlap.
func (t *text) secrets() []SecretSpan {
	var out []SecretSpan
	for _, f := range t.found {
		if f.Family == detect.Secrets && f.End > f.Start {
			out = append(out, SecretSpan{Start: f.Start, End: f.End, Kind: f.Kind})
		}
	}
	return mergeSpans(out)
}

// normal is a text without white space, in small letters, and without how addresses
// begin: what a copy may lose, and what says nothing.
func normal(s string) []byte {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ' ' || c == '+' || c >= '\t' && c <= '\r':
			continue // a plus is a space in forms
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		b = append(b, c)
		switch c {
		case '/':
			b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("https://")), []byte("http://"))
		case '.':
			b = bytes.TrimSuffix(b, []byte("www."))
		}
	}
	return b
}

// grams calls f for grams of b and where they begin: of each gramWindow neighbours the
// one with the least hash (winnowing: Schleimer, Wilkerson and Aiken 2003), so that
// two texts with a long enough run in common keep the same ones of it.
func grams(b []byte, f func(at int, hash uint64)) {
	if len(b) < gramSize {
		return
	}
	var counts [256]uint8
	different := 0
	lead := uint64(1) // of the byte that leaves
	for range gramSize - 1 {
		lead *= gramBase
	}
	var hash uint64
	var window [gramWindow]uint64
	last := -1
	for i, c := range b {
		if i >= gramSize {
			old := b[i-gramSize]
			hash -= uint64(old) * lead
			if counts[old]--; counts[old] == 0 {
				different--
			}
		}
		hash = hash*gramBase + uint64(c)
		if counts[c]++; counts[c] == 1 {
			different++
		}
		at := i - gramSize + 1
		if at < 0 {
			continue
		}
		window[at%gramWindow] = mixed(hash, different)
		if at < gramWindow-1 && i < len(b)-1 {
			continue
		}
		// The rightmost of the least, so that a run of equal ones isn't kept whole.
		least := at
		for k := at - 1; k > at-gramWindow && k >= 0; k-- {
			if window[k%gramWindow] < window[least%gramWindow] {
				least = k
			}
		}
		if h := window[least%gramWindow]; least != last && h != ^uint64(0) {
			last = least
			f(least, h)
		}
	}
}

// mixed spreads a hash; that of a dull gram is the greatest.
func mixed(h uint64, different int) uint64 {
	if different < dullGram {
		return ^uint64(0)
	}
	h ^= h >> 31
	h *= 0xBF58_476D_1CE4_E5B9
	return h ^ h>>29
}

func hashOf(mark byte, s string) uint64 {
	h := (printSeed ^ uint64(mark)) * printPrime
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * printPrime
	}
	return h
}

// tokens calls f for the words of a text in small letters, and for the places that
// they lead to if they are paths; and for the text as a whole.
func (s *Session) tokens(piece string, least int, f func(string) bool) {
	n := 0
	one := func(w string) bool {
		w = strings.TrimRight(strings.TrimSpace(w), ".,:!?")
		if n++; len(w) < least || len(w) > maxToken || n > maxTokens {
			return n <= maxTokens
		}
		if !f(strings.ToLower(w)) {
			return false
		}
		if strings.Contains(w, "://") || !strings.ContainsAny(w, `./\`) {
			return true
		}
		for _, p := range detect.CleanPaths(w, s.vars["HOME"], s.cwd()) {
			if !f(strings.ToLower(p)) {
				return false
			}
		}
		return true
	}
	if !one(piece) {
		return
	}
	for w := range strings.FieldsFuncSeq(piece, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if len(w) != len(piece) && !one(w) {
			return
		}
	}
}
