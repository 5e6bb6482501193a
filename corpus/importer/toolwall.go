package importer

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// isToolwall knows Toolwall's audit.log: {timestamp, event, …} with the details of
// the event beside them.
func isToolwall(s *source) bool {
	return s.has("timestamp", "event") && !s.has("sessionId")
}

// A toolwallLine is what is read of a line: an event names its tool in one of two
// ways, and for an address that it stopped has it too.
type toolwallLine struct {
	Timestamp, Event, Code string
	Tool, ToolName, URL    json.RawMessage
	TargetURL              json.RawMessage
}

// readToolwall makes a case of the calls that the log speaks of. It has neither their
// arguments, but an address at most, nor answers, nor calls that passed unnoticed: so
// each step is lossy, and judged by nothing that asks for more than the tool. What
// Toolwall called it is kept as the step's category. Events that name no tool are
// about no call.
func readToolwall(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		s := newSession(src.name, src.name, "", corpus.NoArguments|corpus.NoAnswers|corpus.NoVerdict)
		for line, err := range corpus.Lines(src.r, src.path) {
			if err != nil {
				yield(corpus.Case{}, err)
				return
			}
			var l toolwallLine
			if err := json.Unmarshal(line.Text, &l); err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: not a line of Toolwall's audit log: %w", src.path, line.Number, err))
				return
			}
			if err := s.addToolwall(&l, line.Number); err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: %w", src.path, line.Number, err))
				return
			}
		}
		s.yield(yield)
	}
}

func (s *session) addToolwall(l *toolwallLine, number int) error {
	tool := firstText(l.Tool, l.ToolName)
	if tool == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, l.Timestamp)
	if err != nil {
		return fmt.Errorf("want a time such as 2026-07-28T09:30:00.5Z, got %q", l.Timestamp)
	}
	args := "{}"
	if url := firstText(l.URL, l.TargetURL); url != "" {
		args = `{"url":` + quote(url) + `}`
	}
	raw := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%s,"arguments":%s}}`, number, quote(tool), args)
	step := corpus.Step{ID: s.c.ID + ":" + strconv.Itoa(number), Category: l.Code, Frame: mcp.Frame{At: at.UnixNano(), Dir: mcp.ToServer, Raw: []byte(raw)}}
	if step.Category == "" {
		step.Category = l.Event
	}
	s.add(step, "")
	s.c.Steps[len(s.c.Steps)-1].Fidelity = policy.Lossy
	return nil
}

// firstText returns the first of the values that is a text with something in it.
func firstText(values ...json.RawMessage) string {
	for _, v := range values {
		var text string
		if json.Unmarshal(v, &text) == nil && text != "" {
			return text
		}
	}
	return ""
}
