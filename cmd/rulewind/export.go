package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/recorder"
)

type exportCmd struct {
	DB      string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Session string `placeholder:"ID" help:"Only this session."`
	Server  string `placeholder:"NAME" help:"Only those of this server."`
	Last    int    `short:"n" placeholder:"N" help:"Only the last N sessions."`
	Rekey   bool   `help:"Give secrets other stand-ins than the database has, so that the two can't be matched by them."`
	Output  string `short:"o" required:"" placeholder:"FILE" help:"Where to: a file, compressed if it ends in .zst, or - for standard output."`
}

func (exportCmd) Help() string {
	return `Writes recorded sessions as JSON Lines that lose nothing: replay, report and score read them as they read the database. The file is for its owner only. With --rekey nobody who has the database can tell by the stand-ins which secrets are the same; ids, times and texts stay.

Examples:

    rulewind export -o sessions.jsonl.zst
    rulewind export --rekey -o shared.jsonl.zst
    rulewind export project.db --server files --last 1 -o -`
}

func (c *exportCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Sessions()
	if err != nil {
		return err
	}
	list = pick(list, c.Server, c.Session, c.Last)
	if len(list) == 0 {
		return incomplete("no such session in %s; `rulewind sessions` lists them", store.Path())
	}
	return e.output(c.Output, func(w io.Writer) error {
		return compressed(w, c.Output, func(w io.Writer) error {
			return exportSessions(w, store, list, c.Rekey)
		})
	})
}

// exportSessions writes sessions entry by entry, so that memory doesn't grow with
// their length.
func exportSessions(w io.Writer, store *recorder.Store, list []recorder.SessionInfo, rekey bool) error {
	out := corpus.NewWriter(w)
	stored := func(e recorder.Entry) recorder.Entry { return e }
	rekeying, err := recorder.NewRekeying()
	if err != nil {
		return err
	}
	for _, info := range list {
		sources, err := store.Policy(info.PolicyDigest)
		if err != nil {
			return err
		}
		as := stored
		if rekey {
			info = rekeying.Info(info)
			if as, err = rekeying.Session(sources); err != nil {
				return err
			}
		}
		c := corpus.Case{ID: info.ID, Source: filepath.Base(store.Path()), Server: info.Server, Policy: sources}
		if c.Info, err = json.Marshal(info); err != nil {
			return fmt.Errorf("encoding session %s: %w", info.ID, err)
		}
		if err := out.Begin(&c); err != nil {
			return err
		}
		for entry, err := range store.Entries(info.ID) {
			if err != nil {
				return err
			}
			entry = as(entry)
			step := corpus.Step{
				ID: fmt.Sprintf("%s:%d", info.ID, entry.Event.Seq), Frame: entry.Frame, Recorded: &entry.Event,
				Fidelity: entry.Fidelity, Mono: entry.Mono, Took: entry.Took, Escrow: entry.Escrow}
			if err := out.Step(&step); err != nil {
				return err
			}
		}
		if err := out.End(); err != nil {
			return err
		}
	}
	return nil
}
