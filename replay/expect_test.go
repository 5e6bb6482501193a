package replay_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestExpectations(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: no-b, tool: b, action: deny`, `id: no-c, tool: c, action: deny`)
	c := session("s", call(1, "a", "{}"), call(2, "b", "{}"), call(3, "c", "{}"))
	want := func(i int, action policy.Action, rule string) {
		c.Steps[i].Want = &corpus.Expectation{Action: action, Rule: rule}
	}
	want(1, policy.Allow, "default")
	want(2, policy.Deny, "no-b")
	judged := func() (*replay.Result, error) {
		return replay.Run(context.Background(), cases(c), replay.Config{Baseline: p, Candidates: []*policy.Policy{p}})
	}
	r, err := judged()
	if err != nil || r.Gate.Status != replay.Passed || r.Comparisons[0].Expectations.Held != 2 {
		t.Errorf("what holds: %v, %s", err, toJSON(t, r))
	}
	want(3, policy.Deny, "no-b")
	r, err = judged()
	if err != nil || r.Gate.Status != replay.Failed || r.Gate.Reasons[0].Check != "expectation" {
		t.Errorf("what doesn't hold: %v, %s", err, toJSON(t, r))
	} else if x := r.Comparisons[0].Expectations; x.Failed != 1 || x.Failures[0].Step != "s:3" || x.Failures[0].Differs != "rule: want no-b, got no-c" {
		t.Errorf("failure %s", toJSON(t, x))
	}
	want(3, policy.Deny, "no-d")
	if _, err = judged(); err == nil || !strings.Contains(err.Error(), `step s:3 wants rule "no-d", and p.yaml has none of that id`) {
		t.Errorf("an unknown rule: %v", err)
	}
}

// TestVectorsThroughReplay runs the session vectors that Session and the proxy run
// as well: each under its own policy must give what is written.
func TestVectorsThroughReplay(t *testing.T) {
	files, err := filepath.Glob("../testdata/sessions/*.txtar")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d vectors (%v)", len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := corpus.ReadTxtar(f, data)
		if err != nil {
			t.Fatal(err)
		}
		c := record(v.Case, v.Policy)
		r := run(t, replay.Config{Candidates: []*policy.Policy{v.Policy}}, c)
		x := r.Comparisons[0]
		if r.Gate.Status != replay.Passed || x.Expectations.Held < 2 || x.Changed > 0 || r.Control.Equal != r.Control.Compared || r.Control.Equal == 0 {
			t.Errorf("%s: %s", v.Name, toJSON(t, r))
		}
	}
}
