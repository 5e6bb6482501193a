package reports

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// maxGroups bounds the groups that a report shows; the JSON has all.
const maxGroups = 200

// replaySections arranges a replay: A/A first, then each candidate, then the gate.
func replaySections(r *replay.Result) []section {
	out := []section{control(r)}
	for i := range r.Comparisons {
		out = append(out, comparison(r, i))
	}
	return append(out, gate(r))
}

func control(r *replay.Result) section {
	c := &r.Control
	s := section{id: "control", title: "A/A: the recording under its own policy"}
	switch {
	case c.Compared == 0:
		s.lead = append(s.lead, "A/A: nothing to compare, no verdict is recorded.")
	case c.Equal == c.Compared:
		s.lead = append(s.lead, fmt.Sprintf("A/A: %s come out the same (%s).",
			plural(c.Compared, "recorded verdict", "recorded verdicts"), percent(c.Equal, c.Compared)))
	default:
		s.lead = append(s.lead, fmt.Sprintf("A/A: DRIFT. %s of %s come out the same (%s); %s.",
			number(c.Equal), plural(c.Compared, "recorded verdict", "recorded verdicts"), percent(c.Equal, c.Compared),
			plural(c.Sessions, "session drifted", "sessions drifted")))
	}
	f := &r.Corpus.Fidelity
	s.lead = append(s.lead, fmt.Sprintf("%s, %s: %s exact, %s escrow, %s pinned, %s lossy.",
		plural(r.Corpus.Cases, "session", "sessions"), plural(r.Corpus.Steps, "frame", "frames"),
		number(f.Exact), number(f.Escrow), number(f.Pinned), number(f.Lossy)))
	if c.Unrecorded+c.NotEvaluable > 0 {
		s.lead = append(s.lead, fmt.Sprintf("%s without a recorded verdict, %s not evaluable.",
			plural(c.Unrecorded, "frame", "frames"), number(c.NotEvaluable)))
	}
	for _, d := range c.Drift {
		x := detail{title: "drift in " + strings.Join(d.Differs, ", "), mark: "drift"}
		x.quote("session", fmt.Sprintf("%s, %s #%d", d.Source, d.Case, d.Seq))
		x.say("recorded", side(d.Recorded.Action.String(), d.Recorded.Rule, d.Recorded.Pos))
		x.say("now", side(d.Now.Action.String(), d.Now.Rule, d.Now.Pos))
		s.details = append(s.details, x)
	}
	return s
}

func side(action, rule, pos string) string {
	if pos == "" {
		return action + " by " + rule
	}
	return fmt.Sprintf("%s by %s (%s)", action, rule, pos)
}

func comparison(r *replay.Result, i int) section {
	c := &r.Comparisons[i]
	s := section{id: fmt.Sprintf("candidate-%d", i+1), title: "What " + Visible(c.Candidate.Name) + " would change"}
	if c.Mode == replay.Causal {
		s.title = "What " + Visible(c.Candidate.Name) + " would have changed, had it ruled"
	}
	base := "each session's recorded policy"
	if !r.Baseline.Recorded {
		base = Visible(r.Baseline.Policy.Name)
	}
	s.lead = append(s.lead, fmt.Sprintf("Against %s: %s of %s would change.",
		base, number(c.Changed), plural(c.Compared, "verdict", "verdicts")))
	var asides []string
	for _, a := range []struct {
		n    int
		text string
	}{
		{c.Moot, "moot, as their call would be stopped under one policy only"},
		{c.Conditional, "conditional, as they follow an earlier change of their session"},
		{c.Unclaimed, "not claimed, as their session drifted"},
	} {
		if a.n > 0 {
			asides = append(asides, number(a.n)+" "+a.text)
		}
	}
	if len(asides) > 0 {
		s.lead = append(s.lead, strings.Join(asides, "; ")+".")
	}
	if c.Changed == 0 && len(c.Groups) == 0 {
		return s
	}
	s.tables = append(s.tables, classesTable(c), groupsTable(c))
	for n, g := range c.Groups[:min(len(c.Groups), maxGroups)] {
		s.details = append(s.details, group(n+1, &g))
	}
	return s
}

