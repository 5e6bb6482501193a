package replay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// attendedPolicy is a random policy with what makes facts from outside matter.
func (r source) attendedPolicy(t testing.TB, name string) *policy.Policy {
	top := r.pick("allow", "deny", "ask") + "\nbounds: {timeout: " + r.pick("5s", "1h") + "}" + "\nlisted_tools_only: " + r.pick("false", "false", "true")
	if r.IntN(2) == 0 {
		top += "\ncallers: {anonymous: " + r.pick("allow", "deny") + ", list: [{name: bot, secret_env: A, scopes: [x]}, {name: ci, secret_env: B}]}"
	}
	var rules []string
	for i := range r.IntN(6) {
		parts := []string{fmt.Sprintf("id: r%d", i), "action: " + r.pick("allow", "deny", "ask, ask: {timeout: 4s}", "ask, ask: {via: grant}", "ask, refuse_as: result")}
		parts = append(parts, r.pick("tool: a", "tool: b", "lacks_scope: x", "caller: bot", "direction: any", "direction: to-client",
			`args: {p: {under: "${HOME}"}}`, "args: {p: {paths: true}}", "limit: {calls: 1, per: 5s}"))
		rules = append(rules, strings.Join(parts, ", "))
	}
	return load(t, name, top, rules...)
}

// attendedSession is a random session with questions, answers to them and all other
// facts from outside.
func (r source) attendedSession(t testing.TB, id string) corpus.Case {
	c := corpus.Case{ID: id, Source: "one"}
	at := int64(1e18)
	add := func(f mcp.Frame) {
		at += r.Int64N(3e9)
		f.At = at
		c.Steps = append(c.Steps, corpus.Step{ID: fmt.Sprint(id, ":", len(c.Steps)), Frame: f, Fidelity: policy.Exact})
	}
	fact := func(f policy.Fact) { add(mcp.Frame{Kind: mcp.FactFrame, Raw: f.JSON()}) }
	message := func(dir mcp.Dir, raw string) { add(mcp.Frame{Dir: dir, Kind: mcp.MessageFrame, Raw: []byte(raw)}) }
	start := policy.Fact{Name: policy.FactSession, Server: "s", Vars: map[string]string{"HOME": "/home/u"}}
	if r.IntN(4) > 0 {
		start.Channels = policy.AskChannels
	}
	fact(start)
	version := r.pick("2025-11-25", "2026-07-28")
	message(mcp.ToServer, `{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"`+version+`","capabilities":{"elicitation":{}}}}`)
	recent := func() int { // most often one of the last calls
		for i := len(c.Steps) - 1; i > max(1, len(c.Steps)-6); i-- {
			if strings.Contains(string(c.Steps[i].Frame.Raw), `"tools/call"`) && r.IntN(3) > 0 {
				return i
			}
		}
		return max(1, len(c.Steps)-1-r.IntN(4))
	}
	for range r.IntN(30) {
		seq := recent()
		choice := fmt.Sprintf(`{"action":"accept","content":{"decision":%q}}`, r.pick("deny", "allow once", "allow for this session"))
		switch r.IntN(18) {
		case 0, 1:
			fact(policy.Fact{Name: policy.FactAnswer, Call: seq, Approve: r.IntN(3) > 0, By: "ada", Remember: r.IntN(4) == 0})
		case 2, 3:
			message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":"rulewind-ask-%d","result":%s}`, seq, choice))
		case 4, 5:
			message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":{"p":"x"},"inputResponses":{"decision":%s},"requestState":"rulewind-ask-%d"}}`,
				r.id(), r.pick("a", "b"), choice, seq))
		case 6:
			fact(policy.Fact{Name: policy.FactKill, On: r.IntN(4) == 0, Reason: "a drill"})
		case 7:
			fact(policy.Fact{Name: policy.FactPolicy, Policy: r.attendedPolicy(t, "next.yaml").Sources})
		case 8, 9:
			fact(policy.Fact{Name: policy.FactClock})
		case 10:
			fact(policy.Fact{Name: policy.FactCaller, Caller: r.pick("", "bot", "ci"), Refused: r.IntN(5) == 0})
		case 11:
			fact(policy.Fact{Name: policy.FactPaths, Paths: map[string]string{"x": r.pick("/home/u/.ssh/id_rsa", "/srv/x")}})
		case 12:
			message(mcp.ToServer, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":`+r.id()+`}}`)
		case 13, 14, 15:
			message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":{"p":"x"}}}`, 100+len(c.Steps), r.pick("a", "b")))
		default:
			message(mcp.Dir(1+r.IntN(2)), r.message())
		}
	}
	return c
}

