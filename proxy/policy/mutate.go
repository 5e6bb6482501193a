package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Mutant is a policy with one thing changed, to find out whether any case would
// notice.
type Mutant struct {
	// ID names the mutant: its kind, the rule, and where the policy would change.
	ID string
	// Kind is delete-rule, allow-instead, widen-allow, drop-condition, drop-entry, double-limit,
	// disable-detector, allow-by-default, no-labels, no-remember, no-cache
	// or swap-rules.
	Kind string
	// Rule is the id of the rule that was changed, "" for the default and detectors.
	Rule string
	Pos  string
	// Text says what was changed.
	Text   string
	Policy *Policy

	// before is the policy, and needs when an event under it can come out otherwise.
	before *Policy
	needs  need
	family detect.Set // of needFinding
	// changed is the rule if nothing but its conditions are.
	changed *Rule
}

// A need is what an event must show for a mutant to differ.
type need uint8

const (
	needReached need = iota // the walk came to the rule
	needMatched             // the rule matched
	needDefault             // the default decided
	needFinding             // a finding of the family made a rule match
)

// Mutants returns p's mutants, in the order of its rules. Rules that only log, and leave nothing in memory, have
// none.
func (p *Policy) Mutants() []Mutant {
	x := mutator{before: p}
	for i := range p.Rules {
		x.rule(i)
	}
	for i, name := range detect.Names {
		x.detector(detect.Set(1<<i), name)
	}
	if p.Default != Allow {
		x.add(Mutant{Kind: "allow-by-default", Pos: p.Sources[0].Name, Text: "default: " + p.Default.String() + " becomes allow", needs: needDefault},
			func(c *Policy) { c.Default = Allow })
	}
	return x.out
}

// Matters reports whether the mutant can judge the message of an event otherwise
// than the policy that it comes from did, given that it judged those before alike.
func (m *Mutant) Matters(e *Event) bool {
	v := &e.Verdict
	switch m.needs {
	case needMatched:
		return slices.Contains(v.Matched, m.Rule)
	case needDefault:
		return v.Rule == "default"
	case needFinding:
		return slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Detector == m.family.String() })
	}
	for _, r := range m.before.byDir[e.Subject.Dir] {
		if r.ID == m.Rule {
			return true
		}
		if r.ID == v.Rule {
			return false // decided before
		}
	}
	return false
}

type mutator struct {
	before *Policy
	out    []Mutant
}

// add makes a mutant by a change to a copy of the policy whose rules are copies.
func (x *mutator) add(m Mutant, change func(*Policy)) {
	c := *x.before
	c.Rules = make([]*Rule, len(x.before.Rules))
	for i, r := range x.before.Rules {
		copied := *r
		c.Rules[i] = &copied
	}
	c.reset()
	change(&c)
	c.finish()
	m.Policy, m.before = &c, x.before
	m.ID = m.Kind + "@" + m.Pos
	for n := 2; slices.ContainsFunc(x.out, func(o Mutant) bool { return o.ID == m.ID }); n++ {
		m.ID = fmt.Sprintf("%s@%s#%d", m.Kind, m.Pos, n)
	}
	x.out = append(x.out, m)
}

func (x *mutator) rule(i int) {
	r := x.before.Rules[i]
	if r.Action == Log && len(r.labels) == 0 && r.remember == nil {
		return // it changes nothing that a case could assert
	}
	add := func(kind, pos, text string, needs need, change func(*Policy)) {
		x.add(Mutant{Kind: kind, Rule: r.ID, Pos: pos, Text: text, needs: needs}, change)
	}
	add("delete-rule", r.Pos, "the rule is gone", needMatched, func(c *Policy) { c.Rules = slices.Delete(c.Rules, i, i+1) })
	if r.Action == Deny || r.Action == Ask || r.Action == Redact {
		add("allow-instead", r.Pos, r.Action.String()+" becomes allow", needMatched, func(c *Policy) { c.Rules[i].Action = Allow })
	}
	if r.limit != nil {
		l, text := r.limit.doubled()
		add("double-limit", r.Pos, text, needMatched, func(c *Policy) { c.Rules[i].limit = l })
	}
	if len(r.labels) > 0 {
		add("no-labels", r.Pos, "it sets no labels", needMatched, func(c *Policy) { c.Rules[i].labels = nil })
	}
	if r.cache > 0 {
		add("no-cache", r.Pos, "it keeps no answers", needMatched, func(c *Policy) { c.Rules[i].cache = 0 })
	}
	if r.remember != nil {
		add("no-remember", r.Pos, "it remembers nothing", needMatched, func(c *Policy) { c.Rules[i].remember = nil })
	}
	list := variants(r.cond, false)
	if wider := widened(r.cond); wider != nil && r.Action == Allow {
		list = append(list, variant{"widen-allow", r.Pos, "names may go on after what is allowed", needReached, wider})
	}
	for _, v := range list {
		add(v.kind, v.pos, v.text, v.needs, func(c *Policy) { c.Rules[i].cond = v.cond })
		m := &x.out[len(x.out)-1]
		m.changed = m.Policy.Rules[i]
	}
	if i+1 < len(x.before.Rules) && x.before.Rules[i+1].Action != r.Action && r.meets(x.before.Rules[i+1]) {
		next := x.before.Rules[i+1].ID
		add("swap-rules", r.Pos, "it stands behind "+next, needMatched, func(c *Policy) {
			c.Rules[i], c.Rules[i+1] = c.Rules[i+1], c.Rules[i]
		})
	}
}

