package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/rulewind/rulewind/reports"
)

const loose = "version: 1\nextends: default\nrules:\n  - {id: keys, tool: read_file, action: allow}\n"

// replays are the words of a replay that fails its gate.
func (te *testEnv) replays(more ...string) []string {
	te.t.Helper()
	te.file("rows.jsonl", rows)
	te.file("policies/loose.yaml", loose)
	return append([]string{"replay", "rows.jsonl", "-b", "default", "-p", "policies/loose.yaml"}, more...)
}

func (te *testEnv) read(name string) string {
	te.t.Helper()
	b, err := os.ReadFile(filepath.Join(te.dir, name))
	if err != nil {
		te.t.Fatal(err)
	}
	return string(b)
}

// One run writes every format, each the same as in a run of its own.
func TestSeveralOutputsOfOneRun(t *testing.T) {
	e := newTestEnv(t)
	args := e.replays()
	for _, name := range reports.Names(reports.ReplayFormats) {
		args = append(args, "-o", name+"=out/"+name)
	}
	e.file("out/github", "# what was there\n")
	annotations := e.want(exitNo, nil, args...)
	for _, name := range reports.Names(reports.ReplayFormats) {
		alone := e.want(exitNo, nil, e.replays("-o", name)...)
		switch got := e.read("out/" + name); {
		case name == "github":
			summary := e.want(exitNo, nil, e.replays("-o", "markdown")...)
			if annotations != alone || got != "# what was there\n"+summary {
				t.Errorf("annotations:\n%s\nsummary:\n%s", annotations, got)
			}
		case got != alone:
			t.Errorf("%s differs from a run of its own", name)
		}
	}
}

