package detect_test

import (
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rulewind/rulewind/proxy/detect"
)

// TestAutomataFindWhatRegexpFinds holds automata against package regexp, over
// patterns that differ in what they prefer and what they look at beside a match.
func TestAutomataFindWhatRegexpFinds(t *testing.T) {
	texts := []string{
		"", "a", "aaa", "abcabcab", "xaby", "ab ab\nab", "a\nb\n", "foo foobar barfoo", "Straße K ſ ﬁ é\xff\xfea\xe4\xb8", "日本語ab日本", "key=abc; key=", "aXbXc", " _a-b_ ",
		"1234-5678 90", "\n\nab", "ab", "abb abbb b", "ſ ſ sS kK\u212a",
	}
	for _, pattern := range []string{
		`a`, `ab|a`, `a|ab`, `a+?b`, `a+b??`, `(?:a|ab)(?:c|bcd)?`, `\bab\b`, `\Bb`, `(?m)^ab$`, `^ab`, `b$`, `(?m)b$`, `\Aa`, `b\z`, `(?i)k`, `(?i)straße`, `[^\n]{2,3}`, `[^\n]{2,3}?`,
		`key=(\w*)`, `(a)|b`, `X(.)X?`, `\pL+`, `(?s).b`, `.b`, `\d{2,4}-?`, `(?:a|b)*c`, `a{2}`, `foo(?:bar)?\b`, `[^a]b`, `\xff?a`, `b*a`, `(?:)ab(?:)`, `a*`,
	} {
		for _, text := range texts {
			sameMatches(t, pattern, text)
		}
	}
}

// TestRulesFindWhatRegexpFinds does so for the rules' own patterns, on texts made
// of their words and examples.
func TestRulesFindWhatRegexpFinds(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	words := detect.Words()
	for _, rule := range detect.Rules() {
		words = append(words, rule.Match...)
		words = append(words, rule.NoMatch...)
	}
	parts := []string{" ", "\n", "=", ": \"", "\"", "", "é", "\xff", " the user ", " to ", "0123456789abcdef", "-"}
	for _, rule := range detect.Rules() {
		own := slices.Concat(rule.Match, rule.NoMatch)
		for range 3 {
			var b strings.Builder
			for b.Len() < 600 {
				if len(own) > 0 && r.Intn(3) == 0 {
					b.WriteString(own[r.Intn(len(own))])
				} else {
					b.WriteString(words[r.Intn(len(words))])
				}
				b.WriteString(parts[r.Intn(len(parts))])
			}
			sameMatches(t, rule.Pattern, b.String())
		}
	}
}

// TestRulesRunOnAutomata keeps patterns within what automata can do: no rule whose
// whole match is wanted needs package regexp.
func TestRulesRunOnAutomata(t *testing.T) {
	for _, rule := range detect.Rules() {
		for _, text := range slices.Concat(rule.Match, rule.NoMatch) {
			if _, alone := detect.AutomatonMatches(rule.Pattern, 0, text); !alone {
				t.Errorf("%s: package regexp had to look at %q", rule.Kind, text)
			}
		}
	}
}

func TestPatternsFindWhatRegexpFinds(t *testing.T) {
	for _, pattern := range []string{`^a+$`, `^(a|b)c?`, `a*`, `(?m)^a`, `(?i)\beval\b[^\n]{0,9}\(`, `$`, `^[^\n]{0,30}\.sh$`, `\Ab|a`} {
		re := regexp.MustCompile(pattern)
		p := mustPattern(t, pattern)
		for _, text := range []string{"", "a", "aaa", "ba", "bc ac", "b\na", "run EVAL (x) or eval it", "x.sh", "x.sh\n", "é.sh", "\xff.sh"} {
			if got, want := p.MatchString(text), re.MatchString(text); got != want {
				t.Errorf("%s in %q: %v, package regexp says %v", pattern, text, got, want)
			}
			if d := gocmp.Diff(re.FindAllStringIndex(text, -1), p.FindAllStringIndex(text, -1)); d != "" {
				t.Errorf("%s in %q (-regexp +pattern):\n%s", pattern, text, d)
			}
		}
	}
}

func sameMatches(t *testing.T, pattern, text string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for group := range re.NumSubexp() + 1 {
		var want [][2]int
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			if m[2*group] >= 0 {
				want = append(want, [2]int{m[2*group], m[2*group+1]})
			}
		}
		got, _ := detect.AutomatonMatches(pattern, group, text)
		if !slices.Equal(got, want) {
			t.Errorf("%s, group %d, in %q: got %v, package regexp has %v", pattern, group, text, got, want)
		}
	}
}

func FuzzAutomaton(f *testing.F) {
	for _, rule := range detect.Rules() {
		for _, m := range rule.Match {
			f.Add(rule.Pattern, m)
		}
	}
	f.Add(`(?i)a\b|b+?$`, "ab\n")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if _, err := regexp.Compile(pattern); err != nil || len(pattern) > 200 || len(text) > 1000 {
			t.Skip()
		}
		sameMatches(t, pattern, text)
	})
}

func mustPattern(t *testing.T, expr string) *detect.Pattern {
	t.Helper()
	p, err := detect.NewPattern(expr)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
