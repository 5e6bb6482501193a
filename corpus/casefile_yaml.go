package corpus

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A caseReader walks the YAML of a case file and gathers what is wrong with it.
type caseReader struct {
	file     string
	problems policy.Problems
	names    map[string]int // of cases, by line
}

type caseMember struct{ key, value *yaml.Node }

// maxCaseDepth bounds how deep values are nested; mcp.Limits has the same.
const maxCaseDepth = 128

func (r *caseReader) problem(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, policy.Problem{File: r.file, Line: n.Line, Col: n.Column, Text: fmt.Sprintf(format, args...)})
}

// mapping returns the members of a mapping that has no other keys than those.
func (r *caseReader) mapping(n *yaml.Node, what string, known []string) (out []caseMember) {
	if what == "" {
		what = "the file"
	}
	if n.Kind != yaml.MappingNode {
		r.problem(n, "%s: want a mapping (key: value)", what)
		return nil
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode || known != nil && !slices.Contains(known, k.Value):
			r.problem(k, "%s: unknown key %q%s", what, k.Value, nearKey(k.Value, known))
		case lines[k.Value] > 0:
			r.problem(k, "%s: key %q is already on line %d; remove one", what, k.Value, lines[k.Value])
		case v.Kind == yaml.AliasNode:
			r.problem(v, "%s.%s: case files have no aliases; write the value out", what, k.Value)
		default:
			out = append(out, caseMember{k, v})
		}
		lines[k.Value] = k.Line
	}
	return out
}

// nearKey says what may have been meant.
func nearKey(word string, known []string) string {
	if word == "tool" || word == "args" {
		return "; a call is call: {tool: NAME, args: {…}}"
	}
	for _, k := range known {
		if len(word) > 2 && (strings.HasPrefix(k, word) || strings.HasPrefix(word, k) || oneOff(word, k)) {
			return fmt.Sprintf("; did you mean %q?", k)
		}
	}
	return "; use " + strings.Join(known, ", ")
}

// oneOff reports whether one word becomes the other by changing, adding, removing or
// swapping one letter.
func oneOff(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch {
	case len(a) > len(b):
		return a[1:] == b
	case len(b) > len(a):
		return b[1:] == a
	case len(a) == 0:
		return true
	}
	return a[1:] == b[1:] || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
}

func (r *caseReader) items(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.problem(n, "%s: want a list (- …)", what)
		return nil
	}
	return n.Content
}

func (r *caseReader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode {
		r.problem(n, "%s: want a text", what)
		return ""
	}
	return n.Value
}

func (r *caseReader) word(n *yaml.Node, what string, known []string) string {
	w := r.text(n, what)
	if n.Kind == yaml.ScalarNode && !slices.Contains(known, w) {
		r.problem(n, "%s: unknown word %q%s", what, w, nearKey(w, known))
		return ""
	}
	return w
}

func (r *caseReader) strings(n *yaml.Node, what string) map[string]string {
	out := map[string]string{}
	for _, m := range r.mapping(n, what, nil) {
		out[m.key.Value] = r.text(m.value, what+"."+m.key.Value)
	}
	return out
}

// message is the text of a message: as it stands, or a mapping spelt as JSON.
func (r *caseReader) message(n *yaml.Node, what string) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return r.json(n, what)
}

// json spells a node as JSON on one line, with its members in their order and numbers
// as they are written.
func (r *caseReader) json(n *yaml.Node, what string) string {
	var b strings.Builder
	r.writeJSON(&b, n, what, 0)
	return b.String()
}

func (r *caseReader) writeJSON(b *strings.Builder, n *yaml.Node, what string, depth int) {
	if depth > maxCaseDepth {
		r.problem(n, "%s: nested deeper than %d", what, maxCaseDepth)
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i, m := range r.mapping(n, what, nil) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoteJSON(m.key.Value) + ":")
			r.writeJSON(b, m.value, what+"."+m.key.Value, depth+1)
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			r.writeJSON(b, item, what+"["+strconv.Itoa(i)+"]", depth+1)
		}
		b.WriteByte(']')
	case yaml.ScalarNode:
		b.WriteString(r.scalar(n, what))
	default:
		r.problem(n, "%s: case files have no aliases; write the value out", what)
	}
}

func (r *caseReader) scalar(n *yaml.Node, what string) string {
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool", "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return n.Value
		}
		var v any
		if err := n.Decode(&v); err == nil {
			if b, err := json.Marshal(v); err == nil {
				return string(b)
			}
		}
		r.problem(n, "%s: %s is nothing that JSON can hold; quote it if it is a text", what, n.Value)
		return "null"
	}
	return quoteJSON(n.Value)
}

// quoteJSON spells a text as a JSON string, as plainly as can be.
func quoteJSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // a text can be spelt
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// baseName is the last part of a path, of whichever system.
func baseName(file string) string { return path.Base(strings.ReplaceAll(file, `\`, "/")) }
