package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(parts ...string) string { return filepath.Join(append([]string{base}, parts...)...) }
	for _, dir := range []string{at("home", ".ssh"), at("real", "project", "src"), at("elsewhere")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, name); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	if err := os.WriteFile(at("home", ".ssh", "id_rsa"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link(at("real", "project"), at("project"))
	link(at("home", ".ssh", "id_rsa"), at("project", "notes.txt"))
	link(at("elsewhere"), at("project", "out"))
	link(at("elsewhere", "new"), at("project", "dangling"))
	link("loop2", at("project", "loop1"))
	link("loop1", at("project", "loop2"))
	l := newLinks(map[string]string{"HOME": at("home"), "CWD": at("project"), "PROJECT_DIR": at("project")})
	for text, want := range map[string]string{
		"notes.txt":                at("home", ".ssh", "id_rsa"),
		"./src/../notes.txt":       at("home", ".ssh", "id_rsa"),
		at("project", "notes.txt"): at("home", ".ssh", "id_rsa"),
		"out/deep/new.txt":         at("elsewhere", "deep", "new.txt"),
		"dangling":                 at("elsewhere", "new"),
		"src":                      "",
		"src/new.txt":              "",
		"loop1":                    "",
		"a sentence, not a path":   "",
		"/tmp":                     "",
	} {
		if got := l.real(text); got != filepath.ToSlash(want) && !(want == "" && got == "") {
			t.Errorf("%s leads to %q, want %q", text, got, want)
		}
	}
}

func TestALinkToAKeyIsAKey(t *testing.T) {
	e := newTestEnv(t)
	key := filepath.Join(e.dir, "home", ".ssh", "id_rsa")
	if err := os.MkdirAll(filepath.Dir(key), 0o700); err != nil {
		t.Fatal(err)
	}
	e.write("home/.ssh/id_rsa", "")
	if err := os.Symlink(key, filepath.Join(e.dir, "notes.txt")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	_, stdout, stderr := e.session([]string{hello, toolCall("1", "read_file", `{"path":"notes.txt"}`), toolCall("2", "read_file", `{"path":"README.md"}`)}, "--db", "a.db")
	got := answers(t, stdout)
	if !strings.Contains(got["1"], "no-credential-access") || strings.Contains(got["2"], "error") {
		t.Errorf("got %s and %s\n%s", got["1"], got["2"], stderr)
	}
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
	e.want(1, []string{"no-credential-access"}, "check", "--tool", "read_file", "-a", "path=notes.txt")
	e.want(0, nil, "check", "--tool", "read_file", "-a", "path=README.md")
}
