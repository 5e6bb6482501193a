package detect

import "unicode/utf8"

// A search is the state of one pass over one view, kept in a pool. Windows of one
// rule are merged as they come, so that no byte is given to a rule's regular
// expression twice.
type search struct {
	x       *index
	scope   *scope
	text    string
	ascii   bool
	round   uint32
	states  []state
	touched []uint16
	spots   [][]int32 // by parser: where its literals stand, see View.each
	match   func(r *Rule, start, end int)
	// atStart is set if only matches at the start of the text are wanted; others may
	// be found as well.
	atStart bool
	// flooded are the families of which there are too many findings.
	flooded Set
	// spent, if set, is told how much text a rule's regular expression gets, or, for
	// no rule, a parser.
	spent func(r *Rule, bytes int)
}

// A state is how far a rule has come in the pass.
type state struct {
	round      uint32
	open       bool // [start,end) waits for the regular expression
	start, end int
	// The last hit's place and window, from which the next are bounded.
	lastAt, lastStart, lastEnd int
	// read is how many bytes the flanks of literals took, spared what windows that they
	// refused would have had.
	read, spared int
}

func (s *search) reset(x *index, v *View, want Set) {
	s.x, s.scope, s.text = x, x.scope(want, v.Of.Place), v.Text
	s.ascii = v.firstNonASCII() < 0
	s.round++
	if len(s.states) != len(x.plans) {
		s.states = make([]state, len(x.plans))
		s.spots = make([][]int32, len(x.parsers))
		s.round = 1
	}
	for i := range s.spots {
		s.spots[i] = s.spots[i][:0]
	}
	s.touched = s.touched[:0]
}

// run makes the pass.
func (s *search) run() {
	for _, i := range s.scope.always {
		s.verify(&s.x.plans[i], 0, len(s.text))
	}
	s.scope.scan(s.text, s.hit)
	for _, i := range s.touched {
		if st := &s.states[i]; st.open {
			s.verify(&s.x.plans[i], st.start, st.end)
		}
	}
}

// hit takes note of a word at a place.
func (s *search) hit(w *word, at int) {
	for _, u := range w.users {
		if !s.scope.asks(u) {
			continue
		}
		i := int(u)
		if i >= len(s.states) {
			i -= len(s.states)
			s.spots[i] = append(s.spots[i], int32(at))
			continue
		}
		p := &s.x.plans[i]
		if p.rule.Family&s.flooded != 0 {
			continue
		}
		if s.atStart && p.first.before.open == (byteSet{}) && at > s.most(p.first.before) || !p.first.fits(s.text, at, at+len(w.text)) {
			continue
		}
		st := &s.states[i]
		if st.round != s.round {
			*st = state{round: s.round, lastAt: -1}
			s.touched = append(s.touched, u)
		}
		if !s.refused(p, st, at) {
			s.widen(p, st, at, at+len(w.text))
		}
	}
}

// refused reports whether the flanks of a literal show that no match holds it. They
// aren't asked where that has cost more than it was good for.
func (s *search) refused(p *plan, st *state, at int) bool {
	if st.read > st.spared+farthest || st.read > len(s.text)+farthest {
		return false
	}
	refused, read := p.flanks.refuse(p.rule, s.text, at)
	if st.read += read + flankCost; refused {
		st.spared += s.most(p.first.before) + s.most(p.first.after)
	}
	if s.spent != nil {
		s.spent(p.rule, read)
	}
	return refused
}

// flankCost is what asking the flanks of a literal costs, in bytes of a window.
const flankCost = 16

// fits reports whether a literal of n at [at,end) stands as n wants it: as a word,
// and before what must follow.
func (n *need) fits(text string, at, end int) bool {
	if n.left && at > 0 && isWord(text[at-1]) || n.right && end < len(text) && isWord(text[end]) {
		return false
	}
	return n.followed(text, end)
}

// followed reports whether what must stand after the literal does, at i.
func (n *need) followed(text string, i int) bool {
	if n.run == 0 {
		return true
	}
	if i+n.run > len(text) {
		return false
	}
	for _, c := range []byte(text[i : i+n.run]) {
		if !n.class.has(c) {
			return false
		}
	}
	return true
}

// context is what a window holds beyond the longest match on either side, so that
// assertions at its ends see what stands there.
const context = utf8.UTFMax

// slack is how far hits may come out of order, and so how near two windows are
// taken as one.
const slack = 2 * maxLiteral

// widen adds the window around a literal at [at,end) to the rule's state.
func (s *search) widen(p *plan, st *state, at, end int) {
	start, stop := s.before(p, st, at), s.after(p, st, end)
	joins := st.open && start <= st.end+slack
	if at > st.lastAt {
		st.lastAt, st.lastStart = at, start
	}
	st.lastEnd = max(st.lastEnd, stop)
	if joins {
		st.start, st.end = min(st.start, start), max(st.end, stop)
		return
	}
	if st.open {
		s.verify(p, st.start, st.end)
	}
	st.open, st.start, st.end = true, start, stop
}

// most returns how many bytes outside of r.open r can take in this text.
func (s *search) most(r reach) int {
	if s.ascii {
		return r.chars
	}
	return r.bytes
}

// before returns how far left of at a match can begin.
func (s *search) before(p *plan, st *state, at int) int {
	r := p.first.before
	left := s.most(r) + context
	if r.open == (byteSet{}) {
		return s.align(at - left)
	}
	// What the last hit's walk found is good for what comes after it.
	known := st.lastAt >= 0 && at > st.lastAt
	for at > 0 {
		if known && at == st.lastAt {
			return st.lastStart
		}
		if !r.open.has(s.text[at-1]) {
			if left == 0 {
				break
			}
			left--
		}
		at--
	}
	return s.align(at)
}

// align moves i to the start of the character that it stands in.
func (s *search) align(i int) int {
	if i <= 0 {
		return 0
	}
	for k := 0; k < utf8.UTFMax-1 && i > 0 && !utf8.RuneStart(s.text[i]); k++ {
		i--
	}
	return i
}

// after returns how far right of end a match can reach.
func (s *search) after(p *plan, st *state, end int) int {
	r := p.first.after
	left := s.most(r) + context
	if r.open == (byteSet{}) {
		return min(len(s.text), end+left)
	}
	if st.lastAt >= 0 {
		end = max(end, st.lastEnd)
	}
	for end < len(s.text) {
		if !r.open.has(s.text[end]) {
			if left == 0 {
				break
			}
			left--
		}
		end++
	}
	return end
}

// verify runs the rule's regular expression over the window.
func (s *search) verify(p *plan, start, stop int) {
	if s.spent != nil {
		s.spent(p.rule, stop-start)
	}
	p.matcher.each(s.text[start:stop], func(from, to int) { s.match(p.rule, start+from, start+to) })
}
