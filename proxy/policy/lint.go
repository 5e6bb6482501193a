package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Warning is something in a policy that loads, but hardly does what its author
// means.
type Warning struct {
	Pos  string `json:"pos"`            // file:line:col
	Rule string `json:"rule,omitempty"` // the rule's id, "" for the policy as a whole
	Code string `json:"code"`           // one of the Lint… words
	Text string `json:"text"`           // what is wrong, and the fix
	// Note is set where nothing is wrong but something is worth knowing.
	Note bool `json:"note,omitempty"`
}

// String returns pos: text [code].
func (w Warning) String() string { return fmt.Sprintf("%s: %s [%s]", w.Pos, w.Text, w.Code) }

// The codes of warnings.
const (
	LintUnreachable   = "unreachable"       // an earlier rule matches all that this one could
	LintNever         = "never-matches"     // the conditions contradict each other, or the protocol
	LintCatchAllAllow = "catch-all-allow"   // an allow without conditions above stricter rules
	LintRedundant     = "redundant"         // an entry of a list that another covers
	LintUnknownMethod = "unknown-method"    // a method that the protocol doesn't have
	LintRegexAnchor   = "regex-unanchored"  // an allow rule whose regex may match a part
	LintRegexPadding  = "regex-padding"     // .* around a pattern
	LintRegexDot      = "regex-dot"         // an unescaped dot in a host name
	LintRegexAll      = "regex-catch-all"   // a regex that every text matches
	LintRegexLarge    = "regex-large"       // huge repetitions
	LintGlobSegment   = "glob-segment"      // * where ** is meant
	LintLimitZero     = "limit-zero"        // a limit that the first call exceeds
	LintAllowLimit    = "allow-above-limit" // an allow rule that matches above its limit only
	LintRedactNothing = "redact-nothing"    // a redact rule that finds nothing to replace
	LintLabelUnset    = "label-unset"       // a label that is asked for and that no rule sets
	LintLabelUnused   = "label-unused"      // note: a label that is set and that no rule asks for
	LintNotRemembered = "never-remembered"  // a name that is asked for and that no rule remembers
	LintNotCarried    = "never-carried"     // note: a name that is remembered and that no rule asks for
	LintCarriesAllow  = "carries-allow"     // an allow for what only resembles what was seen
	LintCacheWrites   = "cache-any-tool"    // a cache on a rule that doesn't ask for tools that only read
	LintNoEffect      = "no-effect"         // a key that changes nothing
	LintAllowsAll     = "allows-everything" // default allow, and no rule that stops
	LintAsk           = "ask"               // note: where nobody can answer it denies
	LintUntested      = "untested"          // note: no test of the file matches the rule
)

// A linter collects the warnings of one policy.
type linter struct {
	p   *Policy
	out []Warning
}

func (l *linter) warn(r *Rule, pos, code, format string, args ...any) {
	w := Warning{Pos: pos, Code: code, Text: fmt.Sprintf(format, args...)}
	if r != nil {
		w.Rule = r.ID
	}
	w.Note = slices.Contains([]string{LintAsk, LintUntested, LintLabelUnused, LintNotCarried}, code)
	l.out = append(l.out, w)
}

// Lint looks for rules that hardly do what their author means. The warnings stand
// in the order of evaluation, those of the policy as a whole last. Lint is pure:
// the same policy gives the same warnings.
func (p *Policy) Lint() []Warning {
	l := &linter{p: p}
	tested := p.testedRules()
	for i, r := range p.Rules {
		l.rule(r)
		l.reach(i, r)
		if r.Action == Ask {
			l.warn(r, r.Pos, LintAsk, "rule %s asks: where nobody can answer, it denies", r.ID)
		}
		if r.File == p.Sources[0].Name && tested != nil && !tested[r.ID] {
			l.warn(r, r.Pos, LintUntested, "no test of this file matches rule %s", r.ID)
		}
	}
	l.planted()
	l.whole()
	slices.SortStableFunc(l.out, func(a, b Warning) int { return cmp.Compare(l.place(a), l.place(b)) })
	return l.out
}

