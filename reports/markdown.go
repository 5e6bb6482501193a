package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// Markdown writes the report as GitHub Flavored Markdown. What came over the wire
// stands in code spans, so that it is no link, mention, image or HTML.
func Markdown(w io.Writer, r *Report) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintf(bw, "# %s\n", mdText(r.Title))
	mdSections(bw, layout(r))
	return bw.Flush()
}

// ReplayMarkdown writes a replay's result, for a pull request.
func ReplayMarkdown(w io.Writer, r *replay.Result) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintf(bw, "# Rulewind replay: %s\n", r.Gate.Status)
	mdSections(bw, replaySections(r))
	return bw.Flush()
}

func mdSections(w *bufio.Writer, sections []section) {
	for _, s := range sections {
		fmt.Fprintf(w, "\n## %s\n", mdText(s.title))
		for _, p := range s.lead {
			fmt.Fprintf(w, "\n%s\n", mdText(p))
		}
		for _, t := range s.tables {
			mdTable(w, &t)
		}
		if len(s.details) > 0 {
			fmt.Fprintf(w, "\n<details><summary>%s</summary>\n", plural(len(s.details), "example", "examples"))
			for _, d := range s.details {
				mdDetail(w, &d)
			}
			fmt.Fprint(w, "\n</details>\n")
		}
		if len(s.list) > 0 {
			fmt.Fprintln(w)
		}
		for _, l := range s.list {
			fmt.Fprintf(w, "- %s\n", mdText(l))
		}
	}
}

func mdTable(w *bufio.Writer, t *table) {
	if t.caption != "" {
		fmt.Fprintf(w, "\n**%s**\n", mdText(t.caption))
	}
	if len(t.rows) == 0 {
		fmt.Fprintf(w, "\n%s\n", mdText(t.empty))
		return
	}
	fmt.Fprint(w, "\n|")
	for _, c := range t.cols {
		fmt.Fprintf(w, " %s |", mdText(c.name))
	}
	fmt.Fprint(w, "\n|")
	for _, c := range t.cols {
		if c.kind == numbers {
			fmt.Fprint(w, " ---: |")
		} else {
			fmt.Fprint(w, " --- |")
		}
	}
	for _, row := range t.rows {
		fmt.Fprint(w, "\n|")
		for i, cell := range row {
			fmt.Fprintf(w, " %s |", mdCell(cell, t.cols[i]))
		}
	}
	fmt.Fprintln(w)
}

func mdCell(s string, c column) string {
	s = clip(s, max(c.max, 8))
	switch c.kind {
	case fromWire:
		return mdCode(s)
	case marked:
		return "**" + mdText(s) + "**"
	}
	return mdText(s)
}

func mdDetail(w *bufio.Writer, d *detail) {
	fmt.Fprintf(w, "\n| %s | %s |\n| --- | --- |\n", mdText(d.title), mdCode(d.about))
	for _, f := range d.fields {
		value := clip(f.value, maxField)
		if f.code {
			value = mdCode(value)
		} else {
			value = mdText(value)
		}
		fmt.Fprintf(w, "| %s | %s |\n", mdText(f.name), strings.TrimSpace(value))
	}
}
