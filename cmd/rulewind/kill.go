package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/rulewind/rulewind/reports"
)

// The kill switch of a store is a file beside its database: while it is there, all
// proxies that record to the store deny everything.
func killFile(db string) string {
	if real, err := filepath.EvalSymlinks(db); err == nil {
		db = real
	}
	return db + ".kill"
}

// maxReason bounds what is told of the reason, in bytes.
const maxReason = 200

// A killSwitch tells a proxy whether it is killed: by the file, or by a signal, which
// is for this proxy alone.
type killSwitch struct {
	file    string
	signal  atomic.Bool
	signals chan os.Signal
	done    chan struct{}
}

func newKillSwitch(db string) *killSwitch {
	k := &killSwitch{file: killFile(db), signals: make(chan os.Signal, 4), done: make(chan struct{})}
	if len(killSignals) > 0 {
		signal.Notify(k.signals, killSignals...)
	}
	go func() {
		defer close(k.done)
		for s := range k.signals {
			k.signal.Store(s == killSignals[0])
		}
	}()
	return k
}

func (k *killSwitch) close() {
	signal.Stop(k.signals)
	close(k.signals)
	<-k.done
}

// state is asked before a message is judged.
func (k *killSwitch) state() (on bool, reason string) {
	if k.signal.Load() {
		return true, "by a signal"
	}
	if _, err := os.Stat(k.file); err != nil {
		return !errors.Is(err, fs.ErrNotExist), "it can't be seen whether it is on"
	}
	return true, killReason(k.file)
}

func killReason(file string) string {
	b, err := readBounded(file, 4<<10)
	if err != nil {
		return ""
	}
	text := strings.TrimSpace(string(b))
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

type killCmd struct {
	On     killOnCmd     `cmd:"" help:"Deny everything, in all proxies that record to the database."`
	Off    killOffCmd    `cmd:"" help:"Let the policy decide again."`
	Status killStatusCmd `cmd:"" help:"Tell whether it is on; exits 1 if it is."`
}

func (killCmd) Help() string {
	return `While the kill switch is on, all proxies that record to the database deny every message, from both sides, and what waited for an answer is refused. It is a file beside the database, whose text is the reason, so it holds for proxies that start later too. SIGUSR1 kills one proxy alone, SIGUSR2 takes that back.

Examples:

    rulewind kill on --reason "incident 7"
    rulewind kill status
    rulewind kill off`
}

type killOnCmd struct {
	DB     string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Reason string `placeholder:"TEXT" help:"Told to clients and recorded."`
}

func (killOnCmd) Help() string { return killCmd{}.Help() }

func (c *killOnCmd) Run(e *env) error {
	db, err := e.database(c.DB)
	if err != nil {
		return err
	}
	// Written aside first, so that it is never there without its reason.
	if err := os.MkdirAll(filepath.Dir(db), 0o700); err != nil {
		return fmt.Errorf("turning the kill switch on: %w", err)
	}
	aside := killFile(db) + ".new"
	if err := os.WriteFile(aside, []byte(c.Reason+"\n"), 0o600); err != nil {
		return fmt.Errorf("turning the kill switch on: %w", err)
	}
	if err := os.Rename(aside, killFile(db)); err != nil {
		return fmt.Errorf("turning the kill switch on: %w", err)
	}
	fmt.Fprintf(e.Stdout, "on: every proxy that records to %s denies everything\n", reports.Visible(db))
	return nil
}

type killOffCmd struct {
	DB string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (killOffCmd) Help() string { return killCmd{}.Help() }

func (c *killOffCmd) Run(e *env) error {
	db, err := e.database(c.DB)
	if err != nil {
		return err
	}
	if err := os.Remove(killFile(db)); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(e.Stdout, "it was off")
		return nil
	} else if err != nil {
		return fmt.Errorf("turning the kill switch off: %w", err)
	}
	fmt.Fprintln(e.Stdout, "off: the policy decides again")
	return nil
}

type killStatusCmd struct {
	DB string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (killStatusCmd) Help() string { return killCmd{}.Help() }

func (c *killStatusCmd) Run(e *env) error {
	db, err := e.database(c.DB)
	if err != nil {
		return err
	}
	if _, err := os.Stat(killFile(db)); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(e.Stdout, "off")
		return nil
	} else if err != nil {
		return fmt.Errorf("looking at the kill switch: %w", err)
	}
	if reason := killReason(killFile(db)); reason != "" {
		fmt.Fprintf(e.Stdout, "on: %s\n", reports.Visible(reason))
	} else {
		fmt.Fprintln(e.Stdout, "on")
	}
	return exit(exitNo)
}
