package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

const (
	hello = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"ide","version":"1"}}}`
	meta  = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}`
)

// asking starts a session whose policy asks about the tool send, with every channel.
func asking(t *testing.T, lines ...string) *driver {
	t.Helper()
	if len(lines) == 0 {
		lines = []string{"default: allow", "rules:", "- {id: sending, tool: send, action: ask, message: it goes out}"}
	}
	d := &driver{Session: policy.NewSession(load(t, lines...))}
	d.fact(policy.Fact{Name: policy.FactSession, Server: "mail", Channels: policy.AskChannels})
	return d
}

func stateless(id int, tool, args, more string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s,%s%s}}`, id, tool, args, meta, more)
}

// chosen answers our question of the 2025 eras.
func chosen(ev *policy.Event, choice string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"action":"accept","content":{"decision":%q}}}`, ev.Out[0].ID, choice)
}

func retried(choice string) string {
	return fmt.Sprintf(`,"inputResponses":{"decision":{"action":"accept","content":{"decision":%q}}},"requestState":"rulewind-ask-1"`, choice)
}

// refusedAs checks that the one message out refuses with the code.
func refusedAs(t *testing.T, ev *policy.Event, to mcp.Dir, code string) {
	t.Helper()
	if out := passed(t, ev, to); !strings.Contains(out, `"code":"`+code+`"`) {
		t.Errorf("got %s, want a refusal with %s", out, code)
	}
}

func TestAskThroughTheClient(t *testing.T) {
	for _, tt := range []struct {
		choice string
		action policy.Action
	}{{"allow once", policy.Allow}, {"deny", policy.Deny}, {"whatever", policy.Deny}} {
		d := asking(t)
		d.toServer(hello)
		held := call(1, "send", `{"to":"a", "n":1.0}`)
		ev := d.toServer(held).Clone()
		want(t, ev, policy.Ask, "sending")
		if ev.Hold == nil || !strings.Contains(passed(t, ev, mcp.ToClient), `"method":"elicitation/create"`) {
			t.Fatalf("the client wasn't asked: %+v", ev)
		}
		ev = d.toServer(chosen(ev, tt.choice))
		if ev.Verdict.Action != tt.action || ev.Held != ev.Subject.Call || ev.Subject.Tool != "send" {
			t.Errorf("%s: got %s (%+v)", tt.choice, ev.Verdict.Action, ev.Subject)
		}
		if tt.action == policy.Allow {
			if got := passed(t, ev, mcp.ToServer); got != held {
				t.Errorf("left %s, held was %s", got, held)
			}
			want(t, d.toClient(answer(1, "sent")), policy.Allow, "default")
			continue
		}
		refusedAs(t, ev, mcp.ToClient, policy.CodeRefused)
		want(t, d.toClient(answer(1, "sent")), policy.Deny, "engine:unsolicited")
	}
}

func TestAskByInputRequired(t *testing.T) {
	d := asking(t)
	first := stateless(5, "send", `{"to":"a","n":[1]}`, "")
	ev := d.toServer(first)
	want(t, ev, policy.Ask, "sending")
	if out := passed(t, ev, mcp.ToClient); !strings.Contains(out, `"resultType":"input_required"`) || !strings.Contains(out, `"requestState":"rulewind-ask-1"`) {
		t.Fatalf("asked by %s", out)
	}
	ev = d.toServer(stateless(6, "send", `{"n":[1],"to":"a"}`, retried("allow once")))
	want(t, ev, policy.Allow, "engine:approved")
	if got, wanted := passed(t, ev, mcp.ToServer), strings.Replace(first, `"id":5`, `"id":6`, 1); got != wanted {
		t.Errorf("left %s, want what was held under the new id", got)
	}
	want(t, d.toClient(answer(6, "sent")), policy.Allow, "default")
}

func TestAskNeverForwardsOtherArguments(t *testing.T) {
	for _, again := range []string{
		stateless(6, "send", `{"to":"b"}`, retried("allow once")),
		stateless(6, "send2", `{"to":"a"}`, retried("allow once")),
		stateless(6, "send", `{"to":"a","cc":"b"}`, retried("allow once")),
	} {
		d := asking(t)
		d.toServer(stateless(5, "send", `{"to":"a"}`, ""))
		refusedAs(t, d.toServer(again), mcp.ToClient, policy.CodeRefused)
		want(t, d.toServer(stateless(7, "send", `{"to":"a"}`, retried("allow once"))), policy.Ask, "sending")
	}
}

