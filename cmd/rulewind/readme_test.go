package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/policy"
)

var update = flag.Bool("update", false, "write the transcripts in the README anew")

var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// The README's transcripts are what its commands print today.
func TestReadmeTranscripts(t *testing.T) {
	const file = "../../README.md"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := newTestEnv(t)
	commands := 0
	got := console.ReplaceAllStringFunc(string(doc), func(block string) string {
		var b strings.Builder
		b.WriteString("```console\n")
		for _, line := range strings.Split(block, "\n") {
			command, ok := strings.CutPrefix(line, "$ rulewind ")
			if !ok {
				continue
			}
			commands++
			code, out, errOut := e.run(words(t, command)...)
			b.WriteString(line + "\n" + out)
			if code == exitUnable || errOut != "" {
				t.Errorf("%s: exit %d, %s", line, code, errOut)
			}
			if code != 0 {
				b.WriteString("# exit code " + strconv.Itoa(code) + "\n")
			}
		}
		b.WriteString("```")
		return b.String()
	})
	if commands == 0 {
		t.Fatal("no command in the README")
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(withoutLines(string(doc)), withoutLines(got)); diff != "" {
		t.Errorf("the README is not current (-README +now), run with -update if that is right:\n%s", diff)
	}
}

var builtinPos = regexp.MustCompile(`\bdefault:\d+:\d+`)

// withoutLines leaves out where rules stand in the built-in policy: that moves with
// every comment in it.
func withoutLines(s string) string { return builtinPos.ReplaceAllString(s, "default:L:C") }

// words splits a command line as a shell does, quotes included.
func words(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", "printf '%s\\0' "+line).Output()
	if err != nil {
		t.Skipf("no shell: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// The configuration examples are JSON, and the policy loads.
func TestReadmeExamples(t *testing.T) {
	doc, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(doc, -1)
	if len(blocks) < 2 {
		t.Fatalf("%d configurations in the README", len(blocks))
	}
	for _, b := range blocks {
		if !json.Valid(b[1]) {
			t.Errorf("not JSON:\n%s", b[1])
		}
		if !bytes.Contains(b[1], []byte(`"--"`)) {
			t.Errorf("it does not wrap a server:\n%s", b[1])
		}
	}
	for _, b := range yamlBlock.FindAllSubmatch(doc, -1) {
		if _, err := policy.Load("readme.yaml", b[1], nil); err != nil {
			t.Error(err)
		}
	}
}
