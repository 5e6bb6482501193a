package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
)

// session drives the demo server through the proxy with these lines, and returns
// what the client and stderr got.
func (te *testEnv) session(lines []string, args ...string) (code int, stdout, stderr string) {
	te.t.Helper()
	// The server is this program again; it inherits our environment.
	te.t.Setenv("RULEWIND_TEST_RUN", "1")
	te.in = strings.Join(lines, "\n") + "\n"
	te.answers = strings.Count(te.in, `"id"`)
	defer func() { te.answers = 0 }()
	return te.run(append(append([]string{"proxy"}, args...), "--", te.exe, "demo-server")...)
}

const hello = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`

func toolCall(id, tool, args string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"` + tool + `","arguments":` + args + `}}`
}

var aDay = []string{
	hello, `{"jsonrpc":"2.0","method":"notifications/initialized"}`,
	toolCall("1", "read_file", `{"path":"README.md"}`),
	toolCall("2", "read_file", `{"path":"~/.ssh/id_rsa"}`),
	toolCall("3", "read_file", `{"path":"config/legacy.ini"}`),
}

// answers returns the client's answers by id.
func answers(t *testing.T, stdout string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(stdout), "\n") {
		var m struct{ ID json.RawMessage }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("stdout holds a line that is no message: %q", line)
		}
		out[string(m.ID)] = line
	}
	return out
}

func TestProxyEnforcesAndRecords(t *testing.T) {
	e := newTestEnv(t)
	code, stdout, stderr := e.session(aDay, "--server", "harbour")
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	got := answers(t, stdout)
	for id, want := range map[string]string{"1": "Harbour", "2": `"code":-31001`, "3": "[REDACTED:"} {
		if !strings.Contains(got[id], want) {
			t.Errorf("answer %s lacks %q: %s", id, want, got[id])
		}
	}
	for _, want := range []string{"rulewind: deny ", "no-credential-access", "rulewind: redact ", "rulewind: allow "} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
	if strings.Contains(stderr, "\x1b") {
		t.Error("colour on what is no terminal")
	}
	db := filepath.Join(e.dir, "home", ".local", "state", "rulewind", "rulewind.db")
	if info, err := os.Stat(db); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the default database: %v, %v", info, err)
	}
	e.want(0, []string{"harbour", "closed"}, "sessions")
}

func TestProxyQuietColourAndShortForm(t *testing.T) {
	e := newTestEnv(t)
	if _, _, stderr := e.session(aDay, "--quiet", "--db", "a.db"); strings.Contains(stderr, "rulewind:") {
		t.Errorf("--quiet prints %q", stderr)
	}
	e.tty = true
	if _, _, stderr := e.session(aDay, "--db", "a.db"); !strings.Contains(stderr, "\x1b[1;31mdeny") {
		t.Errorf("no colour on a terminal: %q", stderr)
	}
	e.env["NO_COLOR"] = "1"
	if _, _, stderr := e.session(aDay, "--db", "a.db"); strings.Contains(stderr, "\x1b") {
		t.Errorf("colour in spite of NO_COLOR: %q", stderr)
	}
	e.tty = false
	e.answers = 4
	code, stdout, stderr := e.run("--db", "a.db", "--", e.exe, "demo-server")
	e.answers = 0
	if code != 0 || !strings.Contains(stdout, "Harbour") {
		t.Errorf("without the word proxy: exit %d\n%s%s", code, stdout, stderr)
	}
	e.env["RULEWIND_DB"] = "a.db"
	if out := e.want(0, nil, "sessions", "-o", "json"); strings.Count(out, `"id"`) != 4 {
		t.Errorf("want 4 sessions:\n%s", out)
	}
	if out := e.want(0, nil, "sessions", "--last", "1", "-o", "json"); strings.Count(out, `"id"`) != 1 {
		t.Errorf("--last 1:\n%s", out)
	}
}

func TestProxyPassesTheExitCode(t *testing.T) {
	e := newTestEnv(t)
	e.want(7, nil, "proxy", "--db", "a.db", "--", "sh", "-c", "exit 7")
}

