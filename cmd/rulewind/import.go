package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type importCmd struct {
	Files []string `arg:"" name:"file" help:"What rulewind export wrote; compressed if it ends in .zst."`
	DB    string   `name:"db" required:"" placeholder:"FILE" help:"The database to make. It must not be there yet."`
}

func (importCmd) Help() string {
	return `Makes a database of exported sessions: the inverse of export. Each session must be as it was exported, whole and unchanged; it keeps its id, entries, verdicts and times. The new database signs them with a key of its own: proofs and anchors of the old one stay with that. Sessions that were pruned are left out.

Examples:

    rulewind export -o sessions.jsonl.zst
    rulewind import sessions.jsonl.zst --db restored.db
    rulewind import monday.jsonl.zst tuesday.jsonl.zst --db week.db`
}

func (c *importCmd) Run(e *env) (err error) {
	path := e.path(c.DB)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already, and import overwrites nothing; name another with --db", c.DB)
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	sessions, left := 0, 0
	for _, name := range c.Files {
		n, pruned, err := importFile(store, name, e.path(name))
		sessions, left = sessions+n, left+pruned
		if err != nil {
			_ = store.Close()
			return errors.Join(err, removeDatabase(path))
		}
	}
	if err := store.Close(); err != nil {
		return err
	}
	if sessions == 0 {
		return errors.Join(incomplete("there is no session to import in %s", strings.Join(c.Files, ", ")), removeDatabase(path))
	}
	v, err := verified(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "imported sessions: %d, entries: %d, all verified; left out, since they were pruned: %d\n", sessions, v.Entries, left)
	return nil
}

// importFile imports the sessions of a file.
func importFile(store *recorder.Store, name, path string) (sessions, pruned int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".zst") {
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return 0, 0, fmt.Errorf("reading %s: %w", name, err)
		}
		defer z.Close()
		r = z
	}
	for one, err := range corpus.Read(r, name) {
		if err != nil {
			return sessions, pruned, err
		}
		if one.Info == nil {
			return sessions, pruned, fmt.Errorf("%s: session %s wasn't exported from a database; replay, report and score read such files as they are", name, reports.Visible(one.ID))
		}
		info := recorder.SessionInfo{}
		if err := json.Unmarshal(one.Info, &info); err != nil {
			return sessions, pruned, fmt.Errorf("%s: session %s: %w", name, reports.Visible(one.ID), err)
		}
		if info.Pruned {
			pruned++
			continue
		}
		info.Policy = one.Policy
		if err := store.Import(info, entriesOf(&one)); err != nil {
			return sessions, pruned, fmt.Errorf("%s: %w", name, err)
		}
		sessions++
	}
	return sessions, pruned, nil
}

// entriesOf are the steps as a recorder keeps them.
func entriesOf(c *corpus.Case) iter.Seq2[recorder.Entry, error] {
	return func(yield func(recorder.Entry, error) bool) {
		for i := range c.Steps {
			s := &c.Steps[i]
			if s.Recorded == nil {
				yield(recorder.Entry{}, fmt.Errorf("step %s has no recorded verdict", s.ID))
				return
			}
			if !yield(recorder.Entry{Frame: s.Frame, Event: *s.Recorded, Fidelity: s.Fidelity, Mono: s.Mono, Took: s.Took, Escrow: s.Escrow}, nil) {
				return
			}
		}
	}
}

// verified verifies a database that was just made.
func verified(path string) (*recorder.Verification, error) {
	store, err := recorder.OpenReadOnly(path)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	v, err := store.Verify(recorder.VerifyOptions{})
	if err == nil && (len(v.Breaks) > 0 || v.Verified != v.Entries) {
		err = incomplete("the new database doesn't verify: %q", v.Breaks)
	}
	return v, err
}

// removeDatabase removes a database that was just made, with what is beside it.
func removeDatabase(path string) error {
	var err error
	for _, suffix := range []string{"", "-wal", "-shm", ".key", ".key.sign", ".queue"} {
		if e := os.Remove(path + suffix); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
