package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type policyLintCmd struct {
	Policies []string `arg:"" name:"policy" help:"Policy files, or names of built-in ones."`
	Output   []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, json, github or sarif; with =PATH into a file. Repeatable. (default: text)"`
}

func (policyLintCmd) Help() string {
	return `Looks for rules that load but hardly do what their author means: unreachable ones, catch-all allows above stricter rules, risky regexes, and more. Exits 1 if there is such a rule; notes alone exit 0.

Examples:

    rulewind policy lint rulewind.yaml
    rulewind policy lint rulewind.yaml -o text -o sarif=lint.sarif`
}

// formats are reports.LintFormats and the text of a terminal.
func (c *policyLintCmd) formats(e *env) []reports.Format[[]reports.PolicyWarnings] {
	text := reports.Format[[]reports.PolicyWarnings]{Name: "text", Write: func(w io.Writer, list []reports.PolicyWarnings) error {
		pt := e.textPaint(c.Output, "")
		for _, p := range list {
			for _, x := range p.Warnings {
				word := pt.in("33", "warning")
				if x.Note {
					word = pt.soft("note")
				}
				fmt.Fprintf(w, "%s: %s\n", word, x)
			}
		}
		return nil
	}}
	return append([]reports.Format[[]reports.PolicyWarnings]{text}, reports.LintFormats...)
}

// Validate finds an unknown format before anything is read.
func (c *policyLintCmd) Validate() error {
	_, err := targets(c.Output, "", reports.Names(c.formats(nil)))
	return err
}

func (c *policyLintCmd) Run(e *env) error {
	var list []reports.PolicyWarnings
	warned := false
	for _, name := range c.Policies {
		p, files, err := e.loadPolicyFiles(name)
		if err != nil {
			return err
		}
		of := reports.PolicyWarnings{Policy: replay.PolicyRef{Name: p.Name, Files: files}, Warnings: p.Lint()}
		of.Warnings = slices.DeleteFunc(of.Warnings, func(w policy.Warning) bool { return builtIn(files, w.Pos) })
		for _, w := range of.Warnings {
			warned = warned || !w.Note
		}
		list = append(list, of)
	}
	if err := writeTargets(e, c.Output, "", c.formats(e), list); err != nil {
		return err
	}
	if warned {
		return exit(exitNo)
	}
	return nil
}

// builtIn reports whether a position is in a built-in policy that a file extends:
// its author has nothing to mend there.
func builtIn(files []replay.PolicyFile, pos string) bool {
	return slices.ContainsFunc(files[1:], func(f replay.PolicyFile) bool {
		return f.Path == "" && strings.HasPrefix(pos, f.Name+":")
	})
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
