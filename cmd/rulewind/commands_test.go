package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	e := newTestEnv(t)
	e.want(0, []string{"Usage: rulewind", "rulewind demo"}, "--help")
	e.want(0, []string{"Usage: rulewind"})
	e.want(0, []string{"rulewind "}, "version")
	e.want(exitUnable, []string{`did you mean "check"`}, "chek")
	e.want(exitUnable, []string{"did you mean"}, "--hlp")
	e.want(exitUnable, []string{"unknown flag --frobnicate"}, "sessions", "--frobnicate")
}

// Every command that a user sees has an example in its help.
func TestEveryCommandHasExamples(t *testing.T) {
	e := newTestEnv(t)
	for _, command := range []string{
		"demo", "proxy", "check", "replay run", "replay verify", "replay coverage", "replay mutants", "replay merge", "replay against", "report", "sessions", "sessions list", "sessions to-case", "serve", "export",
		"policy validate", "policy lint", "policy schema", "policy convert", "tools list",
		"policy test", "policy show", "policy kinds", "corpus score", "corpus minimize", "corpus lint",
	} {
		e.want(0, []string{"Examples:", "    rulewind "}, append(strings.Fields(command), "--help")...)
	}
}

const fiveErrors = `version: 1
defualt: allow
rules:
  - id: a
    tols: x
    action: deny
  - id: b
    action: dney
  - id: c
    action: deny
    args: {path: {regex: "("}}
  - id: d
    severity: huge
    action: deny
`

func TestPolicyWithFiveErrors(t *testing.T) {
	e := newTestEnv(t)
	e.file("bad.yaml", fiveErrors)
	all := []string{
		"bad.yaml:2:1: ", `did you mean "default"`, "bad.yaml:5:5: ", `did you mean "tool"`, "bad.yaml:8:13: ", `did you mean "deny"`,
		"bad.yaml:11:", "regular expression", "bad.yaml:13:15: ", "huge",
	}
	for _, args := range [][]string{
		{"policy", "validate", "bad.yaml"},
		{"check", "-t", "x", "-p", "bad.yaml"},
		{"replay", "rows.jsonl", "--policy", "bad.yaml"},
		{"report", "rows.jsonl", "--policy", "bad.yaml"},
		{"proxy", "--policy", "bad.yaml", "--", "true"},
	} {
		e.want(exitUnable, all, args...)
	}
}

func TestPolicyCommands(t *testing.T) {
	e := newTestEnv(t)
	e.file("mine.yaml", "version: 1\nextends: base.yaml\nrules: [{id: a, tool: x, action: deny}]\n")
	e.file("base.yaml", "version: 1\nextends: default\n")
	e.want(0, []string{"mine.yaml: valid", "default: valid"}, "policy", "validate", "mine.yaml", "default")
	e.want(0, []string{"no-credential-access", "a", "everything else"}, "policy", "show", "--rules", "mine.yaml")
	e.want(0, []string{"note-private-reads", "sets reads-private; remembers private"}, "policy", "show", "--rules", "flow")
	if out := e.want(0, nil, "policy", "show", "mine.yaml"); out != "version: 1\nextends: base.yaml\nrules: [{id: a, tool: x, action: deny}]\n" {
		t.Errorf("show changed the source: %q", out)
	}
	e.want(0, []string{"default\n", "strict\n"}, "policy", "list")
	e.want(0, []string{"github-pat\n"}, "policy", "kinds", "secrets")
	e.want(0, []string{"secrets github-pat\n"}, "policy", "kinds")
	e.want(exitUnable, []string{`did you mean "secrets"`}, "policy", "kinds", "secret")
	e.want(0, []string{"tests pass"}, "policy", "test", "strict")
	e.want(exitIncomplete, []string{"no tests"}, "policy", "test", "mine.yaml")
	e.file("fails.yaml", "version: 1\ntests:\n  - {call: {tool: x}, want: allow}\n")
	e.want(exitNo, []string{"FAIL", "0 of 1"}, "policy", "test", "fails.yaml")
	e.want(exitUnable, []string{"is a folder"}, "policy", "show", "./")
	e.want(exitUnable, []string{"built in are"}, "policy", "show", e.file("x.yaml", "version: 1\nextends: nobody\n"))
}

const rows = `{"id":"a:1","session":"a","direction":"request","tool":"read_file","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"~/.ssh/id_rsa"}}},"label":"attack","category":"paths"}
{"id":"a:2","session":"a","direction":"request","tool":"read_file","message":{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"README.md"}}},"label":"benign","category":"paths"}
`

