// Package proxy is the live shell around the engine: it stands between a client and
// its server, has every message judged and recorded, and lets pass what may.
//
// It guarantees law L4: nothing is forwarded whose verdict is not recorded first.
// It keeps the order of messages in each direction, and no message is held in
// memory beyond a bound. The engine's purity is its work too: the only clock is
// here, and every outside fact enters the session as a frame.
package proxy

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Recorder takes the frames of one session with their events.
type Recorder interface {
	// Append takes the frame's place in the log, in the order of the calls. It must
	// be cheap, and copies what it keeps. wait returns once the entry is committed;
	// it may be called more than once.
	Append(f mcp.Frame, ev *policy.Event) (wait func() error, err error)
}

// A Gate judges the messages of one session and hands them on. Its methods may be
// called from several goroutines: one reads the client, one the server.
//
//	reader -> Pass: lock, Step, Append, queue, unlock
//	       -> Deliver: wait for the commit, then write, in order
//
// A reader delivers itself once it has nothing more buffered, so that a message on
// its own needs no other goroutine, and many at once share a commit and a write.
// Whoever delivers to a peer does so for all; who comes meanwhile leaves his
// message in the queue and goes on. So a peer that stops reading holds up the
// goroutine that writes to it, which reads the other peer: the natural
// back-pressure of a pipe. The other direction goes on being judged, until its
// refusals to the stuck peer fill the queue's bound.
type Gate struct {
	policy *policy.Policy
	fact   policy.Fact
	begin  func() (Recorder, error)
	clock  func() time.Time
	watch  func(mcp.Frame, *policy.Event)
	report func(error)

	mu      sync.Mutex // from Step to queueing: it keeps the order
	session *policy.Session
	rec     Recorder
	last    int64 // time of the last frame
	broken  bool  // recording failed: nothing passes
	retry   int64 // when to try to record again

	out [3]queue // by destination
}

// GateConfig is what a Gate needs. Policy, Begin and both writers must be set.
type GateConfig struct {
	Policy *policy.Policy
	// Session opens the recording: server, transport, variables.
	Session policy.Fact
	// Begin starts a recording. It is called at the start, and again after a
	// failure to record, when a new session begins.
	Begin func() (Recorder, error)
	// Client and Server take what is sent to them, whole lines at a time.
	Client, Server io.Writer
	// Clock gives the time; nil means time.Now.
	Clock func() time.Time
	// Watch, if set, sees every frame with its event, in order. It must be quick
	// and keep neither.
	Watch func(mcp.Frame, *policy.Event)
	// Report, if set, is told that recording failed, and (with nil) that it works again.
	Report func(error)
}

// retryAfter is how long a gate that can't record waits before it tries again.
const retryAfter = time.Second

// ErrAudit is wrapped by the errors of a gate that can't record.
var ErrAudit = errors.New("audit-unavailable")

// NewGate begins a recording and opens the session in it.
func NewGate(cfg GateConfig) (*Gate, error) {
	g := &Gate{policy: cfg.Policy, fact: cfg.Session, begin: cfg.Begin, clock: cfg.Clock, watch: cfg.Watch, report: cfg.Report}
	if g.clock == nil {
		g.clock = time.Now
	}
	if g.watch == nil {
		g.watch = func(mcp.Frame, *policy.Event) {}
	}
	if g.report == nil {
		g.report = func(error) {}
	}
	g.fact.Name = policy.FactSession
	g.out[mcp.ToClient].init(cfg.Client)
	g.out[mcp.ToServer].init(cfg.Server)
	if err := g.open(); err != nil {
		return nil, err
	}
	return g, nil
}

// open begins a recording with its opening fact, committed.
func (g *Gate) open() error {
	rec, err := g.begin()
	if err != nil {
		return fmt.Errorf("beginning a recording: %w", err)
	}
	session := policy.NewSession(g.policy)
	f := mcp.Frame{At: g.now(), Kind: mcp.FactFrame, Raw: g.fact.JSON()}
	ev := session.Step(f)
	wait, err := rec.Append(f, ev)
	if err == nil {
		err = wait()
	}
	if err != nil {
		return fmt.Errorf("recording the start of the session: %w", err)
	}
	g.session, g.rec, g.broken = session, rec, false
	g.watch(f, ev)
	return nil
}

