package replay

import (
	"context"
	"fmt"
	"iter"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// MutantsVersion names the JSON form of a MutantReport.
const MutantsVersion = "rulewind.mutants/1"

// A MutantReport says which changes of a policy the cases would notice.
type MutantReport struct {
	Version string    `json:"version"`
	Policy  PolicyRef `json:"policy"`
	Cases   int       `json:"cases"`
	// Asserting counts the steps that assert something that holds under the policy:
	// a wanted verdict, or a label (attacks are stopped, what is benign passes as it
	// came). Failing counts those whose assertion doesn't hold; they kill nothing.
	Asserting   int          `json:"asserting"`
	Failing     int          `json:"failing"`
	Killed      int          `json:"killed"`
	Survived    int          `json:"survived"`
	Mutants     []MutantFate `json:"mutants"`
	Interrupted bool         `json:"interrupted,omitempty"`
}

// A MutantFate is what became of a mutant.
type MutantFate struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Rule string `json:"rule,omitempty"`
	Pos  string `json:"pos"`
	Text string `json:"text"`
	// Killer is the first step whose assertion fails under the mutant, nil if it
	// survived.
	Killer *Killer `json:"killer,omitempty"`
}

// A Killer is a step that notices a mutant.
type Killer struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
}

// Mutate judges the cases by every mutant of the policy, as far as it can make a
// difference. Workers is as in Config.
func Mutate(ctx context.Context, cases iter.Seq2[corpus.Case, error], p *policy.Policy, workers int) (*MutantReport, error) {
	mutants := p.Mutants()
	out := &MutantReport{Version: MutantsVersion, Policy: refOf(p), Mutants: []MutantFate{}}
	for _, m := range mutants {
		out.Mutants = append(out.Mutants, MutantFate{ID: m.ID, Kind: m.Kind, Rule: m.Rule, Pos: m.Pos, Text: m.Text})
	}
	interrupted, err := each(ctx, cases, workers, func() func(*corpus.Case) mutantCount {
		k := killer{policy: p, mutants: mutants, dead: make([]bool, len(mutants))}
		return k.run
	}, func(n mutantCount) {
		out.Cases++
		out.Asserting += n.asserting
		out.Failing += n.failing
		for _, kill := range n.kills {
			if m := &out.Mutants[kill.mutant]; m.Killer == nil {
				m.Killer = &kill.by
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("running mutants: %w", err)
	}
	for i := range out.Mutants {
		if out.Mutants[i].Killer != nil {
			out.Killed++
		} else {
			out.Survived++
		}
	}
	out.Interrupted = interrupted
	return out, nil
}

// mutantCount is what a case adds.
type mutantCount struct {
	asserting, failing int
	kills              []kill
}

type kill struct {
	mutant int
	by     Killer
}

// A killer runs cases. A mutant that it has seen killed is dead to it: a later case
// can't be the first.
type killer struct {
	policy  *policy.Policy
	mutants []policy.Mutant
	dead    []bool
}

// run judges a case by the policy, then by the mutants that can differ. They take
// what the policy's session found, since no mutant asks for more.
func (k *killer) run(c *corpus.Case) (out mutantCount) {
	var holds []int // the steps whose assertion holds
	differ := make([]bool, len(k.mutants))
	frames := make([]mcp.Frame, len(c.Steps))
	s := candidate(k.policy)
	for i := range c.Steps {
		st := &c.Steps[i]
		e := step(s, st.Frame)
		found := finder{frame: st.Frame, session: s, event: e}
		frames[i] = found.frameFor(k.policy)
		switch {
		case !asserts(st):
		case holdsFor(st, e):
			holds = append(holds, i)
			out.asserting++
		default:
			out.failing++
		}
		for m := range k.mutants {
			differ[m] = differ[m] || !k.dead[m] && k.mutants[m].Matters(e)
		}
	}
	for m := range k.mutants {
		if !differ[m] {
			continue
		}
		if at := fails(c, &k.mutants[m], frames, holds); at >= 0 {
			k.dead[m] = true
			out.kills = append(out.kills, kill{m, Killer{c.Source, c.ID, c.Steps[at].ID}})
		}
	}
	return out
}

// fails returns the first of the steps whose assertion doesn't hold under the
// mutant, or -1.
func fails(c *corpus.Case, m *policy.Mutant, frames []mcp.Frame, holds []int) int {
	s := candidate(m.Policy)
	for i := 0; len(holds) > 0; i++ {
		e := step(s, frames[i])
		if i != holds[0] {
			continue
		}
		if holds = holds[1:]; !holdsFor(&c.Steps[i], e) {
			return i
		}
	}
	return -1
}

// asserts reports whether anything is expected of the step.
func asserts(st *corpus.Step) bool {
	return st.Want != nil || !st.Synthetic && !st.Ambiguous && st.Label != ""
}

func holdsFor(st *corpus.Step, e *policy.Event) bool {
	switch {
	case st.Want != nil:
		return st.Want.Mismatch(e) == ""
	case st.Label == "attack":
		return e.Verdict.Action != policy.Allow
	}
	return e.Verdict.Action == policy.Allow
}