func TestReplayOfACorpus(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("loose.yaml", "version: 1\ndefault: allow\n")
	e.file("tight.yaml", "version: 1\nextends: default\ndefault: deny\n")
	e.want(exitNo, []string{"A/A", "newly_allowed", "no-credential-access → default", "id_rsa", "Gate: failed"},
		"replay", "rows.jsonl", "--policy", "loose.yaml", "--baseline", "default")
	e.want(0, []string{"newly_denied", "Gate: passed", "Nothing gets looser"}, "replay", "rows.jsonl", "--policy", "tight.yaml", "--baseline", "default")
	e.want(exitNo, []string{"newly_denied"}, "replay", "rows.jsonl", "-p", "tight.yaml", "-b", "default", "--max-newly-denied", "0")
	e.want(0, []string{"No verdict would change"}, "replay", "rows.jsonl", "-p", "default", "-b", "default")
	e.want(exitNo, []string{`"version": "rulewind.replay/1"`}, "replay", "rows.jsonl", "-p", "loose.yaml", "-b", "default", "-o", "json")
	e.want(exitNo, []string{"# Rulewind replay: failed"}, "replay", "rows.jsonl", "-p", "loose.yaml", "-b", "default", "-o", "markdown")
	e.want(exitNo, []string{"<!DOCTYPE html>"}, "replay", "rows.jsonl", "-p", "loose.yaml", "-b", "default", "-o", "html")
	e.want(exitIncomplete, nil, "replay", "verify", "rows.jsonl")
}

func TestReplayBadInput(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("empty.jsonl", "")
	e.file("broken.jsonl", rows+"{\n")
	e.want(exitIncomplete, []string{"incomplete"}, "replay", "empty.jsonl", "-p", "default")
	e.want(0, nil, "replay", "empty.jsonl", "-p", "default", "--allow-empty")
	e.want(exitUnable, []string{"broken.jsonl:3"}, "replay", "broken.jsonl", "-p", "default")
	e.want(exitUnable, []string{"nothing.db"}, "replay", "nothing.db", "-p", "default")
	e.want(exitUnable, []string{"no file matches"}, "replay", "*.nothing", "-p", "default")
	e.want(exitUnable, []string{"--policy"}, "replay", "rows.jsonl")
	e.want(exitUnable, []string{`did you mean "markdown"`}, "replay", "rows.jsonl", "-p", "default", "-o", "markdwon")
	e.want(exitUnable, []string{`did you mean "newly_denied"`}, "replay", "rows.jsonl", "-p", "default", "--fail-on", "newly_deny")
	e.want(exitUnable, []string{"--max-newly-denied: want a count"}, "replay", "rows.jsonl", "-p", "default", "--max-newly-denied", "")
	e.want(exitUnable, []string{"--min-exact-fidelity: want a percentage"}, "replay", "rows.jsonl", "-p", "default", "--min-exact-fidelity", "all")
	e.want(exitUnable, []string{"there is no database at", "rulewind proxy"}, "replay", "-p", "default")
}

func TestReportOfACorpus(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("empty.jsonl", "")
	e.want(0, []string{"What happened", "no-credential-access", "made for this report"}, "report", "rows.jsonl")
	e.want(0, []string{"# Rulewind report"}, "report", "rows.jsonl", "-o", "markdown")
	e.want(0, []string{"<title>A review</title>"}, "report", "rows.jsonl", "-o", "html", "--title", "A review")
	e.want(0, nil, "report", "rows.jsonl", "-o", "json", "-f", "saved.json")
	e.want(0, []string{"What happened", "no-credential-access"}, "report", "saved.json")
	info, err := os.Stat(filepath.Join(e.dir, "saved.json"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the report is readable by others: %v", info.Mode())
	}
	e.want(exitIncomplete, []string{"nothing to report"}, "report", "empty.jsonl")
	e.want(exitUnable, []string{`did you mean "html"`}, "report", "rows.jsonl", "-o", "htm")
	e.want(exitUnable, []string{"saved report"}, "report", e.file("bad.json", "{"))
	e.want(exitUnable, []string{"writing the output"}, "report", "rows.jsonl", "-f", "no/such/folder/x")
}

func TestCorpusScore(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("plain.jsonl", `{"ts":"2026-07-28T09:30:00Z","dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":1,"method":"ping"}}`+"\n")
	e.want(0, []string{"rows.jsonl", "100.0 %", "0.0 %"}, "corpus", "score", "rows.jsonl")
	e.want(0, []string{"missed in rows.jsonl"}, "corpus", "score", "rows.jsonl", "--misses", "1", "-p", e.file("loose.yaml", "version: 1\ndefault: allow\n"))
	e.want(0, []string{`"rulewind.score/1"`}, "corpus", "score", "rows.jsonl", "-o", "json")
	e.want(exitIncomplete, []string{"nothing to score"}, "corpus", "score", "plain.jsonl")
	e.want(0, nil, "corpus", "score", "plain.jsonl", "--assume-benign")
	e.want(exitUnable, []string{`did you mean "text"`}, "corpus", "score", "rows.jsonl", "-o", "txt")
}
