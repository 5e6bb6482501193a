package detect

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Matches returns where the patterns of the rules for a place match in text, as
// [rule, start, end], by way of the prefilter or plainly, for the test that they
// are the same.
func Matches(text string, place Place, plainly bool) [][3]int {
	var out [][3]int
	if plainly {
		for i := range rules {
			if len(rules[i].Places) > 0 && !slices.Contains(rules[i].Places, place) {
				continue
			}
			for _, m := range theIndex().plans[i].matcher.regexp().FindAllStringSubmatchIndex(text, -1) {
				if g := 2 * rules[i].Group; m[g] >= 0 {
					out = append(out, [3]int{i, m[g], m[g+1]})
				}
			}
		}
		return out
	}
	number := map[*Rule]int{}
	for i := range rules {
		number[&rules[i]] = i
	}
	var s search
	s.reset(theIndex(), &View{Text: text, Of: &Text{Place: place}}, All)
	s.match = func(r *Rule, start, end int) {
		out = append(out, [3]int{number[r], start, end})
	}
	s.run()
	return out
}

// Unindexed returns the kinds of the rules that have no literal to search for.
func Unindexed() []string {
	var kinds []string
	for _, i := range theIndex().scope(All, anywhere).always {
		kinds = append(kinds, rules[i].Kind)
	}
	return kinds
}

// Fill returns how full the prefilter's tables are, of 65,536.
func Fill() (four, three int) { return theIndex().scope(All, anywhere).popcount() }

func Rules() []Rule     { return rules }
func Parsers() []Parser { return parsers }

// SpelledOut tells for each byte of a secret whether the kind's pattern leaves no
// choice for it. The frames of keys and the headers of JSON web tokens count too.
func SpelledOut(kind, secret string) []bool {
	kept := make([]bool, len(secret))
	switch kind {
	case "jwt":
		for i := range strings.IndexByte(secret, '.') + len(`.eyJzdWIiOi`) + 1 {
			kept[i] = true
		}
		return kept
	case "private-key":
		for i := range strings.Index(secret, "KEY") + len("KEY-----") {
			kept[i] = true
		}
		if end := strings.LastIndex(secret, "-----END"); end > 0 {
			for i := end; i < len(secret); i++ {
				kept[i] = true
			}
		}
		return kept
	}
	for i := range rules {
		if rules[i].Kind != kind {
			continue
		}
		re, err := syntax.Parse(rules[i].Pattern, syntax.Perl)
		if err != nil {
			continue
		}
		if rules[i].Group > 0 {
			re = capture(re, rules[i].Group)
		}
		a := aligner{text: secret, sets: make([]byteSet, len(secret))}
		if a.align(re, 0, func(i int) bool { return i == len(secret) }) {
			for i := range kept {
				var only byteSet
				only.add(secret[i], secret[i])
				kept[i] = a.sets[i] == byteSet{} || a.sets[i] == only
			}
		}
	}
	return kept
}

// Words returns the literals that the prefilter searches for.
func Words() []string {
	var words []string
	for _, w := range theIndex().scope(All, anywhere).words {
		words = append(words, w.text)
	}
	return words
}

// Verified returns how many bytes of text each rule's regular expression gets.
func Verified(text string) map[string]int {
	bytes := map[string]int{}
	var s search
	s.reset(theIndex(), &View{Text: text, Of: &Text{Place: Answer}}, All)
	s.match = func(*Rule, int, int) {}
	s.spent = func(r *Rule, n int) { bytes[r.Kind] += n }
	s.run()
	return bytes
}

// AutomatonMatches returns where a pattern's group stands in text by way of automata,
// and whether they did it all.
func AutomatonMatches(pattern string, group int, text string) (found [][2]int, alone bool) {
	m := matcher{pattern: pattern, group: group}
	m.each(text, func(start, end int) { found = append(found, [2]int{start, end}) })
	return found, m.re == nil
}

// Work returns how many bytes a Find in t gives to the passes over its views, to
// regular expressions and to parsers, and how many findings it sorts out.
func Work(t Text) int {
	n := 0
	w := works.Get().(*work)
	w.search.spent = func(_ *Rule, bytes int) { n += bytes }
	w.find(t, All)
	n += w.tree.bytes + len(t.Value) + len(w.found)
	w.search.spent = nil
	w.forget()
	works.Put(w)
	return n
}

// Primaries returns the literals by which a rule is searched for.
func Primaries(rule int) []string {
	var all []string
	for _, l := range theIndex().plans[rule].first.any {
		all = append(all, l.text)
	}
	return all
}

// Checksum is the checksum that tokens of GitHub and npm end with.
func Checksum(body string) string { return checksum(body) }

// WriteKinds returns the kinds of the family Writes.
func WriteKinds() []WriteKind { return writeKinds }

// PlainStartUp reports whether a start-up file's content is plain.
func PlainStartUp(path, content string) bool { return plainStartUp(path, content) }
