package replay_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestAnswersOfStoppedCallsAreMoot(t *testing.T) {
	lax := load(t, "lax.yaml", "allow")
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`)
	c := session("s",
		call(1, "a", "{}"), answer(1, "x"),
		call(2, "b", "{}"), answer(2, "x"),
		call(3, "a", "{}"), answer(3, "x"))
	for _, tt := range []struct {
		name       string
		base, cand *policy.Policy
		want       string
	}{
		{"the candidate stops the call", lax, strict, "newly_denied=1"},
		{"the baseline stopped the call", strict, lax, "newly_allowed=1"},
	} {
		got := compare(t, tt.base, tt.cand, c)
		if changes(got) != tt.want || got.Moot != 1 || got.Compared != 5 || got.Unchanged != 4 {
			t.Errorf("%s: %s, moot %d, compared %d, unchanged %d; want %s, 1, 5, 4",
				tt.name, changes(got), got.Moot, got.Compared, got.Unchanged, tt.want)
		}
	}
	if got := compare(t, strict, strict, c); got.Moot != 0 || got.Unchanged != 6 {
		t.Errorf("stopped by both: moot %d, unchanged %d; want 0, 6", got.Moot, got.Unchanged)
	}
}

func TestIDsReusedAfterARefusalAreMoot(t *testing.T) {
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`)
	// Under the baseline the id is free again: the call was refused.
	got := compare(t, strict, load(t, "lax.yaml", "allow"), session("s", call(1, "b", "{}"), call(1, "a", "{}")))
	if changes(got) != "newly_allowed=1" || got.Moot != 1 {
		t.Errorf("%s, moot %d; want newly_allowed=1, 1", changes(got), got.Moot)
	}
}

func TestChangesAfterTheFirstAreConditional(t *testing.T) {
	lax := load(t, "lax.yaml", "allow")
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`)
	got := compare(t, lax, strict,
		session("s", call(1, "b", `{"x":"the longer one"}`), call(2, "b", `{"x":""}`), call(3, "b", `{"x":"longest of them all"}`)),
		session("u", call(1, "b", `{"x":"in another session"}`)))
	if len(got.Groups) != 1 {
		t.Fatalf("%d groups, want 1\n%s", len(got.Groups), toJSON(t, got.Groups))
	}
	g := got.Groups[0]
	if g.Count != 4 || g.Conditional != 2 || g.Sessions != 2 || got.Conditional != 2 {
		t.Errorf("count %d, conditional %d, sessions %d; want 4, 2, 2", g.Count, g.Conditional, g.Sessions)
	}
	if g.Example.Step != "s:2" || !g.Example.Conditional {
		t.Errorf("example %s (conditional %v), want the shortest, s:2, which is", g.Example.Step, g.Example.Conditional)
	}
}

func TestANeutralChangeMakesNothingConditional(t *testing.T) {
	base := load(t, "a.yaml", "allow", `id: a, tool: a, action: deny`)
	cand := load(t, "b.yaml", "allow", `id: z, tool: a, action: deny`, `id: no-b, tool: b, action: deny`)
	got := compare(t, base, cand, session("s", call(1, "a", "{}"), call(2, "b", "{}")))
	if changes(got) != "newly_denied=1 rule_changed=1" || got.Conditional != 0 {
		t.Errorf("%s, conditional %d", changes(got), got.Conditional)
	}
}

func TestDriftStopsTheClaim(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-b, tool: b, action: deny`)
	c := record(session("s", call(1, "a", "{}"), answer(1, "x"), call(2, "b", "{}"), call(3, "b", "{}")), p)
	c.Steps[3].Recorded.Verdict.Rule = "gone"
	r := run(t, replay.Config{Candidates: []*policy.Policy{load(t, "lax.yaml", "allow")}}, c, record(session("t", call(1, "b", "{}")), p))
	if r.Control.Sessions != 1 || r.Control.Drift[0].Step != "s:3" || strings.Join(r.Control.Drift[0].Differs, " ") != "rule" {
		t.Errorf("drift %s", toJSON(t, r.Control))
	}
	got := r.Comparisons[0]
	if changes(&got) != "newly_allowed=1 drift=1" || got.Unclaimed != 2 {
		t.Errorf("%s, unclaimed %d; want what the other session shows, and 2", changes(&got), got.Unclaimed)
	}
	if r.Gate.Status != replay.Incomplete || r.Gate.Status.ExitCode() != 3 {
		t.Errorf("gate %s", toJSON(t, r.Gate))
	}
}

