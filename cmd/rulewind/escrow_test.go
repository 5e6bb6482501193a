package main

import (
	"strings"
	"testing"

	"filippo.io/age"
)

func TestReplayOfOriginals(t *testing.T) {
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	e := newTestEnv(t)
	e.env["RULEWIND_DB"] = "r.db"
	code, out, stderr := e.session(aDay, "--quiet", "--escrow", mine.Recipient().String())
	if code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, stderr)
	}
	e.in = ""
	e.file("mine", mine.String())
	e.file("other", other.String())
	for _, args := range [][]string{{"replay", "verify"}, {"replay", "verify", "--identity", "mine"}, {"replay", "-p", "default", "--identity", "mine"}} {
		e.want(0, []string{"come out the same"}, args...)
	}
	e.want(exitUnable, []string{"opening an original", "--escrow"}, "replay", "verify", "--identity", "other")
	e.want(exitUnable, []string{"--identity: ", "no such file"}, "replay", "verify", "--identity", "nobody")
	e.want(0, nil, "export", "-o", "all.jsonl")
	e.want(0, []string{"come out the same"}, "replay", "verify", "all.jsonl", "--identity", "mine")
	if _, _, stderr := e.run("proxy", "--escrow", mine.String(), "--", "true"); !strings.Contains(stderr, "--escrow: one is no recipient") || strings.Contains(stderr, mine.String()) {
		t.Errorf("an identity for a recipient: %s", stderr)
	}
}
