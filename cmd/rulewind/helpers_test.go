package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The test binary is the program too, for the commands that start themselves.
func TestMain(m *testing.M) {
	if os.Getenv("RULEWIND_TEST_RUN") == "1" {
		os.Exit(run(os.Args[1:], systemEnv()))
	}
	os.Exit(m.Run())
}

// A testEnv runs commands in a folder of their own.
type testEnv struct {
	t   *testing.T
	dir string
	env map[string]string
	in  string
	tty bool
}

func newTestEnv(t *testing.T) *testEnv {
	t.Helper()
	dir := t.TempDir()
	return &testEnv{t: t, dir: dir, env: map[string]string{"HOME": filepath.Join(dir, "home"), "PATH": os.Getenv("PATH")}}
}

// run runs a command in-process.
func (te *testEnv) run(args ...string) (code int, stdout, stderr string) {
	te.t.Helper()
	var out, errOut bytes.Buffer
	environ := []string{"RULEWIND_TEST_RUN=1"}
	for k, v := range te.env {
		environ = append(environ, k+"="+v)
	}
	e := &env{
		Context: context.Background(), Stdin: strings.NewReader(te.in), Stdout: &out, Stderr: &errOut,
		Getenv: func(k string) string { return te.env[k] }, Environ: environ, Dir: te.dir,
		Terminal: func(any) bool { return te.tty }, Executable: os.Executable,
	}
	code = run(args, e)
	return code, out.String(), errOut.String()
}

// want runs a command and fails unless it exits with the code and both outputs
// together hold all the texts.
func (te *testEnv) want(code int, texts []string, args ...string) (stdout string) {
	te.t.Helper()
	got, out, errOut := te.run(args...)
	if got != code {
		te.t.Errorf("rulewind %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, out, errOut)
	}
	for _, text := range texts {
		if !strings.Contains(out+errOut, text) {
			te.t.Errorf("rulewind %s: no %q in\n%s%s", strings.Join(args, " "), text, out, errOut)
		}
	}
	return out
}

// file writes a file in the folder.
func (te *testEnv) file(name, text string) string {
	te.t.Helper()
	path := filepath.Join(te.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		te.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		te.t.Fatal(err)
	}
	return name
}
