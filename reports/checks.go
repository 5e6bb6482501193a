package reports

import (
	"fmt"
	"slices"

	"github.com/rulewind/rulewind/replay"
)

// A suite is a list of what a run asserts, for formats that know only tests.
type suite struct {
	name   string
	checks []check
}

// A check is one such assertion. Texts may hold traffic: formats escape them.
type check struct {
	name   string
	status checkStatus
	// kind is the word for what failed, text says what, lines say more.
	kind  string
	text  string
	lines []string
	at    location
}

// A checkStatus is the outcome of a check. The zero value claims nothing.
type checkStatus uint8

const (
	broken checkStatus = iota // could not be answered
	failed                    // the answer is no
	waived                    // somebody wants it so, with the reason in text
	passed
)

// maxChecks bounds the checks of one suite.
const maxChecks = 5000

// bounded cuts a suite to its bound, and says so in its last check.
func (s *suite) bounded() suite {
	if len(s.checks) <= maxChecks {
		return *s
	}
	out := suite{s.name, s.checks[:maxChecks:maxChecks]}
	out.checks = append(out.checks, check{
		name: "the rest", status: waived, kind: "truncated",
		text: plural(len(s.checks)-maxChecks, "check is", "checks are") + " not listed; the JSON has all"})
	return out
}

// replayChecks are what a replay asserts: that the recording comes out the same,
// that no group of changes fails the gate, and whatever else the gate asks for.
func replayChecks(r *replay.Result) []suite {
	out := []suite{controlChecks(r)}
	told := 0
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		out = append(out, candidateChecks(r, c))
		if gated(r, c) {
			told += len(c.Gate.Reasons)
		}
	}
	own := suite{name: "gate"}
	reasons := r.Gate.Reasons
	for _, x := range reasons[:max(len(reasons)-told, 0)] { // the candidates' stand last
		if x.Check != replay.Drift.String() { // which the A/A has
			own.checks = append(own.checks, reasonCheck(&x))
		}
	}
	if len(own.checks) > 0 {
		out = append(out, own)
	}
	return out
}

func reasonCheck(x *replay.GateReason) check {
	k := check{name: x.Check, status: broken, kind: x.Check, text: x.Text}
	if x.Status == replay.Failed {
		k.status = failed
	}
	return k
}

func controlChecks(r *replay.Result) suite {
	s := suite{name: "A/A"}
	c := &r.Control
	k := check{name: "recorded verdicts come out the same", status: passed}
	switch {
	case c.Compared == 0:
		k.status, k.text = waived, "no verdict is recorded"
	case c.Equal < c.Compared:
		k.status, k.kind = broken, replay.Drift.String()
		k.text = fmt.Sprintf("%s of %s come out the same; %s", number(c.Equal), plural(c.Compared, "recorded verdict", "recorded verdicts"),
			plural(c.Sessions, "session drifted", "sessions drifted"))
	}
	s.checks = append(s.checks, k)
	for i := range c.Drift {
		d := &c.Drift[i]
		s.checks = append(s.checks, check{
			name: fmt.Sprintf("%s, %s", d.Source, d.Case), status: broken, kind: replay.Drift.String(), text: driftText(d)})
	}
	return s.bounded()
}

func driftText(d *replay.DriftEntry) string {
	return fmt.Sprintf("entry %d: recorded %s, now %s", d.Seq, side(d.Recorded.Action.String(), d.Recorded.Rule, d.Recorded.Pos),
		side(d.Now.Action.String(), d.Now.Rule, d.Now.Pos))
}

// gated reports whether the run's gate is the comparison's: of two histories it is
// that of the observed one.
func gated(r *replay.Result, c *replay.Comparison) bool {
	return c.Mode != replay.Causal ||
		!slices.ContainsFunc(r.Comparisons, func(o replay.Comparison) bool { return o.Mode == replay.Observed })
}

func candidateChecks(r *replay.Result, c *replay.Comparison) suite {
	s := suite{name: comparisonName(c)}
	fails := failing(r, c)
	for i := range c.Groups {
		k := groupCheck(c, &c.Groups[i], fails[c.Groups[i].Class])
		if k.status == failed && i < maxGroups {
			k.lines = groupLines(&c.Groups[i])
		}
		s.checks = append(s.checks, k)
	}
	if len(s.checks) == 0 {
		s.checks = append(s.checks, check{name: "no verdict changes", status: passed})
	}
	if !gated(r, c) {
		return s.bounded()
	}
	for _, x := range c.Gate.Reasons {
		if _, err := replay.ParseClass(x.Check); err != nil && x.Check != "expectation" {
			s.checks = append(s.checks, reasonCheck(&x))
		}
	}
	for _, f := range c.Expectations.Failures {
		s.checks = append(s.checks, check{
			name: fmt.Sprintf("%s, %s, step %s", f.Source, f.Case, f.Step), status: failed, kind: "expectation", text: f.Differs,
			at: locate(&c.Candidate, "", "")})
	}
	if n := c.Expectations.Failed - len(c.Expectations.Failures); n > 0 {
		s.checks = append(s.checks, check{name: "more expectations", status: failed, kind: "expectation",
			text: plural(n, "more expectation does", "more expectations do") + " not hold"})
	}
	return s.bounded()
}

// comparisonName names a candidate, with its history if that isn't the usual one.
func comparisonName(c *replay.Comparison) string {
	if c.Mode == replay.Causal {
		return c.Candidate.Name + " (causal)"
	}
	return c.Candidate.Name
}

// failing are the classes of change that the gate doesn't pass.
func failing(r *replay.Result, c *replay.Comparison) map[replay.Class]bool {
	out := map[replay.Class]bool{}
	if !gated(r, c) {
		return out
	}
	for _, x := range c.Gate.Reasons {
		if class, err := replay.ParseClass(x.Check); err == nil {
			out[class] = true
		}
	}
	return out
}

func groupCheck(c *replay.Comparison, g *replay.Group, fails bool) check {
	k := check{
		name: groupName(g), status: passed, kind: g.Class.String(), text: groupText(g),
		at: locate(&c.Candidate, g.To.Rule, g.To.Pos),
	}
	switch {
	case g.Accepted:
		k.status, k.text = waived, accepted(g)
	case fails:
		k.status = failed
	}
	return k
}

// groupLines are the fields of a group's detail.
func groupLines(g *replay.Group) (lines []string) {
	d := group(0, g)
	for _, f := range d.fields {
		lines = append(lines, fmt.Sprintf("%-10s %s", f.name, clip(f.value, maxField)))
	}
	return lines
}

// groupName tells groups apart that differ in shape only by their id.
func groupName(g *replay.Group) string {
	return fmt.Sprintf("%s: %s, %s [%s]", g.Class, subject(g), arrow(g.From.Rule, g.To.Rule), g.ID)
}

// groupText says in a sentence what a group is.
func groupText(g *replay.Group) string {
	return fmt.Sprintf("%s: %s of %s: %s, now %s", g.Class, plural(g.Count, "message", "messages"), subject(g),
		side(g.From.Action.String(), g.From.Rule, g.From.Pos), side(g.To.Action.String(), g.To.Rule, g.To.Pos))
}

// accepted says that somebody wants a group, and why.
func accepted(g *replay.Group) string {
	if g.Reason == "" {
		return "accepted"
	}
	return "accepted: " + g.Reason
}

// tally counts checks by status.
func tally(suites ...suite) (n [passed + 1]int, total int) {
	for _, s := range suites {
		for _, k := range s.checks {
			n[k.status]++
			total++
		}
	}
	return n, total
}
