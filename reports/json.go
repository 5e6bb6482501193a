package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/rulewind/rulewind/replay"
)

// JSON writes the saved form, which ReadJSON reads.
func JSON(w io.Writer, r *Report) error { return WriteJSON(w, r) }

// WriteJSON writes v indented, in ASCII: what steers a terminal is escaped, which
// parsers don't notice.
func WriteJSON(w io.Writer, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	return writeASCII(w, b, err)
}

// WriteJSONLine writes v on one line, in ASCII.
func WriteJSONLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	return writeASCII(w, b, err)
}

func writeASCII(w io.Writer, b []byte, err error) error {
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	// Nothing that a log's reader takes for a command, as Visible has it; ## stands in
	// strings only.
	b = bytes.ReplaceAll(asciiJSON(b), []byte("##"), []byte(`#\u0023`))
	_, err = w.Write(append(b, '\n'))
	return err
}

// asciiJSON spells what isn't ASCII in a JSON text as \u escapes.
func asciiJSON(b []byte) []byte {
	var out []byte
	for i, r := range string(b) {
		switch {
		case r < 0x7f:
			if out != nil {
				out = append(out, byte(r))
			}
			continue
		case out == nil:
			out = append(make([]byte, 0, len(b)+64), b[:i]...)
		}
		if r > 0xffff {
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
			continue
		}
		out = fmt.Appendf(out, `\u%04x`, r)
	}
	if out == nil {
		return b
	}
	return out
}

// ReadJSON reads a saved report, to be written in another format.
func ReadJSON(b []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("reading a saved report: %w", err)
	}
	if r.Version != Version {
		return nil, fmt.Errorf("reading a saved report: it has version %d, this program reads %d", r.Version, Version)
	}
	return &r, nil
}

// Saved is what a command saved as JSON: one of its fields is set.
type Saved struct {
	Report *Report
	Replay *replay.Result
}

// ReadSaved reads a saved report or replay result, whichever it is.
func ReadSaved(b []byte) (Saved, error) {
	var head struct {
		Version any `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return Saved{}, fmt.Errorf("reading a saved report or replay: %w", err)
	}
	word, isWord := head.Version.(string)
	if !isWord {
		r, err := ReadJSON(b)
		return Saved{Report: r}, err
	}
	if word != replay.Version {
		return Saved{}, fmt.Errorf("reading a saved report or replay: it is %q, and only reports and %q can be written again", word, replay.Version)
	}
	var r replay.Result
	if err := json.Unmarshal(b, &r); err != nil {
		return Saved{}, fmt.Errorf("reading a saved replay: %w", err)
	}
	return Saved{Replay: &r}, nil
}
