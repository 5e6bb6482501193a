package recorder

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Each open store holds a lock on a file of its own beside the database. A session
// without an end whose owner's file isn't locked any more belongs to a process that
// died.

func (s *Store) ownerFile(owner string) string { return s.path + ".owner-" + owner }

func (s *Store) takeOwner() error {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return fmt.Errorf("naming the store: %w", err)
	}
	s.owner = hex.EncodeToString(b[:])
	f, err := os.OpenFile(s.ownerFile(s.owner), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("locking database: %w", err)
	}
	s.lock = f
	if !tryLock(f) {
		return fmt.Errorf("locking %s: it is locked already", f.Name())
	}
	return nil
}

func (s *Store) dropOwner() {
	s.lock.Close()
	os.Remove(s.ownerFile(s.owner))
}

// openQueue opens the file by which the writers of several processes take turns:
// SQLite's own waiting sleeps, and starves some of them.
func (s *Store) openQueue() error {
	f, err := os.OpenFile(s.path+".queue", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("locking database: %w", err)
	}
	s.queue = f
	return nil
}

func (s *Store) takeTurn() (unlock func()) {
	lockWait(s.queue)
	return s.giveTurn
}

func (s *Store) giveTurn() { unlock(s.queue) }

// markCrashed ends the sessions whose owner is gone.
func (s *Store) markCrashed() error {
	var owners []string
	err := s.w.query("SELECT DISTINCT owner FROM sessions WHERE ended IS NULL", nil, func(row []driver.Value) error {
		owners = append(owners, asText(row[0]))
		return nil
	})
	if err != nil {
		return describe(s.path, err)
	}
	for _, o := range owners {
		if o == s.owner || s.alive(o) {
			continue
		}
		// When it died isn't known; Sessions gives the time of its last entry.
		err := s.w.exec("UPDATE sessions SET reason = 'crashed', ended = 0 WHERE owner = ? AND ended IS NULL", o)
		if err != nil {
			return describe(s.path, err)
		}
		os.Remove(s.ownerFile(o))
	}
	return nil
}

// alive reports whether the owner's file is locked by its process.
func (s *Store) alive(owner string) bool {
	if strings.ContainsAny(owner, "/\\.") {
		return false
	}
	f, err := os.Open(s.ownerFile(owner))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
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
