package policy

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Policy is a loaded policy: immutable, safe to share among sessions.
type Policy struct {
	// Name is the name or file it was loaded by, without its folder.
	Name string
	// Sources are the policy's own source and those it extends, in order, and
	// Digest the SHA-256 over all of them in hex.
	Sources []Source
	Digest  string
	// Rules in the order of evaluation.
	Rules []*Rule
	// Default is what happens to a request if no rule ends the walk.
	Default Action

	canaries    canaries
	legacyCodes bool
	roots       []string      // templates of folders, by rootPath.index
	guard       *Policy       // that this one stands under; nil if none
	byDir       [3][]*Rule    // the rules that can apply to a direction
	families    [3]detect.Set // the detectors that they ask for
	limits      int
	limited     []*Rule // those with limits
	caches      bool    // a rule has cache
	recall      recall
	tests       []Test
	bounds      bounds
	callers     []Caller
	anonymous   bool // callers that aren't known may call
	listedOnly  bool
}

// A Source is one file of a policy.
type Source struct {
	Name string `json:"name"`
	Text []byte `json:"text"`
	// Guard is set on the first source of the policy that the ones before stand under.
	Guard bool `json:"guard,omitempty"`
}

// A Rule is one compiled rule.
type Rule struct {
	ID       string
	Pos      string // file:line:col
	File     string
	Line     int
	Action   Action
	Message  string
	Severity string
	Tags     []string

	cond        *cond
	limit       *limit
	limitIndex  int
	demand      demand
	labels      []string
	remember    *rememberSpec
	cache       time.Duration // how long an answer may be given again; 0: not at all
	replacement string
	asResult    bool
	ask         *askSpec
}

//go:embed policies/*.yaml
var embedded embed.FS

// Embedded returns the source of a policy that is built in, by name.
func Embedded(name string) ([]byte, bool) {
	if name == "" || strings.ContainsAny(name, "/.\\") {
		return nil, false
	}
	b, err := embedded.ReadFile("policies/" + name + ".yaml")
	return b, err == nil
}

// EmbeddedNames lists the built-in policies, sorted.
func EmbeddedNames() []string {
	entries, err := embedded.ReadDir("policies")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(out)
	return out
}

// maxExtends bounds a chain of extends.
const maxExtends = 8

