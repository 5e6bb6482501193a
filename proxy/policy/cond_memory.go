package policy

import (
	"fmt"
	"strings"
	"time"
)

// A stateCond asks something of the session's memory. Exactly one of its parts is
// set.
type stateCond struct {
	key  string // of the YAML
	pos  string
	text string // in words; equal for equal conditions
	slot int    // in moment.outcomes

	after    []afterEntry
	sequence *sequenceCond
	class    *classCond
	carries  *carriesCond
}

type sequenceCond struct {
	index  int
	within time.Duration
}

// state evaluates a condition on memory. What it said when the message was judged
// stands when Same asks again: the message may have changed the memory since.
func (e *eval) state(c *stateCond) bool {
	s := e.s
	var held bool
	switch known := s.outcomes[c.slot]; {
	case known != 0:
		held = known == 2
	case e.again:
		s.now.unsure = true
	default:
		held = s.holds(c, e) || s.supposed[ofMemory] == Holds && s.policy.movable(c)
		s.outcomes[c.slot] = 1
		if held {
			s.outcomes[c.slot] = 2
		}
	}
	why := ""
	if e.trace != nil {
		why = s.recalled(c)
	}
	return e.note(c.pos, c.text, held, why)
}

// recalled says what the session remembers of what a condition asks for.
func (s *Session) recalled(c *stateCond) string {
	var parts []string
	for _, a := range c.after {
		n := s.memory.seen[a.watch].count(a.scope.who(s.client, s.server), a.since(s.now.at))
		switch {
		case n == 0:
			parts = append(parts, a.label+" wasn't set")
		case n >= s.policy.recall.watches[a.watch].depth && n > 1:
			parts = append(parts, fmt.Sprintf("%s was set %d times or more", a.label, n))
		default:
			parts = append(parts, a.label+" was set "+plural(n, "time"))
		}
	}
	if c.sequence != nil {
		chain, labels := s.memory.chains[c.sequence.index], s.policy.recall.sequences[c.sequence.index].labels
		n := 0
		for n < len(chain) && chain[n] != never64 {
			n++
		}
		parts = append(parts, fmt.Sprintf("the session has come through %d of its %d labels", n, len(labels)))
	}
	if c.class != nil && c.class.cross {
		called := "no tool of a class was"
		if names := s.policy.recall.classNames(s.memory.touched); names != "" {
			called = "tools of " + names + " were"
		}
		parts = append(parts, called+" called before")
	}
	if c.carries != nil {
		n := 0
		for _, i := range c.carries.from {
			n += len(s.memory.prints[i].ring)
		}
		if n == 0 {
			parts = append(parts, "nothing is remembered")
		}
	}
	return strings.Join(parts, ", ")
}

func (s *Session) holds(c *stateCond, e *eval) bool {
	switch {
	case c.after != nil:
		return s.holdsAfter(c.after)
	case c.sequence != nil:
		return s.holdsSequence(c.sequence.index, c.sequence.within)
	case c.class != nil:
		return s.holdsClass(c.class)
	case c.carries != nil:
		return s.carries(c.carries, e.m, e.surely)
	}
	return false
}

// crosses reports whether c asks for a crossing of classes, outside of a not.
func (c *cond) crosses() bool {
	for i := range c.memory {
		if k := c.memory[i].class; k != nil && k.cross {
			return true
		}
	}
	for _, list := range [][]*cond{c.all, c.any} {
		for _, sub := range list {
			if sub.crosses() {
				return true
			}
		}
	}
	return false
}
