package policy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// maxNodes bounds what a policy can grow to through YAML aliases.
const maxNodes = 200_000

// A reader turns the YAML of one source into rules, and collects all problems.
type reader struct {
	file     string
	problems Problems
	nodes    int
	roots    []string // folders named by under and not_under
	recall   *recall
	asked    []classUse
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

// size reads a number of bytes: 4096, 512KiB, 10MiB.
func (r *reader) size(n *yaml.Node, what string) int { return int(r.sizeTo(n, what, maxSize, "1GiB")) }

// sizeTo reads a size of at most so much.
func (r *reader) sizeTo(n *yaml.Node, what string, most int64, word string) int64 {
	text := r.text(n, what)
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		if v, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64); err == nil && v > 0 && v <= most/u.bytes {
			return v * u.bytes
		}
		break
	}
	r.problem(n, "%s: want a size up to %s, such as 512KiB or 10MiB, got %q", what, word, text)
	return most
}

// maxSize is the largest size that a policy can name.
const maxSize = 1 << 30

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1000}, {"MB", 1000_000}, {"GB", 1000_000_000}, {"", 1}}

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
