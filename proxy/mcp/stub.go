package mcp

// A Decoder decodes messages, reusing its tables from one to the next.
// The zero value is ready; it must not be used by two goroutines at once.
type Decoder struct {
	Limits Limits
}

// Decode reads one message strictly. The Message is valid until the next
// Decode. A message without exactly one reading gives a *Reject.
func (d *Decoder) Decode(raw []byte) (*Message, error) { panic("stub") }

// Text returns the decoded value of the String node i; Raw itself where it has
// no escapes (the result then shares memory with Raw and lives as long).
func (m *Message) Text(i int) string { panic("stub") }

// Name returns the decoded member name of node i, "" for array elements.
func (m *Message) Name(i int) string { panic("stub") }

// RawRange maps the byte range [start,end) of Text(i) (of Name(i) if inName) to
// the range in Raw that spells it, without the quotes.
func (m *Message) RawRange(i int, inName bool, start, end int) (int, int) { panic("stub") }

// Find returns the node at the member path below node i, or -1.
// Find(m.Params, "arguments", "path") is params.arguments.path.
func (m *Message) Find(i int, names ...string) int { panic("stub") }

// Pointer returns the RFC 6901 pointer of node i from the top of the message.
func (m *Message) Pointer(i int) string { panic("stub") }

// At returns the node at an RFC 6901 pointer, or -1.
func (m *Message) At(pointer string) int { panic("stub") }

// A Refusal is what a sender gets instead of an answer from the other side.
type Refusal struct {
	// Number is the JSON-RPC error code, outside the ranges that JSON-RPC and MCP
	// reserve: see the Refuse… constants.
	Number int
	// Message is for people; it never quotes the value that was the reason.
	Message string
	// Code, Rule and Reason become error.data; Code is a stable word such as
	// POLICY_DENIED.
	Code, Rule, Reason string
}

// JSON-RPC error codes of refusals. JSON-RPC 2.0 section 5.1 reserves -32768 to
// -32000, where the SDKs have their own.
const (
	RefuseDenied   = -31001 // denied by policy
	RefuseApproval = -31002 // approval needed or refused
	RefuseNoRoute  = -31004 // no such server
	RefuseTooLarge = -31005 // above the size bound
)

// AppendRefusal appends a JSON-RPC error response to dst. An empty id becomes null.
func AppendRefusal(dst []byte, id ID, r Refusal) []byte { panic("stub") }

// AppendToolError appends a tools/call result with isError true, whose text a
// model can read and adapt to, in place of an error response.
func AppendToolError(dst []byte, id ID, r Refusal) []byte { panic("stub") }
