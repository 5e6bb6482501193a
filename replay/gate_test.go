package replay_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestBudgets(t *testing.T) {
	for _, tt := range []struct {
		text     string
		n, total int
		exceeded bool
	}{
		{"0", 1, 10, true},
		{"0", 0, 10, false},
		{"12", 12, 100, false},
		{"12", 13, 100, true},
		{"0.1%", 1, 1000, false},
		{"0.1%", 2, 1000, true},
		{"0.1%", 1, 999, true},
		{"0%", 1, 1 << 40, true},
		{"100%", 7, 7, false},
		{"33.333333333%", 1, 3, true}, // a third is more
		{"33.333333334%", 1, 3, false},
		{"0.000000001%", 1, 100_000_000_000, false},
		{"0.000000001%", 2, 100_000_000_000, true},
	} {
		b, err := replay.ParseBudget(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if got := b.Exceeded(tt.n, tt.total); got != tt.exceeded {
			t.Errorf("%s: %d of %d exceeded %v, want %v", tt.text, tt.n, tt.total, got, tt.exceeded)
		}
		if b.String() != tt.text {
			t.Errorf("%s is written as %s", tt.text, b)
		}
	}
	if (replay.Budget{}).Exceeded(1, 1) {
		t.Error("an unset budget is exceeded")
	}
	for _, text := range []string{"", "%", "-1", "+1", "1.5", " 1", "1e3", "101%", "100.1%", "1.%", ".5%", "0.0000000001%", "9999999999", "0x1", "1%%", "NaN%"} {
		if b, err := replay.ParseBudget(text); err == nil || b.Set {
			t.Errorf("%q is read as %v", text, b)
		}
	}
}

func TestAlmostAllIsNotAll(t *testing.T) {
	p := load(t, "p.yaml", "allow")
	c := session("s")
	for i := range 100_000 {
		c.Steps = append(c.Steps, c.Steps[0])
		c.Steps[i+1].Synthetic, c.Steps[i+1].Frame.Kind = false, mcp.Invalid
	}
	c.Steps[5].Fidelity = policy.Pinned
	share := func(text string) replay.Status {
		s, err := replay.ParseShare(text)
		if err != nil {
			t.Fatal(err)
		}
		return run(t, replay.Config{Baseline: p, Candidates: []*policy.Policy{p}, Gate: replay.GateConfig{MinExactFidelity: s}}, c).Gate.Status
	}
	if got := share("99.999%"); got != replay.Passed {
		t.Errorf("99.999%% exact at 99.999%%: %s", got)
	}
	if got := share("100%"); got != replay.Failed {
		t.Errorf("99.999%% exact at 100%%: %s", got)
	}
}

func TestGate(t *testing.T) {
	lax := load(t, "lax.yaml", "allow")
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`)
	budget := func(text string) replay.Budget {
		b, err := replay.ParseBudget(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	c := session("s", call(1, "b", "{}"), call(2, "a", "{}"), call(3, "a", "{}"), call(4, "a", "{}"))
	for _, tt := range []struct {
		name       string
		base, cand *policy.Policy
		gate       replay.GateConfig
		cases      []corpus.Case
		want       replay.Status
		exit       int
	}{
		{"loosening fails", strict, lax, replay.GateConfig{}, []corpus.Case{c}, replay.Failed, 1},
		{"tightening passes", lax, strict, replay.GateConfig{}, []corpus.Case{c}, replay.Passed, 0},
		{"tightening within its budget", lax, strict, replay.GateConfig{MaxNewlyDenied: budget("25%")}, []corpus.Case{c}, replay.Passed, 0},
		{"tightening above its budget", lax, strict, replay.GateConfig{MaxNewlyDenied: budget("24.9%")}, []corpus.Case{c}, replay.Failed, 1},
		{"no tightening at all", lax, strict, replay.GateConfig{MaxNewlyDenied: budget("0")}, []corpus.Case{c}, replay.Failed, 1},
		{"fail on what is named", lax, strict, replay.GateConfig{FailOn: []replay.Class{replay.NewlyDenied}}, []corpus.Case{c}, replay.Failed, 1},
		{"fail on nothing", strict, lax, replay.GateConfig{FailOn: []replay.Class{}}, []corpus.Case{c}, replay.Passed, 0},
		{"no case", lax, lax, replay.GateConfig{}, nil, replay.Incomplete, 3},
		{"no case, allowed", lax, lax, replay.GateConfig{AllowEmpty: true}, nil, replay.Passed, 0},
		{"not evaluable", nil, lax, replay.GateConfig{}, []corpus.Case{c}, replay.Failed, 1},
		{"not evaluable, allowed", nil, lax, replay.GateConfig{MaxNotEvaluable: budget("100%")}, []corpus.Case{c}, replay.Passed, 0},
	} {
		r := run(t, replay.Config{Baseline: tt.base, Candidates: []*policy.Policy{tt.cand}, Gate: tt.gate}, tt.cases...)
		if r.Gate.Status != tt.want || r.Gate.Status.ExitCode() != tt.exit {
			t.Errorf("%s: %s (exit %d), want %s (exit %d)\n%s", tt.name, r.Gate.Status, r.Gate.Status.ExitCode(), tt.want, tt.exit, toJSON(t, r.Gate))
		}
		if (r.Gate.Status == replay.Passed) != (len(r.Gate.Reasons) == 0) {
			t.Errorf("%s: %s with the reasons %s", tt.name, r.Gate.Status, toJSON(t, r.Gate.Reasons))
		}
	}
}

func TestVerify(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-b, tool: b, action: deny`)
	verify := func(c corpus.Case) replay.Status {
		r, err := replay.Verify(context.Background(), cases(c), replay.Config{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Gate.Status
	}
	plain := session("s", call(1, "b", "{}"))
	if got := verify(plain); got != replay.Incomplete {
		t.Errorf("nothing recorded: %s", got)
	}
	recorded := record(plain, p)
	if got := verify(recorded); got != replay.Passed {
		t.Errorf("recorded: %s", got)
	}
	lossy := record(session("s", call(1, "b", "{}")), p)
	lossy.Steps[1].Fidelity, lossy.Steps[1].Frame.Raw = policy.Lossy, []byte(call(1, "a", "{}"))
	if got := verify(lossy); got != replay.Failed {
		t.Errorf("a verdict that can't be had again: %s", got)
	}
	lossy.Steps[1].Fidelity = policy.Exact
	if got := verify(lossy); got != replay.Incomplete {
		t.Errorf("drift: %s", got)
	}
}

func TestRunStops(t *testing.T) {
	p := load(t, "p.yaml", "allow")
	cfg := replay.Config{Baseline: p, Candidates: []*policy.Policy{p}, Workers: 3}
	broken := errors.New("f.jsonl:7: broken")
	_, err := replay.Run(context.Background(), func(yield func(corpus.Case, error) bool) {
		for range 1000 {
			if !yield(session("s", call(1, "a", "{}")), nil) {
				return
			}
		}
		yield(corpus.Case{}, broken)
	}, cfg)
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	read := 0
	cfg.Progress = func(p replay.Progress) {
		if p.Cases == 100 {
			cancel()
		}
	}
	r, err := replay.Run(ctx, func(yield func(corpus.Case, error) bool) {
		for ; yield(session("s", call(1, "a", "{}")), nil); read++ {
		}
	}, cfg)
	if err != nil || !r.Interrupted || r.Gate.Status != replay.Incomplete || r.Corpus.Cases < 100 {
		t.Errorf("interrupted after %d cases: %v, %v", read, err, r)
	}
}
