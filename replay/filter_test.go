package replay_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestFilter(t *testing.T) {
	base := load(t, "a.yaml", "allow")
	cand := load(t, "b.yaml", "allow", `id: one, tool: "*", limit: {calls: 1, per: 1h}, action: deny`)
	first := label(session("day-1", call(1, "read_a", "{}"), answer(1, "x"), call(2, "read_b", "{}"), call(3, "write", "{}")), "benign", "benign", "attack", "?")
	second := session("day-2", call(1, "read_a", "{}"), call(2, "write", "{}"))
	for _, tt := range []struct {
		name           string
		filter         replay.Filter
		cases, counted int
		want           string
	}{
		{"all", replay.Filter{}, 2, 6, "newly_denied=3"},
		{"session", replay.Filter{Sessions: []string{"*-2"}}, 1, 2, "newly_denied=1"},
		{"session by its name", replay.Filter{Sessions: []string{"day-1", "day"}}, 1, 4, "newly_denied=2"},
		{"no session", replay.Filter{Sessions: []string{"day"}}, 0, 0, ""},
		// The calls before write are judged all the same: it is above the limit.
		{"tool", replay.Filter{Tools: []string{"write"}}, 2, 2, "newly_denied=2"},
		{"tools", replay.Filter{Tools: []string{"r*d_*"}}, 2, 4, "newly_denied=1"},
		{"server", replay.Filter{Servers: []string{"demo"}}, 2, 6, "newly_denied=3"},
		{"no server", replay.Filter{Servers: []string{"d*x"}}, 2, 0, ""},
		{"label", replay.Filter{Labels: []string{"attack"}}, 2, 1, "newly_denied=1"},
		{"no label", replay.Filter{Labels: []string{"none"}}, 2, 3, "newly_denied=2"},
		{"until", replay.Filter{Until: 2e9}, 2, 2, ""},
		{"from then until then", replay.Filter{Since: 3e9, Until: 4e9}, 1, 1, "newly_denied=1"},
		{"since", replay.Filter{Since: 4e9}, 1, 1, "newly_denied=1"},
	} {
		r := run(t, replay.Config{Baseline: base, Candidates: []*policy.Policy{cand}, Filter: tt.filter}, first, second)
		c := &r.Comparisons[0]
		if r.Corpus.Cases != tt.cases || r.Corpus.Steps != tt.counted || c.Compared != tt.counted || changes(c) != tt.want {
			t.Errorf("%s: %d cases, %d steps, %d compared, %s; want %d, %d and %s",
				tt.name, r.Corpus.Cases, r.Corpus.Steps, c.Compared, changes(c), tt.cases, tt.counted, tt.want)
		}
	}
}

func TestDriftOutsideTheFilterIsDrift(t *testing.T) {
	p := load(t, "p.yaml", "allow")
	c := record(session("s", call(1, "a", "{}"), call(2, "b", "{}")), p)
	c.Steps[1].Recorded.Verdict.Rule = "gone"
	r := run(t, replay.Config{Candidates: []*policy.Policy{p}, Filter: replay.Filter{Tools: []string{"b"}}}, c)
	if r.Gate.Status != replay.Incomplete || r.Comparisons[0].Unclaimed != 1 {
		t.Errorf("%s, %d unclaimed", r.Gate.Status, r.Comparisons[0].Unclaimed)
	}
}
