package recorder

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Entries that a checkpoint covers are moved into blocks: those of sessions that have
// ended, and of others as far as they fill a block. A block takes the place of its
// rows in one transaction, and holds the same data, so that neither a kill meanwhile
// nor the move itself changes what is proven. It happens beside the callers:
//
//   - by the house, when a session has ended and each minute of heavy writing,
//   - by Close, for packAtClose at most,
//   - by the house of the next store, once packAfter has passed, for what was left,
//   - by Compact.

const (
	packAtClose = time.Second
	packAfter   = 5 * time.Second
	packPause   = 20 * time.Millisecond // between the house's transactions
	packBatch   = 4 << 20               // bytes of entries that are read at once
	packStep    = 256 << 10             // and moved in one transaction: others wait a millisecond
)

// errRaced says that another process has moved some entries.
var errRaced = errors.New("another process was quicker")

// pack moves what can be moved, while proceed says so. It asks after each transaction.
func (s *Store) pack(proceed func() bool) (moved int64, err error) {
	s.packing.Lock()
	defer s.packing.Unlock()
	c, err := s.reader()
	if err != nil {
		return 0, err
	}
	defer c.close()
	z := (*packer)(nil)
	g := gatherer{c: c, open: map[int64]*run{}}
	for {
		if any, err := g.read(); err != nil || !any {
			return moved, describe(s.path, err)
		}
		if z == nil && len(g.runs) > 0 {
			if z, err = newPacker(); err != nil {
				return moved, err
			}
		}
		for len(g.runs) > 0 {
			step, err := g.step(z)
			if err == nil {
				err = s.move(step)
			}
			if errors.Is(err, errRaced) {
				return moved, nil // who was quicker goes on
			}
			if err != nil {
				return moved, fmt.Errorf("packing entries: %w", err)
			}
			moved += step.entries
			if !proceed() {
				return moved, nil
			}
		}
	}
}

// A gatherer reads signed entries in order, and gathers those of each session to runs,
// each a future block.
type gatherer struct {
	c     *conn
	after int64 // seq of the last that was read
	open  map[int64]*run
	runs  [][]leafRow // those that are whole
	stale []int64     // placeholders
}

// A run is what has been gathered of a session since its last block.
type run struct {
	rows  []leafRow
	size  int
	ended bool // the session
}

func (r *run) full() bool { return len(r.rows) >= blockRows || r.size >= blockBytes }

// close makes a session's run a whole one.
func (g *gatherer) close(session int64) {
	if r := g.open[session]; r != nil {
		g.runs = append(g.runs, r.rows)
	}
	delete(g.open, session)
}

