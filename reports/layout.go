package reports

import "slices"

// A section is one part of a report before it is drawn. Every format draws the
// same sections, so that none says more or less than another.
type section struct {
	id, title string
	// answers are what stands at the top.
	answers []answer
	// lead are sentences of ours, each a paragraph.
	lead    []string
	tables  []table
	details []detail
	list    []string
	// Drawn by formats that can.
	timeline *Timeline
	fidelity *Evidence
	summary  *Summary
}

// A table is a table with a caption and the note that stands for it when empty.
type table struct {
	caption string
	cols    []column
	rows    [][]string
	empty   string
	// filter names the column by which rows can be hidden, where it isn't the first
	// that is marked.
	filter string
}

// filterBy is the column by which rows can be hidden, -1 for none.
func (t *table) filterBy() int {
	return slices.IndexFunc(t.cols, func(c column) bool {
		return c.name == t.filter || t.filter == "" && c.kind == marked
	})
}

// A detail is a titled list of named values: one rule's example, one group.
type detail struct {
	title  string
	about  string // came over the wire
	mark   string // the word that decides the colour: an action or a class' direction
	fields []field
}

// A field is one named value. Code marks what came over the wire; spans are a diff
// that formats may draw in place of the value, which says the same.
type field struct {
	name, value string
	code        bool
	spans       []span
}

func (d *detail) say(name, value string) {
	if value != "" {
		d.fields = append(d.fields, field{name: name, value: value})
	}
}

func (d *detail) quote(name, value string) {
	if value != "" {
		d.fields = append(d.fields, field{name: name, value: value, code: true})
	}
}

func (d *detail) compare(name string, spans []span) {
	d.fields = append(d.fields, field{name: name, value: inline(spans), code: true, spans: spans})
}

// layout arranges a report: the answers, then what they stand on.
func layout(r *Report) []section {
	out := []section{overview(r), happened(r), stopped(r), leaked(r), changed(r), trust(r)}
	if r.Replay != nil {
		parts := gateFirst(replaySections(r.Replay))
		out = append(out, parts[:len(parts)-1]...) // whose limits stand with the others
	}
	return append(out, section{id: "limits", title: "What this does not show", list: allLimits(r)})
}
