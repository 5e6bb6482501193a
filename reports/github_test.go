package reports_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

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
