package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recordedEnv has a database of one session.
func recordedEnv(t *testing.T) (e *testEnv, session string) {
	t.Helper()
	e = newTestEnv(t)
	e.env["RULEWIND_DB"] = filepath.Join(e.dir, "r.db")
	if code, _, stderr := e.session(aDay, "--quiet"); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	e.in = ""
	id, _, _ := strings.Cut(strings.TrimSpace(e.want(0, []string{`"id"`}, "sessions", "-o", "json")), `",`)
	return e, id[strings.LastIndex(id, `"`)+1:]
}

func TestLogVerifyAndAnchor(t *testing.T) {
	e, session := recordedEnv(t)
	e.want(0, []string{"sessions: 1,", "not anchored"}, "log", "verify")
	e.want(0, []string{"anchored"}, "log", "anchor", "--to", "anchors.txt")
	e.want(0, nil, "log", "anchor", "--to", "cat >> anchors.txt")
	e.want(0, []string{"anchored up to entry"}, "log", "verify", "--anchor", "anchors.txt")
	e.want(0, []string{`"verified"`}, "log", "verify", "-o", "json")
	e.want(exitUnable, []string{"anchor"}, "log", "anchor", "--to", "false || exit 1")
	e.want(exitUnable, []string{"is empty"}, "log", "verify", "--anchor", e.file("empty", ""))
	note := e.want(0, []string{"— rulewind/"}, "log", "checkpoint")
	if kept, err := os.ReadFile(filepath.Join(e.dir, "anchors.txt")); err != nil || string(kept) != note+note {
		t.Errorf("kept %q, %v; want twice %q", kept, err, note)
	}

	e.want(0, nil, "log", "prove", session, "-o", "proof.json")
	e.want(0, []string{session, "by the key that the proof names"}, "log", "verify", "--proof", "proof.json")
	e.want(exitUnable, []string{"on its own"}, "log", "verify", "--proof", "proof.json", "--anchor", "anchors.txt")
	b, err := os.ReadFile(filepath.Join(e.dir, "proof.json"))
	if err != nil {
		t.Fatal(err)
	}
	e.file("changed.json", strings.Replace(string(b), `"action": `, `"action": 1`, 1))
	e.want(exitIncomplete, []string{"BROKEN: entry 1 "}, "log", "verify", "--proof", "changed.json")
}

func TestLogVerifyFindsAChange(t *testing.T) {
	e, _ := recordedEnv(t)
	e.want(0, nil, "log", "anchor", "--to", "anchors.txt")
	path := e.env["RULEWIND_DB"]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	frame := bytes.Index(b, []byte("\x28\xb5\x2f\xfd")) // of zstd: the entries are packed
	if frame < 0 {
		t.Fatal("there is no block in the file")
	}
	b[frame+100] ^= 1
	e.file("r.db", string(b))
	e.want(exitIncomplete, []string{"BROKEN: entr", "changed"}, "log", "verify")
	e.want(exitIncomplete, []string{"BROKEN: entr", "not anchored"}, "log", "verify", "--anchor", "anchors.txt")
}

// Whatever is done to a database, log verify exits 3 and says where. (What it finds in
// rows and blocks, package recorder tests change by change.)
func TestLogVerifySaysWhere(t *testing.T) {
	e, _ := recordedEnv(t)
	clean, err := os.ReadFile(e.env["RULEWIND_DB"])
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := e.session(aDay, "--quiet"); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	e.in = ""
	e.want(0, nil, "log", "anchor", "--to", "anchors.txt")
	whole, err := os.ReadFile(e.env["RULEWIND_DB"])
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, statement, want string }{
		{"a block deleted", "DELETE FROM blocks WHERE first = 1", "entries 1 to 10 were deleted"},
		{"the last block deleted", "DELETE FROM blocks WHERE first = 11", "entries 11 to 20 were deleted"},
		{"blocks swapped", "UPDATE blocks SET session = 3 - session", "entry 1 was changed"},
		{"a block's actions", "UPDATE blocks SET rows = CAST(substr(rows, 1, 3) || x'00' || substr(rows, 5) AS BLOB) WHERE first = 11", "entry 12 was changed"},
		{"a block's bytes", "UPDATE blocks SET data = CAST(substr(data, 1, length(data) - 4) || x'00000000' AS BLOB) WHERE first = 1", "entries 1 to 10, which are stored together, can't be read"},
		{"a session's server", "UPDATE sessions SET info = replace(info, 'rulewind', 'other') WHERE num = 2", "entry 11 was changed"},
		{"a policy", "UPDATE policies SET sources = sources || ' '", "entry 1 was changed"},
		{"how a session ended", "UPDATE sessions SET ended = ended + 1 WHERE num = 1", "the end of session"},
		{"hashes blanked", "UPDATE checkpoints SET leaves = zeroblob(length(leaves))", "the stored hashes of entries"},
		{"a checkpoint deleted", "DELETE FROM checkpoints WHERE num = 1", "a checkpoint is missing before number"},
	} {
		e.file("r.db", string(whole))
		db, err := sql.Open("sqlite3", e.env["RULEWIND_DB"])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(tt.statement); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if code, out, stderr := e.run("log", "verify"); code != exitIncomplete || !strings.Contains(out, "BROKEN: ") || !strings.Contains(out, tt.want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", tt.name, code, exitIncomplete, tt.want, out, stderr)
		}
	}
	e.file("r.db", string(clean))
	e.want(0, []string{"not anchored: that the whole file was rolled back"}, "log", "verify")
	e.want(exitIncomplete, []string{"BROKEN: the store was rolled back, or cut"}, "log", "verify", "--anchor", "anchors.txt")
}

