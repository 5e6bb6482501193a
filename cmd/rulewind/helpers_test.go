package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The test binary is the program too, for the commands that start themselves.
func TestMain(m *testing.M) {
	// Whatever starts it with a command's words means the program, not its tests: a
	// test that starts itself would go on doing so.
	if os.Getenv("RULEWIND_TEST_RUN") == "1" || len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		os.Exit(run(os.Args[1:], systemEnv()))
	}
	os.Exit(m.Run())
}

// A testEnv runs commands in a folder of their own.
type testEnv struct {
	t   *testing.T
	dir string
	exe string
	env map[string]string
	in  string
	tty bool
	// answers, if set, keeps standard input open until that many lines are out.
	answers int
}

func newTestEnv(t *testing.T) *testEnv {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "rulewind")
	if err := os.Symlink(self, exe); err != nil {
		exe = self
	}
	return &testEnv{t: t, dir: dir, exe: exe, env: map[string]string{
		"HOME": filepath.Join(dir, "home"), "PATH": os.Getenv("PATH"), "RULEWIND_TEST_RUN": "1"}}
}

// run runs a command in-process.
func (te *testEnv) run(args ...string) (code int, stdout, stderr string) {
	te.t.Helper()
	var environ []string
	for k, v := range te.env {
		environ = append(environ, k+"="+v)
	}
	out := &output{}
	out.cond.L = &out.mu
	var errOut bytes.Buffer
	e := &env{
		Context: context.Background(), Stdin: strings.NewReader(te.in), Stdout: out, Stderr: &errOut,
		Getenv: func(k string) string { return te.env[k] }, Environ: environ, Dir: te.dir,
		Terminal: func(any) bool { return te.tty }, Executable: func() (string, error) { return te.exe, nil },
	}
	if te.answers > 0 {
		e.Stdin = io.MultiReader(e.Stdin, &untilAnswered{out, te.answers})
	}
	code = run(args, e)
	return code, out.String(), errOut.String()
}

// An output is a buffer whose lines can be waited for.
type output struct {
	mu   sync.Mutex
	cond sync.Cond
	buf  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.cond.Broadcast()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// untilAnswered ends once that many lines have been written.
type untilAnswered struct {
	out   *output
	lines int
}

func (u *untilAnswered) Read([]byte) (int, error) {
	u.out.mu.Lock()
	defer u.out.mu.Unlock()
	for bytes.Count(u.out.buf.Bytes(), []byte("\n")) < u.lines {
		u.out.cond.Wait()
	}
	return 0, io.EOF
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
