package replay

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// An exchange is a message of the recorded client with all that the server said to it:
// the notifications that belonged to it, what it asked of the client meanwhile, and
// the answer.
type exchange struct {
	step         string // of the client's message
	kind         mcp.MessageKind
	method, tool string
	asked        any // what tells this request from others of its method
	state        string
	id           mcp.ID
	token        string // its progress token as JSON

	said     []said
	answered bool
	stopped  string // why there is no answer to replay
	denied   string // the rule by which the policy kept it from the server
}

// A said is one message of the recorded server.
type said struct {
	kind mcp.MessageKind
	raw  []byte
	// progress is set if it carries the request's progress token, listened if the
	// request's id is its subscription (MCP 2026-07-28, subscriptions/listen).
	progress, listened bool
}

const (
	metaSubscription = "io.modelcontextprotocol/subscriptionId"
	methodListen     = "subscriptions/listen"
	methodInitiated  = "notifications/initialized"
	methodProgress   = "notifications/progress"
)

// A transcriber takes a case apart into exchanges.
type transcriber struct {
	withheld  bool
	dec       mcp.Decoder
	exchanges []*exchange
	open      []*exchange // requests without an answer so far, in order
	early     []said      // what the server said before the client said anything
	bySeq     map[int][]byte
	states    map[string]bool // the requestStates that the server gave out
}

// transcribe returns the exchanges of a case, in the order of the client's messages.
// Messages that the policy withheld from the client are left out unless wanted.
func transcribe(c *corpus.Case, withheld bool) *transcriber {
	t := &transcriber{withheld: withheld, bySeq: map[int][]byte{}, states: map[string]bool{}}
	for i := range c.Steps {
		st := &c.Steps[i]
		switch {
		case st.Frame.Kind == mcp.OversizeFrame && st.Frame.Dir == mcp.ToClient:
			t.oversize(st)
		case st.Frame.Kind != mcp.MessageFrame:
		default:
			m, err := t.dec.Decode(st.Frame.Raw)
			if err != nil {
				continue
			}
			if st.Frame.Dir == mcp.ToServer {
				t.client(st, m)
			} else {
				t.server(st, m)
			}
		}
	}
	for _, x := range t.open {
		if x.stopped == "" {
			x.stopped = "the recording ends without its answer"
		}
	}
	return t
}

// client takes in a message of the client.
func (t *transcriber) client(st *corpus.Step, m *mcp.Message) {
	if m.Kind.IsAnswer() {
		return
	}
	if m.Method == mcp.MethodCancelled {
		id := m.IDAt(m.Find(m.Params, "requestId"))
		if x := t.opened(func(x *exchange) bool { return x.id == id }); x != nil {
			x.stopped = "the client cancelled it before its answer came"
		}
		return
	}
	x := newExchange(st, m)
	t.exchanges = append(t.exchanges, x)
	x.said, t.early = append(x.said, t.early...), nil
	if m.Kind != mcp.Request {
		return
	}
	e := st.Recorded
	switch {
	case e == nil:
	case e.Cached != 0 && t.bySeq[e.Cached] != nil:
		x.said, x.answered = append(x.said, said{kind: mcp.Response, raw: t.bySeq[e.Cached]}), true
		return
	case e.Verdict.Action == policy.Deny:
		x.denied = e.Verdict.Rule
		x.stopped = "the policy denied it live (" + e.Verdict.Rule + "), so the server never answered"
		return
	case e.Verdict.Action == policy.Ask: // it may have been let through
		x.denied = e.Verdict.Rule
		x.stopped = "it waited live for an approval (" + e.Verdict.Rule + ") that did not come, so the server never answered"
	}
	t.open = append(t.open, x)
}

func newExchange(st *corpus.Step, m *mcp.Message) *exchange {
	call := m.Call()
	x := &exchange{
		step: st.ID, kind: m.Kind, method: strings.Clone(m.Method), tool: strings.Clone(call.Tool), id: mcp.ID(strings.Clone(string(m.ID))),
		state: strings.Clone(call.RequestState), asked: asked(m), token: rawAt(m, m.Find(m.Params, "_meta", "progressToken")),
	}
	return x
}

func rawAt(m *mcp.Message, n int) string {
	if n < 0 {
		return ""
	}
	return string(m.Raw[m.Nodes[n].Start:m.Nodes[n].End])
}