// meets reports whether a message can be for both rules, by its direction.
func (r *Rule) meets(o *Rule) bool {
	a, b := r.cond.direction, o.cond.direction
	return a == b || a == mcp.NoDir || b == mcp.NoDir
}

// doubled returns a limit of twice as much, and says so.
func (l *limit) doubled() (*limit, string) {
	d := *l
	if l.counts {
		d.calls = 2*d.calls + 1
		return &d, fmt.Sprintf("calls: %d becomes %d", l.calls, d.calls)
	}
	d.bytes, d.time = 2*d.bytes, 2*d.time
	return &d, "the budget is doubled"
}

// detector makes the mutant in which a family finds nothing.
func (x *mutator) detector(family detect.Set, name string) {
	asked, negated := false, false
	for _, r := range x.before.Rules {
		asked = asked || r.cond.families()&family != 0
		negated = negated || r.cond.negates(family)
	}
	if !asked || negated {
		return // a family that a rule wants absent has no simple mutant
	}
	x.add(Mutant{Kind: "disable-detector", Pos: name, Text: name + " finds nothing", needs: needFinding, family: family}, func(c *Policy) {
		for _, r := range c.Rules {
			r.cond = r.cond.blind(family)
		}
	})
}

// negates reports whether a condition on the family stands below a not.
func (c *cond) negates(family detect.Set) bool {
	if c.not != nil && c.not.families()&family != 0 {
		return true
	}
	for _, sub := range slices.Concat(c.all, c.any) {
		if sub.negates(family) {
			return true
		}
	}
	return c.not != nil && c.not.negates(family)
}

// never is above every score: what asks for it finds nothing.
const never = detect.High + 1

// blind returns a copy of c in which the family's detectors find nothing.
func (c *cond) blind(family detect.Set) *cond {
	out := *c
	out.values = slices.Clone(c.values)
	for i := range out.values {
		m := &out.values[i].m
		m.detectors = slices.Clone(m.detectors)
		for k := range m.detectors {
			if m.detectors[k].family == family {
				m.detectors[k].least = never
			}
		}
	}
	out.all, out.any = slices.Clone(c.all), slices.Clone(c.any)
	for _, list := range [][]*cond{out.all, out.any} {
		for i := range list {
			list[i] = list[i].blind(family)
		}
	}
	return &out
}

// widened returns a condition whose names of tools and methods also hold for longer
// ones; nil if there is no such name.
func widened(c *cond) *cond {
	out := *c
	out.scopes = slices.Clone(c.scopes)
	wider := false
	for i := range out.scopes {
		s := &out.scopes[i]
		if s.field != scopeTool && s.field != scopeMethod {
			continue
		}
		s.names = slices.Clone(s.names)
		for k := range s.names {
			if g := &s.names[k]; !g.not && !strings.HasSuffix(g.pattern, "*") {
				g.pattern += "*"
				wider = true
			}
		}
	}
	out.all, out.any = slices.Clone(c.all), slices.Clone(c.any)
	for _, list := range [][]*cond{out.all, out.any} {
		for i := range list {
			if w := widened(list[i]); w != nil {
				list[i], wider = w, true
			}
		}
	}
	if !wider {
		return nil
	}
	return &out
}

// A variant is a condition with one part gone.
type variant struct {
	kind, pos, text string
	needs           need
	cond            *cond
}

