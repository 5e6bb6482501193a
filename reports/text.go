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

// A Paint colours a text for a terminal: mark is what the text means (deny, ask,
// redact, good, plain or bold). Nil leaves texts as they are.
type Paint func(mark, text string) string

// Text writes the report for a log or a file, without colours.
func Text(w io.Writer, r *Report) error { return PaintedText(nil)(w, r) }

// PaintedText writes the report for a terminal.
func PaintedText(paint Paint) func(io.Writer, *Report) error {
	return func(w io.Writer, r *Report) error {
		return asPainted(w, paint, func(w io.Writer) error {
			fmt.Fprintf(w, "%s\n%s\n", Visible(r.Title), strings.Repeat("═", len([]rune(Visible(r.Title)))))
			return textSections(w, layout(r))
		})
	}
}

// ReplayText writes a replay's result: A/A, the changes, the gate.
func ReplayText(w io.Writer, r *replay.Result) error { return PaintedReplayText(nil)(w, r) }

// PaintedReplayText writes a replay's result for a terminal.
func PaintedReplayText(paint Paint) func(io.Writer, *replay.Result) error {
	return func(w io.Writer, r *replay.Result) error {
		return asPainted(w, paint, func(w io.Writer) error { return textSections(w, replaySections(r)) })
	}
}

// asText writes text for a log or a file.
func asText(w io.Writer, write func(io.Writer) error) error { return asPainted(w, nil, write) }

// asPainted writes text that no terminal or CI system takes for more than text, but
// for the paint.
func asPainted(w io.Writer, paint Paint, write func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := write(&canvas{&buf, paint}); err != nil {
		return err
	}
	_, err := w.Write(tame(buf.Bytes()))
	return err
}

// A canvas is where text is written that may be painted.
type canvas struct {
	io.Writer
	paint Paint
}

// painted returns a text as it is painted on w, which need not be a canvas.
func painted(w io.Writer, mark, text string) string {
	if c, ok := w.(*canvas); ok && c.paint != nil && text != "" {
		return c.paint(mark, text)
	}
	return text
}

func textSections(w io.Writer, sections []section) error {
	for _, s := range sections {
		fmt.Fprintf(w, "\n%s\n", painted(w, "bold", "── "+s.title+" ──"))
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
		fmt.Fprintf(w, "%s  %s: %s\n", painted(w, markClass(a.mark), fmt.Sprintf("%*s", wide, a.value)), a.label, Visible(a.say))
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
	fmt.Fprintf(w, "\n%s\n", painted(w, markClass(d.mark), Visible(title)))
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
