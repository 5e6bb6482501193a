package main

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayCoverCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	Policy  string   `short:"p" default:"default" help:"The policy whose rules are looked at."`
	Min     *string  `placeholder:"P%" help:"Exit 1 if less than that share of the rules matched."`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
	Workers int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`
}

func (replayCoverCmd) Help() string {
	return `For each rule: how often the walk came to it, it matched, it decided, and it would have matched had an earlier rule not decided; and for a rule that never matched, why.

Examples:

    rulewind replay coverage --policy rulewind.yaml
    rulewind replay coverage corpus/ --policy rulewind.yaml --min 90%`
}

// Validate finds an unknown format before anything is read.
func (c *replayCoverCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *replayCoverCmd) Run(e *env) error {
	var least replay.Share
	if c.Min != nil {
		var err error
		if least, err = replay.ParseShare(*c.Min); err != nil {
			return fmt.Errorf("--min: %w", err)
		}
	}
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
	cover, err := replay.Cover(ctx, importer.Open(sources...), p, workers(c.Workers))
	if err != nil {
		return err
	}
	err = e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, cover)
		}
		return reports.CoverageText(w, cover)
	})
	switch {
	case err != nil:
		return err
	case cover.Cases == 0 || cover.Interrupted:
		return incomplete("the sources were not read to the end, or hold no session")
	case least.Set && !cover.Meets(least):
		return exit(exitNo)
	}
	return nil
}
