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

// TestQuickRunsFindTheSame: where candidates ask detectors as the recorded policy did,
// a quick run gives the result of a whole one.
func TestQuickRunsFindTheSame(t *testing.T) {
	rules := []string{
		`id: commands, text: {commands: true}, action: deny`,
		`id: injections, direction: to-client, text: {injection: true}, action: log`,
	}
	base := load(t, "base.yaml", "allow", rules...)
	changed := 0
	for seed := range uint64(30) {
		r := newSource(400 + seed)
		var list []corpus.Case
		for i := range 20 {
			list = append(list, record(r.session(fmt.Sprint("s", i)), base))
		}
		cand := load(t, "cand.yaml", r.pick("allow", "deny"), append([]string{
			"id: mine, tool: " + r.pick("a", `"*"`, "read*") + ", action: " + r.pick("deny", "ask", "allow")}, rules[:1+r.IntN(2)]...)...)
		cfg := replay.Config{Candidates: []*policy.Policy{cand}}
		want := run(t, cfg, list...)
		cfg.Quick = true
		got := run(t, cfg, list...)
		if len(got.Limits) != len(want.Limits)+1 {
			t.Errorf("a quick run doesn't say so: %q", got.Limits)
		}
		got.Limits = want.Limits
		if x, y := toJSON(t, want), toJSON(t, got); x != y {
			t.Errorf("seed %d: %s", seed, firstDifference(x, y))
		}
		changed += want.Comparisons[0].Changed
	}
	if changed < 500 {
		t.Errorf("%d changes: nothing was compared", changed)
	}
}

func TestQuickRunsRefuseOtherDetectors(t *testing.T) {
	base := load(t, "base.yaml", "allow", `id: commands, text: {commands: true}, action: deny`)
	c := record(session("s", call(1, "a", "{}")), base)
	for _, tt := range []struct{ name, rule, want string }{
		{"the same", `id: commands, text: {commands: true}, action: deny`, ""},
		{"none", `id: x, tool: b, action: deny`, ""},
		{"another sensitivity", `id: commands, text: {commands: high}, action: deny`, "commands"},
		{"another family", `id: more, text: {paths: true}, action: deny`, "more"},
		{"another action", `id: commands, text: {commands: true}, action: ask`, "commands"},
	} {
		cfg := replay.Config{Candidates: []*policy.Policy{load(t, "c.yaml", "allow", tt.rule)}, Quick: true}
		_, err := replay.Run(context.Background(), cases(c), cfg)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), "rule "+tt.want+" of c.yaml") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
