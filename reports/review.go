package reports

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/replay"
)

// ReplayGroupText writes one group of changes as ReplayText does, under its number.
func ReplayGroupText(w io.Writer, number int, g *replay.Group) error {
	return asText(w, func(w io.Writer) error {
		d := group(number, g)
		textDetail(w, &d)
		return nil
	})
}

// ReplayTracesText writes how both policies came to their verdicts on a group's
// example.
func ReplayTracesText(w io.Writer, g *replay.Group) error {
	return asText(w, func(w io.Writer) error {
		for _, side := range []struct {
			name string
			o    *replay.Outcome
		}{{"before", &g.Example.From}, {"after", &g.Example.To}} {
			fmt.Fprintf(w, "\n   %s\n", side.name)
			for _, t := range side.o.Trace {
				mark := " "
				if t.Matched {
					mark = "*"
				}
				fmt.Fprintf(w, "   %s %-6s %s (%s)\n", mark, t.Action, Visible(t.Rule), Visible(t.Pos))
				for _, c := range t.Conds {
					fmt.Fprintf(w, "       %-5v %s\n", c.Held, clip(Visible(c.Text), maxField))
				}
			}
		}
		return nil
	})
}
