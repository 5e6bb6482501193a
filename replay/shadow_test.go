package replay_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// TestShadowAgreesWithReplay: what a policy said in the shadow of a session is what a
// replay of the recording against that policy says.
func TestShadowAgreesWithReplay(t *testing.T) {
	differing := 0
	for seed := range uint64(150) {
		r := newSource(seed)
		p, shadow := r.policy(t, "p.yaml"), r.policy(t, "shadow.yaml")
		c := r.session("s")
		cast := corpus.Step{ID: "s:cast", Fidelity: policy.Exact, Frame: mcp.Frame{
			At: c.Steps[0].Frame.At, Kind: mcp.FactFrame, Raw: policy.Fact{Name: policy.FactShadow, Policy: shadow.Sources}.JSON(),
		}}
		c.Steps = slices.Insert(c.Steps, 1, cast)
		s := policy.NewSession(p)
		said := map[string]int{}
		for i := range c.Steps {
			if ev := s.Step(c.Steps[i].Frame); ev.Shadow != nil {
				said[fmt.Sprint(ev.Verdict.Action, ev.Verdict.Rule, " → ", ev.Shadow.Action, ev.Shadow.Rule)]++
				differing++
			}
		}
		got := run(t, replay.Config{Candidates: []*policy.Policy{shadow}}, record(c, p))
		if got.Control.Sessions > 0 {
			t.Fatalf("seed %d drifts: %s", seed, toJSON(t, got.Control))
		}
		replayed := map[string]int{}
		for _, g := range got.Comparisons[0].Groups {
			if g.From.Action != g.To.Action || g.From.Rule != g.To.Rule {
				replayed[fmt.Sprint(g.From.Action, g.From.Rule, " → ", g.To.Action, g.To.Rule)] += g.Count
			}
		}
		if a, b := fmt.Sprint(said), fmt.Sprint(replayed); a != b {
			t.Errorf("seed %d: the shadow said %s,\nthe replay says %s", seed, a, b)
		}
	}
	if differing < 100 {
		t.Errorf("only %d verdicts differ", differing)
	}
}
