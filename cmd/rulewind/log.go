package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

// logCmd is about the recording as a whole: is it what was recorded, how large is it,
// what may go.
type logCmd struct {
	Verify     logVerifyCmd     `cmd:"" help:"Check that nothing recorded was changed."`
	Checkpoint logCheckpointCmd `cmd:"" help:"Sign what is recorded, and print the signed note."`
	Anchor     logAnchorCmd     `cmd:"" help:"Sign what is recorded, and keep the note elsewhere."`
	Prove      logProveCmd      `cmd:"" help:"Write a proof of one session that holds without the rest."`
	Stats      logStatsCmd      `cmd:"" help:"Count what is recorded, and what it takes."`
	Compact    logCompactCmd    `cmd:"" help:"Pack what can be packed, and write the file anew."`
	Prune      logPruneCmd      `cmd:"" help:"Remove what old sessions said, for good, and keep its hashes."`
	Backup     logBackupCmd     `cmd:"" help:"Copy the database while others write."`
}

func (logCmd) Help() string {
	return `What is recorded is signed when a session ends. Verifying hashes it all again, and exits 3 if anything isn't as it was signed. That the whole file was put back to an older state, or written anew by somebody who has the key, shows only against a note kept elsewhere: an anchor.

Examples:

    rulewind log anchor --to /mnt/elsewhere/anchors.txt
    rulewind log anchor --to 'ssh archive "cat >> anchors.txt"'
    rulewind log verify --anchor /mnt/elsewhere/anchors.txt
    rulewind log prove 20260102-030405-0123456789 -o proof.json
    rulewind log verify --proof proof.json --key "$KEY"
    rulewind log stats
    rulewind log compact
    rulewind log prune --older 90d
    rulewind log backup copy.db`
}