// place is the index of a warning's rule.
func (l *linter) place(w Warning) int {
	i := slices.IndexFunc(l.p.Rules, func(r *Rule) bool { return r.ID == w.Rule })
	if i < 0 {
		return len(l.p.Rules)
	}
	return i
}

// reach looks for an earlier rule that takes all that r could match, and for an
// allow that leaves stricter rules below it little.
func (l *linter) reach(i int, r *Rule) {
	for _, earlier := range l.p.Rules[:i] {
		if earlier.covers(r) {
			l.warn(r, r.Pos, LintUnreachable, "rule %s is never reached: %s (%s) matches all that it could; move it up, or remove it", r.ID, earlier.ID, earlier.Pos)
			break
		}
	}
	if r.Action != Allow || r.limit != nil || !r.cond.openTo(l.p.Rules[i+1:]) {
		return
	}
	var below []string
	for _, later := range l.p.Rules[i+1:] {
		if later.Action != Allow && later.Action != Log && sharesDirection(r.cond, later.cond) {
			below = append(below, later.ID)
		}
	}
	if len(below) > 0 {
		l.warn(r, r.Pos, LintCatchAllAllow, "rule %s allows without a condition above %s (%s); move it below them", r.ID, plural(len(below), "stricter rule"), shortList(below))
	}
}

func shortList(list []string) string {
	if len(list) > 3 {
		return strings.Join(list[:3], ", ") + " …"
	}
	return strings.Join(list, ", ")
}

func sharesDirection(a, b *cond) bool {
	return a.direction == mcp.NoDir || b.direction == mcp.NoDir || a.direction == b.direction
}

// openTo reports whether c asks nothing but the direction, tools/call or a name
// that every name matches.
func (c *cond) openTo(later []*Rule) bool {
	if len(c.values)+len(c.hints)+len(c.schema)+len(c.states)+len(c.lacks)+len(c.memory)+len(c.all)+len(c.any) > 0 || c.when != nil || c.not != nil || len(later) == 0 {
		return false
	}
	for _, s := range c.scopes {
		every := slices.Contains(s.names, nameGlob{pattern: "*"})
		calls := s.field == scopeMethod && s.names.match(mcp.MethodToolsCall)
		if !every && !calls {
			return false
		}
	}
	return true
}

// whole looks at the policy as a whole.
func (l *linter) whole() {
	if l.p.Default != Allow {
		return
	}
	for _, r := range l.p.Rules {
		if r.Action != Allow && r.Action != Log {
			return
		}
	}
	l.warn(nil, l.p.Sources[0].Name+":1:1", LintAllowsAll, "the default is allow and no rule denies, asks or redacts: everything passes; add a rule, or `extends: default`")
}

// planted looks for canaries that no rule asks for, and for rules that ask in vain.
func (l *linter) planted() {
	if !l.p.canaries.empty() && !l.p.asksForCanaries() {
		l.warn(nil, l.p.Sources[0].Name+":1:1", LintNoEffect, "canaries are listed and no rule asks for them; add one with `text: {canary: true}`")
	}
	for _, r := range l.p.Rules {
		if l.p.canaries.empty() && r.cond.asksForCanaries() {
			l.warn(r, r.Pos, LintNever, "rule %s asks for canaries and the policy lists none; add `canaries: [...]`", r.ID)
		}
	}
}

// testedRules returns the rules that a test of the policy's own file matches, nil
// if it has no tests.
func (p *Policy) testedRules() map[string]bool {
	if len(p.tests) == 0 {
		return nil
	}
	matched := map[string]bool{}
	for _, t := range p.tests {
		s := NewSession(p)
		for _, f := range t.frames {
			for _, id := range s.Step(f).Verdict.Matched {
				matched[id] = true
			}
		}
	}
	return matched
}
