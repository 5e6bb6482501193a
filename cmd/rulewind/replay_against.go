package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// replayAgainstCmd is the one replay that starts a server.
type replayAgainstCmd struct {
	recordingArg
	Policy  string        `short:"p" default:"default" help:"The policy that the requests pass under. What it stops is not sent."`
	Record  string        `placeholder:"FILE" help:"The database that this run is recorded to. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Server  string        `placeholder:"NAME" help:"The server's name in policies and recordings. (default: from its command)"`
	Ignore  []string      `placeholder:"PATH" help:"Don't compare this place: a pointer such as /result/content/*/text, ** for any depth, or a member's name. Repeatable."`
	Strict  bool          `help:"Count times and random ids that differ, too."`
	Timeout time.Duration `default:"30s" help:"How long to wait for an answer."`
	Output  string        `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (replayAgainstCmd) Help() string {
	return `Starts the server whose command follows --, sends it the requests of a recorded session one after the other, through the proxy as a client's, and compares its answers with the recorded ones. Requests DO things: a recorded write is written again. What the policy stops is not sent. Secrets in requests are the recording's stand-ins. No other replay starts anything.

Times, random ids and secrets count as the same unless --strict says otherwise. Exits 0 if all answers are the same, 1 if one differs or is missing, 3 if none could be compared.

Examples:

    rulewind replay against 01JZ4Q -- npx -y @modelcontextprotocol/server-filesystem .
    rulewind replay against files.db --ignore /result/_meta --timeout 5s -o json -- ./server`
}

// Validate finds what can't be meant, before anything is started.
func (c *replayAgainstCmd) Validate() error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: want a time above 0, such as 5s")
	}
	if slices.Contains(c.Ignore, "") {
		return fmt.Errorf("--ignore: want a pointer such as /result/_meta, or a member's name")
	}
	return oneOf("format", c.Output, "text", "json")
}

func (c *replayAgainstCmd) Run(e *env) error {
	if len(e.command) == 0 {
		return fmt.Errorf("no server; put its command after --, as in: rulewind replay against RECORDING -- npx -y SERVER")
	}
	recorded, err := c.find(e)
	if err != nil {
		return err
	}
	outgoing := replay.OutgoingOf(recorded)
	if len(outgoing) == 0 {
		return incomplete("session %s has no request that could be sent again", recorded.ID)
	}
	db, err := e.database(c.Record)
	if err != nil {
		return err
	}
	before, err := sessionIDs(db)
	if err != nil {
		return err
	}
	name := cmp.Or(c.Server, recorded.Server, serverName(e.command))
	if err := c.drive(e, db, name, recorded, outgoing); err != nil {
		return err
	}
	now, err := newSession(db, before, name)
	if err != nil {
		return err
	}
	a := replay.CompareAnswers(recorded, now, replay.AgainstConfig{Ignore: c.Ignore, Strict: c.Strict, Mask: maskSecrets})
	if err := e.output("", func(w io.Writer) error { return c.write(w, a) }); err != nil {
		return err
	}
	switch {
	case a.Different > 0 || a.NoAnswer > 0:
		return exit(exitNo)
	case a.Same == 0:
		return exit(exitIncomplete)
	}
	return nil
}

// drive runs the proxy around the server, with this session in the client's place.
func (c *replayAgainstCmd) drive(e *env, db, name string, recorded *corpus.Case, outgoing []replay.Outgoing) error {
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("making a pipe: %w", err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		ourOut.Close()
		return fmt.Errorf("making a pipe: %w", err)
	}
	proxied := *e
	proxied.Stdin, proxied.Stdout = theirIn, theirOut
	ended := make(chan error, 1)
	go func() {
		p := proxyCmd{Policy: c.Policy, DB: db, Server: name, Quiet: true, Durability: "normal", NoReload: true, MaxMessage: "64MiB"}
		err := p.Run(&proxied)
		theirIn.Close()
		theirOut.Close()
		ended <- err
	}()
	client := newAgainstClient(recorded, ourIn, ourOut, c.Timeout)
	client.send(outgoing)
	ourOut.Close()
	client.wait() // which lets the proxy deliver all
	ourIn.Close()
	err = <-ended
	var left *exitError
	if errors.As(err, &left) && left.err == nil { // the server's own code
		return nil
	}
	return err
}

func sessionIDs(db string) (map[string]bool, error) {
	ids := map[string]bool{}
	if _, err := os.Stat(db); errors.Is(err, os.ErrNotExist) {
		return ids, nil
	}
	store, err := recorder.OpenReadOnly(db)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	list, err := store.Sessions()
	for _, s := range list {
		ids[s.ID] = true
	}
	return ids, err
}

// newSession returns the session that was recorded since, the last of its server.
func newSession(db string, before map[string]bool, server string) (*corpus.Case, error) {
	var found *corpus.Case
	for c, err := range importer.Open(db) {
		if err != nil {
			return nil, err
		}
		if !before[c.ID] && c.Server == server {
			found = &c
		}
	}
	if found == nil {
		return nil, incomplete("the server said nothing that was recorded in %s", db)
	}
	return found, nil
}

// maskSecrets puts the kinds of secrets in their place.
func maskSecrets(s string) string {
	var b strings.Builder
	at := 0
	for _, f := range detect.Find(nil, detect.Text{Value: s}, detect.Secrets) {
		if f.End <= at {
			continue
		}
		b.WriteString(s[at:max(at, f.Start)] + "‹" + f.Kind + "›")
		at = f.End
	}
	return b.String() + s[at:]
}

func (c *replayAgainstCmd) write(w io.Writer, a *replay.Against) error {
	if c.Output == "json" {
		return reports.WriteJSON(w, a)
	}
	for _, x := range a.Answers {
		if x.Outcome == replay.AnswerSame {
			continue
		}
		what := strings.TrimSpace(x.Method + " " + x.Tool)
		fmt.Fprintf(w, "%-12s  %s  (step %s)\n", x.Outcome, reports.Visible(what), reports.Visible(x.Step))
		if x.Reason != "" {
			fmt.Fprintf(w, "              %s\n", reports.Visible(x.Reason))
		}
		for _, d := range x.Differences {
			fmt.Fprintf(w, "              %s\n                recorded  %s\n                now       %s\n", reports.Visible(d.At), shownValue(d.Recorded), shownValue(d.Now))
		}
	}
	fmt.Fprintln(w, a.Summary())
	return nil
}

// maxShown bounds a value in the text, in characters.
const maxShown = 160

func shownValue(s string) string {
	if s == "" {
		return "nothing"
	}
	if r := []rune(s); len(r) > maxShown {
		s = string(r[:maxShown]) + "…"
	}
	return reports.Visible(s)
}
