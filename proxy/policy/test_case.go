package policy

import "github.com/rulewind/rulewind/proxy/mcp"

// A TestCase is a test of a policy as a session of frames.
type TestCase struct {
	Name, Pos string
	Frames    []mcp.Frame
	// Wants are the verdicts wanted, in the order of their frames.
	Wants []TestWant
}

// A TestWant is the action wanted of a frame, and the rule that is to decide it, ""
// if any may.
type TestWant struct {
	Frame  int
	Action Action
	Rule   string
}

// TestCases returns the tests of the policy's own file, in order.
func (p *Policy) TestCases() []TestCase {
	var out []TestCase
	for _, t := range p.tests {
		c := TestCase{Name: t.Name, Pos: t.Pos, Frames: t.frames}
		for _, x := range t.checks {
			c.Wants = append(c.Wants, TestWant{x.frame, x.want, x.rule})
		}
		out = append(out, c)
	}
	return out
}
