package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Row is one message of a JSONL corpus, of either form:
//
//	labelled: {id, source, session, seq, direction: request|response, tool, message,
//	           label, category, group, ambiguous, server}
//	session:  {ts, dir: c2s|s2c, server, session, era, message}
type Row struct {
	// Labelled tells the forms apart.
	Labelled bool
	ID       string
	Session  string
	Server   string
	Tool     string
	Dir      mcp.Dir
	// At is the time in nanoseconds since the Unix epoch, 0 if the row has none.
	At int64
	// Message is the exact bytes of the message's JSON value.
	Message []byte

	Label, Category, Group string
	Ambiguous              bool
	// Line is where the row stands.
	Line int
}

// Rows yields the rows of r, whose name is used in errors. Every row has memory of
// its own. An unknown member, word or shape is an error: nothing is skipped.
func Rows(r io.Reader, name string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var members []Member
		for line, err := range Lines(r, name) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			members, err = Members(members[:0], line.Text)
			var row Row
			if err == nil {
				row, err = readRow(members)
			}
			if err != nil {
				yield(Row{}, fmt.Errorf("%s:%d: %w", name, line.Number, err))
				return
			}
			row.Line = line.Number
			if !yield(row, nil) {
				return
			}
		}
	}
}

// The members that rows of each form may have. Some say nothing about frames and
// are not kept.
var (
	labelledNames = []string{"id", "source", "session", "seq", "direction", "tool", "message", "label", "category",
		"group", "ambiguous", "server", "license", "license_note", "trust", "dup", "note"}
	sessionNames = []string{"ts", "dir", "server", "session", "era", "message", "id", "label", "category", "group",
		"ambiguous", "tool", "note"}
)

// HasRow reports whether the members are those of a row of either form.
func HasRow(members []Member) bool {
	return find(members, "message") != nil && (find(members, "dir") != nil || find(members, "direction") != nil)
}

func find(members []Member, name string) []byte {
	for i := range members {
		if members[i].Name == name {
			return members[i].Value
		}
	}
	return nil
}

func readRow(members []Member) (Row, error) {
	r := Row{Labelled: find(members, "direction") != nil}
	known := sessionNames
	if r.Labelled {
		known = labelledNames
	}
	for _, m := range members {
		if !slices.Contains(known, m.Name) {
			return r, fmt.Errorf("unknown member %q; such a row may have %s", m.Name, strings.Join(known, ", "))
		}
		if err := r.set(m); err != nil {
			return r, err
		}
	}
	switch {
	case r.Message == nil:
		return r, fmt.Errorf(`no "message"; a row holds one JSON-RPC message`)
	case r.Dir == mcp.NoDir:
		return r, fmt.Errorf(`no "dir" (c2s or s2c) or "direction" (request or response)`)
	}
	return r, nil
}

func (r *Row) set(m Member) error {
	switch m.Name {
	case "id":
		return text(&r.ID, m)
	case "session":
		return text(&r.Session, m)
	case "server":
		return text(&r.Server, m)
	case "tool":
		return text(&r.Tool, m)
	case "category":
		return text(&r.Category, m)
	case "group":
		return text(&r.Group, m)
	case "label":
		return word(&r.Label, m, "attack", "benign", "")
	case "ambiguous":
		return decode(&r.Ambiguous, m, "true or false")
	case "message":
		r.Message = bytes.Clone(m.Value)
	case "ts":
		return r.time(m)
	case "direction":
		return r.dir(m, "request", "response")
	case "dir":
		return r.dir(m, "c2s", "s2c")
	}
	return nil
}

func (r *Row) dir(m Member, toServer, toClient string) error {
	var w string
	if err := word(&w, m, toServer, toClient); err != nil {
		return err
	}
	r.Dir = mcp.ToServer
	if w == toClient {
		r.Dir = mcp.ToClient
	}
	return nil
}

func (r *Row) time(m Member) error {
	var s string
	if err := text(&s, m); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("member %q: want a time such as 2026-07-28T09:30:00.5Z, got %q", m.Name, s)
	}
	r.At = t.UnixNano()
	return nil
}

func decode(v any, m Member, want string) error {
	if err := json.Unmarshal(m.Value, v); err != nil {
		return fmt.Errorf("member %q: want %s", m.Name, want)
	}
	return nil
}

func text(s *string, m Member) error { return decode(s, m, "a string") }

func word(s *string, m Member, words ...string) error {
	if err := text(s, m); err != nil {
		return err
	}
	if !slices.Contains(words, *s) {
		return fmt.Errorf("member %q: unknown word %q; use one of %q", m.Name, *s, words)
	}
	return nil
}
