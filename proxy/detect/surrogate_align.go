package detect

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// capture returns the group with a number in re, nil if there is none.
func capture(re *syntax.Regexp, n int) *syntax.Regexp {
	if re.Op == syntax.OpCapture && re.Cap == n {
		return re.Sub[0]
	}
	for _, sub := range re.Sub {
		if c := capture(sub, n); c != nil {
			return c
		}
	}
	return nil
}

// An aligner finds which part of a pattern each byte of a text matches: sets holds
// for each byte what may stand in its place, the empty set for literals.
type aligner struct {
	text  string
	sets  []byteSet
	steps int
}

// maxSteps bounds the search; patterns of tokens need hardly more steps than the
// token has bytes.
const maxSteps = 1 << 20

// align matches re at i and goes on with next, as a backtracking matcher does.
func (a *aligner) align(re *syntax.Regexp, i int, next func(int) bool) bool {
	if a.steps++; a.steps > maxSteps {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		s := string(re.Rune)
		end := i + len(s)
		if end > len(a.text) || a.text[i:end] != s && (re.Flags&syntax.FoldCase == 0 || !strings.EqualFold(a.text[i:end], s)) {
			return false
		}
		for k := i; k < end; k++ {
			a.sets[k] = byteSet{}
		}
		return next(end)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		n := a.one(re, i)
		return n > 0 && next(i+n)
	case syntax.OpCapture:
		return a.align(re.Sub[0], i, next)
	case syntax.OpConcat:
		return a.concat(re.Sub, i, next)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if a.align(sub, i, next) {
				return true
			}
		}
		return false
	case syntax.OpQuest:
		return a.repeat(re.Sub[0], 0, 1, i, next)
	case syntax.OpStar:
		return a.repeat(re.Sub[0], 0, -1, i, next)
	case syntax.OpPlus:
		return a.repeat(re.Sub[0], 1, -1, i, next)
	case syntax.OpRepeat:
		return a.repeat(re.Sub[0], re.Min, re.Max, i, next)
	}
	return next(i) // empty-width: the pattern itself judges
}

func (a *aligner) concat(subs []*syntax.Regexp, i int, next func(int) bool) bool {
	if len(subs) == 0 {
		return next(i)
	}
	return a.align(subs[0], i, func(k int) bool { return a.concat(subs[1:], k, next) })
}

// one matches a single character and notes its set.
func (a *aligner) one(re *syntax.Regexp, i int) int {
	if i >= len(a.text) {
		return 0
	}
	r, n := utf8.DecodeRuneInString(a.text[i:])
	if re.Op == syntax.OpCharClass && !inClass(re.Rune, r) || re.Op == syntax.OpAnyCharNotNL && r == '\n' {
		return 0
	}
	set := bytesOf(re)
	for k := i; k < i+n; k++ {
		a.sets[k] = set
	}
	return n
}

func inClass(ranges []rune, r rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] <= r && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

// repeat matches sub from least to most times, greedily; most < 0 is no bound.
func (a *aligner) repeat(sub *syntax.Regexp, least, most, i int, next func(int) bool) bool {
	if c := sub; c.Op == syntax.OpCharClass || c.Op == syntax.OpAnyChar || c.Op == syntax.OpAnyCharNotNL {
		ends := []int{i}
		for most < 0 || len(ends) <= most {
			n := a.one(c, ends[len(ends)-1])
			if n == 0 {
				break
			}
			ends = append(ends, ends[len(ends)-1]+n)
		}
		for k := len(ends) - 1; k >= least; k-- {
			if next(ends[k]) {
				// What a failed longer try noted is noted again by who took it.
				return true
			}
		}
		return false
	}
	if most != 0 && a.align(sub, i, func(k int) bool {
		return k > i && a.repeat(sub, max(least-1, 0), most-1, k, next)
	}) {
		return true
	}
	return least == 0 && next(i)
}
