package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type reportCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, or one saved result (JSON). (default: the database)"`
	Output  []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, markdown, html or json; of a saved replay also what replay writes. With =PATH into a file. Repeatable. (default: text)"`
	File    string   `short:"f" placeholder:"PATH" help:"Write there what goes to standard output otherwise."`
	Title   string   `help:"What stands at the top."`
	Policy  string   `short:"p" default:"default" help:"Judges what has no recorded verdict."`
	Replay  string   `placeholder:"FILE" help:"A replay's result, saved with -o json, to show as well."`

	Schema schemaFlag[reports.Report] `help:"Print the JSON Schema of what -o json writes."`
}

func (reportCmd) Help() string {
	return `Answers what happened, what was stopped, what leaked, what changed in the servers' tools, and how far that can be trusted. What report, replay and replay verify have saved with -o json can be written in their other formats.

Examples:

    rulewind report
    rulewind report rulewind.db -o html -f report.html
    rulewind report corpus.jsonl.zst --policy strict.yaml -o markdown
    rulewind report rulewind.db --replay saved.json -o html=report.html
    rulewind report saved.json -o html=report.html -o markdown=report.md`
}

// Validate finds an unknown format before anything is read.
func (c *reportCmd) Validate() error {
	known := reports.Names(reports.Formats)
	if c.saved() {
		for _, name := range reports.Names(reports.ReplayFormats) {
			if !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
	}
	_, err := targets(c.Output, c.File, known)
	return err
}

// saved reports whether the source is what a command saved.
func (c *reportCmd) saved() bool {
	return len(c.Sources) == 1 && strings.HasSuffix(c.Sources[0], ".json")
}

func (c *reportCmd) Run(e *env) error {
	if c.saved() {
		return c.again(e)
	}
	r, err := c.build(e)
	if err != nil {
		return err
	}
	return c.write(e, r)
}

func (c *reportCmd) write(e *env, r *reports.Report) error {
	if r.Summary.Messages == 0 {
		return incomplete("there is no message in %s: nothing to report", strings.Join(sourceNames(r), ", "))
	}
	formats := withText(reports.Formats, reports.PaintedText(e.textPaint(c.Output, c.File).text()))
	return writeTargets(e, c.Output, c.File, formats, r)
}

// again writes what a command saved in other formats.
func (c *reportCmd) again(e *env) error {
	saved, err := e.readSaved(c.Sources[0])
	switch {
	case err != nil:
		return err
	case c.Replay != "":
		return fmt.Errorf("--replay is for reports of recordings, and %s is one that was saved", c.Sources[0])
	case saved.Replay != nil:
		formats := withText(reports.ReplayFormats, reports.PaintedReplayText(e.textPaint(c.Output, c.File).text()))
		return writeTargets(e, c.Output, c.File, formats, saved.Replay)
	}
	return c.write(e, saved.Report)
}

// readSaved reads what report or replay saved with -o json.
func (e *env) readSaved(name string) (reports.Saved, error) {
	b, err := os.ReadFile(e.path(name))
	if err != nil {
		return reports.Saved{}, fmt.Errorf("reading what was saved: %w", err)
	}
	saved, err := reports.ReadSaved(b)
	if err != nil {
		return saved, fmt.Errorf("%s: %w", name, err)
	}
	return saved, nil
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
	judge, err := e.loadPolicy(c.Policy)
	if err != nil {
		return nil, err
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return nil, err
	}
	o := reports.Options{Title: c.Title, Judge: judge}
	if c.Replay != "" {
		saved, err := e.readSaved(c.Replay)
		if err != nil {
			return nil, err
		}
		if o.Replay = saved.Replay; o.Replay == nil {
			return nil, fmt.Errorf("--replay %s: that is a report; name what `rulewind replay -o json` wrote", c.Replay)
		}
	}
	if o.Ends, err = sessionEnds(sources); err != nil {
		return nil, err
	}
	return reports.Build(importer.Open(sources...), o)
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
			end := reports.End{Reason: s.Reason, Lost: s.Lost, Pruned: s.Pruned}
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
