package recorder

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"sync"
)

// Several proxies of one user share what follows by the database: grants (grants.go),
// questions to the user (asks.go) and marks of sessions (marks.go). None of it moves a
// verdict by itself: the proxy puts what it learns here into its session as a fact,
// which is recorded and signed. So these rows may change, and no checkpoint covers them.
//
// Every text that is stored is cleaned of detected secrets first (law L8), the same
// way each time, so that what was stored under a name is found by it.

// Digest is the HMAC-SHA-256 of b under the store's key, in hex: arguments of little
// entropy can't be guessed from it. The store must be open for writing.
func (s *Store) Digest(b []byte) string {
	if s.token.key == nil { // a digest under no key could be guessed
		panic("recorder: Digest of a store that was opened for reading only")
	}
	m := hmac.New(sha256.New, s.token.key)
	m.Write([]byte("digest\x00"))
	m.Write(b)
	return hex.EncodeToString(m.Sum(nil))
}

// cleaned replaces the secrets in texts, in place.
func (s *Store) cleaned(texts ...*string) {
	s.tokenMu.Lock()
	defer s.tokenMu.Unlock()
	for _, t := range texts {
		*t = s.token.clean(*t)
	}
}

// A poller answers questions that are asked again and again, mostly in vain: if nobody
// has written since the last answer was "nothing", that is the answer.
type poller struct {
	mu   sync.Mutex
	c    *conn
	seen map[question]int64 // data_version at which there was nothing
}

// A question is what is asked: of which table, of which session, after which row.
type question struct {
	table, session string
	after          int64
}

const maxQuestions = 1024

// poll calls each with the rows that answer q.
func (s *Store) poll(q question, sql string, args []driver.Value, each func(row []driver.Value) error) error {
	if s.readOnly {
		return s.read(sql, args, each)
	}
	p := &s.poller
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.c == nil {
		if s.isClosed() {
			return errClosed
		}
		c, err := connect(dsn(s.path, "_busy_timeout=10000&mode=ro"))
		if err != nil {
			return describe(s.path, err)
		}
		p.c, p.seen = c, map[question]int64{}
	}
	version := int64(0)
	err := p.c.queryPrepared("PRAGMA data_version", nil, func(row []driver.Value) error {
		version = row[0].(int64)
		return nil
	})
	if err != nil {
		return describe(s.path, err)
	}
	if seen, ok := p.seen[q]; ok && seen == version {
		return nil
	}
	found := false
	err = p.c.queryPrepared(sql, args, func(row []driver.Value) error {
		found = true
		return each(row)
	})
	if len(p.seen) >= maxQuestions {
		clear(p.seen)
	}
	delete(p.seen, q)
	if err == nil && !found {
		p.seen[q] = version
	}
	return describe(s.path, err)
}

func (p *poller) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.c != nil {
		_ = p.c.close() // it only read
		p.c = nil
	}
}

// read calls each with the rows of one query, on a connection of its own.
func (s *Store) read(sql string, args []driver.Value, each func(row []driver.Value) error) error {
	c, err := s.reader()
	if err != nil {
		return err
	}
	defer c.close()
	return describe(s.path, c.query(sql, args, each))
}

// has reports whether the database's schema is at least a version: a database of an
// older one that is open for reading only has no such table.
func (s *Store) has(version int) (bool, error) {
	if !s.readOnly {
		return true, nil
	}
	c, err := s.reader()
	if err != nil {
		return false, err
	}
	defer c.close()
	v, err := c.version()
	return v >= version, describe(s.path, err)
}
