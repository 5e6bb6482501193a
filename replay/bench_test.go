package replay_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// traffic makes sessions of calls of about 1 KB with their answers.
func traffic(sessions, calls int) (out []corpus.Case) {
	r := newSource(5)
	words := strings.Fields("the parser reads one line of the log and returns its fields so that tests can compare them with what was written before")
	prose := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(' ')
		}
		return b.String()
	}
	for i := range sessions {
		var messages []string
		for k := range calls {
			messages = append(messages,
				call(k, r.pick("read_file", "search", "write_file"), fmt.Sprintf(`{"path":"/home/dev/ws/src/file%d.go","text":%q}`, k, prose(900))),
				answer(k, prose(950)))
		}
		out = append(out, session(fmt.Sprint("s", i), messages...))
	}
	return out
}

func embedded(b *testing.B, extra string) *policy.Policy {
	b.Helper()
	p, err := policy.Load("p.yaml", []byte("version: 1\nextends: default\nrules:\n  - {id: mine, tool: zzz, "+extra+"}\n"), nil)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkRun replays calls of 1 KB and their answers on one core.
func BenchmarkRun(b *testing.B) {
	list := traffic(20, 50)
	base, cand := embedded(b, "action: deny"), embedded(b, "action: ask")
	plain := load(b, "a.yaml", "allow", `id: x, tool: zzz, action: deny`)
	for _, bb := range []struct {
		name string
		cfg  replay.Config
	}{
		{"verify", replay.Config{}},
		{"candidate", replay.Config{Baseline: base, Candidates: []*policy.Policy{cand}}},
		{"no-text", replay.Config{Baseline: plain, Candidates: []*policy.Policy{plain}}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			cs := list
			if bb.name == "verify" {
				cs = nil
				for _, c := range list {
					c.Steps = append([]corpus.Step(nil), c.Steps...)
					cs = append(cs, record(c, base))
				}
			}
			for b.Loop() {
				if _, err := replay.Run(context.Background(), cases(cs...), bb.cfg); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "calls/s")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2000, "ns/message")
		})
	}
}
