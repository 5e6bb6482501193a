package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

type toolsCmd struct {
	List   toolsListCmd   `cmd:"" default:"withargs" help:"List the tools that are known, as first seen."`
	Forget toolsForgetCmd `cmd:"" help:"Accept a tool's definition as it is seen next."`
}

func (toolsCmd) Help() string {
	return `The definition of each tool is kept when a server first shows it. A policy can ask about tools that differ from it (definition: changed); the default one does.

Examples:

    rulewind tools
    rulewind tools --server files -o json
    rulewind tools forget files read_file`
}

type toolsListCmd struct {
	DB     string `arg:"" optional:"" name:"db" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Output string `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
	Server string `placeholder:"NAME" help:"Only those of this server."`
}

// Validate finds an unknown format before anything is read.
func (c *toolsListCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *toolsListCmd) Run(e *env) error {
	store, err := e.openStore(c.DB)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Tools(c.Server)
	if err != nil {
		return err
	}
	if len(list) == 0 && c.Output == "text" {
		return incomplete("no tool is known in %s yet: they are kept when a server lists them", store.Path())
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, list)
		}
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, t := range list {
			fmt.Fprintf(tab, "%s\t%s\t%s\tsince %s\n", reports.Visible(t.Server), reports.Visible(t.Name), t.Digest[:min(12, len(t.Digest))], time.Unix(0, t.FirstSeen).UTC().Format("2006-01-02 15:04"))
		}
		return tab.Flush()
	})
}

type toolsForgetCmd struct {
	Server string `arg:"" help:"The server's name."`
	Tool   string `arg:"" optional:"" help:"The tool's name; without it, all of the server's."`
	DB     string `name:"db" placeholder:"FILE" help:"The database. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
}

func (c *toolsForgetCmd) Run(e *env) error {
	path, err := e.existing(c.DB)
	if err != nil {
		return err
	}
	store, err := e.openWriter(path, recorder.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	n, err := store.ForgetTools(c.Server, c.Tool)
	if err != nil {
		return fmt.Errorf("%w; `rulewind tools` lists them", err)
	}
	fmt.Fprintf(e.Stdout, "forgot %d: what the server shows next is trusted\n", n)
	return nil
}

func (toolsListCmd) Help() string { return toolsCmd{}.Help() }

func (toolsForgetCmd) Help() string { return toolsCmd{}.Help() }