func TestAskUnknownStateIsACallLikeAnyOther(t *testing.T) {
	d := asking(t)
	ev := d.toServer(stateless(6, "read", `{}`, retried("allow once")))
	want(t, ev, policy.Allow, "default")
	if out := passed(t, ev, mcp.ToServer); strings.Contains(out, "rulewind-ask") || strings.Contains(out, "inputResponses") {
		t.Errorf("our state left: %s", out)
	}
	if out := passed(t, d.toServer(stateless(7, "read", `{}`, `,"requestState":"theirs"`)), mcp.ToServer); !strings.Contains(out, "theirs") {
		t.Errorf("the server's state was cut: %s", out)
	}
}

func TestAskThroughAnotherTerminal(t *testing.T) {
	d := asking(t)
	held := call(1, "send", `{}`)
	ev := d.toServer(held)
	if len(ev.Out) != 0 || ev.Hold == nil || strings.Join(ev.Hold.Via, " ") != "approvals" {
		t.Fatalf("a client without forms was asked: %+v", ev)
	}
	seq := ev.Seq
	want(t, d.toServer(call(1, "read", `{}`)), policy.Deny, "engine:duplicate-id")
	want(t, d.toClient(answer(1, "early")), policy.Deny, "engine:unsolicited")
	yes := policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: true, By: "ada"}
	if got := passed(t, d.fact(yes), mcp.ToServer); got != held {
		t.Errorf("left %s", got)
	}
	if ev := d.fact(yes); ev.Verdict.Rule != "engine:no-such-ask" || len(ev.Out) != 0 {
		t.Errorf("the second answer: %+v", ev.Verdict)
	}
}

func TestAskFirstAnswerCounts(t *testing.T) {
	d := asking(t)
	d.toServer(hello)
	asked := d.toServer(call(1, "send", `{}`)).Clone()
	ev := d.fact(policy.Fact{Name: policy.FactAnswer, Call: asked.Seq, By: "ada"})
	if len(ev.Out) != 2 || !strings.Contains(string(ev.Out[0].Bytes), mcp.MethodCancelled) || !strings.Contains(string(ev.Out[1].Bytes), policy.CodeRefused) {
		t.Errorf("want the question taken back and the call refused, got %d out", len(ev.Out))
	}
	if ev := d.toServer(chosen(asked, "allow once")); len(ev.Out) != 0 || ev.Verdict.Action != policy.Deny {
		t.Errorf("a later yes let it pass: %+v", ev.Verdict)
	}

	d = asking(t)
	d.toServer(stateless(5, "send", `{}`, ""))
	want(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: 1, By: "ada"}), policy.Allow, "engine:fact")
	refusedAs(t, d.toServer(stateless(6, "send", `{}`, retried("allow once"))), mcp.ToClient, policy.CodeRefused)
}

func TestAskTimesOut(t *testing.T) {
	d := asking(t, "default: allow", "rules:", "- {id: sending, tool: send, action: ask, ask: {timeout: 30s}}")
	d.toServer(hello)
	asked := d.toServer(call(1, "send", `{}`)).Clone()
	if got, wanted := d.Deadline(), asked.Hold.Until; got != wanted || wanted != d.at+int64(30*time.Second) {
		t.Errorf("due at %d, want %d", got, wanted)
	}
	want(t, d.fact(policy.Fact{Name: policy.FactClock}), policy.Allow, "engine:fact")
	d.at += int64(time.Minute)
	ev := d.fact(policy.Fact{Name: policy.FactClock})
	want(t, ev, policy.Deny, "engine:timeout")
	if n := len(ev.Out); n != 2 || !strings.Contains(string(ev.Out[1].Bytes), policy.CodeTimeout) {
		t.Errorf("%d out", n)
	}
	if ev := d.toServer(chosen(asked, "allow once")); len(ev.Out) != 0 {
		t.Error("an answer after the timeout let it pass")
	}
	if ev := d.fact(policy.Fact{Name: policy.FactAnswer, Call: asked.Seq, Approve: true}); len(ev.Out) != 0 {
		t.Error("an approval after the timeout let it pass")
	}
}