// TestLawL2Outside is the rewind law for what reaches a session from outside: whoever
// answers, whatever is put in force.
func TestLawL2Outside(t *testing.T) {
	held, released, killed, expired, reloaded := 0, 0, 0, 0, 0
	for seed := range uint64(300) {
		r := newSource(seed)
		p := r.attendedPolicy(t, "p.yaml")
		c := r.attendedSession(t, "s")
		first, second := policy.NewSession(p), policy.NewSession(p)
		for i := range c.Steps {
			f := c.Steps[i].Frame
			a := first.Step(f).Clone()
			b := second.Step(f).Clone()
			if sameEvent(a, b) != "" || first.Deadline() != second.Deadline() {
				t.Fatalf("seed %d, step %d: %s", seed, i, sameEvent(a, b))
			}
			if v := a.Verdict; a.Hold != nil {
				held++
			} else if a.Held > 0 && v.Action == policy.Allow && len(a.Out) > 0 {
				released++
			} else if v.Code == policy.CodeKilled {
				killed++
			} else if v.Code == policy.CodeTimeout {
				expired++
			}
			if first.Policy() != p {
				reloaded++
			}
		}
		rec := record(c, p)
		if got := run(t, replay.Config{}, rec); got.Control.Sessions > 0 {
			t.Fatalf("seed %d drifts: %s", seed, toJSON(t, got.Control))
		}
	}
	if held < 200 || released < 20 || killed < 50 || expired < 20 || reloaded < 50 {
		t.Errorf("hardly anything happened: %d held, %d released, %d killed, %d expired, %d under another policy", held, released, killed, expired, reloaded)
	}
}

// TestLawL4NothingLeavesUnasked: whatever happens, what a rule asks about reaches the
// server only after an approval of it, and as it was.
func TestLawL4NothingLeavesUnasked(t *testing.T) {
	left := 0
	for seed := range uint64(300) {
		r := newSource(seed)
		p := load(t, "p.yaml", "allow", `id: asks, tool: a, action: ask, ask: {timeout: 4s}`)
		c := r.attendedSession(t, "s")
		s := policy.NewSession(p)
		s.KeepPolicy = true
		approved, arguments := map[int]bool{}, map[int]string{}
		remembered := false
		for i := range c.Steps {
			ev := s.Step(c.Steps[i].Frame)
			if ev.Hold != nil {
				arguments[ev.Seq] = argumentsOf(c.Steps[i].Frame.Raw)
			}
			if ev.Held > 0 && ev.Verdict.Rule == "engine:approved" {
				approved[ev.Held] = true
			}
			remembered = remembered || strings.Contains(string(c.Steps[i].Frame.Raw), "for this session") || strings.Contains(string(c.Steps[i].Frame.Raw), `"remember":true`)
			for _, o := range ev.Out {
				if o.To != mcp.ToServer || o.Kind != mcp.Request || !strings.Contains(string(o.Bytes), `"name":"a"`) {
					continue
				}
				left++
				if remembered && ev.Held == 0 {
					continue
				}
				if !approved[ev.Held] || argumentsOf(o.Bytes) != arguments[ev.Held] {
					t.Fatalf("seed %d, step %d: %s left without an approval of it", seed, i, o.Bytes)
				}
			}
		}
	}
	if left < 50 {
		t.Errorf("only %d calls left", left)
	}
}

func argumentsOf(raw []byte) string {
	_, rest, _ := strings.Cut(string(raw), `"arguments":`)
	rest, _, _ = strings.Cut(rest, "}")
	return rest
}

// sameEvent tells how two events differ, "" if they don't.
func sameEvent(a, b *policy.Event) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(policy.Event{}))
}
