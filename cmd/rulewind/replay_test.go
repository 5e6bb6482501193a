package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manyRows are sessions of one call each.
func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"s%d:1","session":"s%d","server":"srv","direction":"request","tool":"t%d","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t%d","arguments":{"path":"/a/%d"}}},"label":"benign","category":"x"}`+"\n", i, i, i%3, i%3, i)
	}
	return b.String()
}

func TestReplayFilters(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(12))
	e.file("deny.yaml", "version: 1\ndefault: deny\n")
	base := []string{"replay", "rows.jsonl", "-p", "deny.yaml", "-b", "default"}
	for want, flags := range map[string][]string{
		"12 of 12 verdicts would change": nil,
		"4 of 4 verdicts would change":   {"--tool", "t1"},
		"1 of 1 verdicts would change":   {"--session", "s3"},
		"8 of 8 verdicts would change":   {"--tool", "t0", "--tool", "t2"},
	} {
		want = strings.Replace(want, "1 of 1 verdicts", "1 of 1 verdict", 1)
		e.want(0, []string{want}, append(append([]string{}, base...), flags...)...)
	}
	e.want(exitIncomplete, nil, append(base, "--label", "attack")...)
	e.want(exitUnable, []string{`did you mean "attack"`}, append(base, "--label", "atack")...)
	e.want(exitUnable, []string{"--since: want a day"}, append(base, "--since", "yesterday")...)
	e.want(exitUnable, []string{"--until: want a day"}, append(base, "--until", "now")...)
	e.want(exitUnable, []string{"is not after --since"}, append(base, "--since", "2026-07-28", "--until", "2026-07-27")...)
}

// TestReplayGates: a share is exact, a mode has a word, and an empty value, as from a
// variable that isn't set, is no gate left out.
func TestReplayGates(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(12))
	e.file("p.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: a, tool: t0, action: deny}\n  - {id: b, tool: none, action: deny}\n")
	base := []string{"replay", "rows.jsonl", "-p", "p.yaml", "-b", "default"}
	e.want(0, nil, append(base, "--min-coverage", "50%")...)
	e.want(exitNo, []string{"only 1 of its 2 rules matched"}, append(base, "--min-coverage", "50.1%")...)
	e.want(0, []string{"would have changed, had it ruled"}, append(base, "--mode", "both")...)
	e.want(exitUnable, []string{`--mode: unknown mode "causual"`}, append(base, "--mode", "causual")...)
	e.want(exitUnable, []string{`--assume-approval: unknown word "maybe"`}, append(base, "--assume-approval", "maybe")...)
	e.want(0, nil, append(base, "--assume-approval", "approve")...)
	for _, flag := range []string{"--assume-approval", "--fail-on", "--max-newly-denied", "--max-not-evaluable", "--min-exact-fidelity", "--min-coverage",
		"--accepted", "--baseline", "--session", "--server", "--tool", "--label", "--since", "--until", "--shard", "--mode"} {
		e.want(exitUnable, nil, append(base, flag, "")...)
		e.want(exitUnable, nil, append(base, flag+"=")...)
	}
}

// A run in shards, merged, gives the bytes of the run undivided.
func TestReplayShardsMergeToTheSameBytes(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(12))
	e.file("deny.yaml", "version: 1\ndefault: deny\n")
	base := []string{"replay", "rows.jsonl", "-p", "deny.yaml", "-b", "default"}
	whole := e.want(0, nil, append(base, "-o", "json")...)
	for _, part := range []string{"1/3", "2/3", "3/3"} {
		e.want(0, nil, append(base, "--shard", part, "--file", "part"+part[:1]+".jsonl.zst")...)
	}
	merged := e.want(0, nil, "replay", "merge", "part1.jsonl.zst", "part2.jsonl.zst", "part3.jsonl.zst", "-o", "json")
	if merged != whole {
		t.Errorf("merged:\n%s\nwhole:\n%s", merged, whole)
	}
	e.want(exitIncomplete, nil, "replay", "merge", "part1.jsonl.zst", "part3.jsonl.zst")
	e.want(exitUnable, []string{"no such file"}, "replay", "merge", "part9.jsonl")
	e.want(exitUnable, []string{"--file"}, append(base, "--shard", "1/3")...)
	e.want(exitUnable, []string{"--shard"}, append(base, "--shard", "4/3", "-f", "x")...)
}

func TestReplayCoverage(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("empty.jsonl", "")
	e.want(0, []string{"no-credential-access", "1 of "}, "replay", "coverage", "rows.jsonl")
	e.want(0, []string{`"rules"`}, "replay", "coverage", "rows.jsonl", "-o", "json")
	e.want(exitNo, nil, "replay", "coverage", "rows.jsonl", "--min", "90%")
	e.want(exitUnable, []string{"--min"}, "replay", "coverage", "rows.jsonl", "--min", "most")
	e.want(exitIncomplete, nil, "replay", "coverage", "empty.jsonl")
}

// Law L9: a result does not depend on the number of workers, nor on the folder.
func TestReplaySameBytes(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(12))
	e.file("other/rows.jsonl", manyRows(12))
	e.file("deny.yaml", "version: 1\ndefault: deny\n")
	one := e.want(0, nil, "replay", "rows.jsonl", "-p", "deny.yaml", "-b", "default", "-o", "json", "--workers", "1")
	for _, args := range [][]string{{"rows.jsonl", "--workers", "4"}, {"other/rows.jsonl", "--workers", "2"}, {filepath.Join(e.dir, "rows.jsonl")}} {
		if got := e.want(0, nil, append([]string{"replay", "-p", "deny.yaml", "-b", "default", "-o", "json"}, args...)...); got != one {
			t.Errorf("replay %s differs", args)
		}
	}
}

func TestProgressIsForTerminals(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", manyRows(500))
	if _, _, stderr := e.run("replay", "rows.jsonl", "-p", "default", "-b", "default"); stderr != "" {
		t.Errorf("progress on no terminal: %q", stderr)
	}
	e.tty = true
	if _, _, stderr := e.run("replay", "rows.jsonl", "-p", "default", "-b", "default"); !strings.Contains(stderr, "sessions") {
		t.Errorf("no progress on a terminal: %q", stderr)
	}
}

func TestPolicyLintAndSchema(t *testing.T) {
	e := newTestEnv(t)
	e.file("bad.yaml", "version: 1\nrules:\n  - {id: all, action: allow}\n  - {id: late, tool: x, action: deny}\n")
	e.file("good.yaml", "version: 1\nrules:\n  - {id: a, tool: x, action: allow}\ntests:\n  - {call: {tool: x}, want: allow, rule: a}\n")
	e.want(exitNo, []string{"bad.yaml:", "late"}, "policy", "lint", "bad.yaml")
	e.want(exitNo, []string{`"code"`}, "policy", "lint", "bad.yaml", "-o", "json")
	e.want(0, nil, "policy", "lint", "good.yaml")
	e.want(0, []string{"json-schema.org"}, "policy", "schema")
}

func TestPolicyConvert(t *testing.T) {
	e := newTestEnv(t)
	e.file("wall.yml", "version: 1\nsettings:\n  default_action: allow\nrules:\n  - name: no-shell\n    match:\n      tool: shell\n    action: deny\n")
	code, out, errOut := e.run("policy", "convert", "--from", "mcpwall", "wall.yml", "-f", "ours.yaml")
	if code != 0 && code != exitIncomplete {
		t.Fatalf("exit %d %s%s", code, out, errOut)
	}
	e.want(exitNo, []string{"no-shell"}, "check", "-p", "ours.yaml", "-t", "shell")
	e.want(exitUnable, []string{`did you mean "mcpwall"`}, "policy", "convert", "--from", "mcpwal", "wall.yml")
	e.want(exitUnable, []string{"no such file"}, "policy", "convert", "--from", "mcpwall", "nothing.yml")
}

func TestReplayMutants(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("p.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: keys, tool: read_file, args: {path: '**/.ssh/**'}, action: deny}\n  - {id: never, tool: nobody, action: deny}\n")
	e.want(exitNo, []string{"Not noticed", "never"}, "replay", "mutants", "rows.jsonl", "-p", "p.yaml")
	e.want(exitNo, []string{`"rulewind.mutants/1"`}, "replay", "mutants", "rows.jsonl", "-p", "p.yaml", "-o", "json")
	e.file("plain.jsonl", `{"ts":"2026-07-28T09:30:00Z","dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":1,"method":"ping"}}`+"\n")
	e.want(exitIncomplete, []string{"asserts"}, "replay", "mutants", "plain.jsonl", "-p", "p.yaml")
}

// A bug of ours is said to be one, shortly, with its own code.
func TestPanicIsABug(t *testing.T) {
	e := newTestEnv(t)
	e.file("p.yaml", "version: 1\n")
	out := &output{}
	out.cond.L = &out.mu
	world := &env{Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Dir: e.dir,
		Getenv:   func(string) string { return "" },
		Terminal: func(any) bool { panic("boom\x1b[31m") }, Executable: os.Executable}
	if code := run([]string{"policy", "show", "--rules", "p.yaml"}, world); code != exitBug {
		t.Errorf("exit %d", code)
	}
	if got := out.String(); got != `rulewind: this is a bug in Rulewind, please report it: boom\x1b[31m`+"\n" {
		t.Errorf("%q", got)
	}
}
