package replay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Playback stands in for the server of a recorded session: it says to a client what
// that server said. It is a state machine without clock or I/O, for one goroutine.
//
// A request gets the answer of the recorded one that asked for the same: the same
// method, tool, and arguments in any order. If that was asked for several times, the
// answers come in their order, and the last again after that. Answers carry the
// request's own id. What the server said beside an answer comes as it came then: its
// notifications, under the request's progress token, and its own requests, whose
// answers are waited for.
type Playback struct {
	cfg     PlaybackConfig
	server  string
	threads map[string]*thread
	known   []*exchange // requests, in order
	waiting map[mcp.ID]*playing
	in, out mcp.Decoder
	serial  int
	modern  bool // the recording is of MCP 2026-07-28
	madeUp  []string
}

// PlaybackConfig says what a Playback does beyond what is recorded. The zero value
// does nothing.
type PlaybackConfig struct {
	// Nearest answers a request that was never recorded with the answer to the one most
	// like it: of the same method and tool.
	Nearest bool
	// Withheld replays also what the policy of the time kept from the client.
	Withheld bool
}

// A Playback's refusals: JSON-RPC's own for what the server of the recording doesn't
// have, and one outside the ranges that JSON-RPC and MCP reserve.
const (
	numberSyntax      = -32700
	numberNoMethod    = -32601
	numberNotRecorded = -31006
)

// A thread is the recorded exchanges that asked for the same.
type thread struct {
	list []*exchange // those with an answer, or the others if there is none
	next int
}

// playing is an exchange on its way to a client.
type playing struct {
	x     *exchange
	next  int
	id    mcp.ID
	token string
}

// NewPlayback returns a Playback of a session.
func NewPlayback(c *corpus.Case, cfg PlaybackConfig) *Playback {
	t := transcribe(c, cfg.Withheld)
	p := &Playback{cfg: cfg, server: c.Server, threads: map[string]*thread{}, waiting: map[mcp.ID]*playing{}}
	for _, x := range t.exchanges {
		if !t.states[x.state] {
			x.state = "" // given out by the proxy, whose question the client under test doesn't get
		}
		key := keyOf(x.method, x.asked, x.state)
		th := p.threads[key]
		if th == nil {
			th = &thread{}
			p.threads[key] = th
		}
		th.add(x)
		if x.kind == mcp.Request {
			p.known = append(p.known, x)
		}
	}
	p.modern = isModern(c)
	p.complete()
	return p
}

// add keeps exchanges without an answer only while there is none with one.
func (t *thread) add(x *exchange) {
	if len(t.list) > 0 && t.list[0].plays() && !x.plays() {
		return
	}
	if len(t.list) > 0 && !t.list[0].plays() && x.plays() {
		t.list = t.list[:0]
	}
	t.list = append(t.list, x)
}

// plays reports whether there is something to replay: an answer, or what follows a
// message that needs none.
func (x *exchange) plays() bool {
	return x.answered || x.kind != mcp.Request || x.method == methodListen && len(x.said) > 0
}

// take returns the next exchange.
func (t *thread) take() *exchange {
	x := t.list[min(t.next, len(t.list)-1)]
	t.next++
	return x
}

func keyOf(method string, asked any, state string) string {
	return method + "\x00" + state + "\x00" + canonical(asked)
}

// isModern reports whether the session is of the era without a handshake.
func isModern(c *corpus.Case) bool {
	var d mcp.Decoder
	for i := range c.Steps {
		if f := &c.Steps[i].Frame; f.Kind == mcp.MessageFrame && f.Dir == mcp.ToServer {
			if m, err := d.Decode(f.Raw); err == nil && m.Kind == mcp.Request {
				if v := m.Find(m.Params, "_meta", mcp.MetaProtocolVersion); v >= 0 && m.Method != mcp.MethodDiscover {
					return true
				}
			}
		}
	}
	return false
}

// A Reply is what a Playback does about one message.
type Reply struct {
	// Messages go to the client, in order, each without its line feed.
	Messages [][]byte
	// Notes tell in words what was not recorded. They name places, no values.
	Notes []string
}

