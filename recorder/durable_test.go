package recorder_test

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// The test binary plays a writing process when told to.
func TestMain(m *testing.M) {
	if path := os.Getenv("RECORDER_TEST_WRITE"); path != "" {
		n, _ := strconv.Atoi(os.Getenv("RECORDER_TEST_N"))
		os.Exit(writer(path, n))
	}
	if role := os.Getenv("RECORDER_TEST_ROLE"); role != "" {
		n, _ := strconv.Atoi(os.Getenv("RECORDER_TEST_N"))
		os.Exit(play(role, os.Getenv("RECORDER_TEST_DB"), n))
	}
	os.Exit(m.Run())
}

// writer appends n entries, and says each one's number once it is committed.
func writer(path string, n int) int {
	s, err := recorder.Open(path, recorder.Options{})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	src, _ := policy.Embedded("default")
	p, _ := policy.Load("default", src, nil)
	session, err := s.Begin(recorder.SessionInfo{Server: "w", PolicyDigest: p.Digest, Policy: p.Sources})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println("session", session.ID())
	engine := policy.NewSession(p)
	for i := range n {
		f := mcp.Frame{At: int64(i), Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(i))}
		wait, err := session.Append(f, engine.Step(f))
		if err == nil {
			err = wait()
		}
		if err != nil {
			fmt.Println("error:", err)
			return 1
		}
		fmt.Println(i)
	}
	if err := s.Close(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

func request(i int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"note","arguments":{"n":%d}}}`, i, i)
}

func writing(path string, n int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "RECORDER_TEST_WRITE="+path, "RECORDER_TEST_N="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	return cmd
}

// soak scales a number by RULEWIND_SOAK.
func soak(n int) int {
	if f, err := strconv.Atoi(os.Getenv("RULEWIND_SOAK")); err == nil && f > 1 {
		return n * f
	}
	return n
}

func TestProcessesAtOnceOnANewDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	n, processes := soak(200), 8
	var wg sync.WaitGroup
	for range processes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if out, err := writing(path, n).Output(); err != nil {
				t.Errorf("a writer failed: %v\n%s", err, out[max(0, len(out)-300):])
			}
		}()
	}
	wg.Wait()
	s, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Sessions()
	if err != nil || len(list) != processes {
		t.Fatalf("%d sessions, %v", len(list), err)
	}
	for _, info := range list {
		if info.Entries != n || info.Reason != "closed" {
			t.Errorf("session %s: %d entries, %s", info.ID, info.Entries, info.Reason)
		}
	}
	intact(t, path)
}

func TestKilledProcessLosesNothingThatWasCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	for round := range soak(10) {
		cmd := writing(path, 1_000_000)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		scan := bufio.NewScanner(out)
		scan.Scan()
		id := strings.TrimPrefix(scan.Text(), "session ")
		last := -1
		for scan.Scan() {
			if last, err = strconv.Atoi(scan.Text()); err != nil {
				t.Fatalf("the writer said %q", scan.Text())
			}
			if last == 20+round*37%200 {
				cmd.Process.Kill()
			}
		}
		_ = cmd.Wait() // killed
		s := open(t, path, recorder.Options{})
		n := 0
		for e, err := range s.Entries(id) {
			if err != nil {
				t.Fatal(err)
			}
			if string(e.Frame.Raw) != request(n) {
				t.Fatalf("entry %d holds %s", n, e.Frame.Raw)
			}
			n++
		}
		if n < last+1 {
			t.Errorf("%d entries are left of %d that were committed", n, last+1)
		}
		if got := s.Crashed(); len(got) != 1 || got[0] != id {
			t.Errorf("crashed: %v; want %s", got, id)
		}
		list, err := s.Sessions()
		if err != nil {
			t.Fatal(err)
		}
		if got := list[len(list)-1]; got.Reason != "crashed" || got.Entries != n || got.Actions["allow"] != n || got.Ended != int64(n-1) {
			t.Errorf("the session ended as %q at %d with %v, after %d entries", got.Reason, got.Ended, got.Actions, n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if round%50 == 9 {
			intact(t, path)
		}
	}
}

// intact checks that a closed database is wholly signed, as it was signed.
func intact(t *testing.T, path string) {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.Verify(recorder.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Breaks) > 0 || v.Verified != v.Entries || v.Open > 0 {
		t.Errorf("%d entries, verified up to %d, %d sessions open, breaks: %v", v.Entries, v.Verified, v.Open, v.Breaks)
	}
}

func TestFullDatabaseRefusesAndRecovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	p := defaultPolicy(t)
	tp := begin(t, s, p)
	tp.message(mcp.ToServer, request(1))
	recorder.LimitPages(s, 12)
	big := strings.Repeat("a", 1<<20)
	wait := tp.put(mcp.MessageFrame, mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"note","arguments":{"n":"`+big+`"}}}`)
	if err := wait(); !errors.Is(err, recorder.ErrUnavailable) {
		t.Fatalf("a full database gave %v", err)
	}
	if err := wait(); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("asked again it gave %v", err)
	}
	recorder.LimitPages(s, 1<<20)
	again := begin(t, s, p)
	again.message(mcp.ToServer, request(3))
	// The session that lost an entry takes no more: what it holds can be replayed.
	f := mcp.Frame{At: 9, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(4))}
	if _, err := tp.session.Append(f, tp.engine.Step(f)); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("appending after a loss gave %v", err)
	}
	list, err := s.Sessions()
	if err != nil || len(list) != 2 {
		t.Fatalf("%d sessions, %v", len(list), err)
	}
	if got := list[0]; got.Reason != "gap" || got.Lost != 1 || got.Entries != 2 {
		t.Errorf("the first session: %s, %d lost, %d entries; want gap, 1, 2", got.Reason, got.Lost, got.Entries)
	}
	if got := list[1]; got.Reason != "" || got.Lost != 0 || got.Entries != 2 {
		t.Errorf("the second session: %q, %d lost, %d entries; want it running with 2", got.Reason, got.Lost, got.Entries)
	}
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	db, err := sql.Open("sqlite3", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, tt := range []struct{ path, want string }{
		{newer, "schema version 99, and this rulewind knows up to 5: update rulewind"},
		{write("text.db", strings.Repeat("not a database at all\n", 100)), "is not a database of rulewind"},
		{write("empty.db", ""), "not a recording"},
		{filepath.Join(dir, "missing.db"), "no such file"},
		{dir, "is a folder"},
	} {
		if _, err := recorder.OpenReadOnly(tt.path); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", filepath.Base(tt.path), err, tt.want)
		}
	}
	if _, err := recorder.Open(newer, recorder.Options{}); err == nil || !strings.Contains(err.Error(), "update rulewind") {
		t.Errorf("opening a newer database for writing: %v", err)
	}
}

func TestFilesAreTheUsersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	s := open(t, filepath.Join(dir, "r.db"), recorder.Options{})
	defer s.Close()
	begin(t, s, defaultPolicy(t))
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", st.Mode(), err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) < 3 {
		t.Fatalf("only %v", files)
	}
	for _, f := range files {
		if st, err := os.Stat(f); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", filepath.Base(f), st.Mode(), err)
		}
	}
}

func TestReadOnlyFolderCanBeRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.db")
	s := open(t, path, recorder.Options{})
	begin(t, s, defaultPolicy(t)).message(mcp.ToServer, request(1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	before, _ := os.ReadDir(dir)
	ro, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ro.Sessions()
	if err != nil || len(list) != 1 || list[0].Entries != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("reading left %d files, there were %d", len(after), len(before))
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, d := range []struct {
		name string
		d    recorder.Durability
	}{{"normal", recorder.Normal}, {"strict", recorder.Strict}, {"async", recorder.Async}} {
		for _, size := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", d.name, size), func(b *testing.B) {
				s := open(b, filepath.Join(b.TempDir(), "r.db"), recorder.Options{Durability: d.d})
				defer s.Close()
				tp := begin(b, s, defaultPolicy(b))
				f := mcp.Frame{At: 5, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(1))}
				ev := tp.engine.Step(f)
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					wait, err := tp.session.Append(f, ev)
					if err != nil {
						b.Fatal(err)
					}
					if i++; i%size == 0 {
						if err := wait(); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

func BenchmarkEntries(b *testing.B) {
	path := filepath.Join(b.TempDir(), "r.db")
	s := open(b, path, recorder.Options{Durability: recorder.Async})
	tp := begin(b, s, defaultPolicy(b))
	for i := range 20_000 {
		tp.put(mcp.MessageFrame, mcp.ToServer, request(i))
	}
	if err := tp.session.End("closed", 1); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for _, err := range s.Entries(tp.session.ID()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkShortSessions(b *testing.B) {
	path := filepath.Join(b.TempDir(), "r.db")
	s := open(b, path, recorder.Options{Durability: recorder.Async})
	p := defaultPolicy(b)
	var ids []string
	for i := range 300 {
		tp := begin(b, s, p)
		tp.put(mcp.MessageFrame, mcp.ToServer, request(i))
		tp.put(mcp.MessageFrame, mcp.ToServer, request(i+1))
		ids = append(ids, tp.session.ID())
	}
	must(b, s.Close())
	s, err := recorder.OpenReadOnly(path)
	must(b, err)
	n := 0
	for b.Loop() {
		for _, id := range ids {
			n += len(entries(b, s, id))
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
}
