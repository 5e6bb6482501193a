package policy

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// ConvertFrom are the words that Convert takes.
var ConvertFrom = []string{"mcpwall", "agent-wall"}

// Convert writes the policy of another proxy (`mcpwall` or `agent-wall`) in our
// language. left lists, with their places in the source, the parts whose meaning
// couldn't be carried, or only nearly; without any the policy means the same, but
// that values are held against every reading of theirs. The error says why nothing
// could be converted at all. The result always loads.
func Convert(from string, source []byte) (policy []byte, left []Problem, err error) {
	c := &converter{reader: reader{file: from}, ids: map[string]bool{"default": true}}
	doc := c.parse(source)
	if doc == nil {
		return nil, nil, fmt.Errorf("converting from %s: %w", from, c.problems)
	}
	if doc.Kind != yaml.MappingNode {
		return nil, nil, fmt.Errorf("converting from %s: want a mapping (key: value), got %s", from, kindWord(doc))
	}
	c.at = doc
	switch from {
	case "mcpwall":
		c.mcpwall(doc)
	case "agent-wall":
		c.agentWall(doc)
	default:
		return nil, nil, fmt.Errorf("converting: unknown format %q%s", from, didYouMean(from, ConvertFrom))
	}
	policy, err = c.write()
	if err != nil {
		return nil, nil, err
	}
	if _, err := Load(from, policy, nil); err != nil {
		return nil, nil, fmt.Errorf("converting from %s: the result doesn't load: %w", from, err)
	}
	return policy, c.problems.sorted(), nil
}

// A converter reads one foreign policy; its problems are what is left.
type converter struct {
	reader
	action    string
	rules     []entries
	ids       map[string]bool
	fromAllow bool       // the rule being converted allows
	at        *yaml.Node // what is being converted
}

// entries is a mapping in the order in which it will be written.
type entries []pair

type pair struct {
	key   string
	value any // string, bool, int, []string, entries or []entries
}

func (e *entries) add(key string, value any) { *e = append(*e, pair{key, value}) }

// id makes an id of a name, unlike those before.
func (c *converter) id(name, otherwise string) string {
	id := strings.Trim(regexp.MustCompile(`[^a-zA-Z0-9._-]+`).ReplaceAllString(name, "-"), "-._")
	if id == "" {
		id = otherwise
	}
	id = id[:min(len(id), 70)]
	unique := id
	for n := 2; c.ids[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	c.ids[unique] = true
	return unique
}

// rule adds a rule: an id, what it asks, and what it does. One that doesn't load
// alone, such as one with an action that there is not, is left.
func (c *converter) rule(id string, conds entries, action, message string, more ...pair) {
	r := entries{{"id", id}}
	r = append(r, conds...)
	r.add("action", action)
	if message != "" {
		r.add("message", message)
	}
	r = append(r, more...)
	var problems Problems
	alone, err := encode(entries{{"version", 1}, {"rules", []entries{r}}})
	if err == nil {
		_, err = Load(c.file, alone, nil)
	}
	switch {
	case err == nil:
		c.rules = append(c.rules, r)
	case errors.As(err, &problems):
		c.problem(c.at, "the rule %q is left out: %s", id, problems[0].Text)
	default:
		c.problem(c.at, "the rule %q is left out: %v", id, err)
	}
}

func (c *converter) write() ([]byte, error) {
	top := entries{{"version", 1}, {"description", "Converted from " + c.file + "."}, {"default", c.action}}
	if len(c.rules) > 0 {
		top.add("rules", c.rules)
	}
	return encode(top)
}

func encode(top entries) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(top.node()); err != nil {
		return nil, fmt.Errorf("writing the policy: %w", err)
	}
	return b.Bytes(), e.Close()
}

// node returns the YAML of a mapping.
func (e entries) node() *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, m := range e {
		n.Content = append(n.Content, scalarNode(m.key), valueNode(m.value))
	}
	return n
}

func valueNode(v any) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	switch v := v.(type) {
	case string:
		return scalarNode(v)
	case entries:
		return v.node()
	case []entries:
		for _, e := range v {
			list.Content = append(list.Content, e.node())
		}
		return list
	case []string:
		if len(v) == 1 {
			return scalarNode(v[0])
		}
		for _, s := range v {
			list.Content = append(list.Content, scalarNode(s))
		}
		return list
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)}
}

// scalarNode is a text, quoted where YAML would take it for something else.
func scalarNode(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

// jsUnicode is how JavaScript writes characters by number.
var jsUnicode = regexp.MustCompile(`\\u\{?([0-9A-Fa-f]{4,6})\}?`)

// regex translates a regular expression of JavaScript to RE2, "" if it can't be.
func (c *converter) regex(n *yaml.Node, what, source, flags string) string {
	out := jsUnicode.ReplaceAllString(source, `\x{$1}`)
	keep := ""
	for _, f := range flags {
		if strings.ContainsRune("ims", f) && !strings.ContainsRune(keep, f) {
			keep += string(f)
		}
	}
	if keep != "" {
		out = "(?" + keep + ")" + out
	}
	re, err := regexp.Compile(out)
	if err != nil {
		c.problem(n, "%s: left out: RE2 has no such regular expression: %v", what, regexpProblem(err))
		return ""
	}
	if re.MatchString("7") || re.MatchString("true") || re.MatchString("null") {
		c.problem(n, "%s: nearly: it matches numbers, true, false and null too; here a regex is for texts", what)
	}
	return out
}

// braces writes {a,b} out; ok is false for what our globs of names don't have.
func braces(glob string) (out []string, ok bool) {
	open := strings.IndexByte(glob, '{')
	if open < 0 {
		return []string{glob}, !strings.ContainsAny(glob, "[]()}\\")
	}
	length := strings.IndexByte(glob[open:], '}')
	if length < 0 || strings.Contains(glob[open+1:open+length], "{") {
		return nil, false
	}
	for _, word := range strings.Split(glob[open+1:open+length], ",") {
		more, ok := braces(glob[:open] + word + glob[open+length+1:])
		if !ok {
			return nil, false
		}
		out = append(out, more...)
	}
	return out, true
}

// tools converts globs of tools' names. every is set if all names match.
func (c *converter) tools(n *yaml.Node, what string, globs []string) (out []string, every, ok bool) {
	for _, g := range globs {
		g = strings.TrimSpace(g)
		words, fine := braces(g)
		if !fine || g == "" {
			c.problem(n, "%s: left out: the pattern %q of names; write the names out", what, g)
			return nil, false, false
		}
		for _, w := range words {
			if strings.Trim(w, "*") == "" {
				return nil, true, true
			}
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out, false, len(out) > 0
}

// either makes one condition of alternatives.
func either(alternatives []entries) entries {
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return entries{{"any", alternatives}}
}

// choice reads one of several words; deny stands for what is none.
func (c *converter) choice(n *yaml.Node, what string, known []string) string {
	if w := c.word(n, what, known); slices.Contains(known, w) {
		return w
	}
	return "deny"
}

// both makes one condition of several.
func both(parts []entries) entries {
	var out entries
	for _, p := range parts {
		for _, m := range p {
			if slices.ContainsFunc(out, func(o pair) bool { return o.key == m.key }) {
				return entries{{"all", parts}}
			}
			out = append(out, m)
		}
	}
	return out
}
