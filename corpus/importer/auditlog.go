package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// isAuditLog knows the audit logs of mcpwall ({ts, method, tool, args, action,
// rule}) and Agent Wall ({timestamp, sessionId, method, tool, arguments, verdict}).
func isAuditLog(s *source) bool {
	return s.has("ts", "action", "rule") || s.has("timestamp", "sessionId", "direction", "method")
}

// An auditLine is a line of either.
type auditLine struct {
	TS, Timestamp   string
	Server          string
	SessionID       string `json:"sessionId"`
	Direction       string
	Method, Tool    string
	Args, Arguments json.RawMessage
	Action          string
	Verdict         struct{ Action string }
}

// readAuditLog makes a case of each session, or server where the log names none.
// Such logs hold requests only; a call whose arguments were left out, masked or cut
// is lossy, and so is not evaluable. What the other proxy decided is kept as the
// step's category.
func readAuditLog(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		var order []*session
		byKey := map[string]*session{}
		for line, err := range corpus.Lines(src.r, src.path) {
			if err != nil {
				yield(corpus.Case{}, err)
				return
			}
			var l auditLine
			if err := json.Unmarshal(line.Text, &l); err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: not a line of an audit log: %w", src.path, line.Number, err))
				return
			}
			key := l.SessionID + "\x00" + l.Server
			s := byKey[key]
			if s == nil {
				id := strings.Trim(src.name+"/"+l.SessionID+"/"+l.Server, "/")
				s = newSession(id, src.name, l.Server, corpus.NoAnswers|corpus.NoVerdict)
				byKey[key] = s
				order = append(order, s)
			}
			if err := s.addAudit(&l, line.Number); err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: %w", src.path, line.Number, err))
				return
			}
		}
		for _, s := range order {
			if !s.yield(yield) {
				return
			}
		}
	}
}

func (s *session) addAudit(l *auditLine, number int) error {
	if l.Direction == "outbound" || l.Direction == "response" || l.Method == "" {
		return nil // what was decided on an answer, without the answer
	}
	at, err := time.Parse(time.RFC3339Nano, l.TS+l.Timestamp)
	if err != nil {
		return fmt.Errorf("want a time such as 2026-07-28T09:30:00.5Z, got %q", l.TS+l.Timestamp)
	}
	args := l.Args
	if args == nil {
		args = l.Arguments
	}
	step := corpus.Step{Category: l.Action + l.Verdict.Action, Frame: mcp.Frame{At: at.UnixNano(), Dir: mcp.ToServer}}
	params := ""
	if l.Method == mcp.MethodToolsCall {
		if len(args) == 0 || args[0] != '{' {
			s.c.Missing |= corpus.NoArguments
			params = `,"params":{"name":` + quote(l.Tool) + `}`
		} else {
			params = `,"params":{"name":` + quote(l.Tool) + `,"arguments":` + string(args) + `}`
		}
	}
	step.Frame.Raw = []byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%s%s}`, number, quote(l.Method), params))
	s.add(step, "")
	if params != "" && partial(args) {
		s.c.Steps[len(s.c.Steps)-1].Fidelity = policy.Lossy
	}
	return nil
}

// partial reports whether the log holds less than the arguments of the call.
func partial(args []byte) bool {
	return len(args) == 0 || args[0] != '{' ||
		bytes.Contains(args, []byte("[REDACTED")) || bytes.Contains(args, []byte("...[truncated]"))
}
