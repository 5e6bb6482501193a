package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

//go:embed demo/candidate.yaml
var demoCandidate []byte

// demoTime bounds the demo, should a child hang.
const demoTime = 60 * time.Second

type demoCmd struct {
	Dir string `default:"rulewind-demo" help:"Where to leave the recording, the candidate policy and the report."`
}

func (demoCmd) Help() string {
	return `Starts a demo MCP server behind the real proxy, drives it with a real client through a short working day, replays the recording against a candidate policy, and writes a report. The server's files, shell and web are in memory: nothing of yours is touched.

Examples:

    rulewind demo
    rulewind demo --dir /tmp/demo`
}

func (c *demoCmd) Run(e *env) error {
	ctx, cancel := context.WithTimeout(e.Context, demoTime)
	defer cancel()
	d, err := newDemo(e, c.Dir)
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{d.enforce, d.rewind, d.report} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	d.next()
	return nil
}

// A demo is one run of it, with the files that it leaves.
type demo struct {
	e   *env
	out io.Writer
	pt  paint
	exe string
	// dir is the folder as the user wrote it, for what is printed.
	dir                 string
	db, candidate, page string
	result              *replay.Result
}

func newDemo(e *env, dir string) (*demo, error) {
	exe, err := e.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	full := e.path(dir)
	if err := os.MkdirAll(full, 0o700); err != nil {
		return nil, fmt.Errorf("making the demo's folder: %w; name another with --dir", err)
	}
	d := &demo{
		e: e, out: e.Stdout, pt: e.painter(e.Stdout), exe: exe, dir: dir,
		db: filepath.Join(full, "demo.db"), candidate: filepath.Join(full, "candidate.yaml"), page: filepath.Join(full, "report.html"),
	}
	for _, old := range []string{d.db, d.db + "-wal", d.db + "-shm"} {
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("removing the last demo: %w", err)
		}
	}
	if err := os.WriteFile(d.candidate, demoCandidate, 0o600); err != nil {
		return nil, fmt.Errorf("writing the candidate policy: %w", err)
	}
	return d, nil
}

func (d *demo) heading(n int, text string) {
	fmt.Fprintf(d.out, "%s\n", d.pt.bold(fmt.Sprintf("%d. %s", n, text)))
}

// rewind replays the recording against the candidate.
func (d *demo) rewind(ctx context.Context) error {
	candidate, err := d.e.loadPolicy(d.candidate)
	if err != nil {
		return err
	}
	d.result, err = replay.Run(ctx, importer.Open(d.db), replay.Config{Candidates: []*policy.Policy{candidate}, Engine: version()})
	if err != nil {
		return err
	}
	d.heading(2, "Rewind: the same day under candidate.yaml")
	fmt.Fprintln(d.out)
	if err := reports.ReplaySummary(d.out, d.result); err != nil {
		return err
	}
	fmt.Fprintln(d.out)
	return nil
}

// report writes the page that a reviewer gets.
func (d *demo) report(context.Context) error {
	ends, err := sessionEnds([]string{d.db})
	if err != nil {
		return err
	}
	r, err := reports.Build(importer.Open(d.db), reports.Options{
		Title: "A working day with the harbour server", Replay: d.result, Ends: ends})
	if err != nil {
		return err
	}
	if err := d.e.output(d.page, func(w io.Writer) error { return reports.HTML(w, r) }); err != nil {
		return err
	}
	s := &r.Summary
	d.heading(3, "Report")
	fmt.Fprintf(d.out, "\n   %d messages, %d stopped, %d edited, %d secrets got through: open %s\n\n",
		s.Messages, s.Verdicts.Deny+s.Verdicts.Ask, s.Verdicts.Redact, s.LeaksPassed, filepath.Join(d.dir, "report.html"))
	return nil
}

// next names what to try, in words that work where the user is.
func (d *demo) next() {
	self := "rulewind"
	if strings.Contains(d.exe, string(filepath.Separator)+"go-build") {
		self = "go run ./cmd/rulewind"
	}
	db := filepath.Join(d.dir, "demo.db")
	fmt.Fprintln(d.out, d.pt.bold("Try next"))
	for _, args := range []string{
		"check --explain --tool read_file --arg path=~/.ssh/id_rsa",
		"replay " + db + " --policy " + filepath.Join(d.dir, "candidate.yaml"),
		"sessions " + db,
	} {
		fmt.Fprintf(d.out, "   %s %s\n", self, args)
	}
}
