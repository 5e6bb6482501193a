package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// maxComment bounds a replay's Markdown: GitHub takes no comment of more than 65,536
// characters, and the step that posts it may add some.
const maxComment = 59_000

// Markdown writes the report as GitHub Flavored Markdown. What came over the wire
// stands in code spans, so that it is no link, mention, image or HTML.
func Markdown(w io.Writer, r *Report) error {
	var d mdDoc
	d.add(heading, "# %s\n", mdText(r.Title))
	d.sections(layout(r))
	return d.write(w, 0)
}

// ReplayMarkdown writes a replay's result for a pull request: the gate first, then
// what would change. What makes it too long for a comment is left out, details first,
// and it says so.
func ReplayMarkdown(w io.Writer, r *replay.Result) error {
	var d mdDoc
	d.add(heading, "# Rulewind replay: %s\n", r.Gate.Status)
	d.sections(gateFirst(replaySections(r)))
	return d.write(w, maxComment)
}

// An mdDoc is Markdown in pieces, some of which can be left out.
type mdDoc struct{ pieces []mdPiece }

type mdPiece struct {
	rank mdRank
	text string
}

// An mdRank says how soon a piece is left out: the last first.
type mdRank uint8

const (
	heading mdRank = iota // titles, sentences and the heads of tables
	items                 // of lists
	rows
	details
	ranks = iota
)

func (d *mdDoc) add(rank mdRank, format string, args ...any) {
	d.pieces = append(d.pieces, mdPiece{rank, fmt.Sprintf(format, args...)})
}

// write writes the pieces that fit into so many bytes, all of them for 0. Pieces of
// a rank are kept from the first on, and none of a later rank in place of one that
// was left out.
func (d *mdDoc) write(w io.Writer, most int) error {
	kept, left := d.fitting(most)
	var b strings.Builder
	for i, p := range d.pieces {
		if kept[i] {
			b.WriteString(p.text)
		}
	}
	if left[heading]+left[items]+left[rows]+left[details] > 0 {
		fmt.Fprintf(&b, "\n**Too long for a comment:** %s, %s and %s are left out here. The JSON and HTML forms have all.\n",
			plural(left[rows], "row", "rows"), plural(left[details], "example", "examples"), plural(left[heading]+left[items], "sentence", "sentences"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fitting chooses the pieces to keep, and counts the others by rank.
func (d *mdDoc) fitting(most int) (kept []bool, left [ranks]int) {
	kept = make([]bool, len(d.pieces))
	total := 0
	for rank := range mdRank(ranks) {
		full := false
		for i, p := range d.pieces {
			switch {
			case p.rank != rank:
			case most == 0 || !full && total+len(p.text) <= most:
				kept[i] = true
				total += len(p.text)
			default:
				full = true
				left[rank]++
			}
		}
	}
	return kept, left
}

func (d *mdDoc) sections(sections []section) {
	for i := range sections {
		s := &sections[i]
		d.add(heading, "\n## %s\n", mdText(s.title))
		for k, a := range s.answers {
			gap := ""
			if k == 0 {
				gap = "\n"
			}
			d.add(heading, "%s- **%s %s**: %s\n", gap, mdText(a.value), mdText(a.label), mdText(a.say))
		}
		for _, p := range s.lead {
			d.add(heading, "\n%s\n", mdText(p))
		}
		for k, l := range s.list {
			gap := ""
			if k == 0 {
				gap = "\n"
			}
			d.add(items, "%s- %s\n", gap, mdText(l))
		}
		for k := range s.tables {
			d.table(&s.tables[k])
		}
		if len(s.details) > 0 {
			d.add(heading, "\n<details><summary>%s</summary>\n", plural(len(s.details), "example", "examples"))
			for k := range s.details {
				d.detail(&s.details[k])
			}
			d.add(heading, "\n</details>\n")
		}
	}
}

func (d *mdDoc) table(t *table) {
	if t.caption != "" {
		d.add(heading, "\n**%s**\n", mdText(t.caption))
	}
	if len(t.rows) == 0 {
		d.add(heading, "\n%s\n", mdText(t.empty))
		return
	}
	var head, rule strings.Builder
	for _, c := range t.cols {
		fmt.Fprintf(&head, " %s |", mdText(c.name))
		if c.kind == numbers {
			rule.WriteString(" ---: |")
		} else {
			rule.WriteString(" --- |")
		}
	}
	d.add(heading, "\n|%s\n|%s\n", &head, &rule)
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&b, " %s |", mdCell(cell, t.cols[i]))
		}
		d.add(rows, "|%s\n", &b)
	}
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

func (d *mdDoc) detail(x *detail) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s | %s |\n| --- | --- |\n", mdText(x.title), mdCode(x.about))
	for _, f := range x.fields {
		value := clip(f.value, maxField)
		if f.code {
			value = mdCode(value)
		} else {
			value = mdText(value)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", mdText(f.name), strings.TrimSpace(value))
	}
	d.add(details, "%s", &b)
}
