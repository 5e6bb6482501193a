package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCorpusMinimize(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows+manyRows(40))
	e.file("empty.jsonl", "")
	e.want(0, []string{"kept ", " of 41 sessions"}, "corpus", "minimize", "rows.jsonl", "-o", "small.jsonl")
	small, err := os.ReadFile(filepath.Join(e.dir, "small.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(small), `"rulewind":`); n == 0 || n > 10 || !strings.Contains(string(small), "id_rsa") {
		t.Errorf("%d sessions are kept", n)
	}
	// What is kept shows the same.
	for _, source := range []string{"rows.jsonl", "small.jsonl"} {
		e.want(0, []string{"1 of "}, "replay", "coverage", source)
	}
	e.want(0, nil, "corpus", "minimize", "rows.jsonl", "--shrink", "-c", "strict", "-o", "shrunk.jsonl.zst")
	e.want(0, []string{"no-credential-access"}, "report", "shrunk.jsonl.zst")
	e.want(exitIncomplete, []string{"nothing to keep"}, "corpus", "minimize", "empty.jsonl", "-o", "-")
	e.want(exitUnable, []string{"--output"}, "corpus", "minimize", "rows.jsonl")
}
