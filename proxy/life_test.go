package proxy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rulewind/rulewind/proxy"
)

func TestOutputBeforeExitIsNotLost(t *testing.T) {
	r := launch(t, "big-then-exit", nil)
	r.send(call(1, "x"))
	rest, code := r.end()
	if n := strings.Count(rest, "notifications/message"); n != 128 || code != 7 {
		t.Errorf("%d of 128 notifications, code %d", n, code)
	}
	has(t, rest, `"id":1,"error"`, `SERVER_EXITED`)
}

// The grace for what a dead server left behind is for silence, not for a client
// that reads slowly.
func TestOutputBeforeExitIsNotLostToASlowReader(t *testing.T) {
	up, errW := pipe(t)
	const grace = 100 * time.Millisecond
	started := make(chan struct{})
	r := launch(t, "bigger-then-exit", func(c *proxy.Config) {
		c.Grace, c.ChildStderr = grace, errW
		c.Begin = func() (proxy.Recorder, error) { close(started); return &log{}, nil }
	})
	<-started
	errW.Close()
	r.send(call(1, "x"))
	io.Copy(io.Discard, up) // until the server has exited
	<-time.After(2 * grace)
	rest, code := r.rest()
	if n := strings.Count(rest, "notifications/message"); n != 1500 || code != 7 {
		t.Errorf("%d of 1500 notifications, code %d", n, code)
	}
}

func TestServerThatDiesMidCall(t *testing.T) {
	for _, tt := range []struct {
		kind, says string
		code       int
	}{
		{"dies", "exit status 3", 3},
		{"killed", "signal: killed", 128 + 9},
	} {
		r := launch(t, tt.kind, nil)
		r.send(call(7, "x"))
		has(t, r.receive(), `"id":7`, `"SERVER_EXITED"`, tt.says)
		if _, code := r.rest(); code != tt.code {
			t.Errorf("%s: code %d, want %d", tt.kind, code, tt.code)
		}
	}
}

func TestServerThatClosesItsStdinIsStillHeard(t *testing.T) {
	r := launch(t, "closes-stdin", nil)
	r.send(call(1, "x"))
	if got := r.receive(); got != answer(1, "still here") {
		t.Errorf("got %s", got)
	}
	r.send(call(2, "nobody reads this"))
	has(t, r.receive(), `"id":2`, `"SERVER_EXITED"`)
	r.end()
}

func TestSignalIsForwardedWhileStdinIsOpen(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		if signal.Ignored(sig) { // as under nohup: then the server ignores it too
			t.Logf("%v is ignored here", sig)
			continue
		}
		r := launch(t, "echo", nil)
		r.send(call(1, "up"))
		r.receive()
		r.sig <- sig
		if _, code := r.rest(); code != 128+int(sig) {
			t.Errorf("%v: code %d", sig, code)
		}
	}
}

func TestServerThatIgnoresASignalIsKilled(t *testing.T) {
	for name, again := range map[string]bool{"after the grace": false, "by the second signal": true} {
		r := launch(t, "ignores-term", func(c *proxy.Config) {
			if c.Grace = 50 * time.Millisecond; again {
				c.Grace = time.Hour
			}
		})
		r.send(call(1, "up"))
		r.receive()
		r.sig <- syscall.SIGTERM
		if again {
			r.sig <- syscall.SIGTERM
		}
		if _, code := r.rest(); code != 128+int(syscall.SIGKILL) {
			t.Errorf("%s: code %d", name, code)
		}
	}
}

// A server may be a wrapper, such as a package runner: what it runs ends with it.
func TestSignalReachesWhatTheServerStarted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no process groups")
	}
	up, errW := pipe(t)
	started := make(chan struct{})
	r := launch(t, "wraps", func(c *proxy.Config) {
		c.Grace, c.ChildStderr = time.Hour, errW
		c.Begin = func() (proxy.Recorder, error) { close(started); return &log{}, nil }
	})
	<-started
	errW.Close()
	r.send(call(1, "up"))
	r.receive()
	r.sig <- syscall.SIGTERM
	io.Copy(io.Discard, up) // until both have ended
	if _, code := r.rest(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("code %d", code)
	}
}

func TestCancelledContextEndsTheServer(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	inR, _ := pipe(t)
	outR, outW := pipe(t)
	t.Setenv("PROXY_TEST_SERVER", "stubborn")
	cancel()
	code, err := proxy.Run(ctx, proxy.Config{
		Command: []string{os.Args[0]}, Policy: builtin(t, "default"), Stdin: inR, Stdout: outW,
		Begin: func() (proxy.Recorder, error) { return &log{}, nil },
	})
	outR.Close()
	if code != 128+int(syscall.SIGINT) || err != nil {
		t.Errorf("code %d, %v", code, err)
	}
	leftBehind(t)
}

func TestEndOfStdinEndsAStubbornServer(t *testing.T) {
	r := launch(t, "stubborn", func(c *proxy.Config) { c.Grace = 50 * time.Millisecond })
	r.send(call(1, "up"))
	if got := r.receive(); got != answer(1, "up") {
		t.Errorf("got %s", got)
	}
	if _, code := r.end(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("code %d", code)
	}
}

