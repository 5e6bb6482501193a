package replay

import (
	"fmt"
	"iter"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// Expectations counts what the cases assert of a candidate (corpus.Step.Want).
type Expectations struct {
	Held   int `json:"held"`
	Failed int `json:"failed"`
	// Failures are the first MaxFailures that don't hold.
	Failures []Failure `json:"failures,omitempty"`
}

// MaxFailures bounds Expectations.Failures.
const MaxFailures = 100

// A Failure is a step that was judged otherwise than its case wants.
type Failure struct {
	Source  string `json:"source"`
	Case    string `json:"case"`
	Step    string `json:"step"`
	Differs string `json:"differs"` // what, as corpus.Expectation.Mismatch says it
}

// expect checks a step's expectation, if it has one.
func (n *Expectations) expect(c *corpus.Case, st *corpus.Step, e *policy.Event) {
	if st.Want == nil {
		return
	}
	differs := st.Want.Mismatch(e)
	if differs == "" {
		n.Held++
		return
	}
	n.Failed++
	if len(n.Failures) < MaxFailures {
		shown, _ := display([]byte(differs), MaxMessage)
		n.Failures = append(n.Failures, Failure{c.Source, c.ID, st.ID, shown})
	}
}

func (n *Expectations) plus(o *Expectations) {
	n.Held += o.Held
	n.Failed += o.Failed
	n.Failures = append(n.Failures, o.Failures[:min(len(o.Failures), MaxFailures-len(n.Failures))]...)
}

// known yields the cases, and an error at the first that wants a rule which a
// candidate doesn't have: a misspelt id must not pass for one that never decides.
func known(cases iter.Seq2[corpus.Case, error], candidates []*policy.Policy) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for c, err := range cases {
			if err == nil {
				err = unknownRule(&c, candidates)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func unknownRule(c *corpus.Case, candidates []*policy.Policy) error {
	for i := range c.Steps {
		want := c.Steps[i].Want
		if want == nil || want.Rule == "" || want.Rule == "default" || strings.HasPrefix(want.Rule, "engine:") {
			continue
		}
		for _, p := range candidates {
			if p.Rule(want.Rule) == nil {
				return fmt.Errorf("%s: step %s wants rule %q, and %s has none of that id", c.Source, c.Steps[i].ID, want.Rule, p.Name)
			}
		}
	}
	return nil
}