// now returns the time of a frame: it never decreases.
func (g *Gate) now() int64 {
	if t := g.clock().UnixNano(); t > g.last {
		g.last = t
	}
	return g.last
}

// Pass has one frame judged and recorded, and queues what leaves. Raw may be reused
// afterwards. Call Deliver to send what is queued.
func (g *Gate) Pass(kind mcp.FrameKind, dir mcp.Dir, raw []byte, size int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := mcp.Frame{At: g.now(), Dir: dir, Kind: kind, Raw: raw, Size: size}
	if g.broken && !g.recover() {
		g.refuse(f)
		return
	}
	ev := g.session.Step(f)
	wait, err := g.rec.Append(f, ev)
	if err != nil {
		g.fail(err)
		g.refuse(f)
		return
	}
	g.watch(f, ev)
	for _, o := range ev.Out {
		own := o.To != dir || ev.Verdict.Action == policy.Deny || ev.Verdict.Action == policy.Ask
		g.out[o.To].push(parcel{wait: wait, id: ev.Subject.ID, kind: ev.Subject.Kind, own: own}, o.Bytes)
	}
}

// Fact passes an outside fact.
func (g *Gate) Fact(f policy.Fact) { g.Pass(mcp.FactFrame, mcp.NoDir, f.JSON(), 0) }

// Waiting returns how many of the client's requests still await their answer.
func (g *Gate) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.session.Waiting(mcp.ToServer)
}

// fail stops everything: what waits is refused, and nothing passes until recording
// works again. It is called with g.mu held.
func (g *Gate) fail(err error) {
	if g.broken {
		return
	}
	g.broken, g.retry = true, g.last+int64(retryAfter)
	gone := policy.Fact{Name: policy.FactServerExit, Reason: "the call can't be recorded (audit-unavailable)"}
	ev := g.session.Step(mcp.Frame{At: g.last, Kind: mcp.FactFrame, Raw: gone.JSON()})
	for _, o := range ev.Out {
		g.out[o.To].push(parcel{own: true}, o.Bytes)
	}
	g.report(fmt.Errorf("%w: %w", ErrAudit, err))
}

// recover begins a new session if recording works again: the old one can't be
// continued, since a replay would miss what was not recorded.
func (g *Gate) recover() bool {
	if g.last < g.retry {
		return false
	}
	g.retry = g.last + int64(retryAfter)
	g.fact.Basis = "after a gap in recording"
	if g.open() != nil {
		return false
	}
	g.report(nil)
	return true
}

// refuse answers a request that can't be judged since nothing can be recorded.
// Anything else is dropped: who awaited an answer has had its refusal.
func (g *Gate) refuse(f mcp.Frame) {
	if f.Kind != mcp.MessageFrame {
		return
	}
	var dec mcp.Decoder
	m, err := dec.Decode(f.Raw)
	if err != nil || m.Kind != mcp.Request {
		return
	}
	g.out[f.Dir.Reverse()].push(parcel{own: true}, auditRefusal(m.ID))
}

func auditRefusal(id mcp.ID) []byte {
	return mcp.AppendRefusal(nil, id, mcp.Refusal{
		Number: mcp.RefuseDenied, Message: "Rulewind: the call can't be recorded, so it is not made",
		Code: policy.CodeAudit, Reason: "audit-unavailable",
	})
}

// Deliver sends what is queued for a peer, unless somebody is at it already. The
// error is the writer's; what is queued for a peer that is gone is dropped.
func (g *Gate) Deliver(to mcp.Dir) error {
	q := &g.out[to]
	for {
		batch := q.take()
		if batch == nil {
			return nil
		}
		if lost := q.write(batch, to); lost != nil {
			g.undo(lost, batch, to)
		}
		if err := q.done(); err != nil {
			return err
		}
	}
}

// undo deals with parcels whose record could not be committed.
func (g *Gate) undo(err error, batch []parcel, to mcp.Dir) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fail(err)
	for i := range batch {
		if p := &batch[i]; p.lost && p.kind == "request" {
			g.out[to.Reverse()].push(parcel{own: true}, auditRefusal(p.id))
		}
	}
}