const classesCaption = "By class"

func classesTable(c *replay.Comparison) table {
	t := table{caption: classesCaption, cols: []column{direction("direction"), col("class", 20), num("messages"), num("groups")}}
	for _, x := range c.Classes {
		if x.Count > 0 {
			t.rows = append(t.rows, []string{string(x.Direction), x.Class.String(), number(x.Count), number(x.Groups)})
		}
	}
	return t
}

func groupsTable(c *replay.Comparison) table {
	t := table{caption: "By group, loosening first", cols: []column{
		num("#"), direction("direction"), col("class", 18), num("n"), col("from → to", 16), col("rule", 44), traffic("message", 44)}}
	for n, g := range c.Groups {
		if n == maxGroups {
			break
		}
		t.rows = append(t.rows, []string{
			fmt.Sprint(n + 1), string(g.Direction), g.Class.String(), number(g.Count),
			arrow(g.From.Action.String(), g.To.Action.String()), arrow(g.From.Rule, g.To.Rule),
			subject(&g)})
	}
	return t
}

// arrow writes from → to, or one of them if they are equal.
func arrow(from, to string) string {
	if from == to {
		return from
	}
	return from + " → " + to
}

// subject names the messages of a group: an answer says so.
func subject(g *replay.Group) string {
	words := []string{cmp.Or(g.Tool, g.Method, g.Kind)}
	if g.Kind == "response" || g.Kind == "error" {
		words = append(words, "answer")
	}
	if g.Server != "" {
		words = append(words, "on "+g.Server)
	}
	return strings.Join(words, " ")
}

func group(n int, g *replay.Group) detail {
	d := detail{title: fmt.Sprintf("%d. %s", n, g.Class), about: subject(g), mark: string(g.Direction)}
	d.say("from", side(g.From.Action.String(), g.From.Rule, g.From.Pos))
	d.say("to", side(g.To.Action.String(), g.To.Rule, g.To.Pos))
	d.say("why", arrow(why(&g.Example.From), why(&g.Example.To)))
	d.quote("messages", fmt.Sprintf("%s, %s (%s in %s)", subject(g), g.Dir, plural(g.Count, "message", "messages"),
		plural(g.Sessions, "session", "sessions")))
	d.quote("shape", g.Shape)
	d.quote("example", g.Example.Message)
	d.quote("out before", g.Example.From.Out)
	d.quote("out after", g.Example.To.Out)
	d.quote("found in", fmt.Sprintf("%s, %s #%d", g.Example.Source, g.Example.Case, g.Example.Seq))
	d.say("group", g.ID)
	if g.Conditional > 0 {
		d.say("note", plural(g.Conditional, "change follows", "changes follow")+" an earlier change of the same session")
	}
	return d
}

func why(o *replay.Outcome) string { return cmp.Or(Visible(o.Verdict.Reason), "no rule objects") }

func gate(r *replay.Result) section {
	s := section{id: "gate", title: "Gate"}
	s.lead = append(s.lead, "Gate: "+r.Gate.Status.String()+". "+conclusion(r))
	for _, x := range r.Gate.Reasons {
		s.list = append(s.list, Visible(x.Text))
	}
	return s
}

// conclusion is the one sentence to remember.
func conclusion(r *replay.Result) string {
	if r.Gate.Status == replay.Incomplete {
		return "This run proves nothing yet."
	}
	if len(r.Comparisons) == 0 {
		return "Every recorded verdict that could be compared comes out the same."
	}
	loose, tight := 0, 0
	for _, c := range r.Comparisons {
		for _, x := range c.Classes {
			switch x.Direction {
			case replay.Loosening:
				loose += x.Count
			case replay.Tightening:
				tight += x.Count
			}
		}
	}
	switch {
	case loose > 0:
		return fmt.Sprintf("%s would get looser and %s stricter.", plural(loose, "verdict", "verdicts"), number(tight))
	case tight > 0:
		return fmt.Sprintf("Nothing gets looser; %s would get stricter.", plural(tight, "verdict", "verdicts"))
	}
	return "No verdict would change its outcome."
}