// beside are the members of params that don't tell what is asked for.
var beside = []string{"_meta", "inputResponses", "requestState", "task"}

// asked returns what a request asks for, in the form of parse: its params without
// what is said beside it. A handshake asks for the server, whoever asks.
func asked(m *mcp.Message) any {
	out := map[string]any{}
	if m.Params < 0 || m.Method == mcp.MethodInitialize {
		return out
	}
	params, ok := parse(m.Raw[m.Nodes[m.Params].Start:m.Nodes[m.Params].End]).(map[string]any)
	if !ok {
		return out
	}
	for name, v := range params {
		if !slices.Contains(beside, name) {
			out[name] = v
		}
	}
	if m.Method == mcp.MethodToolsCall || m.Method == mcp.MethodPromptsGet {
		if out["arguments"] == nil {
			out["arguments"] = map[string]any{} // having none is having no member
		}
	}
	return out
}

// server takes in a message of the server.
func (t *transcriber) server(st *corpus.Step, m *mcp.Message) {
	stopped := ""
	if e := st.Recorded; e != nil && (e.Verdict.Action == policy.Deny || e.Verdict.Action == policy.Ask) {
		stopped = e.Verdict.Rule
	}
	say := said{kind: m.Kind, raw: st.Frame.Raw}
	if m.Kind.IsAnswer() {
		t.answer(st, m, say, stopped)
		return
	}
	if stopped != "" && !t.withheld {
		return
	}
	x := t.belongs(m, &say)
	if x == nil {
		t.early = append(t.early, say)
		return
	}
	x.said = append(x.said, say)
}

func (t *transcriber) answer(st *corpus.Step, m *mcp.Message, say said, stopped string) {
	x := t.opened(func(x *exchange) bool { return x.id == m.ID })
	if x == nil {
		return
	}
	t.close(x)
	if state := m.Text(m.Find(m.Result, "requestState")); state != "" {
		t.states[strings.Clone(state)] = true
	}
	if stopped != "" && !t.withheld {
		x.stopped = fmt.Sprintf("the policy withheld its answer live (%s)", stopped)
		return
	}
	if st.Recorded != nil {
		t.bySeq[st.Recorded.Seq] = say.raw
	}
	x.said, x.answered = append(x.said, say), true
}

func (t *transcriber) oversize(st *corpus.Step) {
	id, isAnswer := mcp.OversizeID(st.Frame.Raw)
	if x := t.opened(func(x *exchange) bool { return isAnswer && x.id == id }); x != nil {
		t.close(x)
		x.stopped = fmt.Sprintf("its answer of %d bytes was above the size bound and is not in the recording", st.Frame.Size)
	}
}

// belongs returns the exchange that a request or notification of the server belongs
// to: by its token, by its subscription, else the last call that was not answered, else
// what the client said last.
func (t *transcriber) belongs(m *mcp.Message, say *said) *exchange {
	if token := rawAt(m, m.Find(m.Params, "progressToken")); token != "" && m.Method == methodProgress {
		if x := t.latest(func(x *exchange) bool { return x.token == token }); x != nil {
			say.progress = true
			return x
		}
	}
	if n := m.Find(m.Params, "_meta", metaSubscription); n >= 0 {
		id := m.IDAt(n)
		if x := t.latest(func(x *exchange) bool { return x.id == id && x.method == methodListen }); x != nil {
			say.listened = true
			return x
		}
	}
	if x := t.opened(func(x *exchange) bool { return x.method != methodListen }); x != nil {
		return x
	}
	return t.latest(func(*exchange) bool { return true })
}

// opened returns the last request without an answer that is wanted, or nil.
func (t *transcriber) opened(wanted func(*exchange) bool) *exchange { return last(t.open, wanted) }

func (t *transcriber) latest(wanted func(*exchange) bool) *exchange {
	return last(t.exchanges, wanted)
}

func last(list []*exchange, wanted func(*exchange) bool) *exchange {
	for _, x := range slices.Backward(list) {
		if wanted(x) {
			return x
		}
	}
	return nil
}

func (t *transcriber) close(x *exchange) {
	t.open = slices.DeleteFunc(t.open, func(o *exchange) bool { return o == x })
}
