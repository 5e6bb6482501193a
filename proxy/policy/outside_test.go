package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func TestKillSwitchDeniesEverything(t *testing.T) {
	d := asking(t)
	d.toServer(hello)
	d.toServer(call(1, "read", `{}`))
	asked := d.toServer(call(2, "send", `{}`)).Clone()
	d.toClient(`{"jsonrpc":"2.0","id":"r","method":"roots/list"}`)
	ev := d.fact(policy.Fact{Name: policy.FactKill, On: true, Reason: "incident 7"})
	var refusals, cancelled int
	for _, o := range ev.Out {
		refusals += strings.Count(string(o.Bytes), policy.CodeKilled+`"`)
		cancelled += strings.Count(string(o.Bytes), mcp.MethodCancelled)
	}
	if refusals != 5 || cancelled != 3 { // initialize, read and send; the reasons of two cancellations; our question
		t.Errorf("%d refusals and %d cancellations among %d out", refusals, cancelled, len(ev.Out))
	}
	refusedAs(t, d.toServer(call(3, "read", `{}`)), mcp.ToClient, policy.CodeKilled)
	want(t, d.toServer(chosen(asked, "allow once")), policy.Deny, "engine:kill-switch")
	want(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: asked.Seq, Approve: true}), policy.Deny, "engine:no-such-ask")
	want(t, d.toClient(answer(1, "late")), policy.Deny, "engine:kill-switch")
	d.fact(policy.Fact{Name: policy.FactKill})
	want(t, d.toServer(call(4, "read", `{}`)), policy.Allow, "default")
}

func TestReloadBetweenTwoMessages(t *testing.T) {
	limited := "- {id: few, tool: read, limit: {calls: 1, per: 1h}, action: deny}"
	d := asking(t, "default: allow", "rules:", limited, "- {id: sending, tool: send, action: ask}")
	d.toServer(call(1, "read", `{}`))
	d.toServer(call(2, "send", `{}`))
	after := load(t, "default: allow", "rules:", "- {id: other, tool: other, action: deny}", limited)
	ev := d.fact(policy.Fact{Name: policy.FactPolicy, Policy: after.Sources})
	want(t, ev, policy.Allow, "engine:fact")
	refusedAs(t, ev, mcp.ToClient, policy.CodeRefused)
	want(t, d.toServer(call(3, "other", `{}`)), policy.Deny, "other")
	want(t, d.toServer(call(4, "send", `{}`)), policy.Allow, "default")
	want(t, d.toServer(call(5, "read", `{}`)), policy.Deny, "few") // it counted on
	broken := policy.Fact{Name: policy.FactPolicy, Policy: []policy.Source{{Name: "p", Text: []byte("version: 9")}}}
	want(t, d.fact(broken), policy.Deny, "engine:invalid-policy")
	want(t, d.toServer(call(6, "other", `{}`)), policy.Deny, "other")

	d = asking(t)
	d.KeepPolicy = true
	d.fact(policy.Fact{Name: policy.FactPolicy, Policy: after.Sources})
	want(t, d.toServer(call(3, "other", `{}`)), policy.Allow, "default")
}

func TestCallsThatTakeTooLong(t *testing.T) {
	d := start(load(t, "default: allow", "bounds: {timeout: 10s}"))
	d.toServer(call(1, "slow", `{}`))
	d.toServer(call(2, "quick", `{}`))
	d.toClient(answer(2, "done"))
	if got, wanted := d.Deadline(), d.at+int64(8*time.Second); got != wanted {
		t.Errorf("due at %d, want %d", got, wanted)
	}
	d.at = d.Deadline()
	ev := d.fact(policy.Fact{Name: policy.FactClock})
	want(t, ev, policy.Deny, "engine:timeout")
	if len(ev.Out) != 2 || ev.Out[0].To != mcp.ToClient || ev.Out[1].To != mcp.ToServer || !strings.Contains(string(ev.Out[1].Bytes), `"requestId":1`) {
		t.Errorf("want a refusal and a cancellation: %+v", ev.Out)
	}
	want(t, d.toServer(call(1, "again", `{}`)), policy.Deny, "engine:duplicate-id")
	ev = d.toClient(answer(1, "late"))
	want(t, ev, policy.Deny, "engine:late")
	if len(ev.Out) != 0 || d.Deadline() != 0 || d.Waiting(mcp.ToServer) != 0 {
		t.Errorf("%d out, due %d, %d wait", len(ev.Out), d.Deadline(), d.Waiting(mcp.ToServer))
	}
}

