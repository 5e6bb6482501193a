package policy

import (
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Covers reports whether the findings of a message in that direction, judged by p,
// hold all that q's rules ask for: then Event.Pins of the one can stand in for
// detection in the other (mcp.Frame.Pins).
func (p *Policy) Covers(q *Policy, d mcp.Dir) bool {
	return q.families[d]&^(p.families[d]|detect.Secrets) == 0
}
