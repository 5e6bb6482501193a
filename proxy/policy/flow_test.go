package policy_test

import (
	"fmt"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

// TestFlowGoesBesideDefault: the base's rules still hold.
func TestFlowGoesBesideDefault(t *testing.T) {
	p, err := policy.Load("own.yaml", []byte("version: 1\nextends: [flow, default]\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := start(p)
	want(t, d.toServer(call(1, "read_file", `{"path":"~/.ssh/id_rsa"}`)), policy.Deny, "no-credential-access")
	want(t, d.toServer(call(2, "fetch", `{"url":"https://example.com/"}`)), policy.Allow, "default")
	for i := range 5 {
		d.toServer(call(10+i, "delete_file", fmt.Sprintf(`{"path":"%d"}`, i)))
	}
	want(t, d.toServer(call(20, "delete_file", `{"path":"x"}`)), policy.Ask, "ask-about-delete-bursts")
}

// TestTheStrictestBaseSetsTheDefault: a base put beside another doesn't loosen it.
func TestTheStrictestBaseSetsTheDefault(t *testing.T) {
	for _, tt := range []struct {
		head string
		want policy.Action
	}{
		{"extends: [flow, strict]", policy.Deny},
		{"extends: [strict, flow]", policy.Deny},
		{"extends: [flow, default]", policy.Allow},
		{"extends: [strict]\ndefault: ask", policy.Ask},
		{"name: none", policy.Deny},
	} {
		if p := load(t, tt.head); p.Default != tt.want {
			t.Errorf("%s: default %s, want %s", tt.head, p.Default, tt.want)
		}
	}
}
