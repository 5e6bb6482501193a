package replay_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// TestMemoryIsBounded replays a few hundred megabytes, of which a few are held at any
// time.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a lot")
	}
	const sessions, calls, most = 250, 500, 48 << 20
	p := load(t, "p.yaml", "allow", `id: no-b, tool: b, action: deny`)
	text := strings.Repeat("all quiet at the quay. ", 45)
	stream := func(yield func(corpus.Case, error) bool) {
		for i := range sessions {
			var messages []string
			for k := range calls {
				messages = append(messages, call(k+1, "a", fmt.Sprintf(`{"n":%d,"text":%q}`, i, text)), answer(k+1, text))
			}
			if !yield(session(fmt.Sprint("s", i), messages...), nil) {
				return
			}
		}
	}
	peak, bytes := uint64(0), 0
	cfg := replay.Config{Baseline: p, Candidates: []*policy.Policy{load(t, "c.yaml", "allow", `id: no-a, tool: c, action: deny`)}, Workers: 2}
	cfg.Progress = func(p replay.Progress) {
		if p.Cases%25 != 0 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		bytes = p.Steps * len(text)
	}
	r, err := replay.Run(context.Background(), stream, cfg)
	if err != nil || r.Corpus.Cases != sessions || r.Gate.Status != replay.Passed {
		t.Fatalf("%v %s", err, toJSON(t, r.Gate))
	}
	if bytes < 200<<20 || peak > most {
		t.Errorf("of %d MB, %d MB were held at once", bytes>>20, peak>>20)
	}
}
