package policy

import (
	"unsafe"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Light leaves out what a replay doesn't need, which judges each frame several times
// over. The verdicts are the same.
type Light struct {
	// NoSecrets leaves Event.Secrets out, and what only finding them needs.
	NoSecrets bool
	// NoDigest leaves Event.Digest out.
	NoDigest bool
	// Memo, if set, remembers findings across the sessions of one goroutine.
	Memo *Memo
	// Beside is a session that has just judged the same frame: its reading of the
	// JSON is taken.
	Beside *Session
}

// decode reads a message, or takes the reading of the session beside.
func (s *Session) decode(raw []byte) (*mcp.Message, error) {
	if o := s.Light.Beside; o != nil && o.now.reading == &o.main && o.main.dec.Limits == s.main.dec.Limits && sameBytes(o.main.m.Raw, raw) {
		return o.main.m, nil
	}
	return s.main.dec.Decode(raw)
}

// sameBytes reports whether two slices are the same memory.
func sameBytes(a, b []byte) bool {
	return len(a) == len(b) && unsafe.SliceData(a) == unsafe.SliceData(b)
}

// LookFor makes the session find what the policy's rules ask for as well, so that
// Event.Pins can stand in for detection in a session under it.
func (s *Session) LookFor(p *Policy) {
	for d := range s.also {
		s.also[d] |= p.families[d]
	}
}

// families are what detection looks for.
func (s *Session) families(d mcp.Dir) detect.Set {
	want := s.policy.families[d] | s.also[d]
	if !s.Light.NoSecrets {
		want |= detect.Secrets
	}
	return want
}

// Covers reports whether the findings of a message in that direction hold all that
// p's rules ask for: then Event.Pins can stand in for detection in a session under p
// (mcp.Frame.Pins).
func (s *Session) Covers(p *Policy, d mcp.Dir) bool { return p.families[d]&^s.families(d) == 0 }

// FindSecrets returns what Event.Secrets would be for the frame of the event, where
// the session left them out. Valid until the next Step.
func (e *Event) FindSecrets(f mcp.Frame) []SecretSpan {
	s := e.session
	if s == nil || !s.Light.NoSecrets {
		return e.Secrets
	}
	if s.now.reading == nil {
		return rawSecrets(nil, f.Raw)
	}
	if f.Pinned {
		return s.main.secrets(nil)
	}
	m := s.main.m
	s.spare.load(m, detect.Secrets, s.place(m, f.Dir), s.now.subject.Tool)
	s.spare.scanAll()
	return s.spare.secrets(nil)
}
