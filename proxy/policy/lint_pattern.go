package policy

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// maxRegex is the size of a compiled regular expression, in RE2 instructions, from
// which on matching a long text is slow.
const maxRegex = 3000

// matcher looks at the patterns of one condition on values. allows is set where
// what holds lets a message pass.
func (l *linter) matcher(r *Rule, v *valueCond, allows bool) {
	m := &v.m
	for _, g := range m.globs {
		if !allows {
			l.glob(r, v, g)
		}
	}
	for _, re := range m.regexes {
		l.regex(r, v, re.Regexp(), allows)
	}
	l.names(r, v.pos, m.hosts)
	for _, d := range m.detectors {
		l.names(r, v.pos, d.kinds)
	}
	for _, list := range [][]string{m.equals, m.globs, regexTexts(m), folderTexts(m.under), folderTexts(m.notUnder), cidrTexts(m)} {
		for i, x := range list {
			if slices.Contains(list[:i], x) {
				l.warn(r, v.pos, LintRedundant, "%s: %q stands twice in one list", v.text, strings.TrimPrefix(x, "s:"))
			}
		}
	}
	l.nested(r, v, m.under)
	l.nested(r, v, m.notUnder)
	for i, c := range m.cidrs {
		for j, o := range m.cidrs {
			if i != j && o.Bits() < c.Bits() && o.Contains(c.Addr()) {
				l.warn(r, v.pos, LintRedundant, "%s: %s lies in %s", v.text, c, o)
			}
		}
	}
}

// nested looks for folders below others of the list.
func (l *linter) nested(r *Rule, v *valueCond, list []rootPath) {
	for _, a := range list {
		for _, b := range list {
			if strings.HasPrefix(a.text, strings.TrimSuffix(b.text, "/")+"/") && a.text != b.text {
				l.warn(r, v.pos, LintRedundant, "%s: %s lies in %s", v.text, a.text, b.text)
			}
		}
	}
}

// names looks for entries that others of the list cover.
func (l *linter) names(r *Rule, pos string, list names) {
	for i, g := range list {
		for j, o := range list {
			covered := i != j && g.not == o.not && globCovers(o.pattern, g.pattern)
			if covered && (g.pattern != o.pattern || j < i) {
				l.warn(r, pos, LintRedundant, "%q is covered by %q in the same list; remove it", g.pattern, o.pattern)
				break
			}
		}
	}
}

// glob looks for the * that stops at a slash: `*.pem` is no match for `a/b.pem`,
// and `*curl *` none for a command with a URL in it.
func (l *linter) glob(r *Rule, v *valueCond, g string) {
	if strings.ContainsAny(g, "/{[") || strings.Contains(g, "**") || !strings.Contains(g, "*") {
		return
	}
	fix := "**/" + g
	if strings.ContainsRune(g, ' ') {
		fix = "a regex"
	}
	l.warn(r, v.pos, LintGlobSegment, "%s: glob %q matches no value with a / in it, since * stops there; use %s", v.text, g, fix)
}

// hostDot is a name with an unescaped dot before what looks like a top-level domain.
var hostDot = regexp.MustCompile(`[A-Za-z0-9-]{2}\.(com|org|net|io|dev|app|ai|co|edu|gov|info|biz|me|cloud|internal|local|localhost|de|uk|eu|cn|ru|jp|fr)(\\?/|\)|\$|\||:|\\b|$)`)

// regex looks at one regular expression.
func (l *linter) regex(r *Rule, v *valueCond, re *regexp.Regexp, allows bool) {
	source := re.String()
	warn := func(code, format string) { l.warn(r, v.pos, code, v.text+": regex %q "+format, source) }
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return
	}
	if re.MatchString("") && re.MatchString("x\ny") && re.MatchString("\x00") {
		warn(LintRegexAll, "matches every text; say exists: true if that is meant")
		return
	}
	if prog, err := syntax.Compile(parsed.Simplify()); err == nil && len(prog.Inst) > maxRegex {
		warn(LintRegexLarge, "is huge once its repetitions are written out, and slow; lower the counts, or use min_length")
	}
	if m := hostDot.FindString(source); m != "" {
		warn(LintRegexDot, `has a dot that stands for any character in a host name; write \. or use host:`)
	}
	parts := flatten(parsed)
	first, last := parts[0], parts[len(parts)-1]
	anchored := (first.Op == syntax.OpBeginText) && (last.Op == syntax.OpEndText)
	switch {
	case allows && !anchored:
		warn(LintRegexAnchor, "allows whatever holds such a part; anchor it with ^ and $")
	case len(parts) > 1 && !allows && (anything(first) || anything(last)):
		warn(LintRegexPadding, "begins or ends with .*, which only makes redact and the reported place wider; drop it")
	}
}

// flatten returns the sequence that a regular expression is, groups opened.
func flatten(re *syntax.Regexp) []*syntax.Regexp {
	switch {
	case re.Op == syntax.OpCapture:
		return flatten(re.Sub[0])
	case re.Op == syntax.OpConcat && len(re.Sub) > 0:
		return re.Sub
	}
	return []*syntax.Regexp{re}
}

// anything reports .* and .+ in all their forms.
func anything(re *syntax.Regexp) bool {
	if re.Op != syntax.OpStar && re.Op != syntax.OpPlus {
		return false
	}
	return re.Sub[0].Op == syntax.OpAnyChar || re.Sub[0].Op == syntax.OpAnyCharNotNL
}
