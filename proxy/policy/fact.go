package policy

import "encoding/json"

// A Fact is what a FactFrame's Raw holds as JSON: an outside event that can move
// a verdict, so that a replay sees it at the same place.
type Fact struct {
	// Name is one of the Fact… words.
	Name string `json:"fact"`

	// Of FactSession: the server's name, the transport ("stdio", "http"), the
	// variables ${HOME}, ${CWD} and ${PROJECT_DIR} resolved once, and the basis
	// that the session key was derived from.
	Server    string            `json:"server,omitempty"`
	Transport string            `json:"transport,omitempty"`
	Vars      map[string]string `json:"vars,omitempty"`
	Basis     string            `json:"basis,omitempty"`

	// Tools are the definitions of the server's tools as they were first seen, by
	// name: the digests of Event.Tools. Nil if the server was never seen.
	Tools map[string]string `json:"tools,omitempty"`

	// Of FactServerExit: why, in words for the client; pending requests are answered.
	Reason string `json:"reason,omitempty"`

	// Imported is set on facts that an importer made up.
	Imported bool `json:"imported,omitempty"`
}

// The facts.
const (
	// FactSession opens every session.
	FactSession = "session"
	// FactServerExit says that the server is gone: the engine refuses all that is
	// still pending and everything after it.
	FactServerExit = "server-exit"
)

// JSON returns the fact as the Raw of a frame. Equal facts give equal bytes.
func (f Fact) JSON() []byte {
	b, err := json.Marshal(f)
	if err != nil { // strings and maps of strings only
		panic(err)
	}
	return b
}
