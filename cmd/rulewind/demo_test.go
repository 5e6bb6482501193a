package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

func TestDemo(t *testing.T) {
	e := newTestEnv(t)
	out := e.want(0, []string{
		"denied  read_file   ~/.ssh/id_rsa", "denied  shell       curl", "edited  read_file   config/legacy.ini",
		"denied  read_file   notes/import.md", "come out the same (100.0 %)",
		"5 of", "newly_allowed", "loosened", "redaction_lost", "newly_denied", "tightened",
		"3 verdicts would get looser and 2 stricter", "report.html", "Try next",
	}, "demo")
	next := regexp.MustCompile(`(?m)^   rulewind (.*)$`).FindAllStringSubmatch(out[strings.Index(out, "Try next"):], -1)
	if len(next) != 3 {
		t.Fatalf("%d commands to try", len(next))
	}
	for _, n := range next {
		if code, out, errOut := e.run(strings.Fields(n[1])...); code == exitUnable || code == exitBug || out == "" {
			t.Errorf("%s: exit %d %s", n[1], code, errOut)
		}
	}
	page, err := os.ReadFile(filepath.Join(e.dir, "rulewind-demo", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "What candidate.yaml would change") || strings.Contains(string(page), demoSecret(1)) {
		t.Error("the page lacks the replay, or holds the key")
	}
	e.want(0, []string{"Gate: passed"}, "replay", "verify", "rulewind-demo/demo.db")
	// Again: the last demo is replaced, and the story is the same.
	if again := e.want(0, nil, "demo"); again != out {
		t.Errorf("the demo differs from run to run:\n%s\n%s", out, again)
	}
	e.file("file", "")
	e.want(exitUnable, []string{"--dir"}, "demo", "--dir", "file/x")
}

func TestDemoCandidateLoads(t *testing.T) {
	if _, err := policy.Load("candidate.yaml", demoCandidate, nil); err != nil {
		t.Error(err)
	}
}
