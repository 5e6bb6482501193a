package proxy_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func loaded(t testing.TB, lines ...string) *policy.Policy {
	t.Helper()
	p, err := policy.Load("test.yaml", []byte("version: 1\n"+strings.Join(lines, "\n")+"\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asks is a gate that asks about the tool echo in another terminal.
func asks(t *testing.T, rec proxy.Recorder) *gated {
	return gate(t, rec, func(c *proxy.GateConfig) {
		c.Policy = loaded(t, "default: allow", "rules: [{id: asks, tool: echo, action: ask}]")
		c.Session.Channels = []string{policy.ChannelApprovals}
	})
}

func TestApprovedBytesLeaveUntouched(t *testing.T) {
	l := &log{}
	g := asks(t, l)
	raw := ` {"jsonrpc":"2.0", "id":1,"method":"tools/call","params":{"name":"echo"}}`
	g.toServer(raw)
	seq := l.find("echo").Seq
	g.Fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: true})
	g.Fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: true})
	g.end()
	if got := g.server.String(); got != raw+"\n" {
		t.Errorf("the server got %q, want the call once", got)
	}
}

func TestLawL4ApprovalThatIsNotRecordedForwardsNothing(t *testing.T) {
	for _, lost := range []struct{ fail, lose error }{{errDisk, nil}, {nil, errDisk}} {
		l := &log{}
		g := asks(t, l)
		g.toServer(call(1, "x"))
		seq := l.find("echo").Seq
		l.set(lost.fail, lost.lose)
		g.Fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: true})
		g.end()
		if got := g.server.String(); got != "" {
			t.Errorf("the server got %q", got)
		}
		has(t, g.client.String(), `"id":1`, policy.CodeAudit)
	}
}

func TestHeldCallsTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{}
		g := gate(t, l, func(c *proxy.GateConfig) {
			c.Policy = loaded(t, "default: allow", "bounds: {timeout: 10m}", "rules: [{id: asks, tool: echo, action: ask, ask: {timeout: 5m}}]")
			c.Session.Channels = []string{policy.ChannelApprovals}
			c.Clock = time.Now
		})
		g.toServer(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"slow"}}`)
		g.toServer(call(1, "x"))
		time.Sleep(5*time.Minute - time.Second)
		synctest.Wait()
		if got := g.client.String(); got != "" {
			t.Errorf("too early: %s", got)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		has(t, g.client.String(), `"id":1`, policy.CodeTimeout)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		has(t, g.client.String(), `"id":7`)
		has(t, g.server.String(), mcp.MethodCancelled, `"requestId":7`)
		g.toClient(answer(7, "late"))
		g.Fact(policy.Fact{Name: policy.FactAnswer, Call: l.find(`"say"`).Seq, Approve: true})
		g.end()
		if got := g.server.String() + g.client.String(); strings.Contains(got, "late") || strings.Contains(got, `"say"`) {
			t.Errorf("after the timeouts passed: %s", got)
		}
	})
}

func TestKillSwitchIsLookedAt(t *testing.T) {
	on := false
	g := gate(t, &log{}, func(c *proxy.GateConfig) {
		c.Policy = allowAll(t)
		c.Kill = func() (bool, string) { return on, "a drill" }
	})
	g.toServer(call(1, "before"))
	on = true
	g.at = g.at.Add(time.Second)
	g.toServer(call(2, "during"))
	on = false
	g.at = g.at.Add(time.Second)
	g.toServer(call(3, "after"))
	g.end()
	has(t, g.server.String(), "before", "after", mcp.MethodCancelled)
	if strings.Contains(g.server.String(), "during") {
		t.Error("a call passed while the kill switch was on")
	}
	has(t, g.client.String(), policy.CodeKilled, "a drill")
}

func TestCallersSecretsGoNowhere(t *testing.T) {
	const secret = "s3cret-of-the-bot"
	l := &log{}
	g := gate(t, l, func(c *proxy.GateConfig) {
		c.Policy = loaded(t, "default: allow", "callers:", "  list:",
			fmt.Sprintf("  - {name: bot, secret_sha256: %x, scopes: [read]}", sha256.Sum256([]byte(secret))),
			"  - {name: ci, secret_env: CI_SECRET, scopes: [read, deploy]}",
			"rules: [{id: scope, tool: deploy, lacks_scope: deploy, action: deny}]")
		c.Env = func(name string) string { return map[string]string{"CI_SECRET": "of-the-ci"}[name] }
	})
	send := func(id int, tool, authorization string) {
		g.toServer(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"_meta":{"authorization":%q,"x":1}}}`, id, tool, authorization))
	}
	send(1, "read", "Bearer "+secret)
	send(2, "deploy", secret)
	send(3, "deploy", "of-the-ci")
	send(4, "read", "wrong-"+secret)
	g.toServer(call(5, "anonymous"))
	g.toServer(`{"jsonrpc":"2.0","id":6,"id":6,"method":"tools/call","params":{"_meta":{"authorization":"` + secret + `"}}}`)
	g.end()
	if got := g.server.lines(); len(got) != 2 || !strings.Contains(got[0], `"id":1,`) || !strings.Contains(got[1], `"id":3,`) {
		t.Errorf("the server got %q", got)
	}
	has(t, g.server.String(), `"_meta":{"x":1}`)
	has(t, g.client.String(), policy.CodeScope, policy.CodeAuth)
	for i, f := range l.frames {
		if strings.Contains(string(f.Raw), secret) || strings.Contains(string(f.Raw), "of-the-ci") {
			t.Errorf("entry %d holds a secret: %s", i, f.Raw)
		}
	}
}

