package proxy

import (
	"errors"
	"fmt"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// What a gate does when it can't record (law L4): all that is not recorded is kept
// back. Who awaits an answer gets a refusal, once. From then on each message is
// refused unjudged, until a new recording can be begun. It is a new session: the
// old one can't go on, since a replay of it would miss what was not recorded.

// retryAfter is how long a gate that can't record waits before it tries again.
const retryAfter = time.Second

// ErrAudit is wrapped by the errors of a gate that can't record.
var ErrAudit = errors.New("audit-unavailable")

// lost is called by the queues for a parcel whose record could not be committed.
func (g *Gate) lost(epoch int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if epoch == g.epoch {
		g.fail(err)
	}
}

// fail ends the session: what awaits an answer is refused, and what was recorded
// but not sent yet is not sent any more. It is called with g.mu held.
func (g *Gate) fail(err error) {
	if g.broken || g.closed {
		return
	}
	g.broken, g.retry = true, g.last+int64(retryAfter)
	g.epoch++
	for _, dir := range [...]mcp.Dir{mcp.ToServer, mcp.ToClient} {
		g.out[dir].drop(g.epoch)
		for _, id := range g.session.Pending(dir) {
			g.sendRefusal(dir.Reverse(), mcp.NoDir, id, "recording failed, so the answer can't be passed on; whether the call was made is not known")
		}
		g.out[dir.Reverse()].wake(1)
	}
	g.report(fmt.Errorf("%w: %w", ErrAudit, err))
}

// recover begins a new session if recording works again. It is called with g.mu
// held, like everything that decides what is judged by which session.
func (g *Gate) recover() bool {
	if g.last < g.retry {
		return false
	}
	g.retry = g.last + int64(retryAfter)
	g.fact.Basis = "after a recording gap"
	if g.open() != nil {
		return false
	}
	g.report(nil)
	return true
}

// notMade is what a refused request's sender is told.
const notMade = "the call can't be recorded, so it is not made"

// refuseUnrecorded answers a message that was judged, but not recorded. Requests
// that would have passed wait for an answer, so fail has refused them already.
func (g *Gate) refuseUnrecorded(f mcp.Frame, ev *policy.Event) {
	for _, o := range ev.Out {
		switch contents(f, o) {
		case answer:
			g.sendRefusal(o.To, f.Dir, o.ID, notMade)
		case refusals:
			g.out[o.To].push(f.Dir, parcel{what: refusals}, o.Bytes)
		}
	}
}

// refuseUnjudged answers a request while nothing can be recorded. Anything else is
// dropped: who awaited an answer has had a refusal.
func (g *Gate) refuseUnjudged(f mcp.Frame) {
	var id mcp.ID
	switch f.Kind {
	case mcp.MessageFrame:
		m, err := g.dec.Decode(f.Raw)
		var reject *mcp.Reject
		switch {
		case err == nil && m.Kind == mcp.Request:
			id = m.ID
		case errors.As(err, &reject) && !reject.IsAnswer:
			id = reject.ID
		}
	case mcp.OversizeFrame:
		if oversize, isAnswer := mcp.OversizeID(f.Raw); !isAnswer {
			id = oversize
		}
	}
	if id != "" {
		g.sendRefusal(f.Dir.Reverse(), f.Dir, id, notMade)
	}
}

func (g *Gate) sendRefusal(to, from mcp.Dir, id mcp.ID, why string) {
	g.out[to].push(from, parcel{what: refusals}, auditRefusal(nil, id, why))
}

func auditRefusal(dst []byte, id mcp.ID, why string) []byte {
	return mcp.AppendRefusal(dst, id, mcp.Refusal{
		Number: mcp.RefuseDenied, Message: "Rulewind: " + why, Code: policy.CodeAudit, Reason: "audit-unavailable",
	})
}
