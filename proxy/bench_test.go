package proxy_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// nowhere records nothing: what is left is the gate's own time and the engine's.
type nowhere struct{}

func (nowhere) Append(mcp.Frame, *policy.Event) (func() error, error) { return committed, nil }

func committed() error { return nil }

// grouped commits like a database does: one goroutine, all that waits at once.
type grouped struct {
	mu    sync.Mutex
	work  sync.Cond
	group *sync.WaitGroup
	n     int
	over  bool
	done  chan struct{}
}

func newGrouped() *grouped {
	r := &grouped{done: make(chan struct{})}
	r.work.L = &r.mu
	r.begin()
	go r.commit()
	return r
}

func (r *grouped) begin() { r.group, r.n = new(sync.WaitGroup), 0; r.group.Add(1) }

func (r *grouped) Append(mcp.Frame, *policy.Event) (func() error, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n++; r.n == 1 {
		r.work.Signal()
	}
	group := r.group
	return func() error { group.Wait(); return nil }, nil
}

func (r *grouped) commit() {
	defer close(r.done)
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		for r.n == 0 && !r.over {
			r.work.Wait()
		}
		if r.n == 0 {
			return
		}
		group := r.group
		r.begin()
		group.Done()
	}
}

func (r *grouped) close() {
	r.mu.Lock()
	r.over = true
	r.work.Signal()
	r.mu.Unlock()
	<-r.done
}

// echoed is a client's two ends of a gate in front of an echo, or of the echo alone
// if rec is nil.
func echoed(b *testing.B, rec proxy.Recorder) (in *os.File, out *bufio.Reader) {
	b.Helper()
	var all sync.WaitGroup
	inR, inW := pipe(b)
	outR, outW := pipe(b)
	serverIn, serverOut := inR, outW
	if rec != nil {
		var toServer, fromServer *os.File
		serverIn, toServer = pipe(b)
		fromServer, serverOut = pipe(b)
		g, err := proxy.NewGate(proxy.GateConfig{
			Policy: builtin(b, "default"), Begin: func() (proxy.Recorder, error) { return rec, nil },
			Client: outW, Server: toServer,
		})
		if err != nil {
			b.Fatal(err)
		}
		all.Go(func() { g.Feed(mcp.ToServer, inR, 0); g.End(mcp.ToServer) })
		all.Go(func() {
			g.Feed(mcp.ToClient, fromServer, 0)
			<-g.End(mcp.ToClient)
			for _, ended := range g.Close() {
				<-ended
			}
		})
	}
	all.Go(func() { echo(serverIn, serverOut) })
	b.Cleanup(func() { inW.Close(); all.Wait() })
	return inW, bufio.NewReaderSize(outR, 128<<10)
}

// echo answers every call with its text, with a write for all that one read gave.
func echo(in io.Reader, out io.WriteCloser) {
	defer out.Close()
	r, w := bufio.NewReaderSize(in, 128<<10), bufio.NewWriterSize(out, 128<<10)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		s := string(line)
		id := s[strings.Index(s, `"id":`)+5:]
		id = id[:strings.IndexByte(id, ',')]
		text := s[strings.Index(s, `"say":`)+6:]
		text = strings.TrimSuffix(text, "}}}\n")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":%s}]}}`+"\n", id, text)
		if r.Buffered() == 0 {
			w.Flush()
		}
	}
}

// recorders are the ways to record that the benchmarks compare.
func recorders(b *testing.B, run func(*testing.B, proxy.Recorder)) {
	b.Run("relay", func(b *testing.B) { run(b, nil) })
	b.Run("unrecorded", func(b *testing.B) { run(b, nowhere{}) })
	b.Run("grouped", func(b *testing.B) {
		r := newGrouped()
		b.Cleanup(r.close)
		run(b, r)
	})
}

func BenchmarkSequential200B(b *testing.B) {
	recorders(b, func(b *testing.B, rec proxy.Recorder) {
		in, out := echoed(b, rec)
		say := strings.Repeat("word ", 24)
		b.ResetTimer()
		for i := range b.N {
			io.WriteString(in, call(i, say)+"\n")
			if _, err := out.ReadSlice('\n'); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkPipelined200B(b *testing.B) {
	recorders(b, func(b *testing.B, rec proxy.Recorder) {
		in, out := echoed(b, rec)
		say := strings.Repeat("word ", 24)
		b.ResetTimer()
		go func() {
			w := bufio.NewWriterSize(in, 64<<10)
			for i := range b.N {
				w.WriteString(call(i, say) + "\n")
				if i%64 == 63 {
					w.Flush()
				}
			}
			w.Flush()
		}()
		for range b.N {
			if _, err := out.ReadSlice('\n'); err != nil {
				b.Fatal(err)
			}
		}
	})
}
