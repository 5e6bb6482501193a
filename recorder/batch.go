package recorder

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/policy"
)

// maxBatch bounds the bytes that wait for a commit: who would go beyond it commits
// first.
const maxBatch = 8 << 20

// maxSpare is the size of a buffer that is kept for the batch after the next.
const maxSpare = 1 << 20

// A batch is the entries that are committed together. The first who waits for any
// of them makes the commit for all, on its own goroutine: an entry on its own wakes
// nobody.
type batch struct {
	num  uint64
	rows []row
	data []byte
	done bool // guarded by Store.write
}

type row struct {
	session *Session
	n       int64
	action  policy.Action
	end     int // in data
	// took and answered are for Timing; 0 if there is none.
	took, answered int64
}

// A failure is why a session can't go on: from the batch on, none of its entries is
// stored. What is stored of it stays a beginning of what happened, so that it can
// still be replayed.
type failure struct {
	from uint64
	err  error
}

// add puts an entry into the current batch.
func (s *Store) add(r row, data []byte) (func() error, error) {
	session := r.session
	s.mu.Lock()
	if len(s.cur.data) > 0 && len(s.cur.data)+len(data) > maxBatch {
		b := s.cur
		s.mu.Unlock()
		s.commit(b)
		s.mu.Lock()
	}
	if f := session.failure.Load(); f != nil {
		s.mu.Unlock()
		session.lost.Add(1)
		return nil, f.err
	}
	if s.closed {
		s.mu.Unlock()
		return nil, errClosed
	}
	b := s.cur
	b.data = append(b.data, data...)
	r.end = len(b.data)
	b.rows = append(b.rows, r)
	first := len(b.rows) == 1
	s.mu.Unlock()
	if s.opt.Durability == Async {
		if first {
			s.house.wake()
		}
		return committed, nil
	}
	if session.waitFor != b {
		session.waitFor, session.wait = b, func() error { return s.await(session, b) }
	}
	return session.wait, nil
}

// committed is the wait of a store that doesn't.
func committed() error { return nil }

// await returns once b is committed, with what that meant for the session.
func (s *Store) await(session *Session, b *batch) error {
	s.commit(b)
	if f := session.failure.Load(); f != nil && f.from <= b.num {
		return f.err
	}
	return nil
}

// flush commits what is buffered.
func (s *Store) flush() {
	s.mu.Lock()
	b := s.cur
	s.mu.Unlock()
	s.commit(b)
}

// commit returns when b is committed or has failed, and does it if nobody has.
func (s *Store) commit(b *batch) {
	s.write.Lock()
	defer s.write.Unlock()
	if b.done {
		return
	}
	// b is the current one: a batch is replaced and committed under s.write.
	s.mu.Lock()
	s.cur = &batch{num: b.num + 1, rows: s.spare.rows, data: s.spare.data}
	s.spare = batch{}
	s.mu.Unlock()
	b.done = true
	b.dropFailed()
	if len(b.rows) > 0 {
		unlock := s.takeTurn()
		err := s.insert(b)
		unlock()
		if err != nil {
			s.fail(b, err)
		} else {
			for i := range b.rows {
				r := &b.rows[i]
				r.session.times.add(r)
				r.session.actions[r.action.String()]++
				r.session.last = s.last
			}
			s.noteGaps()
			s.house.wrote(len(b.data))
		}
	}
	if cap(b.data) <= maxSpare {
		clear(b.rows)
		s.spare = batch{rows: b.rows[:0], data: b.data[:0]}
	}
	b.rows, b.data = nil, nil
}

// dropFailed takes out the entries of sessions that an earlier batch ended.
func (b *batch) dropFailed() {
	if !slices.ContainsFunc(b.rows, func(r row) bool { return r.session.failure.Load() != nil }) {
		return
	}
	kept, at := b.rows[:0], 0
	data := b.data[:0]
	for _, r := range b.rows {
		part := b.data[at:r.end]
		at = r.end
		if r.session.failure.Load() != nil {
			r.session.lost.Add(1)
			continue
		}
		data = append(data, part...)
		r.end = len(data)
		kept = append(kept, r)
	}
	b.rows, b.data = kept, data
}

// fail ends the sessions of a batch that could not be written.
func (s *Store) fail(b *batch, err error) {
	err = fmt.Errorf("%w: %w", ErrUnavailable, describe(s.path, err))
	for _, r := range b.rows {
		if r.session.failure.CompareAndSwap(nil, &failure{b.num, err}) {
			s.gaps = append(s.gaps, r.session)
		}
		r.session.lost.Add(1)
	}
}

// noteGaps says of sessions that lost entries how many, once writing works again. It
// is called with s.write held.
func (s *Store) noteGaps() {
	for len(s.gaps) > 0 {
		if s.gaps[0].end("gap", time.Now().UnixNano()) != nil {
			return
		}
		s.gaps = s.gaps[1:]
	}
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