func TestLogStatsPruneAndBackup(t *testing.T) {
	e, session := recordedEnv(t)
	e.want(0, []string{"sessions  1, 0 of them pruned", "exact", " deny", "packed    10,"}, "log", "stats")
	e.want(0, []string{"packed entries: 0;"}, "log", "compact")
	e.want(0, []string{"keep them elsewhere"}, "log", "backup", "copy.db")
	e.want(0, []string{"verified up to entry"}, "log", "verify", "copy.db")
	e.want(exitUnable, []string{"exists"}, "log", "backup", "copy.db")
	e.want(exitUnable, []string{"90d or 12h"}, "log", "prune", "--older", "soon")
	e.want(0, []string{"pruned sessions: 0,"}, "log", "prune", "--older", "1d")
	e.want(0, []string{"pruned sessions: 1, entries: 10;"}, "log", "prune", "--older", "0h")
	e.want(0, []string{"of them pruned: only"}, "log", "verify")
	e.want(0, []string{session, ", pruned"}, "sessions")
	e.want(0, []string{`"pruned": 1`}, "log", "stats", "-o", "json")
	// The copy can be verified by the store's key, but not signed without it.
	e.want(0, nil, "log", "anchor", "--to", "anchors.txt")
	e.want(0, []string{"anchored up to entry"}, "log", "verify", "copy.db", "--anchor", "anchors.txt")
	e.want(exitUnable, []string{"copy.db.key.sign", "restore it"}, "log", "checkpoint", "copy.db")

	e.want(exitIncomplete, []string{"no message"}, "report")
	if code, _, stderr := e.session(aDay, "--quiet"); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	e.in = ""
	e.want(0, []string{session, "1 session was pruned"}, "report")
}

// The keys can be kept elsewhere than the database.
func TestKeyFileElsewhere(t *testing.T) {
	e := newTestEnv(t)
	e.env["RULEWIND_DB"] = filepath.Join(e.dir, "r.db")
	e.env["RULEWIND_KEY_FILE"] = "keys/mine"
	if err := os.Mkdir(filepath.Join(e.dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := e.session(aDay, "--quiet"); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	e.in = ""
	e.want(0, []string{"verified up to entry 10"}, "log", "verify")
	e.want(0, nil, "log", "checkpoint")
	if beside, _ := filepath.Glob(filepath.Join(e.dir, "r.db.key*")); len(beside) > 0 {
		t.Errorf("there are %v", beside)
	}
	if kept, _ := filepath.Glob(filepath.Join(e.dir, "keys", "mine*")); len(kept) != 2 {
		t.Errorf("there are %v", kept)
	}
	e.env["RULEWIND_KEY_FILE"] = "keys/other"
	e.want(exitUnable, []string{"keys/other.sign", "restore it"}, "log", "checkpoint")
}

func TestExportRekeyReplaysTheSame(t *testing.T) {
	e, _ := recordedEnv(t)
	e.want(0, nil, "export", "-o", "plain.jsonl")
	e.want(0, nil, "export", "--rekey", "-o", "rekeyed.jsonl")
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(e.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if plain, rekeyed := read("plain.jsonl"), read("rekeyed.jsonl"); plain == rekeyed || len(plain) != len(rekeyed) {
		t.Errorf("%d bytes, rekeyed %d; want others, as many", len(plain), len(rekeyed))
	}
	for _, name := range []string{"plain.jsonl", "rekeyed.jsonl"} {
		e.want(0, []string{"10 recorded verdicts come out the same", " 0 of 10 verdicts would change"}, "replay", name, "-p", "default")
	}
}
