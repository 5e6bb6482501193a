package policy

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/mcp"
)

var (
	stateKeys     = []string{"after", "sequence", "class", "crosses", "carries"}
	cacheKeys     = []string{"ttl"}
	afterKeys     = []string{"label", "within", "times", "scope"}
	sequenceKeys  = []string{"labels", "within"}
	carriesKeys   = []string{"from", "min", "args"}
	rememberKeys  = []string{"as", "args", "result"}
	crossesKeys   = []string{"from", "to"}
	classKeys     = []string{"tools", "servers"}
	topLimitKeys  = append([]string{"id", "description", "action", "message", "severity", "refuse_as", "tool", "server", "method"}, limitKeys...)
	topLimitScope = []string{"tool", "server", "method"}
)

// state reads a condition on memory.
func (r *reader) state(m member, what string) stateCond {
	c := stateCond{key: m.key.Value, pos: r.pos(m.key), slot: r.recall.slots}
	r.recall.slots++
	switch m.key.Value {
	case "after":
		for i, item := range r.items(m.value, what) {
			c.after = append(c.after, r.after(item, fmt.Sprintf("%s[%d]", what, i)))
		}
		c.text = describeAfter(c.after)
	case "sequence":
		c.sequence, c.text = r.sequence(m.value, what)
	case "class":
		c.class = &classCond{of: r.classes(m.value, what)}
		c.text = "class " + r.recall.classNames(c.class.of)
	case "crosses":
		c.class = r.crosses(m.value, what)
		c.text = "crosses " + r.recall.classNames(c.class.from) + " to " + r.recall.classNames(c.class.of)
	}
	if m.key.Value == "carries" {
		c.carries, c.text = r.carries(m.value, what)
	}
	return c
}

// carries reads names, or a mapping of what is asked of them.
func (r *reader) carries(n *yaml.Node, what string) (*carriesCond, string) {
	c := &carriesCond{min: defaultRun}
	from, text := n, ""
	if n.Kind == yaml.MappingNode {
		from = nil
		for _, m := range r.mapping(n, what, carriesKeys) {
			path := what + "." + m.key.Value
			switch m.key.Value {
			case "from":
				from = m.value
			case "min":
				c.min = r.whole(m.value, path, leastToken)
				text += fmt.Sprintf(" min %d", c.min)
			case "args":
				c.paths = r.selectors(m.value, path)
				for _, p := range c.paths {
					text += " args." + p.text
				}
			}
		}
		if from == nil {
			r.problem(n, "%s: needs from, the name that a rule remembers values as", what)
			return c, ""
		}
	}
	var words []string
	for _, name := range r.labels(from, what) {
		i := r.recall.print(name)
		if p := &r.recall.prints[i]; p.least == 0 || p.least > c.min {
			p.least = c.min
		}
		c.from = append(c.from, i)
		words = append(words, name)
	}
	return c, "carries " + strings.Join(words, " | ") + text
}

func (r *reader) selectors(n *yaml.Node, what string) (out []selector) {
	for _, item := range r.items(n, what) {
		sel, err := parseSelector(r.text(item, what))
		if err != nil {
			r.problem(item, "%s: %v", what, err)
			continue
		}
		out = append(out, sel)
	}
	return out
}

// remember reads what a rule remembers.
func (r *reader) remember(n *yaml.Node, what string) *rememberSpec {
	spec := &rememberSpec{root: rootText}
	name := n
	if n.Kind == yaml.MappingNode {
		name = nil
		for _, m := range r.mapping(n, what, rememberKeys) {
			if m.key.Value == "as" {
				name = m.value
				continue
			}
			if spec.paths != nil {
				r.problem(m.key, "%s: args are of calls, result of answers; remember each by a rule of its own", what)
			}
			spec.root = root(slices.Index(rootWords[:], m.key.Value))
			spec.paths = r.selectors(m.value, what+"."+m.key.Value)
		}
		if name == nil {
			r.problem(n, "%s: needs as, a name for the values, such as {as: mail, result: \"**.text\"}", what)
			return spec
		}
	}
	spec.name = r.labelName(name, what)
	spec.index = r.recall.print(spec.name)
	return spec
}