func TestDeadlinesOfManyCallsTakeLittleMemory(t *testing.T) {
	d := start(load(t, "default: allow", "bounds: {timeout: 1h}"))
	d.toServer(call(0, "slow", `{}`))
	first := d.Deadline()
	for i := 1; i < 500; i++ {
		d.toServer(call(i, "quick", `{}`))
		d.toClient(answer(i, "done"))
	}
	if d.Deadline() != first || policy.DueLength(d.Session) > 100 {
		t.Errorf("due at %d with %d remembered, want %d with few", d.Deadline(), policy.DueLength(d.Session), first)
	}
}

func TestBounds(t *testing.T) {
	bounded := func(bound, args, rule string) {
		t.Helper()
		d := start(load(t, "default: allow", "bounds: {"+bound+"}"))
		ev := d.toServer(call(1, "x", args))
		if rule == "" {
			want(t, ev, policy.Allow, "default")
			return
		}
		want(t, ev, policy.Deny, rule)
		if out := passed(t, ev, mcp.ToClient); !strings.Contains(out, `"id":1`) {
			t.Errorf("refused by %s", out)
		}
	}
	bounded("items: 3", `{"a":[1,2,3]}`, "")
	bounded("items: 3", `{"a":[1,2,3,4]}`, "engine:too-many-items")
	bounded("members: 4", `{"a":1,"b":2,"c":3,"d":4}`, "")
	bounded("members: 4", `{"a":1,"b":2,"c":3,"d":4,"e":5}`, "engine:too-many-members")
	bounded("depth: 4", `{"a":[1]}`, "")
	bounded("depth: 4", `{"a":[[1]]}`, "engine:too-deep")
	bounded("values: 9", `{"a":1}`, "")
	bounded("values: 9", `{"a":1,"b":[2]}`, "engine:too-many-values")
	bounded("message: 1KiB", `{"a":"`+strings.Repeat("x", 2000)+`"}`, "engine:too-large")
	bounded("answer: 1KiB", `{"a":"`+strings.Repeat("x", 2000)+`"}`, "")

	d := start(load(t, "default: allow", "bounds: {answer: 1KiB, pending: 2}"))
	d.toServer(call(1, "x", `{}`))
	ev := d.toClient(answer(1, strings.Repeat("x", 2000)))
	want(t, ev, policy.Deny, "engine:too-large")
	refusedAs(t, ev, mcp.ToClient, policy.CodeTooLarge)
	d.toServer(call(2, "x", `{}`))
	d.toServer(call(3, "x", `{}`))
	refusedAs(t, d.toServer(call(4, "x", `{}`)), mcp.ToClient, policy.CodePending)
}

func TestBoundsOfTheOuterPolicyStand(t *testing.T) {
	open := func(string) ([]byte, error) { return []byte("version: 1\nbounds: {items: 5, members: 4}\n"), nil }
	p, err := policy.Load("p.yaml", []byte("version: 1\nextends: ./base\ndefault: allow\nbounds: {items: 2}\n"), open)
	if err != nil {
		t.Fatal(err)
	}
	d := start(p)
	want(t, d.toServer(call(1, "x", `{"a":[1,2,3]}`)), policy.Deny, "engine:too-many-items")
	want(t, d.toServer(call(2, "x", `{"a":1,"b":1,"c":1,"d":1,"e":1}`)), policy.Deny, "engine:too-many-members")
}

func TestCallers(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	lines := func(anonymous string) []string {
		return []string{"default: allow", "callers:", "  anonymous: " + anonymous, "  list:",
			"  - {name: bot, secret_sha256: " + hash + ", scopes: [read]}",
			"  - {name: ci, secret_env: CI_SECRET, scopes: [read, deploy]}",
			"rules:", "- {id: scope, tool: deploy, lacks_scope: [deploy, read], action: deny}",
			"- {id: no-bots, tool: chat, caller: bot, action: deny}"}
	}
	d := start(load(t, lines("deny")...))
	refusedAs(t, d.toServer(call(1, "read", `{}`)), mcp.ToClient, policy.CodeAuth)
	want(t, d.toServer(`{"jsonrpc":"2.0","id":2,"method":"tools/list"}`), policy.Allow, "default")
	d.fact(policy.Fact{Name: policy.FactCaller, Caller: "bot"})
	want(t, d.toServer(call(3, "read", `{}`)), policy.Allow, "default")
	want(t, d.toServer(call(4, "chat", `{}`)), policy.Deny, "no-bots")
	refusedAs(t, d.toServer(call(5, "deploy", `{}`)), mcp.ToClient, policy.CodeScope)
	d.fact(policy.Fact{Name: policy.FactCaller, Caller: "ci"})
	want(t, d.toServer(call(6, "deploy", `{}`)), policy.Allow, "default")

	d = start(load(t, lines("allow")...))
	want(t, d.toServer(call(1, "read", `{}`)), policy.Allow, "default")
	want(t, d.toServer(call(2, "deploy", `{}`)), policy.Deny, "scope")
	d.fact(policy.Fact{Name: policy.FactCaller, Refused: true})
	refusedAs(t, d.toServer(call(3, "read", `{}`)), mcp.ToClient, policy.CodeAuth)
}

