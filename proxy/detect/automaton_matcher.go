package detect

import (
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// A matcher finds what a regular expression of package regexp finds, by automata
// where they can. It compiles what it needs when it is first needed, and is safe
// for concurrent use.
type matcher struct {
	pattern string
	// group is the one submatch that is wanted, 0 for the match itself.
	group int

	compiled sync.Once
	re       *regexp.Regexp

	mu       sync.Mutex
	parsed   bool
	forward  *automaton // finds where a match ends, nil where package regexp does all
	backward *automaton // finds where it begins
}

func (m *matcher) regexp() *regexp.Regexp {
	m.compiled.Do(func() { m.re = regexp.MustCompile(m.pattern) })
	return m.re
}

// parse makes the automata. It must be called with m.mu held.
func (m *matcher) parse() {
	m.parsed = true
	re, err := syntax.Parse(m.pattern, syntax.Perl)
	if err != nil {
		panic("detect: " + m.pattern + ": " + err.Error())
	}
	if shortestMatch(re) == 0 {
		return // matches of nothing follow rules of their own
	}
	p, back := newProgram(re, false), newProgram(re, true)
	if p != nil && back != nil {
		m.forward, m.backward = newAutomaton(p), newAutomaton(back)
	}
}

// next returns the range of the leftmost match in text at or after from, -1 if there
// is none. ok is false if package regexp has to look for it.
func (m *matcher) next(text string, from int) (start, end int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.parsed {
		m.parse()
	}
	if m.forward == nil {
		return 0, 0, false
	}
	if a := m.forward; a.rest > 0 {
		a.rest -= len(text) - from
		return 0, 0, false
	}
	if end, ok = m.forward.find(text, from); !ok || end < 0 {
		return -1, -1, ok
	}
	start, ok = m.backward.findStart(text, from, end)
	return start, end, ok
}

// each calls found with the range of each match in text, and of its group, as
// FindAllSubmatchIndex gives them.
func (m *matcher) each(text string, found func(start, end int)) {
	for from := 0; from <= len(text); {
		start, end, ok := m.next(text, from)
		if !ok {
			m.rest(text, from, found)
			return
		}
		if end < 0 {
			return
		}
		if m.group == 0 {
			found(start, end)
		} else if s, e, ok := m.submatch(text, start, end); !ok {
			m.rest(text, from, found)
			return
		} else if s >= 0 {
			found(s, e)
		}
		from = end
	}
}

// rest leaves the matches from a place on to package regexp, which has to see the
// text before it as well.
func (m *matcher) rest(text string, from int, found func(start, end int)) {
	for _, at := range m.regexp().FindAllStringSubmatchIndex(text, -1) {
		if at[0] >= from && at[2*m.group] >= 0 {
			found(at[2*m.group], at[2*m.group+1])
		}
	}
}

// submatch returns where the group stands in the match text[start:end]. Package
// regexp is shown no more than the match and the characters beside it. ok is false
// if that makes it see another match.
func (m *matcher) submatch(text string, start, end int) (s, e int, ok bool) {
	_, before := utf8.DecodeLastRuneInString(text[:start])
	_, after := utf8.DecodeRuneInString(text[end:])
	low := start - before
	at := m.regexp().FindStringSubmatchIndex(text[low : end+after])
	if at == nil || low+at[0] != start || low+at[1] != end {
		return 0, 0, false
	}
	if at[2*m.group] < 0 {
		return -1, -1, true
	}
	return low + at[2*m.group], low + at[2*m.group+1], true
}

// FindStringIndex is as package regexp has it.
func (m *matcher) FindStringIndex(text string) []int {
	start, end, ok := m.next(text, 0)
	switch {
	case !ok:
		return m.regexp().FindStringIndex(text)
	case end < 0:
		return nil
	}
	return []int{start, end}
}

// MatchString is as package regexp has it.
func (m *matcher) MatchString(text string) bool {
	_, end, ok := m.next(text, 0)
	if !ok {
		return m.regexp().MatchString(text)
	}
	return end >= 0
}

// FindStringSubmatch is as package regexp has it.
func (m *matcher) FindStringSubmatch(text string) []string {
	if _, end, ok := m.next(text, 0); ok && end < 0 {
		return nil
	}
	return m.regexp().FindStringSubmatch(text)
}

// FindAllStringSubmatch is as package regexp has it.
func (m *matcher) FindAllStringSubmatch(text string, n int) [][]string {
	if _, end, ok := m.next(text, 0); ok && end < 0 {
		return nil
	}
	return m.regexp().FindAllStringSubmatch(text, n)
}

// shortestMatch returns how many characters re matches at least.
func shortestMatch(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortestMatch(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * shortestMatch(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n += shortestMatch(sub)
		}
		return n
	case syntax.OpAlternate:
		n := shortestMatch(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n = min(n, shortestMatch(sub))
		}
		return n
	}
	return 0
}
