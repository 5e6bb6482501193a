// Package mcp is the wire: it frames, strictly decodes and answers the JSON-RPC
// messages of the Model Context Protocol, in both protocol eras (2025-11-25 and
// before, and 2026-07-28).
//
// It guarantees one reading (law L6): what Decode accepts, every conforming JSON
// parser reads alike, so that what was judged is what the receiver will see. It
// keeps the bytes (law L5): a Message is a table of spans into Frame.Raw, and
// nothing in this package marshals a received message again.
//
// It does no I/O but through the readers and writers it is given, reads no clock
// and starts no goroutine.
package mcp

import "fmt"

// Dir says which way a message goes.
type Dir uint8

const (
	// NoDir is the direction of a fact, which no peer sent.
	NoDir Dir = iota
	// ToServer is the direction of what the client sends.
	ToServer
	// ToClient is the direction of what the server sends.
	ToClient
)

// String returns the word used in policies, recordings and reports:
// "to-server", "to-client", or "none".
func (d Dir) String() string {
	switch d {
	case ToServer:
		return "to-server"
	case ToClient:
		return "to-client"
	}
	return "none"
}

// Reverse returns the direction of an answer to a message going in d.
func (d Dir) Reverse() Dir {
	switch d {
	case ToServer:
		return ToClient
	case ToClient:
		return ToServer
	}
	return NoDir
}

// ParseDir reads the words that String writes, but not "none".
func ParseDir(s string) (Dir, bool) {
	switch s {
	case "to-server":
		return ToServer, true
	case "to-client":
		return ToClient, true
	}
	return NoDir, false
}

// MarshalText writes the word of the direction.
func (d Dir) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the words that String writes.
func (d *Dir) UnmarshalText(b []byte) error {
	*d = NoDir
	if string(b) == "none" {
		return nil
	}
	parsed, ok := ParseDir(string(b))
	if !ok {
		return fmt.Errorf("unknown direction %q; use to-server or to-client", b)
	}
	*d = parsed
	return nil
}

// FrameKind says what a frame carries.
type FrameKind uint8

const (
	// Invalid is the zero kind. The engine denies such a frame.
	Invalid FrameKind = iota
	// MessageFrame carries one message: a line without its terminator, or a body.
	MessageFrame
	// OversizeFrame stands for a message above the size bound: Raw holds its first
	// 4 KiB and its last KiB, Size its whole length. See OversizeID.
	OversizeFrame
	// FactFrame carries an outside fact that can move a verdict (law L3): the
	// start of the session with its variables, a policy reload, the end of the
	// server. Raw is a JSON object whose member "fact" names it.
	FactFrame
)

// String returns "message", "oversize", "fact" or "invalid".
func (k FrameKind) String() string {
	switch k {
	case MessageFrame:
		return "message"
	case OversizeFrame:
		return "oversize"
	case FactFrame:
		return "fact"
	}
	return "invalid"
}

// A Frame is one input of the engine: what came, when, and from which side.
// Feeding the same frames to a session under the same policy gives the same
// events; nothing else enters (laws L2 and L3).
type Frame struct {
	// At is the time of arrival in nanoseconds since the Unix epoch. Within a
	// session it never decreases: whoever makes frames sees to that.
	At   int64
	Dir  Dir
	Kind FrameKind
	// Raw holds the bytes as they came. The engine keeps no reference to them
	// after the event's consumer is done; the reader may then reuse them.
	Raw []byte
	// Size is the whole length in bytes of an OversizeFrame's message.
	Size int64
	// Pins are findings recorded when the message was judged, for a recording
	// whose stored bytes can't show them any more. If Pinned is set the engine
	// takes them instead of running the detectors on this frame.
	Pins   []Pin
	Pinned bool
}

// A Pin is one recorded finding: see Frame.Pins. Start and End are byte offsets
// into the decoded string at Pointer (RFC 6901), or into Raw if the message
// could not be decoded.
type Pin struct {
	Pointer  string `json:"at"`
	Detector string `json:"detector"`
	Kind     string `json:"kind"`
	View     string `json:"view,omitempty"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	// InName is set if the finding is in the name of the member, not its value.
	InName bool `json:"in_name,omitempty"`
	Score  int  `json:"score,omitempty"`
}
