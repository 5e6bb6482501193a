package replay_test

import (
	"fmt"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// attended makes a case in which a person can be asked. A message that begins with !
// is a fact.
func attended(channels []string, messages ...any) corpus.Case {
	c := session("s")
	c.Steps[0].Frame.Raw = policy.Fact{Name: policy.FactSession, Server: "demo", Channels: channels}.JSON()
	for _, m := range messages {
		f := mcp.Frame{At: int64(len(c.Steps)) * 1e9}
		switch m := m.(type) {
		case policy.Fact:
			f.Kind, f.Raw = mcp.FactFrame, m.JSON()
		case string:
			f.Kind, f.Dir, f.Raw = mcp.MessageFrame, toServer, []byte(m)
			if m[0] == '<' {
				f.Dir, f.Raw = toClient, f.Raw[1:]
			}
		}
		c.Steps = append(c.Steps, corpus.Step{ID: fmt.Sprintf("s:%d", len(c.Steps)), Frame: f, Fidelity: policy.Exact})
	}
	return c
}

func approve(call int) policy.Fact {
	return policy.Fact{Name: policy.FactAnswer, Call: call, Approve: true, By: "a person"}
}

func refuse(call int) policy.Fact {
	return policy.Fact{Name: policy.FactAnswer, Call: call, By: "a person"}
}

func TestApprovals(t *testing.T) {
	lax := load(t, "lax.yaml", "allow", `id: no-secret, direction: to-client, text: {regex: secret}, action: deny`)
	asks := load(t, "asks.yaml", "allow", `id: b, tool: b, action: ask`, `id: no-secret, direction: to-client, text: {regex: secret}, action: deny`)
	asksBlind := load(t, "blind.yaml", "allow", `id: b, tool: b, action: ask`)
	there := []string{policy.ChannelApprovals}
	alone := attended(nil, call(1, "b", "{}"), answer(1, "secret"), call(2, "a", "{}"))
	attendedCall := attended(there, call(1, "b", "{}"), answer(1, "secret"), call(2, "a", "{}"))
	approved := attended(there, call(1, "b", "{}"), approve(1), answer(1, "secret"), call(2, "a", "{}"))
	refused := attended(there, call(1, "b", "{}"), refuse(1), call(2, "a", "{}"))
	for _, tt := range []struct {
		name      string
		base      *policy.Policy
		candidate *policy.Policy
		c         corpus.Case
		assume    replay.Approvals
		mode      replay.Mode
		want      string
		moot      int
	}{
		{"nobody to ask", lax, asks, alone, replay.RecordedApprovals, replay.Observed, "tightened=1", 1},
		{"nobody answered", lax, asks, attendedCall, replay.RecordedApprovals, replay.Observed, "tightened=1", 1},
		{"supposed to be refused", lax, asks, attendedCall, replay.Refused, replay.Observed, "tightened=1", 1},
		{"supposed to be approved: the answer is judged", lax, asks, attendedCall, replay.Approved, replay.Observed, "tightened=1", 0},
		{"and can differ", lax, asksBlind, attendedCall, replay.Approved, replay.Observed, "newly_allowed=1 tightened=1", 0},
		{"though nobody was there", lax, asksBlind, alone, replay.Approved, replay.Observed, "newly_allowed=1 tightened=1", 0},
		{"either is possible", lax, asksBlind, attendedCall, replay.RecordedApprovals, replay.Causal, "newly_allowed=1 tightened=1", 0},
		{"nobody to ask is known", lax, asksBlind, alone, replay.RecordedApprovals, replay.Causal, "tightened=1", 1},
		{"both ask: the answer of the time stands", asks, asksBlind, approved, replay.RecordedApprovals, replay.Observed, "newly_allowed=1", 0},
		{"and is not supposed away", asks, asksBlind, approved, replay.Refused, replay.Observed, "newly_allowed=1", 0},
		{"both ask, and were refused", asks, asksBlind, refused, replay.Approved, replay.Observed, "", 0},
		{"no more asked: the approval has nothing to do", asks, lax, approved, replay.RecordedApprovals, replay.Observed, "newly_allowed=1", 1},
		{"no more asked, and would have been refused", asks, lax, refused, replay.RecordedApprovals, replay.Observed, "newly_allowed=1", 1},
		{"denied at once", asks, load(t, "deny.yaml", "allow", `id: b, tool: b, action: deny`), approved, replay.RecordedApprovals, replay.Observed, "tightened=1", 2},
	} {
		c := record(tt.c, tt.base)
		r := run(t, replay.Config{Candidates: []*policy.Policy{tt.candidate}, Approvals: tt.assume, Mode: tt.mode}, c)
		got := &r.Comparisons[0]
		if changes(got) != tt.want || got.Moot != tt.moot || r.Control.Sessions != 0 {
			t.Errorf("%s: %q, moot %d; want %q, %d\n%s", tt.name, changes(got), got.Moot, tt.want, tt.moot, toJSON(t, r.Control))
		}
	}
}

// TestCandidatesOutliveAReload: a recording whose policy was changed under way is
// judged by the candidate from its start to its end.
func TestCandidatesOutliveAReload(t *testing.T) {
	before, after := load(t, "p.yaml", "allow"), load(t, "p.yaml", "allow", `id: no-b, tool: b, action: deny`)
	c := record(attended(nil, call(1, "b", "{}"), policy.Fact{Name: policy.FactPolicy, Policy: after.Sources}, call(2, "b", "{}")), before)
	for _, tt := range []struct {
		candidate *policy.Policy
		baseline  *policy.Policy
		want      string
	}{
		{before, nil, "newly_allowed=1"}, // what the second call was denied by
		{after, nil, "newly_denied=1"},
		{after, before, "newly_denied=2"}, // a baseline that is named holds throughout
	} {
		r := run(t, replay.Config{Baseline: tt.baseline, Candidates: []*policy.Policy{tt.candidate}}, c)
		if got := changes(&r.Comparisons[0]); got != tt.want || r.Control.Sessions != 0 {
			t.Errorf("%s, want %s\n%s", got, tt.want, toJSON(t, r.Control))
		}
	}
}
