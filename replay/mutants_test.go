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

func mutate(t *testing.T, p *policy.Policy, workers int, list ...corpus.Case) *replay.MutantReport {
	t.Helper()
	r, err := replay.Mutate(context.Background(), cases(list...), p, workers)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func survivors(r *replay.MutantReport) string {
	var out []string
	for _, m := range r.Mutants {
		if m.Killer == nil {
			out = append(out, m.Kind+" "+m.Rule)
		}
	}
	return strings.Join(out, ", ")
}

func TestMutants(t *testing.T) {
	p := load(t, "p.yaml", "deny",
		`id: no-drop, tool: [query, q], args: {sql: {regex: [drop, delete]}}, action: deny`,
		`id: queries, tool: [query, q], action: allow`)
	full := label(session("s",
		call(1, "query", `{"sql":"select"}`), call(2, "q", `{"sql":"select"}`),
		call(3, "query", `{"sql":"drop"}`), call(4, "q", `{"sql":"delete"}`),
		call(5, "other", "{}"), call(6, "quit", "{}")),
		"benign", "benign", "attack", "attack", "attack", "attack")
	r := mutate(t, p, 1, full)
	// Without the tool, no-drop would stop what the default stops anyway.
	if got := survivors(r); got != "drop-condition no-drop" || r.Killed != len(r.Mutants)-1 || r.Asserting != 6 {
		t.Errorf("survivors: %s\n%s", got, toJSON(t, r))
	}
	full.Steps = full.Steps[:3] // nothing attacks
	if got := mutate(t, p, 1, full); got.Killed < 2 || !strings.Contains(survivors(got), "delete-rule no-drop, allow-instead no-drop") {
		t.Errorf("without attacks: %s", toJSON(t, got))
	}
	bare := session("s", call(1, "query", `{"sql":"drop"}`))
	if got := mutate(t, p, 1, bare); got.Killed != 0 || got.Asserting != 0 {
		t.Errorf("cases that assert nothing kill: %s", toJSON(t, got))
	}
}

func TestMutantKinds(t *testing.T) {
	p := load(t, "p.yaml", "deny",
		`id: note, tool: a, action: log`,
		`id: rate, tool: a, limit: {calls: 1, per: 1m}, action: ask`,
		`id: bad, direction: to-server, text: {commands: true}, action: deny`,
		`id: rest, any: [{tool: a}, {tool: b}], not: {args: {x: y}}, action: allow`)
	kinds := map[string]int{}
	ids := map[string]bool{}
	for _, m := range p.Mutants() {
		kinds[m.Kind]++
		ids[m.ID] = true
		if m.Policy.Digest != p.Digest || len(p.Rules) != 4 {
			t.Errorf("%s changed its origin", m.ID)
		}
	}
	if got, want := fmt.Sprint(kinds), "map[allow-by-default:1 allow-instead:2 delete-rule:3 disable-detector:1 double-limit:1 drop-condition:6 drop-entry:2 swap-rules:2 widen-allow:1]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if len(ids) != len(p.Mutants()) {
		t.Error("two mutants have one id")
	}
}

// TestMutantsOfMemory: what a rule leaves in memory has mutants, which later messages
// notice.
func TestMutantsOfMemory(t *testing.T) {
	p := load(t, "p.yaml", "allow",
		`id: seen, tool: read, direction: to-client, action: log, labels: seen, remember: page`,
		`id: no, tool: send, after: [seen, {label: sent, times: 2}], action: deny`,
		`id: copy, tool: copy, carries: page, action: deny`,
		`id: sent, tool: send, action: log, labels: sent`,
		`id: slow, tool: "*", limit: {bytes: 1MB, per: 1m}, action: deny`)
	kinds := map[string]int{}
	for _, m := range p.Mutants() {
		kinds[m.Kind]++
	}
	if got, want := fmt.Sprint(kinds), "map[allow-instead:3 delete-rule:5 double-limit:1 drop-condition:7 drop-entry:2 no-labels:2 no-remember:1 swap-rules:2]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	c := session("s", call(1, "read", "{}"), answer(1, "the house at the lake"), call(2, "send", "{}"), call(3, "send", "{}"), call(4, "send", "{}"),
		call(5, "copy", `{"t":"the house at the lake"}`))
	s := policy.NewSession(p)
	for i := range c.Steps {
		v := s.Step(c.Steps[i].Frame).Verdict
		c.Steps[i].Want = &corpus.Expectation{Action: v.Action, Rule: v.Rule}
	}
	for _, m := range mutate(t, p, 1, c).Mutants {
		if (m.Kind == "no-labels" || m.Kind == "no-remember" || m.Kind == "delete-rule" && m.Rule != "slow") && m.Killer == nil {
			t.Errorf("nothing notices %s: %s", m.ID, m.Text)
		}
	}
}

