package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
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
	Tiles    []tile
	Sections []htmlSection
}

// A tile is one number at the top of the page.
type tile struct{ Value, Label, Mark string }

type htmlSection struct {
	ID, Title string
	Lead      []string
	Figures   []template.HTML
	Tables    []htmlTable
	Details   []htmlDetail
	List      []string
}

type htmlTable struct {
	Caption string
	Cols    []column
	Rows    [][]string
	Empty   string
}

// longTable is the number of rows above which a table is folded up.
const longTable = 16

// Long reports whether the table is folded up.
func (t htmlTable) Long() bool { return t.Caption != "" && len(t.Rows) > longTable }

// Name and Kind let the template read a column.
func (c column) Name() string { return c.name }

type htmlDetail struct {
	Title, About, Mark string
	Fields             []htmlField
}

type htmlField struct {
	Name, Value string
	Code        bool
}

// HTML writes the report as one page that needs nothing else: no script, no font,
// no network, which its content security policy forbids. It follows the reader's
// light or dark setting and prints.
func HTML(w io.Writer, r *Report) error {
	p := page{Title: r.Title, Tiles: tiles(&r.Summary)}
	if r.Summary.First != "" {
		p.Period = r.Summary.First + " – " + r.Summary.Last + " UTC"
	}
	return writePage(w, &p, layout(r))
}

// ReplayHTML writes a replay's result as such a page.
func ReplayHTML(w io.Writer, r *replay.Result) error {
	return writePage(w, &page{Title: "Rulewind replay: " + r.Gate.Status.String()}, replaySections(r))
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
	if s.timeline != nil && len(s.timeline.Buckets) > 0 {
		h.Figures = append(h.Figures, timelineSVG(s.timeline))
	}
	if s.fidelity != nil {
		h.Figures = append(h.Figures, fidelitySVG(s.fidelity))
	}
	for _, t := range s.tables {
		h.Tables = append(h.Tables, htmlTable{t.caption, t.cols, t.rows, t.empty})
	}
	for _, d := range s.details {
		x := htmlDetail{Title: d.title, About: d.about, Mark: d.mark}
		for _, f := range d.fields {
			x.Fields = append(x.Fields, htmlField{f.name, Visible(clip(f.value, 4*maxField)), f.code})
		}
		h.Details = append(h.Details, x)
	}
	return h
}

func tiles(s *Summary) []tile {
	v := &s.Verdicts
	leaks := tile{number(s.LeaksPassed), "secrets got through", "good"}
	if s.LeaksPassed > 0 {
		leaks.Mark = "deny"
	}
	return []tile{
		{number(s.Messages), "messages", ""},
		{number(s.Calls), "tool calls", ""},
		{number(v.Deny), "stopped", ifAny(v.Deny, "deny")},
		{number(v.Ask), "held for approval", ifAny(v.Ask, "ask")},
		{number(v.Redact), "edited", ifAny(v.Redact, "redact")},
		leaks,
	}
}

func ifAny(n int, mark string) string {
	if n == 0 {
		return ""
	}
	return mark
}

// markClass is the colour of a word: what lets more through is red, what stops
// more is blue, what came out well is green.
func markClass(word string) string {
	switch word {
	case "deny", "loosening", "fails", OutcomePassed, "removed":
		return "deny"
	case "redact", "tightening", OutcomeRedacted, "added":
		return "redact"
	case "ask", "changed", "drift", "unknown":
		return "ask"
	case "allow", "accepted", OutcomeStopped:
		return "good"
	}
	return "plain"
}