// Receive takes a message of the client.
func (p *Playback) Receive(raw []byte) Reply {
	var r Reply
	m, err := p.in.Decode(raw)
	if err != nil {
		r.refuse(rejectedID(err), numberSyntax, "the message can't be read: "+err.Error(), nil)
		return r
	}
	switch {
	case m.Kind == mcp.Request:
		p.request(&r, m)
	case m.Kind.IsAnswer():
		if w := p.waiting[m.ID]; w != nil {
			delete(p.waiting, m.ID)
			p.play(&r, w)
		}
	case m.Method == mcp.MethodCancelled:
		p.cancel(m.IDAt(m.Find(m.Params, "requestId")))
	default:
		if t := p.threads[keyOf(m.Method, asked(m), "")]; t != nil {
			p.play(&r, &playing{x: t.take()})
		}
	}
	return r
}

func rejectedID(err error) mcp.ID {
	if reject, ok := err.(*mcp.Reject); ok && !reject.IsAnswer {
		return reject.ID
	}
	return ""
}

// cancel ends what waits for the client on behalf of a request that it gave up.
func (p *Playback) cancel(id mcp.ID) {
	for own, w := range p.waiting { // at most one
		if w.id == id {
			delete(p.waiting, own)
		}
	}
}

func (p *Playback) request(r *Reply, m *mcp.Message) {
	want := newExchange(&corpus.Step{}, m)
	t := p.threads[keyOf(want.method, want.asked, want.state)]
	if t == nil {
		if result := p.ownResult(want, m); result != "" {
			r.Messages = append(r.Messages, fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, result))
			return
		}
		p.miss(r, want)
		return
	}
	p.replay(r, t.take(), want)
}

// replay begins to play an exchange, or says why there is nothing to play.
func (p *Playback) replay(r *Reply, x, want *exchange) {
	if !x.plays() {
		r.stop(want, x)
		return
	}
	p.play(r, &playing{x: x, id: want.id, token: want.token})
}

// play says what is next, up to where the client has to answer first.
func (p *Playback) play(r *Reply, w *playing) {
	for w.next < len(w.x.said) {
		s := w.x.said[w.next]
		w.next++
		m, err := p.out.Decode(s.raw)
		switch {
		case err != nil: // it was read when the session was taken apart
		case s.kind == mcp.Request:
			id := p.freeID(m.ID)
			p.waiting[id] = w
			r.Messages = append(r.Messages, mcp.AppendWithID(nil, m, id))
			return
		case s.kind.IsAnswer():
			r.Messages = append(r.Messages, mcp.AppendWithID(nil, m, w.id))
		case s.progress && w.token == "": // nobody wants it
		case s.progress:
			r.Messages = append(r.Messages, with(m, m.Find(m.Params, "progressToken"), w.token))
		case s.listened:
			r.Messages = append(r.Messages, with(m, m.Find(m.Params, "_meta", metaSubscription), string(w.id)))
		default:
			r.Messages = append(r.Messages, slices.Clone(s.raw))
		}
	}
}

// with returns the message with another value at a node.
func with(m *mcp.Message, n int, value string) []byte {
	out := slices.Clone(m.Raw[:m.Nodes[n].Start])
	out = append(out, value...)
	return append(out, m.Raw[m.Nodes[n].End:]...)
}

// freeID returns the id under which a request was recorded, or another one while
// that is in use.
func (p *Playback) freeID(id mcp.ID) mcp.ID {
	for p.waiting[id] != nil {
		p.serial++
		id = mcp.ID(fmt.Sprintf(`"replayed-%d"`, p.serial))
	}
	return id
}

// A missData is error.data of a request that has no recorded answer.
type missData struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	// Step names the recorded request that is meant or nearest, Differs says in what.
	Step    string       `json:"step,omitempty"`
	Differs []Difference `json:"differs,omitempty"`
}

func (r *Reply) refuse(id mcp.ID, number int, text string, data *missData) {
	if id == "" {
		id = "null"
	}
	body := map[string]any{"code": number, "message": text}
	if data != nil {
		body["data"] = data
	}
	b, err := json.Marshal(body)
	if err != nil { // texts and numbers can be spelt
		panic(err)
	}
	r.Messages = append(r.Messages, fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"error":%s}`, id, b))
}

// stop says that a request was recorded, but no answer to it.
func (r *Reply) stop(want, x *exchange) {
	text := fmt.Sprintf("no recorded answer to %s: %s", want.name(), x.stopped)
	r.refuse(want.id, numberNotRecorded, text, &missData{Code: "NO_ANSWER", Reason: x.stopped, Step: x.step})
	r.Notes = append(r.Notes, text+" (step "+x.step+")")
}

// name says what a request is, for people.
func (x *exchange) name() string {
	return strings.TrimSpace(x.method + " " + x.tool)
}