func TestOutputsThatCanNotBe(t *testing.T) {
	e := newTestEnv(t)
	for want, flags := range map[string][]string{
		`unknown format "sarf"; did you mean "sarif"?`:         {"-o", "sarf"},
		"text, markdown, html, json, junit, sarif, github, ta": {"-o", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"},
		`unknown format ""`:                     {"-o", ""},
		"name a file after the =":               {"-o", "json="},
		"text and json both go to standard":     {"-o", "text", "-o", "json"},
		"json and tap both go to x":             {"-o", "json=x", "-o", "tap=x"},
		"--file has nothing to write":           {"-o", "json=x", "-f", "y"},
		"sarif and github both go to standard":  {"-o", "sarif=-", "-o", "github"},
		"--shard writes a part and no report; ": {"--shard", "1/2", "-f", "part", "-o", "json"},
	} {
		e.want(exitUnable, []string{want}, e.replays(flags...)...)
	}
	if left, _ := filepath.Glob(filepath.Join(e.dir, "[xy]")); len(left) > 0 {
		t.Errorf("%s were written", left)
	}
	e.want(exitUnable, []string{"writing the output"}, e.replays("-o", "json=no/such/folder/x")...)
}

func TestSavedResultsAreWrittenAgain(t *testing.T) {
	e := newTestEnv(t)
	e.want(exitNo, nil, e.replays("-o", "json=saved.json", "-o", "junit=saved.xml")...)
	if got := e.want(0, nil, "report", "saved.json", "-o", "junit"); got != e.read("saved.xml") {
		t.Error("the JUnit of a saved replay differs")
	}
	e.want(0, []string{"Rulewind replay: failed"}, "report", "saved.json", "-o", "html=page.html", "-o", "markdown")
	e.want(0, nil, "report", "rows.jsonl", "-o", "json=report.json")
	e.want(0, nil, "report", "report.json", "-o", "html")
	e.want(0, []string{"failed at the gate", "What loose.yaml would change"}, "report", "rows.jsonl", "--replay", "saved.json", "-o", "markdown")
	e.want(exitUnable, []string{"that is a report"}, "report", "rows.jsonl", "--replay", "report.json")
	e.want(exitUnable, []string{"--replay is for reports of recordings"}, "report", "report.json", "--replay", "saved.json")
	e.want(exitUnable, []string{"no such file"}, "report", "rows.jsonl", "--replay", "nothing.json")
	e.want(exitUnable, []string{`unknown format "junit"`, "text, markdown, html, json"}, "report", "report.json", "-o", "junit")
	e.want(exitUnable, []string{`unknown format "junit"`}, "report", "rows.jsonl", "-o", "junit")
	e.want(exitUnable, []string{`unknown format "lcov"`, "tap"}, "report", "saved.json", "-o", "lcov")
}

// Every command that says it prints a schema prints one that its JSON is valid by.
func TestSchemaFlags(t *testing.T) {
	e := newTestEnv(t)
	for _, tt := range []struct {
		code   int
		schema []string
		args   []string
	}{
		{exitNo, []string{"replay", "--schema"}, e.replays("-o", "json")},
		{0, []string{"report", "--schema"}, []string{"report", "rows.jsonl", "-o", "json"}},
		{0, []string{"replay", "coverage", "--schema"}, []string{"replay", "coverage", "rows.jsonl", "-p", "policies/loose.yaml", "-o", "json"}},
		{0, []string{"corpus", "score", "--schema"}, []string{"corpus", "score", "rows.jsonl", "-o", "json"}},
		{exitNo, []string{"replay", "mutants", "--schema"}, []string{"replay", "mutants", "rows.jsonl", "-p", "policies/loose.yaml", "-o", "json"}},
	} {
		var s jsonschema.Schema
		if err := json.Unmarshal([]byte(e.want(0, []string{"json-schema.org"}, tt.schema...)), &s); err != nil {
			t.Fatal(err)
		}
		r, err := s.Resolve(nil)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal([]byte(e.want(tt.code, nil, tt.args...)), &v); err != nil {
			t.Fatal(err)
		}
		if err := r.Validate(v); err != nil {
			t.Errorf("%s: %v", strings.Join(tt.args, " "), err)
		}
	}
}

// The help of a command names every format that it takes.
func TestHelpNamesFormats(t *testing.T) {
	e := newTestEnv(t)
	for command, names := range map[string][]string{
		"replay run --help":      reports.Names(reports.ReplayFormats),
		"replay verify --help":   reports.Names(reports.ReplayFormats),
		"replay merge --help":    reports.Names(reports.ReplayFormats),
		"report --help":          reports.Names(reports.Formats),
		"replay coverage --help": reports.Names(reports.CoverageFormats),
		"policy test --help":     append(reports.Names(reports.TestFormats), "text"),
		"policy lint --help":     append(reports.Names(reports.LintFormats), "text"),
		"corpus score --help":    append(reports.Names(reports.ScoreFormats), "text"),
	} {
		help := strings.FieldsFunc(e.want(0, nil, strings.Fields(command)...), func(r rune) bool { return r < 'a' || r > 'z' })
		for _, name := range names {
			if !slices.Contains(help, name) {
				t.Errorf("%s does not name %s", command, name)
			}
		}
	}
}

// Results point at the file as it was named.
func TestResultsPointAtTheFileAsNamed(t *testing.T) {
	e := newTestEnv(t)
	e.want(exitNo, []string{"file=policies/loose.yaml,line=4"}, e.replays("-o", "github")...)
	e.want(exitNo, []string{`"uri": "policies/loose.yaml"`, `"startLine": 4`}, e.replays("-o", "sarif")...)
	e.want(0, []string{"SF:policies/loose.yaml", "DA:4,"}, "replay", "coverage", "rows.jsonl", "-p", "./policies/loose.yaml", "-o", "lcov")
	e.file("policies/base.yaml", loose)
	e.file("top.yaml", "version: 1\nextends: policies/base.yaml\n")
	e.want(exitNo, []string{"file=policies/base.yaml,line=4"}, "replay", "rows.jsonl", "-b", "default", "-p", "top.yaml", "-o", "github")
	e.want(0, []string{"SF:policies/base.yaml"}, "replay", "coverage", "rows.jsonl", "-p", "top.yaml", "-o", "lcov")
}

// Tests, warnings and scores come in the formats that a CI system reads.
func TestPolicyFormats(t *testing.T) {
	e := newTestEnv(t)
	e.file("rows.jsonl", rows)
	e.file("ci/bad.yaml", "version: 1\nrules:\n  - {id: all, action: allow}\n  - {id: late, tool: x, action: deny}\ntests:\n  - {name: 'a % b', call: {tool: x}, want: deny}\n  - {call: {tool: y}, want: allow}\n")
	e.want(exitNo, []string{"::error file=ci/bad.yaml,line=6,col=5,title=Rulewind%3A policy test::a %25 b: bad.yaml:6:5: want deny, got allow by all"},
		"policy", "test", "ci/bad.yaml", "-o", "github")
	e.want(exitNo, []string{"FAIL bad.yaml:6:5", "1 of 2 tests pass"}, "policy", "test", "ci/bad.yaml", "-o", "junit=t.xml", "-o", "tap=t.tap", "-o", "text", "-o", "json=t.json")
	for name, want := range map[string]string{
		"t.xml": `<testsuites name="rulewind policy test" tests="2" failures="1" errors="0" skipped="0">`, "t.tap": "not ok 1 - bad.yaml: a % b", "t.json": `"pass": false`,
	} {
		if got := e.read(name); !strings.Contains(got, want) {
			t.Errorf("no %s in %s:\n%s", want, name, got)
		}
	}
	e.want(exitNo, []string{"::warning file=ci/bad.yaml,line=4,col=5,title=Rulewind%3A unreachable::"}, "policy", "lint", "ci/bad.yaml", "-o", "github")
	e.want(exitNo, []string{`"ruleId": "unreachable"`, `"uri": "ci/bad.yaml"`}, "policy", "lint", "ci/bad.yaml", "-o", "sarif")
	e.file("base.yaml", "version: 1\nrules:\n  - {id: all, action: allow}\n  - {id: late, tool: x, action: deny}\n")
	e.file("top.yaml", "version: 1\nextends: base.yaml\n")
	e.want(exitNo, []string{"base.yaml:4:5"}, "policy", "lint", "top.yaml")
	e.file("top.yaml", "version: 1\nextends: strict\nrules:\n  - {id: asks, tool: x, action: ask}\n")
	if got := e.want(0, []string{"note: top.yaml:4:5"}, "policy", "lint", "top.yaml"); strings.Contains(got, " strict:") {
		t.Errorf("nobody can mend a built-in policy here:\n%s", got)
	}
	e.want(0, []string{`<testcase classname="rows.jsonl" name="paths: attacks are stopped"`}, "corpus", "score", "rows.jsonl", "-o", "junit")
	e.want(0, []string{"# How default does on labelled traffic", "| `rows.jsonl` |"}, "corpus", "score", "rows.jsonl", "-o", "markdown")
	e.want(0, []string{"missed in rows.jsonl"}, "corpus", "score", "rows.jsonl", "-p", "ci/bad.yaml", "--misses", "1")
	e.want(exitUnable, []string{`unknown format "lcov"`}, "policy", "lint", "ci/bad.yaml", "-o", "lcov")
	e.tty = true
	if got := e.want(exitNo, nil, "policy", "test", "ci/bad.yaml"); !strings.Contains(got, "\x1b[1;31mFAIL") {
		t.Errorf("no colour on a terminal: %q", got)
	}
	e.want(exitNo, nil, "policy", "test", "ci/bad.yaml", "-o", "text=t.txt")
	if got := e.read("t.txt"); strings.Contains(got, "\x1b") {
		t.Errorf("colour in a file: %q", got)
	}
}

// A person at a terminal sees colours; files, pipes and NO_COLOR don't, and the words
// are the same.
func TestColoursAreForTerminals(t *testing.T) {
	e := newTestEnv(t)
	plain := e.want(exitNo, nil, e.replays()...)
	e.tty = true
	painted := e.want(exitNo, nil, e.replays()...)
	for _, want := range []string{"\x1b[1;31mloosening\x1b[0m", "\x1b[1;31mfails\x1b[0m", "\x1b[1m── Gate ──\x1b[0m"} {
		if !strings.Contains(painted, want) {
			t.Errorf("no %q in\n%s", want, painted)
		}
	}
	if got := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(painted, ""); got != plain {
		t.Errorf("without its colours it is\n%s\nnot\n%s", got, plain)
	}
	e.want(0, []string{"\x1b[1;31mdeny\x1b[0m"}, "report", "rows.jsonl", "-o", "text", "-o", "json=x.json")
	e.want(exitNo, nil, e.replays("-f", "file.txt")...)
	e.env["NO_COLOR"] = "1"
	if got := e.want(exitNo, nil, e.replays()...); got != plain || e.read("file.txt") != plain {
		t.Error("colours where there should be none")
	}
}
