package policy_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

func TestChangedSince(t *testing.T) {
	const text = "version: 1\ndefault: allow\nrules:\n  - id: a\n    tool: x\n    action: deny\n  # about b\n  - {id: b, tool: y, action: ask}\n  - id: c\n    tool: z\n    action: deny\ntests:\n  - {call: {tool: x}, want: deny}\n"
	load := func(text string) *policy.Policy {
		p, err := policy.Load("p.yaml", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, tt := range []struct{ old, new, want string }{
		{"", "", ""},
		{"tool: x\n    action: deny", "tool: x2\n    action: deny", "a"},
		{"# about b", "# about it", ""},
		{"want: deny", "want: deny, rule: a", ""},
		{"id: b, tool: y", "id: b, tool: yy", "b"},
		{"default: allow", "default: deny", "default"},
		{"  - {id: b, tool: y, action: ask}\n", "", "c"}, // it stands behind another now
		{"id: c", "id: d", "d"},
		{"rules:\n", "rules:\n\n\n  # more room\n", ""},
	} {
		now := load(strings.Replace(text, tt.old, tt.new, 1))
		changed := now.ChangedSince(load(text))
		maps.DeleteFunc(changed, func(_ string, is bool) bool { return !is })
		got := strings.Join(slices.Sorted(maps.Keys(changed)), " ")
		if changed[""] {
			got = "default"
		}
		if got != tt.want {
			t.Errorf("%q for %q: %q changed, want %q", tt.new, tt.old, got, tt.want)
		}
	}
}
