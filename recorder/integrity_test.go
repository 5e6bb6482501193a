package recorder_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

// recorded makes a store of two sessions with 20 entries each, none of them packed.
func recorded(t testing.TB, path string) {
	t.Helper()
	packed(t, path)
	must(t, recorder.Unpack(path))
}

// packed makes the same, packed.
func packed(t testing.TB, path string) {
	t.Helper()
	for range 2 {
		s := open(t, path, recorder.Options{})
		tp := begin(t, s, defaultPolicy(t))
		for i := range 19 {
			if err := tp.put(mcp.MessageFrame, mcp.ToServer, request(i))(); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t testing.TB, path string, opt recorder.VerifyOptions) *recorder.Verification {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	v, err := s.Verify(opt)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tamper(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func copyStore(t testing.TB, from, to string) {
	t.Helper()
	for _, suffix := range []string{"", ".key", ".key.sign"} {
		b, err := os.ReadFile(from + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestVerifyAnUntouchedStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	recorded(t, path)
	before, _ := os.ReadFile(path)
	v := verify(t, path, recorder.VerifyOptions{})
	if len(v.Breaks) > 0 || v.Entries != 40 || v.Verified != 40 || v.Checkpoints != 2 || v.Sessions != 2 || v.Open != 0 {
		t.Errorf("%+v", v)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("verifying wrote to the database")
	}
	s := open(t, path, recorder.Options{})
	defer s.Close()
	begin(t, s, defaultPolicy(t))
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Open != 1 {
		t.Errorf("while a session runs: %+v", v)
	}
}

// Each change is found, and said where.
func TestVerifyFindsChanges(t *testing.T) {
	dir := t.TempDir()
	clean := filepath.Join(dir, "clean.db")
	recorded(t, clean)
	// flip changes one byte of an entry's data, counted from either end.
	flip := func(seq, at int) string {
		part := fmt.Sprintf("substr(data, 1, %d) || x'7f' || substr(data, %d)", at, at+2)
		return fmt.Sprintf("UPDATE entries SET data = CAST(%s AS BLOB) WHERE seq = %d", part, seq)
	}
	swap := func(column string) []string {
		return []string{
			"CREATE TABLE t AS SELECT seq, " + column + " FROM entries WHERE seq IN (4, 9)",
			"UPDATE entries SET " + column + " = (SELECT " + column + " FROM t WHERE t.seq = 13 - entries.seq) WHERE seq IN (4, 9)", "DROP TABLE t"}
	}
	for i, tt := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"a verdict", []string{"UPDATE entries SET action = action + 1 WHERE seq = 7"}, "entry 7 was changed"},
		{"a body", []string{flip(9, 40)}, "entry 9 was changed"},
		{"a time", []string{flip(12, 1)}, "entry 12 was changed"},
		{"an end cut off a body", []string{"UPDATE entries SET data = CAST(substr(data, 1, length(data)-1) AS BLOB) WHERE seq = 3"}, "entry 3 was changed"},
		{"a body taken out", []string{"UPDATE entries SET data = x'' WHERE seq = 30"}, "entry 30 was changed"},
		{"the first deleted", []string{"DELETE FROM entries WHERE seq = 1"}, "entry 1 was deleted"},
		{"a middle one deleted", []string{"DELETE FROM entries WHERE seq = 20"}, "entry 20 was deleted"},
		{"the last deleted", []string{"DELETE FROM entries WHERE seq = 40"}, "entry 40 was deleted"},
		{"many deleted", []string{"DELETE FROM entries WHERE seq BETWEEN 15 AND 25"}, "entries 15 to 25 were deleted"},
		{"deleted and closed up", []string{"DELETE FROM entries WHERE seq = 10", "UPDATE entries SET seq = seq-1 WHERE seq > 10"}, "entry 10 was changed"},
		{"two bodies swapped", swap("data"), "entry 4 was changed"},
		{"two sessions' entries swapped", []string{"UPDATE entries SET session = 3-session WHERE seq IN (5, 25)"}, "entry 25 was changed"},
		{"one added", []string{"INSERT INTO entries SELECT 41, session, n, action, data FROM entries WHERE seq = 40"}, "entry 41 is number 19"},
		{"the session's info", []string{`UPDATE sessions SET info = replace(info, 'files', 'other') WHERE num = 2`}, "entry 21 was changed"},
		{"the policy", []string{"UPDATE policies SET sources = sources || ' '"}, "entry 1 was changed"},
		{"how it ended", []string{"UPDATE sessions SET reason = 'crashed' WHERE num = 1"}, "the end of session"},
		{"what it lost", []string{"UPDATE sessions SET lost = 3 WHERE num = 1"}, "the end of session"},
		{"a session deleted", []string{"DELETE FROM sessions WHERE num = 1"}, "was deleted"},
		{"hashes blanked", []string{"UPDATE checkpoints SET leaves = zeroblob(length(leaves)) WHERE num = 1"}, "the stored hashes of entries 1 to 20 were changed; the entries are as"},
		{"hashes taken out", []string{"UPDATE checkpoints SET leaves = x''"}, "the stored hashes of entries 21 to 40 were changed"},
		{"hashes blanked and a body", []string{"UPDATE checkpoints SET leaves = x''", flip(9, 40)}, "entries 1 to 20 aren't what checkpoint 1 signed"},
		{"a checkpoint deleted", []string{"DELETE FROM checkpoints WHERE num = 1"}, "a checkpoint is missing"},
		{"a checkpoint's note", []string{"UPDATE checkpoints SET note = replace(note, char(10) || '20' || char(10), char(10) || '19' || char(10)) WHERE num = 1"}, "checkpoint 1: invalid"},
		{"the public key", []string{"UPDATE meta SET value = 'x' WHERE key = 'verifier'"}, `public key "x"`},
	} {
		path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
		copyStore(t, clean, path)
		tamper(t, path, tt.statements...)
		v := verify(t, path, recorder.VerifyOptions{})
		if text := strings.Join(v.Breaks, "\n"); !strings.Contains(text, tt.want) {
			t.Errorf("%s: no %q in %q", tt.name, tt.want, text)
		}
	}
}

// What is signed again with another key, or rolled back whole, shows only against an
// anchor.
func TestVerifyAgainstAnchors(t *testing.T) {
	dir := t.TempDir()
	path, old, forged := filepath.Join(dir, "r.db"), filepath.Join(dir, "old.db"), filepath.Join(dir, "forged.db")
	recorded(t, path)
	copyStore(t, path, old)
	recorded(t, path)
	s := open(t, path, recorder.Options{})
	cp, err := s.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	anchored := recorder.VerifyOptions{Anchors: cp.Note}
	if v := verify(t, path, anchored); len(v.Breaks) > 0 || v.Anchored != 80 || v.Verified != 80 {
		t.Errorf("as it was anchored: %+v", v)
	}
	if v := verify(t, old, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Anchored != 0 {
		t.Errorf("rolled back, without an anchor: %+v", v)
	}
	if v := verify(t, old, anchored); !strings.Contains(strings.Join(v.Breaks, ""), "rolled back, or cut: an anchor of") {
		t.Errorf("rolled back: %+v", v)
	}
	copyStore(t, path, forged)
	must(t, recorder.Unpack(forged))
	tamper(t, forged, "UPDATE entries SET action = action + 256 WHERE seq = 7", "DELETE FROM checkpoints", "UPDATE sessions SET sealed = 0")
	again := open(t, forged, recorder.Options{}) // the key was stolen too
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, forged, recorder.VerifyOptions{}); len(v.Breaks) > 0 {
		t.Errorf("rewritten with the key, without an anchor: %+v", v)
	}
	if v := verify(t, forged, anchored); !strings.Contains(strings.Join(v.Breaks, ""), "entries up to 80 were rewritten") {
		t.Errorf("rewritten with the key: %+v", v)
	}
	if err := os.Remove(forged + ".key.sign"); err != nil {
		t.Fatal(err)
	}
	must(t, recorder.Unpack(forged))
	tamper(t, forged, "DELETE FROM checkpoints", "UPDATE sessions SET sealed = 0", "DELETE FROM meta")
	again = open(t, forged, recorder.Options{})
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, forged, anchored); !strings.Contains(strings.Join(v.Breaks, ""), "the key of this one was replaced") {
		t.Errorf("rewritten with another key: %+v", v)
	}
}

// Only the key that signed a store signs it.
func TestCheckpointWantsTheStoresKey(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "r.db"), filepath.Join(dir, "o.db")
	recorded(t, path)
	recorded(t, other)
	if err := os.Rename(other+".key.sign", path+".key.sign"); err != nil {
		t.Fatal(err)
	}
	for db, want := range map[string]string{path: "isn't the one that signed", other: "o.db.key.sign: no such file"} {
		s := open(t, db, recorder.Options{})
		begin(t, s, defaultPolicy(t)).message(mcp.ToServer, request(1))
		if err := s.Close(); err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, recorder.ErrBroken) {
			t.Errorf("%s: %v; want %q", filepath.Base(db), err, want)
		}
		if n := count(t, db); n != 42 {
			t.Errorf("%s holds %d entries", filepath.Base(db), n)
		}
	}
}

// Writers go on after a change, but sign nothing on top of it.
func TestCheckpointRefusesABrokenLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	recorded(t, path)
	tamper(t, path, "UPDATE checkpoints SET edge = zeroblob(length(edge))")
	s := open(t, path, recorder.Options{})
	begin(t, s, defaultPolicy(t)).message(mcp.ToServer, request(1))
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "rulewind log verify") {
		t.Errorf("closing gave %v", err)
	}
	if v := verify(t, path, recorder.VerifyOptions{}); v.Entries != 42 || v.Verified != 40 {
		t.Errorf("%+v", v)
	}
}

