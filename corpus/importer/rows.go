package importer

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

func isRows(s *source) bool { return corpus.HasRow(s.head) }

// readRows makes a case of consecutive rows of one session. Rows that name none
// belong together while the server is the same and nothing is initialised anew.
func readRows(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		var s *session
		var last corpus.Row
		count := 0
		for row, err := range corpus.Rows(src.r, src.path) {
			if err != nil {
				yield(corpus.Case{}, err)
				return
			}
			if s == nil || row.Session != last.Session || row.Server != last.Server && row.Server != "" || anew(row) {
				if s != nil && !yield(s.c, nil) {
					return
				}
				count++
				id := caseID(row, count)
				if row.Session != "" && row.Session == last.Session {
					id += "#" + strconv.Itoa(count) // the same talk with another server
				}
				s = newSession(id, src.name, row.Server, missing(row))
			}
			last = row
			s.addRow(row)
		}
		if s != nil {
			s.yield(yield)
		}
	}
}

func missing(r corpus.Row) corpus.Missing {
	if r.At == 0 {
		return corpus.NoVerdict | corpus.NoClock
	}
	return corpus.NoVerdict
}

func caseID(r corpus.Row, count int) string {
	if r.Session != "" {
		return r.Session
	}
	if r.Server != "" {
		return r.Server + "#" + strconv.Itoa(count)
	}
	return "#" + strconv.Itoa(count)
}

// anew reports whether a row without a session begins another one.
func anew(r corpus.Row) bool {
	return r.Session == "" && r.Dir == mcp.ToServer &&
		bytes.Contains(r.Message, []byte(`"`+mcp.MethodInitialize+`"`)) && hasMethod(r.Message, mcp.MethodInitialize)
}

func hasMethod(message []byte, method string) bool {
	var m struct{ Method string }
	return json.Unmarshal(message, &m) == nil && m.Method == method
}

// addRow adds a row's message as it is; only a labelled fragment of a message
// (an example from a specification) is completed.
func (s *session) addRow(r corpus.Row) {
	step := corpus.Step{
		ID: r.ID, Label: r.Label, Category: r.Category, Group: r.Group, Ambiguous: r.Ambiguous,
		Frame: mcp.Frame{At: r.At, Dir: r.Dir, Raw: r.Message},
	}
	if r.Labelled {
		s.complete(&step)
	}
	s.add(step, r.Tool)
}

// complete makes a message of a fragment: what has a method becomes a request or
// notification, anything else the result of a call. It also turns round what only
// a server can send: such rows say "request" of both directions.
func (s *session) complete(step *corpus.Step) {
	members, err := corpus.Members(nil, step.Frame.Raw)
	if err != nil {
		return
	}
	names := map[string][]byte{}
	for _, m := range members {
		names[m.Name] = m.Value
	}
	var method string
	isMessage := names["method"] != nil && json.Unmarshal(names["method"], &method) == nil
	known, ok := mcp.LookupMethod(method)
	if ok && known.From != mcp.NoDir {
		step.Frame.Dir = known.From
	}
	if names["jsonrpc"] != nil || len(members) == 0 {
		return
	}
	head := `{"jsonrpc":"2.0",`
	if names["id"] == nil && !(ok && known.Notification) {
		head += `"id":` + string(s.freshID()) + `,`
	}
	body := step.Frame.Raw
	if !isMessage && names["result"] == nil && names["error"] == nil {
		body = bytes.Join([][]byte{[]byte(`{"result":`), body, []byte("}")}, nil)
		if step.Frame.Dir == mcp.ToServer {
			step.Frame.Dir = mcp.ToClient
		}
	}
	step.Frame.Raw = append([]byte(head), bytes.TrimSpace(body)[1:]...)
}
