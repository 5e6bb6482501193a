package policy

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// maxNodes bounds what a policy can grow to through YAML aliases.
const maxNodes = 200_000

// A reader turns the YAML of one source into rules, and collects all problems.
type reader struct {
	file     string
	problems Problems
	nodes    int
	roots    []string // folders named by under and not_under
}

func (r *reader) problem(n *yaml.Node, format string, args ...any) {
	p := Problem{File: r.file, Text: fmt.Sprintf(format, args...)}
	if n != nil {
		p.Line, p.Col = n.Line, n.Column
	}
	r.problems = append(r.problems, p)
}

func (r *reader) pos(n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", r.file, n.Line, n.Column) }

// follow returns the node that an alias stands for.
func (r *reader) follow(n *yaml.Node) *yaml.Node {
	r.nodes++
	for hops := 0; n.Kind == yaml.AliasNode && n.Alias != nil; hops++ {
		if hops > 8 {
			break
		}
		n = n.Alias
	}
	return n
}

// member is one entry of a mapping.
type member struct{ key, value *yaml.Node }

// mapping returns the entries of a mapping; anything else, a duplicate key, or a
// key outside known (if given) is a problem.
func (r *reader) mapping(n *yaml.Node, what string, known []string) []member {
	n = r.follow(n)
	if r.nodes > maxNodes {
		if r.nodes == maxNodes+1 {
			r.problem(n, "the policy is too large: over %d YAML nodes once its aliases are followed", maxNodes)
		}
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.problem(n, "%s: want a mapping (key: value), got %s", what, kindWord(n))
		return nil
	}
	seen := map[string]int{}
	var out []member
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.problem(k, "%s: a key must be a plain word", what)
			continue
		}
		if line, dup := seen[k.Value]; dup {
			r.problem(k, "%s: key %q is already on line %d; remove one", what, k.Value, line)
			continue
		}
		seen[k.Value] = k.Line
		if known != nil && !slices.Contains(known, k.Value) {
			r.problem(k, "%s: unknown key %q%s", what, k.Value, didYouMean(k.Value, known))
			continue
		}
		out = append(out, member{k, r.follow(v)})
	}
	return out
}

func kindWord(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return "a single value"
	}
	return "something else"
}

// text reads a string scalar.
func (r *reader) text(n *yaml.Node, what string) string {
	n = r.follow(n)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.problem(n, "%s: want a text, got %s", what, kindWord(n))
		return ""
	}
	return n.Value
}

// texts reads a string or a list of them. An empty list is a problem: it would
// match nothing, or everything, in silence.
func (r *reader) texts(n *yaml.Node, what string) (out []string) {
	for _, item := range r.items(n, what) {
		out = append(out, r.text(item, what))
	}
	return out
}

func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	n = r.follow(n)
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	if len(n.Content) == 0 {
		r.problem(n, "%s: an empty list; remove the key, or put something in", what)
	}
	return n.Content
}

func (r *reader) number(n *yaml.Node, what string) float64 {
	f, err := strconv.ParseFloat(r.text(n, what), 64)
	if err != nil {
		r.problem(n, "%s: want a number, got %q", what, n.Value)
	}
	return f
}

func (r *reader) whole(n *yaml.Node, what string, least int) int {
	i, err := strconv.Atoi(r.text(n, what))
	if err != nil || i < least {
		r.problem(n, "%s: want a whole number of %d or more, got %q", what, least, n.Value)
	}
	return i
}

func (r *reader) truth(n *yaml.Node, what string) bool {
	switch r.text(n, what) {
	case "true":
		return true
	case "false":
		return false
	}
	r.problem(n, "%s: want true or false, got %q", what, n.Value)
	return false
}

func (r *reader) duration(n *yaml.Node, what string) time.Duration {
	d, err := time.ParseDuration(r.text(n, what))
	if err != nil || d <= 0 {
		r.problem(n, "%s: want a duration such as 30s, 5m or 1h, got %q", what, n.Value)
	}
	return d
}

func (r *reader) action(n *yaml.Node, what string, known []string) Action {
	word := r.text(n, what)
	if !slices.Contains(known, word) {
		r.problem(n, "%s: unknown action %q%s", what, word, didYouMean(word, known))
		return Deny
	}
	a, err := ParseAction(word)
	if err != nil {
		r.problem(n, "%s: %v", what, err)
	}
	return a
}

