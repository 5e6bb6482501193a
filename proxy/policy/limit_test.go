package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A round is a call and its answer, as a test runs them.
type round struct {
	tool, args string
	answer     string // its text; "-" if none comes
	wait       int64  // seconds before the call
	took       int64  // seconds to the answer
	want       policy.Action
	code       string
}

func (d *driver) rounds(t *testing.T, list ...round) {
	t.Helper()
	for i, r := range list {
		d.at += r.wait * 1e9
		if r.args == "" {
			r.args = "{}"
		}
		ev := d.toServer(call(i, r.tool, r.args))
		if ev.Verdict.Action != r.want || ev.Verdict.Code != r.code {
			t.Errorf("round %d: %s %s is %s %s by %s, want %s %s", i, r.tool, r.args, ev.Verdict.Action, ev.Verdict.Code, ev.Verdict.Rule, r.want, r.code)
		}
		if ev.Verdict.Action != policy.Allow || r.answer == "-" {
			continue
		}
		d.at += r.took * 1e9
		d.toClient(answer(i, r.answer))
	}
}

func TestBudgetsOfBytesAndTime(t *testing.T) {
	big := strings.Repeat("x", 1000)
	for _, tt := range []struct {
		name, limit string
		rounds      []round
	}{
		{"bytes of answers", "{bytes: 2KB, per: 1m}", []round{
			{tool: "a", answer: big, want: policy.Allow},
			{tool: "a", answer: big, want: policy.Allow},
			{tool: "a", want: policy.Deny, code: policy.CodeBudget},
			{tool: "a", wait: 60, want: policy.Allow},
		}},
		{"bytes of requests", "{bytes: 1KB, per: 1m, by: tool}", []round{
			{tool: "a", args: `{"p":"` + big + `"}`, want: policy.Allow},
			{tool: "a", want: policy.Deny, code: policy.CodeBudget},
			{tool: "b", want: policy.Allow},
		}},
		{"what has no answer yet isn't charged", "{bytes: 1KB, per: 1m}", []round{
			{tool: "a", args: `{"p":"` + big + `"}`, answer: "-", want: policy.Allow},
			{tool: "a", want: policy.Allow},
		}},
		{"time", "{time: 30s, per: 5m}", []round{
			{tool: "a", took: 29, want: policy.Allow},
			{tool: "a", took: 10, want: policy.Deny, code: policy.CodeBudget},
			{tool: "a", wait: 300, want: policy.Allow},
		}},
		{"calls and time", "{calls: 1, time: 1h, per: 5m}", []round{
			{tool: "a", want: policy.Allow},
			{tool: "a", want: policy.Deny, code: policy.CodeRate},
		}},
		{"loops, however the arguments are spelled", "{calls: 2, per: 1m, by: [tool, args]}", []round{
			{tool: "a", args: `{"x":1,"y":["é"]}`, want: policy.Allow},
			{tool: "a", args: `{"y": ["\u00e9"], "x": 1.0}`, want: policy.Allow},
			{tool: "a", args: `{"x":1,"y":["é"]}`, want: policy.Deny, code: policy.CodeLoop},
			{tool: "a", args: `{"x":1,"y":["e"]}`, want: policy.Allow},
			{tool: "b", args: `{"x":1,"y":["é"]}`, want: policy.Allow},
			{tool: "a", args: `{"x":12345678901234567,"y":[]}`, want: policy.Allow},
			{tool: "a", args: `{"x":12345678901234568,"y":[]}`, want: policy.Allow},
			{tool: "a", args: `{"x":12345678901234569,"y":[]}`, want: policy.Allow},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start(load(t, "default: allow", "rules:", "- {id: l, action: deny, tool: '*', limit: "+tt.limit+"}")).rounds(t, tt.rounds...)
		})
	}
}