// TestMutantsThatMatter: leaving out the runs that can't differ leaves out no kill.
func TestMutantsThatMatter(t *testing.T) {
	killed := 0
	for seed := range uint64(60) {
		r := newSource(9000 + seed)
		p := r.policy(t, "p.yaml")
		c := r.session("s")
		s := policy.NewSession(p)
		s.KeepPolicy = true
		for i := range c.Steps {
			v := s.Step(c.Steps[i].Frame).Verdict
			c.Steps[i].Want = &corpus.Expectation{Action: v.Action, Rule: v.Rule}
		}
		report := mutate(t, p, 1, c)
		for i, m := range p.Mutants() {
			want := ""
			s := policy.NewSession(m.Policy)
			s.KeepPolicy = true
			for _, st := range c.Steps {
				if e := s.Step(st.Frame); want == "" && st.Want.Mismatch(e) != "" {
					want = st.ID
				}
			}
			got := ""
			if k := report.Mutants[i].Killer; k != nil {
				got = k.Step
				killed++
			}
			if got != want {
				t.Errorf("seed %d, %s (%s): killed by %q, want %q", seed, m.ID, m.Text, got, want)
			}
		}
	}
	if killed < 100 {
		t.Errorf("%d mutants killed: nothing was compared", killed)
	}
}

func TestMutantsAreTheSameForAnyWorkers(t *testing.T) {
	r := newSource(12)
	p := r.policy(t, "p.yaml")
	var list []corpus.Case
	for i := range 200 {
		c := r.session(fmt.Sprint("s", i))
		for k := range c.Steps {
			c.Steps[k].Label = r.pick("", "attack", "benign")
		}
		list = append(list, c)
	}
	want := toJSON(t, mutate(t, p, 1, list...))
	for range 3 {
		if got := toJSON(t, mutate(t, p, 4, list...)); got != want {
			t.Errorf("4 workers: %s", firstDifference(want, got))
		}
	}
}

// TestSuggestedTestsKill: each suggestion, put into the policy's file, holds there, and
// kills the mutant that it was made for.
func TestSuggestedTestsKill(t *testing.T) {
	text := `version: 1
default: deny
rules:
  - {id: no-drop, tool: [query, q], args: {sql: {regex: [drop, delete]}}, action: deny}
  - {id: slow, tool: [query, q], limit: {calls: 5, per: 1m}, action: ask}
  - {id: queries, tool: [query, q], args: {sql: {glob: "select*"}, rows: {max: 100}}, action: allow}
  - {id: no-evil, direction: to-client, text: {regex: evil}, action: deny}
`
	p, err := policy.Load("p.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := session("s", call(1, "query", `{"sql":"select 1","rows":5}`), answer(1, "good"), call(2, "q", `{"sql":"select 2","rows":7}`), answer(2, "an evil word"),
		call(3, "query", `{"sql":"drop"}`), call(4, "q", `{"sql":"delete"}`), call(5, "other", "{}"))
	r, err := replay.MutateWith(context.Background(), cases(c), replay.MutateConfig{Policy: p, Suggest: cases()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Killed != 0 {
		t.Fatalf("%d killed by cases that assert nothing", r.Killed)
	}
	suggested := 0
	for _, m := range r.Mutants {
		if m.Suggestion == "" {
			t.Logf("nothing for %s %s (%s)", m.Kind, m.Rule, m.Text)
			continue
		}
		suggested++
		with, err := policy.Load("p.yaml", []byte(text+"tests:\n"+m.Suggestion), nil)
		if err != nil {
			t.Errorf("%s %s: %v\n%s", m.Kind, m.Rule, err, m.Suggestion)
			continue
		}
		for _, x := range with.RunTests() {
			if !x.Pass {
				t.Errorf("%s %s: %+v\n%s", m.Kind, m.Rule, x, m.Suggestion)
			}
		}
		for _, again := range mutate(t, with, 1, corpus.Tests(with)...).Mutants {
			if again.ID == m.ID && again.Killer == nil {
				t.Errorf("%s %s (%s) outlives its test\n%s", m.Kind, m.Rule, m.Text, m.Suggestion)
			}
		}
	}
	if suggested < len(r.Mutants)-2 { // two of them judge everything alike
		t.Errorf("%d of %d survivors have a test", suggested, len(r.Mutants))
	}
}

func TestMutantsInADiff(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: a, tool: a, action: deny`, `id: b, tool: b, action: deny`)
	r, err := replay.MutateWith(context.Background(), cases(), replay.MutateConfig{Policy: p, Only: func(m *policy.Mutant) bool { return m.Rule == "b" }})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range r.Mutants {
		if m.Rule != "b" {
			t.Errorf("%s", m.ID)
		}
	}
	if len(r.Mutants) < 2 {
		t.Errorf("%d mutants", len(r.Mutants))
	}
}