func (r *reader) word(n *yaml.Node, what string, known []string) string {
	w := r.text(n, what)
	if !slices.Contains(known, w) {
		r.problem(n, "%s: unknown word %q%s", what, w, didYouMean(w, known))
	}
	return w
}

var (
	topKeys  = []string{"version", "name", "description", "extends", "default", "refusal_codes", "rules", "tests"}
	scopeSet = []string{"direction", "method", "tool", "server", "client", "era", "transport", "kind"}
	condKeys = append(slices.Clone(scopeSet), "annotations", "schema", "definition", "args", "params", "result", "error", "text", "when", "all", "any", "not")
	ruleKeys = append([]string{"id", "description", "action", "message", "severity", "tags", "limit", "replacement", "refuse_as"}, condKeys...)
	opKeys   = append([]string{"exists", "equals", "in", "glob", "regex", "under", "not_under", "min", "max",
		"min_length", "max_length", "host", "cidr"}, detect.Names[:]...)
	limitKeys  = []string{"calls", "per", "by"}
	severities = []string{"info", "low", "medium", "high", "critical"}
	kindWords  = []string{"request", "notification", "answer"}
)

// cond reads the condition keys among the members of a mapping.
func (r *reader) cond(at *yaml.Node, ms []member, what string) *cond {
	c := &cond{pos: r.pos(at)}
	explicit := false
	for _, m := range ms {
		key, path := m.key.Value, what+"."+m.key.Value
		switch key {
		case "direction":
			explicit = true
			c.direction = r.direction(m.value, path)
		case "method", "tool", "server", "client", "era", "transport", "kind":
			c.scopes = append(c.scopes, r.scope(m, path))
		case "args", "params", "result", "error":
			c.values = append(c.values, r.paths(m, root(slices.Index(rootWords[:], key)), path)...)
		case "text":
			c.values = append(c.values, valueCond{pos: r.pos(m.key), root: rootText, m: r.matcher(m.value, path), text: "text"})
		case "annotations":
			c.hints = r.hints(m.value, path)
		case "schema":
			for _, w := range r.items(m.value, path) {
				c.schema = append(c.schema, r.word(w, path, schemaWords))
			}
		case "definition":
			for _, w := range r.items(m.value, path) {
				c.states = append(c.states, r.word(w, path, definitionWords))
			}
		case "when":
			c.when = r.when(m.value, path)
		case "all":
			c.all = r.conds(m.value, path)
		case "any":
			c.any = r.conds(m.value, path)
		case "not":
			c.not = r.cond(m.value, r.mapping(m.value, path, condKeys), path)
		}
	}
	if !explicit {
		c.direction = mcp.NoDir
	}
	return c
}

func (r *reader) conds(n *yaml.Node, what string) (out []*cond) {
	for i, item := range r.items(n, what) {
		name := fmt.Sprintf("%s[%d]", what, i)
		out = append(out, r.cond(item, r.mapping(item, name, condKeys), name))
	}
	return out
}

func (r *reader) direction(n *yaml.Node, what string) mcp.Dir {
	switch w := r.text(n, what); w {
	case "any":
		return mcp.NoDir
	default:
		d, ok := mcp.ParseDir(w)
		if !ok {
			r.problem(n, "%s: unknown direction %q%s", what, w, didYouMean(w, []string{"to-server", "to-client", "any"}))
		}
		return d
	}
}

func (r *reader) scope(m member, what string) scope {
	s := scope{pos: r.pos(m.key), field: scopeField(slices.Index(scopeWords[:], m.key.Value))}
	words := r.texts(m.value, what)
	for _, w := range words {
		if w == "" || w == "!" {
			r.problem(m.value, "%s: an empty name; use * for every one", what)
		}
		if s.field == scopeKind && !slices.Contains(kindWords, strings.TrimPrefix(w, "!")) {
			r.problem(m.value, "%s: unknown kind %q%s", what, w, didYouMean(w, kindWords))
		}
		s.names = append(s.names, parseNameGlob(w))
	}
	s.text = m.key.Value + " " + strings.Join(words, " | ")
	return s
}

// paths reads a mapping of paths to matchers.
func (r *reader) paths(m member, at root, what string) (out []valueCond) {
	for _, p := range r.mapping(m.value, what, nil) {
		sel, err := parseSelector(p.key.Value)
		if err != nil {
			r.problem(p.key, "%s: %v", what, err)
			continue
		}
		out = append(out, valueCond{
			pos: r.pos(p.key), root: at, sel: sel,
			m: r.matcher(p.value, what+"."+p.key.Value), text: rootWords[at] + "." + p.key.Value,
		})
	}
	return out
}

