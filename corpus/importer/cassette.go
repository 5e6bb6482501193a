package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// isCassette knows the cassettes of mcp-recorder ({version, metadata,
// interactions}) and mcp-cassette ({format_version, recorded_at, messages}): one
// JSON document each.
func isCassette(s *source) bool {
	return bytes.HasPrefix(bytes.TrimSpace(s.start), []byte("{")) && !s.has("message") &&
		(bytes.Contains(s.start, []byte(`"interactions"`)) && bytes.Contains(s.start, []byte(`"metadata"`)) ||
			bytes.Contains(s.start, []byte(`"format_version"`)) && bytes.Contains(s.start, []byte(`"recorded_at"`)))
}

// A cassette is a document of either form.
type cassette struct {
	Metadata struct {
		RecordedAt string `json:"recorded_at"`
		ServerInfo struct {
			Name string
		} `json:"server_info"`
	}
	Interactions []struct {
		Type              string
		Request, Response json.RawMessage
		LatencyMS         float64 `json:"latency_ms"`
	}

	FormatVersion int    `json:"format_version"`
	RecordedAt    string `json:"recorded_at"`
	ServerInfo    struct {
		Name string
	} `json:"server_info"`
	Messages []struct {
		OffsetMS float64 `json:"t_offset_ms"`
		Sender   string
		Payload  json.RawMessage
	}
}

// maxCassette bounds a document, which is read whole.
const maxCassette = 512 << 20

func readCassette(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		c, err := parseCassette(src.r)
		if err != nil {
			yield(corpus.Case{}, fmt.Errorf("reading %s: %w", src.path, err))
			return
		}
		server := c.ServerInfo.Name + c.Metadata.ServerInfo.Name
		s := newSession(src.name, src.name, server, corpus.NoVerdict)
		at, err := time.Parse(time.RFC3339Nano, c.RecordedAt+c.Metadata.RecordedAt)
		if err != nil {
			s = newSession(src.name, src.name, server, corpus.NoVerdict|corpus.NoClock)
		}
		if err := s.addCassette(c, at.UnixNano()); err != nil {
			yield(corpus.Case{}, fmt.Errorf("reading %s: %w", src.path, err))
			return
		}
		s.yield(yield)
	}
}

func parseCassette(r io.Reader) (*cassette, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCassette+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxCassette {
		return nil, fmt.Errorf("a cassette above %d MiB", maxCassette>>20)
	}
	var c cassette
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("not a cassette: %w", err)
	}
	return &c, nil
}

func (s *session) addCassette(c *cassette, start int64) error {
	add := func(raw json.RawMessage, dir mcp.Dir, at int64) error {
		if len(raw) == 0 || string(raw) == "null" {
			return nil
		}
		b, err := oneLine(raw)
		if err == nil {
			s.add(corpus.Step{Frame: mcp.Frame{At: at, Dir: dir, Raw: b}}, "")
		}
		return err
	}
	at := start
	for _, x := range c.Interactions {
		if err := add(x.Request, mcp.ToServer, at); err != nil {
			return err
		}
		at += int64(x.LatencyMS * 1e6)
		if err := add(x.Response, mcp.ToClient, at); err != nil {
			return err
		}
	}
	for i, m := range c.Messages {
		dir := mcp.ToServer
		switch m.Sender {
		case "client":
		case "server":
			dir = mcp.ToClient
		default:
			return fmt.Errorf("messages[%d]: unknown sender %q; want client or server", i, m.Sender)
		}
		if err := add(m.Payload, dir, start+int64(m.OffsetMS*1e6)); err != nil {
			return err
		}
	}
	return nil
}

// oneLine returns a message without the white space that a document's layout put
// between its values; a string is a line that was no JSON.
func oneLine(raw json.RawMessage) ([]byte, error) {
	if raw[0] == '"' {
		var line string
		err := json.Unmarshal(raw, &line)
		return []byte(line), err
	}
	var b bytes.Buffer
	err := json.Compact(&b, raw)
	return b.Bytes(), err
}
