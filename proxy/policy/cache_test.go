package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// caching is a session under a policy with a cache whose server has listed its tools.
func caching(t *testing.T, rules ...string) *driver {
	t.Helper()
	d := start(load(t, append([]string{"default: allow", "rules:"}, append(rules,
		"- {id: seen, tool: get, direction: to-client, kind: answer, action: log, labels: seen}",
		"- {id: reads, tool: [get, odd, wipe], action: allow, cache: {ttl: 1m}}",
		"- {id: no, after: [seen], tool: x, action: deny}")...)...))
	d.toServer(`{"jsonrpc":"2.0","id":"l","method":"tools/list"}`)
	want(t, d.toClient(`{"jsonrpc":"2.0","id":"l","result":{"tools":[
		{"name":"get","inputSchema":{},"annotations":{"readOnlyHint":true}},
		{"name":"odd","inputSchema":{},"annotations":{"readOnlyHint":true,"destructiveHint":true}},
		{"name":"wipe","inputSchema":{}}]}}`), policy.Allow, "default")
	return d
}

// ask makes a call and gives the answer that the client gets, and whether the server
// saw the call. The server would say the number of the call.
func (d *driver) ask(t *testing.T, id int, raw string) (got string, sent bool) {
	t.Helper()
	ev := d.toServer(raw)
	if ev.Verdict.Action != policy.Allow {
		t.Fatalf("%s: %s by %s", raw, ev.Verdict.Action, ev.Verdict.Rule)
	}
	if ev.Cached == 0 {
		passed(t, ev, mcp.ToServer)
		return passed(t, d.toClient(answer(id, fmt.Sprint("answer ", id))), mcp.ToClient), true
	}
	return passed(t, ev, mcp.ToClient), false
}

func TestIdenticalReadsAreAnsweredFromMemory(t *testing.T) {
	d := caching(t)
	first, _ := d.ask(t, 1, call(1, "get", `{"a":1,"b":[2]}`))
	second, sent := d.ask(t, 2, call(2, "get", `{ "b" : [2.0], "a":1 }`))
	if want := strings.Replace(first, `"id":1`, `"id":2`, 1); sent || second != want {
		t.Errorf("sent: %v, answer\n%s, want\n%s", sent, second, want)
	}
	if ev := d.toServer(`{"jsonrpc":"2.0","id":"x\u0041","method":"tools/call","params":{"name":"get","arguments":{"a":1,"b":[2]}}}`); ev.Cached == 0 || !strings.HasPrefix(passed(t, ev, mcp.ToClient), `{"jsonrpc":"2.0","id":"xA","result"`) {
		t.Errorf("another id: %d, %s", ev.Cached, ev.Out[0].Bytes)
	}
	want(t, d.toClient(answer(2, "late")), policy.Deny, "engine:unsolicited")
	for i, other := range []string{
		call(3, "get", `{"a":1,"b":[3]}`), call(4, "get", `{"a":1,"b":["2"]}`), call(5, "wipe", `{"a":1,"b":[2]}`),
	} {
		if _, sent := d.ask(t, 3+i, other); !sent {
			t.Errorf("%s is answered from memory", other)
		}
	}
}

// TestWhatIsNotCached: each of these calls, made twice, is sent twice.
func TestWhatIsNotCached(t *testing.T) {
	raw := func(params string) string {
		return `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get","arguments":{"a":1}` + params + `}}`
	}
	plain := answer(7, "x")
	key := secret(t, "github-pat")
	for _, tt := range []struct{ name, call, answer string }{
		{"a tool that may write", strings.Replace(raw(""), `"get"`, `"wipe"`, 1), plain},
		{"a tool that says two things", strings.Replace(raw(""), `"get"`, `"odd"`, 1), plain},
		{"progress", raw(`,"_meta":{"progressToken":1}`), plain},
		{"a task", raw(`,"task":{}`), plain},
		{"a retry", raw(`,"requestState":"s"`), plain},
		{"a secret", raw(`,"_meta":{"k":"` + key + `"}`), plain},
		{"an error", raw(""), `{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}`},
		{"a tool's error", raw(""), `{"jsonrpc":"2.0","id":7,"result":{"content":[],"isError":true}}`},
		{"an odd isError", raw(""), `{"jsonrpc":"2.0","id":7,"result":{"content":[],"isError":"no"}}`},
		{"a question", raw(""), `{"jsonrpc":"2.0","id":7,"result":{"resultType":"input_required"}}`},
		{"a task's handle", raw(""), `{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"t"}}}`},
		{"too long", raw(""), answer(7, strings.Repeat("x", 1<<20))},
		{"a denied answer", raw(""), answer(7, "bad")},
	} {
		d := caching(t, "- {id: bad, direction: to-client, text: {glob: bad}, action: deny}")
		for i := range 2 {
			if ev := d.toServer(tt.call); ev.Cached != 0 {
				t.Errorf("%s: call %d is answered from memory", tt.name, i)
			}
			d.toClient(tt.answer)
		}
	}
	d := caching(t)
	for i := range 2 {
		if d.toServer(raw("")).Cached != 0 != (i == 1) {
			t.Errorf("the plain call %d", i)
		}
		d.toClient(plain)
	}
}