// read reads some entries, and reports whether there were any. What it leaves open of
// sessions that run may be filled by what it reads next: were it left out, and not what
// follows it, a session's rows would stand before its blocks.
func (g *gatherer) read() (any bool, err error) {
	size := 0
	err = g.c.query(`SELECT e.seq, e.session, e.n, e.action, e.data, s.ended IS NOT NULL, s.sealed
		FROM entries e LEFT JOIN sessions s ON s.num = e.session
		WHERE e.seq > ? AND e.seq <= (SELECT max(size) FROM checkpoints) ORDER BY e.seq`, []driver.Value{g.after}, func(row []driver.Value) error {
		r := leafOf(row)
		any, g.after = true, r.seq
		pruned := asInt(row[6]) == 2
		switch {
		case r.session == placeholder:
			g.stale = append(g.stale, r.seq)
		case row[5] == nil || r.action < 0 || r.action > 255 || pruned != (len(r.data) == 0):
			g.close(r.session) // it was changed: Verify tells of it as it is
		default:
			g.add(r, asInt(row[5]) == 1)
		}
		if size += len(r.data) + 64; size > packBatch {
			return errStop
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return any, err
	}
	for _, session := range slices.Sorted(maps.Keys(g.open)) {
		if r := g.open[session]; r.ended || r.full() {
			g.close(session)
		}
	}
	return any, nil
}

func (g *gatherer) add(r leafRow, ended bool) {
	if o := g.open[r.session]; o != nil && (o.full() || o.rows[len(o.rows)-1].n+1 != r.n) {
		g.close(r.session)
	}
	o := g.open[r.session]
	if o == nil {
		o = &run{}
		g.open[r.session] = o
	}
	o.rows, o.size, o.ended = append(o.rows, r), o.size+len(r.data), ended
}

// A step is what one transaction moves.
type step struct {
	blocks  []block
	bodies  map[string][]byte // by hash, packed; nil if it is stored already
	stale   []int64
	entries int64
}

type block struct {
	rows         []leafRow
	index        []byte
	hashes, data []byte
}

// step packs the first runs that are whole, and takes them out.
func (g *gatherer) step(z *packer) (out step, err error) {
	out = step{bodies: map[string][]byte{}, stale: g.stale}
	g.stale = nil
	for size := 0; size < packStep && len(g.runs) > 0; {
		rows := g.runs[0]
		g.runs = g.runs[1:]
		one := block{rows: rows, index: appendIndex(nil, rows)}
		if len(rows[0].data) > 0 {
			var bodies []body
			one.data, bodies = packBlock(z, rows)
			for _, m := range bodies {
				one.hashes = append(one.hashes, m.hash[:]...)
				if err := out.add(g.c, z, m); err != nil {
					return out, err
				}
			}
		}
		for _, r := range rows {
			size += len(r.data)
		}
		out.entries += int64(len(rows))
		out.blocks = append(out.blocks, one)
	}
	return out, nil
}

// add packs a message, unless it is stored already.
func (st *step) add(c *conn, z *packer, m body) error {
	key := string(m.hash[:])
	if _, ok := st.bodies[key]; ok {
		return nil
	}
	stored, err := c.hasBody(m.hash[:])
	if err != nil {
		return err
	}
	st.bodies[key] = nil
	if !stored {
		st.bodies[key] = z.pack(nil, m.raw)
	}
	return nil
}

func (c *conn) hasBody(hash []byte) (found bool, err error) {
	err = c.queryPrepared("SELECT 1 FROM bodies WHERE hash = ?", []driver.Value{hash}, func([]driver.Value) error {
		found = true
		return nil
	})
	return found, err
}

// move puts blocks in the place of their rows.
func (s *Store) move(st step) error {
	raced := false
	err := s.update(func() error {
		// What is moved stays readable as it was, so it needn't be overwritten; whatever
		// is pruned later is gone with the file that is written anew then.
		if err := s.w.exec(pragma("secure_delete", "OFF")); err != nil {
			return err
		}
		err := s.moveBlocks(st)
		raced = errors.Is(err, errRaced)
		return errors.Join(err, s.w.exec(pragma("secure_delete", "ON")))
	}, func() {})
	if raced {
		return errRaced
	}
	return err
}

func (s *Store) moveBlocks(st step) error {
	if err := s.keepBodies(st.bodies); err != nil {
		return err
	}
	top, err := s.w.number("SELECT max(seq) FROM entries")
	if err != nil {
		return err
	}
	for _, b := range st.blocks {
		first := b.rows[0]
		// What was pruned since it was read must not come back.
		if state, err := s.w.number("SELECT sealed FROM sessions WHERE num = ?", first.session); err != nil || (state == 2) != (len(b.data) == 0) {
			return errors.Join(err, errRaced)
		}
		if err := s.removeRows(b.rows, top); err != nil {
			return err
		}
		if _, err := s.w.prepared("INSERT INTO blocks ("+blockColumnsSQL+") VALUES (?, ?, ?, ?, ?, ?)",
			[]driver.Value{first.seq, first.session, first.n, b.index, notNil(b.hashes), notNil(b.data)}); err != nil {
			return err
		}
	}
	for _, seq := range st.stale {
		if _, err := s.w.prepared("DELETE FROM entries WHERE seq = ? AND session = 0 AND seq < ?", []driver.Value{seq, top}); err != nil {
			return err
		}
	}
	return nil
}

// notNil keeps what is empty from being NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// keepBodies stores messages. One that was stored when it was looked for may have been
// pruned since.
func (s *Store) keepBodies(bodies map[string][]byte) error {
	for _, hash := range slices.Sorted(maps.Keys(bodies)) {
		if packed := bodies[hash]; packed != nil {
			if _, err := s.w.prepared("INSERT INTO bodies (hash, data) VALUES (?, ?) ON CONFLICT DO NOTHING", []driver.Value{[]byte(hash), packed}); err != nil {
				return err
			}
		} else if found, err := s.w.hasBody([]byte(hash)); err != nil || !found {
			return errors.Join(err, errRaced)
		}
	}
	return nil
}

// removeRows takes rows of one session, between which it has no other, out of the table
// of entries. The one at its top leaves its seq there.
func (s *Store) removeRows(rows []leafRow, top int64) error {
	first, last := rows[0], rows[len(rows)-1]
	r, err := s.w.prepared("DELETE FROM entries WHERE seq BETWEEN ? AND ? AND session = ?", []driver.Value{first.seq, min(last.seq, top-1), first.session})
	if err != nil {
		return err
	}
	removed, err := r.RowsAffected()
	if err == nil && last.seq == top {
		if r, err = s.w.prepared("UPDATE entries SET session = 0, n = 0, action = 0, data = x'' WHERE seq = ? AND session = ?", []driver.Value{top, first.session}); err == nil {
			var replaced int64
			replaced, err = r.RowsAffected()
			removed += replaced
		}
	}
	if err == nil && removed != int64(len(rows)) {
		err = errRaced
	}
	return err
}

// A Compaction is what Compact did.
type Compaction struct {
	Entries int64 `json:"entries"` // that were moved into blocks
	Before  int64 `json:"before"`  // size of the database and its WAL in bytes
	After   int64 `json:"after"`
}

// Compact signs what is recorded, packs what can be packed, and writes the file anew,
// so that it takes as little room as it can. It needs room for a second copy.
func (s *Store) Compact() (c Compaction, err error) {
	c.Before = fileSize(s.path) + fileSize(s.path+"-wal")
	if _, err = s.Checkpoint(); err == nil {
		c.Entries, err = s.pack(func() bool { return true })
	}
	if err == nil {
		err = s.rewrite()
	}
	c.After = fileSize(s.path) + fileSize(s.path+"-wal")
	return c, err
}

// shrink gives back the end of the file if much of it is free, while proceed says so.
func (s *Store) shrink(proceed func() bool) error {
	for proceed() {
		more := false
		err := s.update(func() error {
			pages, err := s.w.number("PRAGMA page_count")
			if err != nil {
				return err
			}
			free, err := s.w.number("PRAGMA freelist_count")
			if err != nil || free < shrinkFrom || free*shrinkPart < pages {
				return err
			}
			if vacuum, err := s.w.number("PRAGMA auto_vacuum"); err != nil || vacuum != 2 {
				return err // a file of an older version, until it is compacted
			}
			more = true
			return s.w.query(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", shrinkStep), nil, func([]driver.Value) error { return nil })
		}, func() {})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// shrink leaves free pages to be used again: those are fewer than shrinkFrom, or less
// than one in shrinkPart.
const (
	shrinkFrom = 64
	shrinkPart = 5
	shrinkStep = 256 // pages that one transaction moves
)

// number returns the result of a query for one, 0 if it has none.
func (c *conn) number(sql string, args ...driver.Value) (n int64, err error) {
	err = c.query(sql, args, func(row []driver.Value) error {
		n = asInt(row[0])
		return nil
	})
	return n, err
}

// within returns a function that is true for a time.
func within(d time.Duration) func() bool {
	end := time.Now().Add(d)
	return func() bool { return time.Now().Before(end) }
}
