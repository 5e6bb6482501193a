package policy

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Supposition says how a condition comes out that depends on something which
// nobody saw.
type Supposition uint8

// The suppositions.
const (
	Known Supposition = iota // by what the session knows
	Holds
	Fails
)

func (x Supposition) of(held bool) bool {
	if x == Known {
		return held
	}
	return x == Holds
}

// What answers can move.
const (
	ofTools  = iota // tools/list: annotations, schemas, definitions
	ofEra           // initialize, server/discover: the protocol version
	ofMemory        // all: labels and values that rules on answers remember

	supposable
)

// Suppose makes conditions that the answer to the method could have moved come out
// so from now on. It is for a replay that guesses at an answer which no recording
// has; a live session knows all that it is asked about.
func (s *Session) Suppose(method string, x Supposition) {
	s.supposed[ofMemory] = x
	switch method {
	case mcp.MethodToolsList:
		s.supposed[ofTools] = x
	case mcp.MethodInitialize, mcp.MethodDiscover:
		s.supposed[ofEra] = x
	}
}

// Skip counts a frame that the session isn't given, so that the next one has the
// place that it has in the recording, by which facts and questions name calls.
func (s *Session) Skip() { s.seq++ }

// Imagine judges a frame that no recording has; it takes no place.
func (s *Session) Imagine(f mcp.Frame) *Event {
	e := s.Step(f)
	s.seq--
	return e
}

// movable reports whether an answer can make a condition on memory hold.
func (p *Policy) movable(c *stateCond) bool {
	for _, r := range p.byDir[mcp.ToClient] {
		for _, l := range c.labels(&p.recall) {
			if slices.Contains(r.labels, l) {
				return true
			}
		}
		if c.carries != nil && r.remember != nil && slices.Contains(c.carries.from, r.remember.index) {
			return true
		}
	}
	return false
}
