package main

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type proxyCmd struct {
	Stray []string `arg:"" optional:"" name:"command" help:"The server's command and its arguments, after --."`

	Policy     string `short:"p" default:"default" help:"A policy file, or the name of a built-in one."`
	DB         string `name:"db" placeholder:"FILE" help:"The database to record to. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Server     string `placeholder:"NAME" help:"The server's name in policies and recordings. (default: from its command)"`
	Quiet      bool   `short:"q" help:"Print no decisions."`
	Durability string `default:"normal" placeholder:"MODE" help:"When a message counts as recorded: normal (survives a kill), strict (and a loss of power) or async (within 20 ms)."`
	Shadow     string `placeholder:"POLICY" help:"A policy that judges as well and changes nothing: where it differs is recorded and told."`
	NoProject  bool   `help:"Leave the project's own policy, .rulewind.yaml, aside."`
	NoReload   bool   `help:"Keep the policy that it starts with, although its file changes."`
	escrowFlag
	MaxMessage string `default:"10MiB" placeholder:"SIZE" help:"The largest message that passes."`
}

func (proxyCmd) Help() string {
	return `Stands between a client, on standard input and output, and the server whose command follows --. The word proxy may be left out. Decisions are printed to standard error. Exits with the server's code, 2 if it can't be started.

Examples:

    rulewind -- npx -y @modelcontextprotocol/server-filesystem .
    rulewind proxy --policy strict --server files -- npx -y @modelcontextprotocol/server-filesystem .
    rulewind proxy --db project.db --quiet -- python server.py`
}

// Validate finds what can't be meant, before anything is started.
func (c *proxyCmd) Validate() error {
	if len(c.Stray) > 0 {
		return fmt.Errorf("put -- before the server's command, as in: rulewind proxy -- %s", strings.Join(c.Stray, " "))
	}
	if err := oneOf("durability", c.Durability, "normal", "strict", "async"); err != nil {
		return err
	}
	_, err := size(c.MaxMessage)
	return err
}

func (c *proxyCmd) Run(e *env) (err error) {
	if len(e.command) == 0 {
		return fmt.Errorf("no server; put its command after --, as in: rulewind proxy -- npx -y SERVER")
	}
	load := func() (*policy.Policy, []string, error) {
		p, files, _, err := e.liveOnes(c.Policy, !c.NoProject)
		return p, files, err
	}
	p, files, note, err := e.liveOnes(c.Policy, !c.NoProject)
	if err != nil {
		return err
	}
	var shadow *policy.Policy
	if c.Shadow != "" {
		if shadow, err = e.loadPolicy(c.Shadow); err != nil {
			return err
		}
	}
	max, err := size(c.MaxMessage)
	if err != nil {
		return err
	}
	durability, err := recorder.ParseDurability(c.Durability)
	if err != nil {
		return err
	}
	db, err := e.database(c.DB)
	if err != nil {
		return err
	}
	escrow, err := c.escrow()
	if err != nil {
		return err
	}
	store, err := e.openWriter(db, recorder.Options{Durability: durability, Escrow: escrow})
	if err != nil {
		return fmt.Errorf("%w; name another database with --db or RULEWIND_DB", err)
	}
	e.sayCrashed(store)
	closeStore := sync.OnceValue(store.Close)
	defer closeStore()

	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	// A client that closes its end must not kill us before the session is at its end.
	// Ignoring the signal instead would be inherited by the server.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	name := c.Server
	if name == "" {
		name = serverName(e.command)
	}
	known, err := store.Definitions(name)
	if err != nil {
		return err
	}
	others, err := othersTools(store, name)
	if err != nil {
		return err
	}
	stderr := shared(e.Stderr)
	say := newDecisions(stderr, e.painter(e.Stderr))
	if note != "" {
		say.say("rulewind: " + reports.Visible(note))
	}
	out := &outside{store: store, server: name, say: say.say, policy: p, wake: make(chan struct{}, 1)}
	if !c.NoReload {
		out.load, out.files = load, files
	}
	vars := e.vars()
	kill := newKillSwitch(db)
	defer kill.close()
	cfg := proxy.Config{
		Command: e.command, Policy: p, Shadow: shadow, MaxMessage: max, Signals: signals,
		Session: policy.Fact{Server: name, Vars: vars, Basis: "process", Tools: known, Others: others, Channels: policy.AskChannels},
		Begin: func() (proxy.Recorder, error) {
			p := out.current()
			s, err := store.Begin(recorder.SessionInfo{
				Server: name, Transport: "stdio", Basis: "process", Command: e.command, Engine: version(),
				PolicyDigest: p.Digest, Policy: p.Sources,
			})
			if err != nil {
				return nil, err
			}
			out.begun(s)
			return s, nil
		},
		Stdin: e.Stdin, Stdout: e.Stdout, ChildStderr: stderr,
		Kill: kill.state, Real: newLinks(vars).real, Env: e.Getenv, Outside: out.run,
	}
	cfg.Watch = func(f mcp.Frame, ev *policy.Event) {
		out.watch(f, ev)
		if len(ev.Tools) > 0 {
			if err := store.SeeTools(name, ev.Tools, f.At); err != nil {
				say.say("rulewind: " + reports.Visible(err.Error()))
			}
		}
		if !c.Quiet {
			say.watch(f, ev)
		}
	}
	cfg.Report = func(err error) {
		if err == nil {
			say.say("rulewind: recording works again")
			return
		}
		say.say("rulewind: nothing passes, since nothing can be recorded: " + reports.Visible(err.Error()))
	}
	code, err := proxy.Run(e.Context, cfg)
	say.close()
	if err != nil {
		return &exitError{code, err}
	}
	if err := closeStore(); err != nil {
		fmt.Fprintf(e.Stderr, "rulewind: closing the database: %s\n", reports.Visible(err.Error()))
	}
	return exit(code)
}

// units are the suffixes of sizes.
var units = []struct {
	suffix string
	bytes  int
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"", 1}}

// maxSize is what a message can have at most: see mcp.RejectSize.
const maxSize = 1 << 30

// size reads "10MiB" or a number of bytes.
func size(text string) (int, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if err == nil && n > 0 && n <= maxSize/u.bytes {
			return n * u.bytes, nil
		}
		break
	}
	return 0, fmt.Errorf("--max-message: want a size up to 1GiB such as 512KiB or 10MiB, got %q", text)
}

// maxOthers bounds the names of other servers' tools that a session is told.
const maxOthers = 4096

// othersTools are the names of the tools of all servers but one, each once.
func othersTools(store *recorder.Store, server string) ([]string, error) {
	list, err := store.Tools("")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, t := range list {
		if t.Server != server && len(out) < maxOthers {
			out = append(out, t.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
