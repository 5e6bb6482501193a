package recorder

import (
	"bytes"
	"errors"
	"fmt"
)

// SchemaVersion is the newest schema.
const SchemaVersion = schemaVersion

// LimitPages bounds the size of the database, as a full disk would.
func LimitPages(s *Store, pages int) {
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.w.exec(pragma("max_page_count", pages)); err != nil {
		panic(err)
	}
}

// Pack packs what can be packed now, and returns how many entries that were.
func Pack(s *Store) (int64, error) { return s.pack(func() bool { return true }) }

// Unpack makes rows of all blocks of a database that nobody has open, as if nothing
// had been packed.
func Unpack(path string) error {
	return rewriteBlocks(path, func(rows []leafRow) []leafRow { return rows }, func(w *conn, rows []leafRow) error {
		for _, r := range rows {
			if err := w.exec("INSERT INTO entries (seq, session, n, action, data) VALUES (?, ?, ?, ?, ?)", r.seq, r.session, r.n, r.action, notNil(r.data)); err != nil {
				return err
			}
		}
		return nil
	})
}

// A PackedRow is an entry of a block.
type PackedRow struct {
	Seq, N, Action int64
	Data           []byte
}

// Forge changes the entries of each block, and packs them again, as somebody does who
// knows the format.
func Forge(path string, change func([]PackedRow) []PackedRow) error {
	z, err := newPacker()
	if err != nil {
		return err
	}
	return rewriteBlocks(path, func(rows []leafRow) []leafRow {
		session := rows[0].session
		var list []PackedRow
		for _, r := range rows {
			list = append(list, PackedRow{r.seq, r.n, r.action, r.data})
		}
		rows = rows[:0]
		for _, r := range change(list) {
			rows = append(rows, leafRow{seq: r.Seq, session: session, n: r.N, action: r.Action, data: r.Data})
		}
		return rows
	}, func(w *conn, rows []leafRow) error {
		if len(rows) == 0 {
			return nil
		}
		data, bodies := packBlock(z, rows)
		var hashes []byte
		for _, b := range bodies {
			hashes = append(hashes, b.hash[:]...)
			if err := w.exec("INSERT INTO bodies (hash, data) VALUES (?, ?) ON CONFLICT DO NOTHING", b.hash[:], z.pack(nil, b.raw)); err != nil {
				return err
			}
		}
		return w.exec("INSERT INTO blocks ("+blockColumnsSQL+") VALUES (?, ?, ?, ?, ?, ?)",
			rows[0].seq, rows[0].session, rows[0].n, appendIndex(nil, rows), notNil(hashes), data)
	})
}

// rewriteBlocks takes every block out, and puts in what is made of its entries.
func rewriteBlocks(path string, change func([]leafRow) []leafRow, put func(*conn, []leafRow) error) error {
	c, err := connect(dsn(path, "mode=rw"))
	if err != nil {
		return err
	}
	defer c.close()
	return c.transaction(func() error {
		b := blockReader{c: c}
		cur, err := c.open("SELECT " + blockColumnsSQL + " FROM blocks ORDER BY first")
		if err != nil {
			return err
		}
		var blocks [][]leafRow
		for err = cur.next(); err == nil && !cur.done; err = cur.next() {
			rows := b.entries(cur.row)
			if len(rows) > 0 && rows[0].err != nil {
				return rows[0].err
			}
			blocks = append(blocks, change(rows))
		}
		if err := errors.Join(err, cur.close(), c.exec("DELETE FROM entries WHERE session = 0"), c.exec("DELETE FROM blocks")); err != nil {
			return err
		}
		for _, rows := range blocks {
			if err := put(c, rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// RoundTripBlock unpacks data as a block of count entries, and packs and unpacks data
// cut into as many entries, which must come back.
func RoundTripBlock(data []byte, count int) error {
	z, err := newPacker()
	if err != nil {
		return err
	}
	u, err := newUnpacker()
	if err != nil {
		return err
	}
	defer u.close()
	none := func(int) ([]byte, error) { return nil, errBlock }
	_, _ = unpackBlock(u, count, data, none) // must not panic
	if count == 0 {
		return nil
	}
	var rows []leafRow
	for i := range count {
		rows = append(rows, leafRow{data: data[len(data)*i/count : len(data)*(i+1)/count]})
	}
	packed, bodies := packBlock(z, rows)
	got, err := unpackBlock(u, count, packed, func(i int) ([]byte, error) { return bodies[i].raw, nil })
	if err != nil {
		return err
	}
	for i := range rows {
		if !bytes.Equal(got[i], rows[i].data) {
			return fmt.Errorf("entry %d was %x and is %x", i, rows[i].data, got[i])
		}
	}
	return nil
}

// LatencyOf sums up values.
func LatencyOf(values ...int64) Latency {
	var h histogram
	for _, v := range values {
		h.add(v)
	}
	return h.sum()
}