func (r *reader) hints(n *yaml.Node, what string) (out []hintCond) {
	for _, m := range r.mapping(n, what, hintWords[:]) {
		out = append(out, hintCond{slices.Index(hintWords[:], m.key.Value), r.truth(m.value, what+"."+m.key.Value)})
	}
	return out
}

// matcher reads operators; a bare text is short for glob.
func (r *reader) matcher(n *yaml.Node, what string) matcher {
	m := matcher{maxLength: -1}
	n = r.follow(n)
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.SequenceNode {
		m.globs = r.globs(n, what)
		return m
	}
	ms := r.mapping(n, what, opKeys)
	if len(ms) == 0 && n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.problem(n, "%s: no operator; use one of %s", what, strings.Join(opKeys, ", "))
	}
	for _, o := range ms {
		r.operator(&m, o, what+"."+o.key.Value)
	}
	return m
}

func (r *reader) operator(m *matcher, o member, what string) {
	switch o.key.Value {
	case "exists":
		b := r.truth(o.value, what)
		m.exists = &b
	case "equals", "in":
		for _, item := range r.items(o.value, what) {
			m.equals = append(m.equals, r.scalar(item, what))
		}
	case "glob":
		m.globs = r.globs(o.value, what)
	case "regex":
		for _, item := range r.items(o.value, what) {
			re, err := regexp.Compile(r.text(item, what))
			if err != nil {
				r.problem(item, "%s: not a regular expression (RE2): %v", what, regexpProblem(err))
				continue
			}
			m.regexes = append(m.regexes, re)
		}
	case "under":
		m.under = r.folders(o.value, what)
	case "not_under":
		m.notUnder = r.folders(o.value, what)
	case "min":
		f := r.number(o.value, what)
		m.min = &f
	case "max":
		f := r.number(o.value, what)
		m.max = &f
	case "min_length":
		m.minLength = r.whole(o.value, what, 0)
	case "max_length":
		m.maxLength = r.whole(o.value, what, 0)
	case "host":
		for _, w := range r.texts(o.value, what) {
			m.hosts = append(m.hosts, parseNameGlob(strings.ToLower(w)))
		}
	case "cidr":
		m.cidrs = r.cidrs(o.value, what)
	default:
		m.detectors = append(m.detectors, r.detector(o, what))
	}
}

func regexpProblem(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

func (r *reader) globs(n *yaml.Node, what string) (out []string) {
	for _, g := range r.texts(n, what) {
		if !doublestar.ValidatePattern(g) {
			r.problem(n, "%s: not a glob: %q", what, g)
			continue
		}
		out = append(out, g)
	}
	return out
}

func (r *reader) scalar(n *yaml.Node, what string) string {
	n = r.follow(n)
	if n.Kind != yaml.ScalarNode {
		r.problem(n, "%s: want a text, number, true, false or null, got %s", what, kindWord(n))
		return ""
	}
	switch n.Tag {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int", "!!float":
		return canonicalNumber(n.Value)
	}
	return "s:" + n.Value
}

// canonicalNumber writes equal numbers alike, so that 1, 1.0 and 1e0 are equal.
func canonicalNumber(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

var variables = []string{"${HOME}", "${CWD}", "${PROJECT_DIR}"}

func (r *reader) folders(n *yaml.Node, what string) (out []rootPath) {
	for _, f := range r.texts(n, what) {
		rest := f
		for _, v := range variables {
			rest = strings.ReplaceAll(rest, v, "/v")
		}
		if i := strings.Index(rest, "${"); i >= 0 {
			r.problem(n, "%s: unknown variable in %q; use %s", what, f, strings.Join(variables, ", "))
		}
		if !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "~") && !isDrive(rest) {
			r.problem(n, "%s: %q is relative; start it with /, ~ or ${PROJECT_DIR}", what, f)
		}
		out = append(out, rootPath{len(r.roots), f})
		r.roots = append(r.roots, f)
	}
	return out
}

func isDrive(s string) bool { return len(s) > 2 && s[1] == ':' && (s[2] == '\\' || s[2] == '/') }

type cidr = netip.Prefix

func (r *reader) cidrs(n *yaml.Node, what string) (out []cidr) {
	for _, w := range r.texts(n, what) {
		p, err := netip.ParsePrefix(w)
		if err != nil {
			r.problem(n, "%s: want an address block such as 10.0.0.0/8, got %q", what, w)
			continue
		}
		out = append(out, p.Masked())
	}
	return out
}

var detectorKeys = []string{"kinds", "sensitivity"}

// detector reads `true`, a sensitivity, a list of kinds, or a mapping of both.
func (r *reader) detector(o member, what string) detectorCond {
	family, _ := detect.ParseSet(o.key.Value)
	d := detectorCond{family: family, least: detect.Medium}
	n := o.value
	if n.Kind == yaml.MappingNode {
		for _, m := range r.mapping(n, what, detectorKeys) {
			if m.key.Value == "kinds" {
				d.kinds = r.kinds(m.value, family, what+".kinds")
			} else {
				d.least = r.sensitivity(m.value, what+".sensitivity")
			}
		}
	} else if n.Kind == yaml.ScalarNode && (n.Value == "low" || n.Value == "medium" || n.Value == "high") {
		d.least = r.sensitivity(n, what)
	} else if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		if n.Value != "true" {
			r.problem(n, "%s: only true makes sense; use not: for the opposite", what)
		}
	} else {
		d.kinds = r.kinds(n, family, what)
	}
	d.describe = o.key.Value
	return d
}

