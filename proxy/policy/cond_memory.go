package policy

import "time"

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
	return e.note(c.pos, c.text, held, "")
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
