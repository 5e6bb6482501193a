package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// maxField bounds a value in a detail of the text and Markdown forms.
const maxField = 400

// Text writes the report for a terminal or a log, without colours.
func Text(w io.Writer, r *Report) error {
	return asText(w, func(w io.Writer) error {
		fmt.Fprintf(w, "%s\n%s\n", Visible(r.Title), strings.Repeat("═", len([]rune(Visible(r.Title)))))
		return textSections(w, layout(r))
	})
}

// ReplayText writes a replay's result: A/A, the changes, the gate.
func ReplayText(w io.Writer, r *replay.Result) error {
	return asText(w, func(w io.Writer) error { return textSections(w, replaySections(r)) })
}

// asText writes text for a terminal or a log.
func asText(w io.Writer, write func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	_, err := w.Write(tame(buf.Bytes()))
	return err
}

func textSections(w io.Writer, sections []section) error {
	for _, s := range sections {
		fmt.Fprintf(w, "\n── %s ──\n", s.title)
		textAnswers(w, s.answers)
		for _, p := range s.lead {
			fmt.Fprintln(w, p)
		}
		if s.timeline != nil {
			textTimeline(w, s.timeline)
		}
		for _, t := range s.tables {
			if err := textTable(w, &t); err != nil {
				return err
			}
		}
		for _, d := range s.details {
			textDetail(w, &d)
		}
		if len(s.list) > 0 {
			fmt.Fprintln(w)
		}
		for _, l := range s.list {
			fmt.Fprintf(w, "- %s\n", Visible(l))
		}
	}
	return nil
}

func textAnswers(w io.Writer, answers []answer) {
	wide := 0
	for _, a := range answers {
		wide = max(wide, len([]rune(a.value)))
	}
	for _, a := range answers {
		fmt.Fprintf(w, "%*s  %s: %s\n", wide, a.value, a.label, Visible(a.say))
	}
}

func textTable(w io.Writer, t *table) error {
	fmt.Fprintln(w)
	if t.caption != "" {
		fmt.Fprintf(w, "%s\n", t.caption)
	}
	if len(t.rows) == 0 {
		_, err := fmt.Fprintln(w, t.empty)
		return err
	}
	return writeTable(w, t.cols, t.rows)
}

func textDetail(w io.Writer, d *detail) {
	title := d.title
	if d.about != "" {
		title += ": " + d.about
	}
	fmt.Fprintf(w, "\n%s\n", Visible(title))
	for _, f := range d.fields {
		fmt.Fprintf(w, "   %-10s %s\n", f.name, clip(Visible(f.value), maxField))
	}
}

var bars = []rune(" ▁▂▃▄▅▆▇█")

// textTimeline draws messages, and those that didn't pass, as two rows of bars.
func textTimeline(w io.Writer, t *Timeline) {
	var all, odd []int
	for _, c := range t.Buckets {
		all = append(all, c.Total())
		odd = append(odd, c.Total()-c.Allow)
	}
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(w, "\nmessages    │%s│ %s a bar\n", spark(all), duration(t.Step))
	fmt.Fprintf(w, "not passed  │%s│\n", spark(odd))
}

func spark(ns []int) string {
	most := 0
	for _, n := range ns {
		most = max(most, n)
	}
	var b strings.Builder
	for _, n := range ns {
		i := 0
		if most > 0 {
			i = (n*(len(bars)-1) + most - 1) / most
		}
		b.WriteRune(bars[i])
	}
	return b.String()
}

// ReplaySummary writes a replay's result without its examples: the A/A, the table
// of groups and the gate.
func ReplaySummary(w io.Writer, r *replay.Result) error {
	return asText(w, func(w io.Writer) error {
		for _, s := range replaySections(r) {
			if len(s.lead) > 0 {
				fmt.Fprintln(w, s.lead[0])
			}
			for _, t := range s.tables {
				if t.caption != classesCaption {
					if err := textTable(w, &t); err != nil {
						return err
					}
					fmt.Fprintln(w)
				}
			}
		}
		return nil
	})
}
