package main

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

// A checkResult is the JSON of check. Scripts depend on it.
type checkResult struct {
	Policy policyRef     `json:"policy"`
	Exit   int           `json:"exit"`
	Event  *policy.Event `json:"event"`
	// CallStopped is set if an answer was asked about, but the verdict is on its
	// call, which is stopped.
	CallStopped bool `json:"call_stopped,omitempty"`
}

type policyRef struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

func newCheckResult(p *policy.Policy, e *policy.Event, early bool) checkResult {
	return checkResult{policyRef{p.Name, p.Digest}, verdictCode(e.Verdict.Action), e, early}
}

func printVerdict(e *env, event *policy.Event, explain bool) {
	w, pt, v := e.Stdout, e.painter(e.Stdout), &event.Verdict
	where := ""
	if v.Pos != "" {
		where = "  " + pt.soft(v.Pos)
	}
	fmt.Fprintf(w, "%s  %s%s\n", pt.action(v.Action, v.Action.String()), v.Rule, where)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-9s %s\n", name, reports.Visible(value))
		}
	}
	line("reason", v.Reason)
	line("code", v.Code)
	line("severity", v.Severity)
	for _, f := range v.Findings {
		line("found", findingText(f))
	}
	for _, r := range v.Redactions {
		line("replaced", fmt.Sprintf("%s in bytes %d to %d", r.Kind, r.Start, r.End))
	}
	if explain {
		fmt.Fprintln(w)
		for i := range event.Trace {
			printTrace(w, pt, i, &event.Trace[i])
		}
	}
}

func findingText(f policy.Finding) string {
	at := f.Pointer
	if at == "" {
		at = "the message"
	}
	text := fmt.Sprintf("%s at %s, characters %d to %d", f.Kind, at, f.Start, f.End)
	if f.View != "" && f.View != "raw" {
		text += ", read as " + f.View
	}
	return text
}

func printTrace(w io.Writer, pt paint, i int, t *policy.RuleTrace) {
	mark := "did not match"
	if t.Matched {
		mark = "matched"
	}
	fmt.Fprintf(w, "%3d. %s  %s  %s  %s\n", i+1, pt.bold(t.Rule), pt.action(t.Action, t.Action.String()), mark, pt.soft(t.Pos))
	for _, c := range t.Conds {
		sign := "✗"
		if c.Held {
			sign = "✓"
		}
		why := ""
		if c.Why != "" {
			why = ": " + c.Why
		}
		fmt.Fprintf(w, "       %s %s%s\n", sign, reports.Visible(c.Text), reports.Visible(why))
	}
	if t.Flip != "" {
		fmt.Fprintf(w, "       %s %s\n", pt.soft("to flip:"), reports.Visible(t.Flip))
	}
}