// cache reads how long the answers to a rule's calls may be given again.
func (r *reader) cache(n *yaml.Node, what string) (ttl time.Duration) {
	for _, m := range r.mapping(n, what, cacheKeys) {
		if ttl = r.duration(m.value, what+".ttl"); ttl > maxCacheTime {
			r.problem(m.value, "%s.ttl: can be at most %s", what, maxCacheTime)
		}
	}
	if ttl == 0 && n.Kind == yaml.MappingNode {
		r.problem(n, "%s: needs ttl, such as {ttl: 60s}", what)
	}
	return ttl
}

// after reads a label, or a mapping of what is asked of it.
func (r *reader) after(n *yaml.Node, what string) afterEntry {
	a := afterEntry{times: 1}
	if n = r.follow(n); n.Kind == yaml.ScalarNode {
		a.label = r.labelName(n, what)
	} else {
		for _, m := range r.mapping(n, what, afterKeys) {
			path := what + "." + m.key.Value
			switch m.key.Value {
			case "label":
				a.label = r.labelName(m.value, path)
			case "within":
				a.within = r.duration(m.value, path)
			case "times":
				if a.times = r.whole(m.value, path, 1); a.times > maxTimes {
					r.problem(m.value, "%s: at most %d", path, maxTimes)
				}
			case "scope":
				a.scope = labelScope(max(slices.Index(labelScopes, r.word(m.value, path, labelScopes)), 0))
			}
		}
		if a.label == "" && n.Kind == yaml.MappingNode {
			r.problem(n, "%s: no label; name one that a rule sets, such as {label: reads-private, within: 5m}", what)
		}
	}
	a.watch = r.recall.watch(a.label, a.scope, min(max(a.times, 1), maxTimes))
	return a
}

func (r *reader) sequence(n *yaml.Node, what string) (*sequenceCond, string) {
	c := &sequenceCond{}
	list := n
	if n.Kind == yaml.MappingNode {
		list = nil
		for _, m := range r.mapping(n, what, sequenceKeys) {
			if m.key.Value == "labels" {
				list = m.value
			} else {
				c.within = r.duration(m.value, what+".within")
			}
		}
	}
	var labels []string
	if list != nil {
		labels = r.labels(list, what)
	}
	if len(labels) < 2 {
		r.problem(n, "%s: needs two labels or more, such as [reads-private, untrusted-content]; for one use after", what)
		labels = append(labels, "", "")
	}
	c.index = r.recall.sequence(labels)
	text := "sequence " + strings.Join(labels, ", ")
	if c.within > 0 {
		text += " within " + c.within.String()
	}
	return c, text
}

func (r *reader) labelName(n *yaml.Node, what string) string {
	l := r.text(n, what)
	if l != "" && !ruleID.MatchString(l) {
		r.problem(n, "%s: %q is no label; use letters, digits, - _ and . (80 at most)", what, l)
	}
	return l
}

func (r *reader) labels(n *yaml.Node, what string) (out []string) {
	for _, item := range r.items(n, what) {
		out = append(out, r.labelName(item, what))
	}
	return out
}

// classes reads the names of classes; whether they are declared is seen at the end.
func (r *reader) classes(n *yaml.Node, what string) (set uint64) {
	for _, item := range r.items(n, what) {
		name := r.text(item, what)
		i := r.recall.class(name)
		if i >= maxClasses {
			r.problem(item, "%s: a policy has at most %d classes", what, maxClasses)
			continue
		}
		if r.recall.classes[i].pos == "" {
			r.recall.classes[i].pos = r.pos(item)
			r.asked = append(r.asked, classUse{r.file, item, what, name})
		}
		set |= 1 << i
	}
	return set
}

// A classUse is where a class was asked for.
type classUse struct {
	file string
	node *yaml.Node
	what string
	name string
}

