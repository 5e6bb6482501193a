package mcp

// Kind says what a JSON value is.
type Kind uint8

// The kinds of JSON values (RFC 8259 section 3). The zero Kind is none of them.
const (
	NoKind Kind = iota
	Null
	False
	True
	Number
	String
	Array
	Object
)

// A Node is one JSON value of a Message, as spans into Message.Raw.
// Nodes stand in document order, so that a subtree is Nodes[i:Nodes[i].Next].
type Node struct {
	Kind Kind
	// Escaped is set on a String whose raw form holds a backslash, and
	// NameEscaped on a member whose name does.
	Escaped     bool
	NameEscaped bool
	// Depth is 0 for the top value.
	Depth uint16
	// Start and End bound the value in Raw; quotes, brackets and braces included.
	Start, End int32
	// NameStart and NameEnd bound the member's name in Raw, quotes included.
	// Both are 0 for array elements and the top value.
	NameStart, NameEnd int32
	// Parent is the index of the enclosing value, -1 for the top value.
	Parent int32
	// Next is the index after the last node of this subtree.
	Next int32
	// Index is the position among the siblings, from 0.
	Index int32
}

// MessageKind says which of the four forms of JSON-RPC 2.0 a message has.
type MessageKind uint8

// The forms of a message (JSON-RPC 2.0 sections 4 and 5; MCP "Base Protocol").
const (
	NoMessage MessageKind = iota
	Request
	Notification
	Response      // with "result"
	ErrorResponse // with "error"
)

// String returns "request", "notification", "response", "error" or "none".
func (k MessageKind) String() string {
	switch k {
	case Request:
		return "request"
	case Notification:
		return "notification"
	case Response:
		return "response"
	case ErrorResponse:
		return "error"
	}
	return "none"
}

// IsAnswer reports whether the message answers a request.
func (k MessageKind) IsAnswer() bool { return k == Response || k == ErrorResponse }

// An ID is a request id in its canonical JSON form: `"a"` and `1` differ, `"a"`
// and `"\u0061"` don't. The empty ID means that there is none. MCP allows
// strings and integers only.
type ID string

// A Message is one decoded JSON-RPC message: a table of spans into Raw.
// It is read-only and lives until its Decoder's next Decode.
type Message struct {
	Raw   []byte
	Nodes []Node

	Kind   MessageKind
	ID     ID
	IDNode int // index of the id's node, -1 if none
	Method string

	// Indexes of the members' nodes, -1 where absent.
	Params, Result, Error int

	texts   []byte // see tape
	escaped []spelt
	params  *level // the names that Params may have
}

// Limits bound what Decode accepts. The zero value means the defaults.
type Limits struct {
	// Depth is the deepest nesting accepted, in levels; 0 means 128.
	Depth int
	// Nodes is the largest number of JSON values accepted; 0 means 1,000,000.
	Nodes int
	// Name is the longest member name accepted, in bytes; 0 means 65,536.
	Name int
}

// A Reject says why a message has no single reading (law L6), and so is denied.
// It never quotes the message.
type Reject struct {
	// Code is one of the Reject… words.
	Code string
	// Offset is where in the message, in bytes.
	Offset int64
	// ID is the id to answer under, if the message has exactly one readable
	// top-level id; else empty.
	ID ID
	// IsAnswer is set if ID is and the message looks like an answer (no "method"
	// member), so that the peer awaiting ID can be told.
	IsAnswer bool
}

// The words for why Decode rejects a message.
const (
	RejectSyntax     = "syntax"           // not JSON at all (RFC 8259)
	RejectUTF8       = "invalid-utf8"     // invalid UTF-8 or a lone surrogate
	RejectDuplicate  = "duplicate-member" // two members with one name after unescaping
	RejectLookalike  = "lookalike-member" // a name that folds to a protocol member's, such as "METHOD"
	RejectTrailing   = "trailing-data"    // something after the value
	RejectBatch      = "batch"            // an array of messages
	RejectNotObject  = "not-an-object"    // a scalar
	RejectVersion    = "bad-version"      // "jsonrpc" isn't "2.0"
	RejectID         = "bad-id"           // neither a string nor an integer
	RejectShape      = "bad-shape"        // not one of the four forms, or params of a wrong kind
	RejectDepth      = "too-deep"
	RejectNodes      = "too-many-values"
	RejectNameLength = "name-too-long"
	// RejectLineBreak is for a carriage return between the values that no line
	// feed follows: readers that take it for the end of a line (Python's text
	// files, Node's readline) would find other messages inside this one.
	RejectLineBreak = "bare-carriage-return"
	RejectSize      = "too-large" // over 1 GiB, which no frame's bound should let through
)

func (r *Reject) Error() string { return "message rejected: " + r.Code }
