package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/replay"
)

// shard judges a share of the sessions and writes it for merge.
func (c *replayRunCmd) shard(e *env, cfg replay.Config) error {
	shard, err := replay.ParseShard(string(c.Shard))
	if err != nil {
		return fmt.Errorf("--shard: %w", err)
	}
	if c.File == "" {
		return fmt.Errorf("--shard writes a part for `rulewind replay merge`; say where with --file")
	}
	if len(c.Output) != 1 || c.Output[0] != "text" {
		return fmt.Errorf("--shard writes a part and no report; give --output to `rulewind replay merge`")
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	cases, err := c.open(e, sources)
	if err != nil {
		return err
	}
	c.configure(&cfg)
	ctx, stop := e.interruptible()
	defer stop()
	return e.output(c.File, func(w io.Writer) error {
		return compressed(w, c.File, func(w io.Writer) error {
			return replay.RunShard(ctx, cases, cfg, shard, w)
		})
	})
}

// compressed has write compressed if the file's name says so.
func compressed(w io.Writer, name string, write func(io.Writer) error) error {
	if !strings.HasSuffix(name, ".zst") {
		return write(w)
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if err := write(z); err != nil {
		return err
	}
	return z.Close()
}

type replayMergeCmd struct {
	Parts []string `arg:"" name:"part" help:"What each replay --shard wrote."`
	gateFlags
	replayOutput
}

func (replayMergeCmd) Help() string {
	return `Gives the same bytes as the run undivided. Missing, doubled and mismatched parts are an error.

Examples:

    rulewind replay corpus/ --policy new.yaml --shard 1/4 --file part-1.jsonl.zst
    rulewind replay merge part-*.jsonl.zst -o markdown`
}

func (c *replayMergeCmd) Run(e *env) error {
	gate, err := c.gate(e)
	if err != nil {
		return err
	}
	var parts []replay.Part
	for _, name := range c.Parts {
		f, err := os.Open(e.path(name))
		if err != nil {
			return fmt.Errorf("reading a part: %w", err)
		}
		defer f.Close()
		part := replay.Part{Name: filepath.Base(name), R: bufio.NewReader(f)}
		if strings.HasSuffix(name, ".zst") {
			z, err := zstd.NewReader(part.R, zstd.WithDecoderConcurrency(1))
			if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			defer z.Close()
			part.R = z
		}
		parts = append(parts, part)
	}
	result, err := replay.Merge(parts, gate)
	if err != nil {
		return &exitError{exitIncomplete, err}
	}
	return c.write(e, result)
}
