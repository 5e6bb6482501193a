package policy_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

const page = "The board meets on the 3rd of May in the house at the lake; figures at https://intranet.example.com/board/2031?id=7781234."

// remembering is a session that has read a text with a tool.
func remembering(t testing.TB, carries, text string) *driver {
	d := start(load(t, "default: allow", "rules:",
		"- {id: seen, tool: read, direction: to-client, action: log, remember: seen}",
		"- {id: wrote, tool: write, action: log, remember: {as: wrote, args: [path, files]}}",
		"- {id: no, tool: ['s*', '!read'], action: deny, carries: "+carries+"}"))
	d.toServer(call(1, "read", `{}`))
	want(t, d.toClient(answer(1, text)), policy.Allow, "default")
	return d
}

func TestCarriesFindsPartsInAnySpelling(t *testing.T) {
	d := remembering(t, "seen", page)
	part := "3rd of May in the house at the lake"
	for i, tt := range []struct {
		text string
		want policy.Action
	}{
		{part, policy.Deny},
		{strings.ToUpper(part), policy.Deny},
		{strings.ReplaceAll(part, " ", "\n   "), policy.Deny},
		{base64.StdEncoding.EncodeToString([]byte(part)), policy.Deny},
		{hex.EncodeToString([]byte(part)), policy.Deny},
		{url.QueryEscape(part), policy.Deny},
		{"see https://intranet.example.com/board/2031", policy.Deny},
		{"see https://www.example.org/board", policy.Allow},
		{"The board meets tomorrow", policy.Allow},
		{"a house at a lake", policy.Allow},
		{"----------------------------", policy.Allow},
		{"", policy.Allow},
	} {
		args := fmt.Sprintf(`{"to":"a","text":%q}`, tt.text)
		if got := d.toServer(call(10+i, "send", args)).Verdict.Action; got != tt.want {
			t.Errorf("%q is %s, want %s", tt.text, got, tt.want)
		}
	}
	want(t, d.toServer(call(99, "say", fmt.Sprintf(`{%q:1}`, part))), policy.Deny, "no") // in a name
}

// TestNoCommonRunIsMissed: whatever surrounds it, a run of min bytes is found.
func TestNoCommonRunIsMissed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[r.IntN(36)]
		}
		return string(b)
	}
	for i := range 300 {
		least := 16 + r.IntN(40)
		text := letters(300)
		at := r.IntN(300 - least)
		d := remembering(t, fmt.Sprintf("{from: seen, min: %d}", least), text)
		arg := letters(r.IntN(40)) + text[at:at+least] + letters(r.IntN(40))
		if got := d.toServer(call(2, "send", `{"text":"`+arg+`"}`)).Verdict.Action; got != policy.Deny {
			t.Fatalf("%d: a run of %d bytes isn't found", i, least)
		}
		short := max(11, least-9)
		arg = letters(20) + text[at:at+short] + "-" + letters(20)
		if got := d.toServer(call(3, "send", `{"text":"`+arg+`"}`)).Verdict.Action; got != policy.Allow {
			t.Fatalf("%d: a run of %d bytes counts where %d are asked for", i, short, least)
		}
	}
}

func TestShortTokensAndPathsAreFound(t *testing.T) {
	d := remembering(t, "{from: [seen, wrote], min: 4}", "ticket 48213 of ada@x.io")
	d.toServer(call(2, "write", `{"path":"bin/go.sh","files":[{"p":"/srv/my app.py"}],"content":"notremembered"}`))
	for i, tt := range []struct {
		args string
		want policy.Action
	}{
		{`{"q":"48213"}`, policy.Deny},
		{`{"q":48213}`, policy.Deny},
		{`{"q":"mail ADA@x.io."}`, policy.Deny},
		{`{"q":"of"}`, policy.Allow},
		{`{"q":"482130"}`, policy.Allow},
		{`{"c":"sh ./bin/../bin/go.sh"}`, policy.Deny},
		{`{"c":"(cd /;/home/ada/project/bin/go.sh)"}`, policy.Deny},
		{`{"c":["sh","bin/go.sh"]}`, policy.Deny},
		{`{"c":"/srv/my app.py"}`, policy.Deny},
		{`{"c":"go.sh"}`, policy.Allow},
		{`{"c":"/other/bin/go.sh"}`, policy.Allow},
		{`{"c":"notremembered"}`, policy.Allow},
	} {
		if got := d.toServer(call(10+i, "sh", tt.args)).Verdict.Action; got != tt.want {
			t.Errorf("%s is %s, want %s", tt.args, got, tt.want)
		}
	}
}

// TestSecretsAreCarriedWhole: in part a secret is as good as unknown, so that stand-ins
// show the same.
func TestSecretsAreCarriedWhole(t *testing.T) {
	key := secret(t, "github-pat")
	d := remembering(t, "{from: seen, min: 4}", "the key is "+key+" for now")
	want(t, d.toServer(call(2, "send", `{"q":"use `+key+`"}`)), policy.Deny, "no")
	want(t, d.toServer(call(3, "send", `{"q":"`+key[8:]+`"}`)), policy.Allow, "default")
}

func TestOldValuesLeave(t *testing.T) {
	d := remembering(t, "seen", page)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 6 {
		b := make([]byte, 40_000)
		for k := range b {
			b[k] = byte('a' + r.IntN(26))
		}
		d.toServer(call(10+i, "read", `{}`))
		d.toClient(answer(10+i, string(b)))
		action := d.toServer(call(50+i, "send", `{"q":"in the house at the lake"}`)).Verdict.Action
		if i == 2 && action != policy.Deny || i == 5 && action != policy.Allow {
			t.Errorf("after %d KB more: %s", 40*(i+1), action)
		}
	}
}

func TestValueProblems(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"rules: [{id: a, action: deny, remember: x}]", "for what passes"},
		{"rules: [{id: a, action: log, remember: {args: p}}]", "needs as"},
		{"rules: [{id: a, action: log, remember: {as: x, args: p, result: q}}]", "a rule of its own"},
		{"rules: [{id: a, action: log, remember: {as: x, args: 'p..q'}}]", "empty step"},
		{"rules: [{id: a, action: deny, carries: {min: 9}}]", "needs from"},
		{"rules: [{id: a, action: deny, carries: {from: x, min: 3}}]", "4 or more"},
		{"rules: [{id: a, action: deny, carries: []}]", "an empty list"},
	} {
		_, err := policy.Load("p.yaml", []byte("version: 1\n"+tt.source), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.source, err, tt.want)
		}
	}
}

func BenchmarkRemember64K(b *testing.B) {
	text := strings.Repeat(page+" ", 64<<10/len(page))
	d := remembering(b, "seen", "x")
	b.SetBytes(int64(len(text)))
	for i := range b.N {
		d.toServer(call(i+9, "read", `{}`))
		d.toClient(answer(i+9, text))
	}
}
