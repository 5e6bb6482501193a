package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayReviewCmd struct {
	changesFlags
	Expires string `placeholder:"DATE" help:"The last day on which what is accepted holds, such as 2026-12-31. (default: none)"`
	All     bool   `help:"Show changes of rules and reasons, too, which leave what passes as it is."`
}

func (replayReviewCmd) Help() string {
	return `Runs the replay, shows each group of changes that nobody has accepted, loosening first, and asks what you think of it. One key each: a accepts (and asks why), r refuses it, s leaves it for later, d shows how both policies came to their verdicts, q ends the review. What is accepted is written as replay accept writes it. Exits 0 if the gate passes then, 1 if it doesn't. Where CI is set nothing is written, and it exits 2.

Examples:

    rulewind replay review corpus/ -p candidate.yaml -b policy.yaml
    rulewind replay review -p candidate.yaml --expires 2026-12-31`
}

// Validate finds a date that is none before anything is read.
func (c *replayReviewCmd) Validate() error { return validDay("--expires", c.Expires) }

func (c *replayReviewCmd) Run(e *env) error {
	if err := e.notInCI(c.File); err != nil {
		return err
	}
	kept, err := e.acceptances(c.File, false)
	if err != nil {
		return err
	}
	result, err := c.again(e)
	if err != nil {
		return err
	}
	gate := replay.GateConfig{Accepted: kept}
	if gate.Today = today(); len(kept) > 0 {
		result.Judge(&gate)
	}
	r := review{env: e, ask: e.asker(), result: result, kept: kept, expires: c.Expires, all: c.All}
	if err := r.groups(); err != nil {
		return err
	}
	if err := r.prune(); err != nil {
		return err
	}
	if !slices.Equal(r.kept, kept) {
		if err := e.keep(c.File, r.kept); err != nil {
			return err
		}
	}
	gate.Accepted = r.kept
	result.Judge(&gate)
	r.conclude(c.File)
	return exit(result.Gate.Status.ExitCode())
}

// A review goes through the groups of a result.
type review struct {
	*env
	ask      asker
	result   *replay.Result
	kept     []replay.Acceptance
	expires  string
	all      bool
	quit     bool
	accepted int
	refused  int
	skipped  int
}

// groups shows each group that is open, until the person has had enough.
func (r *review) groups() error {
	type item struct {
		c *replay.Comparison
		g *replay.Group
	}
	var list []item
	for i := range r.result.Comparisons {
		c := &r.result.Comparisons[i]
		for k := range c.Groups {
			if g := &c.Groups[k]; !g.Accepted && (r.all || g.Direction != replay.Neutral) {
				list = append(list, item{c, g})
			}
		}
	}
	for n, x := range list {
		if r.quit {
			r.skipped += len(list) - n
			break
		}
		fmt.Fprintf(r.Stdout, "\n[%d of %d]", n+1, len(list))
		if err := reports.ReplayGroupText(r.Stdout, n+1, x.g); err != nil {
			return err
		}
		if err := r.group(x.c, x.g); err != nil {
			return err
		}
	}
	return nil
}

// group asks about one.
func (r *review) group(c *replay.Comparison, g *replay.Group) error {
	for {
		key, err := r.ask.key("\na accept, r refuse, s skip, d details, q quit", "arsdq")
		if err != nil {
			return err
		}
		switch key {
		case 'a':
			if done, err := r.accept(c, g); done || err != nil {
				return err
			}
		case 'r':
			r.refused++
			return nil
		case 's':
			r.skipped++
			return nil
		case 'd':
			if err := reports.ReplayTracesText(r.Stdout, g); err != nil {
				return err
			}
		default:
			r.quit = true
			r.skipped++
			return nil
		}
	}
}

// accept asks why, and takes the group in. A loosening without a reason isn't.
func (r *review) accept(c *replay.Comparison, g *replay.Group) (done bool, err error) {
	reason, err := r.ask.line("Why? ")
	if err != nil {
		return false, err
	}
	given, err := c.Accept(&r.result.Baseline, g.ID, reason, r.expires)
	if err != nil {
		fmt.Fprintf(r.Stdout, "%s\n", say(err))
		return false, nil
	}
	r.kept = taking(r.kept, given)
	r.accepted++
	return true, nil
}

// prune offers to take away acceptances that can't hold any more: each fails the gate.
func (r *review) prune() error {
	gate := replay.GateConfig{Accepted: r.kept, Today: today()}
	stale := r.result.Stale(&gate)
	if len(stale) == 0 || r.quit {
		return nil
	}
	fmt.Fprintln(r.Stdout)
	for _, s := range stale {
		fmt.Fprintf(r.Stdout, "The acceptance of group %s %s.\n", reports.Visible(s.Group), reports.Visible(s.Problem))
	}
	key, err := r.ask.key("y take them away, n keep them", "yn")
	if err != nil || key != 'y' {
		return err
	}
	r.kept = slices.DeleteFunc(slices.Clone(r.kept), func(a replay.Acceptance) bool {
		return slices.ContainsFunc(stale, func(s replay.StaleAcceptance) bool { return s.Acceptance == a })
	})
	return nil
}

func (r *review) conclude(file string) {
	fmt.Fprintf(r.Stdout, "\naccepted %d, refused %d, left %d; kept in %s\nGate: %s\n", r.accepted, r.refused, r.skipped, file, r.result.Gate.Status)
	for _, x := range r.result.Gate.Reasons {
		fmt.Fprintf(r.Stdout, "- %s\n", strings.TrimSpace(reports.Visible(x.Text)))
	}
}
