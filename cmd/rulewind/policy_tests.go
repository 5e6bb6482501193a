package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type policyTestCmd struct {
	Policies []string `arg:"" name:"policy" help:"Policy files, or names of built-in ones."`
	Output   []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, json, junit, tap or github; with =PATH into a file. Repeatable. (default: text)"`
}

func (policyTestCmd) Help() string {
	return `Runs the tests in policy files. Exits 1 if one fails, 3 if there is none.

Examples:

    rulewind policy test rulewind.yaml
    rulewind policy test default strict -o json
    rulewind policy test rulewind.yaml -o text -o junit=policy.xml`
}

// formats are reports.TestFormats and the text of a terminal.
func (c *policyTestCmd) formats(e *env) []reports.Format[[]reports.PolicyTests] {
	text := reports.Format[[]reports.PolicyTests]{Name: "text", Write: func(w io.Writer, list []reports.PolicyTests) error {
		pt := e.textPaint(c.Output, "")
		passed, all := 0, 0
		for _, p := range list {
			for _, r := range p.Results {
				all++
				if r.Pass {
					passed++
					continue
				}
				fmt.Fprintf(w, "%s %s: %s: want %s, got %s\n", pt.in("1;31", "FAIL"), r.Pos, reports.Visible(r.Name), r.Want, r.Got)
			}
		}
		_, err := fmt.Fprintf(w, "%d of %d tests pass\n", passed, all)
		return err
	}}
	return append([]reports.Format[[]reports.PolicyTests]{text}, reports.TestFormats...)
}

// Validate finds an unknown format before anything is read.
func (c *policyTestCmd) Validate() error {
	_, err := targets(c.Output, "", reports.Names(c.formats(nil)))
	return err
}

func (c *policyTestCmd) Run(e *env) error {
	failed, all := 0, 0
	var list []reports.PolicyTests
	for _, name := range c.Policies {
		p, files, err := e.loadPolicyFiles(name)
		if err != nil {
			return err
		}
		tests := reports.PolicyTests{Policy: replay.PolicyRef{Name: p.Name, Files: files}, Results: p.RunTests()}
		for _, r := range tests.Results {
			all++
			if !r.Pass {
				failed++
			}
		}
		list = append(list, tests)
	}
	if err := writeTargets(e, c.Output, "", c.formats(e), list); err != nil {
		return err
	}
	switch {
	case failed > 0:
		return exit(exitNo)
	case all == 0:
		return incomplete("there are no tests in %s; add some under tests:", strings.Join(c.Policies, ", "))
	}
	return nil
}
