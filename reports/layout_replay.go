package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
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
	return append(out, replayLimits(r), gate(r))
}

// gateFirst puts the answer before what it is made of, for formats that are read
// from the top.
func gateFirst(sections []section) []section {
	n := len(sections)
	return slices.Concat(sections[n-1:], sections[1:n-2], sections[:1], sections[n-2:n-1])
}

func replayLimits(r *replay.Result) section {
	s := section{id: "limits", title: "What this does not show"}
	for _, l := range r.Limits {
		s.list = append(s.list, Visible(l))
	}
	return s
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
	if c.Diverged > 0 && len(c.First) > 0 {
		first := &c.First[0]
		s.lead = append(s.lead, fmt.Sprintf("%s; the first in %s, %s, at entry %d (%s).",
			plural(c.Diverged, "session would take another course", "sessions would take another course"),
			Visible(first.Source), Visible(first.Case), first.Seq, first.Class))
	}
	if c.Changed == 0 && len(c.Groups) == 0 {
		return s
	}
	s.tables = append(s.tables, classesTable(c), groupsTable(r, c))
	if n := len(c.Groups) - maxGroups; n > 0 {
		s.list = append(s.list, plural(n, "group is", "groups are")+" left out here; the JSON has all.")
	}
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

func groupsTable(r *replay.Result, c *replay.Comparison) table {
	t := table{caption: "By group, loosening first", cols: []column{
		num("#"), direction("direction"), col("class", 18), num("n"), direction("gate"), col("from → to", 16), col("rule", 44), traffic("message", 44)}}
	fails := failing(r, c)
	for n, g := range c.Groups {
		if n == maxGroups {
			break
		}
		t.rows = append(t.rows, []string{
			fmt.Sprint(n + 1), string(g.Direction), g.Class.String(), number(g.Count), gateWord(&g, gated(r, c), fails[g.Class]),
			arrow(g.From.Action.String(), g.To.Action.String()), arrow(g.From.Rule, g.To.Rule),
			subject(&g)})
	}
	return t
}

// gateWord says what the gate makes of a group.
func gateWord(g *replay.Group, gated, fails bool) string {
	switch {
	case !gated:
		return "-"
	case g.Accepted:
		return "accepted"
	case fails:
		return "fails"
	}
	return "passes"
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

// group shows what a group is, its example, and what leaves under each side.
func group(n int, g *replay.Group) detail {
	x := &g.Example
	d := detail{title: fmt.Sprintf("%d. %s", n, g.Class), about: subject(g), mark: string(g.Direction)}
	d.say("from", side(g.From.Action.String(), g.From.Rule, g.From.Pos))
	d.say("to", side(g.To.Action.String(), g.To.Rule, g.To.Pos))
	d.say("why", arrow(why(&x.From), why(&x.To)))
	if g.Accepted {
		d.say("gate", accepted(g))
	}
	d.quote("messages", fmt.Sprintf("%s, %s (%s in %s)", subject(g), g.Dir, plural(g.Count, "message", "messages"),
		plural(g.Sessions, "session", "sessions")))
	d.quote("shape", g.Shape)
	d.quote("example", x.Message)
	d.payloads(x)
	d.quote("found in", fmt.Sprintf("%s, %s #%d", x.Source, x.Case, x.Seq))
	d.say("group", g.ID)
	if g.Conditional > 0 {
		d.say("note", plural(g.Conditional, "change follows", "changes follow")+" an earlier change of the same session")
	}
	return d
}

// payloads shows which bytes are replaced under one side only, and what leaves as a
// diff; or both, where the two have little in common.
func (d *detail) payloads(x *replay.Example) {
	from, to := x.From.Verdict.Redactions, x.To.Verdict.Redactions
	d.say("passes now", ranges(without(from, to)))
	d.say("hidden now", ranges(without(to, from)))
	before, after, comparable := payloads(x)
	if comparable && before != after {
		if spans := diff(before, after); spans != nil {
			d.compare("leaves", spans)
			return
		}
	}
	d.quote("out before", x.From.Out)
	d.quote("out after", x.To.Out)
}

// maxRanges bounds the byte ranges that are named.
const maxRanges = 8

func ranges(list []policy.Redaction) string {
	var words []string
	for _, r := range list[:min(len(list), maxRanges)] {
		words = append(words, fmt.Sprintf("bytes %d to %d (%s)", r.Start, r.End, r.Kind))
	}
	if n := len(list) - len(words); n > 0 {
		words = append(words, number(n)+" more")
	}
	return strings.Join(words, ", ")
}

func why(o *replay.Outcome) string { return cmp.Or(Visible(o.Verdict.Reason), "no rule objects") }

func gate(r *replay.Result) section {
	s := section{id: "gate", title: "Gate"}
	s.lead = append(s.lead, "Gate: "+r.Gate.Status.String()+". "+conclusion(r))
	for _, x := range r.Gate.Reasons {
		s.list = append(s.list, Visible(x.Text))
	}
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		groups, messages := 0, 0
		for k := range c.Groups {
			if c.Groups[k].Accepted {
				groups, messages = groups+1, messages+c.Groups[k].Count
			}
		}
		if groups > 0 {
			s.list = append(s.list, fmt.Sprintf("%s: %s with %s accepted", Visible(c.Candidate.Name), plural(groups, "group", "groups"),
				plural(messages, "message is", "messages are")))
		}
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