func TestPolicyThatLoadsNoMoreIsDrift(t *testing.T) {
	c := session("s", call(1, "a", "{}"))
	c.Policy = []policy.Source{{Name: "old.yaml", Text: []byte("version: 0\n")}}
	r := run(t, replay.Config{}, c)
	if r.Control.Sessions != 1 || r.Control.Drift[0].Differs[0] != "policy" || !strings.Contains(r.Control.Drift[0].Problem, "old.yaml:1:10") {
		t.Errorf("%s", toJSON(t, r.Control))
	}
}

func TestLossyEntriesAreNotEvaluable(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-key, text: {regex: "KEY"}, action: deny`)
	c := record(session("s", call(1, "a", `{"x":"KEY"}`), call(2, "a", "{}"), call(3, "a", `{"x":"KEY"}`)), p)
	for _, i := range []int{1, 3} {
		c.Steps[i].Fidelity = policy.Lossy
	}
	c.Steps[1].Frame.Raw = []byte(call(1, "a", `{"x":"???"}`)) // lost; the other one happens to be kept
	r := run(t, replay.Config{Candidates: []*policy.Policy{p}}, c)
	if r.Control.NotEvaluable != 1 || r.Control.Sessions != 0 {
		t.Errorf("control %s", toJSON(t, r.Control))
	}
	if got := r.Comparisons[0]; changes(&got) != "not_evaluable=1" || got.Unchanged != 2 {
		t.Errorf("%s, unchanged %d; want not_evaluable=1, 2", changes(&got), got.Unchanged)
	}
	if r.Gate.Status != replay.Failed {
		t.Errorf("gate %s", toJSON(t, r.Gate))
	}
}

func TestWithoutABaselineNothingIsEvaluable(t *testing.T) {
	p := load(t, "p.yaml", "allow")
	list := []corpus.Case{session("s", call(1, "a", "{}"), answer(1, "x"))}
	r := run(t, replay.Config{Candidates: []*policy.Policy{p}}, list...)
	if got := r.Comparisons[0]; changes(&got) != "not_evaluable=2" || got.Groups[0].From.Rule != "none" || got.Groups[0].Example.Message == "" {
		t.Errorf("%s", toJSON(t, got))
	}
	r = run(t, replay.Config{Candidates: []*policy.Policy{p}, Fallback: p}, list...)
	if got := r.Comparisons[0]; got.Unchanged != 2 || r.Gate.Status != replay.Passed {
		t.Errorf("with a fallback: %s", toJSON(t, got))
	}
}

// TestAnswersThatACacheReplacesAreMoot: under a candidate with a cache the second
// call's recorded answer never was.
func TestAnswersThatACacheReplacesAreMoot(t *testing.T) {
	plain := load(t, "plain.yaml", "allow")
	cached := load(t, "cached.yaml", "allow", `id: reads, tool: a, action: allow, cache: {ttl: 1h}`)
	c := session("s",
		`{"jsonrpc":"2.0","id":9,"method":"tools/list"}`,
		`<{"jsonrpc":"2.0","id":9,"result":{"tools":[{"name":"a","annotations":{"readOnlyHint":true}}]}}`,
		call(1, "a", "{}"), answer(1, "x"), call(2, "a", "{}"), answer(2, "x"), call(2, "a", "{}"), answer(2, "x"))
	if got := compare(t, plain, cached, c); changes(got) != "rule_changed=3" || got.Moot != 2 {
		t.Errorf("with a cache: %s, moot %d; want rule_changed=3, 2", changes(got), got.Moot)
	}
	c.Steps = append(c.Steps[:6], c.Steps[7]) // recorded under the cache: no second answer
	if got := compare(t, cached, plain, c); changes(got) != "rule_changed=2" || got.Moot != 1 {
		t.Errorf("without the cache: %s, moot %d; want rule_changed=2, 1", changes(got), got.Moot)
	}
}
