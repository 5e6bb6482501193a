package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type sessionsCmd struct {
	List   sessionsListCmd   `cmd:"" default:"withargs" help:"List the recorded sessions, oldest first."`
	ToCase sessionsToCaseCmd `cmd:"" name:"to-case" help:"Write a recorded session as a YAML case."`
}

func (sessionsCmd) Help() string {
	return `Examples:

    rulewind sessions
    rulewind sessions project.db --server files
    rulewind sessions to-case 01JZ4Q --entry 19`
}

type sessionsListCmd struct {
	DB     string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Output string `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
	Server string `placeholder:"NAME" help:"Only those of this server."`
	Last   int    `short:"n" placeholder:"N" help:"Only the last N."`
}

func (sessionsListCmd) Help() string {
	return `Lists the recorded sessions, oldest first. Exits 3 if there is none.

Examples:

    rulewind sessions
    rulewind sessions project.db --server files --last 10
    rulewind sessions -o json`
}

// Validate finds an unknown format before anything is read.
func (c *sessionsListCmd) Validate() error {
	if c.Last < 0 {
		return fmt.Errorf("--last can't be negative")
	}
	return oneOf("format", c.Output, "text", "json")
}

func (c *sessionsListCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Sessions()
	if err != nil {
		return err
	}
	list = pick(list, c.Server, "", c.Last)
	if len(list) == 0 && c.Output == "text" {
		return incomplete("no session is recorded in %s", store.Path())
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, list)
		}
		return reports.SessionsText(w, rowsOf(list))
	})
}

// sayCrashed says which sessions the store has ended, since their process was gone.
func (e *env) sayCrashed(store *recorder.Store) {
	ids := store.Crashed()
	switch {
	case len(ids) == 0:
		return
	case len(ids) > 3:
		ids = append(ids[:3:3], fmt.Sprintf("and %d more", len(ids)-3))
	}
	fmt.Fprintf(e.Stderr, "rulewind: ended as crashed, since their proxy was gone: %s; what they recorded is whole up to there\n", reports.Visible(strings.Join(ids, ", ")))
}

// openWriter opens a database for writing. RULEWIND_KEY_FILE is where its keys are, if
// not beside it.
func (e *env) openWriter(path string, opt recorder.Options) (*recorder.Store, error) {
	opt.KeyFile = e.keyFile()
	return recorder.Open(path, opt)
}

// keyFile is the file of the stand-ins' key, "" if it is beside the database.
func (e *env) keyFile() string {
	if name := e.Getenv("RULEWIND_KEY_FILE"); name != "" {
		return e.path(name)
	}
	return ""
}

// openStore opens a database that exists, for reading.
func (e *env) openStore(given string) (*recorder.Store, error) {
	path, err := e.existing(given)
	if err != nil {
		return nil, err
	}
	return recorder.OpenReadOnly(path)
}

// pick chooses sessions: by server, by the beginning of their id, the last ones.
func pick(list []recorder.SessionInfo, server, session string, last int) []recorder.SessionInfo {
	out := []recorder.SessionInfo{}
	for _, s := range list {
		if (server == "" || s.Server == server) && (session == "" || s.ID == session) {
			out = append(out, s)
		}
	}
	if last > 0 && len(out) > last {
		out = out[len(out)-last:]
	}
	return out
}

func rowsOf(list []recorder.SessionInfo) []reports.SessionRow {
	rows := make([]reports.SessionRow, len(list))
	for i, s := range list {
		end := s.Reason
		if s.Ended == 0 {
			end = "running"
		}
		if s.Lost > 0 {
			end += fmt.Sprintf(", %d lost", s.Lost)
		}
		if s.Pruned {
			end += ", pruned"
		}
		rows[i] = reports.SessionRow{
			ID: s.ID, Server: s.Server, Client: s.Client, Policy: s.PolicyDigest, Started: s.Started, Ended: s.Ended, End: end,
			Entries: s.Entries, Redact: s.Actions["redact"], Ask: s.Actions["ask"], Deny: s.Actions["deny"],
		}
	}
	return rows
}
