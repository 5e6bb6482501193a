package reports

import (
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// An answer is one thing that a reader wants to know first: a number or a word, what
// it counts, a sentence about it, and the section that says more.
type answer struct {
	section           string
	value, label, say string
	mark              string
}

// overview answers what a reviewer asks: what happened, what was stopped, what
// leaked, what changed in the tools, how far to trust it, and what it doesn't show.
func overview(r *Report) section {
	s := section{id: "overview", title: "At a glance"}
	s.answers = append(s.answers, happenedAnswer(&r.Summary), stoppedAnswer(r), leakedAnswer(&r.Summary), changedAnswer(r), trustAnswer(r))
	if r.Replay != nil {
		s.answers = append(s.answers, gateAnswer(r.Replay))
	}
	n := len(allLimits(r))
	s.answers = append(s.answers, answer{"limits", number(n), plainly(n, "limit", "limits"), "What this report does not show.", ""})
	return s
}

// plainly picks the noun for a count that stands elsewhere.
func plainly(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func happenedAnswer(m *Summary) answer {
	a := answer{"happened", number(m.Messages), plainly(m.Messages, "message", "messages"), "", ""}
	a.say = fmt.Sprintf("%s in %s.", plural(m.Calls, "tool call", "tool calls"), plural(m.Sessions, "session", "sessions"))
	return a
}

func stoppedAnswer(r *Report) answer {
	v := &r.Summary.Verdicts
	a := answer{"stopped", number(v.Deny), "stopped", "", "good"}
	a.say = fmt.Sprintf("%s held for approval, %s edited.", number(v.Ask), number(v.Redact))
	if v.Deny > 0 {
		a.mark = "deny"
		worst := &r.Stopped[0]
		a.say += " The gravest by " + worst.Rule
		if worst.Severity != "" {
			a.say += " (" + worst.Severity + ")"
		}
		a.say += "."
	}
	return a
}

func leakedAnswer(m *Summary) answer {
	a := answer{"leaked", number(m.LeaksPassed), plainly(m.LeaksPassed, "secret got through", "secrets got through"), "", "good"}
	a.say = fmt.Sprintf("%s replaced, %s stopped with their message.", wereWas(m.LeaksRedacted), wereWas(m.LeaksStopped))
	if m.LeaksPassed > 0 {
		a.mark = "deny"
	}
	return a
}

func changedAnswer(r *Report) answer {
	counts := map[string]int{}
	for _, d := range r.Definitions {
		counts[d.Change]++
	}
	n := counts["changed"] + counts["added"] + counts["removed"]
	a := answer{"definitions", number(n), plainly(n, "tool definition changed", "tool definitions changed"), "", "good"}
	switch {
	case len(r.Definitions) == 0:
		a.say, a.mark = "No list of tools was recorded.", ""
	case n == 0:
		a.say = plural(counts["first seen"], "was seen for the first time.", "were seen for the first time.")
	default:
		a.say, a.mark = fmt.Sprintf("%s changed, %s added, %s removed.", number(counts["changed"]), number(counts["added"]), number(counts["removed"])), "ask"
	}
	return a
}

func trustAnswer(r *Report) answer {
	e := &r.Evidence
	all := e.Exact + e.Escrow + e.Pinned + e.Lossy + e.Unjudged + e.Computed
	a := answer{"evidence", percent(e.Exact, all), "of verdicts can be checked again", "", "good"}
	a.say = fmt.Sprintf("The stored bytes give %s of %s.", number(e.Exact), plural(all, "verdict", "verdicts"))
	if e.Computed == all && all > 0 {
		a.value, a.label, a.say = number(all), plainly(all, "verdict was", "verdicts were")+" made for this report", "Nothing was enforced on these messages."
	}
	var doubts []string
	doubt := func(n int, one, many string) {
		if n > 0 {
			doubts = append(doubts, plural(n, one, many))
		}
	}
	doubt(e.Lost, "frame is missing", "frames are missing")
	doubt(e.Crashed, "recorder crashed", "recorders crashed")
	doubt(e.Unended, "session has no end", "sessions have no end")
	doubt(e.Imported, "session was imported", "sessions were imported")
	if len(doubts) > 0 {
		a.say += " " + strings.Join(doubts, ", ") + "."
	}
	if e.Exact < all || len(doubts) > 0 || all == 0 {
		a.mark = "ask"
	}
	return a
}

func gateAnswer(r *replay.Result) answer {
	a := answer{"gate", r.Gate.Status.String(), "at the gate", conclusion(r), "good"}
	switch r.Gate.Status {
	case replay.Failed:
		a.mark = "deny"
	case replay.Incomplete:
		a.mark = "ask"
	}
	return a
}

// replayOverview answers the same of a replay: whether the gate passes, what would
// change, and whether the recording comes out the same today.
func replayOverview(r *replay.Result) section {
	s := section{id: "overview", title: "At a glance"}
	s.answers = append(s.answers, gateAnswer(r))
	if len(r.Comparisons) > 0 {
		s.answers = append(s.answers, directionAnswer(r, replay.Loosening, "looser", "deny"), directionAnswer(r, replay.Tightening, "stricter", "redact"))
	}
	c := &r.Control
	a := answer{"control", percent(c.Equal, c.Compared), "of recorded verdicts come out the same", "", "good"}
	a.say = fmt.Sprintf("%s of %s.", number(c.Equal), number(c.Compared))
	switch {
	case c.Compared == 0:
		a.value, a.label, a.say, a.mark = "0", "recorded verdicts to compare with", "Nothing is said of what was enforced.", "ask"
	case c.Equal < c.Compared:
		a.say, a.mark = a.say+" "+plural(c.Sessions, "session drifted.", "sessions drifted."), "ask"
	}
	n := len(r.Limits)
	s.answers = append(s.answers, a, answer{"limits", number(n), plainly(n, "limit", "limits"), "What this replay does not show.", ""})
	return s
}

func directionAnswer(r *replay.Result, d replay.Direction, word, mark string) answer {
	messages, groups, wanted := 0, 0, 0
	for i := range r.Comparisons {
		if !gated(r, &r.Comparisons[i]) {
			continue
		}
		for _, g := range r.Comparisons[i].Groups {
			if g.Direction == d {
				messages, groups = messages+g.Count, groups+1
				if g.Accepted {
					wanted++
				}
			}
		}
	}
	a := answer{"candidate-1", number(messages), plainly(messages, "verdict gets ", "verdicts get ") + word, "", mark}
	a.say = fmt.Sprintf("%s, %s accepted.", plural(groups, "group", "groups"), number(wanted))
	if messages == 0 {
		a.say, a.mark = "None.", "good"
	}
	return a
}

// allLimits are those of the report and of the replay in it.
func allLimits(r *Report) []string {
	out := r.Limits
	if r.Replay != nil {
		out = append(out[:len(out):len(out)], replayLimits(r.Replay).list...)
	}
	return out
}
