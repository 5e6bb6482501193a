package replay

import (
	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// controlCount is what a case adds to the A/A.
type controlCount struct {
	Compared     int         `json:"compared"`
	Equal        int         `json:"equal"`
	Unrecorded   int         `json:"unrecorded"`
	NotEvaluable int         `json:"not_evaluable"`
	Drift        *DriftEntry `json:"drift,omitempty"`
}

// check compares a step's recorded event with today's, and reports whether the
// stored bytes can be relied on. A step whose bytes don't claim to give its event
// isn't drift, but takes the later state's digests with it if it came out
// otherwise. Drift in a step that doesn't count is drift still.
func (n *controlCount) check(c *corpus.Case, i int, now *policy.Event, reproduced *bool, counts bool) (evaluable bool) {
	st := &c.Steps[i]
	switch {
	case st.Synthetic:
		return true
	case st.Recorded == nil:
		if counts {
			n.Unrecorded++
		}
		return claims(st)
	}
	differs := differences(st.Recorded, now, *reproduced)
	if len(differs) > 0 && !claims(st) {
		if counts {
			n.NotEvaluable++
		}
		*reproduced = false
		return false
	}
	if counts || len(differs) > 0 {
		n.Compared++
	}
	if len(differs) == 0 {
		if counts {
			n.Equal++
		}
		return true
	}
	v := veilOf(st.Frame.Raw, now.FindSecrets(st.Frame))
	n.Drift = &DriftEntry{
		Source: c.Source, Case: c.ID, Step: st.ID, Seq: i, Differs: differs,
		Recorded: v.verdict(st.Recorded.Verdict), Now: v.verdict(now.Clone().Verdict),
	}
	return false
}

// claims reports whether a step's stored bytes, with its pins, claim to give its
// event.
func claims(st *corpus.Step) bool {
	return st.Fidelity == policy.Exact || st.Fidelity == policy.Pinned
}
