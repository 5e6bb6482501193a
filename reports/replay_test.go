package reports_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

const candidate = `version: 1
name: candidate
default: allow
rules:
  - id: no-shell
    tool: shell
    action: deny
    severity: high
    message: no commands at all
  - id: no-search
    tool: search
    action: deny
    message: no searching
`

// candidateFiles are where the candidate is.
var candidateFiles = [][]replay.PolicyFile{{{Name: "test.yaml", Path: "policies/test.yaml", Default: 3}}}

func run(t testing.TB, cases []corpus.Case, cfg replay.Config) *replay.Result {
	t.Helper()
	cfg.Engine = "test"
	if cfg.Candidates == nil {
		cfg.Candidates, cfg.Files = []*policy.Policy{load(t, candidate)}, candidateFiles
	}
	r, err := replay.Run(context.Background(), seq(cases), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func exactDay(t testing.TB) []corpus.Case {
	cases := day(t)
	cases[1].Steps[2].Fidelity = policy.Exact
	return cases
}

// replayed is a run in which one group of the loosening is accepted.
func replayed(t testing.TB) *replay.Result {
	r := run(t, exactDay(t), replay.Config{})
	given, err := r.Accept(r.Comparisons[0].Groups[1].ID, "the tokens are for tests", "")
	if err != nil {
		t.Fatal(err)
	}
	return run(t, exactDay(t), replay.Config{Gate: replay.GateConfig{Accepted: given}})
}

// drifted is a run in which a recorded verdict doesn't come out the same.
func drifted(t testing.TB) *replay.Result {
	cases := exactDay(t)
	cases[0].Steps[3].Recorded.Verdict.Rule = "another-rule"
	return run(t, cases, replay.Config{})
}

// expecting is a run in which a case wants what the candidate doesn't give.
func expecting(t testing.TB) *replay.Result {
	cases := exactDay(t)
	deny := policy.Deny
	cases[0].Steps[3].Want = &corpus.Expectation{Action: deny}
	return run(t, cases, replay.Config{})
}

// runs are results of every sort.
func runs(t testing.TB) map[string]*replay.Result {
	verified, err := replay.Verify(context.Background(), seq(exactDay(t)), replay.Config{})
	if err != nil {
		t.Fatal(err)
	}
	two := load(t, candidate)
	return map[string]*replay.Result{
		"accepted": replayed(t), "drifted": drifted(t), "expecting": expecting(t), "verified": verified,
		"empty": run(t, nil, replay.Config{}), "hostile": hostileRun(t),
		"both histories": run(t, exactDay(t), replay.Config{Candidates: []*policy.Policy{two}, Mode: replay.Both}),
		"two candidates": run(t, exactDay(t), replay.Config{Candidates: []*policy.Policy{two, load(t, testPolicy)}}),
	}
}

// manyGroups is a run with that many groups, and one more.
func manyGroups(t testing.TB, n int) *replay.Result {
	r := run(t, exactDay(t), replay.Config{})
	c := &r.Comparisons[0]
	g := c.Groups[0]
	for i := range n {
		g.ID = fmt.Sprintf("%012x", i)
		c.Groups = append(c.Groups, g)
	}
	return r
}

func TestReplayGoldens(t *testing.T) {
	res := replayed(t)
	extensions := map[string]string{"text": "txt", "markdown": "md", "html": "html", "junit": "junit.xml",
		"sarif": "sarif", "github": "github", "tap": "tap"}
	for _, f := range reports.ReplayFormats {
		if ext := extensions[f.Name]; ext != "" { // the schema describes the JSON
			golden(t, "replay."+ext, render(t, f.Write, res))
		}
	}
}

// A saved result gives every other format, to the byte.
func TestSavedReplayGivesEveryOther(t *testing.T) {
	read := func(r *replay.Result) *replay.Result {
		saved, err := reports.ReadSaved([]byte(render(t, asJSON[*replay.Result], r)))
		if err != nil || saved.Replay == nil {
			t.Fatal(err)
		}
		return saved.Replay
	}
	for name, r := range runs(t) {
		if name == "hostile" { // a file's name need not be UTF-8, but JSON is
			r = read(r)
		}
		back := read(r)
		for _, f := range reports.ReplayFormats {
			if render(t, f.Write, r) != render(t, f.Write, back) {
				t.Errorf("%s: %s differs after saving and reading", name, f.Name)
			}
		}
	}
	for _, bad := range []string{"", "[]", `{"version":"rulewind.replay/2"}`, `{"version":2}`, `{"version":"rulewind.replay/1","control":[]}`} {
		if _, err := reports.ReadSaved([]byte(bad)); err == nil {
			t.Errorf("ReadSaved took %q", bad)
		}
	}
}

func asJSON[T any](w io.Writer, v T) error { return reports.WriteJSON(w, v) }

func resolved[T any](t *testing.T) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(reports.Schema[T](), &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func valid(t *testing.T, s *jsonschema.Resolved, text string) error {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemas(t *testing.T) {
	s := resolved[replay.Result](t)
	for name, r := range runs(t) {
		if err := valid(t, s, render(t, asJSON[*replay.Result], r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := render(t, asJSON[*replay.Result], replayed(t))
	for _, bad := range []string{
		strings.Replace(text, "rulewind.replay/1", "rulewind.replay/2", 1),
		strings.Replace(text, `"newly_allowed"`, `"newly_alowed"`, 1),
		strings.Replace(text, `"corpus"`, `"corpse"`, 1),
		strings.Replace(text, `"cases": 2`, `"cases": "2"`, 1),
	} {
		if bad == text || valid(t, s, bad) == nil {
			t.Error("the schema takes what no replay writes")
		}
	}
	for _, cases := range [][]corpus.Case{day(t), nil, {hostileCase(t)}} {
		if err := valid(t, resolved[reports.Report](t), render(t, reports.JSON, build(t, cases, reports.Options{Replay: replayed(t)}))); err != nil {
			t.Error(err)
		}
	}
	cover, err := replay.Cover(context.Background(), seq(day(t)), load(t, testPolicy), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, resolved[replay.Coverage](t), render(t, asJSON[*replay.Coverage], cover)); err != nil {
		t.Error(err)
	}
}

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

func TestLongListsSayWhatIsLeftOut(t *testing.T) {
	r := manyGroups(t, 5100)
	groups := len(r.Comparisons[0].Groups)
	left := fmt.Sprint(groups - 5000)
	for _, f := range reports.ReplayFormats {
		out := render(t, f.Write, r)
		switch f.Name {
		case "json":
		case "sarif":
			if n := strings.Count(out, `"ruleIndex"`); n != 5000 || !strings.Contains(out, left+" results are left out") {
				t.Errorf("%d results, and %s are left out", n, left)
			}
		case "junit", "tap":
			if !strings.Contains(out, left+" checks are not listed") {
				t.Errorf("%s does not say that %s are left out", f.Name, left)
			}
		case "github":
			if n := strings.Count(out, "::error "); n != 10 || !strings.Contains(out, "more are not annotated") {
				t.Errorf("%d errors are annotated", n)
			}
		case "markdown":
			if len(out) >= 60_000 {
				t.Errorf("the Markdown has %d bytes: GitHub takes no comment of more than 65,536", len(out))
			}
			fallthrough
		default:
			if !strings.Contains(out, "left out") {
				t.Errorf("%s does not say that groups are left out", f.Name)
			}
		}
	}
}

// A runner reads a workflow command back to what was meant.
func TestGitHubCommands(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)
	for name, r := range runs(t) {
		for line := range strings.Lines(render(t, reports.ReplayGitHub, r)) {
			m := command.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if m == nil {
				t.Errorf("%s: no command: %q", name, line)
				continue
			}
			for _, p := range strings.Split(m[2], ",") {
				if key, _, ok := strings.Cut(p, "="); !ok || !slices.Contains([]string{"file", "line", "col", "title"}, key) {
					t.Errorf("%s: property %q in %s", name, p, line)
				}
			}
		}
	}
	got := strings.SplitAfter(render(t, reports.ReplayGitHub, replayed(t)), "\n")
	want := "::error file=policies/test.yaml,line=3,col=1,title=Rulewind%3A loosening::newly_allowed: 1 message of read_file on files: deny by no-keys (test.yaml:5:5), now allow by default\n"
	if got[0] != want {
		t.Errorf("got  %swant %s", got[0], want)
	}
	if levels := strings.Count(strings.Join(got, ""), "::warning"); levels != 2 {
		t.Errorf("%d tightenings are warnings, want 2", levels)
	}
}

// Where no line of the candidate's files decides, the one that lets that decide
// stands for it.
func TestWhereResultsPoint(t *testing.T) {
	own := replay.PolicyFile{Name: "p.yaml", Path: "policies/p.yaml", Default: 4, Extends: 2}
	for _, tt := range []struct {
		what      string
		files     []replay.PolicyFile
		rule, pos string
		want      string
	}{
		{"its own rule", []replay.PolicyFile{own}, "a", "p.yaml:14:5", "file=policies/p.yaml,line=14,col=5"},
		{"its default", []replay.PolicyFile{own}, "default", "", "file=policies/p.yaml,line=4,col=1"},
		{"a built-in policy's rule", []replay.PolicyFile{own, {Name: "default"}}, "a", "default:27:5", "file=policies/p.yaml,line=2,col=1"},
		{"a rule of a file that it extends", []replay.PolicyFile{own, {Name: "base.yaml", Path: "policies/base.yaml"}}, "a", "base.yaml:3:5", "file=policies/base.yaml,line=3,col=5"},
		{"the default of a built-in policy", []replay.PolicyFile{{Name: "p.yaml", Path: "p.yaml", Extends: 2}, {Name: "default", Default: 9}}, "default", "", "file=p.yaml,line=2,col=1"},
		{"the engine", []replay.PolicyFile{own}, "engine:failed", "", "file=policies/p.yaml,line=1,col=1"},
		{"nobody knows", nil, "a", "p.yaml:14:5", "file=p.yaml,line=14,col=5"},
		{"a name with colons", []replay.PolicyFile{{Name: "a:b.yaml", Path: "x,y/a:b.yaml"}}, "a", "a:b.yaml:14:5", "file=x%2Cy/a%3Ab.yaml,line=14,col=5"},
		{"a built-in policy", []replay.PolicyFile{{Name: "strict", Default: 3}}, "a", "strict:14:5", "::error title="},
	} {
		r := run(t, exactDay(t), replay.Config{})
		r.Comparisons[0].Candidate.Files = tt.files
		r.Comparisons[0].Groups = r.Comparisons[0].Groups[:1]
		r.Comparisons[0].Groups[0].To.Rule, r.Comparisons[0].Groups[0].To.Pos = tt.rule, tt.pos
		if got := render(t, reports.ReplayGitHub, r); !strings.Contains(got, tt.want) {
			t.Errorf("%s: want %s in %s", tt.what, tt.want, got)
		}
	}
}

func TestCoverageLCOV(t *testing.T) {
	cover, err := replay.Cover(context.Background(), seq(day(t)), load(t, testPolicy), 1)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "coverage.txt", render(t, reports.CoverageText, cover))
	cover.Policy.Files = []replay.PolicyFile{{Name: "test.yaml", Path: "policies/test.yaml"}}
	text := render(t, reports.CoverageLCOV, cover)
	golden(t, "coverage.lcov", text)
	count := map[string]int{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		hit := !strings.HasSuffix(value, ",0") && !strings.HasSuffix(value, ",-")
		switch key {
		case "DA", "BRDA":
			count[key]++
			if hit {
				count[key+"h"]++
			}
		case "FNDA":
			count[key]++
			if !strings.HasPrefix(value, "0,") {
				count[key+"h"]++
			}
		case "LF", "LH", "BRF", "BRH", "FNF", "FNH":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Error(err)
			}
			count[key] = n
		}
	}
	for total, of := range map[string]string{"LF": "DA", "LH": "DAh", "BRF": "BRDA", "BRH": "BRDAh", "FNF": "FNDA", "FNH": "FNDAh"} {
		if count[total] != count[of] || count["DA"] == 0 {
			t.Errorf("%s says %d, but there are %d", total, count[total], count[of])
		}
	}
	// Rules of what it extends are no lines of a file that is there.
	cover.Policy.Files = []replay.PolicyFile{{Name: "p.yaml", Path: "p.yaml"}, {Name: "test.yaml"}}
	if got := render(t, reports.CoverageLCOV, cover); got != "" {
		t.Errorf("lines of a built-in policy: %s", got)
	}
}

func TestDriftStopsTheClaim(t *testing.T) {
	text := render(t, reports.ReplayText, drifted(t))
	for _, want := range []string{"A/A: DRIFT.", "drift in rule", "another-rule", "Gate: incomplete. This run proves nothing yet."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A writer that fails makes every format fail, and none panics.
func TestBrokenWriters(t *testing.T) {
	full := errors.New("no space left")
	for _, f := range reports.ReplayFormats {
		if err := f.Write(brokenWriter{full}, replayed(t)); !errors.Is(err, full) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }
