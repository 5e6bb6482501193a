package proxy

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// Config is what Run needs. Command, Policy, Begin, Stdin and Stdout must be set.
type Config struct {
	// Command is the server's program and arguments. It gets our environment as it
	// is; nothing is read from files such as .env.
	Command []string
	Policy  *policy.Policy
	// Session opens the recording: the server's name and the variables; the
	// transport is filled in.
	Session policy.Fact
	Shadow  *policy.Policy // see GateConfig
	// Begin starts a recording: see GateConfig.
	Begin func() (Recorder, error)

	// Stdin and Stdout are the client's side. Those with deadlines, such as pipes
	// made by os.Pipe, leave no goroutine behind: see Run.
	Stdin  io.Reader
	Stdout io.Writer
	// ChildStderr takes the server's stderr, unaltered; nil discards it. An *os.File
	// is inherited, so that not a byte is copied by us.
	ChildStderr io.Writer
	// Signals are forwarded to the server. Of those that ask to end, the second
	// kills it, as does Grace after the first. Nil means none.
	Signals <-chan os.Signal

	// MaxMessage is the size bound of a message in bytes; 0 means mcp.DefaultMaxMessage.
	MaxMessage int
	// Grace is how long a server may take to end when asked to, and how long a
	// client may take to read the rest once the server was made to end; 0 means 5 s.
	Grace time.Duration
	// Clock, Watch, Report, Kill, Real and Env: see GateConfig.
	Clock  func() time.Time
	Watch  func(mcp.Frame, *policy.Event)
	Report func(error)
	Kill   func() (on bool, reason string)
	Real   func(text string) string
	Env    func(string) string
	// Outside, if set, is run beside the session, and tells it facts: answers to what
	// is held, another policy. It returns soon after done is closed; Run waits for it.
	Outside func(done <-chan struct{}, tell func(policy.Fact))
}

// Run starts the server and stands between it and the client until the server has
// ended and all that it wrote is delivered. It returns the server's exit code,
// 128 + the signal's number if one killed it. An error means that the server could
// not be started, or that the recording could not be begun: the code is 2 then.
//
// When the client closes stdin, what it sent is delivered, the server's stdin is
// closed, and what is in flight is drained; a server that doesn't end then is asked
// to. Run is ended early by its context as by a signal.
//
// A read of Stdin or a write to Stdout that can't be taken back, since the file has
// no deadlines, is left behind when Run ends before it. Whatever comes of it,
// nothing more is judged or recorded once Run has returned.
func Run(ctx context.Context, cfg Config) (int, error) {
	if cfg.Grace == 0 {
		cfg.Grace = 5 * time.Second
	}
	cfg.Session.Transport = "stdio"
	c, err := startChild(cfg.Command, cfg.ChildStderr, cfg.Grace)
	if err != nil {
		return 2, err
	}
	g, err := NewGate(GateConfig{
		Policy: cfg.Policy, Session: cfg.Session, Shadow: cfg.Shadow, Begin: cfg.Begin, Client: cfg.Stdout, Server: c.stdin,
		Clock: cfg.Clock, Watch: cfg.Watch, Report: cfg.Report, Kill: cfg.Kill, Real: cfg.Real, Env: cfg.Env,
	})
	if err != nil {
		c.stdin.Close()
		c.kill()
		<-c.exited
		c.stdout.Close()
		return 2, err
	}
	for _, side := range []any{cfg.Stdin, cfg.Stdout} {
		if f, ok := side.(*os.File); ok {
			widen(f)
		}
	}
	s := &stdio{
		cfg: cfg, gate: g, child: c, ending: ending{child: c, grace: cfg.Grace},
		client: make(chan struct{}), server: make(chan struct{}),
	}
	go func() {
		defer close(s.client)
		g.Feed(mcp.ToServer, cfg.Stdin, cfg.MaxMessage)
	}()
	go func() {
		defer close(s.server)
		g.Feed(mcp.ToClient, c, cfg.MaxMessage)
	}()
	outside, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(outside)
		if cfg.Outside != nil {
			cfg.Outside(done, g.Fact)
		}
	}()
	s.attend(ctx)
	close(done)
	<-outside
	return c.code(), nil
}

// stdio is one run of a server under a client.
type stdio struct {
	cfg    Config
	gate   *Gate
	child  *child
	ending ending

	client chan struct{} // closed when the client has said all
	server chan struct{} // closed when all that the server wrote is passed
}

// drainTick is how often is looked whether calls are still in flight once the
// client has said all.
const drainTick = 50 * time.Millisecond

// attend sees the session to its end: the server ends, all it wrote is passed, what
// waits is answered, after the last that the client asked where its reader can be
// ended, and the client has read it. An ending that takes too long
// overrides the wait for either peer.
func (s *stdio) attend(ctx context.Context) {
	defer s.ending.stop()
	var (
		client, server, exited = s.client, s.server, s.child.exited
		gone                   = s.gate.ClientGone()
		flushed                <-chan struct{}
		drain                  <-chan time.Time
		cancelled              = ctx.Done()
	)
	tick := time.NewTicker(drainTick)
	defer tick.Stop()
	tick.Stop() // until the client has hung up
	hangUp := func() {
		client, gone, drain = nil, nil, tick.C
		s.gate.End(mcp.ToServer)
		tick.Reset(drainTick)
	}
	for !s.ending.overdue {
		if flushed == nil && server == nil && exited == nil {
			s.child.stdin.Close() // which ends a write to it
			if client != nil && !s.interrupt() {
				client = nil
			}
			if client == nil {
				s.gate.Fact(policy.Fact{Name: policy.FactServerExit, Reason: s.child.why()})
				gone, drain, flushed = nil, nil, s.gate.End(mcp.ToClient)
			}
		}
		select {
		case <-client:
			hangUp()
		case <-gone:
			hangUp()
		case <-drain:
			if s.gate.Waiting() == 0 {
				s.ending.soon()
			}
		case <-server:
			server = nil
			s.ending.soon() // it has nothing more to say
		case <-exited:
			exited = nil
			s.ending.exited()
		case sig := <-s.cfg.Signals:
			s.ending.signal(sig)
		case <-cancelled:
			cancelled = nil
			s.ending.signal(os.Interrupt)
		case <-s.ending.due():
			s.ending.next()
		case <-flushed:
			s.release()
			return
		}
	}
	s.release()
}

// interrupt ends the client's reader, unless a read of its stdin can't be ended.
func (s *stdio) interrupt() bool {
	in, ok := s.cfg.Stdin.(interface{ SetReadDeadline(time.Time) error })
	return ok && in.SetReadDeadline(time.Unix(1, 0)) == nil
}

// release waits for the goroutines of the run, but for those whose read or write
// can't be taken back.
func (s *stdio) release() {
	delivering := s.gate.Close()
	s.child.stdin.Close()
	s.child.stdout.Close()
	out, ok := s.cfg.Stdout.(interface{ SetWriteDeadline(time.Time) error })
	if s.ending.overdue && !(ok && out.SetWriteDeadline(time.Unix(1, 0)) == nil) {
		return
	}
	if s.interrupt() {
		<-s.client
		_ = s.cfg.Stdin.(interface{ SetReadDeadline(time.Time) error }).SetReadDeadline(time.Time{})
	}
	<-s.server
	for _, done := range delivering {
		<-done
	}
	if ok {
		_ = out.SetWriteDeadline(time.Time{})
	}
}

// ErrStart is wrapped by the error of a server that could not be started.
var ErrStart = errors.New("the server could not be started")
