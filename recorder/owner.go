package recorder

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

func (s *Store) dropOwner() error {
	return errors.Join(s.lock.Close(), os.Remove(s.ownerFile(s.owner)))
}

// markCrashed ends the sessions whose owner is gone, and tidies up after it.
func (s *Store) markCrashed() error {
	if !canLock {
		return nil
	}
	type open struct{ id, owner string }
	var list []open
	err := s.w.query("SELECT id, owner FROM sessions WHERE ended IS NULL ORDER BY num", nil, func(row []driver.Value) error {
		list = append(list, open{asText(row[0]), asText(row[1])})
		return nil
	})
	if err != nil {
		return describe(s.path, err)
	}
	alive := map[string]bool{s.owner: true}
	for _, o := range list {
		if _, known := alive[o.owner]; !known {
			alive[o.owner] = s.locked(s.ownerFile(o.owner))
		}
		if alive[o.owner] {
			continue
		}
		// When it died isn't known; Sessions gives the time of its last entry.
		if err := s.w.exec("UPDATE sessions SET reason = 'crashed', ended = 0 WHERE id = ? AND ended IS NULL", o.id); err != nil {
			return describe(s.path, err)
		}
		s.crashed = append(s.crashed, o.id)
	}
	s.tidyOwners()
	return nil
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

func asText(v driver.Value) string {
	switch x := v.(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return ""
}
