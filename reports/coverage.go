package reports

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/replay"
)

// CoverageText writes what recordings exercise of a policy, a line for each rule.
func CoverageText(w io.Writer, c *replay.Coverage) error {
	return asText(w, func(bw io.Writer) error { return coverageText(bw, c) })
}

func coverageText(bw io.Writer, c *replay.Coverage) error {
	matched, rules := c.Covered()
	fmt.Fprintf(bw, "policy %s %s: %s of %s matched (%s) in %s, %s\n\n", Visible(c.Policy.Name), short(c.Policy.Digest),
		number(matched), plural(rules, "rule", "rules"), percent(matched, rules), plural(c.Cases, "session", "sessions"),
		plural(c.Steps, "frame", "frames"))
	cols := []column{col("rule", 36), col("where", 28), verdict("action"), num("came to"), num("matched"), num("decided"), num("overridden"), col("never, since", 60)}
	var rows [][]string
	for _, r := range c.Rules {
		rows = append(rows, []string{r.Rule, r.Pos, r.Action.String(), number(r.Evaluated), dash(r.Matched), dash(r.Decided), dash(r.Overridden), r.Zero})
	}
	rows = append(rows, []string{"default", "", "", number(c.Default), "", number(c.Default), "", ""})
	return writeTable(bw, cols, rows)
}
