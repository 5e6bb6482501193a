package corpus

import (
	"fmt"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Tests returns the tests that stand in a policy's own file as cases, which assert
// what the tests want. Their source is the file's name.
func Tests(p *policy.Policy) []Case {
	var out []Case
	for n, t := range p.TestCases() {
		c := Case{ID: fmt.Sprintf("tests[%d]", n), Source: p.Name, Missing: NoVerdict | NoClock}
		for i, f := range t.Frames {
			c.Steps = append(c.Steps, Step{ID: fmt.Sprintf("%s:%d", t.Pos, i), Frame: f, Fidelity: policy.Exact, Synthetic: i == 0})
		}
		for _, w := range t.Wants {
			c.Steps[w.Frame].Want = &Expectation{Action: w.Action, Rule: w.Rule}
		}
		out = append(out, c)
	}
	return out
}
