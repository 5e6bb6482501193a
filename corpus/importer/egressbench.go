package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// isEgressBench knows the cases of agent-egress-bench (docs/SPEC.md there): a JSON
// document each, or several in a file.
func isEgressBench(s *source) bool {
	if !bytes.HasPrefix(bytes.TrimSpace(s.start), []byte("{")) {
		return false
	}
	for _, name := range []string{`"input_type"`, `"payload"`, `"expected_verdict"`} {
		if !bytes.Contains(s.start, []byte(name)) && !(s.head != nil && s.has(strings.Trim(name, `"`))) {
			return false
		}
	}
	return true
}

// An egressCase is what is read of a case.
type egressCase struct {
	ID              string
	Category        string
	InputType       string          `json:"input_type"`
	ExpectedVerdict string          `json:"expected_verdict"`
	WhyExpected     string          `json:"why_expected"`
	Payload         json.RawMessage `json:"payload"`
}

// An egressPayload is the payload of any input type.
type egressPayload struct {
	JSONRPCMessages []json.RawMessage `json:"jsonrpc_messages"`
	Method, URL     string
	ContentType     string          `json:"content_type"`
	Body            json.RawMessage `json:"body"`
	Headers         json.RawMessage `json:"headers"`
	ResponseBody    string          `json:"response_body"`
	AgentCard       json.RawMessage `json:"agent_card"`
	Frames          json.RawMessage `json:"frames"`
}

// readEgressBench makes a session of each case. MCP messages stand as they are; what
// another channel carries is told as the call of a tool that would do it, or its
// answer. A case that is to be blocked is an attack in its last message; what led to
// that is benign, as are all messages of one that is to be allowed. There is no clock.
func readEgressBench(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		d := json.NewDecoder(src.r)
		for n := 1; ; n++ {
			var c egressCase
			err := d.Decode(&c)
			if errors.Is(err, io.EOF) {
				return
			}
			var s *session
			if err == nil {
				s, err = c.session(src.name)
			}
			if err != nil {
				yield(corpus.Case{}, fmt.Errorf("reading %s, document %d: %w", src.path, n, err))
				return
			}
			if !s.yield(yield) {
				return
			}
		}
	}
}

var egressLabels = map[string]string{"allow": "benign", "block": "attack", "warn": "attack"}

func (c *egressCase) session(source string) (*session, error) {
	label, ok := egressLabels[c.ExpectedVerdict]
	if !ok || c.ID == "" {
		return nil, fmt.Errorf("expected_verdict %q of case %q; want an id, and block, warn or allow", c.ExpectedVerdict, c.ID)
	}
	messages, err := c.messages()
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.ID, err)
	}
	s := newSession(c.ID, source, "", corpus.NoClock|corpus.NoVerdict)
	answered := false
	for i, m := range messages {
		step := corpus.Step{
			ID: fmt.Sprintf("%s:%d", c.ID, i), Label: "benign", Category: c.Category, Group: c.WhyExpected,
			Ambiguous: c.ExpectedVerdict == "warn", Frame: mcp.Frame{Dir: mcp.ToServer, Raw: m},
		}
		if i == len(messages)-1 {
			step.Label = label
		}
		s.complete(&step)
		if isResult(m) {
			step.Frame.Dir, answered = mcp.ToClient, true
		}
		s.add(step, "")
	}
	if !answered {
		s.c.Missing |= corpus.NoAnswers
	}
	return s, nil
}

func isResult(message []byte) bool {
	var m map[string]json.RawMessage
	return json.Unmarshal(message, &m) == nil && m["method"] == nil
}

// messages are the case's payload as messages of MCP.
func (c *egressCase) messages() ([][]byte, error) {
	var p egressPayload
	if err := json.Unmarshal(c.Payload, &p); err != nil {
		return nil, fmt.Errorf("payload: %w", err)
	}
	switch c.InputType {
	case "mcp_tool_call", "mcp_tool_result", "mcp_tool_definition", "mcp_tool_sequence", "a2a_message":
		out := make([][]byte, 0, len(p.JSONRPCMessages))
		for _, m := range p.JSONRPCMessages {
			line, err := oneLine(m)
			if err != nil {
				return nil, fmt.Errorf("payload.jsonrpc_messages: %w", err)
			}
			out = append(out, line)
		}
		if len(out) == 0 {
			return nil, errors.New("payload.jsonrpc_messages is empty")
		}
		return out, nil
	case "url", "request_body", "header":
		return [][]byte{egressCall("fetch", p.arguments("method", "url", "content_type", "headers", "body"))}, nil
	case "websocket_frame":
		return [][]byte{egressCall("websocket_send", p.arguments("url", "frames"))}, nil
	case "response_content":
		return [][]byte{egressCall("fetch", p.arguments("url")), egressAnswer(p.ResponseBody, nil)}, nil
	case "a2a_agent_card":
		card, err := oneLine(orNull(p.AgentCard))
		if err != nil {
			return nil, fmt.Errorf("payload.agent_card: %w", err)
		}
		return [][]byte{egressCall("agent_card", p.arguments("url")), egressAnswer(string(card), card)}, nil
	}
	return nil, fmt.Errorf("unknown input_type %q; known are mcp_tool_call, mcp_tool_result, mcp_tool_definition, mcp_tool_sequence, a2a_message, a2a_agent_card, url, request_body, header, response_content, websocket_frame", c.InputType)
}

// arguments spells those of the payload's members that are there.
func (p *egressPayload) arguments(names ...string) string {
	var out []string
	add := func(name, value string) {
		if value != "" && value != `""` {
			out = append(out, quote(name)+":"+value)
		}
	}
	for _, name := range names {
		switch name {
		case "method":
			add(name, quote(p.Method))
		case "url":
			add(name, quote(p.URL))
		case "content_type":
			add(name, quote(p.ContentType))
		case "headers":
			add(name, string(p.Headers))
		case "body":
			add(name, string(p.Body))
		case "frames":
			add(name, string(p.Frames))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

func egressCall(tool, args string) []byte {
	var line bytes.Buffer
	raw := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":` + quote(tool) + `,"arguments":` + args + `}}`
	if json.Compact(&line, []byte(raw)) != nil { // it was decoded as JSON
		return []byte(raw)
	}
	return line.Bytes()
}

func egressAnswer(text string, structured []byte) []byte {
	raw := `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":` + quote(text) + `}]`
	if len(structured) > 0 && structured[0] == '{' {
		raw += `,"structuredContent":` + string(structured)
	}
	return []byte(raw + "}}")
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}
