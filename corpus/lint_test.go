package corpus_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func sequence(list []corpus.Case) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func lint(t *testing.T, list []corpus.Case) (out []string) {
	t.Helper()
	p, err := policy.Load("p.yaml", []byte("version: 1\nrules:\n  - {id: no-shell, tool: shell, action: deny}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	found, n, err := corpus.Lint(sequence(list), []*policy.Policy{p})
	if err != nil || n != len(list) {
		t.Fatalf("%d cases, %v", n, err)
	}
	for _, f := range found {
		where := f.Case
		if f.Step != "" {
			where = f.Step
		}
		out = append(out, where+" "+f.Code)
	}
	return out
}

// secret is made anew: nobody has issued it.
func secret(t *testing.T) string {
	t.Helper()
	state := uint64(77)
	text, ok := detect.Generate("github-pat", func() byte {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		return byte(state >> 24)
	})
	if !ok {
		t.Fatal("no secret could be made")
	}
	return strings.TrimSpace(text)
}

func TestLint(t *testing.T) {
	key := secret(t)
	for _, tt := range []struct {
		name, cases string
		want        []string
	}{
		{"nothing", "  - {name: a, call: {tool: shell}, want: deny, rule: no-shell}\n  - {name: b, call: {tool: ls}, want: allow}\n", nil},
		{"the same", "  - {name: a, call: {tool: ls}, want: allow}\n  - {name: b, call: {tool: ls}, want: allow}\n", []string{"b same-case"}},
		{"the same but of another server", "  - {name: a, call: {tool: ls}, want: allow}\n  - {name: b, server: x, call: {tool: ls}, want: allow}\n", nil},
		{"the same under another id", "  - {name: a, message: '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}', want: allow}\n  - {name: b, message: '{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"ping\"}', want: allow}\n", []string{"b same-case"}},
		{"another verdict", "  - {name: a, call: {tool: ls}, want: allow}\n  - {name: b, call: {tool: ls}, want: deny}\n", []string{"b:1 contradiction"}},
		{"another rule", "  - {name: a, call: {tool: ls}, want: deny, rule: no-shell}\n  - {name: b, call: {tool: ls}, want: deny, rule: default}\n", []string{"b:1 contradiction"}},
		{"a rule, and any", "  - {name: a, call: {tool: ls}, want: deny, rule: no-shell}\n  - {name: b, call: {tool: ls}, want: deny}\n", nil},
		{"another label", "  - {name: a, call: {tool: ls}, label: attack}\n  - {name: b, call: {tool: ls}, label: benign}\n", []string{"b:1 contradiction"}},
		{"another verdict after something else", "  - {name: a, call: {tool: ls}, want: allow}\n  - name: b\n    steps: [{call: {tool: cd}}, {call: {tool: ls}, want: deny}]\n", nil},
		{"an unknown rule", "  - {name: a, call: {tool: ls}, want: deny, rule: no-shel}\n  - {name: b, call: {tool: b}, want: deny, rule: 'engine:x'}\n", []string{"a:1 unknown-rule"}},
		{"no label", "  - {name: a, call: {tool: ls}}\n", []string{"a no-label"}},
		{"a secret", "  - {name: a, call: {tool: ls, args: {k: '" + key + "'}}, want: allow}\n", []string{"a:1 live-secret"}},
		{"a stand-in", "  - {name: a, secrets: stand-ins, call: {tool: ls, args: {k: '" + key + "'}}, want: allow}\n", nil},
		{"an answer alone", "  - name: a\n    steps:\n      - {message: '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}', direction: to-client}\n      - {call: {tool: ls}, want: allow}\n", []string{"a:1 no-request"}},
	} {
		if diff := cmp.Diff(tt.want, lint(t, readCases(t, "cases:\n"+tt.cases))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestLintTime(t *testing.T) {
	list := readCases(t, "cases:\n  - name: a\n    steps: [{call: {tool: x}, want: allow}, {call: {tool: y}, want: allow}]\n")
	list[0].Steps[2].Frame.At = list[0].Steps[1].Frame.At - 1
	list = append(list, corpus.Case{ID: "b", Steps: []corpus.Step{{ID: "b:0", Back: 5, Label: "benign", Frame: mcp.Frame{Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","method":"x"}`)}}}})
	if diff := cmp.Diff([]string{"a:2 clock-backward", "b:0 clock-backward"}, lint(t, list)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is recorded holds stand-ins, and what Lint says never holds a secret.
func TestLintTellsNoSecret(t *testing.T) {
	key := secret(t)
	list := readCases(t, "cases:\n  - {name: a, call: {tool: ls, args: {k: '"+key+"'}}, want: allow}\n")
	p, err := policy.Load("p.yaml", []byte("version: 1\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := corpus.Lint(sequence(list), []*policy.Policy{p})
	if err != nil || len(found) != 1 || strings.Contains(fmt.Sprint(found), key) {
		t.Errorf("%v %v", found, err)
	}
	list[0].Steps[1].Recorded = &policy.Event{}
	if found := lint(t, list); len(found) != 0 {
		t.Errorf("recorded: %q", found)
	}
}