// What the client sent before it closed stdin is delivered and answered.
func TestEndOfStdinDrainsWhatIsInFlight(t *testing.T) {
	const n = 2000
	r := launch(t, "echo", nil)
	var calls strings.Builder
	for i := range n {
		calls.WriteString(call(i, strings.Repeat("word ", 300)) + "\n")
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer r.in.Close()
		io.WriteString(r.in, calls.String())
	}()
	rest, code := r.rest()
	<-sent
	if got := strings.Count(rest, `"result"`); got != n || code != 0 {
		t.Errorf("%d answers of %d, code %d", got, n, code)
	}
}

// A server that writes megabytes before it reads, and a client that does too.
func TestPeersThatTalkBeforeTheyListen(t *testing.T) {
	const n = 3000
	r := launch(t, "talks-first", nil)
	text := strings.Repeat("word ", 200)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer r.in.Close()
		for i := range n {
			if _, err := io.WriteString(r.in, call(i, text)+"\n"); err != nil {
				return
			}
		}
	}()
	rest, code := r.rest()
	<-sent
	if notes, answers := strings.Count(rest, "notifications/message"), strings.Count(rest, `"result"`); notes != 3<<10 || answers != n || code != 0 {
		t.Errorf("%d notifications, %d answers, code %d", notes, answers, code)
	}
}

func TestProcessLeftBehindHoldsNothingUp(t *testing.T) {
	r := launch(t, "leaves", func(c *proxy.Config) { c.Grace = 50 * time.Millisecond })
	r.send(call(1, "bye"))
	rest, code := r.rest()
	if rest != answer(1, "bye")+"\n" || code != 0 {
		t.Errorf("got %s, code %d", rest, code)
	}
}

func TestClientThatIsGoneEndsTheServer(t *testing.T) {
	r := launch(t, "echo", nil)
	r.outR.Close()
	r.send(call(1, "x"))
	<-r.done
	if r.code != 0 || r.err != nil {
		t.Errorf("code %d, %v", r.code, r.err)
	}
}

// A client that neither reads nor goes away can't keep the proxy from ending.
func TestSignalEndsAFloodWithoutAReader(t *testing.T) {
	r := launch(t, "flood", func(c *proxy.Config) { c.Grace = 100 * time.Millisecond })
	r.send(call(1, "go"))
	r.receive()
	r.sig <- syscall.SIGTERM
	<-r.done
	if r.code != 128+int(syscall.SIGTERM) {
		t.Errorf("code %d", r.code)
	}
}

func TestDotEnvOfTheFolderIsNeverRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("FROM_DOTENV=yes\nHOME=/nowhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := os.Args[0]
	t.Chdir(dir)
	r := launch(t, "env", func(c *proxy.Config) { c.Command = []string{command} })
	r.send(call(1, "x"))
	if got := r.receive(); got != answer(1, "|"+os.Getenv("HOME")) {
		t.Errorf("got %s", got)
	}
	r.end()
}

func TestServerThatCannotStartSaysWhy(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("not a program"), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		command []string
		fix     string
	}{
		{nil, "put it after --"},
		{[]string{"no-such-program-here"}, "install it, or give its whole path"},
		{[]string{filepath.Join(dir, "missing")}, "check the path"},
		{[]string{file("plain.py", 0o600)}, "chmod +x"},
		{[]string{file("text", 0o700)}, "name the interpreter"},
	} {
		code, err := proxy.Run(t.Context(), proxy.Config{Command: tt.command})
		if code != 2 || !errors.Is(err, proxy.ErrStart) || !strings.Contains(fmt.Sprint(err), tt.fix) {
			t.Errorf("%v: code %d, %v; want the fix %q", tt.command, code, err, tt.fix)
		}
	}
	leftBehind(t)
}

func TestRecordingThatCannotBeginStopsTheServer(t *testing.T) {
	t.Setenv("PROXY_TEST_SERVER", "stubborn")
	inR, _ := pipe(t)
	_, outW := pipe(t)
	code, err := proxy.Run(t.Context(), proxy.Config{
		Command: []string{os.Args[0]}, Policy: builtin(t, "default"), Stdin: inR, Stdout: outW,
		Begin: func() (proxy.Recorder, error) { return nil, errDisk },
	})
	if code != 2 || !errors.Is(err, errDisk) {
		t.Errorf("code %d, %v", code, err)
	}
	leftBehind(t)
}

// The client has more refusals to read than fit, and the server dies.
func TestSignalEndsAClientThatReadsNoRefusals(t *testing.T) {
	r := launch(t, "dies", func(c *proxy.Config) { c.Grace = 50 * time.Millisecond })
	r.send(call(1, "die"))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if _, err := io.WriteString(r.in, strings.Repeat("not JSON\n", 100)); err != nil {
				return
			}
		}
	}()
	for range 3 { // asks, kills, gives up waiting for the client
		r.sig <- syscall.SIGTERM
	}
	<-r.done
	r.in.Close()
	<-ended
}