func (r *reader) crosses(n *yaml.Node, what string) *classCond {
	c := &classCond{cross: true}
	if n.Kind == yaml.MappingNode {
		for _, m := range r.mapping(n, what, crossesKeys) {
			if m.key.Value == "from" {
				c.from = r.classes(m.value, what+".from")
			} else {
				c.of = r.classes(m.value, what+".to")
			}
		}
		if c.from == 0 || c.of == 0 {
			r.problem(n, "%s: needs from and to, such as {from: red, to: blue}", what)
		}
		return c
	}
	c.of = r.classes(n, what)
	c.from, c.both = c.of, true
	if bits.OnesCount64(c.of) < 2 {
		r.problem(n, "%s: needs two classes or more, such as [red, blue]", what)
	}
	return c
}

// declare reads the classes of a policy file. A class of an earlier file stays: one's
// own replaces the base's.
func (r *reader) declare(n *yaml.Node) {
	for _, m := range r.mapping(n, "classes", nil) {
		name, what := m.key.Value, "classes."+m.key.Value
		if !ruleID.MatchString(name) {
			r.problem(m.key, "%s: %q is no name of a class; use letters, digits, - _ and . (80 at most)", what, name)
		}
		c := class{name: name, pos: r.pos(m.key), known: true}
		for _, k := range r.mapping(m.value, what, classKeys) {
			if k.key.Value == "tools" {
				c.tools = r.names(k.value, what+".tools")
			} else {
				c.servers = r.names(k.value, what+".servers")
			}
		}
		if m.value.Kind == yaml.MappingNode && len(c.tools)+len(c.servers) == 0 {
			r.problem(m.value, "%s: needs tools or servers, such as {tools: [fetch, \"browse_*\"]}", what)
		}
		i := r.recall.class(name)
		if i >= maxClasses {
			r.problem(m.key, "classes: a policy has at most %d", maxClasses)
		} else if !r.recall.classes[i].known {
			r.recall.classes[i] = c
		}
	}
}

func (r *reader) names(n *yaml.Node, what string) (out names) {
	for _, w := range r.texts(n, what) {
		if w == "" || w == "!" {
			r.problem(n, "%s: an empty name; use * for every one", what)
		}
		out = append(out, parseNameGlob(w))
	}
	return out
}

// undeclared finds classes that are asked for and aren't there.
func (l *loader) undeclared() {
	var known []string
	for _, c := range l.policy.recall.classes {
		if c.known {
			known = append(known, c.name)
		}
	}
	for _, u := range l.asked {
		if !slices.Contains(known, u.name) {
			hint := "; declare it: classes: {" + u.name + ": {tools: [...]}}"
			if len(known) > 0 {
				hint = didYouMean(u.name, known)
			}
			l.problems = append(l.problems, Problem{u.file, u.node.Line, u.node.Column, fmt.Sprintf("%s: unknown class %q%s", u.what, u.name, hint)})
		}
	}
}

// topLimit reads an entry of limits: a rule on calls that stands before all others.
func (r *reader) topLimit(n *yaml.Node, what string) *Rule {
	n = r.follow(n)
	rule := &Rule{Pos: r.pos(n), File: r.file, Line: n.Line, limitIndex: -1, Action: Deny}
	rule.cond = &cond{pos: rule.Pos, direction: mcp.ToServer}
	kind := scope{pos: rule.Pos, field: scopeKind, names: names{{pattern: "request"}}, text: "kind request"}
	rule.cond.scopes = append(rule.cond.scopes, kind)
	calls := true
	var limits []member
	for _, m := range r.mapping(n, what, topLimitKeys) {
		path := what + "." + m.key.Value
		switch {
		case slices.Contains(limitKeys, m.key.Value):
			limits = append(limits, m)
		case slices.Contains(topLimitScope, m.key.Value):
			rule.cond.scopes = append(rule.cond.scopes, r.scope(m, path))
			calls = calls && m.key.Value != "method"
		case m.key.Value == "action":
			rule.Action = r.action(m.value, path, []string{"deny", "ask"})
		default:
			r.ruleWord(rule, m, path)
		}
	}
	if calls {
		rule.cond.scopes = append(rule.cond.scopes, scope{pos: rule.Pos, field: scopeMethod, names: names{{pattern: mcp.MethodToolsCall}}, text: "method tools/call"})
	}
	rule.limit = r.limitOf(n, limits, what)
	r.idOf(rule, n, what)
	return rule
}