// variants returns the variants of c. negated says that c stands below a not, where
// what narrows it widens the rule.
func variants(c *cond, negated bool) (out []variant) {
	widens, narrows := needReached, needMatched
	if negated {
		narrows = needReached
	}
	add := func(kind, pos, text string, needs need, change func(*cond)) {
		copied := *c
		change(&copied)
		out = append(out, variant{kind, pos, text, needs, &copied})
	}
	for i, s := range c.scopes {
		add("drop-condition", s.pos, s.text, widens, func(n *cond) { n.scopes = without(c.scopes, i) })
		for k, g := range s.names {
			if len(s.names) > 1 {
				add("drop-entry", s.pos, fmt.Sprintf("%s without %q", scopeWords[s.field], g.pattern), needReached, func(n *cond) {
					n.scopes = slices.Clone(c.scopes)
					n.scopes[i].names = without(s.names, k)
				})
			}
		}
	}
	for i, v := range c.values {
		add("drop-condition", v.pos, v.text, widens, func(n *cond) { n.values = without(c.values, i) })
		for _, e := range entriesOf(&v.m) {
			add("drop-entry", v.pos, v.text+" without "+e.text, narrows, func(n *cond) {
				n.values = slices.Clone(c.values)
				e.drop(&n.values[i].m)
			})
		}
	}
	for i := range c.memory {
		add("drop-condition", c.memory[i].pos, c.memory[i].text, widens, func(n *cond) { n.memory = without(c.memory, i) })
		for k, a := range c.memory[i].after {
			if len(c.memory[i].after) > 1 {
				add("drop-entry", c.memory[i].pos, c.memory[i].text+" without "+a.String(), widens, func(n *cond) {
					n.memory = slices.Clone(c.memory)
					n.memory[i].after = without(c.memory[i].after, k)
				})
			}
		}
	}
	for i := range c.hints {
		add("drop-condition", c.pos, "a hint of the tool", widens, func(n *cond) { n.hints = without(c.hints, i) })
	}
	for i := range c.schema {
		add("drop-condition", c.pos, "schema", widens, func(n *cond) { n.schema = without(c.schema, i) })
	}
	if len(c.lacks) > 0 {
		add("drop-condition", c.pos, "lacks_scope", widens, func(n *cond) { n.lacks = nil })
	}
	if c.when != nil {
		add("drop-condition", c.pos, "when", widens, func(n *cond) { n.when = nil })
	}
	if c.not != nil {
		add("drop-condition", c.not.pos, "not", widens, func(n *cond) { n.not = nil })
		for _, v := range variants(c.not, !negated) {
			add(v.kind, v.pos, "not: "+v.text, v.needs, func(n *cond) { n.not = v.cond })
		}
	}
	return append(out, c.nested(negated)...)
}

// nested returns the variants of what stands in all and any.
func (c *cond) nested(negated bool) (out []variant) {
	narrows := needMatched
	if negated {
		narrows = needReached
	}
	put := func(list []*cond, i int, v *cond) []*cond {
		list = slices.Clone(list)
		list[i] = v
		return list
	}
	for i, sub := range c.all {
		copied := *c
		copied.all = without(c.all, i)
		out = append(out, variant{"drop-condition", sub.pos, "one of all", needReached, &copied})
		for _, v := range variants(sub, negated) {
			copied := *c
			copied.all = put(c.all, i, v.cond)
			v.cond = &copied
			out = append(out, v)
		}
	}
	for i, sub := range c.any {
		if len(c.any) > 1 {
			copied := *c
			copied.any = without(c.any, i)
			out = append(out, variant{"drop-entry", sub.pos, "one of any", narrows, &copied})
		}
		for _, v := range variants(sub, negated) {
			copied := *c
			copied.any = put(c.any, i, v.cond)
			v.cond = &copied
			out = append(out, v)
		}
	}
	return out
}

// without returns a copy of the list without its i-th element.
func without[T any](list []T, i int) []T {
	return append(slices.Clone(list[:i]), list[i+1:]...)
}

// An entry is one of several alternatives in a matcher.
type entry struct {
	text string
	drop func(*matcher)
}

func entriesOf(m *matcher) (out []entry) {
	add := func(n int, text func(i int) string, drop func(m *matcher, i int)) {
		for i := 0; i < n && n > 1; i++ {
			out = append(out, entry{text(i), func(m *matcher) { drop(m, i) }})
		}
	}
	add(len(m.equals), func(i int) string { return m.equals[i] }, func(m *matcher, i int) { m.equals = without(m.equals, i) })
	add(len(m.globs), func(i int) string { return m.globs[i] }, func(m *matcher, i int) { m.globs = without(m.globs, i) })
	add(len(m.regexes), func(i int) string { return m.regexes[i].String() }, func(m *matcher, i int) { m.regexes = without(m.regexes, i) })
	add(len(m.under), func(i int) string { return m.under[i].text }, func(m *matcher, i int) { m.under = without(m.under, i) })
	add(len(m.cidrs), func(i int) string { return m.cidrs[i].String() }, func(m *matcher, i int) { m.cidrs = without(m.cidrs, i) })
	return out
}
