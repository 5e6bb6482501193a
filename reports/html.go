package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/rulewind/rulewind/replay"
)

//go:embed html.tmpl
var htmlSource string

//go:embed html.css
var htmlStyle string

// htmlTemplate is parsed when first used: the proxy starts with every client.
var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"visible": Visible,
		"number":  number,
		"cell":    func(c column, s string) string { return Visible(clip(s, max(2*c.max, 64))) },
		"class":   func(c column) string { return [...]string{"w", "n", "t", "m"}[c.kind] },
		"mark":    markClass,
	}).Parse(htmlSource))
})

// A page is what the template draws.
type page struct {
	Title    string
	Period   string
	Style    template.CSS
	Policy   string
	Sections []htmlSection
}

type htmlSection struct {
	ID, Title string
	Answers   []htmlAnswer
	Lead      []string
	Figures   []template.HTML
	Filter    []htmlFilter
	Tables    []htmlTable
	Details   []htmlDetail
	List      []string
}

type htmlAnswer struct{ Section, Value, Label, Say, Mark string }

// An htmlFilter is a word by which rows and details can be hidden: those of the
// class r and its number.
type htmlFilter struct {
	Number int
	Word   string
	Count  int
}

type htmlTable struct {
	Caption string
	Cols    []column
	Rows    []htmlRow
	Empty   string
	// Narrow is set for tables of a few short columns, which look lost over the
	// whole width.
	Narrow bool
}

type htmlRow struct {
	Class string
	Cells []string
}

// What stands first is the gravest: of long lists so much shows, and the rest is
// folded up.
const (
	shownRows    = 25
	shownDetails = 12
)

// Head is the part of a table that shows.
func (t htmlTable) Head() htmlTable {
	t.Rows = t.Rows[:min(len(t.Rows), shownRows)]
	return t
}

// Rest is the part that is folded up.
func (t htmlTable) Rest() htmlTable {
	t.Rows = t.Rows[min(len(t.Rows), shownRows):]
	t.Caption += ", the rest"
	return t
}

// HeadDetails are the details that show.
func (s htmlSection) HeadDetails() []htmlDetail { return s.Details[:min(len(s.Details), shownDetails)] }

// RestDetails are those that are folded up.
func (s htmlSection) RestDetails() []htmlDetail { return s.Details[min(len(s.Details), shownDetails):] }

// Name lets the template read a column.
func (c column) Name() string { return c.name }

type htmlDetail struct {
	Title, About, Mark, Class string
	Fields                    []htmlField
}

type htmlField struct {
	Name, Value string
	Code        bool
	Spans       []htmlSpan
}

type htmlSpan struct {
	Removed, Inserted bool
	Text              string
}

// HTML writes the report as one page that needs nothing else: no script, no font,
// no network, which its content security policy forbids. Rows can be hidden by what
// was decided. It follows the reader's light or dark setting and prints.
func HTML(w io.Writer, r *Report) error {
	p := page{Title: r.Title}
	if r.Summary.First != "" {
		p.Period = r.Summary.First + " – " + r.Summary.Last
	}
	return writePage(w, &p, layout(r))
}

// ReplayHTML writes a replay's result as such a page.
func ReplayHTML(w io.Writer, r *replay.Result) error {
	sections := append([]section{replayOverview(r)}, gateFirst(replaySections(r))...)
	return writePage(w, &page{Title: "Rulewind replay: " + r.Gate.Status.String()}, sections)
}

func writePage(w io.Writer, p *page, sections []section) error {
	p.Style = template.CSS(htmlStyle)
	sum := sha256.Sum256([]byte(htmlStyle))
	p.Policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'"
	for _, s := range sections {
		p.Sections = append(p.Sections, toHTML(&s))
	}
	var buf bytes.Buffer
	if err := htmlTemplate().Execute(&buf, p); err != nil {
		return fmt.Errorf("writing HTML: %w", err)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func toHTML(s *section) htmlSection {
	h := htmlSection{ID: s.id, Title: s.title, Lead: s.lead, List: s.list}
	for _, a := range s.answers {
		h.Answers = append(h.Answers, htmlAnswer{a.section, a.value, a.label, a.say, a.mark})
	}
	if s.timeline != nil && len(s.timeline.Buckets) > 0 {
		h.Figures = append(h.Figures, timelineSVG(s.timeline))
	}
	if s.fidelity != nil {
		h.Figures = append(h.Figures, fidelitySVG(s.fidelity))
	}
	f := filters{at: map[string]int{}}
	for i := range s.tables {
		h.Tables = append(h.Tables, f.table(&s.tables[i]))
	}
	for i := range s.details {
		h.Details = append(h.Details, f.detail(&s.details[i]))
	}
	if len(f.list) > 1 {
		h.Filter = f.list
	}
	return h
}

// maxFilters bounds the words by which a section's rows can be hidden, as the style
// knows so many classes. The last stands for all others.
const maxFilters = 12

// filters collects those words.
type filters struct {
	at   map[string]int
	list []htmlFilter
}

// class returns the class of what has a word, and counts it if it is a row.
func (f *filters) class(word string, row int) string {
	if word == "" {
		return ""
	}
	i, known := f.at[word]
	if !known {
		i = min(len(f.list), maxFilters-1)
		f.at[word] = i
		switch {
		case len(f.list) < maxFilters-1:
			f.list = append(f.list, htmlFilter{Number: i, Word: word})
		case len(f.list) < maxFilters:
			f.list = append(f.list, htmlFilter{Number: i, Word: "others"})
		}
	}
	f.list[i].Count += row
	return fmt.Sprintf("r%d", i)
}

func (f *filters) table(t *table) htmlTable {
	h := htmlTable{Caption: t.caption, Cols: t.cols, Empty: t.empty, Narrow: len(t.cols) <= 4}
	by := t.filterBy()
	for _, cells := range t.rows {
		row := htmlRow{Cells: cells}
		if by >= 0 && t.caption != classesCaption {
			row.Class = f.class(cells[by], 1)
		}
		if quiet(t, cells) {
			row.Class = strings.TrimSpace(row.Class + " quiet")
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// quiet reports whether a row of a table of counts counts nothing.
func quiet(t *table, cells []string) bool {
	return len(t.cols) == 2 && t.cols[1].kind == numbers && cells[1] == "0"
}

func (f *filters) detail(d *detail) htmlDetail {
	x := htmlDetail{Title: d.title, About: d.about, Mark: d.mark, Class: f.class(d.mark, 0)}
	for _, v := range d.fields {
		h := htmlField{Name: v.name, Value: Visible(clip(v.value, 4*maxField)), Code: v.code}
		for _, s := range v.spans {
			h.Spans = append(h.Spans, htmlSpan{s.op == removed, s.op == inserted, s.text})
		}
		x.Fields = append(x.Fields, h)
	}
	return x
}

// markClasses are the colours of words: what lets more through is red, what stops
// more is blue, what came out well is green.
var markClasses = map[string][]string{
	"deny":   {"deny", "loosening", "fails", "failed", OutcomePassed, "removed"},
	"redact": {"redact", "tightening", OutcomeRedacted, "added"},
	"ask":    {"ask", "changed", "drift", "unknown", "incomplete"},
	"good":   {"allow", "accepted", OutcomeStopped, "good"},
}

func markClass(word string) string {
	for class, words := range markClasses {
		if slices.Contains(words, word) {
			return class
		}
	}
	return "plain"
}
