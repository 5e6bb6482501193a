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

// shows sums up what a corpus shows: coverage without counts, kills, group ids.
func shows(t *testing.T, cfg replay.MinimizeConfig, list []corpus.Case) string {
	t.Helper()
	out := ""
	for _, r := range cover(t, cfg.Policy, list...).Rules {
		out += fmt.Sprintln(r.Rule, r.Matched > 0, r.Decided > 0)
		for _, c := range r.Conditions {
			out += fmt.Sprintln(c.Pos, c.Text, c.True > 0, c.False > 0)
		}
	}
	for _, m := range mutate(t, cfg.Policy, 1, list...).Mutants {
		out += fmt.Sprintln(m.ID, m.Killer != nil)
	}
	bare := make([]corpus.Case, len(list))
	for i, c := range list {
		bare[i] = c
		bare[i].Policy = nil
	}
	for _, c := range run(t, replay.Config{Baseline: cfg.Policy, Candidates: cfg.Candidates}, bare...).Comparisons {
		ids := map[string]bool{}
		for _, g := range c.Groups {
			ids[g.ID] = true
		}
		out += fmt.Sprintln(ids)
	}
	return out
}

func TestMinimizedCorpusShowsAll(t *testing.T) {
	fewer := 0
	for seed := range uint64(3) {
		r := newSource(300 + seed)
		cfg := replay.MinimizeConfig{Policy: r.policy(t, "p.yaml"), Candidates: []*policy.Policy{r.policy(t, "c.yaml")}, Workers: 2}
		var list []corpus.Case
		for i := range 60 {
			c := r.session(fmt.Sprint("s", i))
			c.Source = "one"
			for k := range c.Steps {
				c.Steps[k].Label = r.pick("", "", "attack", "benign")
			}
			list = append(list, c)
		}
		m, err := replay.Minimize(context.Background(), cases(list...), cfg)
		if err != nil {
			t.Fatal(err)
		}
		var kept, shrunk []corpus.Case
		before, after := 0, 0
		for _, n := range m.Numbers {
			kept = append(kept, list[n])
			shrunk = append(shrunk, m.Shrink(cfg, n, list[n]))
			before += len(list[n].Steps)
			after += len(shrunk[len(shrunk)-1].Steps)
		}
		fewer += before - after
		want := shows(t, cfg, list)
		if got := shows(t, cfg, kept); got != want {
			t.Errorf("seed %d: what is kept shows something else: %s", seed, firstDifference(want, got))
		}
		if got := shows(t, cfg, shrunk); got != want {
			t.Errorf("seed %d: what is shrunk shows something else: %s", seed, firstDifference(want, got))
		}
		if m.Kept >= m.Cases/2 || after > before || m.Kept != len(m.Numbers) {
			t.Errorf("seed %d: %d of %d cases kept, %d of %d steps", seed, m.Kept, m.Cases, after, before)
		}
		again, err := replay.Minimize(context.Background(), cases(list...), replay.MinimizeConfig{Policy: cfg.Policy, Candidates: cfg.Candidates, Workers: 4})
		if err != nil || toJSON(t, again) != toJSON(t, m) {
			t.Errorf("seed %d: 4 workers keep others (%v)", seed, err)
		}
	}
	if fewer < 25 {
		t.Errorf("shrinking takes %d steps away in all", fewer)
	}
}

func TestShrinkKeepsCallsWithTheirAnswers(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-evil, direction: to-client, text: {regex: evil}, action: deny`)
	cfg := replay.MinimizeConfig{Policy: p}
	c := label(session("s",
		call(1, "a", "{}"), answer(1, "good"), call(2, "a", "{}"), call(3, "b", "{}"), answer(3, "evil"), answer(2, "good"), call(4, "a", "{}")),
		"", "", "", "", "attack")
	m, err := replay.Minimize(context.Background(), cases(c), cfg)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Shrink(cfg, 0, c)
	var steps []string
	for _, s := range got.Steps {
		steps = append(steps, s.ID)
	}
	// One answer for which the condition holds, and one for which it doesn't.
	if len(steps) != 5 || steps[0] != "s:0" {
		t.Errorf("steps %v", steps)
	}
}

// TestShrinkMakesMessagesSmaller: what a rule asks for stays, the rest of a message
// goes.
func TestShrinkMakesMessagesSmaller(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-drop, tool: query, args: {sql: {regex: "DROP TABLE"}}, action: deny`)
	cfg := replay.MinimizeConfig{Policy: p}
	long := strings.Repeat("SELECT id FROM orders; ", 20)
	c := label(session("s",
		call(1, "query", `{"sql":"`+long+`DROP TABLE orders; `+long+`","rows":[1,2,3],"deep":{"a":{"b":["c","d"]}}}`),
		call(2, "query", `{"sql":"`+long+`"}`), call(3, "other", `{"x":"y"}`)), "attack", "benign", "benign")
	m, err := replay.Minimize(context.Background(), cases(c), cfg)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Shrink(cfg, 0, c)
	var attack string
	for _, st := range got.Steps {
		if strings.Contains(string(st.Frame.Raw), "DROP") {
			attack = string(st.Frame.Raw)
		}
	}
	if want := `{"id":1,"jsonrpc":"2.0","method":"tools/call","params":{"arguments":{"sql":"DROP TABLE"},"name":"query"}}`; attack != want {
		t.Errorf("%s\nwant %s", attack, want)
	}
	if shows(t, cfg, []corpus.Case{got}) != shows(t, cfg, []corpus.Case{c}) {
		t.Error("it shows something else")
	}
}
