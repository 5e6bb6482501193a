package main

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/rulewind/rulewind/reports"
)

// Exit codes, the same for every command (DESIGN.md 7).
const (
	exitYes        = 0
	exitNo         = 1  // denied, gate failed
	exitUnable     = 2  // usage, policy or input
	exitIncomplete = 3  // no cases, drift, broken integrity
	exitAsk        = 4  // check: approval needed
	exitBug        = 70 // ours
)

// An exitError ends a command with a code. A nil err says that everything has been
// said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exit ends a command with a code and nothing more to say.
func exit(code int) error {
	if code == exitYes {
		return nil
	}
	return &exitError{code: code}
}

// incomplete ends a command that has nothing to answer from.
func incomplete(format string, args ...any) error {
	return &exitError{exitIncomplete, fmt.Errorf(format, args...)}
}

// cli is the grammar. Each command is in a file of its own.
type cli struct {
	Demo       demoCmd       `cmd:"" help:"Show a working day: enforce, record, replay and report, in seconds."`
	Proxy      proxyCmd      `cmd:"" help:"Stand between an MCP client and a stdio server."`
	Check      checkCmd      `cmd:"" help:"Judge one message: verdict, rule, reason."`
	Replay     replayCmd     `cmd:"" help:"Show which recorded verdicts a candidate policy would change."`
	Serve      serveCmd      `cmd:"" help:"Be the MCP server of a recorded session, to test a client with."`
	Report     reportCmd     `cmd:"" help:"Write a report of recorded sessions."`
	Sessions   sessionsCmd   `cmd:"" help:"List the recorded sessions, and make cases of them."`
	Export     exportCmd     `cmd:"" help:"Write recorded sessions as JSON Lines."`
	Import     importCmd     `cmd:"" help:"Make a database of exported sessions."`
	Approvals  approvalsCmd  `cmd:"" help:"See what waits for a person's answer, and answer it."`
	Grant      grantCmd      `cmd:"" help:"Allow a call once, before it is made."`
	Kill       killCmd       `cmd:"" help:"Deny everything at once, or no longer."`
	Tools      toolsCmd      `cmd:"" help:"Show and accept the definitions of servers' tools."`
	Log        logCmd        `cmd:"" help:"Verify, sign, prune and back up what is recorded."`
	Policy     policyCmd     `cmd:"" help:"Check, test and show policies."`
	Corpus     corpusCmd     `cmd:"" help:"Measure a policy on labelled traffic."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	DemoServer demoServerCmd `cmd:"" hidden:"" name:"demo-server" help:"The demo's MCP server."`
}

// kongExit carries an exit that kong asks for, such as after --help.
type kongExit int

// run is the program: it never panics and never exits.
func run(args []string, e *env) (code int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case kongExit:
			code = int(p)
		default:
			fmt.Fprintf(e.Stderr, "rulewind: this is a bug in Rulewind, please report it: %s\n", reports.Visible(fmt.Sprint(p)))
			if e.Getenv("RULEWIND_DEBUG") != "" {
				e.Stderr.Write(debug.Stack())
			}
			code = exitBug
		}
	}()
	args, command := splitCommand(args)
	e.command = command
	if command == nil && len(args) == 0 {
		args = []string{"--help"}
	}
	var c cli
	k, err := kong.New(&c, kong.Name("rulewind"), kong.Description(description),
		kong.Writers(e.Stdout, e.Stderr), kong.Exit(func(code int) { panic(kongExit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100, NoExpandSubcommands: true}),
		kong.Bind(e))
	if err != nil {
		panic(err)
	}
	ctx, err := k.Parse(args)
	if err != nil {
		return usage(e.Stderr, err)
	}
	return finish(e.Stderr, ctx.Run())
}

const description = `iptables for MCP, with a rewind button.

An enforcing proxy records every session; any session can be replayed against the next policy, and every verdict that would change is shown before the policy ships.

Start with: rulewind demo`

// splitCommand parts our arguments from the server's command. The words before --
// need no "proxy": `rulewind -- CMD` is enough.
func splitCommand(args []string) (ours, command []string) {
	i := slices.Index(args, "--")
	if i < 0 {
		return args, nil
	}
	ours, command = slices.Clone(args[:i]), args[i+1:]
	if at := slices.Index(ours, "--against"); at > 0 && ours[0] == "replay" { // as a flag, it says the same
		ours = slices.Insert(slices.Delete(ours, at, at+1), 1, "against")
	}
	if command == nil {
		command = []string{}
	}
	switch {
	case len(ours) > 0 && (ours[0] == "proxy" || ours[0] == "--help" || ours[0] == "-h"):
	case len(ours) > 1 && ours[0] == "replay" && ours[1] == "against":
	case len(ours) > 0 && !strings.HasPrefix(ours[0], "-"):
		return args, nil // another command's own business
	default:
		ours = append([]string{"proxy"}, ours...)
	}
	return ours, command
}

// usage says what is wrong with the arguments and where to read more.
func usage(w io.Writer, err error) int {
	where := "rulewind"
	var perr *kong.ParseError
	if errors.As(err, &perr) && perr.Context != nil && perr.Context.Selected() != nil {
		where = perr.Context.Selected().FullPath()
	}
	fmt.Fprintf(w, "rulewind: %s\nRun `%s --help` for how to use it.\n", say(err), where)
	return exitUnable
}

func finish(w io.Writer, err error) int {
	if err == nil {
		return exitYes
	}
	code := exitUnable
	var ee *exitError
	if errors.As(err, &ee) {
		code = ee.code
	}
	if text := say(err); text != "" {
		if strings.Contains(text, "\n") {
			fmt.Fprintln(w, text)
		} else {
			fmt.Fprintf(w, "rulewind: %s\n", text)
		}
	}
	return code
}

// say returns an error's text, each line made harmless for a terminal.
func say(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = reports.Visible(lines[i])
	}
	return strings.Join(lines, "\n")
}
