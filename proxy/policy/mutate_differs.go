package policy

import (
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// Differs reports whether the mutant judges the message of an event otherwise than
// the policy that it comes from did, given that it judged those before alike. It may
// say yes for want of knowing, never no. The event has to be its session's last.
//
// Where only a rule's conditions are changed it asks them alone, of the session as it
// is: nearly always they come out as before, and then all else does.
func (m *Mutant) Differs(e *Event) bool {
	if strings.HasPrefix(e.Verdict.Rule, "engine:") || !m.Matters(e) {
		return false // no rule was asked, or not this one
	}
	s := e.session
	if m.changed == nil || s == nil || s.now.reading == nil {
		return true
	}
	r := m.changed
	if r.limit != nil || r.cache > 0 || r.cond.stateful() || learns(e) {
		return true // what it asks may be another state by now
	}
	s.eval = eval{s: s, m: s.now.reading.m, hits: s.eval.hits[:0], surely: r.Action == Allow}
	held := s.eval.cond(r.cond)
	if held && (r.Action == Redact || r.remember != nil) {
		return true // perhaps by something else
	}
	return held != slices.Contains(e.Verdict.Matched, r.ID)
}

// learns reports whether the event changed what conditions on tools ask about.
func learns(e *Event) bool {
	return e.Subject.Method == mcp.MethodToolsList && e.Subject.Kind == "response"
}

// stateful reports whether a condition asks about what the session remembers.
func (c *cond) stateful() bool {
	if len(c.memory) > 0 || c.not != nil && c.not.stateful() {
		return true
	}
	return slices.ContainsFunc(c.all, (*cond).stateful) || slices.ContainsFunc(c.any, (*cond).stateful)
}

// Peek returns what the mutant says to the message of an event, given that it judged
// those before as the policy that it comes from did, and whether the session goes on
// alike after it. sure is false where that takes judging all from the start. The
// event has to be its session's last.
func (m *Mutant) Peek(e *Event) (v Verdict, alike, sure bool) {
	s := e.session
	if s == nil || s.now.reading == nil || s.policy != m.before || m.before.limits > 0 || m.before.caches || m.before.recall.remembers() {
		return v, false, false
	}
	s.policy = m.Policy
	v, _, _ = s.walk(&s.main, s.now.reading.m, e.Subject.Dir, false)
	s.policy = m.before
	if v.Action == Redact || e.Verdict.Action == Redact {
		return v, false, v.Action != Redact // which bytes it would replace is another matter
	}
	return v, v.Action == e.Verdict.Action && v.Action != Ask, true
}

// Near reports whether the conditions of the mutant's rule hold for the message of an
// event, whatever decided it and however near its limit is. The event has to be its
// session's last.
func (m *Mutant) Near(e *Event) bool {
	s, r := e.session, m.before.Rule(m.Rule)
	if r == nil || s == nil || s.now.reading == nil || strings.HasPrefix(e.Verdict.Rule, "engine:") {
		return false
	}
	s.eval = eval{s: s, m: s.now.reading.m, hits: s.eval.hits[:0], surely: r.Action == Allow}
	return s.eval.cond(r.cond)
}