func TestWhatEmptiesTheCache(t *testing.T) {
	get := func(id int) string { return call(id, "get", `{}`) }
	for _, tt := range []struct {
		name   string
		events func(d *driver)
		kept   bool
	}{
		{"nothing", func(*driver) {}, true},
		{"time", func(d *driver) { d.at += 60e9 }, false},
		{"a write", func(d *driver) { d.toServer(call(5, "wipe", `{}`)); d.toClient(answer(5, "x")) }, false},
		{"a write under way", func(d *driver) { d.toServer(call(5, "wipe", `{}`)) }, false},
		{"an unheard-of tool", func(d *driver) { d.toServer(call(5, "y", `{}`)) }, false},
		{"an unheard-of method", func(d *driver) { d.toServer(`{"jsonrpc":"2.0","id":5,"method":"x/write"}`) }, false},
		{"another read", func(d *driver) { d.toServer(call(5, "get", `{"a":1}`)); d.toClient(answer(5, "x")) }, true},
		{"a change", func(d *driver) {
			d.toClient(`{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a"}}`)
		}, false},
		{"progress", func(d *driver) {
			d.toClient(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}`)
		}, true},
		{"a list of tools", func(d *driver) {
			d.toServer(`{"jsonrpc":"2.0","id":5,"method":"tools/list"}`)
			d.toClient(`{"jsonrpc":"2.0","id":5,"result":{"tools":[{"name":"get","inputSchema":{},"annotations":{"readOnlyHint":true}}]}}`)
		}, false},
		{"the policy", func(d *driver) { d.fact(policy.Fact{Name: policy.FactPolicy, Policy: d.Policy().Sources}) }, false},
		{"another caller", func(d *driver) { d.fact(policy.Fact{Name: policy.FactCaller, Caller: "b"}) }, false},
	} {
		d := caching(t)
		d.ask(t, 1, get(1))
		tt.events(d)
		if _, sent := d.ask(t, 9, get(9)); sent == tt.kept {
			t.Errorf("after %s: sent %v", tt.name, sent)
		}
	}
}

// TestReadsBesideAWriteAreNotKept: what a read says that was under way during a write
// may be from before it.
func TestReadsBesideAWriteAreNotKept(t *testing.T) {
	d := caching(t)
	d.toServer(call(1, "get", `{}`))
	d.toServer(call(2, "wipe", `{}`))
	d.toClient(answer(2, "wiped"))
	d.toClient(answer(1, "from before"))
	d.toServer(call(3, "wipe", `{}`))
	d.toServer(call(4, "get", `{}`))
	d.toClient(answer(4, "from before, too"))
	d.toClient(answer(3, "wiped"))
	if _, sent := d.ask(t, 5, call(5, "get", `{}`)); !sent {
		t.Error("an answer from before the write is given again")
	}
	if _, sent := d.ask(t, 6, call(6, "get", `{}`)); sent {
		t.Error("the answer from after it isn't")
	}
	d.toServer(call(7, "wipe", `{}`))
	d.toClient(`{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"t","status":"working"}}}`)
	d.ask(t, 8, call(8, "get", `{}`))
	if _, sent := d.ask(t, 9, call(9, "get", `{}`)); !sent {
		t.Error("something is kept while a write goes on as a task")
	}
}

func TestACachedCallLeavesWhatItsAnswerLeft(t *testing.T) {
	d := caching(t, "- {id: often, tool: get, action: deny, limit: {calls: 2, per: 1h}}")
	d.ask(t, 1, call(1, "get", `{}`))
	ev := d.toServer(call(2, "get", `{}`))
	if ev.Cached == 0 || len(ev.Labels) != 1 || ev.Labels[0] != "seen" {
		t.Errorf("cached %d, labels %v", ev.Cached, ev.Labels)
	}
	want(t, d.toServer(call(3, "get", `{}`)), policy.Deny, "often")
}

func TestTheCacheIsBounded(t *testing.T) {
	d := caching(t)
	text := strings.Repeat("x", 900<<10)
	for i := range 12 {
		d.toServer(call(i, "get", fmt.Sprintf(`{"i":%d}`, i)))
		d.toClient(answer(i, text))
	}
	for i := range 12 {
		ev := d.toServer(call(100+i, "get", fmt.Sprintf(`{"i":%d}`, i)))
		if kept := ev.Cached != 0; kept != (i >= 3) { // 9 of 900 KB are under 8 MB
			t.Errorf("answer %d kept: %v", i, kept)
		}
	}
}

func TestCacheProblems(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"rules: [{id: a, action: deny, cache: {ttl: 5s}}]", "for action allow only"},
		{"rules: [{id: a, action: allow, cache: {}}]", "needs ttl"},
		{"rules: [{id: a, action: allow, cache: {ttl: 25h}}]", "at most 24h"},
		{"rules: [{id: a, action: allow, cache: 5s}]", "want a mapping"},
	} {
		_, err := policy.Load("p.yaml", []byte("version: 1\n"+tt.source), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.source, err, tt.want)
		}
	}
}
