package main

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type corpusCmd struct {
	Score    corpusScoreCmd    `cmd:"" help:"Count hits, misses and false alarms of a policy on labelled traffic, per source."`
	Minimize corpusMinimizeCmd `cmd:"" help:"Pick the fewest sessions that show all that a corpus does."`
	Lint     corpusLintCmd     `cmd:"" help:"Find what is wrong with a corpus: contradictions, unknown rules, live secrets, and more."`
	Generate corpusGenerateCmd `cmd:"" help:"Make up labelled sessions from a seed."`
}

type corpusScoreCmd struct {
	Sources      []string `arg:"" name:"source" help:"Labelled corpora (JSON Lines, .zst too), folders or globs."`
	Policy       string   `short:"p" default:"default" help:"The policy to score."`
	Output       []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, json, markdown or junit; with =PATH into a file. Repeatable. (default: text)"`
	Misses       int      `placeholder:"N" help:"Show the first N misses and false alarms of each source."`
	AssumeBenign bool     `help:"Count what has no label as benign, such as your own recordings."`
	Workers      int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`

	Schema schemaFlag[replay.Scores] `help:"Print the JSON Schema of what -o json writes."`
}

func (corpusScoreCmd) Help() string {
	return `Scores are per source and never pooled: one phrase finds all of one source and none of another.

Examples:

    rulewind corpus score corpus/
    rulewind corpus score attacks.jsonl.zst --policy strict.yaml --misses 10
    rulewind corpus score rulewind.db --assume-benign -o json`
}

// Validate finds an unknown format before anything is read.
func (c *corpusScoreCmd) Validate() error {
	if c.Misses < 0 || c.Workers < 0 {
		return fmt.Errorf("--misses and --workers can't be negative")
	}
	_, err := targets(c.Output, "", reports.Names(c.formats()))
	return err
}

// formats are reports.ScoreFormats and the text, with as many examples as asked for.
func (c *corpusScoreCmd) formats() []reports.Format[*replay.Scores] {
	text := reports.Format[*replay.Scores]{Name: "text", Write: func(w io.Writer, s *replay.Scores) error { return reports.ScoreText(w, s, c.Misses) }}
	return append([]reports.Format[*replay.Scores]{text}, reports.ScoreFormats...)
}

func (c *corpusScoreCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	cfg := replay.ScoreConfig{Policy: p, AssumeBenign: c.AssumeBenign, Workers: workers(c.Workers)}
	ctx, stop := e.interruptible()
	defer stop()
	scores, err := replay.Score(ctx, importer.Open(sources...), cfg)
	if err != nil {
		return err
	}
	err = writeTargets(e, c.Output, "", c.formats(), scores)
	if err != nil {
		return err
	}
	if judged(scores) == 0 {
		return incomplete("no labelled message in the sources: nothing to score")
	}
	if scores.Interrupted {
		return incomplete("interrupted: the scores cover a part of the sources")
	}
	return nil
}

func judged(s *replay.Scores) (n int) {
	for _, x := range s.Sources {
		n += x.Stopped + x.Missed + x.Quiet + x.Alarms + x.Redacted
	}
	return n
}