func TestAskRemembersForTheSession(t *testing.T) {
	d := asking(t)
	d.toServer(hello)
	asked := d.toServer(call(1, "send", `{"to":"a"}`)).Clone()
	d.toServer(chosen(asked, "allow for this session"))
	ev := d.toServer(call(2, "send", `{"to":"b"}`))
	want(t, ev, policy.Allow, "sending")
	passed(t, ev, mcp.ToServer)
}

func TestAskIsTakenBackByItsSender(t *testing.T) {
	d := asking(t)
	d.toServer(hello)
	asked := d.toServer(call(1, "send", `{}`)).Clone()
	ev := d.toServer(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	want(t, ev, policy.Allow, "engine:cancelled")
	if out := passed(t, ev, mcp.ToClient); !strings.Contains(out, "rulewind-ask-") {
		t.Errorf("the question wasn't taken back: %s", out)
	}
	if ev := d.toServer(chosen(asked, "allow once")); len(ev.Out) != 0 {
		t.Error("it left although its sender had taken it back")
	}
	want(t, d.toServer(call(1, "read", `{}`)), policy.Allow, "default")
}

func TestAskCountsALimitOnce(t *testing.T) {
	d := asking(t, "default: allow", "rules:",
		"- {id: few, tool: send, limit: {calls: 1, per: 1h}, action: deny}",
		"- {id: sending, tool: send, action: ask}")
	for i, approve := range []bool{false, true} {
		ev := d.toServer(call(i, "send", `{}`))
		want(t, ev, policy.Ask, "sending")
		d.fact(policy.Fact{Name: policy.FactAnswer, Call: ev.Seq, Approve: approve})
	}
	want(t, d.toServer(call(9, "send", `{}`)), policy.Deny, "few")
}

func TestAskShowsNoSecret(t *testing.T) {
	key := secret(t, "github-pat")
	d := asking(t)
	d.toServer(hello)
	out := passed(t, d.toServer(call(1, "send", `{"token":"`+key+`","to":"a\u202eb`+strings.Repeat("x", 5000)+`"}`)), mcp.ToClient)
	if strings.Contains(out, key) || !strings.Contains(out, "[github-pat]") || !strings.Contains(out, "cut here") || strings.Contains(out, "\u202e") {
		t.Errorf("shown: %s", out)
	}
}

func TestAskWithoutAnybody(t *testing.T) {
	d := start(load(t, "default: allow", "rules:",
		"- {id: sending, tool: send, action: ask}", "- {id: deploys, tool: deploy, action: ask, ask: {via: grant}}"))
	refusedAs(t, d.toServer(call(1, "send", `{}`)), mcp.ToClient, policy.CodeApproval)
	refusedAs(t, d.toServer(call(2, "deploy", `{}`)), mcp.ToClient, policy.CodeGrantNeeded)
}

func TestAskRefusedByAGrantsAbsence(t *testing.T) {
	d := asking(t, "default: allow", "rules:", "- {id: deploys, tool: deploy, action: ask, ask: {via: grant}, refuse_as: result}")
	ev := d.toServer(call(1, "deploy", `{}`))
	if ev.Hold == nil || ev.Hold.Via[0] != policy.ChannelGrant {
		t.Fatalf("not held for a grant: %+v", ev)
	}
	out := passed(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: ev.Seq, Code: policy.CodeGrantUsed, By: "grants"}), mcp.ToClient)
	if !strings.Contains(out, policy.CodeGrantUsed) || !strings.Contains(out, `"isError":true`) {
		t.Errorf("refused by %s", out)
	}
}

func TestAskAboutTheServersRequestsAndAnswers(t *testing.T) {
	d := asking(t, "default: allow", "rules:",
		"- {id: sampling, direction: to-client, method: sampling/createMessage, kind: request, action: ask}",
		"- {id: reading, direction: to-client, tool: read, action: ask}",
		"- {id: notes, direction: to-client, kind: notification, action: ask}")
	ask := `{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{"messages":[]}}`
	ev := d.toClient(ask)
	if got := passed(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: ev.Seq, Approve: true}), mcp.ToClient); got != ask {
		t.Errorf("left %s", got)
	}
	d.toServer(call(1, "read", `{}`))
	ev = d.toClient(answer(1, "text"))
	refusedAs(t, d.fact(policy.Fact{Name: policy.FactAnswer, Call: ev.Seq}), mcp.ToClient, policy.CodeRefused)
	if ev := d.toClient(`{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"x"}}`); len(ev.Out) != 0 || ev.Hold != nil {
		t.Errorf("a notification was held: %+v", ev)
	}
}
