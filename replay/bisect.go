package replay

import (
	"fmt"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Revision is one state of a policy's history.
type Revision struct {
	// Name is the commit's.
	Name string
	// Load compiles the policy as it was; an error skips the revision.
	Load func() (*policy.Policy, error)
}

// A Culprit is the revision that changed a verdict.
type Culprit struct {
	// Before is the last revision that judges as the oldest does, After the first
	// known one that doesn't: the culprit, or the last of those that can be.
	Before string `json:"before"`
	After  string `json:"after"`
	// Between are the revisions between them that don't load: any may be the culprit.
	Between []string       `json:"between,omitempty"`
	Class   Class          `json:"class"`
	From    policy.Verdict `json:"from"`
	To      policy.Verdict `json:"to"`
	// Judged counts the revisions that were tried, Skipped those that don't load.
	Judged  int `json:"judged"`
	Skipped int `json:"skipped"`
}

// Bisect finds the revision, of those from the oldest to the newest, that changed
// the verdict on a step of a case. Another rule or reason for the same outcome is
// no change. If the outcome went to and fro, it finds one of the changes.
func Bisect(c *corpus.Case, stepNumber int, revisions []Revision) (*Culprit, error) {
	if stepNumber < 0 || stepNumber >= len(c.Steps) {
		return nil, fmt.Errorf("bisecting: the session has %d steps, and no step %d", len(c.Steps), stepNumber)
	}
	b := bisector{c: c, step: stepNumber, revisions: revisions, verdicts: map[int]*policy.Verdict{}}
	lo, hi := 0, len(revisions)-1
	for lo < len(revisions) && b.verdict(lo) == nil {
		lo++
	}
	for hi > lo && b.verdict(hi) == nil {
		hi--
	}
	if lo >= hi {
		return nil, fmt.Errorf("bisecting: of %d revisions of the policy, fewer than two load", len(revisions))
	}
	first := b.verdict(lo)
	differs := func(i int) bool {
		_, changed := Changes(first, b.verdict(i))
		return changed
	}
	if !differs(hi) {
		return nil, fmt.Errorf("bisecting: %s and %s judge the step alike (%s)", revisions[lo].Name, revisions[hi].Name, first.Action)
	}
	for {
		mid := b.between(lo, hi)
		if mid < 0 {
			break
		}
		if differs(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	out := &Culprit{
		Before: revisions[lo].Name, After: revisions[hi].Name, From: *b.verdict(lo), To: *b.verdict(hi),
		Judged: b.judged, Skipped: b.skipped,
	}
	out.Class, _ = compare(b.verdict(lo), b.verdict(hi))
	for i := lo + 1; i < hi; i++ {
		out.Between = append(out.Between, revisions[i].Name)
	}
	return out, nil
}

type bisector struct {
	c               *corpus.Case
	step            int
	revisions       []Revision
	verdicts        map[int]*policy.Verdict
	judged, skipped int
}

// verdict returns what a revision says of the step, nil if it doesn't load.
func (b *bisector) verdict(i int) *policy.Verdict {
	if v, known := b.verdicts[i]; known {
		return v
	}
	b.verdicts[i] = nil
	p, err := b.revisions[i].Load()
	if err != nil {
		b.skipped++
		return nil
	}
	b.judged++
	s := candidate(p)
	for k := range b.c.Steps[:b.step+1] {
		if e := step(s, b.c.Steps[k].Frame); k == b.step {
			b.verdicts[i] = &e.Clone().Verdict
		}
	}
	return b.verdicts[i]
}

// between returns the revision nearest to the middle that loads, or -1.
func (b *bisector) between(lo, hi int) int {
	mid := (lo + hi) / 2
	for d := 0; mid-d > lo || mid+d < hi; d++ {
		for _, i := range []int{mid - d, mid + d} {
			if i > lo && i < hi && b.verdict(i) != nil {
				return i
			}
		}
	}
	return -1
}
