package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/replay"
)

var updateScores = flag.Bool("update-scores", false, "write testdata/scores.golden")

// TestScoreboard holds the default policy's hits and misses on labelled traffic, per
// source, against the totals kept in testdata: so every change of a detector or of
// the policy shows what it did. Counts only: the traffic is other people's. Recorded
// work of real sessions counts as benign.
func TestScoreboard(t *testing.T) {
	dir := os.Getenv("RULEWIND_CORPORA")
	if dir == "" {
		t.Skip("RULEWIND_CORPORA names no folder")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.zst"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in the folder that RULEWIND_CORPORA names: %v", err)
	}
	te := newTestEnv(t)
	code, stdout, stderr := te.run(append([]string{"corpus", "score", "--assume-benign", "-o", "json"}, files...)...)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var scores replay.Scores
	if err := json.Unmarshal([]byte(stdout), &scores); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-26s %7s %7s %7s %7s %8s\n", "source", "stopped", "missed", "quiet", "alarms", "redacted")
	for _, s := range scores.Sources {
		fmt.Fprintf(&b, "%-26s %7d %7d %7d %7d %8d\n", s.Source, s.Stopped, s.Missed, s.Quiet, s.Alarms, s.Redacted)
	}
	golden := filepath.Join("..", "..", "testdata", "scores.golden")
	if *updateScores {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := lines(string(kept))
	for source, line := range lines(b.String()) {
		switch old, ok := want[source]; {
		case !ok || total(old) != total(line):
			t.Logf("%s isn't the corpus that the scores were kept for", source)
		case old != line:
			t.Errorf("the score changed; look at why, then run with -update-scores\n  kept %s\n   now %s", old, line)
		}
	}
}

// lines are the scoreboard's lines by source.
func lines(board string) map[string]string {
	out := map[string]string{}
	for _, l := range strings.Split(strings.TrimSpace(board), "\n")[1:] {
		out[strings.Fields(l)[0]] = l
	}
	return out
}

// total adds a line's counts up: it tells one corpus from another.
func total(line string) (sum int) {
	for _, f := range strings.Fields(line)[1:] {
		n, _ := strconv.Atoi(f) // counts that the test itself wrote
		sum += n
	}
	return sum
}
