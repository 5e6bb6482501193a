package main

import "testing"

func TestCorpusLint(t *testing.T) {
	e := newTestEnv(t)
	e.file("good.yaml", "cases:\n  - {name: a, call: {tool: ls}, want: allow}\n")
	e.file("bad.yaml", "cases:\n  - {name: a, call: {tool: ls}, want: deny, rule: no-credential-acces}\n  - {name: b, call: {tool: ls}, want: allow}\n")
	e.file("broken.yaml", "cases:\n  - {name: a, call: {tool: ls}, wants: allow}\n")
	e.file("empty.yaml", "cases: []\n")
	e.file("own.yaml", "version: 1\nrules:\n  - {id: no-credential-acces, tool: x, action: deny}\n")
	e.file("rows.jsonl", `{"ts":"2026-07-28T09:30:01Z","dir":"c2s","session":"s","label":"benign","message":{"jsonrpc":"2.0","id":1,"method":"ping"}}`+"\n"+
		`{"ts":"2026-07-28T09:30:00Z","dir":"s2c","session":"s","message":{"jsonrpc":"2.0","id":1,"result":{}}}`+"\n")
	e.want(0, []string{"cases: 1, findings: 0"}, "corpus", "lint", "good.yaml")
	e.want(exitNo, []string{
		`bad.yaml: a:1: unknown-rule: it wants rule "no-credential-acces", which default has not; did you mean "no-credential-access"?`,
		"bad.yaml: b:1: contradiction: it wants allow, and the same after the same history deny by no-credential-acces at bad.yaml: a:1",
		"cases: 2, findings: 2",
	}, "corpus", "lint", "bad.yaml")
	e.want(exitNo, []string{`"code": "contradiction"`, `"cases": 2`}, "corpus", "lint", "bad.yaml", "-p", "own.yaml", "-o", "json")
	e.want(0, nil, "corpus", "lint", "bad.yaml", "-p", "own.yaml", "--ignore", "contradiction")
	e.want(exitNo, []string{"clock-backward"}, "corpus", "lint", "rows.jsonl")
	e.want(exitIncomplete, nil, "corpus", "lint", "empty.yaml")
	e.want(exitUnable, []string{`unknown key "wants"; did you mean "want"?`}, "corpus", "lint", "broken.yaml")
	e.want(exitUnable, []string{`did you mean "same-case"`}, "corpus", "lint", "good.yaml", "--ignore", "same-cas")
	// What our own commands write is in order.
	e.want(0, nil, "demo")
	e.file("day.yaml", e.want(0, nil, "sessions", "to-case", "rulewind-demo/demo.db"))
	e.file("key.yaml", e.want(exitNo, []string{"secrets: stand-ins"}, "check", "--as-case", "--tool", "send", "--arg", "body="+demoSecret(3)))
	e.want(0, nil, "corpus", "lint", "day.yaml", "key.yaml")
}
