package detect

import "regexp"

// A Pattern is a regular expression of a policy. What it overrides of package regexp
// finds the same, in a fraction of the time where a text is long. It is safe for
// concurrent use.
type Pattern struct {
	*regexp.Regexp
	matcher matcher
}

// NewPattern returns re as a Pattern.
func NewPattern(re *regexp.Regexp) *Pattern {
	p := &Pattern{Regexp: re}
	p.matcher.pattern = re.String()
	p.matcher.compiled.Do(func() { p.matcher.re = re })
	return p
}

// MatchString reports whether s holds a match.
func (p *Pattern) MatchString(s string) bool { return p.matcher.MatchString(s) }

// FindAllStringIndex returns the ranges of the first n matches in s, of all if n is
// negative.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.MatchString(s) {
		return nil
	}
	return p.Regexp.FindAllStringIndex(s, n)
}
