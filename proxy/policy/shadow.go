package policy

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Shadow is what a policy says that judges without being in force, where its verdict
// is another. It sees what happens under the policy in force, as a replay of the
// recording would: an answer to a call that it would have stopped tells nothing new.
type Shadow struct {
	Action     Action      `json:"action"`
	Rule       string      `json:"rule"`
	Code       string      `json:"code,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Redactions []Redaction `json:"redactions,omitempty"`
}

// A cast is a session in the shadow of another.
type cast struct {
	*Session
	// stopped are the calls that left here only, held those of them that wait for an
	// approval, and extra those that only the shadow let pass; by Seq, until they are
	// over.
	stopped, held, extra map[int]bool
}

// castShadow begins to judge by the policy of the fact as well.
func (s *Session) castShadow(f *Fact) {
	p, err := LoadSources(f.Policy)
	if err != nil {
		s.engineDeny("invalid-policy", CodeInvalid, "a policy for the shadow that can't be loaded")
		return
	}
	if s.KeepPolicy { // a replay judges by candidates of its own
		return
	}
	s.shadow = &cast{NewSession(p), map[int]bool{}, map[int]bool{}, map[int]bool{}}
	s.shadow.KeepPolicy, s.shadow.Light = true, Light{NoSecrets: true, NoDigest: true, Beside: s}
	s.LookFor(p)
	if s.opening != nil {
		s.shadow.Step(mcp.Frame{At: s.now.at, Kind: mcp.FactFrame, Raw: s.opening})
	}
	s.shadow.seq = s.event.Seq // facts name calls by their places
}

// shadowed is what the shadow says to the frame, nil if it says the same, or if what
// it says follows from what it said to a call before.
func (s *Session) shadowed(f mcp.Frame) *Shadow {
	c, own := s.shadow, &s.event
	if own.Held != 0 && !stops(own.Verdict.Action) {
		delete(c.extra, own.Held) // it passes after all
	}
	if c.misses(own) {
		c.seq++
		return nil
	}
	if s.now.reading != nil && !f.Pinned && s.Covers(c.policy, f.Dir) {
		f.Pins, f.Pinned = own.Pins(), true // found already
	}
	e := c.Step(f)
	c.notice(own, e)
	v := &e.Verdict
	same := v.Action == own.Verdict.Action && v.Rule == own.Verdict.Rule && slices.Equal(v.Redactions, own.Verdict.Redactions)
	if same || f.Kind == mcp.FactFrame || e.Held != own.Held || c.follows(e) {
		return nil
	}
	return &Shadow{v.Action, v.Rule, v.Code, v.Reason, slices.Clone(v.Redactions)}
}

func stops(a Action) bool { return a == Deny || a == Ask }

// misses reports whether a frame follows from a call that the shadow stopped: its
// answer, or what ends its waiting for an approval.
func (c *cast) misses(own *Event) bool {
	if own.Held != 0 {
		return !c.held[own.Held]
	}
	at := own.Subject.Call
	if at < 0 || !c.stopped[at] {
		return false
	}
	delete(c.stopped, at)
	return true
}

// notice keeps track of what became of a call.
func (c *cast) notice(own, e *Event) {
	switch {
	case e.Held != 0:
		delete(c.held, e.Held)
		if !stops(e.Verdict.Action) {
			delete(c.stopped, e.Held)
		}
	case e.Subject.Kind != "request":
	case stops(e.Verdict.Action) || e.Cached != 0 && own.Cached == 0:
		if !stops(own.Verdict.Action) || own.Hold != nil {
			c.stopped[own.Seq] = true
		}
		if e.Hold != nil {
			c.held[own.Seq] = true
		}
	case stops(own.Verdict.Action) || own.Cached != 0 && e.Cached == 0:
		if len(c.extra) < maxExtra {
			c.extra[own.Seq] = true
		}
	}
}

// maxExtra bounds the calls that are known to have passed in the shadow only: those
// are never over.
const maxExtra = 100_000

// follows reports whether an event is about a call that only the shadow let pass: its
// answer, or a later request under its id.
func (c *cast) follows(e *Event) bool {
	return len(c.extra) > 0 && (e.Subject.Call >= 0 && c.extra[e.Subject.Call] || e.Verdict.Code == CodeDuplicateID)
}