func TestProxyThatCannotStart(t *testing.T) {
	e := newTestEnv(t)
	e.file("file", "")
	e.file("text.db", "this is no database, but it is long enough to be looked at as one")
	for _, tt := range []struct {
		want string
		args []string
	}{
		{"put its command after --", []string{"proxy"}},
		{"put its command after --", []string{"--"}},
		{"put -- before the server's command", []string{"proxy", "npx", "server"}},
		{"could not be started", []string{"proxy", "--db", "a.db", "--", "no-such-program-anywhere"}},
		{"--db or RULEWIND_DB", []string{"proxy", "--db", "file/x.db", "--", "true"}},
		{"--db or RULEWIND_DB", []string{"proxy", "--db", "text.db", "--", "true"}},
		{`did you mean "strict"`, []string{"proxy", "--durability", "stict", "--", "true"}},
		{"--max-message: want a size", []string{"proxy", "--max-message", "lots", "--", "true"}},
		{"did you mean", []string{"proxy", "--polcy", "x", "--", "true"}},
		{`did you mean "default"`, []string{"--policy", "defalt", "--", "true"}},
	} {
		e.want(exitUnable, []string{tt.want}, tt.args...)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "512KiB": 512 << 10, "10MiB": 10 << 20, "1GiB": 1 << 30} {
		if got, err := size(text); got != want || err != nil {
			t.Errorf("size(%q) = %d, %v", text, got, err)
		}
	}
	for _, bad := range []string{"", "0", "-1", "2GiB", "MiB", "10MB", "1.5MiB"} {
		if _, err := size(bad); err == nil {
			t.Errorf("size(%q) is taken", bad)
		}
	}
}

func TestSessionsBadInput(t *testing.T) {
	e := newTestEnv(t)
	e.file("text.db", "this is no database, but it is long enough to be looked at as one")
	e.want(exitUnable, []string{"there is no database at"}, "sessions")
	e.want(exitUnable, []string{"there is no database at"}, "sessions", "no.db")
	e.want(exitUnable, []string{"text.db"}, "sessions", "text.db")
	e.want(exitUnable, []string{`did you mean "json"`}, "sessions", "-o", "jso")
	e.session(aDay, "--db", "a.db")
	e.want(exitIncomplete, []string{"no session"}, "sessions", "a.db", "--server", "nobody")
	setVersion(t, filepath.Join(e.dir, "a.db"), 999)
	for _, args := range [][]string{{"sessions", "a.db"}, {"export", "a.db", "-o", "-"}, {"report", "a.db"}, {"replay", "verify", "a.db"}} {
		e.want(exitUnable, []string{"update rulewind"}, args...)
	}
	e.want(exitUnable, []string{"update rulewind"}, "proxy", "--db", "a.db", "--", "true")
}

// setVersion makes a database look like one of another version.
func setVersion(t *testing.T, path string, version int) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
}

func TestExportAndBack(t *testing.T) {
	e := newTestEnv(t)
	e.session(aDay, "--db", "a.db", "--server", "harbour")
	e.session(aDay, "--db", "a.db", "--server", "other")
	e.want(0, nil, "export", "a.db", "-o", "all.jsonl")
	e.want(0, nil, "export", "a.db", "-o", "all.jsonl.zst")
	out := e.want(0, nil, "export", "a.db", "--server", "harbour", "-o", "-")
	all, err := os.ReadFile(filepath.Join(e.dir, "all.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(all), out) || len(out) == 0 || len(out) == len(all) {
		t.Error("one server's sessions are not a part of all")
	}
	info, err := os.Stat(filepath.Join(e.dir, "all.jsonl.zst"))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() >= int64(len(all)) {
		t.Errorf("the compressed export: %v %v", info, err)
	}
	for _, source := range []string{"a.db", "all.jsonl", "all.jsonl.zst"} {
		e.want(0, []string{"100.0 %", "Gate: passed"}, "replay", "verify", source)
		e.want(0, []string{"no-credential-access", "harbour"}, "report", source)
	}
	e.want(exitIncomplete, []string{"no such session"}, "export", "a.db", "--session", "x", "-o", "-")
	e.want(exitUnable, []string{"--output"}, "export", "a.db")
	e.want(exitUnable, []string{"writing the output"}, "export", "a.db", "-o", "no/such/x")
}

// Law L8: the demo's key is in no file that a session leaves, nor in what is printed.
func TestNoSecretIsLeft(t *testing.T) {
	e := newTestEnv(t)
	key := demoSecret(1)
	if key == "" {
		t.Fatal("the demo has no key")
	}
	_, stdout, stderr := e.session(aDay, "--db", "a.db")
	report := e.want(0, nil, "report", "a.db")
	if strings.Contains(stdout+stderr+report, key) {
		t.Error("the key was printed")
	}
	files, err := filepath.Glob(filepath.Join(e.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.IsDir() {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), key) {
			t.Errorf("the key is in %s", filepath.Base(f))
		}
	}
}
