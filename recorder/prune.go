package recorder

import (
	"crypto/sha256"
	"database/sql/driver"
	"fmt"
	"os"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A Pruning is what Prune did.
type Pruning struct {
	Sessions int   `json:"sessions"`
	Entries  int64 `json:"entries"`
	Before   int64 `json:"before"` // size of the database and its WAL in bytes
	After    int64 `json:"after"`
}

// Prune removes the bodies and verdicts of the sessions that ended before a time (ns
// since the Unix epoch), for good: the file is written anew, and its WAL emptied. The
// sessions' rows, the hashes of their entries and the checkpoints stay, so that the
// rest can still be verified. What is pruned is signed as pruned first. A log that was
// changed isn't pruned: that would hide it.
func (s *Store) Prune(before int64) (p Pruning, err error) {
	if _, err := s.Checkpoint(); err != nil {
		return p, err
	}
	v, err := s.Verify(VerifyOptions{})
	if err != nil {
		return p, err
	}
	if len(v.Breaks) > 0 {
		return p, fmt.Errorf("%w: %s", ErrBroken, v.Breaks[0])
	}
	list, err := s.Sessions()
	if err != nil {
		return p, err
	}
	var ids []string
	for _, info := range list {
		if info.Ended > 0 && info.Ended < before && !info.Pruned {
			ids = append(ids, info.ID)
		}
	}
	p.Before = fileSize(s.path) + fileSize(s.path+"-wal")
	p.Sessions, p.After = len(ids), p.Before
	if len(ids) == 0 {
		return p, nil
	}
	if _, err := s.seal(ids); err != nil {
		return p, err
	}
	for _, id := range ids {
		n, err := s.pruneSession(id)
		if err != nil {
			return p, fmt.Errorf("pruning session %s: %w", id, err)
		}
		p.Entries += n
	}
	if err = s.pruneBodies(); err == nil {
		err = s.rewrite()
	}
	p.After = fileSize(s.path) + fileSize(s.path+"-wal")
	return p, err
}

func (s *Store) pruneSession(id string) (n int64, err error) {
	err = s.update(func() error {
		num, err := s.w.number("SELECT num FROM sessions WHERE id = ?", id)
		if err != nil {
			return err
		}
		err = s.w.query("SELECT first, session, n, rows FROM blocks WHERE session = ? AND length(data) > 0", []driver.Value{num}, func(row []driver.Value) error {
			index, _ := row[3].([]byte)
			n += int64(len(blockIndex(asInt(row[0]), asInt(row[1]), asInt(row[2]), index)))
			return nil
		})
		if err != nil {
			return err
		}
		r, err := s.w.SQLiteConn.Exec(`UPDATE entries SET data = x'' WHERE session = ?1
			AND seq >= (SELECT first FROM sessions WHERE num = ?1) AND length(data) > 0`, []driver.Value{num})
		if err != nil {
			return err
		}
		live, err := r.RowsAffected()
		if err != nil {
			return err
		}
		n += live
		for _, sql := range []string{
			"UPDATE blocks SET data = x'', bodies = x'' WHERE session = (SELECT num FROM sessions WHERE id = ?)",
			"UPDATE asks SET shown = '', reason = '' WHERE session = ?", "DELETE FROM marks WHERE session = ?", "UPDATE sessions SET sealed = 2 WHERE id = ?",
		} {
			if err := s.w.exec(sql, id); err != nil {
				return err
			}
		}
		return nil
	}, func() {})
	return n, err
}

// pruneBodies removes the messages that no block refers to any more.
func (s *Store) pruneBodies() error {
	return s.update(func() error {
		used := map[[sha256.Size]byte]bool{}
		err := s.w.query("SELECT bodies FROM blocks", nil, func(row []driver.Value) error {
			hashes, _ := row[0].([]byte)
			for ; len(hashes) >= sha256.Size; hashes = hashes[sha256.Size:] {
				used[[sha256.Size]byte(hashes)] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		var gone []int64
		err = s.w.query("SELECT num, hash FROM bodies", nil, func(row []driver.Value) error {
			if hash, _ := row[1].([]byte); len(hash) != sha256.Size || !used[[sha256.Size]byte(hash)] {
				gone = append(gone, asInt(row[0]))
			}
			return nil
		})
		for _, num := range gone {
			if err == nil {
				err = s.w.exec("DELETE FROM bodies WHERE num = ?", num)
			}
		}
		return err
	}, func() {})
}

// rewrite writes the database anew, and empties the WAL.
func (s *Store) rewrite() error {
	s.write.Lock()
	defer s.write.Unlock()
	defer s.takeTurn()()
	// A file of an older version can give room back from now on, too.
	err := s.w.exec(pragma("auto_vacuum", "INCREMENTAL"))
	if err == nil {
		err = s.w.exec("VACUUM")
	}
	if err != nil {
		return fmt.Errorf("writing the database anew: %w; what was pruned may still be readable in it: prune again when nobody else uses it", describe(s.path, err))
	}
	busy := int64(0)
	err = s.w.query("PRAGMA wal_checkpoint(TRUNCATE)", nil, func(row []driver.Value) error {
		busy, _ = row[0].(int64)
		return nil
	})
	if err == nil && busy != 0 {
		err = fmt.Errorf("emptying the WAL: somebody reads the database; what was pruned may still be readable in it until it is closed")
	}
	return err
}

func fileSize(path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return st.Size()
}

// Stats say what a store holds.
type Stats struct {
	Sessions int              `json:"sessions"`
	Pruned   int              `json:"pruned"`   // of the sessions
	Entries  int64            `json:"entries"`  // all, those pruned too
	File     int64            `json:"file"`     // bytes of the database
	WAL      int64            `json:"wal"`      // and of its WAL
	Messages int64            `json:"messages"` // bytes of the frames that are stored, before packing
	Verdicts int64            `json:"verdicts"` // bytes of what is stored beside them, before packing
	Packed   int64            `json:"packed"`   // entries that are in blocks
	Blocks   int64            `json:"blocks"`   // of packed entries
	Bodies   int64            `json:"bodies"`   // messages that are stored beside the blocks
	Stored   int64            `json:"stored"`   // bytes of blocks and bodies
	Hashes   int64            `json:"hashes"`   // bytes of the checkpoints
	Policies int64            `json:"policies"` // bytes of the policies
	Actions  map[string]int64 `json:"actions"`  // entries by action
	Fidelity map[string]int64 `json:"fidelity"` // entries by policy.Fidelity
	Lost     int64            `json:"lost"`     // entries that could not be written
	Oldest   int64            `json:"oldest"`   // ns since the epoch; 0 if there is none
}

// Stats counts what is stored.
func (s *Store) Stats() (out Stats, err error) {
	list, err := s.Sessions()
	if err != nil {
		return out, err
	}
	out = Stats{Sessions: len(list), File: fileSize(s.path), WAL: fileSize(s.path + "-wal"), Actions: map[string]int64{}, Fidelity: map[string]int64{}}
	for _, info := range list {
		out.Lost += int64(info.Lost)
		if info.Pruned {
			out.Pruned++
		}
		if out.Oldest == 0 || info.Started < out.Oldest {
			out.Oldest = info.Started
		}
	}
	c, err := s.reader()
	if err != nil {
		return out, err
	}
	defer c.close()
	version, err := c.version()
	if err != nil {
		return out, describe(s.path, err)
	}
	sums := "SELECT coalesce(sum(length(sources)), 0), 0 FROM policies"
	if version >= 2 {
		sums = "SELECT coalesce(sum(length(sources)), 0), (SELECT coalesce(sum(length(note) + length(leaves) + length(edge)), 0) FROM checkpoints) FROM policies"
	}
	err = c.query(sums, nil, func(row []driver.Value) error {
		out.Policies, out.Hashes = row[0].(int64), row[1].(int64)
		return nil
	})
	if err != nil {
		return out, describe(s.path, err)
	}
	if version >= 4 {
		err = c.query(`SELECT count(*), coalesce(sum(length(rows) + length(bodies) + length(data)), 0) + (SELECT coalesce(sum(length(data)), 0) FROM bodies),
			(SELECT count(*) FROM bodies) FROM blocks`, nil, func(row []driver.Value) error {
			out.Blocks, out.Stored, out.Bodies = asInt(row[0]), asInt(row[1]), asInt(row[2])
			return nil
		})
		if err == nil {
			out.Packed, err = c.number("SELECT -count(*) FROM entries WHERE session <> 0")
		}
		if err != nil {
			return out, describe(s.path, err)
		}
	}
	known := names{}
	return out, describe(s.path, allRows(c, func(r leafRow) error {
		out.Entries++
		if version >= 4 {
			out.Packed++
		}
		out.Actions[policy.Action(r.action).String()]++
		if r.err != nil || len(r.data) == 0 {
			return r.err
		}
		e, err := decodeEntry(r.seq, int(r.n), r.data, known)
		if err != nil {
			return err
		}
		out.Fidelity[e.Fidelity.String()]++
		out.Messages += int64(len(e.Frame.Raw))
		out.Verdicts += int64(len(r.data) - len(e.Frame.Raw))
		return nil
	}))
}

// Backup copies the database, as it is at one moment, to a new file (0600). Others may
// go on writing. The keys aren't copied.
func (s *Store) Backup(to string) error {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("making the backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("making the backup: %w", err)
	}
	c, err := connect(dsn(s.path, "_busy_timeout=10000&mode=rw"))
	if err == nil {
		err = c.exec("VACUUM INTO ?", to)
		c.close()
	}
	if err != nil {
		os.Remove(to)
		return fmt.Errorf("making the backup: %w", describe(s.path, err))
	}
	return nil
}
