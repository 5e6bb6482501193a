package main

import (
	"io"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayMutantsCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Labelled corpora, folders or globs. (default: the database)"`
	Policy  string   `short:"p" default:"default" help:"The policy that is changed."`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
	Workers int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`

	Schema schemaFlag[replay.MutantReport] `help:"Print the JSON Schema of what -o json writes."`
}

func (replayMutantsCmd) Help() string {
	return `Changes the policy in small ways (a rule deleted, a condition dropped, an allow widened …) and tells which of them the cases would notice. Only cases that assert something notice anything: a label, or a wanted verdict. Exits 1 if a mutant survives.

Examples:

    rulewind replay mutants corpus/ --policy rulewind.yaml`
}

// Validate finds an unknown format before anything is read.
func (c *replayMutantsCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *replayMutantsCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	ctx, stop := e.interruptible()
	defer stop()
	r, err := replay.Mutate(ctx, importer.Open(sources...), p, workers(c.Workers))
	if err != nil {
		return err
	}
	err = e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, r)
		}
		return reports.MutantsText(w, r)
	})
	switch {
	case err != nil:
		return err
	case r.Interrupted:
		return incomplete("interrupted: not every mutant was tried on every case")
	case r.Asserting == 0:
		return incomplete("no case asserts anything: add labels, or wanted verdicts")
	case r.Survived > 0:
		return exit(exitNo)
	}
	return nil
}
