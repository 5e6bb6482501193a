package policy

import (
	"encoding/json"
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// fact takes in an outside event.
func (s *Session) fact(f mcp.Frame) {
	s.now.subject.Kind = "fact"
	var fact Fact
	if err := json.Unmarshal(f.Raw, &fact); err != nil {
		s.engineDeny("invalid-fact", CodeInvalid, "a fact that can't be read")
		return
	}
	s.now.subject.Fact = fact.Name
	if fact.Name != FactPolicy && fact.Name != FactShadow { // whose texts are kept as they are, as at the start
		s.event.Secrets = s.rawSecrets(f.Raw)
	}
	s.event.Verdict = Verdict{Action: Allow, Rule: "engine:fact"}
	switch fact.Name {
	case FactSession:
		s.server, s.transport, s.vars = fact.Server, fact.Transport, fact.Vars
		s.layer.folders, s.guard.folders = nil, nil
		s.pins, s.channels = fact.Tools, fact.Channels
		s.others = skeletons(fact.Others)
		s.opening = slices.Clone(f.Raw)
		s.now.subject.Server = s.server
	case FactPaths:
		s.real, s.realFor = fact.Paths, s.event.Seq+1
	case FactMark:
		s.mark(&fact)
	case FactServerExit:
		s.gone = fact.Reason
		if s.gone == "" {
			s.gone = "the server exited"
		}
		s.refusePending(CodeServerGone, s.gone, false)
	case FactAnswer:
		s.answerFact(&fact)
	case FactKill:
		s.kill(&fact)
	case FactPolicy:
		s.reload(&fact)
	case FactShadow:
		s.castShadow(&fact)
	case FactClock:
		s.expire()
	case FactCaller:
		s.caller, s.callerRefused = fact.Caller, fact.Refused
	default:
		s.engineDeny("unknown-fact", CodeInvalid, "a fact of no known name")
	}
}

// kill turns the kill switch: while it is on nothing passes, in either direction.
func (s *Session) kill(f *Fact) {
	if s.killed = ""; !f.On {
		return
	}
	s.killed = "the kill switch is on"
	if f.Reason != "" {
		s.killed += ": " + f.Reason
	}
	s.refusePending(CodeKilled, s.killed, true)
}

// reload puts the policy of the fact in force. What is held was asked about under the
// old one, and has to be asked for again.
func (s *Session) reload(f *Fact) {
	p, err := LoadSources(f.Policy)
	if err != nil {
		s.engineDeny("invalid-policy", CodeInvalid, "a policy that can't be loaded; the old one stays in force")
		return
	}
	if s.KeepPolicy {
		return
	}
	s.use(p)
	for _, h := range s.byAge() {
		s.endHeld(h, CodeRefused, "the policy changed while it waited for an approval; try again")
	}
}

// endHeld refuses a held message without an answer; the verdict stays that of the
// frame that ends it.
func (s *Session) endHeld(h *held, code, reason string) {
	v := s.event.Verdict
	s.drop(h)
	s.event.Verdict = Verdict{Rule: h.rule, Code: code, Reason: reason}
	if !h.retried {
		s.refuseHeld(h, h.subject.ID)
	}
	s.event.Verdict = v
}

// refusePending answers every request of the client that still waits, and takes back
// those that the server has, if it can still be told.
func (s *Session) refusePending(code, reason string, cancel bool) {
	for _, h := range s.byAge() {
		if h.subject.Dir == mcp.ToServer && h.kind == mcp.Request {
			h.kind = mcp.Notification // it is pending, and refused with the others
			s.drop(h)
			continue
		}
		s.endHeld(h, code, reason)
	}
	type waiting struct {
		id mcp.ID
		c  call
	}
	var list []waiting
	for k, c := range s.pending {
		if k.dir == mcp.ToServer {
			list = append(list, waiting{k.id, c})
		}
	}
	slices.SortFunc(list, func(a, b waiting) int { return a.c.seq - b.c.seq })
	for _, w := range list {
		s.refuse(mcp.ToClient, w.id, mcp.Refusal{Number: s.number(mcp.RefuseDenied), Message: "Rulewind: " + reason, Code: code, Reason: reason})
		if cancel && !w.c.held {
			s.cancel(pendingKey{mcp.ToServer, w.id}, code)
		}
	}
	clear(s.pending)
	s.waiting, s.due = [3]int{}, nil
}
