package replay_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// TestLawL2 is the rewind law: any recording, replayed under the policy that
// recorded it, gives equal events, after it went through a file.
func TestLawL2(t *testing.T) {
	var file bytes.Buffer
	w := corpus.NewWriter(&file)
	recorded := 0
	for seed := range uint64(250) {
		r := newSource(seed)
		c := record(r.session(fmt.Sprint("s", seed)), r.policy(t, "p.yaml"))
		pinSome(t, r, &c)
		recorded += len(c.Steps)
		for i := range c.Steps {
			if c.Steps[i].Frame.Kind > mcp.FactFrame {
				c.Steps[i].Frame.Kind = mcp.Invalid // what an unknown kind is recorded as
			}
		}
		if err := w.Case(&c); err != nil {
			t.Fatal(err)
		}
	}
	r, err := replay.Verify(context.Background(), corpus.Read(&file, "file"), replay.Config{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if r.Control.Compared != recorded || r.Control.Equal != recorded || r.Gate.Status != replay.Passed {
		t.Errorf("of %d events:\n%s", recorded, toJSON(t, r.Control))
	}
}

// pinSome records some messages by their findings, as is done where the stored
// bytes can't show them.
func pinSome(t *testing.T, r source, c *corpus.Case) {
	p, err := policy.LoadSources(c.Policy)
	if err != nil {
		t.Fatal(err)
	}
	s := policy.NewSession(p)
	for i := range c.Steps {
		f := &c.Steps[i].Frame
		pins := s.Step(*f).Pins()
		if f.Kind == mcp.MessageFrame && r.IntN(3) == 0 {
			f.Pins, f.Pinned, c.Steps[i].Fidelity = pins, true, policy.Pinned
		}
	}
}

// TestLawL2Detects: the test above can fail.
func TestLawL2Detects(t *testing.T) {
	r := newSource(8)
	c := record(r.session("s"), load(t, "p.yaml", "deny"))
	c.Policy = load(t, "p.yaml", "allow").Sources
	got := run(t, replay.Config{}, c)
	if got.Control.Sessions != 1 {
		t.Error("a recording under another policy doesn't drift")
	}
}

// result replays random sessions under random policies.
func result(t *testing.T, workers int) string {
	r := newSource(1)
	base := r.policy(t, "base.yaml")
	cfg := replay.Config{Fallback: base, Workers: workers}
	for i := range 3 {
		cfg.Candidates = append(cfg.Candidates, r.policy(t, fmt.Sprintf("cand%d.yaml", i)))
	}
	var list []corpus.Case
	for i := range 120 {
		c := r.session(fmt.Sprint("s", i))
		if r.IntN(4) > 0 {
			c = record(c, base)
		}
		list = append(list, c)
	}
	got := run(t, cfg, list...)
	changed := 0
	for _, c := range got.Comparisons {
		changed += len(c.Groups)
	}
	if changed < 20 || got.Control.Sessions > 0 {
		t.Fatalf("%d groups, %d sessions drifted: nothing to compare", changed, got.Control.Sessions)
	}
	return toJSON(t, got)
}

// TestLawL9: the same input gives the same bytes, whatever the workers, the
// processors, the time zone, the locale, the terminal and the folder.
func TestLawL9(t *testing.T) {
	const child = "RULEWIND_TEST_L9"
	if n, err := strconv.Atoi(os.Getenv(child)); err == nil {
		fmt.Print("<<", result(t, n), ">>")
		return
	}
	want := result(t, 1)
	for range 2 {
		if got := result(t, 4); got != want {
			t.Fatalf("4 workers give another result: %s", firstDifference(want, got))
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := result(t, 3); got != want {
		t.Errorf("GOMAXPROCS=1 gives another result: %s", firstDifference(want, got))
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, env := range [][]string{
		{"TZ=Asia/Kolkata", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "TERM=dumb", "COLUMNS=40", "RUNEWIDTH_EASTASIAN=1", child + "=2"},
		{"TZ=UTC", "LANG=C", "NO_COLOR=1", "GOMAXPROCS=7", child + "=5"},
	} {
		cmd := exec.Command(exe, "-test.run=^TestLawL9$", "-test.count=1")
		cmd.Env, cmd.Dir = env, t.TempDir()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		_, rest, _ := bytes.Cut(out, []byte("<<"))
		got := string(rest[:max(bytes.LastIndex(rest, []byte(">>")), 0)])
		if got != want {
			t.Errorf("%v gives another result: %s", env, firstDifference(want, got))
		}
	}
}

func firstDifference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("at byte %d: %.200q and %.200q", i, a[max(0, i-80):], b[max(0, i-80):])
}

// TestSharedFindingsChangeNothing: candidates judge by what the baseline's session
// found as they do by what they find themselves.
func TestSharedFindingsChangeNothing(t *testing.T) {
	for seed := range uint64(40) {
		r := newSource(1000 + seed)
		cfg := replay.Config{Baseline: r.policy(t, "base.yaml"), Candidates: []*policy.Policy{r.policy(t, "a.yaml"), r.policy(t, "b.yaml")}}
		var list []corpus.Case
		for i := range 20 {
			list = append(list, r.session(fmt.Sprint("s", i)))
		}
		want, got := toJSON(t, run(t, replay.Alone(cfg), list...)), toJSON(t, run(t, cfg, list...))
		if got != want {
			t.Fatalf("seed %d: %s", seed, firstDifference(want, got))
		}
	}
}
