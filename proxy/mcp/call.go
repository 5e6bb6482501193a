package mcp

// A Call is what a message asks or tells in the protocol's terms, whichever era
// it is of. Its strings live as long as the Message.
type Call struct {
	// Method is empty for answers.
	Method string
	// Tool is the tool that tools/call names.
	Tool string
	// Name is the prompt that prompts/get or completion/complete names.
	Name string
	// URI is the resource that a resources method or completion/complete names.
	URI string
	// Arguments is the node of the call's arguments, -1 if it has none.
	Arguments int

	// ProtocolVersion is the version asked for or agreed on: from _meta
	// (2026-07-28) or from initialize and its result (before).
	ProtocolVersion string
	// ClientName and ClientVersion are what the client says that it is, from
	// the same places.
	ClientName, ClientVersion string

	// IsRetry is set on a request that carries on a multi-round-trip call: it has
	// inputResponses or requestState (2026-07-28).
	IsRetry bool
	// RequestState is the state that such a request hands back.
	RequestState string
	// TellsCapabilities is set on a request in which the client says what it can do
	// (initialize, or _meta in 2026-07-28), and Elicits if it can show its user a form.
	TellsCapabilities, Elicits bool
	// ResultType is a result's, such as ResultInputRequired; "" before 2026-07-28.
	ResultType string
}

// The resultTypes of 2026-07-28.
const (
	ResultComplete      = "complete"
	ResultInputRequired = "input_required"
	ResultTask          = "task"
)

// The names in _meta that 2026-07-28 has in place of a handshake.
const (
	MetaProtocolVersion = metaPrefix + "protocolVersion"
	MetaClientInfo      = metaPrefix + "clientInfo"
	MetaCapabilities    = metaPrefix + "clientCapabilities"
)

// Call returns the message's Call. A member of an unexpected kind counts as
// absent.
func (m *Message) Call() Call {
	c := Call{Method: m.Method, Arguments: -1}
	if m.Result >= 0 {
		c.ResultType = m.Text(m.Find(m.Result, "resultType"))
		c.ProtocolVersion = m.Text(m.Find(m.Result, "protocolVersion"))
		return c
	}
	if m.Params < 0 {
		return c
	}
	name, uri := -1, -1
	info := -1
	for i, end := m.Params+1, int(m.Nodes[m.Params].Next); i < end; i = int(m.Nodes[i].Next) {
		switch string(m.nameBytes(i)) {
		case "name":
			name = i
		case "uri":
			uri = i
		case "arguments":
			c.Arguments = i
		case "inputResponses":
			c.IsRetry = true
		case "requestState":
			c.IsRetry = true
			c.RequestState = m.Text(i)
		case "capabilities":
			if m.Method == MethodInitialize {
				c.TellsCapabilities, c.Elicits = true, m.elicits(i)
			}
		case "ref":
			name, uri = m.Find(i, "name"), m.Find(i, "uri")
		case "protocolVersion":
			if m.Method == MethodInitialize {
				c.ProtocolVersion = m.Text(i)
			}
		case "clientInfo":
			if m.Method == MethodInitialize {
				info = i
			}
		case "_meta":
			if v := m.Find(i, MetaProtocolVersion); v >= 0 {
				c.ProtocolVersion = m.Text(v)
			}
			if v := m.Find(i, MetaClientInfo); v >= 0 {
				info = v
			}
			if v := m.Find(i, MetaCapabilities); v >= 0 {
				c.TellsCapabilities, c.Elicits = true, m.elicits(v)
			}
		}
	}
	if m.Method == MethodToolsCall {
		c.Tool = m.Text(name)
	} else {
		c.Name = m.Text(name)
	}
	c.URI = m.Text(uri)
	c.ClientName, c.ClientVersion = m.Text(m.Find(info, "name")), m.Text(m.Find(info, "version"))
	return c
}

// elicits reports whether a client's capabilities include forms (MCP "Elicitation"):
// an empty object means forms alone, as before there was another mode.
func (m *Message) elicits(capabilities int) bool {
	e := m.Find(capabilities, "elicitation")
	if e < 0 || m.Nodes[e].Kind != Object {
		return false
	}
	return int(m.Nodes[e].Next) == e+1 || m.Find(e, "form") >= 0
}
