package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type approvalsCmd struct {
	List    approvalsListCmd    `cmd:"" default:"withargs" help:"List what waits for an answer."`
	Approve approvalsApproveCmd `cmd:"" help:"Let a held call pass."`
	Deny    approvalsDenyCmd    `cmd:"" help:"Refuse a held call."`
	Watch   approvalsWatchCmd   `cmd:"" help:"Ask about each held call as it comes."`
}

func (approvalsCmd) Help() string {
	return `A rule with "action: ask" holds a call until somebody answers: the client's user, or a person here. The first answer counts. Approving lets that one call pass, as it is shown; secrets in it are shown as stand-ins.

Examples:

    rulewind approvals
    rulewind approvals approve k3f9qa
    rulewind approvals approve k3f9qa --remember session
    rulewind approvals approve k3f9qa --remember policy >> rulewind.yaml
    rulewind approvals deny k3f9qa
    rulewind approvals watch`
}

type approvalsListCmd struct {
	DB     string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	All    bool   `help:"Also those that were answered, or that nobody waits for any more."`
	Output string `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (approvalsListCmd) Help() string { return approvalsCmd{}.Help() }

// Validate finds an unknown format before anything is read.
func (c *approvalsListCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *approvalsListCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Asks(!c.All)
	if err != nil {
		return err
	}
	if !c.All {
		list = waiting(list, time.Now())
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, list)
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(w, "nothing waits for an answer")
			return err
		}
		for _, a := range list {
			if err := writeAsk(w, e.painter(e.Stdout), &a, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// waiting are the questions that can still be answered.
func waiting(list []recorder.Ask, now time.Time) []recorder.Ask {
	out := []recorder.Ask{}
	for _, a := range list {
		if a.Expires == 0 || a.Expires > now.UnixNano() {
			out = append(out, a)
		}
	}
	return out
}

// writeAsk shows a question to a person.
func writeAsk(w io.Writer, pt paint, a *recorder.Ask, now time.Time) error {
	what := reports.Visible(a.Tool)
	if what == "" {
		what = "a message"
	}
	state := "no limit of time"
	switch {
	case a.Answer != nil && a.Answer.Approve:
		state = "approved by " + reports.Visible(a.Answer.By)
	case a.Answer != nil:
		state = "denied by " + reports.Visible(a.Answer.By)
	case a.Closed != "":
		state = "closed: " + reports.Visible(a.Closed)
	case a.Expires > 0:
		state = "waits " + max(time.Unix(0, a.Expires).Sub(now), 0).Round(time.Second).String() + " more"
	}
	_, err := fmt.Fprintf(w, "%s  %s of %s  [%s]  %s\n    %s\n    %s\n", pt.bold(a.ID), what, reports.Visible(a.Server),
		reports.Visible(a.Rule), state, reports.Visible(a.Reason), pt.soft(shownArguments(a.Shown)))
	return err
}

// shownArguments is what a person sees of a call: its arguments, or all of it.
func shownArguments(raw string) string {
	text := raw
	if b := argumentsOf([]byte(raw)); b != nil {
		text = string(b)
	}
	const most = 2000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + fmt.Sprintf("… (%d bytes in all; -o json shows them)", len(text))
	}
	return reports.Visible(text)
}

type approvalsApproveCmd struct {
	ID       string `arg:"" help:"The question's id."`
	Remember string `default:"call" placeholder:"WHAT" help:"call: this one only. session: what the same rule asks of the same tool passes until the session ends. policy: print a rule that allows such calls."`
	DB       string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (approvalsApproveCmd) Help() string { return approvalsCmd{}.Help() }

// Validate finds an unknown word before anything is read.
func (c *approvalsApproveCmd) Validate() error {
	return oneOf("remember", c.Remember, "call", "session", "policy")
}

func (c *approvalsApproveCmd) Run(e *env) error {
	return e.answer(c.DB, c.ID, recorder.Answer{Approve: true, Remember: map[string]string{"session": "session"}[c.Remember]}, func(a *recorder.Ask) error {
		if c.Remember != "policy" {
			return nil
		}
		rule, err := allowRule(a)
		if err != nil {
			return fmt.Errorf("it is approved, but no rule can be made of it: %w", err)
		}
		_, err = io.WriteString(e.Stdout, rule)
		return err
	})
}

type approvalsDenyCmd struct {
	ID string `arg:"" help:"The question's id."`
	DB string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (approvalsDenyCmd) Help() string { return approvalsCmd{}.Help() }

func (c *approvalsDenyCmd) Run(e *env) error {
	return e.answer(c.DB, c.ID, recorder.Answer{}, func(*recorder.Ask) error { return nil })
}

// answer answers a question by its id, and tells the person what became of it.
func (e *env) answer(db, id string, answer recorder.Answer, then func(*recorder.Ask) error) error {
	path, err := e.existing(db)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Asks(false)
	if err != nil {
		return err
	}
	var ask *recorder.Ask
	for i := range list {
		if list[i].ID == id {
			ask = &list[i]
		}
	}
	answer.By, answer.At = e.person(), time.Now().UnixNano()
	if err := store.AnswerAsk(id, answer); err != nil {
		if errors.Is(err, recorder.ErrNoAsk) {
			return fmt.Errorf("%w; `rulewind approvals` lists those that wait", err)
		}
		return err
	}
	word := "denied"
	if answer.Approve {
		word = "approved"
	}
	fmt.Fprintf(e.Stderr, "%s %s: %s of %s\n", word, id, reports.Visible(ask.Tool), reports.Visible(ask.Server))
	return then(ask)
}

type approvalsWatchCmd struct {
	DB string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (approvalsWatchCmd) Help() string { return approvalsCmd{}.Help() }

// watchEvery is how often is looked for new questions.
const watchEvery = 200 * time.Millisecond

func (c *approvalsWatchCmd) Run(e *env) error {
	path, err := e.existing(c.DB)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, stop := signal.NotifyContext(e.Context, os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Fprintf(e.Stderr, "waiting for questions in %s; Ctrl-C ends\n", reports.Visible(path))
	lines := lineReader(e.Stdin)
	seen := map[string]bool{}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		list, err := store.Asks(true)
		if err != nil {
			return err
		}
		for _, a := range waiting(list, time.Now()) {
			if seen[a.ID] {
				continue
			}
			seen[a.ID] = true
			if more, err := e.askPerson(ctx, store, &a, lines); err != nil || !more {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-lines: // typed while nothing was asked
			if !ok {
				return nil
			}
		case <-tick.C:
		}
	}
}

// lineReader reads lines in a goroutine of its own, which ends with its input: a read
// of a terminal can't be taken back.
func lineReader(r io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(r)
		for in.Scan() {
			lines <- strings.TrimSpace(in.Text())
		}
	}()
	return lines
}

// askPerson shows a question until it is answered, here or elsewhere. It returns false
// at the end of the input.
func (e *env) askPerson(ctx context.Context, store *recorder.Store, a *recorder.Ask, lines <-chan string) (more bool, err error) {
	if err := writeAsk(e.Stdout, e.painter(e.Stdout), a, time.Now()); err != nil {
		return false, err
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		fmt.Fprint(e.Stdout, "  allow once (y), for this session (s), deny (n), leave it (Enter)? ")
		var line string
		var ok bool
		select {
		case <-ctx.Done():
			return false, nil
		case line, ok = <-lines:
			if !ok {
				return false, nil
			}
		}
		answer := recorder.Answer{By: e.person(), At: time.Now().UnixNano()}
		switch line {
		case "":
			return true, nil
		case "y":
			answer.Approve = true
		case "s":
			answer.Approve, answer.Remember = true, "session"
		case "n":
		default:
			continue
		}
		if err := store.AnswerAsk(a.ID, answer); err != nil {
			fmt.Fprintf(e.Stdout, "  too late: %s\n", reports.Visible(err.Error()))
		}
		return true, nil
	}
}
