package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type logStatsCmd struct {
	DB     string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Output string `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (logStatsCmd) Help() string { return logCmd{}.Help() }

// Validate finds an unknown format before anything is read.
func (c *logStatsCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *logStatsCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	st, err := store.Stats()
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, st)
		}
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(tab, "sessions\t%d, %d of them pruned\n", st.Sessions, st.Pruned)
		fmt.Fprintf(tab, "entries\t%d, %d lost\n", st.Entries, st.Lost)
		fmt.Fprintf(tab, "packed\t%d, in %d blocks, and %d messages beside them\n", st.Packed, st.Blocks, st.Bodies)
		fmt.Fprintf(tab, "actions\t%s\n", counted(st.Actions))
		fmt.Fprintf(tab, "fidelity\t%s\n", counted(st.Fidelity))
		for _, part := range []struct {
			name  string
			bytes int64
		}{{"database", st.File}, {"WAL", st.WAL}, {"messages", st.Messages}, {"verdicts", st.Verdicts}, {"packed", st.Stored}, {"hashes", st.Hashes}, {"policies", st.Policies}} {
			fmt.Fprintf(tab, "%s\t%d bytes\n", part.name, part.bytes)
		}
		return tab.Flush()
	})
}

// counted writes counts as "3 allow, 1 deny".
func counted(counts map[string]int64) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d %s", counts[k], k))
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

type logCompactCmd struct {
	DB string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (logCompactCmd) Help() string { return logCmd{}.Help() }

func (c *logCompactCmd) Run(e *env) error {
	err := e.withStore(c.DB, func(s *recorder.Store) error {
		done, err := s.Compact()
		if err == nil {
			fmt.Fprintf(e.Stdout, "packed entries: %d; the database has %d bytes, before %d\n", done.Entries, done.After, done.Before)
		}
		return err
	})
	if errors.Is(err, recorder.ErrBroken) {
		err = &exitError{exitIncomplete, err}
	}
	return err
}

type logPruneCmd struct {
	DB    string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Older string `required:"" placeholder:"AGE" help:"What ended longer ago goes: a number of days or hours such as 90d or 12h."`
}

func (logPruneCmd) Help() string { return logCmd{}.Help() }

// Validate finds an age that can't be meant.
func (c *logPruneCmd) Validate() error {
	_, err := ageOf(c.Older)
	return err
}

func (c *logPruneCmd) Run(e *env) error {
	older, err := ageOf(c.Older)
	if err != nil {
		return err
	}
	err = e.withStore(c.DB, func(s *recorder.Store) error {
		p, err := s.Prune(time.Now().Add(-older).UnixNano())
		if err == nil {
			fmt.Fprintf(e.Stdout, "pruned sessions: %d, entries: %d; the database has %d bytes, before %d\n", p.Sessions, p.Entries, p.After, p.Before)
		}
		return err
	})
	if errors.Is(err, recorder.ErrBroken) {
		err = &exitError{exitIncomplete, err}
	}
	return err
}

// ageOf reads "90d" or "12h".
func ageOf(text string) (time.Duration, error) {
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour} {
		digits, ok := strings.CutSuffix(text, suffix)
		if n, err := strconv.Atoi(digits); ok && err == nil && n >= 0 && n <= 36500 {
			return time.Duration(n) * unit, nil
		}
	}
	return 0, fmt.Errorf("--older: want a number of days or hours such as 90d or 12h, got %q", text)
}

type logBackupCmd struct {
	To string `arg:"" name:"file" help:"The copy, which must not be there yet."`
	DB string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (logBackupCmd) Help() string { return logCmd{}.Help() }

func (c *logBackupCmd) Run(e *env) error {
	err := e.withStore(c.DB, func(s *recorder.Store) error { return s.Backup(e.path(c.To)) })
	if err == nil {
		fmt.Fprintf(e.Stderr, "rulewind: the keys beside the database aren't in %s: keep them elsewhere\n", reports.Visible(c.To))
	}
	return err
}
