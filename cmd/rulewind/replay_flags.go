package main

import (
	"fmt"
	"time"

	"github.com/rulewind/rulewind/replay"
)

// gateFlags say what makes a run fail.
type gateFlags struct {
	FailOn           []string `placeholder:"CLASS" help:"Fail on these classes of change instead of the default ones."`
	MaxNewlyDenied   *string  `placeholder:"N|P%" help:"Fail if more than that would be newly denied."`
	MaxNotEvaluable  *string  `placeholder:"N|P%" help:"Accept that many that can't be judged."`
	MinExactFidelity *string  `placeholder:"P%" help:"Fail if less than that was stored exactly."`
	AllowEmpty       bool     `help:"Pass if there is no case."`
	Accepted         string   `placeholder:"FILE" help:"Pass the changes that replay accept has written there. (default: rulewind.expect.yaml, if there is one)"`
}

func (c *gateFlags) gate(e *env) (g replay.GateConfig, err error) {
	for _, word := range c.FailOn {
		class, err := replay.ParseClass(word)
		if err != nil {
			var known []string
			for _, k := range replay.Classes() {
				known = append(known, k.String())
			}
			return g, unknown("class", word, known...)
		}
		g.FailOn = append(g.FailOn, class)
	}
	for _, b := range []struct {
		flag string
		text *string
		to   *replay.Budget
	}{
		{"--max-newly-denied", c.MaxNewlyDenied, &g.MaxNewlyDenied},
		{"--max-not-evaluable", c.MaxNotEvaluable, &g.MaxNotEvaluable},
	} {
		if b.text != nil {
			if *b.to, err = replay.ParseBudget(*b.text); err != nil {
				return g, fmt.Errorf("%s: %w", b.flag, err)
			}
		}
	}
	if c.MinExactFidelity != nil {
		if g.MinExactFidelity, err = replay.ParseShare(*c.MinExactFidelity); err != nil {
			return g, fmt.Errorf("--min-exact-fidelity: %w", err)
		}
	}
	g.AllowEmpty = c.AllowEmpty
	return g, e.accepted(&g, c.Accepted)
}

// filterFlags say which messages count. The others are judged as well, so that
// rules with memory have seen them.
type filterFlags struct {
	Session []string `placeholder:"ID" help:"Count only these sessions; * stands for any text. Repeatable."`
	Server  []string `placeholder:"NAME" help:"Count only these servers. Repeatable."`
	Tool    []string `placeholder:"NAME" help:"Count only these tools and their answers. Repeatable."`
	Label   []string `placeholder:"LABEL" help:"Count only attack, benign or none (without a label). Repeatable."`
	Since   string   `placeholder:"TIME" help:"Count only what came later: 2026-07-28, or 2026-07-28T09:30:00Z."`
}

func (c *filterFlags) filter() (f replay.Filter, err error) {
	for _, l := range c.Label {
		if err := oneOf("label", l, "attack", "benign", "none"); err != nil {
			return f, err
		}
	}
	f = replay.Filter{Sessions: c.Session, Servers: c.Server, Tools: c.Tool, Labels: c.Label}
	if c.Since != "" {
		t, err := time.Parse(time.DateOnly, c.Since)
		if err != nil {
			t, err = time.Parse(time.RFC3339, c.Since)
		}
		if err != nil {
			return f, fmt.Errorf("--since: want a day such as 2026-07-28 or a time such as 2026-07-28T09:30:00Z, got %q", c.Since)
		}
		f.Since = t.UnixNano()
	}
	return f, nil
}