func (r *reader) sensitivity(n *yaml.Node, what string) detect.Score {
	switch r.word(n, what, []string{"low", "medium", "high"}) {
	case "low":
		return detect.High
	case "high":
		return detect.Low
	}
	return detect.Medium
}

// kinds reads globs over the kinds of a family: one that matches none is a typo.
func (r *reader) kinds(n *yaml.Node, family detect.Set, what string) (out names) {
	known := detect.Kinds(family)
	for _, item := range r.items(n, what) {
		w := r.text(item, what)
		g := parseNameGlob(w)
		if !slices.ContainsFunc(known, func(k string) bool { return globName(g.pattern, k) }) {
			hint := didYouMean(g.pattern, known)
			if len(hint) > 400 {
				hint = "; `rulewind policy kinds " + family.String() + "` lists them"
			}
			r.problem(item, "%s: no kind of %s matches %q%s", what, family, w, hint)
		}
		out = append(out, g)
	}
	return out
}

// limit reads a rule's limit.
func (r *reader) limit(n *yaml.Node, what string) *limit {
	l := &limit{}
	for _, m := range r.mapping(n, what, limitKeys) {
		switch m.key.Value {
		case "calls":
			l.calls = r.whole(m.value, what+".calls", 0)
		case "per":
			l.per = r.duration(m.value, what+".per")
		case "by":
			for _, item := range r.items(m.value, what+".by") {
				r.limitKey(l, item, what+".by")
			}
		}
	}
	if l.per == 0 {
		r.problem(n, "%s: needs calls and per, such as {calls: 50, per: 60s}", what)
	}
	if l.calls > maxLimitCalls {
		r.problem(n, "%s: calls can be at most %d", what, maxLimitCalls)
	}
	return l
}

func (r *reader) limitKey(l *limit, n *yaml.Node, what string) {
	w := r.text(n, what)
	if path, ok := strings.CutPrefix(w, "args."); ok {
		sel, err := parseSelector(path)
		if err != nil {
			r.problem(n, "%s: %v", what, err)
		}
		l.args = append(l.args, sel)
		return
	}
	known := []string{"tool", "method", "server", "client", "session"}
	if !slices.Contains(known, w) {
		r.problem(n, "%s: unknown word %q%s, or args.PATH", what, w, didYouMean(w, known))
	}
	l.by = append(l.by, w)
}

// parse reads YAML into one document node.
func (r *reader) parse(source []byte) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		r.problems = append(r.problems, yamlProblem(r.file, err))
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		r.problem(nil, "an empty policy; start with `version: 1`")
		return nil
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`line (\d+)(?:[:,] column (\d+))?:? ?`)

func yamlProblem(file string, err error) Problem {
	var line, col int
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var perr *yaml.LoadErrors
	if errors.As(err, &perr) && len(perr.Errors) > 0 {
		text = perr.Errors[0].Error()
	}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		col, _ = strconv.Atoi(m[2])
		text = strings.Replace(text, m[0], "", 1)
	}
	return Problem{File: file, Line: line, Col: max(col, 1), Text: "not YAML: " + text}
}
