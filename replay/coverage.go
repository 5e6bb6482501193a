package replay

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// CoverageVersion names the JSON form of a Coverage.
const CoverageVersion = "rulewind.coverage/1"

// A Coverage says what the cases exercise of a policy.
type Coverage struct {
	Version string         `json:"version"`
	Policy  PolicyRef      `json:"policy"`
	Cases   int            `json:"cases"`
	Steps   int            `json:"steps"`
	Rules   []RuleCoverage `json:"rules"` // in the order of evaluation
	// Default counts the messages that no rule decided.
	Default     int  `json:"default"`
	Interrupted bool `json:"interrupted,omitempty"`
}

// A RuleCoverage counts messages by what a rule made of them.
type RuleCoverage struct {
	Rule   string        `json:"rule"`
	Pos    string        `json:"pos"`
	Action policy.Action `json:"action"`
	// Evaluated: the walk came to the rule. Matched: and its conditions held.
	// Decided: and it ended the walk. Overridden: they would have held, but an
	// earlier rule had decided.
	Evaluated  int `json:"evaluated"`
	Matched    int `json:"matched"`
	Decided    int `json:"decided"`
	Overridden int `json:"overridden"`
	// Conditions are the rule's conditions with how often each held and didn't.
	Conditions []ConditionCoverage `json:"conditions"`
	// Zero says why the rule never matched, "" if it did.
	Zero string `json:"zero,omitempty"`
}

// A ConditionCoverage counts how often a condition held, each time it was asked,
// also by messages that another rule had decided.
type ConditionCoverage struct {
	Pos   string `json:"pos"`
	Text  string `json:"text"`
	True  int    `json:"true"`
	False int    `json:"false"`
}

// Covered counts the rules that matched at least once, of all.
func (c *Coverage) Covered() (matched, rules int) {
	for i := range c.Rules {
		if c.Rules[i].Matched > 0 {
			matched++
		}
	}
	return matched, len(c.Rules)
}

// Meets reports whether the share of rules that matched is at least the one
// wanted, in integers: 99.999 % isn't 100 %.
func (c *Coverage) Meets(least Share) bool {
	return !least.Set || least.compare(c.Covered()) >= 0
}

// Cover judges the cases by the policy with the trace on. Workers is as in Config.
func Cover(ctx context.Context, cases iter.Seq2[corpus.Case, error], p *policy.Policy, workers int) (*Coverage, error) {
	total := newCoverCount(p)
	interrupted, err := each(ctx, cases, workers, func() func(*corpus.Case) *coverCount {
		return func(c *corpus.Case) *coverCount {
			n := newCoverCount(p)
			n.run(p, c)
			return n
		}
	}, total.plus)
	if err != nil {
		return nil, fmt.Errorf("covering: %w", err)
	}
	out := &Coverage{
		Version: CoverageVersion, Policy: refOf(p), Cases: total.cases, Steps: total.steps, Rules: total.rules,
		Default: total.others, Interrupted: interrupted,
	}
	for i := range out.Rules {
		out.Rules[i].Zero = total.why(i)
	}
	return out, nil
}

// A coverCount adds up.
type coverCount struct {
	cases, steps, others int
	rules                []RuleCoverage
	index                map[string]int // of the rules
	// by counts, for each rule, which rule decided where its conditions held.
	by []map[string]int
}

func newCoverCount(p *policy.Policy) *coverCount {
	n := &coverCount{index: map[string]int{}, by: make([]map[string]int, len(p.Rules))}
	for i, r := range p.Rules {
		n.index[r.ID] = i
		n.rules = append(n.rules, RuleCoverage{Rule: r.ID, Pos: r.Pos, Action: r.Action, Conditions: []ConditionCoverage{}})
		n.by[i] = map[string]int{}
	}
	return n
}

func (n *coverCount) run(p *policy.Policy, c *corpus.Case) {
	n.cases = 1
	s := candidate(p)
	for i := range c.Steps {
		st := &c.Steps[i]
		s.Trace = !st.Synthetic
		e := step(s, st.Frame)
		if !st.Synthetic {
			n.event(e)
		}
	}
}

// event takes in one trace. Rules after the one that decided are traced too.
func (n *coverCount) event(e *policy.Event) {
	n.steps++
	if e.Verdict.Rule == "default" {
		n.others++
	}
	decided := false
	for _, t := range e.Trace {
		i, known := n.index[t.Rule]
		if !known {
			continue
		}
		r := &n.rules[i]
		for _, c := range t.Conds {
			r.condition(c, 1)
		}
		switch {
		case decided && t.Matched:
			r.Overridden++
			n.by[i][e.Verdict.Rule]++
		case decided:
		default:
			r.Evaluated++
			if t.Matched {
				r.Matched++
			}
			if decided = t.Rule == e.Verdict.Rule; decided {
				r.Decided++
			}
		}
	}
}

func (r *RuleCoverage) condition(c policy.CondTrace, times int) {
	i := slices.IndexFunc(r.Conditions, func(o ConditionCoverage) bool { return o.Pos == c.Pos && o.Text == c.Text })
	if i < 0 {
		i = len(r.Conditions)
		r.Conditions = append(r.Conditions, ConditionCoverage{Pos: c.Pos, Text: c.Text})
	}
	if c.Held {
		r.Conditions[i].True += times
	} else {
		r.Conditions[i].False += times
	}
}

func (n *coverCount) plus(o *coverCount) {
	n.cases += o.cases
	n.steps += o.steps
	n.others += o.others
	for i := range n.rules {
		a, b := &n.rules[i], &o.rules[i]
		a.Evaluated += b.Evaluated
		a.Matched += b.Matched
		a.Decided += b.Decided
		a.Overridden += b.Overridden
		for _, c := range b.Conditions {
			a.condition(policy.CondTrace{Pos: c.Pos, Text: c.Text, Held: true}, c.True)
			a.condition(policy.CondTrace{Pos: c.Pos, Text: c.Text}, c.False)
		}
		for rule, times := range o.by[i] {
			n.by[i][rule] += times
		}
	}
}

// why says why a rule never matched.
func (n *coverCount) why(i int) string {
	r := &n.rules[i]
	switch {
	case r.Matched > 0:
		return ""
	case r.Overridden > 0:
		return "an earlier rule decides each message that it would match: " + n.usual(i)
	case r.Evaluated == 0 && len(r.Conditions) == 0:
		return "no message goes in its direction"
	}
	for _, c := range r.Conditions {
		if c.True == 0 {
			return fmt.Sprintf("never holds: %s (%s)", c.Text, c.Pos)
		}
	}
	if r.Evaluated == 0 {
		return "earlier rules decide every message in its direction"
	}
	return "its conditions hold, but never all for one message"
}

// usual returns the rule that decides most of a rule's messages.
func (n *coverCount) usual(i int) string {
	best, most := "", 0
	for rule, times := range n.by[i] {
		if times > most || times == most && rule < best {
			best, most = rule, times
		}
	}
	return best + " (" + strconv.Itoa(most) + " times)"
}