func TestCallersNeedTheirVariables(t *testing.T) {
	_, err := proxy.NewGate(proxy.GateConfig{
		Policy: loaded(t, "callers: {list: [{name: ci, secret_env: CI_SECRET}]}"),
		Begin:  func() (proxy.Recorder, error) { return &log{}, nil }, Client: &sink{}, Server: &sink{},
	})
	if err == nil || !strings.Contains(err.Error(), "CI_SECRET, which isn't set") {
		t.Errorf("got %v", err)
	}
}

func TestAPolicyThatChangesWhileNothingIsRecorded(t *testing.T) {
	l := &log{}
	g := gate(t, l, func(c *proxy.GateConfig) { c.Policy = allowAll(t) })
	l.set(errDisk, nil)
	g.toServer(call(1, "x"))
	g.Fact(policy.Fact{Name: policy.FactPolicy, Policy: loaded(t, "default: allow", "rules: [{id: no, tool: echo, action: deny}]").Sources})
	l.set(nil, nil)
	g.at = g.at.Add(2 * time.Second)
	g.toServer(call(2, "x"))
	g.end()
	has(t, g.client.String(), `"rule":"no"`)
	if got := g.server.String(); got != "" {
		t.Errorf("the server got %q", got)
	}
}

func TestAnotherPolicyOutlivesAGapInTheRecording(t *testing.T) {
	l := &log{}
	g := gate(t, l, func(c *proxy.GateConfig) { c.Policy = allowAll(t) })
	g.Fact(policy.Fact{Name: policy.FactPolicy, Policy: loaded(t, "default: allow", "rules: [{id: no, tool: echo, action: deny}]").Sources})
	g.toServer(call(1, "x"))
	l.set(errDisk, nil)
	g.toServer(call(2, "x"))
	l.set(nil, nil)
	g.at = g.at.Add(2 * time.Second)
	g.toServer(call(3, "x"))
	g.end()
	if got := g.server.String(); got != "" {
		t.Errorf("the server got %q", got)
	}
	if n := strings.Count(g.client.String(), `"rule":"no"`); n != 2 {
		t.Errorf("%d refusals by the new policy, want 2: %s", n, g.client.String())
	}
}

func TestRacingAnswersForwardAtMostOnce(t *testing.T) {
	for i := range 50 {
		l := &log{}
		g := gate(t, l, func(c *proxy.GateConfig) {
			c.Policy = loaded(t, "default: allow", "rules: [{id: asks, tool: echo, action: ask}]")
			c.Session.Channels = policy.AskChannels
		})
		g.toServer(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}}}}`)
		g.toServer(call(1, "x"))
		seq := l.find(`"say"`).Seq
		start, done := make(chan struct{}), make(chan struct{})
		racers := []func(){
			func() { g.Fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: i%2 == 0, By: "ada"}) },
			func() { g.Fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: true, By: "bob"}) },
			func() {
				g.toServer(fmt.Sprintf(`{"jsonrpc":"2.0","id":"rulewind-ask-%d","result":{"action":"decline"}}`, seq))
			},
		}
		for _, r := range racers {
			go func() { <-start; r(); done <- struct{}{} }()
		}
		close(start)
		for range racers {
			<-done
		}
		g.end()
		var first *policy.Event // that ended the held call
		for _, ev := range l.events {
			if ev.Held == seq && first == nil {
				first = ev
			} else if ev.Held == seq {
				t.Fatal("it was ended twice")
			}
		}
		forwarded := strings.Count(g.server.String(), `"say"`)
		if refused := strings.Count(g.client.String(), policy.CodeRefused); forwarded+refused != 1 || (forwarded == 1) != (first.Verdict.Action == policy.Allow) {
			t.Fatalf("forwarded %d times, refused %d times, after %s", forwarded, refused, first.Verdict.Action)
		}
	}
}