func TestListedToolsOnly(t *testing.T) {
	list := func(id int, description string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{"tools":[{"name":"read","description":%q,"inputSchema":{"type":"object"}}]}}`, id, description)
	}
	d := start(load(t, "default: allow", "listed_tools_only: true"))
	refusedAs(t, d.toServer(call(1, "read", `{}`)), mcp.ToClient, policy.CodeNotListed)
	d.toServer(`{"jsonrpc":"2.0","id":2,"method":"tools/list"}`)
	pins := d.toClient(list(2, "reads")).Tools
	want(t, d.toServer(call(3, "read", `{}`)), policy.Allow, "default")
	refusedAs(t, d.toServer(call(4, "write", `{}`)), mcp.ToClient, policy.CodeNotListed)

	d = &driver{Session: policy.NewSession(load(t, "default: allow", "listed_tools_only: true"))}
	d.fact(policy.Fact{Name: policy.FactSession, Server: "files", Tools: pins})
	d.toServer(`{"jsonrpc":"2.0","id":2,"method":"tools/list"}`)
	d.toClient(list(2, "reads, and more"))
	refusedAs(t, d.toServer(call(3, "read", `{}`)), mcp.ToClient, policy.CodeNotListed)
}

func TestWhatOutsideFactsNeedInAPolicy(t *testing.T) {
	for _, tt := range []struct{ line, problem string }{
		{"bounds: {itmes: 3}", `unknown key "itmes"; did you mean "items"`},
		{"bounds: {message: 3XB}", "want a size"},
		{"callers: {}", "needs a list"},
		{"callers: {list: [{name: a}]}", "either secret_sha256 or secret_env"},
		{"callers: {list: [{name: a, secret_sha256: abc}]}", "64 hex digits"},
		{"callers: {list: [{name: a, secret_env: A}, {name: a, secret_env: B}]}", "stands twice"},
		{"rules: [{id: a, action: deny, ask: {via: client}}]", "ask is for action ask only"},
		{"rules: [{id: a, action: ask, ask: {via: [client, grant]}}]", "use [grant] alone"},
		{"rules: [{id: a, action: ask, ask: {timeout: 48h}}]", "at most 24h"},
	} {
		_, err := policy.Load("p.yaml", []byte("version: 1\n"+tt.line+"\n"), nil)
		if err == nil || !strings.Contains(err.Error(), tt.problem) {
			t.Errorf("%s: got %v, want %q", tt.line, err, tt.problem)
		}
	}
}

func TestPathsThroughLinks(t *testing.T) {
	p := load(t, "default: deny", "rules:",
		`- {id: keys, tool: read, args: {path: {paths: true}}, action: deny}`,
		`- {id: own, tool: read, args: {path: {under: "${PROJECT_DIR}"}}, action: allow}`)
	if !p.AsksPaths() || load(t, "default: allow").AsksPaths() {
		t.Error("which policies ask for paths")
	}
	d := start(p)
	links := policy.Fact{Name: policy.FactPaths, Paths: map[string]string{"notes": "/home/ada/.ssh/id_rsa", "out": "/srv/out"}}
	want(t, d.toServer(call(1, "read", `{"path":"notes"}`)), policy.Allow, "own")
	d.fact(links)
	ev := d.toServer(call(2, "read", `{"path":"notes"}`))
	want(t, ev, policy.Deny, "keys")
	if f := ev.Verdict.Findings; len(f) == 0 || f[0].View != "symlink" || !ev.Same([]byte(call(2, "read", `{"path":"notes"}`))) {
		t.Errorf("found %+v", f)
	}
	d.fact(links)
	want(t, d.toServer(call(3, "read", `{"path":"out"}`)), policy.Deny, "default")
	want(t, d.toServer(call(4, "read", `{"path":"out"}`)), policy.Allow, "own") // the fact was about one call
}

func TestKeysAreBoundedByThePolicy(t *testing.T) {
	d := start(load(t, "default: allow", "bounds: {keys: 2}", "rules: [{id: few, tool: x, limit: {calls: 1, per: 1h, by: args.k}, action: deny}]"))
	for i, want := range []string{"default", "default", "default", "few"} {
		if ev := d.toServer(call(i, "x", fmt.Sprintf(`{"k":%d}`, i))); ev.Verdict.Rule != want {
			t.Errorf("key %d: got %s, want %s", i, ev.Verdict.Rule, want)
		}
	}
}
