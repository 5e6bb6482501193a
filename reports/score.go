package reports

import (
	"bufio"
	"fmt"
	"io"

	"github.com/rulewind/rulewind/replay"
)

// ScoreText writes how a policy does on labelled traffic: a line for each source
// and its categories, then the first misses and false alarms of each if asked.
func ScoreText(w io.Writer, s *replay.Scores, listed int) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintf(bw, "policy %s %s, %s\n\n", Visible(s.Policy.Name), short(s.Policy.Digest), plural(s.Policy.Rules, "rule", "rules"))
	cols := []column{traffic("source", 32), traffic("category", 32), num("attacks"), num("stopped"), num("rate"),
		num("benign"), num("alarms"), num("redacted"), num("rate"), num("moot")}
	var rows [][]string
	for _, x := range s.Sources {
		rows = append(rows, scoreRow(x.Source, "all", x.Confusion))
		if len(x.Categories) > 1 {
			for _, c := range x.Categories {
				rows = append(rows, scoreRow("", c.Category, c.Confusion))
			}
		}
	}
	if err := writeTable(bw, cols, rows); err != nil {
		return err
	}
	fmt.Fprintf(bw, "\nleft out: %s without a label, %s ambiguous\n", number(s.Unlabelled), number(s.Ambiguous))
	for _, x := range s.Sources {
		scoreList(bw, x.Source, "missed", x.Misses, listed)
		scoreList(bw, x.Source, "false alarm", x.FalseAlarms, listed)
	}
	return bw.Flush()
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
