package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/rulewind/rulewind/replay"
)

func TestReplayAccept(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("loose.yaml", "version: 1\ndefault: allow\n")
	e.file("other.yaml", "version: 1\ndefault: ask\n")
	policies := []string{"rows.jsonl", "-b", "default", "-p", "loose.yaml"}
	replayed := append([]string{"replay"}, policies...)
	accept := func(more ...string) []string {
		return append(append([]string{"replay", "accept"}, policies...), more...)
	}
	var shown replay.Result
	if err := json.Unmarshal([]byte(e.want(exitNo, nil, append(replayed, "-o", "json")...)), &shown); err != nil {
		t.Fatal(err)
	}
	group := shown.Comparisons[0].Groups[0].ID
	file := filepath.Join(e.dir, expectFile)

	e.want(exitUnable, []string{"needs a reason"}, accept("--group", group)...)
	e.want(exitUnable, []string{"no such group"}, accept("--group", "feedbeef", "--reason", "x")...)
	e.want(exitUnable, []string{"--expires: want a day"}, accept("--group", group, "--reason", "x", "--expires", "soon")...)
	e.env["CI"] = "true"
	e.want(exitUnable, []string{"CI is set"}, accept("--group", group, "--reason", "x")...)
	delete(e.env, "CI")
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Fatalf("something was written: %v", err)
	}

	e.want(0, []string{"accepted 1 group in " + expectFile}, accept("--group", group, "--reason", "nobody: minds")...)
	e.want(0, nil, replayed...)
	e.want(exitNo, []string{"stale"}, "replay", "rows.jsonl", "-b", "default", "-p", "other.yaml")
	// Given again it takes the place of the old one, which would have failed the gate.
	e.want(0, nil, accept("--group", group, "--reason", "a better one", "--expires", "9999-12-31")...)
	list, err := (&env{Dir: e.dir}).acceptances(expectFile, true)
	if err != nil || len(list) != 1 || list[0].Reason != "a better one" || list[0].Group != group {
		t.Errorf("%v, error %v", list, err)
	}
	e.want(0, nil, accept("--group", group, "--reason", "old", "--expires", "2020-01-01", "--file", "old.yaml")...)
	e.want(exitNo, []string{"expired on 2020-01-01"}, append(replayed, "--accepted", "old.yaml")...)
	e.want(exitUnable, []string{"no such file"}, append(replayed, "--accepted", "nothing.yaml")...)
	e.file("bad.yaml", "acepted: []\n")
	e.want(exitUnable, []string{"bad.yaml", "acepted"}, append(replayed, "--accepted", "bad.yaml")...)
	e.want(0, []string{"Examples:"}, "replay", "accept", "--help")
}
