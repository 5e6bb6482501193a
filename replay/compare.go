package replay

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/policy"
)

// compare classes the candidate's verdict on a message against the baseline's.
func compare(b, c *policy.Verdict) (class Class, changed bool) {
	if failed(c) && !failed(b) {
		return ErrorNew, true
	}
	if b.Action != c.Action {
		return actionChange(b.Action, c.Action), true
	}
	if b.Action == policy.Redact {
		if uncovered(b.Redactions, c.Redactions) > 0 {
			return RedactionLost, true
		}
		if uncovered(c.Redactions, b.Redactions) > 0 {
			return RedactionGained, true
		}
	}
	switch {
	case b.Rule != c.Rule || !slices.Equal(b.Matched, c.Matched):
		return RuleChanged, true
	case !slices.Equal(b.Findings, c.Findings):
		return FindingsChanged, true
	case b.Code != c.Code || b.Reason != c.Reason || b.Severity != c.Severity:
		return ReasonChanged, true
	}
	return 0, false
}

// Changes reports whether the second verdict lets something else leave than the first:
// what replaces which bytes counts, rules and reasons don't.
func Changes(from, to *policy.Verdict) (class Class, changed bool) {
	class, changed = compare(from, to)
	return class, changed && class.Direction() != Neutral
}

// actionChange classes two different actions.
func actionChange(from, to policy.Action) Class {
	switch {
	case stops(from) && !stops(to):
		return NewlyAllowed
	case from == policy.Deny: // to ask
		return Loosened
	case from == policy.Redact && to == policy.Allow:
		return RedactionLost
	case from == policy.Allow && to == policy.Redact:
		return RedactionGained
	case to == policy.Deny && from != policy.Ask:
		return NewlyDenied
	}
	return Tightened
}

// stops reports whether the message doesn't reach the other side.
func stops(a policy.Action) bool { return a == policy.Deny || a == policy.Ask }

// ruleFailed stands for the rule in the verdict on a message that made the engine
// fail.
const ruleFailed = "engine:failed"

func failed(v *policy.Verdict) bool { return v.Rule == ruleFailed }

// uncovered counts the bytes of the ranges that other doesn't cover. Both are in
// order and without overlap.
func uncovered(ranges, other []policy.Redaction) int {
	n, j := 0, 0
	for _, r := range ranges {
		at := r.Start
		for j < len(other) && other[j].End <= at {
			j++
		}
		for k := j; k < len(other) && other[k].Start < r.End; k++ {
			n += max(other[k].Start-at, 0)
			at = max(at, other[k].End)
		}
		n += max(r.End-at, 0)
	}
	return n
}

// differing counts the bytes of a message that only one of two redactions replaces.
func differing(b, c *policy.Verdict) int {
	return uncovered(b.Redactions, c.Redactions) + uncovered(c.Redactions, b.Redactions)
}

// differences names the parts in which a recorded event and today's differ.
// Reasons and positions are words for people, and not compared. digest is false
// where earlier steps couldn't be reproduced, so that the state can't be either.
func differences(recorded, now *policy.Event, digest bool) (out []string) {
	r, n := &recorded.Verdict, &now.Verdict
	add := func(differs bool, what string) {
		if differs {
			out = append(out, what)
		}
	}
	add(r.Action != n.Action, "action")
	add(r.Rule != n.Rule, "rule")
	add(r.Code != n.Code, "code")
	add(!slices.Equal(r.Matched, n.Matched), "matched")
	add(!slices.Equal(r.Findings, n.Findings), "findings")
	add(!slices.Equal(r.Redactions, n.Redactions), "redactions")
	add(digest && recorded.Digest != now.Digest, "digest")
	return out
}
