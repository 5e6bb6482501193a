package replay

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A world is a candidate's session, and what became of the calls in it. Frames have
// the places that they have in the case.
type world struct {
	course  course
	session *policy.Session
	event   *policy.Event // of the step at hand; nil if it isn't in this world

	skipped map[int]bool // the steps that the session wasn't given
	stopped map[int]bool // the calls that didn't leave
	extra   map[int]bool // those that left here only
	held    map[int]bool // those that wait for an approval
	guesses []guess
	asks    approvals
}

func newWorld(p *policy.Policy, light policy.Light, a Approvals) *world {
	w := &world{session: candidate(p), asks: approvals(a)}
	w.session.Light = light
	return w
}

// judge gives a step to the session, unless it would not have been.
func (w *world) judge(i int, b *policy.Event, f mcp.Frame) {
	w.event = nil
	if b != nil && b.Held != 0 && !stops(b.Verdict.Action) {
		delete(w.extra, b.Held) // the baseline has let it pass after all
	}
	if w.misses(b) {
		set(&w.skipped, i)
		set(&w.stopped, i)
		w.session.Skip()
		return
	}
	w.event = step(w.session, w.asks.frame(f))
	w.notice(i, b)
}

// misses reports whether a step follows from a call that did not leave here: its
// answer, or what ends its waiting for an approval.
func (w *world) misses(b *policy.Event) bool {
	switch {
	case b == nil:
		return false
	case b.Held != 0:
		return !w.held[b.Held]
	}
	return b.Subject.Call >= 0 && w.stopped[b.Subject.Call]
}

// notice keeps track of what became of a call.
func (w *world) notice(i int, b *policy.Event) {
	e := w.event
	switch {
	case e.Held != 0:
		w.end(e)
	case e.Subject.Kind != "request":
	case stops(e.Verdict.Action):
		set(&w.stopped, i)
		if e.Hold != nil {
			set(&w.held, i)
		}
	case e.Cached != 0 && (b == nil || b.Cached == 0): // its recorded answer never was
		set(&w.stopped, i)
	case b != nil && (stops(b.Verdict.Action) || b.Cached != 0 && e.Cached == 0):
		set(&w.extra, i)
	}
}

// end takes in an event that ends the waiting of a call.
func (w *world) end(e *policy.Event) {
	delete(w.held, e.Held)
	if !stops(e.Verdict.Action) {
		delete(w.stopped, e.Held)
	}
}

// follows reports whether the event is about a call that only the candidate let
// pass: its answer, or a later request under its id.
func (w *world) follows(e *policy.Event) bool {
	return len(w.extra) > 0 && (e.Subject.Call >= 0 && w.extra[e.Subject.Call] || e.Verdict.Code == policy.CodeDuplicateID)
}

func set(m *map[int]bool, i int) {
	if *m == nil {
		*m = map[int]bool{}
	}
	(*m)[i] = true
}

// A guess is a frame that nobody saw, after a step, with what is supposed of the
// answer to the method.
type guess struct {
	step     int
	frame    mcp.Frame
	method   string
	supposed policy.Supposition
}

func (g *guess) give(s *policy.Session) *policy.Event {
	e := s.Imagine(g.frame)
	if g.method != "" {
		s.Suppose(g.method, g.supposed)
	}
	return e
}

// imagine gives the session a frame that nobody saw.
func (w *world) imagine(g guess) *policy.Event {
	w.guesses = append(w.guesses, g)
	return g.give(w.session)
}

// as returns the same world over again up to a step, to take another course.
func (w *world) as(k course, p *policy.Policy, c *corpus.Case, i int) *world {
	out := newWorld(p, w.session.Light, Approvals(w.asks))
	out.course, out.guesses, out.skipped = k, slices.Clone(w.guesses), maps.Clone(w.skipped)
	out.stopped, out.extra, out.held = maps.Clone(w.stopped), maps.Clone(w.extra), maps.Clone(w.held)
	w.again(out.session, c, i, func(int) {}, func(_ int, e *policy.Event) { out.event = e })
	return out
}

// again gives another session what this one was given, up to a step. before is called
// ahead of every step, after behind those that aren't skipped.
func (w *world) again(s *policy.Session, c *corpus.Case, last int, before func(i int), after func(i int, e *policy.Event)) {
	next := 0
	for i := 0; i <= last; i++ {
		before(i)
		if w.skipped[i] {
			s.Skip()
		} else {
			after(i, step(s, w.asks.frame(c.Steps[i].Frame)))
		}
		for ; next < len(w.guesses) && w.guesses[next].step == i; next++ {
			w.guesses[next].give(s)
		}
	}
}

// approvals is what is supposed of approvals, as a session is told of it.
type approvals Approvals

// frame returns a frame as a session gets it that has somebody to ask.
func (a approvals) frame(f mcp.Frame) mcp.Frame {
	if Approvals(a) == RecordedApprovals || f.Kind != mcp.FactFrame {
		return f
	}
	var fact policy.Fact
	if json.Unmarshal(f.Raw, &fact) == nil && fact.Name == policy.FactSession {
		fact.Channels = policy.AskChannels
		f.Raw = fact.JSON()
	}
	return f
}
