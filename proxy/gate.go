// Package proxy is the live shell around the engine: it stands between a client and
// its server, has every message judged and recorded, and lets pass what may.
//
// It guarantees law L4: nothing is forwarded whose verdict is not recorded first.
// It keeps the order of messages in each direction, and holds no more of them in
// memory than a bound. The engine's purity is its work too: the only clock is
// here, and every outside fact enters the session as a frame.
package proxy

import (
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
	// it may be called more than once, and from any goroutine. An error of either
	// means that the entry isn't recorded, nor any later one of this recording.
	Append(f mcp.Frame, ev *policy.Event) (wait func() error, err error)
}

// A Gate judges the messages of one session and hands them on.
//
//	Feed reads a peer -> Admit:   wait for room, without the lock
//	                  -> Pass:    lock, Step, Append, queue, unlock
//	                  -> Deliver: wait for the commit, then write, in order
//	                              (or the queue's own goroutine does)
//
// One goroutine reads the client and one the server. Each queue has a goroutine
// that delivers. A reader delivers itself what it took from its peer once it has
// nothing more buffered: a message on its own needs no other goroutine, and many at
// once share a commit and a write.
//
// Why it can't lock up where two plain pipes would not: the reader of a peer waits
// only for the other peer to read, and for refusals of its own peer's messages to
// be read. So it never writes to its own peer: a server that reads nothing while
// it writes must find its reader reading. It waits for room before the lock and
// never under it: the lock is held across Step and Append only. And each reader
// has a share of a queue's room of its own: the client's unread requests don't use
// up the room for the refusals that the server's reader makes.
type Gate struct {
	policy *policy.Policy
	fact   policy.Fact
	shadow *policy.Policy
	begin  func() (Recorder, error)
	clock  func() time.Time
	watch  func(mcp.Frame, *policy.Event)
	report func(error)
	kill   func() (on bool, reason string)
	real   func(path string) string
	env    func(string) string

	mu      sync.Mutex // from Step to queueing: it keeps the order
	session *policy.Session
	rec     Recorder
	last    int64 // time of the last frame
	epoch   int   // counts the sessions: up by one when recording fails
	broken  bool  // recording failed: nothing passes
	retry   int64 // when to try to record again
	closed  bool
	dec     mcp.Decoder // for messages that are refused unjudged
	callers *callers    // nil if the policy asks for none
	killed  bool        // the session knows that the kill switch is on
	looked  int64       // when the kill switch was looked at
	timer   *time.Timer // runs until due
	due     int64       // when something may be overdue, 0 if nothing is known to be

	out [3]queue // by destination
}

// GateConfig is what a Gate needs. Policy, Begin and both writers must be set.
type GateConfig struct {
	Policy *policy.Policy
	// Session opens the recording: server, transport, variables.
	Session policy.Fact
	// Shadow, if set, judges as well and changes nothing: see policy.Event.Shadow.
	Shadow *policy.Policy
	// Begin starts a recording. It is called at the start, and again after a
	// failure to record, when a new session begins.
	Begin func() (Recorder, error)
	// Client and Server take what is sent to them, whole lines at a time, from one
	// goroutine at a time. Server, if it is an io.Closer, is closed at the end of
	// what is sent to it: see End.
	Client, Server io.Writer
	// Clock gives the time; nil means time.Now.
	Clock func() time.Time
	// Watch, if set, sees every frame with its event, in order. It must be quick
	// and keep neither.
	Watch func(mcp.Frame, *policy.Event)
	// Kill, if set, tells whether the kill switch is on. It is asked before a message
	// is judged, at most every 20 ms, and must be quick.
	Kill func() (on bool, reason string)
	// Real, if set, tells where a text of a call leads if it is a path through a
	// symbolic link; "" if it isn't. It is asked before a call is judged if a rule asks
	// for paths, and must be quick.
	Real func(text string) string
	// Env gives the secrets of callers that the policy names by a variable.
	Env func(string) string
	// Report, if set, is told that recording failed, and (with nil) that it works
	// again. It must be quick, and must not call the gate.
	Report func(error)
}

// NewGate begins a recording, opens the session in it, and starts to deliver. Close
// the gate to release what it holds.
func NewGate(cfg GateConfig) (*Gate, error) {
	g := &Gate{policy: cfg.Policy, fact: cfg.Session, shadow: cfg.Shadow, begin: cfg.Begin, clock: cfg.Clock, watch: cfg.Watch, report: cfg.Report, kill: cfg.Kill, real: cfg.Real, env: cfg.Env}
	if g.clock == nil {
		g.clock = time.Now
	}
	if g.watch == nil {
		g.watch = func(mcp.Frame, *policy.Event) {}
	}
	if g.report == nil {
		g.report = func(error) {}
	}
	if g.kill == nil {
		g.kill = func() (bool, string) { return false, "" }
	}
	g.fact.Name = policy.FactSession
	if err := g.open(); err != nil {
		return nil, err
	}
	g.out[mcp.ToClient].start(cfg.Client, nil, g.lost)
	closer, _ := cfg.Server.(io.Closer)
	g.out[mcp.ToServer].start(cfg.Server, closer, g.lost)
	return g, nil
}

