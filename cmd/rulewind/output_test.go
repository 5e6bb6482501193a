package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestOutputReplacesWholeFilesOnly(t *testing.T) {
	dir := t.TempDir()
	e := &env{Dir: dir}
	path := filepath.Join(dir, "out")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := e.output("out", func(w io.Writer) error {
		io.WriteString(w, "half")
		return broken
	})
	if got, _ := os.ReadFile(path); !errors.Is(err, broken) || string(got) != "old" {
		t.Errorf("after an error %v the file holds %q", err, got)
	}
	if err := e.output("out", func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if got, _ := os.ReadFile(path); err != nil || string(got) != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v", got, info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
	if err := e.output(".", func(io.Writer) error { return nil }); err == nil {
		t.Error("a folder is written to")
	}
}

func TestSplitCommand(t *testing.T) {
	for _, tt := range []struct{ in, ours, command []string }{
		{[]string{"--", "a", "--", "b"}, []string{"proxy"}, []string{"a", "--", "b"}},
		{[]string{"--server", "proxy", "--", "a"}, []string{"proxy", "--server", "proxy"}, []string{"a"}},
		{[]string{"proxy", "-q", "--", "a"}, []string{"proxy", "-q"}, []string{"a"}},
		{[]string{"proxy", "--"}, []string{"proxy"}, []string{}},
		{[]string{"--help", "--", "a"}, []string{"--help"}, []string{"a"}},
		{[]string{"check", "--", "-x"}, []string{"check", "--", "-x"}, nil},
		{[]string{"sessions"}, []string{"sessions"}, nil},
	} {
		ours, command := splitCommand(tt.in)
		if !slices.Equal(ours, tt.ours) || !slices.Equal(command, tt.command) || (command == nil) != (tt.command == nil) {
			t.Errorf("splitCommand(%q) = %q, %q", tt.in, ours, command)
		}
	}
}
