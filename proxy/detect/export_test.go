package detect

import "regexp"

// Matches returns where the rules' patterns match in text, as [rule, start, end],
// by way of the prefilter or plainly, for the test that they are the same.
func Matches(text string, plainly bool) [][3]int {
	var out [][3]int
	if plainly {
		for i := range rules {
			for _, m := range regexp.MustCompile(rules[i].Pattern).FindAllStringIndex(text, -1) {
				out = append(out, [3]int{i, m[0], m[1]})
			}
		}
		return out
	}
	number := map[*Rule]int{}
	for i := range rules {
		number[&rules[i]] = i
	}
	var s search
	s.reset(theIndex(), text, All, AnyPlace)
	s.match = func(r *Rule, m []int, base int) {
		out = append(out, [3]int{number[r], base + m[0], base + m[1]})
	}
	s.run()
	return out
}

// Unindexed returns the kinds of the rules that have no literal to search for.
func Unindexed() []string {
	var kinds []string
	for _, i := range theIndex().always {
		kinds = append(kinds, rules[i].Kind)
	}
	return kinds
}

// Fill returns how full the prefilter's tables are, of 65,536.
func Fill() (four, three int) { return theIndex().popcount() }

func Rules() []Rule     { return rules }
func Parsers() []Parser { return parsers }
