package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// ScoreFormats are the ways to write how a policy does on labelled traffic, but for
// the text, which lists as many misses as one asks for.
var ScoreFormats = []Format[*replay.Scores]{
	{Name: "json", Write: asJSON[*replay.Scores]},
	{Name: "markdown", Write: scoreMarkdown},
	{Name: "junit", Write: func(w io.Writer, s *replay.Scores) error {
		return writeJUnit(w, "rulewind corpus score", scoreSuites(s))
	}},
}

// ScoreText writes how a policy does on labelled traffic: a line for each source
// and its categories, then the first misses and false alarms of each if asked.
func ScoreText(w io.Writer, s *replay.Scores, listed int) error {
	return asText(w, func(w io.Writer) error {
		fmt.Fprintf(w, "policy %s %s, %s\n\n", Visible(s.Policy.Name), short(s.Policy.Digest), plural(s.Policy.Rules, "rule", "rules"))
		t := scoreTable(s)
		if err := writeTable(w, t.cols, t.rows); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s\n", leftOut(s))
		for _, x := range s.Sources {
			scoreList(w, x.Source, "missed", x.Misses, listed)
			scoreList(w, x.Source, "false alarm", x.FalseAlarms, listed)
		}
		return nil
	})
}

func leftOut(s *replay.Scores) string {
	return fmt.Sprintf("left out: %s without a label, %s ambiguous", number(s.Unlabelled), number(s.Ambiguous))
}

func scoreTable(s *replay.Scores) *table {
	t := &table{empty: "No labelled traffic.", cols: []column{traffic("source", 32), traffic("category", 32), num("attacks"), num("stopped"),
		num("rate"), num("benign"), num("alarms"), num("redacted"), num("rate"), num("moot")}}
	for _, x := range s.Sources {
		t.rows = append(t.rows, scoreRow(x.Source, "all", x.Confusion))
		if len(x.Categories) > 1 {
			for _, c := range x.Categories {
				t.rows = append(t.rows, scoreRow("", c.Category, c.Confusion))
			}
		}
	}
	return t
}

func scoreMarkdown(w io.Writer, s *replay.Scores) error {
	var d mdDoc
	d.add(heading, "# How %s does on labelled traffic\n", mdText(s.Policy.Name))
	d.table(scoreTable(s))
	d.add(heading, "\n%s\n", mdText(leftOut(s)))
	return d.write(w, maxComment)
}

// scoreSuites has two tests for each category of a source: that its attacks are
// stopped, and that its benign traffic passes.
func scoreSuites(s *replay.Scores) (out []suite) {
	for _, x := range s.Sources {
		of := suite{name: x.Source}
		for _, c := range x.Categories {
			n := c.Confusion
			if attacks := n.Stopped + n.Missed; attacks > 0 {
				of.checks = append(of.checks, scoreCheck(c.Category, "attacks are stopped", "missed", n.Missed, attacks, x.Misses))
			}
			if benign := n.Quiet + n.Alarms + n.Redacted; benign > 0 {
				of.checks = append(of.checks, scoreCheck(c.Category, "benign traffic passes", "false alarm", n.Alarms+n.Redacted, benign, x.FalseAlarms))
			}
		}
		out = append(out, of.bounded())
	}
	return out
}

// maxScoreLines bounds the examples of one test.
const maxScoreLines = 10

func scoreCheck(category, what, kind string, bad, all int, list []replay.Listed) check {
	k := check{name: category + ": " + what, status: passed, kind: kind}
	if bad == 0 {
		return k
	}
	k.status, k.text = failed, fmt.Sprintf("%s of %s (%s)", number(bad), number(all), percent(bad, all))
	for _, l := range list {
		if name, _, _ := strings.Cut(l.Category, ":"); name == category && len(k.lines) < maxScoreLines {
			k.lines = append(k.lines, fmt.Sprintf("%s %s %s, %s by %s: %s", l.Step, l.Dir, l.Tool, l.Action, l.Rule, clip(l.Message, maxField)))
		}
	}
	return k
}

func scoreRow(source, category string, c replay.Confusion) []string {
	attacks, benign := c.Stopped+c.Missed, c.Quiet+c.Alarms+c.Redacted
	return []string{source, category, number(attacks), number(c.Stopped), percent(c.Stopped, attacks),
		number(benign), number(c.Alarms), number(c.Redacted), percent(c.Alarms+c.Redacted, benign), dash(c.Moot)}
}

func scoreList(w io.Writer, source, what string, list []replay.Listed, most int) {
	for _, l := range list[:min(most, len(list))] {
		fmt.Fprintf(w, "\n%s in %s: %s %s %s, %s by %s\n   %s\n", what, Visible(source), Visible(l.Step), l.Dir,
			Visible(l.Tool), l.Action, l.Rule, clip(Visible(l.Message), maxField))
	}
}
