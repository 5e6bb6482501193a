package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A key that was spread over several values is one for whoever puts them together.
func TestScatteredSecrets(t *testing.T) {
	key := secret(t, "github-pat")
	a, b, c := key[:9], key[9:20], key[20:]
	deny := load(t, "default: allow", "rules:", "  - {id: secrets, direction: any, text: {secrets: true}, action: deny}")
	for name, args := range map[string]any{
		"two arguments":  map[string]any{"key": a, "suffix": b + c},
		"an array":       map[string]any{"parts": []string{a, b, c}},
		"backwards":      map[string]any{"end": c, "middle": b, "start": a},
		"between others": map[string]any{"provider": "github", "a": a, "b": b + c, "region": "eu-1"},
	} {
		raw, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		ev := start(deny).toServer(call(1, "save", string(raw)))
		if ev.Verdict.Action != policy.Deny {
			t.Errorf("%s: %s, want deny: %s", name, ev.Verdict.Action, raw)
		}
		if len(ev.Secrets) < 2 {
			t.Errorf("%s: %d parts are known as secret, want two or more", name, len(ev.Secrets))
		}
	}
	want(t, start(deny).toServer(call(2, "save", `{"prefix":"ghp_","kind":"token","encoding":"utf-8"}`)), policy.Allow, "default")
}
