package reports_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// Whatever comes in, what is shown is one line that steers nothing, and nothing
// that was visible is lost.
func FuzzVisible(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := reports.Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Visible(%q) is not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("Visible(%q) holds %U", s, r)
			}
		}
		if command := anyLogCommand.FindString(got); command != "" {
			t.Fatalf("Visible(%q) holds %s", s, command)
		}
		if reports.Visible(got) != got {
			t.Fatalf("Visible(%q) changes when it is made visible again", s)
		}
	})
}

// Whatever stands in a result, every format of it stays what it is.
func FuzzReplayFormats(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	base := drifted(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := *base
		c := r.Comparisons[0]
		c.Groups = slices.Clone(c.Groups)
		for i := range c.Groups {
			g := &c.Groups[i]
			g.Tool, g.Server, g.Shape, g.To.Rule, g.Reason, g.Accepted = s, s, s, s, s, i == 0
			g.Example.Message, g.Example.Source, g.Example.To.Out = s, s, "x"+s
		}
		c.Candidate.Name, c.Candidate.Files = s, []replay.PolicyFile{{Name: "test.yaml", Path: "p" + s}}
		c.Gate.Reasons = []replay.GateReason{{Status: replay.Failed, Check: "coverage", Text: s}}
		r.Comparisons = []replay.Comparison{c}
		r.Gate = replay.Gate{Reasons: c.Gate.Reasons}
		for _, format := range reports.ReplayFormats {
			out := render(t, format.Write, &r)
			steersNothing(t, format.Name, out)
			if command := anyLogCommand.FindString(out); command != "" {
				t.Errorf("%s holds %s", format.Name, command)
			}
			switch format.Name {
			case "junit":
				readJUnit(t, out)
			case "tap":
				readTAP(t, out)
			case "github":
				commandsOnly(t, format.Name, out)
			case "sarif", "json":
				if !json.Valid([]byte(out)) {
					t.Errorf("%s is no JSON", format.Name)
				}
			case "html":
				ourTagsOnly(t, format.Name, out)
			case "markdown":
				noMarkdown(t, format.Name, out)
			}
		}
	})
}