// Load parses and compiles a policy. open returns the source that `extends` names
// (embedded names are resolved by Load itself, before open is asked; nil allows
// embedded names only). All problems come at once as Problems.
func Load(name string, source []byte, open func(name string) ([]byte, error)) (*Policy, error) {
	l := loader{open: open, policy: &Policy{Name: path.Base(strings.ReplaceAll(name, `\`, "/")), bounds: defaultBounds}}
	l.setDefault(l.add(l.policy.Name, source, 0))
	l.end()
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	l.policy.finish()
	if p := l.policy.unknownRules(); len(p) > 0 {
		return nil, p
	}
	return l.policy, nil
}

// LoadSources loads a policy from the sources kept with a recording: the first is
// the policy, the others are what it extends.
func LoadSources(sources []Source) (*Policy, error) {
	if len(sources) == 0 {
		return nil, fmt.Errorf("loading a recorded policy: no sources")
	}
	if i := slices.IndexFunc(sources, func(s Source) bool { return s.Guard }); i > 0 {
		project, err := LoadSources(sources[:i])
		if err != nil {
			return nil, err
		}
		of := slices.Clone(sources[i:])
		of[0].Guard = false
		guard, err := LoadSources(of)
		if err != nil {
			return nil, err
		}
		return Guarded(project, guard), nil
	}
	rest := sources[1:]
	l := loader{policy: &Policy{Name: sources[0].Name, bounds: defaultBounds}, recorded: true}
	l.open = func(name string) ([]byte, error) {
		for _, s := range rest {
			if s.Name == sourceName(name) {
				return s.Text, nil
			}
		}
		return nil, fmt.Errorf("the recording has no source named %s", name)
	}
	l.setDefault(l.add(sources[0].Name, sources[0].Text, 0))
	l.end()
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	l.policy.finish()
	return l.policy, nil
}

// sourceName is what a source that is extended by a name or path is called.
func sourceName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

type loader struct {
	open     func(string) ([]byte, error)
	recorded bool // embedded names come from open: the recording's, not today's
	policy   *Policy
	problems Problems
	defaults map[string]*Action // of the sources read, by name; nil where there is none
	bounded  map[string]bool    // the bounds that are set
	chain    []string           // the sources that extend one another, down to the one being read
	limits   []*Rule            // of the keys limits, which stand before all rules
	asked    []classUse
}

// end puts together what several sources say.
func (l *loader) end() {
	l.policy.Rules = append(l.limits, l.policy.Rules...)
	l.undeclared()
	l.policy.recall.byValue = len(l.policy.recall.prints) > 0 ||
		slices.ContainsFunc(l.policy.Rules, func(r *Rule) bool { return r.limit != nil && (r.limit.loops || len(r.limit.args) > 0) })
}

func (l *loader) setDefault(a *Action) {
	if a != nil {
		l.policy.Default = *a
	}
}

// add reads one source and what it extends, and returns its default: its own, or the
// strictest of those that it extends. A base that comes by two ways counts where it
// comes first.
func (l *loader) add(name string, source []byte, depth int) *Action {
	if slices.Contains(l.chain[:depth], name) {
		l.problems = append(l.problems, Problem{File: name, Line: 1, Col: 1, Text: "extends itself, directly or through another policy"})
		return nil
	}
	for _, s := range l.policy.Sources {
		if s.Name == name {
			if string(s.Text) != string(source) {
				l.problems = append(l.problems, Problem{File: name, Line: 1, Col: 1, Text: "two different bases of this name; rename one"})
			}
			return l.defaults[name]
		}
	}
	l.chain = append(l.chain[:depth], name)
	l.policy.Sources = append(l.policy.Sources, Source{Name: name, Text: source})
	r := &reader{file: name, roots: l.policy.roots, recall: &l.policy.recall}
	var extends []member
	var own, base *Action
	if doc := r.parse(source); doc != nil {
		extends, own = l.top(r, doc)
	}
	l.policy.roots, l.asked = r.roots, append(l.asked, r.asked...)
	l.problems = append(l.problems, r.problems...)
	for _, m := range extends {
		if a := l.extend(r.file, m, depth); a != nil && (base == nil || a.Strictness() > base.Strictness()) {
			base = a
		}
	}
	if own == nil {
		own = base
	}
	if l.defaults == nil {
		l.defaults = map[string]*Action{}
	}
	l.defaults[name] = own
	return own
}

// extend reads a base and returns its default.
func (l *loader) extend(file string, m member, depth int) *Action {
	fail := func(format string, args ...any) {
		l.problems = append(l.problems, Problem{file, m.value.Line, m.value.Column, fmt.Sprintf(format, args...)})
	}
	base := m.value.Value
	if base == "" {
		fail("extends: want the name of a policy or a file")
		return nil
	}
	if depth >= maxExtends {
		fail("extends: a chain of over %d policies", maxExtends)
		return nil
	}
	if b, ok := Embedded(base); ok && !l.recorded {
		return l.add(base, b, depth+1)
	}
	if l.open == nil {
		fail("extends: unknown policy %q%s", base, didYouMean(base, EmbeddedNames()))
		return nil
	}
	b, err := l.open(base)
	if err != nil {
		fail("extends: %v (built in are %s)", err, strings.Join(EmbeddedNames(), ", "))
		return nil
	}
	return l.add(sourceName(base), b, depth+1)
}

// top reads the keys of a policy and returns its extends and its own default.
func (l *loader) top(r *reader, doc *yaml.Node) (extends []member, own *Action) {
	version := false
	var rules, limits, tests *yaml.Node
	for _, m := range r.mapping(doc, "policy", topKeys) {
		switch m.key.Value {
		case "version":
			version = true
			if m.value.Value != "1" {
				r.problem(m.value, "version %q isn't known here; this rulewind reads version 1", m.value.Value)
			}
		case "name", "description":
			r.text(m.value, m.key.Value)
		case "extends":
			for _, item := range r.items(m.value, "extends") {
				extends = append(extends, member{m.key, r.follow(item)})
			}
		case "default":
			a := r.action(m.value, "default", []string{"allow", "ask", "deny"})
			own = &a
		case "refusal_codes":
			l.policy.legacyCodes = l.policy.legacyCodes || r.word(m.value, "refusal_codes", []string{"standard", "legacy"}) == "legacy"
		case "canaries":
			l.canariesOf(r, m.value)
		case "bounds":
			l.bounds(r, m.value)
		case "callers":
			l.callersOf(r, m.value)
		case "listed_tools_only":
			l.policy.listedOnly = r.truth(m.value, "listed_tools_only") || l.policy.listedOnly
		case "classes":
			r.declare(m.value)
		case "limits":
			limits = m.value
		case "rules":
			rules = m.value
		case "tests":
			tests = m.value
		}
	}
	if !version && doc.Kind == yaml.MappingNode {
		r.problem(doc, "no version; start the file with `version: 1`")
	}
	l.list(r, limits, "limits", &l.limits, r.topLimit)
	l.list(r, rules, "rules", &l.policy.Rules, r.rule)
	if tests != nil && len(l.policy.Sources) == 1 {
		l.policy.tests = r.tests(tests)
	}
	return extends, own
}

// list reads the rules of a list. One's own rule of the same id replaces the base's.
func (l *loader) list(r *reader, n *yaml.Node, key string, to *[]*Rule, read func(*yaml.Node, string) *Rule) {
	if n == nil || n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.problem(n, "%s: want a list, got %s", key, kindWord(n))
		return
	}
	for i, item := range n.Content {
		rule := read(item, fmt.Sprintf("%s[%d]", key, i))
		known := slices.Concat(l.limits, l.policy.Rules)
		for _, other := range known {
			if rule.ID != "" && other.ID == rule.ID && other.File == rule.File {
				r.problem(item, "%s[%d]: the id %q is already at %s; ids are unique", key, i, rule.ID, other.Pos)
			}
		}
		if slices.ContainsFunc(known, func(o *Rule) bool { return o.ID == rule.ID && o.File != rule.File }) {
			continue
		}
		*to = append(*to, rule)
	}
}

var ruleID = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,79}$`)

func (r *reader) rule(n *yaml.Node, what string) *Rule {
	n = r.follow(n)
	rule := &Rule{Pos: r.pos(n), File: r.file, Line: n.Line, limitIndex: -1}
	ms := r.mapping(n, what, ruleKeys)
	hasAction := false
	for _, m := range ms {
		path := what + "." + m.key.Value
		if m.key.Value == "action" {
			hasAction = true
			rule.Action = r.action(m.value, path, actionNames[:])
			continue
		}
		r.ruleWord(rule, m, path)
	}
	r.idOf(rule, n, what)
	if !hasAction && n.Kind == yaml.MappingNode {
		r.problem(n, "%s: no action; use %s", what, strings.Join(actionNames[:], ", "))
	}
	if rule.replacement != "" && rule.Action != Redact {
		r.problem(n, "%s: replacement is for action redact only", what)
	}
	if rule.ask != nil && rule.Action != Ask {
		r.problem(n, "%s: ask is for action ask only", what)
	}
	if rule.remember != nil && rule.Action == Deny {
		r.problem(n, "%s: remember is for what passes, and this rule denies; use log, or labels to count attempts", what)
	}
	if rule.cache > 0 && rule.Action != Allow {
		r.problem(n, "%s: cache is for action allow only", what)
	}
	rule.cond = r.cond(n, ms, what)
	rule.cond.pos = rule.Pos
	rule.setDirection(ms)
	return rule
}

// ruleWord reads a key that is no condition.
func (r *reader) ruleWord(rule *Rule, m member, path string) {
	switch m.key.Value {
	case "id":
		rule.ID = r.text(m.value, path)
		if !ruleID.MatchString(rule.ID) {
			r.problem(m.value, "%s: %q is no id; use letters, digits, - _ and . (80 at most)", path, rule.ID)
		}
		if rule.ID == "default" {
			r.problem(m.value, "%s: the id default stands for the default action; choose another", path)
		}
	case "description":
		r.text(m.value, path)
	case "message":
		rule.Message = r.text(m.value, path)
	case "severity":
		rule.Severity = r.word(m.value, path, severities)
	case "tags":
		rule.Tags = r.texts(m.value, path)
	case "limit":
		rule.limit = r.limit(m.value, path)
	case "ask":
		rule.ask = r.askSpec(m.value, path)
	case "labels":
		rule.labels = r.labels(m.value, path)
	case "cache":
		rule.cache = r.cache(m.value, path)
	case "remember":
		rule.remember = r.remember(m.value, path)
	case "replacement":
		rule.replacement = r.text(m.value, path)
	case "refuse_as":
		rule.asResult = r.word(m.value, path, []string{"error", "result"}) == "result"
	}
}

func (r *reader) idOf(rule *Rule, n *yaml.Node, what string) {
	if rule.ID == "" && n.Kind == yaml.MappingNode {
		r.problem(n, "%s: no id; give the rule one, such as `id: no-ssh-keys`", what)
	}
}

// setDirection gives a rule without one the direction that its conditions imply:
// answers if it asks for result or error, else what goes to the server.
func (r *Rule) setDirection(ms []member) {
	for _, m := range ms {
		if m.key.Value == "direction" {
			return
		}
	}
	r.cond.direction = mcp.ToServer
	if r.cond.mentions(rootResult, rootError) || r.remember != nil && r.remember.root == rootResult {
		r.cond.direction = mcp.ToClient
	}
}

// DigestOf returns the digest that the policy loaded from the sources has: the SHA-256
// over all of them, in hex.
func DigestOf(sources []Source) string {
	h := sha256.New()
	for _, s := range sources {
		var n [16]byte
		binary.BigEndian.PutUint64(n[:8], uint64(len(s.Name)))
		binary.BigEndian.PutUint64(n[8:], uint64(len(s.Text)))
		h.Write(n[:])
		h.Write([]byte(s.Name))
		h.Write(s.Text)
		if s.Guard {
			h.Write([]byte("guard"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// finish derives what evaluation needs.
func (p *Policy) finish() {
	p.Digest = DigestOf(p.Sources)
	p.caches = slices.ContainsFunc(p.Rules, func(r *Rule) bool { return r.cache > 0 })
	for _, r := range p.Rules {
		r.demand = demandOf(r.cond)
		if r.limit != nil {
			r.limitIndex = p.limits
			p.limits++
			p.limited = append(p.limited, r)
		}
		for _, d := range []mcp.Dir{mcp.ToServer, mcp.ToClient} {
			if r.cond.direction == mcp.NoDir || r.cond.direction == d {
				p.byDir[d] = append(p.byDir[d], r)
				p.families[d] |= r.cond.families()
			}
		}
	}
	if p.families[mcp.ToServer]&detect.Writes != 0 { // a written script may hold them
		p.families[mcp.ToServer] |= detect.Commands
	}
	if p.guard != nil {
		for d := range p.families {
			p.families[d] |= p.guard.families[d]
		}
	}
	if p.recall.byValue || p.caches { // secrets are told from other values
		p.families[mcp.ToServer] |= detect.Secrets
		p.families[mcp.ToClient] |= detect.Secrets
	}
}

// reset forgets what finish derives.
func (p *Policy) reset() {
	p.byDir, p.families, p.limits, p.limited = [3][]*Rule{}, [3]detect.Set{}, 0, nil
}

// Rule returns the rule with the id, its own or its guard's, or nil.
func (p *Policy) Rule(id string) *Rule {
	if r := p.own(id); r != nil || p.guard == nil {
		return r
	}
	return p.guard.own(id)
}

func (p *Policy) own(id string) *Rule {
	for _, r := range p.Rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}
