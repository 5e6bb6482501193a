package policy_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// guarded is a project's policy under its user's.
func guarded(t *testing.T, project, guard []string) *policy.Policy {
	t.Helper()
	return policy.Guarded(load(t, project...), load(t, guard...))
}

func TestAProjectCanOnlyTighten(t *testing.T) {
	words := []string{"allow", "redact", "ask", "deny"}
	for _, project := range words {
		for _, user := range words {
			rule := func(id, action string) []string {
				return []string{"default: allow", "rules:", "- {id: " + id + ", args: {q: {regex: stone}}, action: " + action + "}"}
			}
			d := start(guarded(t, rule("p", project), rule("u", user)))
			ev := d.toServer(call(1, "x", `{"q":"a stone"}`))
			want, _ := policy.ParseAction(project)
			if u, _ := policy.ParseAction(user); u.Strictness() > want.Strictness() {
				want = u
			}
			if ev.Verdict.Action != want || len(ev.Verdict.Matched) != 2 {
				t.Errorf("project %s, user %s: got %s by %s, matched %v", project, user, ev.Verdict.Action, ev.Verdict.Rule, ev.Verdict.Matched)
			}
			if want == policy.Redact && !strings.Contains(passed(t, ev, mcp.ToServer), `"a [REDACTED:pattern]"`) {
				t.Errorf("left %s", ev.Out[0].Bytes)
			}
			if !ev.Same([]byte(call(1, "x", `{"q":"a stone"}`))) {
				t.Errorf("project %s, user %s: not the same", project, user)
			}
		}
	}
}

func TestGuardedRulesKeepToThemselves(t *testing.T) {
	rule := "- {id: few, tool: x, limit: {calls: %, per: 1h}, action: deny}"
	d := start(guarded(t,
		[]string{"default: allow", "rules:", strings.Replace(rule, "%", "3", 1), "- {id: sees, tool: y, labels: seen, action: allow}"},
		[]string{"default: allow", "rules:", strings.Replace(rule, "%", "2", 1), "- {id: after, tool: z, after: seen, action: deny}"}))
	for i := range 2 {
		want(t, d.toServer(call(i, "x", "{}")), policy.Allow, "default")
	}
	want(t, d.toServer(call(3, "x", "{}")), policy.Deny, "few")
	want(t, d.toServer(call(4, "z", "{}")), policy.Allow, "default")
	want(t, d.toServer(call(5, "y", "{}")), policy.Allow, "project:sees")
	want(t, d.toServer(call(6, "z", "{}")), policy.Deny, "after")
}

func TestGuardedRedactionsAreJoined(t *testing.T) {
	d := start(guarded(t,
		[]string{"default: allow", "rules:", "- {id: a, text: {regex: 'red [a-z]+'}, action: redact, replacement: R}"},
		[]string{"default: allow", "rules:", "- {id: b, text: {regex: blue}, action: redact, replacement: B}"}))
	if got := passed(t, d.toServer(call(1, "x", `{"q":"a red stone and a blue one"}`)), mcp.ToServer); !strings.Contains(got, `"a R and a B one"`) {
		t.Errorf("left %s", got)
	}
}

func TestGuardedAskHoldsWhatIsRedacted(t *testing.T) {
	d := &driver{Session: policy.NewSession(guarded(t,
		[]string{"default: allow", "rules:", "- {id: a, text: {regex: red}, action: redact}"},
		[]string{"default: allow", "rules:", "- {id: b, tool: x, action: ask}"}))}
	d.fact(policy.Fact{Name: policy.FactSession, Channels: policy.AskChannels})
	ev := d.toServer(call(1, "x", `{"q":"a red stone"}`))
	want(t, ev, policy.Ask, "b")
	if got := passed(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: ev.Seq, Approve: true}), mcp.ToServer); strings.Contains(got, "red stone") {
		t.Errorf("left %s", got)
	}
}

func TestGuardedDefaultsAndBounds(t *testing.T) {
	d := start(guarded(t, []string{"default: allow", "bounds: {items: 9}"}, []string{"default: deny", "bounds: {items: 3}", "rules: [{id: reads, tool: read, action: allow}]"}))
	want(t, d.toServer(call(1, "x", "{}")), policy.Deny, "default")
	want(t, d.toServer(call(2, "read", `{"a":[1,2,3,4]}`)), policy.Deny, "engine:too-many-items")
	want(t, d.toServer(call(3, "read", "{}")), policy.Allow, "reads")
}

func TestGuardedPolicyComesBackFromItsSources(t *testing.T) {
	p := guarded(t, []string{"default: allow", "rules: [{id: a, tool: a, action: deny}]"}, []string{"default: allow", "rules: [{id: b, tool: b, action: deny}]"})
	q, err := policy.LoadSources(p.Sources)
	if err != nil {
		t.Fatal(err)
	}
	if q.Digest != p.Digest || q.Guard() == nil || q.Rule("project:a") == nil || q.Rule("b") == nil {
		t.Errorf("digest %s, want %s", q.Digest, p.Digest)
	}
	d := start(q)
	want(t, d.toServer(call(1, "b", "{}")), policy.Deny, "b")
	want(t, d.toServer(call(2, "a", "{}")), policy.Deny, "project:a")
	if swapped := guarded(t, []string{"default: allow", "rules: [{id: b, tool: b, action: deny}]"}, []string{"default: allow", "rules: [{id: a, tool: a, action: deny}]"}); swapped.Digest == p.Digest {
		t.Error("two different policies have one digest")
	}
}
