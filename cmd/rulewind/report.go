package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

// reportFormats are the ways to write a report: a line here and a file there.
var reportFormats = []struct {
	name  string
	write func(io.Writer, *reports.Report) error
}{
	{"text", reports.Text},
	{"markdown", reports.Markdown},
	{"html", reports.HTML},
	{"json", reports.JSON},
}

type reportCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, or a saved report (JSON). (default: the database)"`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text, markdown, html or json."`
	File    string   `short:"f" placeholder:"PATH" help:"Write there instead of to standard output."`
	Title   string   `help:"What stands at the top."`
	Policy  string   `short:"p" default:"default" help:"Judges what has no recorded verdict."`
}

func (reportCmd) Help() string {
	return `Answers what happened, what was stopped, what leaked, what changed in the servers' tools, and how far that can be trusted.

Examples:

    rulewind report
    rulewind report rulewind.db -o html -f report.html
    rulewind report corpus.jsonl.zst --policy strict.yaml -o markdown
    rulewind report saved.json -o html > report.html`
}

// Validate finds an unknown format before anything is read.
func (c *reportCmd) Validate() error {
	names := make([]string, len(reportFormats))
	for i, f := range reportFormats {
		names[i] = f.name
	}
	return oneOf("format", c.Output, names...)
}

func (c *reportCmd) Run(e *env) error {
	r, err := c.build(e)
	if err != nil {
		return err
	}
	if r.Summary.Messages == 0 {
		return incomplete("there is no message in %s: nothing to report", strings.Join(sourceNames(r), ", "))
	}
	return e.output(c.File, func(w io.Writer) error {
		for _, f := range reportFormats {
			if f.name == c.Output {
				return f.write(w, r)
			}
		}
		return nil // Validate has seen to that
	})
}

func sourceNames(r *reports.Report) []string {
	if len(r.Sources) == 0 {
		return []string{"the sources"}
	}
	var out []string
	for _, s := range r.Sources {
		out = append(out, s.Name)
	}
	return out
}

func (c *reportCmd) build(e *env) (*reports.Report, error) {
	if len(c.Sources) == 1 && strings.HasSuffix(c.Sources[0], ".json") {
		b, err := os.ReadFile(e.path(c.Sources[0]))
		if err != nil {
			return nil, fmt.Errorf("reading a saved report: %w", err)
		}
		return reports.ReadJSON(b)
	}
	judge, err := e.loadPolicy(c.Policy)
	if err != nil {
		return nil, err
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return nil, err
	}
	ends, err := sessionEnds(sources)
	if err != nil {
		return nil, err
	}
	return reports.Build(importer.Open(sources...), reports.Options{Title: c.Title, Judge: judge, Ends: ends})
}

// sessionEnds asks the databases among the sources how their sessions ended.
func sessionEnds(sources []string) (map[reports.SessionKey]reports.End, error) {
	files, err := importer.Files(sources...)
	if err != nil {
		return nil, err
	}
	ends := map[reports.SessionKey]reports.End{}
	for _, file := range files {
		if !isDatabase(file) {
			continue
		}
		store, err := recorder.OpenReadOnly(file)
		if err != nil {
			return nil, err
		}
		list, err := store.Sessions()
		store.Close()
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			end := reports.End{Reason: s.Reason, Lost: s.Lost}
			if s.Ended == 0 {
				end.Reason = ""
			}
			ends[reports.SessionKey{Source: filepath.Base(file), Session: s.ID}] = end
		}
	}
	return ends, nil
}

// isDatabase looks for SQLite's magic (sqlite.org/fileformat2.html).
func isDatabase(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false // importer says why
	}
	defer f.Close()
	head := make([]byte, 16)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == "SQLite format 3\x00"
}