// An id can't smuggle a line into what is signed.
func TestCheckpointRefusesAnIDOfTwoLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	recorded(t, path)
	tamper(t, path, "UPDATE sessions SET sealed = 0, id = 'a 0' || char(10) || 'pruned ' || id WHERE num = 2")
	s := open(t, path, recorder.Options{})
	if err := s.Close(); !errors.Is(err, recorder.ErrBroken) {
		t.Errorf("closing gave %v", err)
	}
	if v := verify(t, path, recorder.VerifyOptions{}); v.Checkpoints != 2 || len(v.Breaks) == 0 {
		t.Errorf("%+v", v)
	}
}

// Verifying says how far it is.
func TestVerifyTellsItsProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{Durability: recorder.Async})
	tp := begin(t, s, defaultPolicy(t))
	f := mcp.Frame{At: 5, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(1))}
	ev := tp.engine.Step(f)
	for range 70_000 {
		_, err := tp.session.Append(f, ev)
		must(t, err)
	}
	must(t, s.Close())
	var told []int64
	v := verify(t, path, recorder.VerifyOptions{Progress: func(n int64) { told = append(told, n) }})
	if len(told) != 1 || told[0] >= v.Entries || v.Entries != 70_001 {
		t.Errorf("told %v of %d entries", told, v.Entries)
	}
}

func BenchmarkVerify(b *testing.B) {
	path := filepath.Join(b.TempDir(), "r.db")
	s := open(b, path, recorder.Options{})
	tp := begin(b, s, defaultPolicy(b))
	f := mcp.Frame{At: 5, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(1))}
	ev := tp.engine.Step(f)
	const n = 100_000
	for range n {
		if _, err := tp.session.Append(f, ev); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if v := verify(b, path, recorder.VerifyOptions{}); v.Verified != n+1 || len(v.Breaks) > 0 {
			b.Fatalf("%+v", v)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
