package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
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
	// Begin starts a recording: see GateConfig.
	Begin func() (Recorder, error)

	// Stdin and Stdout are the client's side.
	Stdin  io.Reader
	Stdout io.Writer
	// ChildStderr takes the server's stderr, unaltered; nil discards it. An *os.File
	// is inherited, so that not a byte is copied by us.
	ChildStderr io.Writer
	// Signals are forwarded to the server; the second of a kind that asks to end,
	// or Grace after the first, kills it. Nil means none.
	Signals <-chan os.Signal

	// MaxMessage is the size bound of a message in bytes; 0 means mcp.DefaultMaxMessage.
	MaxMessage int
	// Grace is how long the server may take to end when asked to; 0 means 5 s.
	Grace time.Duration
	// Clock, Watch and Report: see GateConfig.
	Clock  func() time.Time
	Watch  func(mcp.Frame, *policy.Event)
	Report func(error)
}

// ErrStart is wrapped by the error of a server that could not be started.
var ErrStart = errors.New("the server could not be started")

// Run starts the server and stands between it and the client until the server has
// ended and all that it wrote is delivered. It returns the server's exit code,
// 128 + the signal's number if one killed it. An error means that the server could
// not be started, or that the recording could not be begun: the code is 2 then.
//
// When the client closes stdin, the server's stdin is closed, and what is in flight
// is drained. Run leaves the goroutine that reads Stdin behind if the server ends
// first: a read can't be taken back. Once it returns it touches neither side again.
func Run(ctx context.Context, cfg Config) (int, error) {
	if cfg.Grace == 0 {
		cfg.Grace = 5 * time.Second
	}
	cfg.Session.Transport = "stdio"
	c, err := start(cfg)
	if err != nil {
		return 2, err
	}
	g, err := NewGate(GateConfig{
		Policy: cfg.Policy, Session: cfg.Session, Begin: cfg.Begin, Client: cfg.Stdout, Server: c.stdin,
		Clock: cfg.Clock, Watch: cfg.Watch, Report: cfg.Report,
	})
	if err != nil {
		c.kill()
		c.stdin.Close()
		<-c.exited
		return 2, err
	}
	client, server := make(chan error, 1), make(chan error, 1)
	go func() { client <- pump(g, mcp.ToServer, cfg.Stdin, cfg.MaxMessage) }()
	go func() { server <- pump(g, mcp.ToClient, c.stdout, cfg.MaxMessage) }()
	return c.attend(ctx, g, cfg, client, server), nil
}

// maxBatch is how many queued bytes make a reader deliver before it reads on.
const maxBatch = 256 << 10

// pump passes what a peer sends, line by line, until it ends.
func pump(g *Gate, dir mcp.Dir, from io.Reader, max int) error {
	if max == 0 {
		max = mcp.DefaultMaxMessage
	}
	r := mcp.NewReader(from, max)
	for {
		line, err := r.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return err
		}
		kind := mcp.MessageFrame
		if line.Oversize {
			kind = mcp.OversizeFrame
		}
		g.Pass(kind, dir, line.Raw, line.Size)
		if r.Buffered() && g.out[dir].queued() < maxBatch && g.out[dir.Reverse()].queued() < maxBatch {
			continue // judge what is here already: one commit and one write for all
		}
		// A peer that is gone makes its writes fail; the other side goes on.
		_ = g.Deliver(dir)
		_ = g.Deliver(dir.Reverse())
	}
}

// A child is the server's process.
type child struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	exited chan struct{} // closed once the process has ended
	err    error         // of Wait, after exited
}

func start(cfg Config) (*child, error) {
	if len(cfg.Command) == 0 {
		return nil, fmt.Errorf("%w: no command; put it after --, as in: rulewind proxy -- npx -y SERVER", ErrStart)
	}
	cmd := exec.Command(cfg.Command[0], cfg.Command[1:]...)
	cmd.Stderr = cfg.ChildStderr
	stdinR, stdinW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	stdoutR, stdoutW, err := os.Pipe()
	if err != nil {
		stdinR.Close()
		stdinW.Close()
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	widen(stdinW)
	widen(stdoutR)
	cmd.Stdin, cmd.Stdout = stdinR, stdoutW
	cmd.WaitDelay = 2 * time.Second // for a stderr that a grandchild holds
	err = cmd.Start()
	stdinR.Close()
	stdoutW.Close()
	if err != nil {
		stdinW.Close()
		stdoutR.Close()
		return nil, fmt.Errorf("%w: %w; is it installed, and is its name right?", ErrStart, err)
	}
	c := &child{cmd: cmd, stdin: stdinW, stdout: stdoutR, exited: make(chan struct{})}
	go func() { c.err = cmd.Wait(); close(c.exited) }()
	return c, nil
}

// attend sees the session to its end.
func (c *child) attend(ctx context.Context, g *Gate, cfg Config, client, server chan error) int {
	end := &ending{c: c, grace: cfg.Grace}
	defer end.stop()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	done := ctx.Done()
	exited := c.exited
	draining := false
	for server != nil {
		select {
		case <-client: // stdin ended: no more requests; answers may still come
			client, draining = nil, true
			c.stdin.Close()
		case <-poll.C:
			// Once nothing is in flight, a server that doesn't end by itself is asked to.
			if draining && g.Waiting() == 0 {
				end.after(cfg.Grace)
			}
		case sig := <-cfg.Signals:
			end.signal(sig)
		case <-done:
			done = nil
			end.signal(os.Interrupt)
		case <-exited:
			// All it wrote is still to be read; but a grandchild may hold the pipe.
			exited = nil
			c.stdout.SetReadDeadline(time.Now().Add(cfg.Grace))
		case <-server:
			server = nil
		}
	}
	c.stdin.Close()
	end.after(cfg.Grace) // it closed its stdout: it has nothing more to say
	for exited := c.exited; exited != nil; {
		select {
		case <-exited:
			exited = nil
		case sig := <-cfg.Signals:
			end.signal(sig)
		case <-done:
			done = nil
			end.signal(os.Interrupt)
		}
	}
	c.stdout.Close()
	g.Fact(policy.Fact{Name: policy.FactServerExit, Reason: c.why()})
	_ = g.Deliver(mcp.ToClient)
	return c.code()
}

// why says how the server ended, for the client and the recording.
func (c *child) why() string {
	if c.err == nil {
		return "the server exited"
	}
	var exit *exec.ExitError
	if errors.As(c.err, &exit) {
		return "the server ended: " + exit.Error()
	}
	return "the server ended"
}

// An ending brings a server to its end: first it is asked, then, a grace later, told.
type ending struct {
	c     *child
	grace time.Duration
	asked bool
	timer *time.Timer
}

// signal forwards a signal. One that asks to end starts the grace; a second kills.
func (e *ending) signal(sig os.Signal) {
	if !asksToEnd(sig) {
		_ = e.c.cmd.Process.Signal(sig)
		return
	}
	if e.asked {
		e.c.kill()
		return
	}
	e.asked = true
	if err := e.c.cmd.Process.Signal(sig); err != nil { // where signals can't be sent
		e.c.kill()
	}
	e.stop()
	e.timer = time.AfterFunc(e.grace, e.c.kill)
}

// after asks the server to end, once, when the time has passed.
func (e *ending) after(d time.Duration) {
	if e.timer != nil {
		return
	}
	e.timer = time.AfterFunc(d, func() {
		terminate(e.c.cmd.Process)
		time.AfterFunc(e.grace, e.c.kill)
	})
}

func (e *ending) stop() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

func (c *child) kill() { _ = c.cmd.Process.Kill() }
