package policy_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

const toolList = `{"jsonrpc":"2.0","id":100,"result":{"tools":[
{"name":"peek","annotations":{"readOnlyHint":true},"inputSchema":{"type":"object","properties":{"n":{"type":"integer","maximum":9}},"required":["n"],"additionalProperties":false}},
{"name":"poke","annotations":{"destructiveHint":false},"inputSchema":{"$ref":"https://example.com/schema.json"}}]}}`

// listed starts a session that has seen toolList.
func listed(t *testing.T, lines ...string) *driver {
	t.Helper()
	d := start(load(t, append([]string{"default: allow", "rules:"}, lines...)...))
	d.toServer(`{"jsonrpc":"2.0","id":100,"method":"tools/list"}`)
	ev := d.toClient(toolList)
	if ev.Verdict.Action != policy.Allow {
		t.Fatalf("the list was stopped by %s", ev.Verdict.Rule)
	}
	d.lastTools = ev.Tools
	return d
}

func TestAnnotationsAreThoseOfTheListedTool(t *testing.T) {
	d := listed(t, "- {id: writes, annotations: {readOnlyHint: false}, action: ask}")
	want(t, d.toServer(call(1, "peek", `{"n":1}`)), policy.Allow, "default")
	want(t, d.toServer(call(2, "poke", `{}`)), policy.Ask, "writes")
	want(t, d.toServer(call(3, "unlisted", `{}`)), policy.Ask, "writes")
	want(t, d.toServer(`{"jsonrpc":"2.0","id":4,"method":"ping"}`), policy.Allow, "default")
	d = listed(t, "- {id: breaks, annotations: {destructiveHint: true}, action: deny}")
	want(t, d.toServer(call(2, "poke", `{}`)), policy.Allow, "default")
	want(t, d.toServer(call(3, "unlisted", `{}`)), policy.Deny, "breaks")
}

func TestSchemaHoldsArgumentsAgainstTheToolsOwn(t *testing.T) {
	d := listed(t, "- {id: misfit, schema: invalid, action: deny}", "- {id: unlisted, schema: unknown, action: ask}")
	want(t, d.toServer(call(1, "peek", `{"n":1}`)), policy.Allow, "default")
	want(t, d.toServer(call(2, "peek", `{"n":10}`)), policy.Deny, "misfit")
	want(t, d.toServer(call(3, "peek", `{"n":1,"x":2}`)), policy.Deny, "misfit")
	want(t, d.toServer(call(4, "poke", `{}`)), policy.Ask, "unlisted") // its $ref isn't followed
	want(t, d.toServer(call(5, "other", `{}`)), policy.Ask, "unlisted")
}

func TestWhenIsCEL(t *testing.T) {
	for _, tt := range []struct {
		expr, args string
		hit        bool
	}{
		{`args.amount > 100 && tool.startsWith("pay")`, `{"amount":150}`, true},
		{`args.amount > 100`, `{"amount":50}`, false},
		{`args.amount > 100`, `{}`, false},
		{`args.list.exists(x, x == "b")`, `{"list":["a","b"]}`, true},
		{`has(args.to) && args.to.endsWith("@example.com")`, `{"to":"a@example.com"}`, true},
		{`direction == "to-server" && kind == "request" && server == "files"`, `{}`, true},
		{`1 / int(args.n) == 1`, `{"n":0}`, true}, // no answer: a deny rule holds
	} {
		d := start(load(t, "default: allow", "rules:", "- {id: hit, action: deny, when: '"+tt.expr+"'}"))
		if got := d.toServer(call(1, "pay", tt.args)).Verdict.Rule == "hit"; got != tt.hit {
			t.Errorf("%s on %s: %v, want %v", tt.expr, tt.args, got, tt.hit)
		}
	}
	d := start(load(t, "default: deny", "rules:", "- {id: ok, action: allow, when: '1 / int(args.n) == 1'}"))
	want(t, d.toServer(call(1, "pay", `{"n":0}`)), policy.Deny, "default")
}

func TestWhenIsBoundedAndChecked(t *testing.T) {
	for _, expr := range []string{"args.", "1 + 1", "nothing == 1"} {
		if _, err := policy.Load("p.yaml", []byte("version: 1\nrules:\n- {id: a, action: deny, when: '"+expr+"'}"), nil); err == nil {
			t.Errorf("%q loads", expr)
		}
	}
	items := "[0"
	for range 2000 {
		items += ",1"
	}
	d := start(load(t, "default: deny", "rules:", "- {id: ok, action: allow, when: 'args.l.all(a, args.l.all(b, a == b || true))'}"))
	want(t, d.toServer(call(1, "x", `{"l":`+items+`]}`)), policy.Deny, "default")
}

func TestDefinitionsArePinnedAtFirstSight(t *testing.T) {
	first := listed(t)
	pins := first.lastTools
	if len(pins) != 2 {
		t.Fatalf("%d definitions", len(pins))
	}
	again := func(pins map[string]string, list string) *driver {
		d := &driver{Session: policy.NewSession(load(t, "default: allow", "rules:",
			"- {id: changed, definition: changed, action: ask}",
			"- {id: list, direction: to-client, method: tools/list, definition: [new, changed, removed], action: log}"))}
		d.fact(policy.Fact{Name: policy.FactSession, Server: "files", Tools: pins})
		d.toServer(`{"jsonrpc":"2.0","id":100,"method":"tools/list"}`)
		ev := d.toClient(list)
		d.logged = len(ev.Verdict.Matched) > 0
		return d
	}
	same := again(pins, strings.ReplaceAll(toolList, `":`, `" :`))
	if same.logged {
		t.Error("white space changes a definition")
	}
	want(t, same.toServer(call(1, "peek", `{"n":1}`)), policy.Allow, "default")
	other := again(pins, strings.Replace(toolList, `"maximum":9`, `"maximum":99`, 1))
	if !other.logged {
		t.Error("the list's change isn't noted")
	}
	want(t, other.toServer(call(1, "peek", `{"n":1}`)), policy.Ask, "changed")
	want(t, other.toServer(call(2, "poke", `{}`)), policy.Allow, "default")
	if fewer := again(map[string]string{"peek": pins["peek"], "poke": pins["poke"], "gone": "x"}, toolList); !fewer.logged {
		t.Error("a removed tool isn't noted")
	}
	if never := again(nil, toolList); never.logged {
		t.Error("a server that was never seen has changed")
	}
}
