package main

import (
	"bytes"
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
