package recorder

import (
	"sync"
	"sync/atomic"
	"time"
)

// checkpointAfter is how much a store writes to the WAL, in bytes, until that is
// copied into the database: little, so that it is quick, and never by who waits for
// a message.
const checkpointAfter = 4 << 20

// sealEvery is how often a session that goes on for long is signed at most.
const sealEvery = time.Minute

// asyncDelay is how long an Async store buffers at most.
const asyncDelay = 20 * time.Millisecond

// A house is what a store does beside its callers, on one goroutine: committing what
// an Async store buffers, checkpoints, and packing. It sleeps while there is nothing to
// do.
type house struct {
	ring    chan struct{} // holds a token if there is something to do
	written atomic.Int64  // bytes since the WAL was copied
	ended   atomic.Bool   // a session has ended, and can be packed
	stop    chan struct{}
	stopped sync.WaitGroup
}

// wake says that an Async store has something to commit.
func (h *house) wake() {
	select {
	case h.ring <- struct{}{}:
	default:
	}
}

// wrote counts what a commit added to the WAL.
func (h *house) wrote(bytes int) {
	if h.written.Add(int64(bytes)) >= checkpointAfter {
		h.wake()
	}
}

// sessionEnded says that there is a session to pack.
func (h *house) sessionEnded() {
	h.ended.Store(true)
	h.wake()
}

func (s *Store) startHouse() {
	h := &s.house
	h.ring, h.stop = make(chan struct{}, 1), make(chan struct{})
	h.stopped.Go(s.keepHouse)
}

func (s *Store) stopHouse() {
	close(s.house.stop)
	s.house.stopped.Wait()
}

func (s *Store) keepHouse() {
	h := &s.house
	signed := time.Now()
	left := time.After(packAfter)
	var c *conn // to copy the WAL, so that writers go on meanwhile
	defer func() {
		if c != nil {
			c.close()
		}
	}()
	for {
		select {
		case <-h.stop:
			return
		case <-left:
			left = nil
			if _, err := s.seal(nil); err == nil { // sessions that crashed
				h.ended.Store(true)
			}
		case <-h.ring:
		}
		if s.opt.Durability == Async {
			select {
			case <-h.stop:
				return
			case <-time.After(asyncDelay):
			}
			s.flush()
		}
		if h.written.Load() >= checkpointAfter {
			h.written.Store(0)
			c = s.copyWAL(c)
			if now := time.Now(); now.Sub(signed) >= sealEvery {
				signed = now
				_, err := s.seal(nil) // the next one, or Close, says what is wrong
				h.ended.Store(h.ended.Load() || err == nil)
			}
		}
		if h.ended.Swap(false) {
			_, _ = s.pack(s.pauses) // the next one tries again
		}
	}
}

// copyWAL copies the WAL into the database as far as nobody reads the old state.
// If it can't, the WAL stays, and the next one tries again.
func (s *Store) copyWAL(c *conn) *conn {
	if c == nil {
		var err error
		if c, err = connect(dsn(s.path, "_busy_timeout=1&mode=rw")); err != nil {
			return nil
		}
	}
	_ = c.exec("PRAGMA wal_checkpoint(PASSIVE)")
	return c
}

// pauses lets others write between two steps of packing, and says whether to go on.
func (s *Store) pauses() bool {
	select {
	case <-s.house.stop:
		return false
	case <-time.After(packPause):
		return true
	}
}
