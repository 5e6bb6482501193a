package reports_test

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// What a JUnit file looks like to who reads it.
type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			File    string `xml:"file,attr"`
			Line    int    `xml:"line,attr"`
			Failure *struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Type string `xml:"type,attr"`
			} `xml:"error"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func readJUnit(t *testing.T, text string) (j junit) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), &j); err != nil {
		t.Fatal(err)
	}
	tests, failures := 0, 0
	for _, s := range j.Suites {
		tests, failures = tests+len(s.Cases), failures+s.Failures
		if s.Tests != len(s.Cases) {
			t.Errorf("suite %s says %d tests and has %d", s.Name, s.Tests, len(s.Cases))
		}
	}
	if j.Tests != tests || j.Failures != failures || tests == 0 {
		t.Errorf("%d tests, %d failures, but the suites have %d, %d", j.Tests, j.Failures, tests, failures)
	}
	return j
}

func TestJUnitAndTAPSayTheSame(t *testing.T) {
	for name, r := range runs(t) {
		j := readJUnit(t, render(t, reports.ReplayJUnit, r))
		passed, failed, skipped := readTAP(t, render(t, reports.ReplayTAP, r))
		if passed != j.Tests-j.Failures-j.Errors-j.Skipped || failed != j.Failures+j.Errors || skipped != j.Skipped {
			t.Errorf("%s: TAP has %d passed, %d failed, %d skipped, JUnit %+v", name, passed, failed, skipped, j)
		}
		if bad := r.Gate.Status != replay.Passed; bad != (failed > 0) {
			t.Errorf("%s: the gate %s, but %d tests failed", name, r.Gate.Status, failed)
		}
	}
}

// readTAP reads TAP 14 as its grammar has it: a plan, test points, YAML blocks.
func readTAP(t *testing.T, text string) (passed, failed, skipped int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || lines[0] != "TAP version 14" {
		t.Fatalf("no TAP: %q", lines)
	}
	point := regexp.MustCompile(`^(not )?ok (\d+) - ((?:[^\\#]|\\.)*)( # SKIP .*)?$`)
	n := 0
	for i := 2; i < len(lines); i++ {
		m := point.FindStringSubmatch(lines[i])
		if m == nil {
			t.Fatalf("no test point: %q", lines[i])
		}
		if n++; m[2] != strconv.Itoa(n) {
			t.Errorf("test point %s is the %dth", m[2], n)
		}
		switch {
		case m[1] != "":
			failed++
		case m[4] != "":
			skipped++
		default:
			passed++
		}
		if i+1 < len(lines) && lines[i+1] == "  ---" {
			end := slices.Index(lines[i:], "  ...")
			var fields map[string]string
			if err := yaml.Unmarshal([]byte(strings.Join(lines[i+2:i+end], "\n")), &fields); err != nil || fields["kind"] == "" {
				t.Errorf("diagnostics %v, %v", fields, err)
			}
			i += end
		}
	}
	if want := fmt.Sprintf("1..%d", n); lines[1] != want {
		t.Errorf("plan %s, want %s", lines[1], want)
	}
	return passed, failed, skipped
}

func TestJUnitSaysWhatFails(t *testing.T) {
	j := readJUnit(t, render(t, reports.ReplayJUnit, replayed(t)))
	c := j.Suites[1].Cases
	if c[0].Failure == nil || c[0].Failure.Type != "newly_allowed" || c[0].File != "policies/test.yaml" || c[0].Line != 3 ||
		!strings.Contains(c[0].Failure.Text, "id_rsa") {
		t.Errorf("the loosening: %+v", c[0])
	}
	if c[1].Skipped == nil || c[1].Skipped.Message != "accepted: the tokens are for tests" {
		t.Errorf("what is accepted: %+v", c[1])
	}
	if c[2].Failure != nil || c[2].Line != 10 {
		t.Errorf("a tightening that the gate passes: %+v", c[2])
	}
	j = readJUnit(t, render(t, reports.ReplayJUnit, drifted(t)))
	if j.Errors != 2 || j.Suites[0].Cases[1].Error.Type != "drift" {
		t.Errorf("drift: %+v", j)
	}
	j = readJUnit(t, render(t, reports.ReplayJUnit, expecting(t)))
	last := j.Suites[1].Cases[len(j.Suites[1].Cases)-1]
	if last.Failure == nil || last.Failure.Type != "expectation" {
		t.Errorf("an expectation that fails: %+v", last)
	}
}
