package reports

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

func happened(r *Report) section {
	s := section{id: "happened", title: "What happened", summary: &r.Summary}
	m := &r.Summary
	if m.Messages == 0 {
		s.lead = append(s.lead, "No message was recorded.")
		return s
	}
	s.lead = append(s.lead, fmt.Sprintf("%s in %s, %s among them: %s passed, %s edited, %s held for approval, %s stopped.",
		plural(m.Messages, "message", "messages"), plural(m.Sessions, "session", "sessions"),
		plural(m.Calls, "tool call", "tool calls"), number(m.Verdicts.Allow), number(m.Verdicts.Redact),
		number(m.Verdicts.Ask), number(m.Verdicts.Deny)))
	if m.First != "" {
		s.lead = append(s.lead, fmt.Sprintf("From %s to %s (UTC).", m.First, m.Last))
		s.timeline = &r.Timeline
	}
	s.tables = append(s.tables, policiesTable(r), sessionsTable(r), toolsTable(r))
	if len(r.Interventions) > 0 {
		s.tables = append(s.tables, interventionsTable(r))
	}
	return s
}

func policiesTable(r *Report) table {
	t := table{caption: "Policies in force", empty: "No policy is recorded with these sessions.",
		cols: []column{traffic("policy", 40), col("digest", 16), num("sessions"), col("verdicts", 24)}}
	for _, p := range r.Policies {
		made := "made at the time"
		if p.Computed {
			made = "made for this report"
		}
		t.rows = append(t.rows, []string{p.Name, short(p.Digest), number(p.Sessions), made})
	}
	return t
}

func short(digest string) string { return digest[:min(len(digest), 12)] }

func sessionsTable(r *Report) table {
	t := table{caption: "Sessions", empty: "None.", filter: "server", cols: []column{
		traffic("session", 28), traffic("server", 20), col("start (UTC)", 24), num("took"),
		num("messages"), num("calls"), num("redact"), num("ask"), num("deny"), traffic("end", 28)}}
	for _, s := range r.Sessions {
		t.rows = append(t.rows, []string{
			s.ID, cmp.Or(s.Server, "unknown"), s.Start, duration(s.Duration), number(s.Messages), number(s.Calls),
			dash(s.Verdicts.Redact), dash(s.Verdicts.Ask), dash(s.Verdicts.Deny), s.Ended})
	}
	return t
}

// dash writes a count, nothing for none, so that what isn't zero stands out.
func dash(n int) string {
	if n == 0 {
		return "·"
	}
	return number(n)
}

// duration writes nanoseconds as people do, to three digits or so.
func duration(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d <= 0:
		return "-"
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d >= 24*time.Hour:
		days, hours := d/(24*time.Hour), d%(24*time.Hour)/time.Hour
		if hours == 0 {
			return fmt.Sprintf("%dd", days)
		}
		return fmt.Sprintf("%dd%dh", days, hours)
	}
	return d.Round(time.Second).String()
}

func toolsTable(r *Report) table {
	t := table{caption: "Tools", empty: "No tool was called.", filter: "server", cols: []column{
		traffic("server", 20), traffic("tool", 32), num("calls"), num("passed"), num("redact"), num("ask"), num("deny"),
		num("answers edited"), num("answers stopped")}}
	for _, s := range r.Servers {
		for _, x := range s.Tools {
			t.rows = append(t.rows, []string{
				s.Name, x.Name, number(x.Calls), dash(x.Verdicts.Allow), dash(x.Verdicts.Redact), dash(x.Verdicts.Ask),
				dash(x.Verdicts.Deny), dash(x.Answers.Redact), dash(x.Answers.Ask + x.Answers.Deny)})
		}
	}
	return t
}

func stopped(r *Report) section {
	s := section{id: "stopped", title: "What was stopped"}
	t := table{empty: "Nothing was stopped, held or edited.", cols: []column{
		verdict("action"), col("severity", 10), col("rule", 32), col("where", 28), num("messages"), num("sessions"), traffic("tools", 40)}}
	for _, x := range r.Stopped {
		t.rows = append(t.rows, []string{
			x.Action.String(), cmp.Or(x.Severity, "-"), x.Rule, x.Pos, number(x.Count), number(x.Sessions), strings.Join(x.Tools, ", ")})
		for i, e := range x.Examples {
			d := detail{title: x.Rule, about: about(&e), mark: x.Action.String()}
			if i == 0 {
				d.say("reason", x.Reason)
			}
			d.example(e)
			s.details = append(s.details, d)
		}
	}
	s.tables = append(s.tables, t)
	return s
}

// about says what a rule met: `fetch url=http://…`.
func about(e *Example) string {
	return clip(strings.TrimSpace(cmp.Or(e.Tool, e.Method, e.Dir)+" "+e.Excerpt), 90)
}

func (d *detail) example(e Example) {
	d.quote("message", what(e.Method, e.Tool, e.Dir))
	d.quote("server", e.Server)
	d.quote("session", fmt.Sprintf("%s #%d", e.Session, e.Seq))
	d.say("time", e.Time)
	d.quote("excerpt", e.Excerpt)
}

// what names a message: the method with its tool, and which way it goes.
func what(method, tool, dir string) string {
	words := make([]string, 0, 3)
	for _, w := range []string{method, tool} {
		if w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		words = append(words, "message")
	}
	return strings.Join(words, " ") + ", " + dir
}

func leaked(r *Report) section {
	s := section{id: "leaked", title: "What leaked"}
	m := &r.Summary
	switch {
	case m.LeaksPassed > 0:
		s.lead = append(s.lead, fmt.Sprintf("%s got through. %s replaced and %s stopped with their message.",
			plural(m.LeaksPassed, "secret", "secrets"), wereWas(m.LeaksRedacted), wereWas(m.LeaksStopped)))
	case m.LeaksRedacted+m.LeaksStopped > 0:
		s.lead = append(s.lead, fmt.Sprintf("No known kind of secret got through. %s replaced and %s stopped with their message.",
			wereWas(m.LeaksRedacted), wereWas(m.LeaksStopped)))
	}
	t := table{empty: "No known kind of secret was seen.", cols: []column{
		verdict("outcome"), col("kind", 32), col("direction", 10), traffic("server", 20), traffic("tool", 28), num("secrets"), num("sessions"),
		traffic("first in", 36)}}
	for _, x := range r.Leaks {
		t.rows = append(t.rows, []string{x.Outcome, x.Kind, x.Dir, x.Server, x.Tool, number(x.Count), number(x.Sessions),
			fmt.Sprintf("%s #%d", x.Example.Session, x.Example.Seq)})
	}
	s.tables = append(s.tables, t)
	return s
}

func wereWas(n int) string { return plural(n, "was", "were") }

func changed(r *Report) section {
	s := section{id: "definitions", title: "What changed in the servers' tools"}
	first := map[string]int{}
	var order []string
	t := table{empty: "No definition changed between the lists that were seen.", cols: []column{
		verdict("change"), traffic("server", 20), traffic("tool", 32), traffic("members", 36), col("before", 16), col("after", 16),
		traffic("session", 28)}}
	for _, d := range r.Definitions {
		if d.Change == "first seen" {
			if first[d.Server] == 0 {
				order = append(order, d.Server)
			}
			first[d.Server]++
			continue
		}
		t.rows = append(t.rows, []string{d.Change, d.Server, d.Tool, strings.Join(d.Parts, ", "), d.Before, d.After, d.Session})
	}
	if len(order) == 0 {
		t.empty = "No list of tools was recorded."
	} else {
		seen := table{caption: "Definitions first seen", cols: []column{traffic("server", 40), num("tools")}}
		for _, server := range order {
			seen.rows = append(seen.rows, []string{server, number(first[server])})
		}
		s.tables = append(s.tables, seen)
	}
	t.caption = "Changes"
	s.tables = append(s.tables, t)
	return s
}

func trust(r *Report) section {
	e := &r.Evidence
	s := section{id: "evidence", title: "How far this can be trusted", fidelity: e}
	t := table{caption: "Evidence", cols: []column{col("what", 60), num("count")}}
	row := func(what string, n int) { t.rows = append(t.rows, []string{what, number(n)}) }
	row("messages whose stored bytes give the recorded verdict (exact)", e.Exact)
	row("messages replayed with recorded findings (pinned)", e.Pinned)
	row("messages whose original is kept encrypted (escrow)", e.Escrow)
	row("messages whose verdict can't be checked (lossy)", e.Lossy)
	row("messages judged for this report (computed)", e.Computed)
	row("messages without a verdict", e.Unjudged)
	row("messages that can't be read in one way only", e.Invalid)
	row("messages over the size bound", e.Oversize)
	row("forwarded requests that no answer was recorded for", e.Unanswered)
	row("sessions that the server ended", e.ServerEnd)
	row("sessions without a recorded end", e.Unended)
	row("sessions whose recorder crashed", e.Crashed)
	row("frames that could not be recorded (gaps)", e.Lost)
	row("sessions made from another format", e.Imported)
	s.tables = append(s.tables, t, sourcesTable(r))
	return s
}

func sourcesTable(r *Report) table {
	t := table{caption: "Sources", empty: "No source.", cols: []column{traffic("source", 48), num("sessions"), num("messages"), col("form", 12)}}
	for _, x := range r.Sources {
		form := "recorded"
		if x.Imported {
			form = "imported"
		}
		t.rows = append(t.rows, []string{x.Name, number(x.Sessions), number(x.Messages), form})
	}
	return t
}
