package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/policy"
)

func TestLabelsAreSetWhenAMessagePasses(t *testing.T) {
	d := start(load(t, "default: allow", "rules:",
		"- {id: note, tool: '*', action: log, labels: [called, called]}",
		"- {id: no, tool: bad, action: deny, labels: tried}",
		"- {id: maybe, tool: maybe, action: ask, labels: asked}",
		"- {id: read, tool: read, direction: to-client, kind: answer, action: allow, labels: [was-read]}"))
	for _, tt := range []struct {
		ev   *policy.Event
		want []string
	}{
		{d.toServer(call(1, "bad", `{}`)).Clone(), []string{"tried"}},
		{d.toServer(call(2, "maybe", `{}`)).Clone(), nil},
		{d.toServer(call(3, "read", `{}`)).Clone(), []string{"called"}},
		{d.toClient(answer(3, "x")).Clone(), []string{"was-read"}},
	} {
		if diff := cmp.Diff(tt.want, tt.ev.Labels); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.ev.Subject.Kind, tt.ev.Subject.Tool, diff)
		}
	}
}

func TestAfterAsksForTimesAndTime(t *testing.T) {
	d := start(load(t, "default: allow", "rules:",
		"- {id: stop, tool: x, action: deny, any: [{after: {label: a, times: 2, within: 1m}}, {all: [{after: [a, b]}, {not: {after: c}}]}]}",
		"- {id: a, tool: a, action: log, labels: a}",
		"- {id: b, tool: b, action: log, labels: b}",
		"- {id: c, tool: c, action: log, labels: c}"))
	d.rounds(t,
		round{tool: "a", want: policy.Allow},
		round{tool: "x", want: policy.Allow},
		round{tool: "a", wait: 60, want: policy.Allow},
		round{tool: "x", want: policy.Allow},
		round{tool: "a", wait: 30, want: policy.Allow},
		round{tool: "x", want: policy.Deny, code: policy.CodeDenied},
		round{tool: "x", wait: 60, want: policy.Allow},
		round{tool: "b", want: policy.Allow},
		round{tool: "x", want: policy.Deny, code: policy.CodeDenied},
		round{tool: "c", want: policy.Allow},
		round{tool: "x", want: policy.Allow},
	)
}

func TestSequenceAsksForOrder(t *testing.T) {
	d := start(load(t, "default: allow", "rules:",
		"- {id: stop, tool: x, action: deny, sequence: {labels: [a, b, a], within: 1m}}",
		"- {id: a, tool: 'a*', action: log, labels: a}",
		"- {id: b, tool: '*b', action: log, labels: b}"))
	d.rounds(t,
		round{tool: "ab", want: policy.Allow},
		round{tool: "ab", want: policy.Allow},
		round{tool: "x", want: policy.Allow}, // two messages are no sequence of three
		round{tool: "a", want: policy.Allow},
		round{tool: "x", want: policy.Deny, code: policy.CodeDenied},
		round{tool: "x", wait: 60, want: policy.Allow},
		round{tool: "b", want: policy.Allow},
		round{tool: "a", want: policy.Allow},
		round{tool: "x", want: policy.Allow}, // it began over a minute ago
		round{tool: "b", want: policy.Allow},
		round{tool: "a", want: policy.Allow},
		round{tool: "x", want: policy.Deny, code: policy.CodeDenied},
	)
}

