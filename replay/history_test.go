package replay_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func list(id int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/list"}`, id)
}

// in replays cases in one history.
func in(t *testing.T, m replay.Mode, base, candidate *policy.Policy, list ...corpus.Case) *replay.Comparison {
	t.Helper()
	return &run(t, replay.Config{Baseline: base, Candidates: []*policy.Policy{candidate}, Mode: m}, list...).Comparisons[0]
}

// TestWhatNobodySawIsIndeterminate: the candidate lets a list pass that was denied, so
// nobody knows what the tools would have said of themselves.
func TestWhatNobodySawIsIndeterminate(t *testing.T) {
	reads := `id: reads, tool: "*", annotations: {readOnlyHint: true}, action: allow`
	base := load(t, "base.yaml", "deny", `id: no-list, method: tools/list, action: deny`, reads)
	cand := load(t, "cand.yaml", "deny", reads)
	for _, tt := range []struct {
		name, observed, causal string
		messages               []string
	}{
		{"a tool that a list could have named", "newly_allowed=1", "newly_allowed=1 indeterminate=1",
			[]string{list(1), call(2, "look", "{}")}},
		{"nothing depends on the list", "newly_allowed=1", "newly_allowed=1",
			[]string{call(2, "look", "{}"), list(1)}},
		{"a ping", "newly_allowed=1", "newly_allowed=1",
			[]string{list(1), `{"jsonrpc":"2.0","id":3,"method":"ping"}`, `<{"jsonrpc":"2.0","id":3,"result":{}}`}},
	} {
		c := session("s", tt.messages...)
		if got := changes(in(t, replay.Observed, base, cand, c)); got != tt.observed {
			t.Errorf("%s, observed: %s, want %s", tt.name, got, tt.observed)
		}
		if got := changes(in(t, replay.Causal, base, cand, c)); got != tt.causal {
			t.Errorf("%s, causal: %s, want %s", tt.name, got, tt.causal)
		}
	}
}

// TestWhatAnswersLeaveInMemoryIsIndeterminate: nobody saw the answer of a call that only
// the candidate lets pass, nor what its rules would have remembered of it.
func TestWhatAnswersLeaveInMemoryIsIndeterminate(t *testing.T) {
	rules := []string{
		`id: web, tool: fetch, direction: to-client, text: {regex: secret}, action: log, labels: seen, remember: page`,
		`id: asked, tool: ask, action: log, labels: asked`,
		`id: no-send, tool: send, after: seen, action: deny`,
		`id: no-copy, tool: copy, carries: page, action: deny`,
		`id: no-write, tool: write, after: asked, action: deny`,
	}
	base := load(t, "base.yaml", "allow", append([]string{`id: no-fetch, tool: fetch, action: deny`}, rules...)...)
	cand := load(t, "cand.yaml", "allow", rules...)
	c := session("s", call(1, "fetch", "{}"), call(2, "send", "{}"), call(3, "copy", "{}"), call(4, "write", "{}"), call(5, "other", "{}"))
	if got := changes(in(t, replay.Causal, base, cand, c)); got != "newly_allowed=1 indeterminate=2" {
		t.Errorf("%s, want newly_allowed=1 indeterminate=2", got)
	}
}

func TestAnIndeterminateVerdictShowsTheLoosestCourse(t *testing.T) {
	reads := `id: reads, tool: "*", annotations: {readOnlyHint: true}, action: allow`
	base := load(t, "base.yaml", "deny", `id: no-list, method: tools/list, action: deny`, reads)
	got := in(t, replay.Causal, base, load(t, "cand.yaml", "deny", reads), session("s", list(1), call(2, "look", "{}")))
	for _, g := range got.Groups {
		if g.Class == replay.Indeterminate && (g.To.Action != policy.Allow || g.Example.To.Verdict.Action != policy.Allow || g.From.Action != policy.Deny) {
			t.Errorf("%s", toJSON(t, g))
		}
	}
	if got.Gate.Status != replay.Failed || len(got.Gate.Reasons) != 2 {
		t.Errorf("gate %s", toJSON(t, got.Gate))
	}
}

