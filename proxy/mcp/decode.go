package mcp

import (
	"bytes"
	"strconv"
)

// The default limits, and the bound that spans of 32 bits set.
const (
	defaultDepth = 128
	defaultNodes = 1_000_000
	defaultName  = 65_536
	maxDepth     = 1<<16 - 1
	maxRaw       = 1 << 30
	// keepNodes is up to how large a table is kept for the next message although
	// it needs far less.
	keepNodes = 1 << 16
)

// A Decoder decodes messages, reusing its tables from one to the next.
// The zero value is ready; it must not be used by two goroutines at once.
type Decoder struct {
	Limits Limits

	tape tape
	msg  Message
}

// Decode reads one message strictly. The Message is valid until the next
// Decode, and refers to raw. A message without exactly one reading gives a
// *Reject.
//
// White space around the value is part of JSON and accepted, but not a carriage
// return alone (see RejectLineBreak); a byte order mark is none. Numbers other than the id are kept as they are written, of whatever
// size: comparing them is up to whoever reads them.
func (d *Decoder) Decode(raw []byte) (*Message, error) {
	if len(raw) > maxRaw {
		return nil, &Reject{Code: RejectSize, Offset: maxRaw}
	}
	d.reset(raw)
	code := d.tape.scan()
	at := d.tape.pos
	if code == "" {
		code, at = d.read()
	}
	if code != "" {
		return nil, newReject(raw, code, at)
	}
	return &d.msg, nil
}

// reset prepares the tables for raw, and lets those go that one huge message
// would otherwise leave behind for good.
func (d *Decoder) reset(raw []byte) {
	t := &d.tape
	if cap(t.nodes) > keepNodes && len(raw) < cap(t.nodes)/8 {
		t.nodes, t.keys, t.escaped = nil, nil, nil
	}
	if big := keepNodes * 16; (cap(t.texts) > big || cap(t.folds) > big) && len(raw) < big/8 {
		t.texts, t.folds = nil, nil
	}
	t.raw, t.pos, t.bareCR = raw, 0, 0
	t.nodes, t.open = t.nodes[:0], t.open[:0]
	t.texts, t.escaped = t.texts[:0], t.escaped[:0]
	t.maxDepth = min(orDefault(d.Limits.Depth, defaultDepth), maxDepth)
	t.maxNodes = orDefault(d.Limits.Nodes, defaultNodes)
	t.maxName = orDefault(d.Limits.Name, defaultName)
}

func orDefault(n, normal int) int {
	if n <= 0 {
		return normal
	}
	return n
}

// read makes the message of a finished tape, or returns why it isn't one, and
// where.
func (d *Decoder) read() (code string, at int) {
	t, m := &d.tape, &d.msg
	*m = Message{
		Raw: t.raw, Nodes: t.nodes, texts: t.texts, escaped: t.escaped,
		IDNode: -1, Params: -1, Result: -1, Error: -1,
	}
	switch t.nodes[0].Kind {
	case Object:
	case Array:
		return RejectBatch, int(t.nodes[0].Start)
	default:
		return RejectNotObject, int(t.nodes[0].Start)
	}
	if i := int(t.lookalike(0, topLevel)); i >= 0 {
		return RejectLookalike, int(t.nodes[i].NameStart)
	}
	code, node := m.form()
	if code == "" {
		if node = t.lookalikes(m); node >= 0 {
			return RejectLookalike, int(t.nodes[node].NameStart)
		}
		return "", 0
	}
	return code, int(t.nodes[node].Start)
}

// form fills in the message's members and checks that they make one of the four
// forms. It returns what is wrong with which node.
func (m *Message) form() (code string, node int) {
	version, method := -1, -1
	for i := 1; i < len(m.Nodes); i = int(m.Nodes[i].Next) {
		switch string(m.nameBytes(i)) {
		case "jsonrpc":
			version = i
		case "id":
			m.IDNode = i
		case "method":
			method = i
		case "params":
			m.Params = i
		case "result":
			m.Result = i
		case "error":
			m.Error = i
		}
	}
	if version < 0 || m.Nodes[version].Kind != String || string(m.textBytes(version)) != "2.0" {
		return RejectVersion, max(version, 0)
	}
	if code := m.readID(method >= 0); code != "" {
		return code, m.IDNode
	}
	if method >= 0 {
		return m.formCall(method)
	}
	return m.formAnswer()
}

// formCall checks a request or a notification.
func (m *Message) formCall(method int) (code string, node int) {
	name := m.textBytes(method)
	switch {
	case m.Nodes[method].Kind != String || len(name) == 0:
		return RejectShape, method
	case m.Result >= 0:
		return RejectShape, m.Result
	case m.Error >= 0:
		return RejectShape, m.Error
	case m.Params >= 0 && m.Nodes[m.Params].Kind != Object:
		return RejectShape, m.Params
	}
	if known, ok := methods[string(name)]; ok {
		m.Method, m.params = known.Name, known.params
	} else {
		m.Method, m.params = string(name), otherParams
	}
	m.Kind = Notification
	if m.IDNode >= 0 {
		m.Kind = Request
	}
	return "", 0
}

// formAnswer checks a response. MCP lets an error go without an id where the
// request's could not be read, and JSON-RPC writes that as null; a result always
// has one.
func (m *Message) formAnswer() (code string, node int) {
	switch {
	case m.Params >= 0:
		return RejectShape, m.Params
	case (m.Result >= 0) == (m.Error >= 0):
		return RejectShape, 0
	case m.Result >= 0:
		if m.ID == "" {
			return RejectShape, 0
		}
		m.Kind = Response
		return "", 0
	}
	number, text := m.Find(m.Error, "code"), m.Find(m.Error, "message")
	if number < 0 || m.Nodes[number].Kind != Number || !isInteger(m.raw(number)) {
		return RejectShape, m.Error
	}
	if text < 0 || m.Nodes[text].Kind != String {
		return RejectShape, m.Error
	}
	m.Kind = ErrorResponse
	return "", 0
}

// readID sets ID from IDNode. A null id is no id, and may stand only in an error.
func (m *Message) readID(hasMethod bool) (code string) {
	if m.IDNode < 0 {
		return ""
	}
	n := &m.Nodes[m.IDNode]
	switch n.Kind {
	case String:
		id := m.raw(m.IDNode)
		if n.Escaped {
			id = appendQuoted(nil, m.textBytes(m.IDNode))
		}
		if len(id) <= maxID {
			m.ID = ID(id)
			return ""
		}
	case Number:
		if id := m.raw(m.IDNode); isSafeInteger(id) {
			m.ID = ID(id)
			return ""
		}
	case Null:
		if !hasMethod && m.Error >= 0 {
			return ""
		}
	}
	return RejectID
}

// maxID bounds an id in bytes: ids are kept for as long as a request is pending.
const maxID = 4096

// isInteger reports whether a JSON number is written without fraction and
// exponent.
func isInteger(number []byte) bool { return !bytes.ContainsAny(number, ".eE") }

// isSafeInteger reports whether every parser reads a JSON number as the same
// integer and writes it the same way again: no fraction, no exponent, no -0, and
// within the 53 bits that RFC 7493 section 2.2 calls interoperable.
func isSafeInteger(number []byte) bool {
	if !isInteger(number) || string(number) == "-0" || len(number) > 17 {
		return false
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	return err == nil && n >= -(1<<53-1) && n <= 1<<53-1
}
