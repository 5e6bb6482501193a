package detect

import "sort"

// fewGraded is how many things of a text have their surroundings searched each. A
// text with more is searched as a whole, once, so that one that is nothing but
// such things is graded in linear time with little to do for each.
const fewGraded = 16

// A mark is a place where a phrase stands.
type mark struct {
	at     int
	phrase string
}

// A marked text is one whose phrases of some sets have been found.
type marked struct {
	graded int
	sets   [2]*phraseSet
	marks  [2][]mark
}

// around counts the places where phrases of the set, each other than the last, stand
// before start and after end, up to most.
func (v *View) around(set *phraseSet, start, end, most int) int {
	low, high := max(0, start-lookBehind), min(len(v.Text), end+lookAhead)
	if v.marked.graded++; v.marked.graded <= fewGraded {
		var buf [lookBehind + lookAhead]byte
		n := set.count(lowered(&buf, v.Text[low:start]), most)
		if n < most {
			n += set.count(lowered(&buf, v.Text[end:high]), most-n)
		}
		return n
	}
	marks := v.marked.of(set, v.Text)
	n := countMarks(marks, low, start, most)
	if n < most {
		n += countMarks(marks, end, high, most-n)
	}
	return n
}

// of returns the marks of a set in text.
func (m *marked) of(set *phraseSet, text string) []mark {
	for i := range m.sets {
		if m.sets[i] == nil {
			m.sets[i], m.marks[i] = set, set.marks(text)
		}
		if m.sets[i] == set {
			return m.marks[i]
		}
	}
	return set.marks(text)
}

// marks returns the places where phrases stand in text, in any ASCII case, in order.
func (s *phraseSet) marks(text string) []mark {
	s.once.Do(s.make)
	var found []mark
	for i := 0; i+1 < len(text); i++ {
		for _, p := range s.with(lowerByte(text[i]), lowerByte(text[i+1])) {
			if hasPrefixFold(text[i:], p) {
				found = append(found, mark{i, p})
			}
		}
	}
	return found
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// countMarks counts as count does in text[low:high] what of marks stands there.
func countMarks(marks []mark, low, high, most int) int {
	n, last, counted := 0, "", -1
	for i := sort.Search(len(marks), func(i int) bool { return marks[i].at >= low }); i < len(marks) && marks[i].at < high; i++ {
		m := &marks[i]
		if m.at == counted || m.phrase == last || m.at+len(m.phrase) > high {
			continue
		}
		if n++; n == most {
			return n
		}
		last, counted = m.phrase, m.at
	}
	return n
}
