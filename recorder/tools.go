package recorder

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A Tool is a tool's definition as it was first seen of a server.
type Tool struct {
	Server    string `json:"server"`
	Name      string `json:"name"`
	Digest    string `json:"digest"`     // see policy.Event.Tools
	FirstSeen int64  `json:"first_seen"` // ns since the Unix epoch
}

// Tools lists the definitions that are trusted, of one server or (with "") of all.
func (s *Store) Tools(server string) (out []Tool, err error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	err = c.query("SELECT server, name, digest, first_seen FROM tools WHERE ?1 = '' OR server = ?1 ORDER BY server, name", []driver.Value{server}, func(row []driver.Value) error {
		out = append(out, Tool{asText(row[0]), asText(row[1]), asText(row[2]), row[3].(int64)})
		return nil
	})
	return out, describe(s.path, err)
}

// Definitions are the digests of a server's tools by name, for policy.Fact.Tools;
// nil if the server was never seen.
func (s *Store) Definitions(server string) (map[string]string, error) {
	list, err := s.Tools(server)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make(map[string]string, len(list))
	for _, t := range list {
		out[t.Name] = t.Digest
	}
	return out, nil
}

// SeeTools keeps the definitions of tools that were never seen of the server. What
// was seen before stays as it was.
func (s *Store) SeeTools(server string, tools map[string]string, at int64) error {
	s.tokenMu.Lock()
	server = s.token.clean(server)
	clean := make(map[string]string, len(tools))
	for name, digest := range tools {
		clean[s.token.clean(name)] = digest
	}
	s.tokenMu.Unlock()
	err := s.update(func() error {
		for _, name := range slices.Sorted(maps.Keys(clean)) {
			if err := s.w.exec("INSERT INTO tools (server, name, digest, first_seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", server, name, clean[name], at); err != nil {
				return err
			}
		}
		return nil
	}, func() {})
	if err != nil {
		return fmt.Errorf("keeping the definitions of tools: %w", err)
	}
	return nil
}

// ErrNoTool is wrapped when ForgetTools finds nothing to forget.
var ErrNoTool = errors.New("no such tool is known")

// ForgetTools forgets the definition of a tool (or, with name "", of all tools) of a
// server: it will be trusted as it is seen next.
func (s *Store) ForgetTools(server, name string) (n int, err error) {
	var count int64
	err = s.update(func() error {
		r, err := s.w.SQLiteConn.Exec("DELETE FROM tools WHERE server = ?1 AND (?2 = '' OR name = ?2)", []driver.Value{server, name})
		if err == nil {
			count, err = r.RowsAffected()
		}
		return err
	}, func() {})
	if err == nil && count == 0 {
		err = fmt.Errorf("%w: server %q, tool %q", ErrNoTool, server, name)
	}
	return int(count), err
}
