package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// covers reports whether r ends the walk for every message that later matches. It
// is sure when it says so, and may miss some.
func (r *Rule) covers(later *Rule) bool {
	if r.Action == Log || r.limit != nil {
		return false
	}
	// An allow must hold under every reading of a value, other rules under any: a
	// condition on values implies its like only if it isn't asked more surely.
	return implied{surely: later.Action == Allow, wanted: r.Action == Allow}.cond(later.cond, r.cond)
}

// implied decides whether one condition follows from another.
type implied struct {
	surely bool // how the condition that is given is asked
	wanted bool // how the one that should follow is
}

// cond reports whether want holds for every message for which given does: as given
// stands, or with each of its alternatives.
func (i implied) cond(given, want *cond) bool {
	if i.direct(given, want) {
		return true
	}
	facts := given.facts(nil)
	for _, f := range facts {
		if len(f.any) > 0 && !slices.ContainsFunc(f.any, func(sub *cond) bool { return !i.cond(with(facts, sub), want) }) {
			return true
		}
	}
	return false
}

// with returns the facts without their alternatives, and one alternative.
func with(facts []*cond, sub *cond) *cond {
	var all []*cond
	for _, f := range facts {
		g := *f
		g.all, g.any = nil, nil
		all = append(all, &g)
	}
	return &cond{all: append(all, sub)}
}

// direct reports whether want follows from the facts alone.
func (i implied) direct(given, want *cond) bool {
	facts := given.facts(nil)
	if want.direction != mcp.NoDir && !slices.ContainsFunc(facts, func(c *cond) bool { return c.direction == want.direction }) {
		return false
	}
	for _, s := range want.scopes {
		if !slices.ContainsFunc(facts, func(c *cond) bool { return c.impliesScope(s) }) {
			return false
		}
	}
	for _, h := range want.hints {
		if !slices.ContainsFunc(facts, func(c *cond) bool { return slices.Contains(c.hints, h) }) {
			return false
		}
	}
	if len(want.schema) > 0 && !slices.ContainsFunc(facts, func(c *cond) bool { return len(c.schema) > 0 && subset(c.schema, want.schema) }) {
		return false
	}
	// A list of tools may be in several states at once.
	if len(want.states) > 0 && (i.wanted && !i.surely || !slices.ContainsFunc(facts, func(c *cond) bool { return len(c.states) > 0 && subset(c.states, want.states) })) {
		return false
	}
	if len(want.lacks) > 0 && !slices.ContainsFunc(facts, func(c *cond) bool { return len(c.lacks) > 0 && subset(c.lacks, want.lacks) }) {
		return false
	}
	if want.when != nil && !(i.surely == i.wanted && slices.ContainsFunc(facts, func(c *cond) bool { return c.when != nil && c.when.source == want.when.source })) {
		return false
	}
	for k := range want.memory {
		if !slices.ContainsFunc(facts, func(c *cond) bool { return c.recalls(want.memory[k].text) }) {
			return false
		}
	}
	for _, v := range want.values {
		if i.wanted && !i.surely || !slices.ContainsFunc(facts, func(c *cond) bool { return c.impliesValue(v, i.wanted) }) {
			return false
		}
	}
	for _, sub := range want.all {
		if !i.cond(given, sub) {
			return false
		}
	}
	if len(want.any) > 0 && !slices.ContainsFunc(want.any, func(sub *cond) bool { return i.cond(given, sub) }) {
		return false
	}
	return i.negation(facts, want)
}

// negation asks for the very same not.
func (i implied) negation(facts []*cond, want *cond) bool {
	if want.not == nil {
		return true
	}
	return i.surely == i.wanted && slices.ContainsFunc(facts, func(c *cond) bool { return c.not != nil && c.not.key() == want.not.key() })
}

// facts returns c and all that stands in its `all`, which hold whenever c does.
func (c *cond) facts(dst []*cond) []*cond {
	dst = append(dst, c)
	for _, sub := range c.all {
		dst = sub.facts(dst)
	}
	return dst
}

// impliesScope reports whether the scopes of c leave only names that want holds.
func (c *cond) impliesScope(want scope) bool {
	if want.names.all() {
		return true
	}
	for _, s := range c.scopes {
		if s.field == want.field && s.names.within(want.names) {
			return true
		}
		// A tool has a name in calls of tools and their answers only.
		if want.field == scopeMethod && s.field == scopeTool && !s.names.match("") && want.names.match(mcp.MethodToolsCall) {
			return true
		}
	}
	return false
}

// all reports whether every name matches.
func (l names) all() bool {
	return !slices.ContainsFunc(l, func(g nameGlob) bool { return g.not }) &&
		(len(l) == 0 || slices.ContainsFunc(l, func(g nameGlob) bool { return strings.Trim(g.pattern, "*") == "" && g.pattern != "" }))
}

// within reports whether every name that l holds is held by outer.
func (l names) within(outer names) bool {
	for _, n := range outer {
		if n.not && !l.excludes(n.pattern) {
			return false
		}
	}
	if !slices.ContainsFunc(outer, func(g nameGlob) bool { return !g.not }) {
		return true
	}
	positive := false
	for _, g := range l {
		if g.not {
			continue
		}
		positive = true
		if !slices.ContainsFunc(outer, func(o nameGlob) bool { return !o.not && globCovers(o.pattern, g.pattern) }) {
			return false
		}
	}
	return positive
}

