package replay_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestAcceptance(t *testing.T) {
	strict := load(t, "strict.yaml", "allow", `id: no-b, tool: b, action: deny`, `id: no-c, tool: c, action: deny`)
	lax := load(t, "lax.yaml", "allow", `id: no-c, tool: c, action: ask`)
	c := session("s", call(1, "a", "{}"), call(2, "b", "{}"), call(3, "c", "{}"))
	judged := func(gate replay.GateConfig, extra ...string) *replay.Result {
		c := session("s", append([]string{call(1, "a", "{}"), call(2, "b", "{}"), call(3, "c", "{}")}, extra...)...)
		return run(t, replay.Config{Baseline: strict, Candidates: []*policy.Policy{lax}, Gate: gate}, c)
	}
	shown := run(t, replay.Config{Baseline: strict, Candidates: []*policy.Policy{lax}}, c)
	var accepted []replay.Acceptance
	for _, g := range shown.Comparisons[0].Groups {
		if _, err := shown.Accept(g.ID, "", ""); err == nil {
			t.Errorf("a %s is accepted without a reason", g.Class)
		}
		a, err := shown.Accept(g.ID, "nobody uses it", "2026-12-31")
		if err != nil {
			t.Fatal(err)
		}
		accepted = append(accepted, a...)
	}
	if _, err := shown.Accept("feedbeef", "x", ""); err == nil {
		t.Error("an unknown group is accepted")
	}
	change := func(f func(*replay.Acceptance)) []replay.Acceptance {
		out := append([]replay.Acceptance(nil), accepted...)
		f(&out[0])
		return out
	}
	for _, tt := range []struct {
		name  string
		list  []replay.Acceptance
		today string
		extra []string
		want  string // in the reasons; "" passes
	}{
		{"all", accepted, "2026-12-31", nil, ""},
		{"one of two", accepted[:1], "2026-07-28", nil, "loosened"},
		{"the other", accepted[1:], "2026-07-28", nil, "newly_allowed"},
		{"expired", accepted, "2027-01-01", nil, "has expired on 2026-12-31"},
		{"no day to tell", accepted, "", nil, "has expired"},
		{"another result", accepted, "2026-07-28", []string{call(4, "b", "{}")}, "for another result"},
		{"another candidate", change(func(a *replay.Acceptance) { a.Candidate = strict.Digest }), "2026-07-28", nil, "for other policies"},
		{"another baseline", change(func(a *replay.Acceptance) { a.Baseline = "recorded" }), "2026-07-28", nil, "for other policies"},
		{"no such group", change(func(a *replay.Acceptance) { a.Group = "feedbeef" }), "2026-07-28", nil, "isn't there"},
		{"no reason", change(func(a *replay.Acceptance) { a.Reason = "" }), "2026-07-28", nil, "gives no reason"},
	} {
		r := judged(replay.GateConfig{Accepted: tt.list, Today: tt.today}, tt.extra...)
		reasons := toJSON(t, r.Gate.Reasons)
		if passed := r.Gate.Status == replay.Passed; passed != (tt.want == "") || !strings.Contains(reasons, tt.want) {
			t.Errorf("%s: %s, want %q in %s", tt.name, r.Gate.Status, tt.want, reasons)
		}
	}
	all := judged(replay.GateConfig{Accepted: accepted, Today: "2026-07-28"}).Comparisons[0]
	if !all.Groups[0].Accepted || all.Groups[0].Reason != "nobody uses it" || all.Count(replay.NewlyAllowed) != 1 {
		t.Errorf("%s", toJSON(t, all.Groups[0]))
	}
}

// TestAcceptanceSeesOtherBytes: a redaction that is lost elsewhere than what was
// accepted makes the acceptance stale, though groups and counts are the same.
func TestAcceptanceSeesOtherBytes(t *testing.T) {
	both := load(t, "both.yaml", "allow", `id: words, direction: to-client, text: {regex: "one|three"}, action: redact`)
	one := load(t, "one.yaml", "allow", `id: words, direction: to-client, text: {regex: "one"}, action: redact`)
	judged := func(text string, accepted ...replay.Acceptance) *replay.Result {
		return run(t, replay.Config{Baseline: both, Candidates: []*policy.Policy{one}, Gate: replay.GateConfig{Accepted: accepted}},
			session("s", call(1, "a", "{}"), answer(1, text)))
	}
	shown := judged("one three")
	g := shown.Comparisons[0].Groups[0]
	if g.Class != replay.RedactionLost || g.Bytes != len("three") {
		t.Fatalf("%s", toJSON(t, g))
	}
	a, err := shown.Accept(g.ID, "it says nothing", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := judged("one three", a...).Gate; got.Status != replay.Passed {
		t.Errorf("accepted: %s", toJSON(t, got))
	}
	if got := judged("one three three", a...).Gate; got.Status != replay.Failed || !strings.Contains(toJSON(t, got), "another result") {
		t.Errorf("more bytes are lost: %s", toJSON(t, got))
	}
}
