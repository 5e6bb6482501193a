package policy_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/policy"
)

var update = flag.Bool("update", false, "write the lists in docs/policy.md anew")

const reference = "../../docs/policy.md"

func readReference(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestReferenceHolds loads each policy in the reference, lints it, holds it against
// the schema, and runs its tests.
func TestReferenceHolds(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readReference(t), -1)
	if len(blocks) < 10 {
		t.Fatalf("only %d policies in the reference", len(blocks))
	}
	s := compiledSchema(t)
	for _, b := range blocks {
		p, err := policy.Load("docs.yaml", []byte(b[1]), nil)
		if err != nil {
			t.Errorf("%v\n%s", err, b[1])
			continue
		}
		if err := validate(t, s, []byte(b[1])); err != nil {
			t.Errorf("the schema: %v\n%s", err, b[1])
		}
		for _, w := range p.Lint() {
			if !w.Note {
				t.Errorf("%s\n%s", w, b[1])
			}
		}
		results := p.RunTests()
		if len(results) == 0 {
			t.Errorf("no tests in\n%s", b[1])
		}
		for _, r := range results {
			if !r.Pass {
				t.Errorf("%s: %s: want %s, got %s\n%s", r.Pos, r.Name, r.Want, r.Got, b[1])
			}
		}
	}
}

// TestReferenceIsComplete looks for every key of the language, every operator,
// detector, built-in policy and code of lint.
func TestReferenceIsComplete(t *testing.T) {
	doc := readReference(t)
	var words []string
	for _, keys := range policy.KnownKeys() {
		words = append(words, keys...)
	}
	words = append(words, policy.EmbeddedNames()...)
	words = append(words, policy.LintCodes...)
	for _, w := range words {
		if !regexp.MustCompile("[`{ ,]" + regexp.QuoteMeta(w) + "[`},:]").MatchString(doc) {
			t.Errorf("the reference doesn't mention %s", w)
		}
	}
}

// TestReferenceListsKinds holds the list of kinds against the detectors'.
func TestReferenceListsKinds(t *testing.T) {
	const from, to = "<!-- kinds -->\n", "<!-- end of kinds -->"
	doc := readReference(t)
	start, end := strings.Index(doc, from), strings.Index(doc, to)
	if start < 0 || end < start {
		t.Fatal("the reference has no list of kinds")
	}
	var b strings.Builder
	b.WriteString("\n| family | kinds |\n| --- | --- |\n")
	for _, name := range detect.Names {
		family, _ := detect.ParseSet(name)
		kinds := "`" + strings.Join(detect.Kinds(family), "`, `") + "`"
		if family == detect.Secrets {
			kinds = "over 300, such as `aws-access-key`, `github-pat`, `private-key`, `jwt`, `connection-string`, `generic-password`"
		}
		b.WriteString("| `" + name + "` | " + kinds + " |\n")
	}
	b.WriteString("\n")
	want := doc[:start+len(from)] + b.String() + doc[end:]
	switch {
	case want == doc:
	case *update:
		if err := os.WriteFile(reference, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the list of kinds is old; run `go test ./proxy/policy -run Reference -update`")
	}
}
