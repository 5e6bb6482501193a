package detect

import (
	"regexp/syntax"
	"sync"
)

// Flanks tell whether the text to both sides of a literal can be a match's: what a
// match holds up to the literal is read backward from it, and what it holds from
// there on forward. Where a common word happens to be a rule's literal, both end
// after a character or two, which spares the rule's window. What they let pass is
// still to be matched. They are made when first needed, and safe for concurrent use.
type flanks struct {
	mu            sync.Mutex
	made          bool
	behind, ahead *automaton // nil: let everything pass
	backFirst     bool       // what stands before is the shorter
}

// farthest is how many bytes a flank is read before it passes.
const farthest = 256

// refuse reports whether no match of the rule has its literal at a place in text, and
// how many bytes it read to say so.
func (f *flanks) refuse(r *Rule, text string, at int) (refused bool, read int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.made {
		f.make(r.Pattern)
	}
	for _, back := range [...]bool{f.backFirst, !f.backFirst} {
		a, fitting := &f.ahead, (*automaton).fitsAfter
		if back {
			a, fitting = &f.behind, (*automaton).fitsBefore
		}
		if *a == nil {
			continue
		}
		fits, n, ok := fitting(*a, text, at)
		if read += n; !ok {
			*a = nil
		} else if !fits {
			return true, read
		}
	}
	return false, read
}

// make compiles what the rule is searched for by. A pattern that goes beyond the
// bounds of programs stays without.
func (f *flanks) make(pattern string) {
	f.made = true
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return
	}
	n, ok := searchedFor(re)
	if !ok {
		return
	}
	f.backFirst = n.before.chars < n.after.chars
	if p := newProgram(n.behind, true); p != nil && shortestMatch(n.behind) > 0 {
		f.behind = newAutomaton(p)
	}
	if p := newProgram(n.ahead, false); p != nil {
		f.ahead = newAutomaton(p)
	}
}

// fitsAfter reports whether a match begins at a place, or may beyond what is looked at.
// ok is false if the automaton gives up.
func (a *automaton) fitsAfter(text string, at int) (fits bool, read int, ok bool) {
	row := a.begin(a.beside(text, at-1), false)
	for i := at; i-at < farthest; {
		c, width := a.end, 0
		if i < len(text) {
			c, width = a.classAt(text, i)
		}
		t := a.trans[row+c]
		if t == 0 {
			if t, ok = a.step(row/a.stride, c); !ok {
				return true, i - at, false
			}
		}
		a.bytes++
		if t&matchBit != 0 {
			return true, i - at, true
		}
		if row = int(t >> rowShift); row == deadRow || width == 0 {
			return false, i - at, true
		}
		i += width
	}
	return true, farthest, true
}

// fitsBefore reports whether a match ends at a place, or may so. a must be that of the
// reversed pattern.
func (a *automaton) fitsBefore(text string, at int) (fits bool, read int, ok bool) {
	row := a.begin(a.beside(text, at), false)
	for i := at; at-i < farthest; {
		c, width := a.end, 0
		if i > 0 {
			c, width = a.classBefore(text, i)
		}
		t := a.trans[row+c]
		if t == 0 {
			if t, ok = a.step(row/a.stride, c); !ok {
				return true, at - i, false
			}
		}
		a.bytes++
		if t&matchBit != 0 {
			return true, at - i, true
		}
		if row = int(t >> rowShift); row == deadRow || width == 0 {
			return false, at - i, true
		}
		i -= width
	}
	return true, farthest, true
}