func TestBothHistories(t *testing.T) {
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`)
	lax := load(t, "lax.yaml", "allow")
	c := session("s", call(1, "a", "{}"), answer(1, "x"), call(2, "b", "{}"), answer(2, "x"), call(3, "b", "{}"))
	r := run(t, replay.Config{Baseline: lax, Candidates: []*policy.Policy{strict, lax}, Mode: replay.Both}, c)
	var got string
	for _, c := range r.Comparisons {
		got += fmt.Sprintf("%s %s %d %d; ", c.Candidate.Name, c.Mode, c.Changed, c.Diverged)
	}
	if want := "strict.yaml observed 2 1; strict.yaml causal 2 1; lax.yaml observed 0 0; lax.yaml causal 0 0; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if first := r.Comparisons[0].First; len(first) != 1 || first[0].Step != "s:3" || first[0].Class != replay.NewlyDenied {
		t.Errorf("first divergence %s", toJSON(t, first))
	}
	if r.Comparisons[0].Conditional != 1 {
		t.Errorf("conditional %d, want the change after the first", r.Comparisons[0].Conditional)
	}
}

// TestBothGatesByWhatWasObserved: the causal history is shown, not gated, unless it is
// the only one.
func TestBothGatesByWhatWasObserved(t *testing.T) {
	reads := `id: reads, tool: "*", annotations: {readOnlyHint: true}, action: allow`
	base := load(t, "base.yaml", "deny", `id: no-list, method: tools/list, action: deny`, reads)
	cand := load(t, "cand.yaml", "deny", reads)
	gate := replay.GateConfig{FailOn: []replay.Class{replay.Indeterminate}}
	for mode, want := range map[replay.Mode]replay.Status{replay.Observed: replay.Passed, replay.Both: replay.Passed, replay.Causal: replay.Failed} {
		r := run(t, replay.Config{Baseline: base, Candidates: []*policy.Policy{cand}, Mode: mode, Gate: gate}, session("s", list(1), call(2, "look", "{}")))
		if r.Gate.Status != want {
			t.Errorf("%s: %s, want %s", mode, r.Gate.Status, want)
		}
	}
}

// TestCausalIsObservedWhereAllIsKnown: the histories differ only by what nobody saw.
func TestCausalIsObservedWhereAllIsKnown(t *testing.T) {
	compared := 0
	for seed := range uint64(60) {
		r := newSource(7000 + seed)
		base, cand := r.policy(t, "base.yaml"), r.policy(t, "cand.yaml")
		for i := range 10 {
			c := r.session(fmt.Sprint("s", i))
			x, y := in(t, replay.Observed, base, cand, c), in(t, replay.Causal, base, cand, c)
			if x.Count(replay.NewlyAllowed) > 0 || somebodyToAsk(&c) {
				continue
			}
			compared += x.Compared
			y.ID, y.Mode = x.ID, x.Mode
			if toJSON(t, x) != toJSON(t, y) {
				t.Errorf("seed %d, session %d: %s", seed, i, firstDifference(toJSON(t, x), toJSON(t, y)))
			}
		}
	}
	if compared < 1000 {
		t.Errorf("%d steps compared", compared)
	}
}

func TestModeWords(t *testing.T) {
	for _, m := range []replay.Mode{replay.Observed, replay.Causal, replay.Both} {
		if got, err := replay.ParseMode(m.String()); err != nil || got != m {
			t.Errorf("%s is read as %s (%v)", m, got, err)
		}
	}
	if _, err := replay.ParseMode(""); err == nil {
		t.Error("an empty mode is read")
	}
}

func somebodyToAsk(c *corpus.Case) bool {
	return slices.ContainsFunc(c.Steps, func(s corpus.Step) bool {
		return bytes.Contains(s.Frame.Raw, []byte(`"channels"`)) || bytes.Contains(s.Frame.Raw, []byte(`"elicitation"`))
	})
}
