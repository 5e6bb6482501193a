package recorder

import (
	"fmt"
	"os"
	"time"
)

// The writers of several processes take turns by a lock of their own: who waits by
// SQLite's means sleeps longer each time, up to 100 ms, and some starve.

// openQueue opens the file of that lock.
func (s *Store) openQueue() error {
	f, err := os.OpenFile(s.path+".queue", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("locking database: %w; its folder must be one that can be written to: choose another with --db or RULEWIND_DB, or copy it", err)
	}
	s.queue = f
	return nil
}

// The pauses between looks at a turn that is somebody else's, and the end of the
// patience: who is stopped while it is his turn keeps others waiting, but not for
// good. SQLite's own lock holds in any case.
const (
	turnPause = 50 * time.Microsecond
	maxPause  = 400 * time.Microsecond
	maxTurn   = 2 * time.Second
)

// takeTurn waits for a turn to write. It is called with s.write held.
func (s *Store) takeTurn() (giveUp func()) { return s.waitTurn(maxTurn) }

func (s *Store) waitTurn(patience time.Duration) (giveUp func()) {
	if tryLock(s.queue) {
		return s.giveTurn
	}
	began := time.Now()
	for pause := turnPause; time.Since(began) < patience; pause = min(2*pause, maxPause) {
		time.Sleep(pause)
		if tryLock(s.queue) {
			return s.giveTurn
		}
	}
	return func() {}
}

func (s *Store) giveTurn() { unlock(s.queue) }
