package importer

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// isTranscript knows Claude Code's transcripts (~/.claude/projects/*/*.jsonl) by
// the members that their lines have.
func isTranscript(s *source) bool {
	return s.has("type") && (s.has("sessionId") || s.has("leafUuid") || s.has("messageId", "snapshot"))
}

// transcriptServer is what stands for the server of tools that are the client's
// own.
const transcriptServer = "claude-code"

// A transcriptLine is what is read of a line. Lines of other types, and other
// blocks of a message, hold no tool call and no answer.
type transcriptLine struct {
	Type      string
	SessionID string `json:"sessionId"`
	Timestamp string
	CWD       string `json:"cwd"`
	Message   struct{ Content json.RawMessage }
}

type transcriptBlock struct {
	Type  string
	ID    string // of tool_use
	Name  string
	Input json.RawMessage

	ToolUseID string `json:"tool_use_id"` // of tool_result
	Content   json.RawMessage
	IsError   bool `json:"is_error"`
}

// readTranscript makes one case of a file: each tool_use becomes a tools/call, each
// tool_result its answer. There are no lists and no handshake in it.
func readTranscript(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		s := newSession(src.name, src.name, transcriptServer, corpus.NoVerdict)
		for line, err := range corpus.Lines(src.r, src.path) {
			if err != nil {
				yield(corpus.Case{}, err)
				return
			}
			if err := s.addTranscript(line.Text); err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: %w", src.path, line.Number, err))
				return
			}
		}
		s.yield(yield)
	}
}

func (s *session) addTranscript(text []byte) error {
	var l transcriptLine
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("not a line of a transcript: %w", err)
	}
	if l.Type != "user" && l.Type != "assistant" || len(l.Message.Content) == 0 || l.Message.Content[0] != '[' {
		return nil
	}
	var blocks []transcriptBlock
	if err := json.Unmarshal(l.Message.Content, &blocks); err != nil {
		return fmt.Errorf("message.content isn't a list of blocks: %w", err)
	}
	at := s.at
	if t, err := time.Parse(time.RFC3339Nano, l.Timestamp); err == nil {
		at = t.UnixNano()
	}
	if s.vars == nil && l.CWD != "" {
		s.vars = map[string]string{"CWD": l.CWD, "PROJECT_DIR": l.CWD}
	}
	for _, b := range blocks {
		switch {
		case b.Type == "tool_use" && b.Name != "" && len(b.Input) > 0:
			s.message(at, mcp.ToServer, b.ID, `"method":"tools/call","params":{"name":`+quote(b.Name)+`,"arguments":`+string(b.Input)+`}`)
		case b.Type == "tool_result":
			s.message(at, mcp.ToClient, b.ToolUseID, `"result":`+toolResult(b))
		}
	}
	return nil
}

// message adds a message of the session's own making.
func (s *session) message(at int64, dir mcp.Dir, id, rest string) {
	raw := `{"jsonrpc":"2.0","id":` + quote(id) + `,` + rest + `}`
	s.add(corpus.Step{Fidelity: policy.Exact, Frame: mcp.Frame{At: at, Dir: dir, Raw: []byte(raw)}}, "")
}

func toolResult(b transcriptBlock) string {
	content := string(b.Content)
	switch {
	case content == "" || content == "null":
		content = "[]"
	case content[0] == '"':
		content = `[{"type":"text","text":` + content + `}]`
	}
	if b.IsError {
		return `{"content":` + content + `,"isError":true}`
	}
	return `{"content":` + content + `}`
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string
		panic(err)
	}
	return string(b)
}
