package replay

import (
	"fmt"
	"slices"
	"strconv"
)

// judge fills in the gates.
func (r *Result) judge(cfg *GateConfig) {
	r.Gate = Gate{Status: Passed, Reasons: []GateReason{}}
	if r.Corpus.Steps == 0 && !cfg.AllowEmpty {
		text := "no case was read: an empty run is not a pass"
		if r.Corpus.Cases > 0 {
			text = "no step counts: an empty run is not a pass"
		}
		r.Gate.add(GateReason{Incomplete, "empty", "0", "1", text})
	}
	if len(r.Comparisons) == 0 && r.Corpus.Steps > 0 {
		r.verify(cfg)
	}
	if r.Interrupted {
		r.Gate.add(GateReason{Incomplete, "interrupted", "", "", "the run was interrupted: the rest was not judged"})
	}
	if n := r.Control.Sessions; n > 0 {
		r.Gate.add(GateReason{Incomplete, Drift.String(), strconv.Itoa(n), "0",
			fmt.Sprintf("%s drifted: today's engine doesn't give the recorded verdicts, so changes in them are not claimed", plural(n, "session"))})
	}
	if s := cfg.MinExactFidelity; s.Set && s.compare(r.Corpus.Fidelity.Exact, r.Corpus.Steps) < 0 {
		r.Gate.add(GateReason{Failed, "exact_fidelity", fmt.Sprintf("%d of %d", r.Corpus.Fidelity.Exact, r.Corpus.Steps), s.String(),
			"too few entries stand for their originals exactly"})
	}
	for i := range r.Comparisons {
		r.Comparisons[i].identify(&r.Baseline)
	}
	r.accept(cfg)
	both := slices.ContainsFunc(r.Comparisons, func(c Comparison) bool { return c.Mode == Observed })
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		c.Gate = Gate{Status: Passed, Reasons: []GateReason{}}
		c.judge(cfg)
		if both && c.Mode == Causal {
			continue // the gate is the observed one's
		}
		for _, reason := range c.Gate.Reasons {
			r.Gate.add(reason)
		}
	}
}

// verify gates a run of the A/A alone.
func (r *Result) verify(cfg *GateConfig) {
	c := &r.Control
	if c.Compared+c.NotEvaluable == 0 && !cfg.AllowEmpty {
		r.Gate.add(GateReason{Incomplete, "empty", "0", "1", "no step has a recorded verdict: there is nothing to verify"})
	}
	budget := cfg.MaxNotEvaluable
	if !budget.Set {
		budget = noneAllowed
	}
	if budget.Exceeded(c.NotEvaluable, c.Compared+c.NotEvaluable) {
		r.Gate.add(GateReason{Failed, NotEvaluable.String(), strconv.Itoa(c.NotEvaluable), budget.String(),
			plural(c.NotEvaluable, "recorded verdict") + " can't be had from the stored bytes"})
	}
}

var noneAllowed = Budget{Set: true, text: "0"}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// judge fills in the candidate's gate.
func (c *Comparison) judge(cfg *GateConfig) {
	failOn := cfg.FailOn
	if failOn == nil {
		failOn = DefaultFailOn
	}
	budgets := map[Class]Budget{NewlyDenied: cfg.MaxNewlyDenied, NotEvaluable: cfg.MaxNotEvaluable}
	for _, class := range failOn {
		if !budgets[class].Set {
			budgets[class] = noneAllowed
		}
	}
	if x := &c.Expectations; x.Failed > 0 {
		c.Gate.add(GateReason{Failed, "expectation", strconv.Itoa(x.Failed), "0",
			fmt.Sprintf("%s: %s of the cases, such as that of %s, don't hold", c.Candidate.Name, plural(x.Failed, "expectation"), x.Failures[0].Step)})
	}
	if s := cfg.MinCoverage; s.Set && s.compare(c.Matched, c.Candidate.Rules) < 0 {
		c.Gate.add(GateReason{Failed, "coverage", fmt.Sprintf("%d of %d", c.Matched, c.Candidate.Rules), s.String(),
			fmt.Sprintf("%s: only %d of its %s matched anything", c.Candidate.Name, c.Matched, plural(c.Candidate.Rules, "rule"))})
	}
	for _, n := range c.Classes {
		b := budgets[n.Class]
		if n.Class == Drift || !b.Exceeded(c.open(n.Class), c.Compared+c.Count(NotEvaluable)) {
			continue
		}
		got := c.open(n.Class)
		c.Gate.add(GateReason{Failed, n.Class.String(), strconv.Itoa(got), b.String(),
			fmt.Sprintf("%s: %d %s%s, at most %s allowed", c.Candidate.Name, got, n.Class, c.tellAccepted(n.Class), b)})
	}
}
