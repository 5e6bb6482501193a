package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/policy"
)

func TestLoadReportsEveryProblemWithItsFix(t *testing.T) {
	source := `version: 1
rules:
  - id: a
    tols: read
    action: denny
  - id: a
    action: deny
    args:
      path: {undr: /x}
      q: {regex: "("}
  - action: deny
    limit: {calls: -1, per: soon}
    severity: hihg
    text: {secrets: [git-hub-*]}
`
	_, err := policy.Load("dir/policy.yaml", []byte(source), nil)
	var problems policy.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want Problems", err)
	}
	for _, wanted := range []string{
		`policy.yaml:4:5: rules[0]: unknown key "tols"; did you mean "tool"?`,
		`policy.yaml:5:13: rules[0].action: unknown action "denny"; did you mean "deny"?`,
		`policy.yaml:6:5: rules[1]: the id "a" is already at policy.yaml:3:5; ids are unique`,
		`policy.yaml:9:14: rules[1].args.path: unknown key "undr"; did you mean "under"?`,
		`policy.yaml:10:18: rules[1].args.q.regex: not a regular expression (RE2)`,
		`policy.yaml:11:5: rules[2]: no id`,
		`policy.yaml:12:20: rules[2].limit.calls: want a whole number of 0 or more, got "-1"`,
		`rules[2].limit.per: want a duration such as 30s`,
		`rules[2].severity: unknown word "hihg"; did you mean "high"?`,
		`rules[2].text.secrets: no kind of secrets matches "git-hub-*"`,
	} {
		if !strings.Contains(err.Error(), wanted) {
			t.Errorf("missing: %s", wanted)
		}
	}
	if t.Failed() {
		t.Logf("got:\n%v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"", "an empty policy; start with `version: 1`"},
		{"rules: []", "no version"},
		{"version: 2", "this rulewind reads version 1"},
		{"version: 1\nversion: 1", "already"},
		{"version: 1\nextends: defautl", `unknown policy "defautl"; did you mean "default"?`},
		{"version: 1\nrules: {a: b}", "rules: want a list"},
		{"version: 1\nrules: [3]", "want a mapping"},
		{"- 1", "want a mapping"},
		{"version: 1\n\t- x", "not YAML"},
		{"version: 1\nrules:\n- {id: x, action: allow, tool: []}", "an empty list"},
		{"version: 1\nrules:\n- {id: x, action: allow, args: {a: {under: rel}}}", "is relative"},
		{"version: 1\nrules:\n- {id: x, action: allow, args: {a: {under: '${PWD}/x'}}}", "unknown variable"},
		{"version: 1\nrules:\n- {id: default, action: allow}", "stands for the default action"},
		{"version: 1\nrules:\n- {id: x, action: allow, direction: up}", "unknown direction"},
	} {
		_, err := policy.Load("p.yaml", []byte(tt.source), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.source, err, tt.want)
		}
	}
}

func TestExtendsAppendsAndReplaces(t *testing.T) {
	open := func(name string) ([]byte, error) {
		if name != "base.yaml" {
			return nil, errors.New("no such file: " + name)
		}
		return []byte("version: 1\ndefault: deny\nrules:\n- {id: a, tool: x, action: deny}\n- {id: b, tool: y, action: deny}\n"), nil
	}
	p, err := policy.Load("top.yaml", []byte("version: 1\nextends: base.yaml\nrules:\n- {id: c, tool: z, action: allow}\n- {id: a, tool: x, action: allow}\n"), open)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Rules {
		got = append(got, r.ID+" "+r.File+" "+r.Action.String())
	}
	if diff := cmp.Diff([]string{"c top.yaml allow", "a top.yaml allow", "b base.yaml deny"}, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if p.Default != policy.Deny {
		t.Errorf("default %s", p.Default)
	}
	again, err := policy.LoadSources(p.Sources)
	if err != nil || again.Digest != p.Digest || len(again.Rules) != len(p.Rules) {
		t.Errorf("the recorded sources load as another policy: %v", err)
	}
}

func TestEveryEmbeddedPolicyLoads(t *testing.T) {
	names := policy.EmbeddedNames()
	if len(names) == 0 {
		t.Fatal("no embedded policies")
	}
	for _, n := range names {
		builtin(t, n)
	}
}

func FuzzLoad(f *testing.F) {
	for _, n := range policy.EmbeddedNames() {
		b, _ := policy.Embedded(n)
		f.Add(string(b))
	}
	f.Add("version: 1\nrules:\n- {id: a, action: deny, any: [{args: {x: {min: 1}}}], not: {text: {secrets: true}}}\n")
	f.Add("version: 1\na: &a [*a]\n")
	f.Fuzz(func(t *testing.T, source string) {
		p, err := policy.Load("f.yaml", []byte(source), nil)
		if err != nil {
			if err.Error() == "" {
				t.Error("a refusal without a word")
			}
			return
		}
		again, err := policy.LoadSources(p.Sources)
		if err != nil || again.Digest != p.Digest {
			t.Fatalf("accepted once, but not as recorded: %v", err)
		}
		start(p).toServer(call(1, "x", `{"a":["b",1,{"c":null}]}`))
	})
}

func BenchmarkStep(b *testing.B) {
	p := builtin(b, "default")
	for _, bb := range []struct {
		name string
		text string
	}{
		{"200B", strings.Repeat("plain words of a note ", 4)},
		{"4KB", strings.Repeat("plain words of a longer note, with a line or two of code: x := f(y)\n", 60)},
		{"64KB", strings.Repeat("plain words of a longer note, with a line or two of code: x := f(y)\n", 960)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := start(p)
			req, ans := call(1, "read_file", `{"path":"notes/today.md"}`), answer(1, bb.text)
			b.SetBytes(int64(len(req) + len(ans)))
			b.ReportAllocs()
			for b.Loop() {
				d.toServer(req)
				if d.toClient(ans).Verdict.Action != policy.Allow {
					b.Fatal("the clean answer was stopped")
				}
			}
		})
	}
}

func TestEveryEmbeddedPolicyPassesItsTests(t *testing.T) {
	for _, n := range policy.EmbeddedNames() {
		results := builtin(t, n).RunTests()
		if len(results) == 0 {
			t.Errorf("%s has no tests", n)
		}
		for _, r := range results {
			if !r.Pass {
				t.Errorf("%s: want %s, got %s", r.Pos, r.Want, r.Got)
			}
		}
	}
}

func TestPolicyTestsNameTheirRule(t *testing.T) {
	source := "version: 1\nrules:\n- {id: no-x, tool: x, action: deny}\ntests:\n- {call: {tool: x}, want: deny, rule: no-y}\n"
	_, err := policy.Load("p.yaml", []byte(source), nil)
	if err == nil || !strings.Contains(err.Error(), `p.yaml:5:39: tests: unknown rule "no-y"; did you mean "no-x"?`) {
		t.Errorf("got %v", err)
	}
}
