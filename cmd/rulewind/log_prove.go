package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type logProveCmd struct {
	Session string `arg:"" help:"The session's id; see rulewind sessions."`
	DB      string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Output  string `short:"o" required:"" placeholder:"FILE" help:"Where to; - for standard output."`
}

func (logProveCmd) Help() string { return logCmd{}.Help() }

func (c *logProveCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	p, err := store.Prove(c.Session)
	if err != nil {
		return err
	}
	return e.output(c.Output, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(p)
	})
}

// proof checks a proof of one session.
func (c *logVerifyCmd) proof(e *env) error {
	b, err := os.ReadFile(e.path(c.Proof))
	if err != nil {
		return fmt.Errorf("reading the proof: %w", err)
	}
	p, err := recorder.ReadProof(b)
	if err != nil {
		return err
	}
	cp, err := p.Check(c.Key)
	if err != nil {
		return &exitError{exitIncomplete, fmt.Errorf("BROKEN: %w", err)}
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, map[string]any{"session": p.Session.ID, "entries": len(p.Entries), "signed": cp.At, "size": cp.Size, "key": p.Key})
		}
		fmt.Fprintf(w, "session %s: %d entries were among the %d signed at %s\n", reports.Visible(p.Session.ID), len(p.Entries), cp.Size, cp.At.UTC().Format("2006-01-02 15:04:05"))
		if c.Key == "" {
			fmt.Fprintf(w, "by the key that the proof names: compare it with the store's, or give that with --key\n  %s\n", reports.Visible(p.Key))
		}
		return nil
	})
}