// excludes reports whether l holds no name that the pattern matches, as far as one
// can see: by a negative of its own, or since all its names are plain and others.
func (l names) excludes(pattern string) bool {
	plain := false
	for _, g := range l {
		if g.not {
			if globCovers(g.pattern, pattern) {
				return true
			}
			continue
		}
		plain = true
		if strings.ContainsAny(g.pattern, "*?") || globName(pattern, g.pattern) {
			return false
		}
	}
	return plain
}

// globCovers reports whether outer matches every name that inner does. It reads
// inner's wildcards as bytes that only a `*` of outer (or, for ?, a ?) can take.
func globCovers(outer, inner string) bool {
	o, i, star, mark := 0, 0, -1, 0
	for i < len(inner) {
		switch {
		case o < len(outer) && outer[o] == '*':
			star, mark = o, i
			o++
		case o < len(outer) && (outer[o] == inner[i] || outer[o] == '?' && inner[i] != '*'):
			o++
			i++
		case star >= 0:
			mark++
			o, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(outer[o:], "*") == ""
}

// impliesValue reports whether a condition on values of c implies want, which all
// values must meet if surely is set.
func (c *cond) impliesValue(want valueCond, surely bool) bool {
	for _, v := range c.values {
		same := v.root == want.root && v.sel.text == want.sel.text
		// Every value includes those of any path; words joined to a command line,
		// which only detectors see, belong to the path alone.
		wider := v.root == want.root && want.sel.text == "**" && !surely && len(v.m.detectors)+len(want.m.detectors) == 0 &&
			v.m.exists == nil && want.m.exists == nil
		if (same || wider) && v.m.within(&want.m) {
			return true
		}
	}
	return false
}

// within reports whether every value that m holds for is one that outer holds for.
func (m *matcher) within(outer *matcher) bool {
	if m.onlyScalar() != outer.onlyScalar() || boolText(m.exists) != boolText(outer.exists) {
		return false
	}
	lists := narrower(m.equals, outer.equals) && narrower(m.globs, outer.globs) &&
		narrower(regexTexts(m), regexTexts(outer)) && narrower(folderTexts(m.under), folderTexts(outer.under)) &&
		narrowerHosts(m, outer)
	if !lists || outer.canary && !m.canary {
		return false
	}
	// Below none of several folders is more than below none of one.
	if len(outer.notUnder) > 0 && !subset(folderTexts(outer.notUnder), folderTexts(m.notUnder)) {
		return false
	}
	bounds := atLeast(m.min, outer.min) && atLeast(negative(m.max), negative(outer.max)) &&
		m.minLength >= outer.minLength && (outer.maxLength < 0 || m.maxLength >= 0 && m.maxLength <= outer.maxLength)
	if !bounds {
		return false
	}
	for _, want := range outer.detectors {
		if !slices.ContainsFunc(m.detectors, func(d detectorCond) bool {
			return d.family == want.family && d.least >= want.least && (want.kinds.all() || len(d.kinds) > 0 && d.kinds.within(want.kinds))
		}) {
			return false
		}
	}
	return true
}

// narrower reports whether the alternatives in a are among those in b; no
// alternatives at all means no such operator.
func narrower(a, b []string) bool { return len(b) == 0 || len(a) > 0 && subset(a, b) }

// narrowerHosts is narrower for host and cidr, of which either may hold.
func narrowerHosts(a, b *matcher) bool {
	if len(b.hosts)+len(b.cidrs) == 0 {
		return true
	}
	hosts := len(a.hosts) == 0 || len(b.hosts) > 0 && a.hosts.within(b.hosts)
	return len(a.hosts)+len(a.cidrs) > 0 && hosts && subset(cidrTexts(a), cidrTexts(b))
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

func boolText(b *bool) string {
	if b == nil {
		return ""
	}
	return fmt.Sprint(*b)
}

func atLeast(a, b *float64) bool { return b == nil || a != nil && *a >= *b }

func negative(f *float64) *float64 {
	if f == nil {
		return nil
	}
	n := -*f
	return &n
}

func regexTexts(m *matcher) (out []string) {
	for _, re := range m.regexes {
		out = append(out, re.String())
	}
	return out
}

func folderTexts(list []rootPath) (out []string) {
	for _, f := range list {
		out = append(out, f.text)
	}
	return out
}

func cidrTexts(m *matcher) (out []string) {
	for _, c := range m.cidrs {
		out = append(out, c.String())
	}
	return out
}

// key writes a condition so that equal conditions, wherever they stand, are equal
// texts.
func (c *cond) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{%s %v %q %q %q", c.direction, c.hints, c.schema, c.states, c.lacks)
	for _, s := range c.scopes {
		fmt.Fprintf(&b, " %d%q", s.field, s.text)
	}
	for i := range c.values {
		v := &c.values[i]
		fmt.Fprintf(&b, " %d %q %s", v.root, v.sel.text, v.m.key())
	}
	if c.when != nil {
		fmt.Fprintf(&b, " when %q", c.when.source)
	}
	for i := range c.memory {
		fmt.Fprintf(&b, " %q", c.memory[i].text)
	}
	for _, sub := range c.all {
		b.WriteString(" all" + sub.key())
	}
	for _, sub := range c.any {
		b.WriteString(" any" + sub.key())
	}
	if c.not != nil {
		b.WriteString(" not" + c.not.key())
	}
	return b.String() + "}"
}

func (m *matcher) key() string {
	return fmt.Sprintf("%q %q %q %q %q %v %q", m.equals, folderTexts(m.under), folderTexts(m.notUnder), m.describe(), cidrTexts(m), m.hosts, fmt.Sprint(m.detectors))
}
