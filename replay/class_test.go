package replay_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func TestClassesOfRequests(t *testing.T) {
	rule := func(action string) *policy.Policy {
		return load(t, action+".yaml", "allow", `id: r, tool: t, action: `+action)
	}
	// redact redacts numbers of the lengths given.
	redact := func(pattern string) *policy.Policy {
		return load(t, "redact.yaml", "allow", `id: r, tool: t, text: {regex: "`+pattern+`"}, action: redact`)
	}
	renamed := load(t, "renamed.yaml", "allow", `id: other, tool: t, action: deny`)
	reworded := load(t, "reworded.yaml", "allow", `id: r, tool: t, action: deny, message: because`)
	noted := load(t, "noted.yaml", "allow", `id: note, tool: t, action: log`, `id: r, tool: t, action: deny`)
	moved := load(t, "moved.yaml", "allow", `id: zzz, tool: zzz, action: ask`, `id: r, tool: t, action: deny`)
	for _, tt := range []struct {
		name       string
		base, cand *policy.Policy
		want       string
		direction  replay.Direction
	}{
		{"deny to allow", rule("deny"), rule("allow"), "newly_allowed=1", replay.Loosening},
		{"ask to allow", rule("ask"), rule("allow"), "newly_allowed=1", replay.Loosening},
		{"deny to redact", rule("deny"), redact("1111"), "newly_allowed=1", replay.Loosening},
		{"ask to redact", rule("ask"), redact("1111"), "newly_allowed=1", replay.Loosening},
		{"deny to ask", rule("deny"), rule("ask"), "loosened=1", replay.Loosening},
		{"redact to allow", redact("1111"), rule("allow"), "redaction_lost=1", replay.Loosening},
		{"redact less", redact("1111|222"), redact("1111"), "redaction_lost=1", replay.Loosening},
		{"redact a byte less", redact("1111"), redact("111"), "redaction_lost=1", replay.Loosening},
		{"redact other bytes", redact("1111"), redact("222"), "redaction_lost=1", replay.Loosening},
		{"redact more", redact("1111"), redact("1111|222"), "redaction_gained=1", replay.Tightening},
		{"allow to redact", rule("allow"), redact("1111"), "redaction_gained=1", replay.Tightening},
		{"allow to ask", rule("allow"), rule("ask"), "tightened=1", replay.Tightening},
		{"redact to ask", redact("1111"), rule("ask"), "tightened=1", replay.Tightening},
		{"ask to deny", rule("ask"), rule("deny"), "tightened=1", replay.Tightening},
		{"allow to deny", rule("allow"), rule("deny"), "newly_denied=1", replay.Tightening},
		{"redact to deny", redact("1111"), rule("deny"), "newly_denied=1", replay.Tightening},
		{"another rule", rule("deny"), renamed, "rule_changed=1", replay.Neutral},
		{"another log rule", rule("deny"), noted, "rule_changed=1", replay.Neutral},
		{"another reason", rule("deny"), reworded, "reason_changed=1", replay.Neutral},
		{"another line", rule("deny"), moved, "", ""},
		{"the same", rule("deny"), rule("deny"), "", ""},
	} {
		c := compare(t, tt.base, tt.cand, session("s", call(1, "t", `{"n":"a 1111 and 222"}`)))
		if got := changes(c); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if tt.want != "" && c.Groups[0].Direction != tt.direction {
			t.Errorf("%s: direction %s, want %s", tt.name, c.Groups[0].Direction, tt.direction)
		}
	}
}

func TestFindingsChanged(t *testing.T) {
	base := load(t, "a.yaml", "allow", `id: r, text: {regex: "111"}, action: deny, message: no`)
	cand := load(t, "b.yaml", "allow", `id: r, text: {commands: true}, action: deny, message: no`)
	c := compare(t, base, cand, session("s", call(1, "t", `{"command":"rm -rf / # 111"}`)))
	if got := changes(c); got != "findings_changed=1" {
		t.Errorf("%q, want findings_changed=1", got)
	}
}

func TestClassWordsRoundTrip(t *testing.T) {
	for _, c := range replay.Classes() {
		var got replay.Class
		if err := got.UnmarshalText([]byte(c.String())); err != nil || got != c {
			t.Errorf("%s is read as %s, %v", c, got, err)
		}
	}
	if _, err := replay.ParseClass("newly-allowed"); err == nil {
		t.Error("a word with a dash is read")
	}
	var zero replay.Class
	if zero.Direction() != replay.Loosening {
		t.Error("the zero class isn't the gravest")
	}
}
