package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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

// ErrUnavailable is wrapped by errors of a store that can't write.
var ErrUnavailable = errors.New("recording is unavailable")

// Options are for Open. The zero value is the default.
type Options struct {
	Durability Durability
	// KeyFile holds the key of the stand-ins; "" means the database's path with
	// ".key" at its end. It is made if it doesn't exist.
	KeyFile string
}

// A Store is an open database. It is safe for concurrent use.
type Store struct {
	path    string
	opt     Options
	owner   string
	lock    *os.File // held while this store is open: see owner.go
	queue   *os.File // writers of several processes take turns by it
	token   tokeniser
	tokenMu sync.Mutex

	mu     sync.Mutex // guards cur and failed
	cur    *batch
	failed error // what an Async commit met, for the next Append

	write   sync.Mutex // held by who commits; guards w, last and running
	w       *conn
	last    int64 // seq of the last entry committed
	running []*Session

	stop, stopped chan struct{} // of the housekeeper
	readOnly      bool
}

// Open opens a database for writing, and makes it (0600, in a folder of 0700) if it
// doesn't exist. Sessions whose process died are marked as crashed.
func Open(path string, opt Options) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the database: %w", err)
	}
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, fmt.Errorf("opening database: %w; choose another with --db or RULEWIND_DB", err)
	} else if err := f.Close(); err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	if opt.KeyFile == "" {
		opt.KeyFile = path + ".key"
	}
	key, err := readKey(opt.KeyFile)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, opt: opt, token: tokeniser{key: key, cache: map[[32]byte]string{}}}
	s.cur = s.newBatch()
	if s.w, err = openWriter(path, opt.Durability); err != nil {
		return nil, err
	}
	if err := errors.Join(s.takeOwner(), s.openQueue()); err != nil {
		return nil, errors.Join(err, s.w.close())
	}
	if err := s.markCrashed(); err != nil {
		return nil, errors.Join(err, s.w.close())
	}
	s.stop, s.stopped = make(chan struct{}), make(chan struct{})
	go s.keepHouse()
	return s, nil
}

func openWriter(path string, d Durability) (*conn, error) {
	c, err := connect(dsn(path, "_txlock=immediate&_busy_timeout=10000&mode=rw"))
	if err != nil {
		return nil, describe(path, err)
	}
	synchronous := "NORMAL"
	if d == Strict {
		synchronous = "FULL"
	}
	for _, p := range []string{
		pragma("page_size", 4096), pragma("journal_mode", "WAL"), pragma("synchronous", synchronous),
		pragma("wal_autocheckpoint", 0), pragma("secure_delete", "ON"), pragma("foreign_keys", "ON"),
	} {
		if err := c.exec(p); err != nil {
			return nil, errors.Join(describe(path, err), c.close())
		}
	}
	if err := migrate(c, path); err != nil {
		return nil, errors.Join(describe(path, err), c.close())
	}
	return c, nil
}

// dsn is a URI file name (sqlite.org/uri.html).
func dsn(path, query string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query
}

// OpenReadOnly opens a database that exists, and writes nothing, not even beside it.
func OpenReadOnly(path string) (*Store, error) {
	if st, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	} else if st.IsDir() {
		return nil, fmt.Errorf("opening database %s: it is a folder", path)
	}
	s := &Store{path: path, readOnly: true}
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	v, err := c.version()
	if err == nil && v == 0 {
		err = errors.New("it is not a recording of rulewind")
	}
	if err = errors.Join(err, tooNew(path, v)); err != nil {
		return nil, describe(path, err)
	}
	return s, nil
}

// reader opens a connection of its own for reading.
func (s *Store) reader() (*conn, error) {
	c, err := connect(dsn(s.path, "mode=ro&_busy_timeout=10000"))
	if err == nil {
		if _, err = c.version(); err == nil {
			return c, nil
		}
		c.close()
	}
	// In a folder that can't be written to, a WAL database opens only as immutable,
	// which is right if nobody has left anything in the WAL.
	if st, statErr := os.Stat(s.path + "-wal"); statErr == nil && st.Size() > 0 {
		return nil, describe(s.path, err)
	}
	if c, again := connect(dsn(s.path, "mode=ro&immutable=1")); again == nil {
		if _, again = c.version(); again == nil {
			return c, nil
		}
		c.close()
	}
	return nil, describe(s.path, err)
}

// describe names the file and, where it is known, the remedy.
func describe(path string, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "not a database"):
		return fmt.Errorf("%s is not a database of rulewind: %w", path, err)
	case strings.Contains(text, "malformed"):
		return fmt.Errorf("database %s is damaged: %w; restore a copy", path, err)
	case strings.Contains(text, "readonly"):
		return fmt.Errorf("database %s can't be written to: %w; choose another with --db or RULEWIND_DB", path, err)
	}
	return fmt.Errorf("database %s: %w", path, err)
}

// checkpointAfter is the size of the WAL from which it is copied into the database,
// in bytes: small, so that it is quick, and by a goroutine of its own.
const checkpointAfter = 4 << 20

// keepHouse commits what an Async store has buffered, and checkpoints. Close waits
// for it.
func (s *Store) keepHouse() {
	defer close(s.stopped)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		if s.opt.Durability == Async {
			_ = s.flush() // the next Append says what went wrong
		}
		if st, err := os.Stat(s.path + "-wal"); err == nil && st.Size() > checkpointAfter {
			s.checkpoint("PASSIVE")
		}
	}
}

// checkpoint copies the WAL into the database, on a connection of its own so that
// writers go on. RESTART lets the WAL begin anew and so stay small.
func (s *Store) checkpoint(mode string) {
	c, err := connect(dsn(s.path, "_busy_timeout=1&mode=rw"))
	if err != nil {
		return // the WAL stays; the next one tries again
	}
	defer c.close()
	_ = c.exec("PRAGMA wal_checkpoint(" + mode + ")")
}

// Path returns the database's path.
func (s *Store) Path() string { return s.path }

// Close commits what waits and closes the database. Sessions that were not ended
// are ended as closed.
func (s *Store) Close() error {
	if s.readOnly {
		return nil
	}
	close(s.stop)
	<-s.stopped
	err := s.flush()
	s.write.Lock()
	defer s.write.Unlock()
	for _, session := range slices.Clone(s.running) {
		err = errors.Join(err, session.end("closed", time.Now().UnixNano()))
	}
	_ = s.w.exec("PRAGMA wal_checkpoint(TRUNCATE)") // fails while others read; the next one will
	err = errors.Join(err, s.w.close(), s.queue.Close())
	s.dropOwner()
	return err
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
