package replay

import (
	"context"
	"fmt"
	"iter"
	"slices"

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
	// Suggestion is a test for the policy's file that would kill it, as YAML; "" if
	// none was asked for, or found.
	Suggestion string `json:"suggestion,omitempty"`
}

// A Killer is a step that notices a mutant.
type Killer struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
}

// A MutateConfig says what to change, and what to tell.
type MutateConfig struct {
	Policy *policy.Policy
	// Only, if set, says which mutants are tried.
	Only func(*policy.Mutant) bool
	// Suggest are cases in which a test for each survivor is looked for, after those
	// that are judged; nil suggests nothing.
	Suggest iter.Seq2[corpus.Case, error]
	Workers int // as in Config
}

// Mutate judges the cases by every mutant of the policy, as far as it can make a
// difference. Workers is as in Config.
func Mutate(ctx context.Context, cases iter.Seq2[corpus.Case, error], p *policy.Policy, workers int) (*MutantReport, error) {
	return MutateWith(ctx, cases, MutateConfig{Policy: p, Workers: workers})
}

// MutateWith is Mutate for some mutants, and with suggestions. Those read the cases
// once more.
func MutateWith(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg MutateConfig) (*MutantReport, error) {
	p, mutants := cfg.Policy, cfg.Policy.Mutants()
	if cfg.Only != nil {
		mutants = slices.DeleteFunc(mutants, func(m policy.Mutant) bool { return !cfg.Only(&m) })
	}
	out := &MutantReport{Version: MutantsVersion, Policy: refOf(p), Mutants: []MutantFate{}}
	for _, m := range mutants {
		out.Mutants = append(out.Mutants, MutantFate{ID: m.ID, Kind: m.Kind, Rule: m.Rule, Pos: m.Pos, Text: m.Text})
	}
	interrupted, err := each(ctx, cases, cfg.Workers, func() func(*corpus.Case) mutantCount {
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
	if cfg.Suggest != nil && !interrupted {
		for _, source := range []iter.Seq2[corpus.Case, error]{cases, cfg.Suggest} {
			if err := suggest(source, p, mutants, out); err != nil {
				return nil, fmt.Errorf("looking for tests: %w", err)
			}
		}
	}
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

// run judges a case by the policy, and asks of each message which mutants would judge
// it otherwise. Only where one step doesn't settle that are they given the case, with
// what the policy's session found, since no mutant asks for more.
func (k *killer) run(c *corpus.Case) (out mutantCount) {
	var holds []int // the steps whose assertion holds
	fates := make([]fate, len(k.mutants))
	frames := make([]mcp.Frame, len(c.Steps))
	s := candidate(k.policy)
	s.Light = policy.Light{NoSecrets: true, NoDigest: true}
	for i := range c.Steps {
		st := &c.Steps[i]
		e := step(s, st.Frame)
		found := finder{frame: st.Frame, session: s, event: e}
		frames[i] = found.frameFor(k.policy)
		held := asserts(st) && holdsFor(st, e)
		switch {
		case held:
			holds = append(holds, i)
			out.asserting++
		case asserts(st):
			out.failing++
		}
		for m := range k.mutants {
			if !k.dead[m] && fates[m] == same && k.mutants[m].Differs(e) {
				fates[m] = fateAt(&k.mutants[m], st, e, held)
			}
			if fates[m] == killed {
				fates[m], k.dead[m] = same, true
				out.kills = append(out.kills, kill{m, Killer{c.Source, c.ID, st.ID}})
			}
		}
	}
	for m := range k.mutants {
		if fates[m] != differs {
			continue
		}
		if at := fails(c, &k.mutants[m], frames, holds); at >= 0 {
			k.dead[m] = true
			out.kills = append(out.kills, kill{m, Killer{c.Source, c.ID, c.Steps[at].ID}})
		}
	}
	return out
}

// A fate is what is known of a mutant in a case so far.
type fate uint8

const (
	same    fate = iota // it judged everything alike
	killed              // an assertion fails under it
	differs             // it has gone another way, or may have
)

// fateAt is that of a mutant that was the same until this step.
func fateAt(m *policy.Mutant, st *corpus.Step, e *policy.Event, held bool) fate {
	v, alike, sure := m.Peek(e)
	switch {
	case !sure || st.Want != nil && st.Want.Out != nil:
		return differs
	case held && !holdsFor(st, &policy.Event{Verdict: v}):
		return killed
	case alike:
		return same
	}
	return differs
}

// fails returns the first of the steps whose assertion doesn't hold under the
// mutant, or -1.
func fails(c *corpus.Case, m *policy.Mutant, frames []mcp.Frame, holds []int) int {
	s := candidate(m.Policy)
	s.Light = policy.Light{NoSecrets: true, NoDigest: true}
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
