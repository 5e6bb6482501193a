package policy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A selector names values below a node: `path`, `options.cwd`, `edits.*.text`
// (`*` is any one member or element), `**` (every value at any depth, the node
// itself included), `**.token` (members of that name at any depth).
type selector struct {
	text  string
	steps []string
	needs []uint8 // the nameBits of the members that it names
}

func parseSelector(s string) (selector, error) {
	if s == "" {
		return selector{}, fmt.Errorf("an empty path; use a member's name, or ** for every value")
	}
	steps := strings.Split(s, ".")
	for i, step := range steps {
		if step == "" {
			return selector{}, fmt.Errorf("path %q has an empty step", s)
		}
		if step == "**" && i > 0 && steps[i-1] == "**" {
			return selector{}, fmt.Errorf("path %q has ** twice in a row", s)
		}
	}
	sel := selector{text: s, steps: steps}
	for _, step := range steps {
		if _, err := strconv.Atoi(step); err != nil && step != "*" && step != "**" {
			sel.needs = append(sel.needs, nameBit(step))
		}
	}
	return sel, nil
}

// A nameSet is a Bloom filter of one hash: which names members of a message may have.
// Most selectors name members that a message hasn't, and needn't look for them.
type nameSet [4]uint64

func nameBit(name string) uint8 {
	h := uint32(len(name))
	for i := range len(name) {
		h = h*31 + uint32(name[i])
	}
	return uint8(h ^ h>>8 ^ h>>16)
}

func (s *nameSet) add(name string) { b := nameBit(name); s[b>>6] |= 1 << (b & 63) }

// lacks reports whether a message doesn't have all that a selector names.
func (s *nameSet) lacks(sel *selector) bool {
	for _, b := range sel.needs {
		if s[b>>6]>>(b&63)&1 == 0 {
			return true
		}
	}
	return false
}

// each calls f for every selected node below root, in document order, until f
// returns false. It reports whether f never did.
func (s *selector) each(m *mcp.Message, root int, f func(node int) bool) bool {
	if root < 0 {
		return true
	}
	return s.walk(m, root, s.steps, f)
}

func (s *selector) walk(m *mcp.Message, node int, steps []string, f func(int) bool) bool {
	if len(steps) == 0 {
		return f(node)
	}
	step, rest := steps[0], steps[1:]
	if step == "**" {
		if len(rest) == 0 {
			for i := node; i < int(m.Nodes[node].Next); i++ {
				if !f(i) {
					return false
				}
			}
			return true
		}
		for i := node; i < int(m.Nodes[node].Next); i++ {
			if !s.walk(m, i, rest, f) {
				return false
			}
		}
		return true
	}
	n := m.Nodes[node]
	if n.Kind != mcp.Object && n.Kind != mcp.Array {
		return true
	}
	for i := node + 1; i < int(n.Next); i = int(m.Nodes[i].Next) {
		if step == "*" || (n.Kind == mcp.Object && m.Name(i) == step) ||
			(n.Kind == mcp.Array && step == fmt.Sprint(m.Nodes[i].Index)) {
			if !s.walk(m, i, rest, f) {
				return false
			}
		}
	}
	return true
}
