package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

type corpusLintCmd struct {
	Sources []string `arg:"" name:"source" help:"Databases, corpora, case files, folders or globs."`
	Policy  []string `short:"p" default:"default" placeholder:"POLICY" help:"A policy whose rules the cases may name. Repeatable. (default: default)"`
	Ignore  []string `placeholder:"CODE" help:"Don't report findings of this code. Repeatable."`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (corpusLintCmd) Help() string {
	return `Finds cases that say the same, contradict each other, want rules that no policy has, or say nothing; secrets that look live; answers without requests; clocks that go backward. Exits 1 if it finds anything, 3 if there is no case.

The codes are same-case, contradiction, unknown-rule, no-label, live-secret, no-request and clock-backward. Recordings hold stand-ins for secrets, as do cases with "secrets: stand-ins"; elsewhere a stand-in can't be told from a secret.

Examples:

    rulewind corpus lint cases.yaml
    rulewind corpus lint corpus/ -p policy.yaml -p strict
    rulewind corpus lint made.jsonl.zst --ignore live-secret -o json`
}

// Validate finds unknown words before anything is read.
func (c *corpusLintCmd) Validate() error {
	for _, code := range c.Ignore {
		if err := oneOf("code", code, corpus.LintCodes...); err != nil {
			return fmt.Errorf("--ignore: %w", err)
		}
	}
	return oneOf("format", c.Output, "text", "json")
}

// A lintResult is the JSON of corpus lint. Scripts depend on it.
type lintResult struct {
	Cases    int                  `json:"cases"`
	Findings []corpus.LintFinding `json:"findings"`
}

func (c *corpusLintCmd) Run(e *env) error {
	var policies []*policy.Policy
	for _, name := range c.Policy {
		p, err := e.loadPolicy(name)
		if err != nil {
			return err
		}
		policies = append(policies, p)
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	found, n, err := corpus.Lint(importer.Open(sources...), policies)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f corpus.LintFinding) bool { return slices.Contains(c.Ignore, f.Code) })
	if n == 0 {
		return incomplete("no case in the sources: nothing to look at")
	}
	if err := e.output("", func(w io.Writer) error { return c.write(w, n, found) }); err != nil {
		return err
	}
	if len(found) > 0 {
		return exit(exitNo)
	}
	return nil
}

func (c *corpusLintCmd) write(w io.Writer, n int, found []corpus.LintFinding) error {
	if c.Output == "json" {
		return reports.WriteJSON(w, lintResult{n, append([]corpus.LintFinding{}, found...)})
	}
	for _, f := range found {
		where := f.Case
		if f.Step != "" {
			where = f.Step
		}
		fmt.Fprintf(w, "%s: %s: %s: %s\n", reports.Visible(f.Source), reports.Visible(where), f.Code, reports.Visible(f.Text))
	}
	fmt.Fprintf(w, "cases: %d, findings: %d\n", n, len(found))
	return nil
}
