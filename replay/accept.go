package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
)

// An Acceptance says that somebody has looked at a group of changes and wants it.
// It is bound to the result that was shown: to its groups and counts, and to both
// policies. When any of them changes it is stale, and has to be given again.
type Acceptance struct {
	Group string `json:"group" yaml:"group"`
	// Result is Comparison.ID of the result that was shown.
	Result string `json:"result" yaml:"result"`
	// Baseline and Candidate are the policies' digests; Baseline is "recorded" where
	// each session's own policy was.
	Baseline  string `json:"baseline" yaml:"baseline"`
	Candidate string `json:"candidate" yaml:"candidate"`
	// Reason says why; a loosening needs one.
	Reason string `json:"reason,omitempty" yaml:"reason,omitempty"`
	// Expires is the last day on which it holds, such as 2026-12-31; "" is for good.
	Expires string `json:"expires,omitempty" yaml:"expires,omitempty"`
}

// Accept makes the acceptance of a group of a result. An unknown group, and a
// loosening without a reason, is an error.
func (r *Result) Accept(group, reason, expires string) ([]Acceptance, error) {
	var out []Acceptance
	for i := range r.Comparisons {
		given, err := r.Comparisons[i].Accept(&r.Baseline, group, reason, expires)
		if err != nil {
			return nil, err
		}
		out = append(out, given...)
	}
	if out == nil {
		return nil, fmt.Errorf("accepting group %s: the result has no such group", group)
	}
	return out, nil
}

// Accept makes the acceptance of a group of a comparison with the result's baseline;
// none if it has no such group.
func (c *Comparison) Accept(b *Baseline, group, reason, expires string) ([]Acceptance, error) {
	for k := range c.Groups {
		g := &c.Groups[k]
		if g.ID != group {
			continue
		}
		if g.Direction == Loosening && reason == "" {
			return nil, fmt.Errorf("accepting group %s: it is a loosening, and needs a reason", group)
		}
		return []Acceptance{{group, c.ID, b.word(), c.Candidate.Digest, reason, expires}}, nil
	}
	return nil, nil
}

// A StaleAcceptance is one that doesn't hold for a result, and why.
type StaleAcceptance struct {
	Acceptance
	Problem string
}

// Stale lists the acceptances that don't hold for the result. Each fails its gate.
func (r *Result) Stale(cfg *GateConfig) (out []StaleAcceptance) {
	for _, a := range cfg.Accepted {
		if problem := r.apply(&a, cfg.Today); problem != "" {
			out = append(out, StaleAcceptance{a, problem})
		}
	}
	return out
}

// Judge judges the result by another gate.
func (r *Result) Judge(cfg *GateConfig) {
	for i := range r.Comparisons {
		for k := range r.Comparisons[i].Groups {
			g := &r.Comparisons[i].Groups[k]
			g.Accepted, g.Reason = false, ""
		}
	}
	r.judge(cfg)
}

// word names the baseline in an acceptance.
func (b *Baseline) word() string {
	if b.Recorded {
		return "recorded"
	}
	return b.Policy.Digest
}

// identify sets the comparison's ID: a hash over what it compares and found.
func (c *Comparison) identify(b *Baseline) {
	h := sha256.New()
	for _, s := range []string{b.word(), b.Policy.Digest, c.Candidate.Digest} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	for _, g := range c.Groups {
		fmt.Fprintf(h, " %s=%d", g.ID, g.Count)
		if g.Bytes > 0 {
			fmt.Fprintf(h, "/%d", g.Bytes)
		}
	}
	if c.Mode != Observed {
		fmt.Fprintf(h, " %s", c.Mode)
	}
	c.ID = hex.EncodeToString(h.Sum(nil)[:8])
}

// accept marks the groups that are accepted, and gives the gate a reason for each
// acceptance that doesn't hold.
func (r *Result) accept(cfg *GateConfig) {
	for _, a := range cfg.Accepted {
		if problem := r.apply(&a, cfg.Today); problem != "" {
			r.Gate.add(GateReason{Failed, "acceptance", a.Group, "", "the acceptance of group " + a.Group + " " + problem})
		}
	}
}

// apply marks the group of an acceptance, or says why it doesn't hold.
func (r *Result) apply(a *Acceptance, today string) string {
	i := slices.IndexFunc(r.Comparisons, func(c Comparison) bool { return c.Candidate.Digest == a.Candidate && c.ID == a.Result })
	if i < 0 {
		i = slices.IndexFunc(r.Comparisons, func(c Comparison) bool { return c.Candidate.Digest == a.Candidate })
	}
	switch {
	case i < 0 || a.Baseline != r.Baseline.word():
		return "is stale: it is for other policies; look at the result again"
	case a.Result != r.Comparisons[i].ID:
		return "is stale: it is for another result of these policies; look at the new one"
	case a.Expires != "" && (today == "" || a.Expires < today):
		return "has expired on " + a.Expires
	}
	c := &r.Comparisons[i]
	k := slices.IndexFunc(c.Groups, func(g Group) bool { return g.ID == a.Group })
	switch {
	case k < 0:
		return "is for a group that isn't there; remove it"
	case c.Groups[k].Direction == Loosening && a.Reason == "":
		return "gives no reason, which a loosening needs"
	}
	c.Groups[k].Accepted = true
	c.Groups[k].Reason = a.Reason
	return ""
}

// open counts the changes of a class that nobody has accepted.
func (c *Comparison) open(class Class) int {
	n := c.Count(class)
	for i := range c.Groups {
		if g := &c.Groups[i]; g.Class == class && g.Accepted {
			n -= g.Count
		}
	}
	return n
}

// tellAccepted says how many of a class' changes were accepted, for a reason's text.
func (c *Comparison) tellAccepted(class Class) string {
	if n := c.Count(class) - c.open(class); n > 0 {
		return " (besides " + strconv.Itoa(n) + " accepted)"
	}
	return ""
}
