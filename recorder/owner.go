package recorder

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Each open store holds a lock on a file of its own beside the database. A session
// without an end whose owner's file isn't locked any more belongs to a process that
// died.

func (s *Store) ownerFile(owner string) string { return s.path + ".owner-" + owner }

func (s *Store) takeOwner() error {
	for {
		var b [8]byte
		if _, err := rand.Read(b[:]); err != nil {
			return fmt.Errorf("naming the store: %w", err)
		}
		s.owner = hex.EncodeToString(b[:])
		name := s.ownerFile(s.owner)
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("locking database: %w", err)
		}
		if tryLock(f) && sameFile(f, name) {
			s.lock = f
			return nil
		}
		// Somebody who tidies up took it for a dead one's before it was locked.
		f.Close()
	}
}

// sameFile reports whether the open file still has its name.
func sameFile(f *os.File, name string) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(opened, named)
}

// dropOwner removes the file while it is locked: unlocked, it may be taken for that of
// a store whose process is gone.
func (s *Store) dropOwner() error {
	err := os.Remove(s.ownerFile(s.owner))
	if errors.Is(err, os.ErrNotExist) {
		err = nil // somebody cleaned the folder
	}
	return errors.Join(err, s.lock.Close())
}

// markCrashed ends the sessions whose owner is gone, and tidies up after it.
func (s *Store) markCrashed() error {
	if !canLock {
		return nil
	}
	var dead []openSession
	alive := map[string]bool{s.owner: true}
	err := openSessions(s.w, func(o openSession) {
		if _, known := alive[o.owner]; !known {
			alive[o.owner] = s.locked(s.ownerFile(o.owner))
		}
		if !alive[o.owner] {
			dead = append(dead, o)
		}
	})
	if err != nil {
		return describe(s.path, err)
	}
	if len(dead) > 0 {
		if err := s.update(func() error { return s.endCrashed(dead) }, func() {}); err != nil {
			return fmt.Errorf("ending sessions that crashed: %w", err)
		}
	}
	s.tidyOwners()
	return nil
}

// An openSession is one that has no end.
type openSession struct {
	num, first int64
	id, owner  string
}

func openSessions(c *conn, each func(openSession)) error {
	return c.query("SELECT num, first, id, owner FROM sessions WHERE ended IS NULL ORDER BY num", nil, func(row []driver.Value) error {
		each(openSession{row[0].(int64), row[1].(int64), asText(row[2]), asText(row[3])})
		return nil
	})
}

// endCrashed writes the ends of sessions as they would have: with their last entry and
// their counts, so that nobody has to look for those again. When a process died isn't
// known; its last entry's time stands for it.
func (s *Store) endCrashed(dead []openSession) error {
	still := map[int64]bool{}
	if err := openSessions(s.w, func(o openSession) { still[o.num] = true }); err != nil {
		return err
	}
	for _, o := range dead {
		if !still[o.num] {
			continue // another process was quicker
		}
		last, actions, err := countEntries(s.w, o)
		if err != nil {
			return err
		}
		counts, err := json.Marshal(actions)
		if err != nil {
			return err
		}
		at, err := lastAt(s.w, o.num, last)
		if err == nil {
			err = s.w.exec("UPDATE sessions SET ended = ?, reason = 'crashed', last = ?, actions = ? WHERE num = ?", at, last, string(counts), o.num)
		}
		if err == nil {
			err = closeAsks(s.w, o.id, "crashed")
		}
		if err != nil {
			return err
		}
		s.crashed = append(s.crashed, o.id)
	}
	return nil
}

// countEntries counts what a session without an end holds by action, and returns the
// seq of its last entry, or 0.
func countEntries(c *conn, o openSession) (last int64, actions map[string]int, err error) {
	actions = map[string]int{}
	if ok, err := c.hasBlocks(); err != nil {
		return 0, nil, err
	} else if ok {
		err := c.query("SELECT first, session, n, rows FROM blocks WHERE session = ? ORDER BY first", []driver.Value{o.num}, func(row []driver.Value) error {
			index, _ := row[3].([]byte)
			for _, r := range blockIndex(asInt(row[0]), asInt(row[1]), asInt(row[2]), index) {
				actions[policy.Action(r.action).String()]++
				last = r.seq
			}
			return nil
		})
		if err != nil {
			return 0, nil, err
		}
	}
	err = c.query("SELECT action, count(*), max(seq) FROM entries WHERE session = ? AND seq >= ? GROUP BY action", []driver.Value{o.num, o.first}, func(row []driver.Value) error {
		actions[policy.Action(row[0].(int64)).String()] += int(row[1].(int64))
		last = max(last, row[2].(int64))
		return nil
	})
	return last, actions, err
}

// lastAt returns the time of a session's last entry. Of one that is damaged Verify
// tells.
func lastAt(c *conn, session, seq int64) (at int64, err error) {
	read := func(data []byte) {
		if e, err := decodeEntry(seq, 0, data, names{}); err == nil {
			at = e.Frame.At
		}
	}
	live := false
	err = c.query("SELECT data FROM entries WHERE seq = ? AND session = ?", []driver.Value{seq, session}, func(row []driver.Value) error {
		data, _ := row[0].([]byte)
		live = true
		read(data)
		return nil
	})
	if ok, hasErr := c.hasBlocks(); err != nil || hasErr != nil || live || !ok {
		return at, errors.Join(err, hasErr)
	}
	b := blockReader{c: c}
	err = c.query("SELECT "+blockColumnsSQL+" FROM blocks WHERE session = ? ORDER BY first DESC LIMIT 1", []driver.Value{session}, func(row []driver.Value) error {
		if list := b.entries(row); len(list) > 0 {
			read(list[len(list)-1].data)
		}
		return nil
	})
	return at, err
}

// tidyOwners removes the files of stores whose process is gone.
func (s *Store) tidyOwners() {
	folder, base := filepath.Split(s.path)
	list, _ := os.ReadDir(filepath.Clean(folder + "."))
	for _, e := range list {
		if strings.HasPrefix(e.Name(), base+".owner-") {
			if name := folder + e.Name(); !s.locked(name) {
				os.Remove(name) // fails if somebody else was quicker
			}
		}
	}
}

// locked reports whether a store that lives holds the file.
func (s *Store) locked(name string) bool {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	return !tryLock(f)
}

func asInt(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func asText(v driver.Value) string {
	switch x := v.(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return ""
}
