package proxy

import (
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// killEvery is how often the kill switch is looked at while messages come.
const killEvery = int64(20 * time.Millisecond)

// lookOutside enters what a message can be judged by and isn't in it: the kill switch,
// its caller, and where its paths lead. It is called with g.mu held.
func (g *Gate) lookOutside(f *mcp.Frame) {
	g.lookAtSwitch(f)
	if f.Dir == mcp.ToServer {
		g.lookAtCaller(f)
		g.lookAtPaths(f)
	}
}

func (g *Gate) lookAtSwitch(f *mcp.Frame) {
	if f.At-g.looked >= killEvery || g.looked == 0 {
		g.looked = f.At
		if on, reason := g.kill(); on != g.killed {
			g.killed = on
			g.enter(policy.Fact{Name: policy.FactKill, On: on, Reason: reason}, f.At)
		}
	}
}

func (g *Gate) lookAtCaller(f *mcp.Frame) {
	if g.callers == nil {
		return
	}
	if f.Kind != mcp.MessageFrame {
		f.Raw = g.callers.blank(f.Raw)
		return
	}
	raw, who := g.callers.identify(f.Raw)
	f.Raw = raw
	if last := &g.callers.last; who.Caller != last.Caller || who.Refused != last.Refused {
		*last = who
		g.enter(who, f.At)
	}
}

// lookAtPaths enters where the paths of a call lead. Between this and what the server
// does a link can change: who can make links where the server reads should be kept
// from it by the server's own means.
func (g *Gate) lookAtPaths(f *mcp.Frame) {
	if g.real == nil || f.Kind != mcp.MessageFrame || !g.session.Policy().AsksPaths() {
		return
	}
	m, err := g.dec.Decode(f.Raw)
	if err != nil {
		return
	}
	var real map[string]string
	for _, t := range policy.PathTexts(m) {
		if to := g.real(t); to != "" {
			if real == nil {
				real = map[string]string{}
			}
			real[t] = to
		}
	}
	if real != nil {
		g.enter(policy.Fact{Name: policy.FactPaths, Paths: real}, f.At)
	}
}

func (g *Gate) enter(f policy.Fact, at int64) {
	g.step(mcp.Frame{At: at, Kind: mcp.FactFrame, Raw: f.JSON()})
}

// follow takes over a changed policy: the next session begins under it, also if there
// was none to tell because recording fails. It is called with g.mu held.
func (g *Gate) follow(sources []policy.Source) {
	p := g.session.Policy()
	if g.broken {
		loaded, err := policy.LoadSources(sources)
		if err != nil {
			return // as the session would
		}
		p = loaded
	}
	if p == g.policy {
		return
	}
	g.policy = p
	c, err := newCallers(g.policy, g.env)
	if err != nil {
		g.report(err)
		c = &callers{} // that knows nobody
	}
	if c != nil && g.callers != nil {
		c.last = g.callers.last
	}
	g.callers = c
}

// schedule sees to it that the session learns of the time when something is overdue.
// It is called with g.mu held.
func (g *Gate) schedule() {
	if g.closed {
		return
	}
	at := g.session.Deadline()
	if at == 0 || g.due != 0 && g.due <= at {
		return
	}
	g.due = at
	wait := time.Duration(max(at-g.clock().UnixNano(), 0))
	if g.timer == nil {
		g.timer = time.AfterFunc(wait, g.tick)
		return
	}
	g.timer.Reset(wait)
}

// tick is run by the timer.
func (g *Gate) tick() {
	g.mu.Lock()
	g.due = 0
	if g.closed || g.broken {
		g.mu.Unlock()
		return
	}
	if at := g.session.Deadline(); at != 0 && g.now() >= at {
		g.enter(policy.Fact{Name: policy.FactClock}, g.last)
	}
	g.schedule()
	g.mu.Unlock()
	g.out[mcp.ToClient].wake(1)
	g.out[mcp.ToServer].wake(1)
}
