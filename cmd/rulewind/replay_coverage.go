package main

import (
	"fmt"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayCoverCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	Policy  string   `short:"p" default:"default" help:"The policy whose rules are looked at."`
	Min     *string  `placeholder:"P%" help:"Exit 1 if less than that share of the rules matched."`
	Output  []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, json or lcov; with =PATH into a file. Repeatable. (default: text)"`
	File    string   `short:"f" placeholder:"PATH" help:"Write there what goes to standard output otherwise."`
	Workers int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`

	Schema schemaFlag[replay.Coverage] `help:"Print the JSON Schema of what -o json writes."`
}

func (replayCoverCmd) Help() string {
	return `For each rule: how often the walk came to it, it matched, it decided, and it would have matched had an earlier rule not decided; and for a rule that never matched, why.

Examples:

    rulewind replay coverage --policy rulewind.yaml
    rulewind replay coverage corpus/ --policy rulewind.yaml --min 90%
    rulewind replay coverage corpus/ --policy rulewind.yaml -o text -o lcov=policy.lcov`
}

// Validate finds an unknown format before anything is read.
func (c *replayCoverCmd) Validate() error {
	_, err := targets(c.Output, c.File, reports.Names(reports.CoverageFormats))
	return err
}

func (c *replayCoverCmd) Run(e *env) error {
	var least replay.Share
	if c.Min != nil {
		var err error
		if least, err = replay.ParseShare(*c.Min); err != nil {
			return fmt.Errorf("--min: %w", err)
		}
	}
	p, files, err := e.loadPolicyFiles(c.Policy)
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
	cover.Policy.Files = files
	err = writeTargets(e, c.Output, c.File, reports.CoverageFormats, cover)
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
