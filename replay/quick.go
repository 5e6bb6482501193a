package replay

import (
	"fmt"
	"iter"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// usable yields the cases that a run can be made over, and an error at the first that
// it can't.
func (c *Config) usable(cases iter.Seq2[corpus.Case, error]) iter.Seq2[corpus.Case, error] {
	cases = known(cases, c.Candidates)
	if !c.Quick {
		return cases
	}
	return func(yield func(corpus.Case, error) bool) {
		j := newJudge(c)
		fit := map[*policy.Policy]bool{nil: true} // nil: it loads no more, which is drift
		for one, err := range cases {
			if err == nil && len(one.Policy) > 0 {
				if recorded, _ := j.load(one.Policy); !fit[recorded] {
					err = c.quick(recorded, one.ID)
					fit[recorded] = err == nil
				}
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// quick returns an error if a policy of a quick run asks detectors otherwise than the
// one that a session was recorded under.
func (c *Config) quick(recorded *policy.Policy, session string) error {
	for _, p := range append(slices.Clone(c.Candidates), c.Baseline) {
		if p == nil {
			continue
		}
		if rule := p.DetectsAs(recorded); rule != "" {
			return fmt.Errorf("a quick run judges only rules that look at no text: rule %s of %s asks detectors otherwise than %s, under which session %s was recorded",
				rule, p.Name, recorded.Name, session)
		}
	}
	return nil
}

// spare reports whether detection in a step can be spared: the recording says that no
// rule found anything in it.
func spare(st *corpus.Step) bool {
	r := st.Recorded
	return r != nil && st.Fidelity == policy.Exact && st.Frame.Kind == mcp.MessageFrame && !st.Frame.Pinned &&
		r.Verdict.Action == policy.Allow && r.Verdict.Rule == "default" && len(r.Verdict.Matched) == 0
}
