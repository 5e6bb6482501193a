package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

// A batchLine is what check --batch writes for each line that it reads.
type batchLine struct {
	Line    int            `json:"line"`
	ID      string         `json:"id,omitempty"`
	Verdict policy.Verdict `json:"verdict"`
	// CallStopped is as in checkResult.
	CallStopped bool `json:"call_stopped,omitempty"`
}

// batch judges each line by itself: a JSON-RPC message, or a row of a corpus. The
// exit code is the gravest of all lines'.
func (c *checkCmd) batch(e *env, p *policy.Policy) error {
	if len(c.Arg) > 0 || c.Answer != "" {
		return fmt.Errorf("--batch reads whole messages; leave out --arg and --answer")
	}
	in, name, err := c.batchInput(e)
	if err != nil {
		return err
	}
	defer in.Close()
	out := bufio.NewWriter(e.Stdout)
	worst, lines := exitYes, 0
	for line, err := range corpus.Lines(in, name) {
		if err != nil {
			return err
		}
		lines++
		id, frames, err := c.batchFrames(name, line)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, line.Number, err)
		}
		event, early := judgeLast(p, c.opening(e), c.withFacts(e, p, frames), false)
		if err := reports.WriteJSONLine(out, batchLine{line.Number, id, event.Verdict, early}); err != nil {
			return err
		}
		worst = worse(worst, verdictCode(event.Verdict.Action))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if lines == 0 {
		return incomplete("%s holds no message", name)
	}
	return exit(worst)
}

// worse returns the graver of two codes: a stop, then an ask.
func worse(a, b int) int {
	if a == exitNo || b == exitNo {
		return exitNo
	}
	return max(a, b)
}

func (c *checkCmd) batchInput(e *env) (io.ReadCloser, string, error) {
	if c.Message == "" || c.Message == "-" {
		return io.NopCloser(e.Stdin), "stdin", nil
	}
	name := strings.TrimPrefix(c.Message, "@")
	f, err := os.Open(e.path(name))
	if err != nil {
		return nil, "", fmt.Errorf("reading messages: %w", err)
	}
	return f, name, nil
}

func (c *checkCmd) batchFrames(name string, line corpus.Line) (id string, frames []mcp.Frame, err error) {
	members, err := corpus.Members(nil, line.Text)
	if err != nil || !corpus.HasRow(members) {
		// Not a row: a message, however broken. The engine says what it is.
		frames, err = c.framesOf(bytes.Clone(line.Text), c.Tool)
		return "", frames, err
	}
	for row, err := range corpus.Rows(bytes.NewReader(line.Text), name) {
		if err != nil {
			return "", nil, err
		}
		one := *c
		if one.Direction == "" {
			one.Direction = row.Dir.String()
		}
		frames, err = one.framesOf(row.Message, row.Tool)
		return row.ID, frames, err
	}
	return "", nil, fmt.Errorf("an empty row")
}
