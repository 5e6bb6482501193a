package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/rulewind/rulewind/replay"
)

// gateFlags say what makes a run fail.
type gateFlags struct {
	FailOn           filledList `placeholder:"CLASS" help:"Fail on these classes of change instead of the default ones."`
	MaxNewlyDenied   *string    `placeholder:"N|P%" help:"Fail if more than that would be newly denied."`
	MaxNotEvaluable  *string    `placeholder:"N|P%" help:"Accept that many that can't be judged."`
	MinExactFidelity *string    `placeholder:"P%" help:"Fail if less than that was stored exactly."`
	MinCoverage      *string    `placeholder:"P%" help:"Fail if less than that of the candidate's rules matched anything."`
	AllowEmpty       bool       `help:"Pass if there is no case."`
	Accepted         filled     `placeholder:"FILE" help:"Pass the changes that replay accept has written there. (default: rulewind.expect.yaml, if there is one)"`
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
	for _, s := range []struct {
		flag string
		text *string
		to   *replay.Share
	}{
		{"--min-exact-fidelity", c.MinExactFidelity, &g.MinExactFidelity},
		{"--min-coverage", c.MinCoverage, &g.MinCoverage},
	} {
		if s.text != nil {
			if *s.to, err = replay.ParseShare(*s.text); err != nil {
				return g, fmt.Errorf("%s: %w", s.flag, err)
			}
		}
	}
	g.AllowEmpty = c.AllowEmpty
	return g, e.accepted(&g, string(c.Accepted))
}

// historyFlags say by which history candidates judge.
type historyFlags struct {
	Mode filled `default:"observed" placeholder:"MODE" help:"observed: judge what was recorded; causal: what would have happened; both, gated by what was observed. (default: ${default})"`
	Ask  filled `name:"assume-approval" default:"recorded" placeholder:"WORD" help:"Where a candidate asks a person and nobody answered: approve, deny, or recorded for neither. (default: ${default})"`
}

func (c *historyFlags) history(cfg *replay.Config) (err error) {
	if cfg.Mode, err = replay.ParseMode(string(c.Mode)); err != nil {
		return fmt.Errorf("--mode: %w", err)
	}
	if cfg.Approvals, err = replay.ParseApprovals(string(c.Ask)); err != nil {
		return fmt.Errorf("--assume-approval: %w", err)
	}
	return nil
}

// filterFlags say which messages count. The others are judged as well, so that
// rules with memory have seen them.
type filterFlags struct {
	Session filledList `placeholder:"ID" help:"Count only these sessions; * stands for any text. Repeatable."`
	Server  filledList `placeholder:"NAME" help:"Count only these servers. Repeatable."`
	Tool    filledList `placeholder:"NAME" help:"Count only these tools and their answers. Repeatable."`
	Label   filledList `placeholder:"LABEL" help:"Count only attack, benign or none (without a label). Repeatable."`
	Since   filled     `placeholder:"TIME" help:"Count only what came then or later: 2026-07-28, or 2026-07-28T09:30:00Z."`
	Until   filled     `placeholder:"TIME" help:"Count only what came before; of a day, before it ended."`
}

func (c *filterFlags) filter() (f replay.Filter, err error) {
	for _, l := range c.Label {
		if err := oneOf("label", l, "attack", "benign", "none"); err != nil {
			return f, err
		}
	}
	f = replay.Filter{Sessions: c.Session, Servers: c.Server, Tools: c.Tool, Labels: c.Label}
	if f.Since, err = moment("--since", string(c.Since), 0); err != nil {
		return f, err
	}
	if f.Until, err = moment("--until", string(c.Until), 1); err != nil {
		return f, err
	}
	if f.Until != 0 && f.Until <= f.Since {
		return f, fmt.Errorf("--until: %s is not after --since %s", c.Until, c.Since)
	}
	return f, nil
}

// moment reads a day, or that many days after it, or a time. "" is 0.
func moment(flag, text string, days int) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.AddDate(0, 0, days).UnixNano(), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("%s: want a day such as 2026-07-28 or a time such as 2026-07-28T09:30:00Z, got %q", flag, text)
	}
	return t.UnixNano(), nil
}

// A filled text is a flag's that has to say something: an empty variable in a CI job
// must not pass for a flag that isn't there.
type filled string

// UnmarshalText refuses an empty text.
func (f *filled) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return errors.New("an empty value; give one, or leave the flag out")
	}
	*f = filled(b)
	return nil
}

// A filledList is a repeatable flag's, or texts with commas between.
type filledList []string

// Decode refuses an empty text.
func (l *filledList) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("text", &text); err != nil {
		return err
	}
	for _, t := range strings.Split(text, ",") {
		var f filled
		if err := f.UnmarshalText([]byte(t)); err != nil {
			return err
		}
		*l = append(*l, t)
	}
	return nil
}
