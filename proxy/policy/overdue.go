package policy

import (
	"cmp"
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A due call is refused at a time, unless it was answered before.
type due struct {
	key pendingKey
	seq int
	at  int64
}

// await notes that a request was forwarded, and its answer is awaited.
func (s *Session) await(key pendingKey, c call) {
	s.pending[key] = c
	s.waiting[key.dir]++
	if key.dir != mcp.ToServer {
		return // who asks the client has a timeout of his own
	}
	if len(s.due) > 2*len(s.pending)+64 {
		s.due = slices.DeleteFunc(s.due, func(d due) bool { return !s.open(d) })
	}
	s.due = append(s.due, due{key, c.seq, s.now.at + int64(s.policy.bounds.timeout)})
	if n := len(s.due); n > 1 && s.due[n-2].at > s.due[n-1].at { // another policy has a shorter timeout
		slices.SortStableFunc(s.due, func(a, b due) int { return cmp.Compare(a.at, b.at) })
	}
}

func (s *Session) open(d due) bool {
	c, ok := s.pending[d.key]
	return ok && c.seq == d.seq && !c.held
}

// Deadline returns the frame time at which something is overdue, 0 if nothing will
// be: a FactClock at or after it ends what is.
func (s *Session) Deadline() int64 {
	for len(s.due) > 0 && !s.open(s.due[0]) {
		s.due = s.due[1:]
	}
	at := int64(0)
	if len(s.due) > 0 {
		at = s.due[0].at
	}
	for _, h := range s.held {
		if at == 0 || h.until < at {
			at = h.until
		}
	}
	return at
}

// maxLate bounds the calls whose answers are known to be late.
const maxLate = 1000

// expire refuses what is overdue.
func (s *Session) expire() {
	s.event.Verdict = Verdict{Action: Allow, Rule: "engine:fact"}
	for _, h := range s.byAge() {
		if h.until > s.now.at {
			continue
		}
		if h.decided == approved {
			s.drop(h) // its client never came back for it
			continue
		}
		s.ended("nobody answered in time")
		s.event.Held = h.seq
		s.drop(h)
		if !h.retried {
			s.refuseHeld(h, h.subject.ID)
		}
	}
	for s.Deadline() != 0 && len(s.due) > 0 && s.due[0].at <= s.now.at {
		d := s.due[0]
		s.ended("the server didn't answer in time")
		s.forget(d.key)
		s.late = append(s.late, d.key)
		s.late = s.late[max(0, len(s.late)-maxLate):]
		s.refuse(mcp.ToClient, d.key.id, s.refusal(mcp.RefuseDenied))
		s.cancel(d.key, "timeout")
	}
}

// ended is the verdict on a clock that ends something.
func (s *Session) ended(reason string) {
	s.event.Verdict = Verdict{Action: Deny, Rule: "engine:timeout", Code: CodeTimeout, Reason: reason, Severity: "medium"}
}

// cancel tells the receiver of a request that nobody awaits its answer any more.
func (s *Session) cancel(key pendingKey, reason string) {
	s.send(Output{To: key.dir, Bytes: mcp.AppendCancelled(nil, key.id, reason), Kind: mcp.Notification})
}

// isLate reports whether a request with the key was refused for taking too long. An
// answer to it is dropped, and its id isn't used again: the late answer would be
// taken for that of the new request.
func (s *Session) isLate(key pendingKey) bool { return slices.Contains(s.late, key) }
