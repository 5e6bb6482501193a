package main

import (
	"fmt"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

type policyLintCmd struct {
	Policies []string `arg:"" name:"policy" help:"Policy files, or names of built-in ones."`
	Output   string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (policyLintCmd) Help() string {
	return `Looks for rules that load but hardly do what their author means: unreachable ones, catch-all allows above stricter rules, risky regexes, and more. Exits 1 if there is such a rule; notes alone exit 0.

Examples:

    rulewind policy lint rulewind.yaml
    rulewind policy lint rulewind.yaml -o json`
}

// Validate finds an unknown format before anything is read.
func (c *policyLintCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

func (c *policyLintCmd) Run(e *env) error {
	all, warned := []policy.Warning{}, false
	for _, name := range c.Policies {
		p, err := e.loadPolicy(name)
		if err != nil {
			return err
		}
		all = append(all, p.Lint()...)
	}
	pt := e.painter(e.Stdout)
	for _, w := range all {
		warned = warned || !w.Note
		if c.Output == "text" {
			word := pt.in("33", "warning")
			if w.Note {
				word = pt.soft("note")
			}
			fmt.Fprintf(e.Stdout, "%s: %s\n", word, w)
		}
	}
	if c.Output == "json" {
		if err := reports.WriteJSON(e.Stdout, all); err != nil {
			return err
		}
	}
	if warned {
		return exit(exitNo)
	}
	return nil
}

type policySchemaCmd struct{}

func (policySchemaCmd) Help() string {
	return `Prints the JSON Schema of policy files, so that editors complete and check them.

Examples:

    rulewind policy schema > rulewind.schema.json`
}

func (policySchemaCmd) Run(e *env) error {
	_, err := e.Stdout.Write(policy.Schema())
	return err
}
