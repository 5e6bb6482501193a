package main

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/replay"
)

// An againstClient is the recorded client, again: it sends its messages one by one, and
// answers what the server asks as it did then.
type againstClient struct {
	out     io.Writer
	timeout time.Duration
	answers chan arrived      // of the server, in order
	replies []recordedReply   // of the client, in order
	states  map[string]string // today's requestStates by those of then
	done    chan struct{}     // closed when the server has said all
}

// A recordedReply is an answer of the client to a request of the server.
type recordedReply struct {
	method string
	params string
	result string // "result":… or "error":…
}

// arrived is one message of the server, in copies.
type arrived struct {
	kind                  mcp.MessageKind
	id                    mcp.ID
	method, params, state string
}

func newAgainstClient(c *corpus.Case, in io.Reader, out io.Writer, timeout time.Duration) *againstClient {
	a := &againstClient{out: out, timeout: timeout, answers: make(chan arrived, 64), done: make(chan struct{}),
		replies: recordedReplies(c), states: map[string]string{}}
	go func() {
		defer close(a.done)
		defer close(a.answers)
		r := mcp.NewReader(in, maxMessage)
		var d mcp.Decoder
		for {
			line, err := r.Next()
			if err != nil {
				return
			}
			if line.Oversize {
				if id, isAnswer := mcp.OversizeID(line.Raw); isAnswer {
					a.answers <- arrived{kind: mcp.Response, id: id}
				}
				continue
			}
			if m, err := d.Decode(line.Raw); err == nil && m.Kind != mcp.Notification {
				a.answers <- arrived{m.Kind, mcp.ID(strings.Clone(string(m.ID))), strings.Clone(m.Method), nodeText(m, m.Params), strings.Clone(m.Text(m.Find(m.Result, "requestState")))}
			}
		}
	}()
	return a
}

func nodeText(m *mcp.Message, n int) string {
	if n < 0 {
		return ""
	}
	return string(m.Raw[m.Nodes[n].Start:m.Nodes[n].End])
}

// recordedReplies are what the client has answered to the server's requests.
func recordedReplies(c *corpus.Case) (out []recordedReply) {
	var d mcp.Decoder
	open := map[mcp.ID]recordedReply{}
	for i := range c.Steps {
		f := &c.Steps[i].Frame
		if f.Kind != mcp.MessageFrame {
			continue
		}
		m, err := d.Decode(f.Raw)
		if err != nil {
			continue
		}
		id := mcp.ID(strings.Clone(string(m.ID)))
		switch {
		case f.Dir == mcp.ToClient && m.Kind == mcp.Request:
			open[id] = recordedReply{method: strings.Clone(m.Method), params: nodeText(m, m.Params)}
		case f.Dir == mcp.ToServer && m.Kind.IsAnswer():
			r, asked := open[id]
			if !asked {
				continue
			}
			delete(open, id)
			r.result = `"result":` + nodeText(m, m.Result)
			if m.Kind == mcp.ErrorResponse {
				r.result = `"error":` + nodeText(m, m.Error)
			}
			out = append(out, r)
		}
	}
	return out
}

// send sends the messages; each request is answered, or given up, before the next. It
// ends early if the server is gone.
func (a *againstClient) send(list []replay.Outgoing) {
	for _, m := range list {
		raw := m.Raw
		if now, known := a.states[m.State]; known && m.State != "" {
			raw = replay.WithState(raw, now)
		}
		if !a.write(raw) {
			return
		}
		if m.Request && !a.await(m) {
			return
		}
	}
}

func (a *againstClient) write(raw []byte) bool {
	_, err := a.out.Write(append(slices.Clone(raw), '\n'))
	return err == nil
}

// await waits for the answer to a request, and reports whether the server is there.
func (a *againstClient) await(m replay.Outgoing) bool {
	late := time.NewTimer(a.timeout)
	defer late.Stop()
	for {
		select {
		case x, ok := <-a.answers:
			switch {
			case !ok:
				return false
			case x.kind == mcp.Request:
				if !a.write(a.reply(x)) {
					return false
				}
			case x.id == m.ID:
				if m.Gives != "" && x.state != "" {
					a.states[m.Gives] = x.state
				}
				return true
			}
		case <-late.C:
			return a.write(mcp.AppendCancelled(nil, m.ID, "no answer in time"))
		}
	}
}

// reply answers a request of the server as the client did when it was asked for the
// same, or else for the same kind of thing. A question to the user is never answered by
// another one's answer.
func (a *againstClient) reply(x arrived) []byte {
	at := slices.IndexFunc(a.replies, func(r recordedReply) bool { return r.method == x.method && sameText(r.params, x.params) })
	if at < 0 && x.method != mcp.MethodElicit {
		at = slices.IndexFunc(a.replies, func(r recordedReply) bool { return r.method == x.method })
	}
	body := `"error":{"code":-32601,"message":"the recorded client was not asked this"}`
	switch {
	case at >= 0:
		body = a.replies[at].result
		a.replies = slices.Delete(a.replies, at, at+1)
	case x.method == mcp.MethodElicit:
		body = `"result":{"action":"decline"}`
	case x.method == "ping":
		body = `"result":{}`
	}
	return []byte(`{"jsonrpc":"2.0","id":` + string(x.id) + `,` + body + `}`)
}

// sameText reports whether two JSON texts say the same.
func sameText(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	p, perr := json.Marshal(x)
	q, qerr := json.Marshal(y)
	return perr == nil && qerr == nil && string(p) == string(q)
}

// wait waits until the server has said all, passing over what it says now.
func (a *againstClient) wait() {
	for range a.answers {
	}
	<-a.done
}
