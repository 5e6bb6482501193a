package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type serveCmd struct {
	recordingArg
	OnMiss     string `default:"error" placeholder:"HOW" help:"What a request gets that was not recorded: error (which says what the nearest one has otherwise) or nearest (that one's answer)."`
	Withheld   bool   `help:"Replay also the answers that the policy kept from the client."`
	Quiet      bool   `short:"q" help:"Print nothing about what was not recorded."`
	MaxMessage string `default:"10MiB" placeholder:"SIZE" help:"The largest message that is read."`
}

func (serveCmd) Help() string {
	return `Is an MCP server on standard input and output that says what the server of a recorded session said, so that a client can be tested without it. Requests are matched by method, tool and arguments; repeated ones get their answers in order, and the last one again after that. Nothing is judged, recorded or sent anywhere. What the policy denied when it was recorded has no answer, and the error says so.

Examples:

    rulewind serve rulewind-demo/demo.db
    rulewind serve session.jsonl.zst --on-miss nearest
    rulewind serve 01JZ4Q --db project.db
    claude mcp add files -- rulewind serve recordings/files.db --session 01JZ4Q`
}

// Validate finds what can't be meant, before anything is read.
func (c *serveCmd) Validate() error {
	if err := oneOf("way", c.OnMiss, "error", "nearest"); err != nil {
		return fmt.Errorf("--on-miss: %w", err)
	}
	_, err := size(c.MaxMessage)
	return err
}

func (c *serveCmd) Run(e *env) error {
	max, err := size(c.MaxMessage)
	if err != nil {
		return err
	}
	session, err := c.find(e)
	if err != nil {
		return err
	}
	p := replay.NewPlayback(session, replay.PlaybackConfig{Nearest: c.OnMiss == "nearest", Withheld: c.Withheld})
	note := func(text string) {
		if !c.Quiet {
			fmt.Fprintln(e.Stderr, "rulewind: "+reports.Visible(text))
		}
	}
	if made := p.MadeUp(); len(made) > 0 {
		note("the recording has no answer to " + strings.Join(made, " and ") + ", which a client needs: it is made up")
	}
	return play(e, p, max, note)
}

// play answers line by line until the client hangs up.
func play(e *env, p *replay.Playback, max int, note func(string)) error {
	in := mcp.NewReader(e.Stdin, max)
	for {
		line, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading the client: %w", err)
		case line.Oversize:
			text := fmt.Sprintf("a message of %d bytes is above the bound, which --max-message sets", line.Size)
			note(text)
			if id, isAnswer := mcp.OversizeID(line.Raw); !isAnswer {
				refusal := mcp.AppendRefusal(nil, id, mcp.Refusal{Number: mcp.RefuseTooLarge, Message: text})
				if _, err := e.Stdout.Write(append(refusal, '\n')); err != nil {
					return fmt.Errorf("answering the client: %w", err)
				}
			}
			continue
		}
		reply := p.Receive(line.Raw)
		for _, text := range reply.Notes {
			note(text)
		}
		for _, m := range reply.Messages {
			if _, err := e.Stdout.Write(append(m, '\n')); err != nil {
				return fmt.Errorf("answering the client: %w", err)
			}
		}
	}
}
