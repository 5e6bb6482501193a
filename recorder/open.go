package recorder

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Open opens a database for writing, and makes it (0600, in a folder of 0700) if it
// doesn't exist. Sessions whose process died are marked as crashed: see Crashed.
func Open(path string, opt Options) (*Store, error) {
	if err := makeFile(path); err != nil {
		return nil, err
	}
	if opt.KeyFile == "" {
		opt.KeyFile = path + ".key"
	}
	key, err := readKey(opt.KeyFile)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, opt: opt, token: tokeniser{key: key, cache: map[[32]byte]string{}}, cur: &batch{}}
	if err := s.openQueue(); err != nil {
		return nil, err
	}
	if s.w, err = s.openPatiently(); err != nil {
		return nil, errors.Join(err, s.queue.Close())
	}
	if err := s.takeOwner(); err != nil {
		return nil, errors.Join(err, s.w.close(), s.queue.Close())
	}
	if err := s.markCrashed(); err != nil {
		return nil, errors.Join(err, s.w.close(), s.queue.Close(), s.dropOwner())
	}
	s.startHouse()
	return s, nil
}

// openPatiently opens the connection that writes. SQLite lets nobody wait for who turns
// the database into a WAL database, or is the last to close it: it fails. So that
// happens in turn, too; and where a turn isn't kept, because somebody lost patience or
// isn't of ours, it is tried again.
func (s *Store) openPatiently() (*conn, error) {
	for began := time.Now(); ; {
		giveUp := s.waitTurn(openPatience)
		w, err := openWriter(s.path, s.opt.Durability)
		giveUp()
		if err == nil || !isBusy(err) || time.Since(began) > openPatience {
			return w, err
		}
	}
}

// openPatience is how long an opening store waits for others, about.
const openPatience = 15 * time.Second

// isBusy reports whether somebody else's lock was the reason.
func isBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked || e.Code == sqlite3.ErrProtocol)
}

// makeFile makes the database's file if there is none. It doesn't touch one that is
// there: closing it would drop the locks that SQLite holds on it in this process
// (sqlite.org/howtocorrupt.html, 2.2).
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder of the database: %w; choose another with --db or RULEWIND_DB", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			return fmt.Errorf("opening database %s: it is a folder; choose a file with --db or RULEWIND_DB", path)
		}
		return nil
	case err != nil:
		return fmt.Errorf("making the database: %w; choose another with --db or RULEWIND_DB", err)
	}
	return f.Close()
}

func openWriter(path string, d Durability) (*conn, error) {
	c, err := connect(dsn(path, "_txlock=immediate&_busy_timeout=10000&mode=rw"))
	if err != nil {
		return nil, describe(path, err)
	}
	if v, err := c.version(); err != nil {
		return nil, errors.Join(describe(path, err), c.close())
	} else if v == 0 { // for a file that is new; on others this would take the lock of writers
		for _, p := range []string{pragma("page_size", 4096), pragma("auto_vacuum", "INCREMENTAL")} {
			if err := c.exec(p); err != nil {
				return nil, errors.Join(describe(path, err), c.close())
			}
		}
	}
	for _, p := range []string{
		pragma("journal_mode", "WAL"), pragma("synchronous", d.synchronous()),
		pragma("wal_autocheckpoint", 0), pragma("journal_size_limit", 4*checkpointAfter),
		pragma("secure_delete", "ON"), pragma("foreign_keys", "ON"),
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

// OpenReadOnly opens a database that exists, for Sessions, Entries and the like. It
// writes nothing, in the file or beside it, so that it works where nothing can be
// written. (Only the index of a WAL that a killed process left may be made anew.)
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
	if err != nil {
		return nil, describe(path, err)
	}
	if v == 0 {
		return nil, fmt.Errorf("database %s: it is not a recording of rulewind", path)
	}
	return s, tooNew(path, v)
}

// reader opens a connection of its own for reading.
//
// Whoever opens a WAL database makes a WAL and its index beside it, even for reading.
// So where there is none, because nobody writes, it is opened as immutable; and should
// somebody begin to write meanwhile, the reader notices and says so.
func (s *Store) reader() (*conn, error) {
	query := "mode=ro&_busy_timeout=10000"
	before, err := os.Stat(s.path)
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	quiet := s.quiet()
	if quiet {
		query = "mode=ro&immutable=1"
	}
	c, err := connect(dsn(s.path, query))
	if err != nil {
		return nil, describe(s.path, err)
	}
	c.file = before
	if quiet {
		c.unchanged = func() error {
			if after, err := os.Stat(s.path); err != nil || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
				return errWritten
			}
			return nil
		}
	}
	if _, err := c.version(); err != nil {
		err = errors.Join(describe(s.path, err), c.close())
		if !quiet && s.quiet() {
			return s.reader() // the last writer has closed it meanwhile, and taken the WAL along
		}
		return nil, err
	}
	return c, nil
}

// quiet reports whether nobody has the database open for writing.
func (s *Store) quiet() bool {
	return !exists(s.path+"-shm") && (!exists(s.path+"-wal") || isEmpty(s.path+"-wal"))
}

// borrow is reader, but may return a connection that was given back: who reads many
// short sessions would spend his time with opening.
func (s *Store) borrow() (*conn, error) {
	s.idleMu.Lock()
	c := s.idle
	s.idle = nil
	s.idleMu.Unlock()
	if c == nil {
		return s.reader()
	}
	now, err := os.Stat(s.path)
	if err == nil && os.SameFile(c.file, now) && (c.unchanged != nil) == s.quiet() && (c.unchanged == nil || c.unchanged() == nil) {
		return c, nil
	}
	_ = c.close()
	return s.reader() // the file is another, or others write now, or no more
}

// giveBack takes back what borrow returned.
func (s *Store) giveBack(c *conn) {
	s.idleMu.Lock()
	defer s.idleMu.Unlock()
	if s.idle != nil || s.idleDone || c.rollback() != nil {
		_ = c.close() // it only read
		return
	}
	s.idle = c
}

// closeIdle closes what was given back, and what will be.
func (s *Store) closeIdle() {
	s.idleMu.Lock()
	defer s.idleMu.Unlock()
	s.idleDone = true
	if s.idle != nil {
		_ = s.idle.close()
		s.idle = nil
	}
}

var errWritten = errors.New("somebody began to write to it while it was read; try again")

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isEmpty(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Size() == 0
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
	case strings.Contains(text, "malformed"), errors.Is(err, errEntry):
		return fmt.Errorf("database %s is damaged: %w; restore a copy", path, err)
	case strings.Contains(text, "readonly"):
		return fmt.Errorf("database %s can't be written to: %w; choose another with --db or RULEWIND_DB", path, err)
	case isBusy(err):
		return fmt.Errorf("database %s: %w: another program holds it; close that, or name another database with --db or RULEWIND_DB", path, err)
	case strings.Contains(text, "unable to open") && exists(path+"-wal"):
		return fmt.Errorf("database %s: %w: a process that was killed has left %s-wal, and the folder can't be written to; copy both files elsewhere", path, err, path)
	case strings.Contains(text, "is full"):
		return fmt.Errorf("database %s: %w; make room on its disk", path, err)
	}
	return fmt.Errorf("database %s: %w", path, err)
}
