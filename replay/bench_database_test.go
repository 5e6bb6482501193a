//go:build unix

package replay_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/replay"
)

// working makes texts as tools take and give them: source, logs, prose, JSON. No two
// are equal.
func (r source) working(n int) string {
	var b strings.Builder
	for b.Len() < n {
		switch r.IntN(4) {
		case 0:
			fmt.Fprintf(&b, "func (t *table%d) row(i int) (fields []string, err error) {\n\tif i >= len(t.lines) {\n\t\treturn nil, errRange\n\t}\n\treturn split(t.lines[i], %d), nil\n}\n", r.IntN(1e6), r.IntN(1e4))
		case 1:
			fmt.Fprintf(&b, "2026-07-28T09:%02d:%02d.%03dZ INFO  worker=%d handled GET /berths/%d in %dms status=200\n", r.IntN(60), r.IntN(60), r.IntN(1000), r.IntN(64), r.IntN(1e6), r.IntN(900))
		case 2:
			fmt.Fprintf(&b, "The harbour master of berth %d wrote that %d ships had left before the tide, and that the lines were to be looked at again by noon. ", r.IntN(1e6), r.IntN(100))
		case 3:
			fmt.Fprintf(&b, `{"id": %d, "name": "pier %d", "open": true, "tags": ["quay", "crane"], "depth_m": %d.5}`+"\n", r.IntN(1e9), r.IntN(1e5), r.IntN(30))
		}
	}
	return b.String()[:n]
}

// recorded writes a database of sessions of calls; a call with its answer has about
// the size.
func recorded(tb testing.TB, p *policy.Policy, sessions, calls, size int) string {
	tb.Helper()
	r := newSource(77)
	path := filepath.Join(tb.TempDir(), "r.db")
	store, err := recorder.Open(path, recorder.Options{Durability: recorder.Async})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range sessions {
		var messages []string
		for k := range calls {
			messages = append(messages,
				call(k+1, r.pick("read_file", "search", "write_file"), fmt.Sprintf(`{"path":"/home/dev/ws/src/file%d.go","text":%q}`, k, r.working(size*3/10-140))),
				answer(k+1, r.working(size*7/10-90)))
		}
		c := session(fmt.Sprint("s", i), messages...)
		s, err := store.Begin(recorder.SessionInfo{Started: 1 + int64(i), Server: "demo", PolicyDigest: p.Digest, Policy: p.Sources})
		if err != nil {
			tb.Fatal(err)
		}
		engine := policy.NewSession(p)
		for i := range c.Steps {
			if _, err := s.Append(c.Steps[i].Frame, engine.Step(c.Steps[i].Frame)); err != nil {
				tb.Fatal(err)
			}
		}
		if err := s.End("closed", 2e18); err != nil {
			tb.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

func mustEmbed(tb testing.TB, more string) *policy.Policy {
	tb.Helper()
	p, err := policy.Load("p.yaml", []byte("version: 1\nextends: default\n"+more), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// cpuTime is what this process has used of all processors: it says more than the clock
// where others run beside.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDatabase replays a database of calls of 1 KB, request and answer together.
func BenchmarkDatabase(b *testing.B) {
	const sessions, calls = 100, 100
	plain := load(b, "plain.yaml", "allow", `id: x, tool: zzz, action: deny`)
	changed := mustEmbed(b, "rules:\n  - {id: mine, tool: zzz, action: deny}\n")
	for _, bb := range []struct {
		name       string
		base, cand *policy.Policy
		quick      bool
	}{
		{"verify", mustEmbed(b, ""), nil, false},
		{"changed-tool-rule", mustEmbed(b, ""), changed, false},
		{"changed-tool-rule-quick", mustEmbed(b, ""), changed, true},
		{"no-text-rules", plain, load(b, "plain.yaml", "allow", `id: x, tool: yyy, action: deny`), false},
	} {
		b.Run(bb.name, func(b *testing.B) {
			path := recorded(b, bb.base, sessions, calls, 1000)
			cfg := replay.Config{Quick: bb.quick}
			if bb.cand != nil {
				cfg.Candidates = []*policy.Policy{bb.cand}
			}
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
					cfg.Workers = workers
					before := cpuTime(b)
					for b.Loop() {
						r, err := replay.Run(context.Background(), importer.Open(path), cfg)
						if err != nil || r.Control.Sessions > 0 || r.Corpus.Cases != sessions {
							b.Fatalf("%v %v", err, r)
						}
					}
					n := float64(b.N) * sessions * calls
					b.ReportMetric(n/b.Elapsed().Seconds(), "calls/s")
					b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/n, "cpu-ns/call")
				})
			}
		})
	}
}