func TestUnreadableAnswersAreCharged(t *testing.T) {
	d := start(load(t, "default: allow", "limits: [{id: l, bytes: 1KB, per: 1m}]"))
	d.toServer(call(1, "a", `{}`))
	want(t, d.toClient(`{"jsonrpc":"2.0","id":1,"result":{"a":"`+strings.Repeat("x", 1000)+`","a":1}}`), policy.Deny, "engine:duplicate-member")
	want(t, d.toServer(call(2, "a", `{}`)), policy.Deny, "l")
}

func TestLimitsStandBeforeAllRules(t *testing.T) {
	base := []byte("version: 1\nlimits: [{id: base, calls: 1, per: 1m, tool: b}, {id: both, calls: 9, per: 1m}]\n")
	src := []byte("version: 1\nextends: base\ndefault: allow\nlimits: [{id: both, calls: 2, per: 1m, action: ask}]\nrules: [{id: all, action: allow, tool: '*'}]\n")
	p, err := policy.Load("own.yaml", src, func(string) ([]byte, error) { return base, nil })
	if err != nil {
		t.Fatal(err)
	}
	d := start(p)
	want(t, d.toServer(call(1, "b", `{}`)), policy.Allow, "all")
	want(t, d.toServer(call(2, "b", `{}`)), policy.Deny, "base")
	want(t, d.toServer(call(3, "a", `{}`)), policy.Allow, "all")
	want(t, d.toServer(call(4, "a", `{}`)), policy.Ask, "both")
	want(t, d.toServer(`{"jsonrpc":"2.0","id":5,"method":"resources/read","params":{"uri":"file:///a"}}`), policy.Allow, "all")
}

func TestLimitKeysAreBounded(t *testing.T) {
	d := start(load(t, "default: allow", "rules:", "- {id: l, action: deny, tool: '*', limit: {calls: 1, per: 100h, by: args}}"))
	denied := 0
	for i := range 10_050 {
		if d.toServer(call(i, "a", fmt.Sprintf(`{"i":%d}`, i))).Verdict.Action == policy.Deny {
			denied++
		}
		d.toClient(answer(i, "ok"))
	}
	if denied != 49 {
		t.Errorf("%d of 10050 new keys denied; beyond 10000 they share one, which lets 1 pass", denied)
	}
}

func TestLimitProblems(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"rules: [{id: a, action: deny, limit: {bytes: 10 apples, per: 1m}}]", "want a size up to 1024GiB"},
		{"rules: [{id: a, action: deny, limit: {time: long, per: 1m}}]", "want a duration"},
		{"limits: [{id: a, calls: 1}]", "needs calls (or bytes, or time) and per"},
		{"limits: [{calls: 1, per: 1m}]", "no id"},
		{"limits: [{id: a, calls: 1, per: 1m, action: allow}]", "unknown action"},
		{"limits: [{id: a, calls: 1, per: 1m, text: {secrets: true}}]", "unknown key"},
		{"limits: [{id: a, calls: 1, per: 1m}]\nrules: [{id: a, action: deny}]", "ids are unique"},
		{"limits: {a: 1}", "want a list"},
	} {
		_, err := policy.Load("p.yaml", []byte("version: 1\n"+tt.source), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.source, err, tt.want)
		}
	}
}

func TestRetriesAreChargedButCountOnce(t *testing.T) {
	d := start(load(t, "default: allow", "limits: [{id: l, calls: 1, bytes: 1KB, per: 1m}]"))
	d.toServer(call(1, "a", `{}`))
	d.toClient(`{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":"s"}}`)
	want(t, d.toServer(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a","arguments":{},"requestState":"s"}}`), policy.Allow, "default")
	d.toClient(answer(2, strings.Repeat("x", 1000)))
	ev := d.toServer(call(3, "a", `{}`))
	want(t, ev, policy.Deny, "l")
	if len(ev.Out) != 1 || ev.Out[0].To != mcp.ToClient {
		t.Error("it wasn't refused to the client")
	}
}
