package detect

import (
	"regexp"
	"regexp/syntax"
)

// A Pattern is a regular expression of a policy. It finds what package regexp finds, in
// a fraction of the time where a text is long, and is compiled when it is first needed:
// most patterns of a policy never are. It is safe for concurrent use.
type Pattern struct{ matcher matcher }

// NewPattern returns the Pattern of an expression; the error is that of regexp.Compile.
func NewPattern(expr string) (*Pattern, error) {
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil {
		return nil, err
	}
	return &Pattern{matcher: matcher{pattern: expr}}, nil
}

// String returns the expression.
func (p *Pattern) String() string { return p.matcher.pattern }

// Regexp returns the expression as package regexp has it.
func (p *Pattern) Regexp() *regexp.Regexp { return p.matcher.regexp() }

// MatchString reports whether s holds a match.
func (p *Pattern) MatchString(s string) bool { return p.matcher.MatchString(s) }

// FindAllStringIndex returns the ranges of the first n matches in s, of all if n is
// negative.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.MatchString(s) {
		return nil
	}
	return p.matcher.regexp().FindAllStringIndex(s, n)
}
