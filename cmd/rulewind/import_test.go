package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// What was exported, imported and exported again is the same, byte for byte.
func TestImportIsTheInverseOfExport(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	e := newTestEnv(t)
	e.env["RULEWIND_DB"] = filepath.Join(e.dir, "r.db")
	for _, args := range [][]string{{"--quiet"}, {"--quiet", "--escrow", id.Recipient().String()}} {
		if code, _, stderr := e.session(aDay, args...); code != 0 {
			t.Fatalf("exit %d\n%s", code, stderr)
		}
	}
	e.in = ""
	read := func(name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(e.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	e.want(0, nil, "export", "-o", "a.jsonl")
	e.want(0, nil, "export", "-o", "a.jsonl.zst")
	if err := os.Mkdir(filepath.Join(e.dir, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	e.want(0, []string{"imported sessions: 2, entries: 20, all verified"}, "import", "a.jsonl.zst", "--db", "new/r.db")
	e.want(0, nil, "export", "new/r.db", "-o", "b.jsonl")
	if a, b := read("a.jsonl"), read("b.jsonl"); a != b {
		t.Errorf("exported\n%s\nimported and exported\n%s", a, b)
	}
	e.want(0, []string{"verified up to entry 20"}, "log", "verify", "new/r.db")
	e.want(0, []string{"20 recorded verdicts come out the same"}, "replay", "verify", "new/r.db")
	e.want(exitUnable, []string{"overwrites nothing"}, "import", "a.jsonl", "--db", "new/r.db")

	text := read("a.jsonl")
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	for name, tt := range map[string]struct{ text, want string }{
		"cut":        {strings.Join(lines[:len(lines)-1], ""), "has no end: the file was cut"},
		"shorter":    {strings.Join(append(lines[:3:3], lines[4:]...), ""), "isn't what was exported"},
		"changed":    {strings.Replace(text, `"action":"deny"`, `"action":"allow"`, 1), "isn't what was exported"},
		"twice":      {text + text, "a session of this id is recorded already"},
		"a corpus":   {`{"rulewind":"session/1","id":"x"}` + "\n", "wasn't exported from a database"},
		"of nothing": {"", "no session to import"},
	} {
		e.file("bad.jsonl", tt.text)
		if code, _, stderr := e.run("import", "bad.jsonl", "--db", "bad.db"); code == 0 || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: exit %d, %s; want %q", name, code, stderr, tt.want)
		}
		if left, _ := filepath.Glob(filepath.Join(e.dir, "bad.db*")); len(left) > 0 {
			t.Errorf("%s: it left %v", name, left)
		}
	}
}
