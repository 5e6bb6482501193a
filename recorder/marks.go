package recorder

import (
	"database/sql/driver"
	"fmt"
)

// A Mark says that a session has got a label which other sessions may ask about, such
// as that it has read something that nobody vouches for.
type Mark struct {
	// Num orders the marks of all sessions; set by the store.
	Num     int64  `json:"num"`
	Session string `json:"session"`
	Server  string `json:"server,omitempty"`
	Client  string `json:"client,omitempty"`
	Label   string `json:"label"`
	At      int64  `json:"at"` // ns since the Unix epoch
}

// PutMark keeps a mark.
func (s *Store) PutMark(m Mark) error {
	s.cleaned(&m.Server, &m.Client, &m.Label)
	err := s.update(func() error {
		return s.w.exec("INSERT INTO marks (session, server, client, label, at) VALUES (?, ?, ?, ?, ?)", m.Session, m.Server, m.Client, m.Label, m.At)
	}, func() {})
	if err != nil {
		return fmt.Errorf("keeping a mark: %w", err)
	}
	return nil
}

// MarksSince returns the marks of all sessions whose Num is greater, in order. It is
// made to be called again and again, like AskAnswers.
func (s *Store) MarksSince(num int64) (out []Mark, err error) {
	if ok, err := s.has(3); err != nil || !ok {
		return nil, err
	}
	err = s.poll(question{table: "marks", after: num}, "SELECT num, session, server, client, label, at FROM marks WHERE num > ? ORDER BY num", []driver.Value{num}, func(row []driver.Value) error {
		out = append(out, Mark{asInt(row[0]), asText(row[1]), asText(row[2]), asText(row[3]), asText(row[4]), asInt(row[5])})
		return nil
	})
	return out, err
}
