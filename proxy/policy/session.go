package policy

import "github.com/rulewind/rulewind/proxy/mcp"

// A Session judges the frames of one session in order. It must not be used by two
// goroutines at once; the Gate's lock sees to that.
type Session struct {
	// Trace makes Step fill Event.Trace: slower, same verdicts.
	Trace bool
}

// NewSession returns a session at its start, judged by p. The first frame should
// be a FactSession.
func NewSession(p *Policy) *Session { return &Session{} }

// Step judges one frame. The event and what it points to are valid until the next
// Step. Step never fails: what it can't understand it denies.
func (s *Session) Step(f mcp.Frame) *Event { panic("stub") }

// Same reports whether the frame with stored in place of its Raw would have got
// this event: same verdict, rules and findings. It is how the recorder learns
// whether a stand-in for a secret keeps the verdict. Valid until the next Step.
func (e *Event) Same(stored []byte) bool { panic("stub") }
