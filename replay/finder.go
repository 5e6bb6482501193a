package replay

import (
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A finder hands what the baseline's session has found in a frame to the
// candidates, since detection is most of the work. Pinned findings give the same
// event as detection does (law L2).
type finder struct {
	frame   mcp.Frame
	session *policy.Session
	event   *policy.Event // of frame in session, its last; nil if there is none
	off     bool

	pins  []mcp.Pin
	asked bool // for pins
}

// frameFor returns the frame as the policy's session should get it.
func (x *finder) frameFor(p *policy.Policy) mcp.Frame {
	f := x.frame
	if x.off || f.Pinned || f.Kind != mcp.MessageFrame || x.event == nil || failed(&x.event.Verdict) ||
		!x.session.Covers(p, f.Dir) {
		return f
	}
	if !x.asked {
		x.asked = true
		x.pins = x.event.Pins()
	}
	f.Pins, f.Pinned = x.pins, true
	return f
}
