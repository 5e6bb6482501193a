package main

import (
	"os"
	"strings"
	"testing"
)

// The cases in the documentation hold under the default policy, and are in order.
func TestCasesReference(t *testing.T) {
	doc, err := os.ReadFile("../../docs/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(doc), -1)
	if len(blocks) == 0 {
		t.Fatal("no case in the documentation")
	}
	e := newTestEnv(t)
	for _, b := range blocks {
		e.file("docs.yaml", b[1])
		wants := strings.Count(b[1], "want: ")
		out := e.want(0, nil, "replay", "docs.yaml", "-p", "default", "-b", "default", "-o", "json")
		if strings.Count(out, `"failed": 0`) == 0 || wants == 0 {
			t.Errorf("%d verdicts wanted:\n%s", wants, out)
		}
		e.want(0, nil, "corpus", "lint", "docs.yaml")
	}
	// Every key that a case may have is told.
	e.file("bad.yaml", "cases:\n  - {qqqq: 1}\n")
	_, _, errOut := e.run("corpus", "lint", "bad.yaml")
	_, list, ok := strings.Cut(errOut, "; use ")
	if !ok {
		t.Fatalf("no keys in %s", errOut)
	}
	list, _, _ = strings.Cut(list, "\n")
	for _, key := range strings.Split(list, ", ") {
		if !strings.Contains(string(doc), "`"+key+"`") && !strings.Contains(string(doc), "`"+key+":") {
			t.Errorf("the documentation doesn't tell %q", key)
		}
	}
}