type logVerifyCmd struct {
	DB     string   `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Anchor []string `placeholder:"FILE" help:"Notes that log anchor wrote; may be repeated."`
	Key    string   `placeholder:"KEY" help:"The public key that must have signed. (default: from the key file beside the database, else as the database says)"`
	Proof  string   `placeholder:"FILE" help:"Check a proof that log prove wrote, instead of a database."`
	Output string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (logVerifyCmd) Help() string { return logCmd{}.Help() }

// Validate finds an unknown format before anything is read.
func (c *logVerifyCmd) Validate() error {
	if c.Proof != "" && (c.DB != "" || len(c.Anchor) > 0) {
		return fmt.Errorf("--proof is checked on its own: leave out the database and --anchor")
	}
	return oneOf("format", c.Output, "text", "json")
}

func (c *logVerifyCmd) Run(e *env) error {
	if c.Proof != "" {
		return c.proof(e)
	}
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	opt := recorder.VerifyOptions{Key: c.Key}
	if opt.Key == "" {
		if opt.Key, err = e.publicKey(store.Path()); err != nil {
			return err
		}
	}
	for _, name := range c.Anchor {
		b, err := os.ReadFile(e.path(name))
		if err != nil {
			return fmt.Errorf("reading an anchor: %w", err)
		}
		if len(bytes.TrimSpace(b)) == 0 {
			return fmt.Errorf("the anchor %s is empty; write one with `rulewind log anchor --to %s`", name, name)
		}
		opt.Anchors += string(b) + "\n"
	}
	show, done := e.counting("entries verified")
	opt.Progress = show
	v, err := store.Verify(opt)
	done()
	if err != nil {
		return err
	}
	err = e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, v)
		}
		return verificationText(w, v)
	})
	if err == nil && len(v.Breaks) > 0 {
		err = exit(exitIncomplete)
	}
	return err
}

// publicKey returns the key that must have signed a database, "" if there is no file of it.
func (e *env) publicKey(db string) (string, error) {
	if keys := e.keyFile(); keys != "" {
		return recorder.PublicKeyIn(keys)
	}
	return recorder.PublicKey(db)
}

// counting shows a number on a terminal, and returns what takes it away; nil elsewhere.
func (e *env) counting(what string) (show func(int64), done func()) {
	if !e.Terminal(e.Stderr) {
		return nil, func() {}
	}
	shown := false
	return func(n int64) {
			shown = true
			fmt.Fprintf(e.Stderr, "\r%d %s", n, what)
		}, func() {
			if shown {
				fmt.Fprint(e.Stderr, "\r\x1b[K")
			}
		}
}

// verificationText says what was checked, what wasn't, and what is wrong.
func verificationText(w io.Writer, v *recorder.Verification) error {
	var b strings.Builder
	for _, text := range v.Breaks {
		fmt.Fprintf(&b, "BROKEN: %s\n", reports.Visible(text))
	}
	fmt.Fprintf(&b, "entries: %d, sessions: %d, checkpoints: %d\n", v.Entries, v.Sessions, v.Checkpoints)
	fmt.Fprintf(&b, "verified up to entry %d", v.Verified)
	if v.Pruned > 0 {
		fmt.Fprintf(&b, " (%d of them pruned: only their hashes are left)", v.Pruned)
	}
	b.WriteByte('\n')
	if v.Anchored > 0 {
		fmt.Fprintf(&b, "anchored up to entry %d\n", v.Anchored)
	} else {
		b.WriteString("not anchored: that the whole file was rolled back, or rewritten with the key, can't be seen; see `rulewind log anchor`\n")
	}
	if rest := v.Entries - v.Verified; rest > 0 && len(v.Breaks) == 0 {
		fmt.Fprintf(&b, "not covered: the last %d, recorded since; `rulewind log checkpoint` signs them\n", rest)
	}
	if v.Open > 0 {
		fmt.Fprintf(&b, "not covered: the ends of sessions that run or crashed since: %d\n", v.Open)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type logCheckpointCmd struct {
	DB string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (logCheckpointCmd) Help() string { return logCmd{}.Help() }

func (c *logCheckpointCmd) Run(e *env) error {
	cp, err := e.checkpoint(c.DB)
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error {
		_, err := io.WriteString(w, cp.Note)
		return err
	})
}

// checkpoint signs what a database holds.
func (e *env) checkpoint(db string) (cp recorder.Checkpoint, err error) {
	err = e.withStore(db, func(s *recorder.Store) error {
		cp, err = s.Checkpoint()
		return err
	})
	if errors.Is(err, recorder.ErrBroken) {
		err = &exitError{exitIncomplete, err}
	}
	return cp, err
}

// withStore opens a database that exists, for writing.
func (e *env) withStore(given string, use func(*recorder.Store) error) (err error) {
	path, err := e.existing(given)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	if err := use(store); err != nil {
		_ = store.Close() // whatever is wrong has been said
		return err
	}
	return store.Close()
}

type logAnchorCmd struct {
	DB string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	To string `required:"" placeholder:"FILE|COMMAND" help:"A file that the note is added to; or, if it has a space in it, a command for the shell that reads the note."`
}

func (logAnchorCmd) Help() string { return logCmd{}.Help() }

func (c *logAnchorCmd) Run(e *env) error {
	cp, err := e.checkpoint(c.DB)
	if err != nil {
		return err
	}
	if err := c.keep(e, cp.Note); err != nil {
		return fmt.Errorf("anchoring: %w", err)
	}
	fmt.Fprintf(e.Stderr, "rulewind: anchored %d entries\n", cp.Size)
	return nil
}

func (c *logAnchorCmd) keep(e *env, note string) error {
	if strings.Contains(strings.TrimSpace(c.To), " ") {
		cmd := exec.CommandContext(e.Context, "sh", "-c", c.To)
		cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env, cmd.Dir = strings.NewReader(note), e.Stdout, e.Stderr, e.Environ, e.Dir
		return cmd.Run()
	}
	f, err := os.OpenFile(e.path(c.To), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(note)
	return errors.Join(err, f.Close())
}
