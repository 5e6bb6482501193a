package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// reviewed makes a folder with rows, of which two groups get looser and one stricter.
func reviewed(t *testing.T) (*testEnv, []string) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(12))
	e.file("strict.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: a, tool: t0, action: deny}\n  - {id: b, tool: t1, action: deny}\n")
	e.file("loose.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: c, tool: t2, action: deny}\n")
	return e, []string{"rows.jsonl", "-b", "strict.yaml", "-p", "loose.yaml"}
}

func TestReplayReview(t *testing.T) {
	e, policies := reviewed(t)
	replayed := append([]string{"replay"}, policies...)
	review := append([]string{"replay", "review"}, policies...)
	file := filepath.Join(e.dir, expectFile)

	e.in = "s\nd\ns\nr\n"
	e.want(exitNo, []string{"[1 of 3]", "[3 of 3]", "accepted 0, refused 1, left 2", "before", "* deny   b"}, review...)
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Fatalf("nothing was accepted, and a file written: %v", err)
	}
	// A loosening without a reason is asked about again, and so is a key that is none.
	e.in = "x\na\n\na\nnobody uses it\na\nneither that\nq\n"
	e.want(0, []string{"needs a reason", "accepted 2, refused 0, left 1", "Gate: passed"}, review...)
	e.want(0, nil, replayed...)
	e.in = "a\n\n"
	e.want(0, []string{"[1 of 1]", "newly_denied", "accepted 1"}, review...)
	e.in = ""
	e.want(0, []string{"accepted 0, refused 0, left 0"}, review...)
}

func TestReplayReviewWritesAsAcceptDoes(t *testing.T) {
	e, policies := reviewed(t)
	e.in = "a\nwhy not\nq\n"
	e.want(exitNo, nil, append([]string{"replay", "review", "--expires", "2030-01-31"}, policies...)...)
	byReview, err := os.ReadFile(filepath.Join(e.dir, expectFile))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(byReview), "group: ")
	group, _, _ := strings.Cut(rest, "\n")
	e.want(0, nil, append([]string{"replay", "accept", "--group", strings.Trim(group, `"`), "--reason", "why not", "--expires", "2030-01-31", "-f", "accept.yaml"}, policies...)...)
	byAccept, err := os.ReadFile(filepath.Join(e.dir, "accept.yaml"))
	if err != nil || string(byAccept) != string(byReview) {
		t.Errorf("review wrote\n%s\naccept wrote\n%s(%v)", byReview, byAccept, err)
	}
}

func TestReplayReviewOffersToTakeStaleOnesAway(t *testing.T) {
	e, policies := reviewed(t)
	review := append([]string{"replay", "review"}, policies...)
	e.in = "a\none\na\ntwo\ns\n"
	e.want(0, nil, review...)
	e.file("rows.jsonl", manyRows(15))
	e.in = "s\ns\ns\nn\n"
	e.want(exitNo, []string{"is stale"}, review...)
	e.in = "a\none\na\ntwo\ns\n"
	e.want(0, []string{"Gate: passed"}, review...) // each takes the place of its old one
	e.file("loose.yaml", "version: 1\ndefault: allow\n")
	e.in = "q\n"
	e.want(exitNo, []string{"for other policies"}, review...)
	e.in = "a\none\na\ntwo\ny\n"
	e.want(0, []string{"Gate: passed"}, review...)
}

func TestReplayReviewInCI(t *testing.T) {
	e, policies := reviewed(t)
	e.env["CI"], e.in = "1", "a\nx\n"
	e.want(exitUnable, []string{"CI is set"}, append([]string{"replay", "review"}, policies...)...)
	e.env["CI"], e.in = "", "a\n"
	e.want(exitUnable, []string{"standard input has ended"}, append([]string{"replay", "review"}, policies...)...)
	if _, err := os.Stat(filepath.Join(e.dir, expectFile)); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
}
