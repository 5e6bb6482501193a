package main

import (
	"os"
	"path/filepath"
	"testing"
	"unicode"
)

// Reports of real and hostile traffic hold nothing that steers a terminal or a
// browser. Runs when RULEWIND_CORPORA names a folder of corpora.
func TestReportsOfCorpora(t *testing.T) {
	dir := os.Getenv("RULEWIND_CORPORA")
	if dir == "" {
		t.Skip("RULEWIND_CORPORA is not set")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.zst"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpora in %s: %v", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			e := newTestEnv(t)
			saved := "report.json"
			e.want(0, nil, "report", file, "-o", "json", "-f", saved)
			for _, format := range []string{"text", "markdown", "html"} {
				out := e.want(0, nil, "report", saved, "-o", format)
				for _, r := range out {
					if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
						t.Errorf("the %s report holds %U", format, r)
						break
					}
				}
			}
		})
	}
}
