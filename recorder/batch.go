package recorder

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
)

// maxBatch bounds the bytes that wait for a commit: who would go beyond it commits
// first.
const maxBatch = 8 << 20

// A batch is the entries that are committed together. The first who waits for any
// of them makes the commit for all.
type batch struct {
	rows []row
	data []byte
	wait func() error
	// Guarded by Store.write:
	done bool
	err  error
}

type row struct {
	session *Session
	n       int64
	action  policy.Action
	end     int // in data
}

func (s *Store) newBatch() *batch {
	b := &batch{}
	b.wait = func() error { return s.commit(b) }
	if s.opt.Durability == Async {
		b.wait = func() error { return nil }
	}
	return b
}

// add puts an entry into the current batch.
func (s *Store) add(session *Session, n int64, action policy.Action, data []byte) (func() error, error) {
	s.mu.Lock()
	if err := s.failed; err != nil {
		s.failed = nil
		s.mu.Unlock()
		return nil, err
	}
	b := s.cur
	if len(b.data) > 0 && len(b.data)+len(data) > maxBatch {
		s.mu.Unlock()
		if err := s.commit(b); err != nil {
			return nil, err
		}
		s.mu.Lock()
		b = s.cur
	}
	b.data = append(b.data, data...)
	b.rows = append(b.rows, row{session, n, action, len(b.data)})
	s.mu.Unlock()
	return b.wait, nil
}

// flush commits what is buffered.
func (s *Store) flush() error {
	s.mu.Lock()
	b := s.cur
	s.mu.Unlock()
	return s.commit(b)
}

// commit returns when b is committed, and does it if nobody has.
func (s *Store) commit(b *batch) error {
	s.write.Lock()
	defer s.write.Unlock()
	if b.done {
		return b.err
	}
	// b is the current one: a batch is replaced and committed under s.write.
	s.mu.Lock()
	s.cur = s.newBatch()
	s.mu.Unlock()
	b.done = true
	if len(b.rows) == 0 {
		return nil
	}
	unlock := s.takeTurn()
	err := s.insert(b)
	unlock()
	if err != nil {
		for _, r := range b.rows {
			r.session.lost++
		}
		b.err = fmt.Errorf("%w: %w", ErrUnavailable, describe(s.path, err))
		if s.opt.Durability == Async { // nobody waited for it
			s.mu.Lock()
			s.failed = b.err
			s.mu.Unlock()
		}
	}
	if err == nil {
		for _, r := range b.rows {
			r.session.actions[r.action.String()]++
			r.session.last = s.last
		}
	}
	b.rows, b.data = nil, nil
	return b.err
}

// insertSizes are the numbers of rows that one statement takes, largest first.
var insertSizes = []int{64, 8, 1}

var insertSQL = func() map[int]string {
	out := map[int]string{}
	for _, n := range insertSizes {
		out[n] = "INSERT INTO entries (session, n, action, data) VALUES " + strings.TrimSuffix(strings.Repeat("(?,?,?,?),", n), ",")
	}
	return out
}()

// insert writes a batch in one transaction: one statement on its own is one.
func (s *Store) insert(b *batch) error {
	if len(b.rows) == 1 {
		return s.insertRows(b, 0, 1)
	}
	return s.w.transaction(func() error {
		at := 0
		for _, size := range insertSizes {
			for ; len(b.rows)-at >= size; at += size {
				if err := s.insertRows(b, at, size); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (s *Store) insertRows(b *batch, at, n int) error {
	args := make([]driver.Value, 0, 4*n)
	start := 0
	if at > 0 {
		start = b.rows[at-1].end
	}
	for _, r := range b.rows[at : at+n] {
		args = append(args, r.session.num, r.n, int64(r.action), b.data[start:r.end])
		start = r.end
	}
	r, err := s.w.prepared(insertSQL[n], args)
	if err == nil {
		s.last, err = r.LastInsertId()
	}
	return err
}
