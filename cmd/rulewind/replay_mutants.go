package main

import (
	"io"
	"iter"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayMutantsCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Labelled corpora, folders or globs, besides the policy's own tests."`
	Policy  string   `short:"p" default:"default" help:"The policy that is changed."`
	InDiff  filled   `placeholder:"REV" help:"Change only rules that differ from the policy as it was at that git revision."`
	Suggest bool     `help:"Look for tests that would notice what nothing does."`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
	Workers int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`

	Schema schemaFlag[replay.MutantReport] `help:"Print the JSON Schema of what -o json writes."`
}

func (replayMutantsCmd) Help() string {
	return `Changes the policy in small ways (a rule deleted, a condition dropped, an allow widened …) and tells which of them the cases would notice. Only cases that assert something notice anything: a label, or a wanted verdict. With --suggest a test for the policy's file is shown for each that none notices, if one is found in the sources, in made-up sessions or near them. Exits 1 if a mutant survives.

Examples:

    rulewind replay mutants --policy rulewind.yaml
    rulewind replay mutants corpus/ --policy rulewind.yaml --suggest
    rulewind replay mutants corpus/ --policy rulewind.yaml --in-diff main`
}

// Validate finds an unknown format before anything is read.
func (c *replayMutantsCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *replayMutantsCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	cfg := replay.MutateConfig{Policy: p, Workers: workers(c.Workers)}
	if c.InDiff != "" {
		if cfg.Only, err = e.changedSince(string(c.InDiff), c.Policy, p); err != nil {
			return err
		}
	}
	cases := listed(corpus.Tests(p))
	if len(c.Sources) > 0 {
		sources, err := e.sources(c.Sources)
		if err != nil {
			return err
		}
		cases = both(importer.Open(sources...), cases)
	}
	if c.Suggest {
		cfg.Suggest = probes()
	}
	ctx, stop := e.interruptible()
	defer stop()
	r, err := replay.MutateWith(ctx, cases, cfg)
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
		return incomplete("no case asserts anything: add tests to the policy, or labels and wanted verdicts to the sources")
	case r.Survived > 0:
		return exit(exitNo)
	}
	return nil
}

// listed yields cases at hand.
func listed(list []corpus.Case) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// both yields the cases of one and then of the other.
func both(first, second iter.Seq2[corpus.Case, error]) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for _, seq := range []iter.Seq2[corpus.Case, error]{first, second} {
			for c, err := range seq {
				if !yield(c, err) || err != nil {
					return
				}
			}
		}
	}
}

// probes are messages of all kinds, in which tests are looked for.
func probes() iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for c := range corpus.Generate(corpus.GenerateConfig{Seed: 1, Sessions: 200}) {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// changedSince returns which mutants change a rule, or the default, that isn't as it
// was at a revision.
func (e *env) changedSince(rev, name string, now *policy.Policy) (func(*policy.Mutant) bool, error) {
	was, err := e.loadAt("git:"+rev, name)
	if err != nil {
		return nil, err
	}
	changed := now.ChangedSince(was)
	return func(m *policy.Mutant) bool { return changed[m.Rule] }, nil
}
