package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// Every policy in the reference loads, and its tests pass.
func TestPolicyReferenceCompiles(t *testing.T) {
	doc, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(doc), -1)
	if len(blocks) < 4 {
		t.Fatalf("only %d policies in the reference", len(blocks))
	}
	tests := 0
	for i, b := range blocks {
		p, err := policy.Load("docs.yaml", []byte(b[1]), nil)
		if err != nil {
			t.Errorf("block %d:\n%v", i, err)
			continue
		}
		for _, r := range p.RunTests() {
			tests++
			if !r.Pass {
				t.Errorf("block %d, %s: want %s, got %s", i, r.Pos, r.Want, r.Got)
			}
		}
	}
	if tests < 10 {
		t.Errorf("only %d tests in the reference", tests)
	}
}

// The reference names every key that rules and conditions have.
func TestPolicyReferenceIsComplete(t *testing.T) {
	doc, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, err = policy.Load("x.yaml", []byte("version: 1\nrules:\n  - id: a\n    action: deny\n    qqqqqqqqqqqqqqq: 1\n    args: {x: {qqqqqqqqqqqqqqq: 1}}\n"), nil)
	if err == nil {
		t.Fatal("an unknown key is taken")
	}
	words := 0
	for _, line := range strings.Split(err.Error(), "\n") {
		_, list, ok := strings.Cut(line, "; use ")
		if !ok {
			continue
		}
		for _, w := range strings.Split(list, ", ") {
			words++
			if !strings.Contains(string(doc), "`"+w) {
				t.Errorf("the reference doesn't mention %q", w)
			}
		}
	}
	if words < 30 {
		t.Errorf("only %d words were looked for", words)
	}
}
