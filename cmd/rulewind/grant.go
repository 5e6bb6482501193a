package main

import (
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type grantCmd struct {
	Add    grantAddCmd    `cmd:"" help:"Allow one call of a tool."`
	List   grantListCmd   `cmd:"" help:"List the grants that can still be used."`
	Revoke grantRevokeCmd `cmd:"" help:"Take a grant back."`
}

func (grantCmd) Help() string {
	return `A rule with "action: ask" and "ask: {via: grant}" lets a call pass if there is a grant for it, which is used up by that: once, by whichever proxy of the database comes first. Without arguments a grant is for any; with them for these alone, whatever their spelling.

Examples:

    rulewind grant add deploy_site --expires 15m --note "release 4.2"
    rulewind grant add deploy_site --args '{"site":"blog"}' --server hosting
    rulewind grant list --all
    rulewind grant revoke k3f9qa`
}

type grantAddCmd struct {
	Tool    string        `arg:"" help:"The tool's name."`
	DB      string        `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Server  string        `placeholder:"NAME" help:"Only of this server."`
	Args    string        `placeholder:"JSON" help:"Only with these arguments: a JSON object, or @FILE."`
	Expires time.Duration `default:"1h" placeholder:"TIME" help:"How long it can be used; 0 for ever."`
	Note    string        `placeholder:"TEXT" help:"What it is for."`
}

func (grantAddCmd) Help() string { return grantCmd{}.Help() }

func (c *grantAddCmd) Run(e *env) error {
	args, err := c.arguments(e)
	if err != nil {
		return err
	}
	if c.Expires < 0 {
		return fmt.Errorf("--expires can't be negative")
	}
	path, err := e.database(c.DB)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	now := time.Now()
	g := recorder.Grant{ID: shortID(), Tool: c.Tool, Server: c.Server, Note: c.Note, By: e.person(), Created: now.UnixNano()}
	if args != nil {
		g.ArgsDigest = store.Digest(args)
	}
	until := "for ever"
	if c.Expires > 0 {
		g.Expires = now.Add(c.Expires).UnixNano()
		until = "until " + now.Add(c.Expires).Format("2006-01-02 15:04:05")
	}
	if err := store.AddGrant(g); err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "grant %s: one call of %s, %s\n", g.ID, reports.Visible(c.Tool), until)
	return nil
}

// arguments returns the arguments in the form that a call's are compared in; nil for
// any.
func (c *grantAddCmd) arguments(e *env) ([]byte, error) {
	if c.Args == "" {
		return nil, nil
	}
	raw := []byte(c.Args)
	if file, ok := strings.CutPrefix(c.Args, "@"); ok {
		var err error
		if raw, err = readBounded(e.path(file), maxPolicy); err != nil {
			return nil, fmt.Errorf("reading the arguments: %w", err)
		}
	}
	b, err := canonicalArguments(raw)
	if err != nil {
		return nil, fmt.Errorf(`--args: want a JSON object such as {"site":"blog"}: %w`, err)
	}
	return b, nil
}

// person is who answers, for the recording.
func (e *env) person() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	if name := e.Getenv("USER"); name != "" {
		return name
	}
	return fmt.Sprintf("user %d", os.Getuid())
}

type grantListCmd struct {
	DB     string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	All    bool   `help:"Also those that were used or revoked."`
	Output string `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (grantListCmd) Help() string { return grantCmd{}.Help() }

// Validate finds an unknown format before anything is read.
func (c *grantListCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *grantListCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Grants(c.All)
	if err != nil {
		return err
	}
	if len(list) == 0 && c.Output == "text" {
		fmt.Fprintln(e.Stdout, "no grant can be used")
		return nil
	}
	now := time.Now().UnixNano()
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, list)
		}
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tab, "ID\tTOOL\tSERVER\tARGUMENTS\tSTATE\tBY\tNOTE")
		for _, g := range list {
			fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", g.ID, reports.Visible(g.Tool), orAny(g.Server), orAny(g.ArgsDigest[:min(12, len(g.ArgsDigest))]), grantState(g, now), reports.Visible(g.By), reports.Visible(g.Note))
		}
		return tab.Flush()
	})
}

func orAny(s string) string {
	if s == "" {
		return "any"
	}
	return reports.Visible(s)
}

func grantState(g recorder.Grant, now int64) string {
	at := func(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02 15:04") }
	switch {
	case g.Used > 0:
		return "used " + at(g.Used)
	case g.Revoked > 0:
		return "revoked " + at(g.Revoked)
	case g.Expires == 0:
		return "open"
	case g.Expires <= now:
		return "expired " + at(g.Expires)
	}
	return "open until " + at(g.Expires)
}

type grantRevokeCmd struct {
	ID string `arg:"" help:"The grant's id."`
	DB string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (grantRevokeCmd) Help() string { return grantCmd{}.Help() }

func (c *grantRevokeCmd) Run(e *env) error {
	path, err := e.existing(c.DB)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.RevokeGrant(c.ID); err != nil {
		return fmt.Errorf("%w; `rulewind grant list` shows those that are", err)
	}
	fmt.Fprintf(e.Stdout, "revoked %s\n", c.ID)
	return nil
}
