package recorder

import (
	"container/heap"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Entries are stored in two ways: as rows of the table of entries, where they are
// appended, and in blocks, where they are moved once they are signed (see pack.go).
// What reads them must read both in one transaction.

// A leafRow is an entry as the tree takes it.
type leafRow struct {
	seq, session, n, action int64
	data                    []byte // empty if it was pruned
	// err is set if the entry is stored in a block that can't be read.
	err error
}

// placeholder is the session of a row that only keeps SQLite from giving its seq, the
// largest, to another entry: the entry itself is in a block.
const placeholder = 0

// A blockReader reads blocks on one connection.
type blockReader struct {
	c      *conn
	bodies map[[sha256.Size]byte][]byte // few, for those that come again and again
	size   int
}

const maxBodies = 4 << 20 // bytes of them that are kept

const blockColumnsSQL = "first, session, n, rows, bodies, data"

// entries returns the entries of a row of the table of blocks, with blockColumnsSQL.
func (b *blockReader) entries(row []driver.Value) []leafRow {
	index, _ := row[3].([]byte)
	out := blockIndex(asInt(row[0]), asInt(row[1]), asInt(row[2]), index)
	packed, _ := row[5].([]byte)
	if len(packed) == 0 || len(out) == 0 {
		return out // pruned
	}
	hashes, _ := row[4].([]byte)
	data, err := b.unpack(len(out), packed, hashes)
	if err != nil {
		err = fmt.Errorf("entries %d to %d, which are stored together, %w", out[0].seq, out[len(out)-1].seq, err)
	}
	for i := range out {
		if out[i].err = err; err == nil {
			out[i].data = data[i]
		}
	}
	return out
}

func (b *blockReader) unpack(count int, packed, hashes []byte) (data [][]byte, err error) {
	if b.c.z == nil {
		if b.c.z, err = newUnpacker(); err != nil {
			return nil, err
		}
	}
	return unpackBlock(b.c.z, count, packed, func(i int) ([]byte, error) {
		if i < 0 || i >= len(hashes)/sha256.Size {
			return nil, errBlock
		}
		return b.body([sha256.Size]byte(hashes[i*sha256.Size:]))
	})
}

// body returns a message by its hash.
func (b *blockReader) body(hash [sha256.Size]byte) (raw []byte, err error) {
	if raw, ok := b.bodies[hash]; ok {
		return raw, nil
	}
	err = b.c.queryPrepared("SELECT data FROM bodies WHERE hash = ?", []driver.Value{hash[:]}, func(row []driver.Value) error {
		packed, _ := row[0].([]byte)
		raw, err = b.c.z.unpack(packed)
		return err
	})
	if err != nil || raw == nil {
		return nil, fmt.Errorf("%w: a message of theirs", errBlock)
	}
	if b.size += len(raw); b.size > maxBodies || b.bodies == nil {
		b.bodies, b.size = map[[sha256.Size]byte][]byte{}, len(raw)
	}
	b.bodies[hash] = raw
	return raw, nil
}

// blockIndex reads the seqs and actions of a block's entries: for each, how much its
// seq is more than the one before (uvarint), and its action (a byte).
func blockIndex(first, session, n int64, index []byte) (out []leafRow) {
	d := decoder{b: index}
	for seq := first; len(d.b) > 0; n++ {
		seq += int64(d.uint())
		action := d.byte()
		if d.bad {
			break // what is missing will be noticed
		}
		out = append(out, leafRow{seq: seq, session: session, n: n, action: int64(action)})
	}
	return out
}

func appendIndex(b []byte, rows []leafRow) []byte {
	last := rows[0].seq
	for _, r := range rows {
		b = append(binary.AppendUvarint(b, uint64(r.seq-last)), byte(r.action))
		last = r.seq
	}
	return b
}

// A cursor is the rows of a query that are taken one by one.
type cursor struct {
	c    *conn
	rows driver.Rows
	row  []driver.Value
	done bool
}

func (c *conn) open(sql string, args ...driver.Value) (*cursor, error) {
	rows, err := c.SQLiteConn.Query(sql, args)
	if err != nil {
		return nil, err
	}
	return &cursor{c: c, rows: rows, row: make([]driver.Value, len(rows.Columns()))}, nil
}

// next reads the next row; done is set if there is none.
func (c *cursor) next() error {
	if c.done {
		return nil
	}
	err := c.rows.Next(c.row)
	if errors.Is(err, io.EOF) {
		c.done, err = true, nil
	}
	return err
}

// close ends the query, and reports if what it gave can't be relied on.
func (c *cursor) close() error {
	if c.rows == nil {
		return nil
	}
	err := c.rows.Close()
	if c.c.unchanged != nil {
		if changed := c.c.unchanged(); changed != nil {
			return changed
		}
	}
	return err
}

const liveColumns = "seq, session, n, action, data"

func leafOf(row []driver.Value) leafRow {
	data, _ := row[4].([]byte)
	return leafRow{seq: asInt(row[0]), session: asInt(row[1]), n: asInt(row[2]), action: asInt(row[3]), data: data}
}

// leafRows calls each with the entries after seq that are in no block, in order.
func leafRows(c *conn, after, limit int64, each func(leafRow) error) error {
	return c.query("SELECT "+liveColumns+" FROM entries WHERE seq > ? AND session <> 0 ORDER BY seq LIMIT ?", []driver.Value{after, limit}, func(row []driver.Value) error {
		return each(leafOf(row))
	})
}

// sessionRows calls each with the entries of one session, in order.
func sessionRows(c *conn, session int64, each func(leafRow) error) error {
	const live = "SELECT " + liveColumns + ` FROM entries WHERE session = ?1 AND seq BETWEEN
		(SELECT first FROM sessions WHERE num = ?1) AND (SELECT coalesce(last, 9223372036854775807) FROM sessions WHERE num = ?1) ORDER BY seq`
	return merged(c, "WHERE session = ?1", live, each, session)
}

// hasBlocks reports whether the schema is one that has them.
func (c *conn) hasBlocks() (bool, error) {
	v, err := c.version()
	return v >= 4, err
}

// allRows calls each with all entries, in order.
func allRows(c *conn, each func(leafRow) error) error {
	return merged(c, "", "SELECT "+liveColumns+" FROM entries WHERE session <> 0 ORDER BY seq", each)
}

// merged calls each with the entries of some blocks, of which several may be open
// because sessions overlapped, and with those that a query finds, in order.
func merged(c *conn, where, query string, each func(leafRow) error, args ...driver.Value) error {
	live, err := c.open(query, args...)
	if err != nil {
		return err
	}
	m := merger{reader: blockReader{c: c}, each: each}
	blocks := &cursor{done: true}
	if ok, err := c.hasBlocks(); err != nil {
		return errors.Join(err, live.close())
	} else if ok {
		if blocks, err = c.open("SELECT "+blockColumnsSQL+" FROM blocks "+where+" ORDER BY first", args...); err != nil {
			return errors.Join(err, live.close())
		}
	}
	return errors.Join(m.run(blocks, live), blocks.close(), live.close())
}

// A merger puts the entries of blocks and rows in order.
type merger struct {
	reader blockReader
	open   rowHeap // blocks of which some entries are left
	each   func(leafRow) error
}

func (m *merger) run(blocks, live *cursor) error {
	if err := errors.Join(blocks.next(), live.next()); err != nil {
		return err
	}
	for !blocks.done || !live.done || len(m.open) > 0 {
		if !blocks.done && (len(m.open) == 0 || asInt(blocks.row[0]) <= m.open[0][0].seq) {
			if rows := m.reader.entries(blocks.row); len(rows) > 0 {
				heap.Push(&m.open, rows)
			}
			if err := blocks.next(); err != nil {
				return err
			}
			continue
		}
		if !live.done && (len(m.open) == 0 || asInt(live.row[0]) < m.open[0][0].seq) {
			if err := m.each(leafOf(live.row)); err != nil {
				return err
			}
			if err := live.next(); err != nil {
				return err
			}
			continue
		}
		if err := m.one(); err != nil {
			return err
		}
	}
	return nil
}

// one gives the next entry of the blocks that are open.
func (m *merger) one() error {
	first := m.open[0]
	if m.open[0] = first[1:]; len(first) == 1 {
		heap.Pop(&m.open)
	} else if len(m.open) > 1 {
		heap.Fix(&m.open, 0)
	}
	return m.each(first[0])
}

// A rowHeap holds lists of entries, none empty, that with the first entry first.
type rowHeap [][]leafRow

func (h rowHeap) Len() int           { return len(h) }
func (h rowHeap) Less(i, j int) bool { return h[i][0].seq < h[j][0].seq }
func (h rowHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *rowHeap) Push(x any) { *h = append(*h, x.([]leafRow)) }

// Pop is for container/heap.
func (h *rowHeap) Pop() any {
	last := len(*h) - 1
	out := (*h)[last]
	*h = (*h)[:last]
	return out
}
