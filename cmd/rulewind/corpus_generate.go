package main

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
)

type corpusGenerateCmd struct {
	Seed     uint64 `required:"" placeholder:"N" help:"One seed gives one corpus, byte for byte."`
	Sessions int    `short:"n" default:"100" placeholder:"N" help:"How many sessions to make up. (default: ${default})"`
	Output   string `short:"o" required:"" placeholder:"FILE" help:"Where to: a file, compressed if it ends in .zst, or - for standard output."`
}

func (corpusGenerateCmd) Help() string {
	return `Makes up labelled sessions: ordinary calls, and in two of three sessions an attack among them. Secrets are made from the detectors' own patterns and belong to nobody.

Examples:

    rulewind corpus generate --seed 1 -o made.jsonl.zst
    rulewind corpus generate --seed 7 --sessions 5 -o -`
}

// Validate finds a number that makes nothing.
func (c *corpusGenerateCmd) Validate() error {
	if c.Sessions < 1 {
		return fmt.Errorf("--sessions: want 1 or more, got %d", c.Sessions)
	}
	return nil
}

func (c *corpusGenerateCmd) Run(e *env) error {
	cfg := corpus.GenerateConfig{Seed: c.Seed, Sessions: c.Sessions, Secret: detect.Generate}
	return e.output(c.Output, func(w io.Writer) error {
		return compressed(w, c.Output, func(w io.Writer) error {
			out := corpus.NewWriter(w)
			for one := range corpus.Generate(cfg) {
				if err := out.Case(&one); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
