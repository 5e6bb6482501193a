package replay_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func cover(t *testing.T, p *policy.Policy, list ...corpus.Case) *replay.Coverage {
	t.Helper()
	c, err := replay.Cover(context.Background(), cases(list...), p, 2)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCoverage(t *testing.T) {
	p := load(t, "p.yaml", "allow",
		`id: note, tool: "*", action: log`,
		`id: no-b, tool: b, action: deny`,
		`id: no-b-either, tool: b, action: deny`,
		`id: no-c, tool: c, action: deny`,
		`id: answers, direction: to-client, text: {regex: x}, action: deny`,
		`id: both, tool: a, text: {regex: zz}, action: deny`)
	c := cover(t, p, session("s", call(1, "a", "{}"), call(2, "b", "{}"), call(3, "b", `{"x":"zz"}`)))
	for i, want := range []struct {
		evaluated, matched, decided, overridden int
		zero                                    string
	}{
		{3, 3, 0, 0, ""},
		{3, 2, 2, 0, ""},
		{1, 0, 0, 2, "an earlier rule decides each message that it would match: no-b (2 times)"},
		{1, 0, 0, 0, "never holds: tool c (p.yaml:"},
		{0, 0, 0, 0, "no message goes in its direction"},
		{1, 0, 0, 0, "its conditions hold, but never all for one message"},
	} {
		r := c.Rules[i]
		if r.Evaluated != want.evaluated || r.Matched != want.matched || r.Decided != want.decided || r.Overridden != want.overridden {
			t.Errorf("%s: evaluated %d, matched %d, decided %d, overridden %d; want %+v", r.Rule, r.Evaluated, r.Matched, r.Decided, r.Overridden, want)
		}
		if (want.zero == "") != (r.Zero == "") || !strings.HasPrefix(r.Zero, want.zero) {
			t.Errorf("%s: %q, want %q", r.Rule, r.Zero, want.zero)
		}
	}
	if c.Default != 1 || c.Steps != 3 || c.Cases != 1 {
		t.Errorf("default %d, steps %d, cases %d", c.Default, c.Steps, c.Cases)
	}
	if got := c.Rules[1].Conditions; len(got) != 1 || got[0].True != 2 || got[0].False != 1 {
		t.Errorf("conditions %s", toJSON(t, got))
	}
}

func TestCoverageShare(t *testing.T) {
	p := load(t, "p.yaml", "allow", `id: a, tool: a, action: deny`, `id: b, tool: b, action: deny`, `id: c, tool: c, action: deny`)
	c := cover(t, p, session("s", call(1, "a", "{}"), call(2, "b", "{}")))
	for text, want := range map[string]bool{"66.666666666%": true, "66.666666667%": false, "100%": false, "0%": true} {
		s, err := replay.ParseShare(text)
		if err != nil {
			t.Fatal(err)
		}
		if c.Meets(s) != want {
			t.Errorf("two of three meet %s: %v", text, !want)
		}
	}
}

func TestCoverageIsTheSameForAnyWorkers(t *testing.T) {
	r := newSource(9)
	p := r.policy(t, "p.yaml")
	for len(p.Rules) < 4 {
		p = r.policy(t, "p.yaml")
	}
	var list []corpus.Case
	for range 200 {
		list = append(list, r.session("s"))
	}
	var want string
	for _, workers := range []int{1, 3, 4} {
		c, err := replay.Cover(context.Background(), cases(list...), p, workers)
		if err != nil {
			t.Fatal(err)
		}
		got := toJSON(t, c)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%d workers: %s", workers, firstDifference(want, got))
		}
	}
}
