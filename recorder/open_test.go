package recorder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

// count returns how many entries a database holds.
func count(t *testing.T, path string) (n int) {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := s.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range list {
		n += info.Entries
	}
	return n
}

// A store opened again in the process must not disturb the locks of the first: another
// process that closes the database would take itself for the last, and delete the WAL.
func TestOpeningTwiceInAProcessKeepsItsLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	first := open(t, path, recorder.Options{})
	defer first.Close()
	tp := begin(t, first, defaultPolicy(t))
	second := open(t, path, recorder.Options{})
	defer second.Close()
	if out, err := writing(path, 3).Output(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tp.message(mcp.ToServer, request(1))
	if n := count(t, path); n != 5 {
		t.Errorf("%d entries, want 5", n)
	}
}

func TestReaderOfAClosedDatabaseNoticesAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	tp.message(mcp.ToServer, request(1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	ro, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	n := 0
	for _, err := range ro.Entries(tp.session.ID()) {
		if last = err; n == 0 {
			again := open(t, path, recorder.Options{})
			begin(t, again, defaultPolicy(t))
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		}
		n++
	}
	if last == nil || !strings.Contains(last.Error(), "try again") {
		t.Errorf("after %d entries: %v", n, last)
	}
	if n := count(t, path); n != 3 {
		t.Errorf("read again: %d entries, want 3", n)
	}
}

func TestClosedStoreRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	f := mcp.Frame{At: 9, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(1))}
	if _, err := tp.session.Append(f, tp.engine.Step(f)); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("Append: %v", err)
	}
	if err := tp.session.End("late", 1); err != nil {
		t.Errorf("End: %v", err)
	}
	if _, err := s.Begin(recorder.SessionInfo{}); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("Begin: %v", err)
	}
	if err := s.SeeTools("files", map[string]string{"a": "1"}, 1); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("SeeTools: %v", err)
	}
	if n := count(t, path); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

func TestDamagedDatabaseIsReported(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	for i := range 200 {
		tp.message(mcp.ToServer, request(i))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b); i++ {
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	ro, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range ro.Entries(tp.session.ID()) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "damaged") {
		t.Errorf("reading a damaged database: %v", last)
	}
}

func TestFilesOfDeadProcessesAreTidied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	dead := path + ".owner-0123456789abcdef"
	if err := os.WriteFile(dead, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, recorder.Options{})
	defer s.Close()
	other := open(t, path, recorder.Options{})
	defer other.Close()
	left, _ := filepath.Glob(path + ".owner-*")
	if len(left) != 2 {
		t.Errorf("%d files of owners are left, want those of 2 open stores", len(left))
	}
}