func TestMarksOfOtherSessionsCountInWiderScopes(t *testing.T) {
	rules := []string{"default: allow", "rules:", "- {id: set, tool: set, action: log, labels: l}"}
	for _, scope := range []string{"session", "client", "server", "all"} {
		rules = append(rules, "- {id: in-"+scope+", tool: "+scope+", action: deny, after: {label: l, times: 2, within: 1h, scope: "+scope+"}}")
	}
	p := load(t, rules...)
	if diff := cmp.Diff([]string{"l"}, p.Marks()); diff != "" {
		t.Error(diff)
	}
	d := start(p)
	d.toServer(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"me","version":"1"}}}`)
	stopped := func() (out []string) {
		for _, scope := range []string{"session", "client", "server", "all"} {
			if d.toServer(call(100+d.seq(), scope, `{}`)).Verdict.Action == policy.Deny {
				out = append(out, scope)
			}
		}
		return out
	}
	check := func(what string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, stopped()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	mark := func(server, client string) {
		want(t, d.fact(policy.Fact{Name: policy.FactMark, Label: "l", At: d.at, Server: server, Client: client}), policy.Allow, "engine:fact")
	}
	d.toServer(call(1, "set", `{}`))
	check("its own label alone")
	mark("other", "other")
	check("a mark from elsewhere", "all")
	mark("files", "other")
	check("a mark of the server", "server", "all")
	mark("other", "me")
	check("a mark of the client", "client", "server", "all")
	d.at += 3600e9
	check("an hour later")
	d.fact(policy.Fact{Name: policy.FactMark, Label: "l", At: 1e18, Server: "files", Client: "me"})
	d.fact(policy.Fact{Name: policy.FactMark, Label: "other", At: d.at, Server: "files", Client: "me"})
	check("a mark from the future is one of now")
}

func TestClassesAreCrossed(t *testing.T) {
	rules := func(crosses string) *driver {
		return start(load(t, "default: allow",
			"classes: {red: {tools: [r, rb]}, blue: {tools: [b, rb], servers: [files]}, green: {servers: [other]}}",
			"rules: [{id: no, action: deny, crosses: "+crosses+"}]"))
	}
	rules("[red, blue]").rounds(t,
		round{tool: "other", want: policy.Allow},
		round{tool: "r", want: policy.Allow},
		round{tool: "r", want: policy.Allow},
		round{tool: "b", want: policy.Deny, code: policy.CodeCross},
		round{tool: "rb", want: policy.Allow}, // it is red itself, and no blue tool was called
		round{tool: "r", want: policy.Deny, code: policy.CodeCross},
	)
	rules("{from: red, to: blue}").rounds(t,
		round{tool: "b", want: policy.Allow},
		round{tool: "r", want: policy.Allow},
		round{tool: "b", want: policy.Deny, code: policy.CodeCross},
	)
	rules("{from: red, to: green}").rounds(t,
		round{tool: "r", want: policy.Allow},
		round{tool: "b", want: policy.Allow},
	)
	d := rules("[red, blue]")
	d.toServer(call(1, "r", `{}`))
	want(t, d.toServer(`{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"b"}}`), policy.Allow, "default")
}

func TestADeniedCallTouchesNoClass(t *testing.T) {
	start(load(t, "default: allow", "classes: {red: {tools: r}, blue: {tools: b}}",
		"rules: [{id: r, tool: r, args: {p: x}, action: deny}, {id: no, action: deny, crosses: [red, blue]}]")).rounds(t,
		round{tool: "r", args: `{"p":"x"}`, want: policy.Deny, code: policy.CodeDenied},
		round{tool: "b", want: policy.Allow},
	)
}

func TestMemoryProblems(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"rules: [{id: a, action: deny, after: [{within: 5m}]}]", "no label"},
		{"rules: [{id: a, action: deny, after: 'two words'}]", "is no label"},
		{"rules: [{id: a, action: deny, after: {label: x, times: 1001}}]", "at most 1000"},
		{"rules: [{id: a, action: deny, after: {label: x, scope: call}}]", "unknown word"},
		{"rules: [{id: a, action: deny, after: {label: x, since: 5m}}]", "unknown key"},
		{"rules: [{id: a, action: deny, sequence: [x]}]", "needs two labels"},
		{"rules: [{id: a, action: deny, sequence: {within: 5m}}]", "needs two labels"},
		{"rules: [{id: a, action: deny, labels: 'a b'}]", "is no label"},
		{"classes: {red: {tools: x}}\nrules: [{id: a, action: deny, class: rod}]", `did you mean "red"?`},
		{"rules: [{id: a, action: deny, class: red}]", "declare it"},
		{"classes: {red: {tools: x}}\nrules: [{id: a, action: deny, crosses: [red]}]", "needs two classes"},
		{"classes: {red: {tools: x}}\nrules: [{id: a, action: deny, crosses: {from: red}}]", "needs from and to"},
		{"classes: {red: {}}", "needs tools or servers"},
		{"classes: {red: {tool: x}}", "unknown key"},
		{"tests: [{steps: [{call: {tool: a}}]}]", "no step says"},
		{"tests: [{steps: [{want: allow}]}]", "needs call, message or answer"},
		{"tests: [{want: allow, steps: [{call: {tool: a}, want: allow}]}]", "stands beside steps"},
		{"tests: [{steps: [{call: {tool: a}, want: allow, rule: nope}]}]", "unknown rule"},
	} {
		_, err := policy.Load("p.yaml", []byte("version: 1\n"+tt.source), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.source, err, tt.want)
		}
	}
}

func TestAFailingStepIsNamed(t *testing.T) {
	p := load(t, "default: allow", "rules: [{id: no, tool: x, action: deny}]",
		"tests: [{name: n, steps: [{call: {tool: a}, want: allow}, {call: {tool: x}, want: allow}, {call: {tool: x}, want: deny}]}]")
	want := []policy.TestResult{{Name: "n", Pos: "test.yaml:4:9", Want: "allow", Got: "deny by no (step 2)"}}
	if diff := cmp.Diff(want, p.RunTests()); diff != "" {
		t.Error(diff)
	}
}

func TestABaseByTwoWaysCountsOnce(t *testing.T) {
	files := map[string]string{
		"a": "version: 1\nextends: c\nrules: [{id: a, action: log}]",
		"b": "version: 1\nextends: c\nrules: [{id: b, action: log}]",
		"c": "version: 1\nrules: [{id: c, action: log}]",
		"d": "version: 1\nextends: [a, d]\n",
	}
	open := func(name string) ([]byte, error) { return []byte(files[name]), nil }
	p, err := policy.Load("own", []byte("version: 1\nextends: [a, b]"), open)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range p.Rules {
		ids = append(ids, r.ID)
	}
	if diff := cmp.Diff([]string{"a", "c", "b"}, ids); diff != "" {
		t.Error(diff)
	}
	if _, err := policy.LoadSources(p.Sources); err != nil {
		t.Errorf("from a recording: %v", err)
	}
	if _, err := policy.Load("d", []byte(files["d"]), open); err == nil {
		t.Error("a policy that extends itself loads")
	}
}

// TestMemoryStandsWhenSameAsks: what a message has changed itself doesn't change what
// Same says of it.
func TestMemoryStandsWhenSameAsks(t *testing.T) {
	key := secret(t, "github-pat")
	d := start(load(t, "default: allow", "classes: {red: {tools: a}, blue: {tools: b}}", "rules:",
		"- {id: log, tool: '*', action: log, labels: [l, m], limit: {calls: 9, per: 1m, by: args}}",
		"- {id: no, after: {label: l, times: 3}, action: deny}",
		"- {id: cross, crosses: [red, blue], action: deny}"))
	for i, tool := range []string{"a", "a", "b", "a", "a", "a"} {
		raw := call(i, tool, `{"body":"`+key+`"}`)
		ev := d.toServer(raw)
		for range 2 {
			if !ev.Same([]byte(raw)) {
				t.Errorf("call %d: the same bytes aren't the same (%s by %s)", i, ev.Verdict.Action, ev.Verdict.Rule)
			}
		}
	}
}

func TestLintOfMemory(t *testing.T) {
	for _, v := range []lintVector{
		quiet("labels that meet", `
  - {id: a, tool: x, action: log, labels: l}
  - {id: b, tool: y, after: l, action: deny}`),
		warns("a label that nothing sets", `
  - {id: a, tool: x, action: log, labels: reads}
  - {id: b, tool: y, after: read, action: deny}
  - {id: c, tool: z, not: {sequence: [reads, wrote]}, action: deny}`, "b label-unset", "c label-unset"),
		warns("a name that nothing remembers", `
  - {id: a, tool: x, action: log, remember: mail}
  - {id: b, tool: y, carries: [mail, mails], action: deny}`, "b never-remembered"),
		warns("an allow by likeness", `
  - {id: a, tool: x, action: log, remember: mail}
  - {id: b, tool: y, carries: mail, action: allow}`, "b carries-allow"),
		warns("a cache for any tool", `
  - {id: a, tool: x, action: allow, cache: {ttl: 5s}}
  - {id: b, tool: y, annotations: {readOnlyHint: true}, action: allow, cache: {ttl: 5s}}`, "a cache-any-tool"),
		quiet("memory tells rules apart", `
  - {id: a, tool: x, after: l, action: deny}
  - {id: b, tool: x, action: ask, labels: l}`),
		warns("memory asked for twice", `
  - {id: a, tool: x, after: l, action: deny}
  - {id: b, tool: x, after: l, text: {secrets: true}, action: ask}
  - {id: c, tool: x, action: ask, labels: l}`, "b unreachable"),
		quiet("a budget is no limit of 0", `
  - {id: a, tool: x, action: deny, limit: {bytes: 1MB, per: 1m}}`),
	} {
		v.run(t)
	}
	p := load(t, "default: deny", "rules:", "- {id: a, tool: x, action: log, labels: l, remember: n}")
	var notes []string
	for _, w := range p.Lint() {
		notes = append(notes, w.Code)
	}
	if diff := cmp.Diff([]string{policy.LintLabelUnused, policy.LintNotCarried}, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestTraceSaysWhatIsRemembered: a condition on memory says why it held or didn't.
func TestTraceSaysWhatIsRemembered(t *testing.T) {
	d := start(load(t, "default: allow", "classes: {red: {tools: a}, blue: {tools: x}}", "rules:",
		"- {id: a, tool: a, action: log, labels: a, remember: v}",
		"- {id: b, tool: b, action: log, labels: b}",
		"- {id: stop, tool: x, after: [{label: a, times: 3}, b], sequence: [a, b, a], crosses: [red, blue], carries: v, action: deny}"))
	d.Trace = true
	whys := func() (out []string) {
		for _, r := range d.toServer(call(d.seq(), "x", `{}`)).Trace {
			for _, c := range r.Conds {
				if r.Rule == "stop" && c.Why != "" {
					out = append(out, c.Text+": "+c.Why)
				}
			}
		}
		return out[1:] // the tool's name
	}
	want := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, whys()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	const after, sequence, crosses, carries = "after a 3 times and b: ", "sequence a, b, a: ", "crosses red | blue to red | blue: ", "carries v: "
	want(after+"a wasn't set, b wasn't set", sequence+"the session has come through 0 of its 3 labels",
		crosses+"no tool of a class was called before", carries+"nothing is remembered")
	d.toServer(call(101, "a", `{"t":"the house at the lake"}`))
	d.toServer(call(102, "b", `{}`))
	d.toServer(call(103, "a", `{}`))
	d.toServer(call(104, "a", `{}`))
	want(after+"a was set 3 times or more, b was set 1 time", sequence+"the session has come through 3 of its 3 labels",
		crosses+"tools of red | blue were called before")
}

// TestMemoryOutlivesAReload: what both policies ask for by the same words goes on, and
// calls under way are charged and watched under the new one.
func TestMemoryOutlivesAReload(t *testing.T) {
	old := load(t, "default: allow", "classes: {red: {tools: r}, blue: {tools: x}}", "limits: [{id: gone, bytes: 9KB, per: 1h}, {id: l, bytes: 1KB, per: 1h, tool: big}]",
		"rules:", "- {id: a, tool: a, action: log, labels: [a, b], remember: v}", "- {id: b, tool: none, after: [b], action: deny}")
	fresh := load(t, "default: allow", "classes: {other: {tools: q}, red: {tools: r}, blue: {tools: x}}", "limits: [{id: l, bytes: 1KB, per: 1h, tool: big}, {id: new, calls: 9, per: 1h, tool: y}]",
		"rules:", "- {id: reads, tool: get, action: allow, cache: {ttl: 1h}}", "- {id: b, tool: x1, after: [b], action: deny}", "- {id: v, tool: x2, carries: v, action: deny}",
		"- {id: c, crosses: {from: red, to: blue}, action: deny}", "- {id: a, tool: a, action: log, labels: [a, b], remember: v}")
	for _, tt := range []struct {
		name string
		p    *policy.Policy
	}{{"the old one again", old}, {"a new one", fresh}} {
		d := start(old)
		d.toServer(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
		d.toClient(`{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"get","annotations":{"readOnlyHint":true}}]}}`)
		d.toServer(call(2, "a", `{"t":"the house at the lake"}`))
		d.toServer(call(3, "r", `{}`))
		d.toServer(call(4, "big", `{}`))
		want(t, d.fact(policy.Fact{Name: policy.FactPolicy, Policy: tt.p.Sources}), policy.Allow, "engine:fact")
		want(t, d.toClient(answer(4, strings.Repeat("x", 1000))), policy.Allow, "default")
		want(t, d.toServer(call(5, "big", `{}`)), policy.Deny, "l")
		if tt.p == old {
			continue
		}
		want(t, d.toServer(call(6, "x1", `{}`)), policy.Deny, "b")
		want(t, d.toServer(call(7, "x2", `{"t":"The house at the lake"}`)), policy.Allow, "default") // nothing asked for it then
		want(t, d.toServer(call(8, "x", `{}`)), policy.Deny, "c")
		get := func(id int) int {
			from := d.toServer(call(id, "get", `{}`)).Cached
			d.toClient(answer(id, "x"))
			return from
		}
		get(10)
		if get(11) != 0 {
			t.Error("an answer is kept while calls of before the reload may write")
		}
		for _, id := range []int{2, 3, 7} {
			d.toClient(answer(id, "done"))
		}
		get(12)
		if get(13) == 0 {
			t.Error("nothing is kept though they have ended")
		}
	}
}
