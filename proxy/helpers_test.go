package proxy_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A log is a Recorder in memory; fail makes it refuse.
type log struct {
	mu     sync.Mutex
	frames []mcp.Frame
	events []*policy.Event
	fail   error // of Append
	lose   error // of wait
}

func (l *log) Append(f mcp.Frame, ev *policy.Event) (func() error, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return nil, l.fail
	}
	f.Raw = bytes.Clone(f.Raw)
	l.frames, l.events = append(l.frames, f), append(l.events, ev.Clone())
	lose := l.lose
	return func() error { return lose }, nil
}

func (l *log) set(fail, lose error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail, l.lose = fail, lose
}

// find returns the first event whose frame's bytes hold s.
func (l *log) find(s string) *policy.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.frames {
		if bytes.Contains(l.frames[i].Raw, []byte(s)) {
			return l.events[i]
		}
	}
	return nil
}

// builtin loads a built-in policy.
func builtin(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, ok := policy.Embedded(name)
	if !ok {
		t.Fatalf("no built-in policy %q", name)
	}
	p, err := policy.Load(name, src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var errDisk = errors.New("no space left on device")

// A run is a proxy with a server of some kind behind it and the test as its client.
type run struct {
	t      *testing.T
	in     *os.File
	out    *bufio.Reader
	outR   *os.File
	stderr bytes.Buffer
	log    *log
	code   int
	err    error
	done   chan struct{}
	sig    chan os.Signal
}

// launch starts a proxy. At the end of the test it has left no goroutine behind.
func launch(t *testing.T, kind string, change func(*proxy.Config)) *run {
	t.Helper()
	t.Setenv("PROXY_TEST_SERVER", kind)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // or each server takes a second to end
	inR, inW := pipe(t)
	outR, outW := pipe(t)
	r := &run{t: t, in: inW, out: bufio.NewReaderSize(outR, 1<<20), outR: outR, log: &log{}, done: make(chan struct{}), sig: make(chan os.Signal, 4)}
	cfg := proxy.Config{
		Command: []string{os.Args[0]}, Policy: builtin(t, "default"), Session: policy.Fact{Server: kind},
		Begin: func() (proxy.Recorder, error) { return r.log, nil },
		Stdin: inR, Stdout: outW, ChildStderr: &r.stderr, Signals: r.sig, Grace: 30 * time.Second,
	}
	if change != nil {
		change(&cfg)
	}
	go func() {
		defer close(r.done)
		r.code, r.err = proxy.Run(t.Context(), cfg)
		outW.Close()
	}()
	t.Cleanup(func() {
		inW.Close()
		outR.Close()
		<-r.done
		leftBehind(t)
	})
	return r
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// leftBehind fails if a goroutine of the proxy still runs.
func leftBehind(t *testing.T) {
	t.Helper()
	var stacks string
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		buf := make([]byte, 1<<20)
		stacks = string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "created by github.com/rulewind/rulewind/proxy.") {
			return
		}
	}
	t.Errorf("goroutines are left behind:\n%s", stacks)
}

func (r *run) send(raw string) {
	r.t.Helper()
	if _, err := io.WriteString(r.in, raw+"\n"); err != nil {
		r.t.Fatalf("sending: %v", err)
	}
}

func (r *run) receive() string {
	r.t.Helper()
	line, err := r.out.ReadString('\n')
	if err != nil {
		r.t.Fatalf("receiving: %v", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// end closes the client's side and returns the rest of the output and the exit code.
func (r *run) end() (string, int) {
	r.t.Helper()
	r.in.Close()
	return r.rest()
}

// rest returns the rest of the output and the exit code.
func (r *run) rest() (string, int) {
	r.t.Helper()
	rest, err := io.ReadAll(r.out)
	if err != nil {
		r.t.Fatal(err)
	}
	<-r.done
	if r.err != nil {
		r.t.Fatal(r.err)
	}
	return string(rest), r.code
}

func call(id int, say string) string {
	b, _ := json.Marshal(say)
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo","arguments":{"say":%s}}}`, id, b)
}

func answer(id int, text string) string {
	return strings.TrimSuffix(reply(json.RawMessage(fmt.Sprint(id)), text), "\n")
}

func has(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("got %.300s\nwithout %s", got, p)
		}
	}
}
