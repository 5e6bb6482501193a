package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

type corpusMinimizeCmd struct {
	Sources   []string `arg:"" name:"source" help:"Databases, corpora, folders or globs."`
	Policy    string   `short:"p" default:"default" help:"The policy whose coverage and noticed mutants are kept."`
	Candidate []string `short:"c" placeholder:"POLICY" help:"Keep the groups of changes that this candidate makes. Repeatable."`
	Shrink    bool     `help:"Shorten the sessions, too. Their recorded verdicts are then left out."`
	Output    string   `short:"o" required:"" placeholder:"FILE" help:"Where to: a file, compressed if it ends in .zst, or - for standard output."`
	Workers   int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`
}

func (corpusMinimizeCmd) Help() string {
	return `Picks the sessions that together show all that the corpus does of a policy: the rules and conditions it exercises, the mutants it notices, the changes that candidates make.

Examples:

    rulewind corpus minimize recordings/ --policy rulewind.yaml -o corpus.jsonl.zst
    rulewind corpus minimize corpus/ -c candidate.yaml --shrink -o small.jsonl`
}

func (c *corpusMinimizeCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	var candidates []*policy.Policy
	for _, name := range c.Candidate {
		candidate, err := e.loadPolicy(name)
		if err != nil {
			return err
		}
		candidates = append(candidates, candidate)
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	cfg := replay.MinimizeConfig{Policy: p, Candidates: candidates, Workers: workers(c.Workers)}
	ctx, stop := e.interruptible()
	defer stop()
	m, err := replay.Minimize(ctx, importer.Open(sources...), cfg)
	if err != nil {
		return err
	}
	if m.Kept == 0 {
		return incomplete("no session in the sources: nothing to keep")
	}
	err = e.output(c.Output, func(w io.Writer) error {
		return compressed(w, c.Output, func(w io.Writer) error { return c.keep(w, m, cfg, sources) })
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stderr, "kept %d of %d sessions, which show all %d things that the corpus does\n", m.Kept, m.Cases, m.Features)
	return nil
}

// keep writes the sessions that were picked, reading the sources again.
func (c *corpusMinimizeCmd) keep(w io.Writer, m *replay.Minimum, cfg replay.MinimizeConfig, sources []string) error {
	out := corpus.NewWriter(w)
	number := -1
	for one, err := range importer.Open(sources...) {
		if err != nil {
			return err
		}
		number++
		if _, kept := slices.BinarySearch(m.Numbers, number); !kept {
			continue
		}
		if c.Shrink {
			one = m.Shrink(cfg, number, one)
		}
		if err := out.Case(&one); err != nil {
			return err
		}
	}
	return nil
}
