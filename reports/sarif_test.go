package reports_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// oasisSchema is the JSON Schema of SARIF 2.1.0, which a module of the tests has in a
// constant that it doesn't export.
func oasisSchema(t *testing.T) *gojsonschema.Schema {
	t.Helper()
	_ = sarif.Report{} // so that the module is there
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(out)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && len(s) > len(text) {
				text = s
			}
		}
		return true
	})
	if !strings.Contains(text, "docs.oasis-open.org/sarif/sarif/v2.1.0") {
		t.Fatal("that is not the schema of SARIF 2.1.0")
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every result is valid by OASIS' schema, and by what the standard says in prose:
// rules are the ones that results name, fingerprints are all different, and messages
// hold no link and no placeholder.
func TestSARIFIsValid(t *testing.T) {
	schema := oasisSchema(t)
	results := runs(t)
	results["many"] = manyGroups(t, 5100)
	for name, r := range results {
		text := render(t, reports.ReplaySARIF, r)
		res, err := schema.Validate(gojsonschema.NewStringLoader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range res.Errors() {
			t.Errorf("%s: %s", name, e)
		}
		var log sarif.Report
		if err := json.Unmarshal([]byte(text), &log); err != nil {
			t.Fatal(err)
		}
		if len(log.Runs) != max(len(r.Comparisons), 1) {
			t.Errorf("%s: %d runs", name, len(log.Runs))
		}
		var categories, prints []string
		for _, run := range log.Runs {
			categories = append(categories, *run.AutomationDetails.ID)
			if len(run.Results) > 5000 {
				t.Errorf("%s: %d results", name, len(run.Results))
			}
			for _, x := range run.Results {
				if got := run.Tool.Driver.Rules[x.RuleIndex].ID; *got != *x.RuleID {
					t.Errorf("%s: result of rule %s points at %s", name, *x.RuleID, *got)
				}
				prints = append(prints, *run.AutomationDetails.ID+x.PartialFingerprints["primaryLocationLineHash"])
				if text := strings.NewReplacer(`\\`, "", `\[`, "", `\]`, "", "{{", "", "}}", "").Replace(*x.Message.Text); strings.ContainsAny(text, "[]{}") {
					t.Errorf("%s: a message holds markup: %s", name, *x.Message.Text)
				}
			}
		}
		for _, list := range [][]string{categories, prints} {
			slices.Sort(list)
			if n := len(slices.Compact(slices.Clone(list))); n != len(list) {
				t.Errorf("%s: of %d names only %d are different", name, len(list), n)
			}
		}
	}
	for _, name := range []string{"lint as sarif", "replay as sarif"} {
		if res, err := schema.Validate(gojsonschema.NewStringLoader(everything(t)[name])); err != nil || !res.Valid() {
			t.Errorf("%s: %v, %v", name, err, res.Errors())
		}
	}
	broken := strings.Replace(render(t, reports.ReplaySARIF, replayed(t)), `"ruleId"`, `"rule"`, 1)
	if res, err := schema.Validate(gojsonschema.NewStringLoader(broken)); err != nil || res.Valid() {
		t.Error("the schema takes anything")
	}
}

// A result keeps its fingerprint when the policy's lines move, and so isn't new to
// whoever dismissed it.
func TestFingerprintsOutliveLines(t *testing.T) {
	prints := func(source string) (out, lines []string) {
		p := load(t, source)
		r := run(t, exactDay(t), replay.Config{Candidates: []*policy.Policy{p}, Files: candidateFiles})
		var log sarif.Report
		if err := json.Unmarshal([]byte(render(t, reports.ReplaySARIF, r)), &log); err != nil {
			t.Fatal(err)
		}
		for _, x := range log.Runs[0].Results {
			out = append(out, x.PartialFingerprints["primaryLocationLineHash"])
			lines = append(lines, fmt.Sprint(*x.Locations[0].PhysicalLocation.Region.StartLine))
		}
		return out, lines
	}
	before, at := prints(candidate)
	after, now := prints("# a comment\n\n" + candidate)
	if !slices.Equal(before, after) || slices.Equal(at, now) || len(before) != 4 {
		t.Errorf("%q at %q became %q at %q", before, at, after, now)
	}
}
