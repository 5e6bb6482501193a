package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Durability says when an entry counts as recorded.
type Durability uint8

// The durabilities. The zero value is Normal.
const (
	Normal Durability = iota // committed to the WAL: survives a kill
	Strict                   // and synced: survives a loss of power
	Async                    // committed within 20 ms
)

// ParseDurability reads "normal", "strict" or "async".
func ParseDurability(s string) (Durability, error) {
	switch s {
	case "normal":
		return Normal, nil
	case "strict":
		return Strict, nil
	case "async":
		return Async, nil
	}
	return Normal, fmt.Errorf("unknown durability %q; use normal, strict or async", s)
}

// synchronous is SQLite's word for when a commit is synced.
func (d Durability) synchronous() string {
	if d == Strict {
		return "FULL"
	}
	return "NORMAL"
}

// ErrUnavailable is wrapped by errors of a store that can't write.
var ErrUnavailable = errors.New("recording is unavailable")

// Options are for Open. The zero value is the default.
type Options struct {
	Durability Durability
	// KeyFile holds the key of the stand-ins; "" means the database's path with
	// ".key" at its end. It is made if it doesn't exist.
	KeyFile string
	// Escrow, if set, encrypts the original of each entry with secrets. It takes some
	// 0.1 ms for each of these.
	Escrow *Escrow
}

// A Store is an open database. It is safe for concurrent use.
type Store struct {
	path     string
	opt      Options
	owner    string
	lock     *os.File // held while this store is open: see owner.go
	queue    *os.File // writers of several processes take turns by it
	crashed  []string
	readOnly bool

	idleMu   sync.Mutex
	idle     *conn // a reader to be used again
	idleDone bool  // none is kept any more

	tokenMu sync.Mutex
	token   tokeniser

	mu     sync.Mutex // guards cur and closed
	cur    *batch
	closed bool

	write   sync.Mutex // held by who commits; guards what follows
	w       *conn
	last    int64 // seq of the last entry committed
	running []*Session
	gaps    []*Session // of those running, whose losses aren't noted yet
	spare   batch      // buffers of a batch that was committed

	recorded atomic.Bool // a session was begun

	house   house
	poller  poller
	sealing sync.Mutex // held while a checkpoint is made
	packing sync.Mutex // held while entries are packed
}

// Path returns the database's path.
func (s *Store) Path() string { return s.path }

// Crashed are the ids of the sessions that Open found without an end, and without
// the process that recorded them.
func (s *Store) Crashed() []string { return s.crashed }

// Close commits what waits and closes the database. Sessions that were not ended
// are ended as closed. Closing again does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	s.closeIdle()
	if s.readOnly || again {
		return nil
	}
	s.stopHouse()
	s.poller.close()
	s.flush()
	err := s.endRunning()
	if err == nil {
		_, err = s.seal(nil)
	}
	if err == nil && s.recorded.Load() { // who only looked something up shouldn't wait
		s.tidyUp(within(packAtClose))
	}
	s.write.Lock()
	defer s.write.Unlock()
	giveUp := s.takeTurn()
	_ = s.w.exec("PRAGMA wal_checkpoint(TRUNCATE)") // fails while others read; the next one will
	err = errors.Join(err, s.w.close())
	giveUp()
	err = errors.Join(err, s.queue.Close(), s.dropOwner())
	s.w = nil
	return describe(s.path, err)
}

// tidyUp packs and shrinks, while proceed says so. What is wrong is no reason not to
// close: nothing is lost, and the next one tries again.
func (s *Store) tidyUp(proceed func() bool) {
	if _, err := s.pack(proceed); err == nil {
		_ = s.shrink(proceed)
	}
}

func (s *Store) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

var errClosed = fmt.Errorf("%w: the store is closed", ErrUnavailable)

// endRunning ends the sessions that were not.
func (s *Store) endRunning() (err error) {
	s.write.Lock()
	defer s.write.Unlock()
	s.noteGaps()
	for _, session := range slices.Clone(s.running) {
		err = errors.Join(err, session.end("closed", time.Now().UnixNano()))
	}
	return err
}

// update makes a change beside the entries, in a transaction of its own, and then
// calls done. An error wraps ErrUnavailable.
func (s *Store) update(change func() error, done func()) error {
	return s.updateIn(s.opt.Durability, change, done)
}

// updateSafely is update, synced to the disk whatever the store's durability: what can
// be used once must not be usable again after a loss of power.
func (s *Store) updateSafely(change func() error) error {
	return s.updateIn(Strict, change, func() {})
}

func (s *Store) updateIn(d Durability, change func() error, done func()) error {
	s.write.Lock()
	defer s.write.Unlock()
	if s.w == nil {
		return fmt.Errorf("%w: the store of %s isn't open for writing", ErrUnavailable, s.path)
	}
	defer s.takeTurn()()
	if err := s.w.transactionIn(d, s.opt.Durability, change); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, describe(s.path, err))
	}
	s.noteGaps()
	done()
	return nil
}

// keepPolicy stores a policy's sources by digest, once.
func (s *Store) keepPolicy(digest string, sources []policy.Source) error {
	b, err := json.Marshal(sources)
	if err != nil {
		return fmt.Errorf("encoding the policy: %w", err)
	}
	return s.w.exec("INSERT INTO policies (digest, sources) VALUES (?, ?) ON CONFLICT DO NOTHING", digest, string(b))
}

// Policy returns the sources of a policy that sessions were judged by.
func (s *Store) Policy(digest string) (out []policy.Source, err error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	found := false
	err = c.query("SELECT sources FROM policies WHERE digest = ?", []driver.Value{digest}, func(row []driver.Value) error {
		found = true
		return json.Unmarshal([]byte(asText(row[0])), &out)
	})
	if err == nil && !found {
		err = fmt.Errorf("no policy with digest %s is recorded", digest)
	}
	return out, describe(s.path, err)
}
