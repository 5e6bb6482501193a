package replay

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// caseCount is what a case adds to Corpus.
type caseCount struct {
	Source    string         `json:"source"`
	Imported  bool           `json:"imported"`
	Missing   corpus.Missing `json:"missing"`
	Steps     int            `json:"steps"`
	Synthetic int            `json:"synthetic"`
	Requests  int            `json:"requests"`
	Answers   int            `json:"answers"`
	Fidelity  FidelityCount  `json:"fidelity"`
	Servers   map[string]int `json:"servers"`
	Tools     map[string]int `json:"tools"`
}

func (n *caseCount) begin(c *corpus.Case) {
	n.Source, n.Imported, n.Missing = c.Source, c.Imported, c.Missing
}

// uncounted takes in a step that nobody judged.
func (n *caseCount) uncounted(st *corpus.Step) {
	n.Steps++
	n.Fidelity.add(st.Fidelity)
}

// count takes in a step with the first of its events that there is. Tools count under
// what toolName makes of their names.
func (n *caseCount) count(st *corpus.Step, toolName func(string) string, events ...*policy.Event) {
	n.uncounted(st)
	for _, e := range events {
		if e == nil {
			continue
		}
		switch sub := &e.Subject; sub.Kind {
		case "request":
			n.Requests++
			tally(&n.Servers, sub.Server)
			if sub.Method == mcp.MethodToolsCall {
				tally(&n.Tools, toolName(sub.Tool))
			}
		case "response", "error":
			n.Answers++
		}
		return
	}
}

func tally(m *map[string]int, name string) {
	if *m == nil {
		*m = map[string]int{}
	}
	if _, known := (*m)[name]; !known {
		name = strings.Clone(name)
	}
	(*m)[name]++
}

func (n *FidelityCount) add(f policy.Fidelity) {
	switch f {
	case policy.Exact:
		n.Exact++
	case policy.Escrow:
		n.Escrow++
	case policy.Pinned:
		n.Pinned++
	default:
		n.Lossy++
	}
}

func (n *FidelityCount) plus(o FidelityCount) {
	n.Exact += o.Exact
	n.Escrow += o.Escrow
	n.Pinned += o.Pinned
	n.Lossy += o.Lossy
}

// A tallies is a bounded count by name.
type tallies map[string]int

const otherNames = "…"

// plus adds a case's counts, in the order of the names so that the bound cuts the
// same ones in every run.
func (t tallies) plus(m map[string]int) {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		into := n
		if _, known := t[n]; !known && len(t) >= MaxNames {
			into = otherNames
		}
		t[into] += m[n]
	}
}

// list returns the counts, the largest first.
func (t tallies) list() []NameCount {
	out := make([]NameCount, 0, len(t))
	for n, c := range t {
		out = append(out, NameCount{n, c})
	}
	slices.SortFunc(out, func(a, b NameCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return out
}
