package reports

import (
	"fmt"
	"io"
	"slices"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// PolicyTests are the results of a policy's own tests.
type PolicyTests struct {
	Policy  replay.PolicyRef
	Results []policy.TestResult
}

// TestFormats are the ways to write the results of policies' tests, but for the text
// of a terminal.
var TestFormats = []Format[[]PolicyTests]{
	{Name: "json", Write: func(w io.Writer, list []PolicyTests) error {
		out := []policy.TestResult{}
		for _, p := range list {
			out = append(out, p.Results...)
		}
		return WriteJSON(w, out)
	}},
	{Name: "junit", Write: func(w io.Writer, list []PolicyTests) error {
		return writeJUnit(w, "rulewind policy test", testSuites(list))
	}},
	{Name: "tap", Write: func(w io.Writer, list []PolicyTests) error { return writeTAP(w, testSuites(list)) }},
	{Name: "github", Write: testsGitHub},
}

func testSuites(list []PolicyTests) (out []suite) {
	for i := range list {
		p := &list[i]
		s := suite{name: p.Policy.Name}
		for _, r := range p.Results {
			k := check{name: r.Name, status: passed, kind: "test", at: locate(&p.Policy, "", r.Pos)}
			if !r.Pass {
				k.status, k.text = failed, fmt.Sprintf("%s: want %s, got %s", r.Pos, r.Want, r.Got)
			}
			s.checks = append(s.checks, k)
		}
		out = append(out, s.bounded())
	}
	return out
}

func testsGitHub(w io.Writer, list []PolicyTests) error {
	var notes []annotation
	for _, s := range testSuites(list) {
		for _, k := range s.checks {
			if k.status == failed {
				notes = append(notes, annotation{"error", k.at, "Rulewind: policy test", k.name + ": " + k.text})
			}
		}
	}
	return writeAnnotations(w, notes)
}

// PolicyWarnings are what lint says of a policy.
type PolicyWarnings struct {
	Policy   replay.PolicyRef
	Warnings []policy.Warning
}

// LintFormats are the ways to write what lint says, but for the text of a terminal.
var LintFormats = []Format[[]PolicyWarnings]{
	{Name: "json", Write: func(w io.Writer, list []PolicyWarnings) error {
		out := []policy.Warning{}
		for _, p := range list {
			out = append(out, p.Warnings...)
		}
		return WriteJSON(w, out)
	}},
	{Name: "github", Write: lintGitHub},
	{Name: "sarif", Write: lintSARIF},
}

func lintGitHub(w io.Writer, list []PolicyWarnings) error {
	var notes []annotation
	for i := range list {
		for _, x := range list[i].Warnings {
			a := annotation{"warning", locate(&list[i].Policy, x.Rule, x.Pos), "Rulewind: " + x.Code, x.Text}
			if x.Note {
				a.level = "notice"
			}
			notes = append(notes, a)
		}
	}
	return writeAnnotations(w, notes)
}

// lintSARIF writes a run with a rule for each code that comes up.
func lintSARIF(w io.Writer, list []PolicyWarnings) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "Rulewind", About: sarifAbout, Rules: []sarifRule{}}},
		Automation:  &sarifAutomation{"rulewind-lint/"},
		Invocations: []sarifInvocation{{Successful: true}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	room, total := maxResults, 0
	seen := map[string]int{} // so that fingerprints don't depend on lines
	for i := range list {
		for _, x := range list[i].Warnings {
			level := "warning"
			if x.Note {
				level = "note"
			}
			rules := &run.Tool.Driver.Rules
			k := slices.IndexFunc(*rules, func(r sarifRule) bool { return r.ID == x.Code })
			if k < 0 {
				k = len(*rules)
				*rules = append(*rules, sarifRule{x.Code, sarifMessage{"Policy lint: " + x.Code + "."}, sarifRuleLevel{level}})
			}
			id := list[i].Policy.Name + "/" + x.Rule + "/" + x.Code
			seen[id]++
			run.add(&room, sarifResult{
				RuleID: x.Code, RuleIndex: k, Level: level, Message: sarifText(x.Text),
				Locations: sarifAt(locate(&list[i].Policy, x.Rule, x.Pos), x.Rule), Fingerprints: fingerprint(fmt.Sprintf("%s/%d", id, seen[id])),
			})
			total++
		}
	}
	run.end(total)
	return WriteJSON(w, &sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}
