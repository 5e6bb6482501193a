package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// maxAnnotations is how many annotations of one level GitHub shows for a step.
const maxAnnotations = 10

// An annotation is a note at a line, for a workflow's log.
type annotation struct {
	level string // error, warning or notice
	at    location
	title string
	text  string
}

// ReplayGitHub writes a replay's result as workflow commands of GitHub Actions, which
// show as annotations at the policy's lines: of each level as many as GitHub shows,
// the last saying how many are left out.
func ReplayGitHub(w io.Writer, r *replay.Result) error {
	var list []annotation
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		fails := failing(r, c)
		for k := range c.Groups {
			list = append(list, groupAnnotation(r, c, &c.Groups[k], fails[c.Groups[k].Class]))
		}
	}
	for _, s := range replayChecks(r) {
		for _, k := range s.checks {
			if _, err := replay.ParseClass(k.kind); (err != nil || k.kind == replay.Drift.String()) && k.status <= failed {
				list = append(list, annotation{"error", k.at, "Rulewind: " + k.kind, k.name + ": " + k.text})
			}
		}
	}
	return writeAnnotations(w, list)
}

func groupAnnotation(r *replay.Result, c *replay.Comparison, g *replay.Group, fails bool) annotation {
	a := annotation{"notice", locate(&c.Candidate, g.To.Rule, g.To.Pos), "Rulewind: " + string(g.Direction), groupText(g)}
	if len(r.Comparisons) > 1 {
		a.title += " by " + comparisonName(c)
	}
	switch {
	case g.Accepted:
		a.text += "; " + accepted(g)
	case fails:
		a.level = "error"
	case g.Direction != replay.Neutral:
		a.level = "warning"
	}
	return a
}

func writeAnnotations(w io.Writer, list []annotation) error {
	bw := bufio.NewWriter(w)
	for _, level := range []string{"error", "warning", "notice"} {
		var of []annotation
		for _, a := range list {
			if a.level == level {
				of = append(of, a)
			}
		}
		for i, a := range of {
			if i == maxAnnotations-1 && len(of) > maxAnnotations {
				a = annotation{level: level, title: "Rulewind", text: plural(len(of)-i, "more is", "more are") + " not annotated; see the report"}
			}
			if i < maxAnnotations {
				fmt.Fprintln(bw, a.command())
			}
		}
	}
	return bw.Flush()
}

// command is the annotation as a workflow command.
func (a *annotation) command() string {
	properties := ""
	if a.at.path != "" {
		properties = fmt.Sprintf("file=%s,line=%d,col=%d,", githubProperty(a.at.path), a.at.line, a.at.col)
	}
	return fmt.Sprintf("::%s %stitle=%s::%s", a.level, properties, githubProperty(a.title), githubData(a.text))
}

// The runner turns these back, and a message can hold none of them as it is: it
// would end there, or its property would.
var (
	githubDataEscaper     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscaper = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubDataEscaper.Replace(Visible(s)) }
func githubProperty(s string) string { return githubPropertyEscaper.Replace(Visible(s)) }

// tame returns text none of whose lines begins with ::, which GitHub's runner would
// take for a command. Visible has seen to what would be one elsewhere.
func tame(text []byte) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	for i, line := range lines {
		if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, "::") {
			lines[i] = line[:len(line)-len(rest)] + `\` + rest
		}
	}
	return []byte(strings.Join(lines, ""))
}