// open begins a recording with its opening fact, committed.
func (g *Gate) open() error {
	rec, err := g.begin()
	if err != nil {
		return fmt.Errorf("beginning a recording: %w", err)
	}
	if g.callers, err = newCallers(g.policy, g.env); err != nil {
		return err
	}
	session := policy.NewSession(g.policy)
	facts := []policy.Fact{g.fact}
	if g.shadow != nil {
		facts = append(facts, policy.Fact{Name: policy.FactShadow, Policy: g.shadow.Sources})
	}
	var wait func() error
	for _, fact := range facts {
		f := mcp.Frame{At: g.now(), Kind: mcp.FactFrame, Raw: fact.JSON()}
		ev := session.Step(f)
		if wait, err = rec.Append(f, ev); err != nil {
			break
		}
		g.watch(f, ev)
	}
	if err == nil {
		err = wait()
	}
	if err != nil {
		return fmt.Errorf("recording the start of the session: %w", err)
	}
	g.session, g.rec, g.broken = session, rec, false
	g.killed, g.looked, g.due = false, 0, 0
	return nil
}

// now returns the time of a frame: it never decreases.
func (g *Gate) now() int64 {
	g.last = max(g.last, g.clock().UnixNano())
	return g.last
}

// Feed passes what a peer sends, line by line, until it or the gate ends. How it ends makes no
// difference: a peer that can't be read has said all it will. A message above max
// bytes (0 means mcp.DefaultMaxMessage) is refused.
func (g *Gate) Feed(dir mcp.Dir, from io.Reader, max int) {
	r := mcp.NewReader(from, max)
	for {
		line, err := r.Next()
		if err != nil {
			return
		}
		kind := mcp.MessageFrame
		if line.Oversize {
			kind = mcp.OversizeFrame
		}
		g.Admit(dir)
		if !g.Pass(kind, dir, line.Raw, line.Size) {
			return
		}
		g.Deliver(dir, r.Buffered())
	}
}

// Admit waits until there is room for what the next message of a peer may cause.
// Whoever reads a peer calls it before Pass.
func (g *Gate) Admit(dir mcp.Dir) {
	g.out[dir].admit(dir)
	g.out[dir.Reverse()].admit(dir)
}

// Pass has one frame judged and recorded, and queues what leaves. Raw may be reused
// afterwards. Call Deliver to have it sent. It returns false once the gate is closed.
func (g *Gate) Pass(kind mcp.FrameKind, dir mcp.Dir, raw []byte, size int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	f := mcp.Frame{At: g.now(), Dir: dir, Kind: kind, Raw: raw, Size: size}
	if g.broken && !g.recover() {
		g.refuseUnjudged(f)
		return true
	}
	if kind != mcp.FactFrame {
		g.lookOutside(&f)
	}
	g.step(f)
	return true
}

// step has a frame judged and recorded, and queues what leaves. It is called with
// g.mu held.
func (g *Gate) step(f mcp.Frame) {
	if g.broken {
		g.refuseUnjudged(f)
		return
	}
	ev := g.session.Step(f)
	wait, err := g.rec.Append(f, ev)
	if err != nil {
		g.fail(err)
		g.refuseUnrecorded(f, ev)
		return
	}
	g.watch(f, ev)
	for _, o := range ev.Out {
		g.out[o.To].push(f.Dir, parcel{wait: wait, what: contents(f, o), id: o.ID, epoch: g.epoch}, o.Bytes)
	}
	if g.due == 0 || ev.Hold != nil || f.Kind == mcp.FactFrame { // else it is due later than what is known
		g.schedule()
	}
}

// contents says what an output is to its receiver.
func contents(f mcp.Frame, o policy.Output) contentKind {
	switch {
	case o.Own && f.Kind == mcp.FactFrame:
		return refusals
	case o.Kind == mcp.Request:
		return request
	case o.Kind == mcp.Notification:
		return notification
	}
	return answer
}

// Fact passes an outside fact, and has sent what leaves because of it.
func (g *Gate) Fact(f policy.Fact) {
	g.mu.Lock()
	ok := !g.closed && !g.broken
	if ok {
		g.step(mcp.Frame{At: g.now(), Kind: mcp.FactFrame, Raw: f.JSON()})
	}
	if f.Name == policy.FactPolicy {
		g.follow(f.Policy)
	}
	g.mu.Unlock()
	if ok {
		g.out[mcp.ToClient].wake(1)
		g.out[mcp.ToServer].wake(1)
	}
}

// Waiting returns how many of the client's requests still await their answer.
func (g *Gate) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.broken {
		return 0
	}
	return g.session.Waiting(mcp.ToServer)
}

// Deliver sees to it that what is queued is sent: to the destination of dir by the
// caller itself, unless another goroutine is at it, to the other peer by the
// queue's goroutine. With more set, more messages are at hand: then only what has
// grown large is sent, by the queue's goroutine, and the caller goes on.
func (g *Gate) Deliver(dir mcp.Dir, more bool) {
	if more {
		g.out[dir].wake(maxBatch)
		g.out[dir.Reverse()].wake(maxBatch)
		return
	}
	g.out[dir.Reverse()].wake(1)
	g.out[dir].deliver()
}

// End ends what is sent in a direction. The channel is closed when all that was
// queued has been written, or the peer is gone; the server's writer is closed then.
func (g *Gate) End(to mcp.Dir) <-chan struct{} {
	q := &g.out[to]
	q.end()
	return q.done
}

// ClientGone returns a channel that is closed when the client takes no more.
func (g *Gate) ClientGone() <-chan struct{} { return g.out[mcp.ToClient].gone }

// Close drops what is still queued and makes the gate pass nothing more. It doesn't
// wait for a write that a peer doesn't take: the caller ends that by closing the
// writer. It returns the queues' goroutines, as channels closed when they end.
func (g *Gate) Close() (delivering [2]<-chan struct{}) {
	g.mu.Lock()
	g.closed = true
	if g.timer != nil {
		g.timer.Stop()
	}
	g.mu.Unlock()
	for i, dir := range [...]mcp.Dir{mcp.ToClient, mcp.ToServer} {
		g.out[dir].abandon()
		delivering[i] = g.out[dir].done
	}
	return delivering
}
