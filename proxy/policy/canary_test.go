package policy_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A canary is found in any reading of any text, whether it is listed as it is or by
// its digest.
func TestCanaries(t *testing.T) {
	const canary = "blue-heron-7431"
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(canary)))
	for _, listed := range []string{canary, digest} {
		p := load(t, "default: allow", "canaries: ["+listed+"]", "rules:",
			"  - {id: planted, direction: any, text: {canary: true}, action: deny}")
		for name, body := range map[string]string{
			"plain":      "name=" + canary + "; x",
			"base64":     base64.StdEncoding.EncodeToString([]byte(canary)),
			"hex":        hex.EncodeToString([]byte(canary)),
			"zero-width": "blue-\u200bheron-7431",
			"percent":    "blue%2Dheron-7431",
			"spaced":     strings.Join(strings.Split(canary, ""), " "),
		} {
			ev := start(p).toServer(call(1, "post", fmt.Sprintf(`{"body":%q}`, body)))
			if ev.Verdict.Action != policy.Deny || ev.Verdict.Rule != "planted" {
				t.Errorf("%.12s, %s: %s by %s, want deny", listed, name, ev.Verdict.Action, ev.Verdict.Rule)
			}
		}
		want(t, start(p).toServer(call(2, "post", `{"body":"a blue heron, 7431 of them"}`)), policy.Allow, "default")
		d := start(p)
		d.toServer(call(3, "read", `{}`))
		want(t, d.toClient(answer(3, "the name is "+canary)), policy.Deny, "planted")
	}
}

func TestCanariesAreRedactedInPlace(t *testing.T) {
	p := load(t, "default: allow", "canaries: [blue-heron-7431]", "rules:",
		"  - {id: planted, direction: to-client, text: {canary: true}, action: redact}")
	d := start(p)
	d.toServer(call(1, "read", `{}`))
	ev := d.toClient(answer(1, "a blue-heron-7431 b"))
	want(t, ev, policy.Redact, "planted")
	if out := string(ev.Out[0].Bytes); !strings.Contains(out, "a [REDACTED:canary] b") {
		t.Errorf("sent %s", out)
	}
}

func TestCanariesAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"canaries: [short]":       "turns up by chance",
		"canaries: ['sha256:12']": "64 hexadecimal digits",
		"rules: [{id: a, action: deny, text: {canary: false}}]": "only true makes sense",
	} {
		_, err := policy.Load("test.yaml", []byte("version: 1\n"+text+"\n"), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	for text, code := range map[string]string{
		"canaries: [blue-heron-7431]\nrules: [{id: a, action: deny, tool: x}]": policy.LintNoEffect,
		"rules: [{id: a, action: deny, text: {canary: true}}]":                 policy.LintNever,
	} {
		found := false
		for _, w := range load(t, text).Lint() {
			found = found || w.Code == code
		}
		if !found {
			t.Errorf("%q: no warning %s", text, code)
		}
	}
}
