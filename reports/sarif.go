package reports

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// maxResults bounds the results of a SARIF file: GitHub shows no more.
const maxResults = 5000

const (
	sarifAbout  = "https://github.com/rulewind/rulewind"
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// ReplaySARIF writes a replay's result as SARIF 2.1.0: a run for each candidate, a
// result for each group of changes, at the policy line that decides now.
func ReplaySARIF(w io.Writer, r *replay.Result) error {
	log := sarifLog{sarifSchema, "2.1.0", []sarifRun{}}
	room := maxResults
	for i := range r.Comparisons {
		log.Runs = append(log.Runs, candidateRun(r, i, &room))
	}
	if len(r.Comparisons) == 0 {
		log.Runs = append(log.Runs, controlRun(r, &room))
	}
	return WriteJSON(w, &log)
}

// newRun is a run without results yet, with what keeps the gate from an answer.
func newRun(r *replay.Result, name string) sarifRun {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "Rulewind", Version: r.Engine, About: sarifAbout, Rules: replayRules}},
		Automation: &sarifAutomation{"rulewind-replay/" + name}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	inv := sarifInvocation{Successful: r.Gate.Status != replay.Incomplete}
	for _, x := range r.Gate.Reasons {
		if _, err := replay.ParseClass(x.Check); err != nil || x.Status == replay.Incomplete {
			inv.Notifications = append(inv.Notifications, sarifNotification{"error", sarifText(x.Text)})
		}
	}
	run.Invocations = []sarifInvocation{inv}
	return run
}

// add adds a result while there is room, and counts it in any case.
func (run *sarifRun) add(room *int, x sarifResult) {
	if *room--; *room >= 0 {
		run.Results = append(run.Results, x)
	}
}

// end says how many results there was no room for.
func (run *sarifRun) end(total int) {
	if left := total - len(run.Results); left > 0 {
		inv := &run.Invocations[0]
		inv.Notifications = append(inv.Notifications, sarifNotification{"warning",
			sarifText(fmt.Sprintf("%s left out: at most %s are written; the JSON has all", plural(left, "result is", "results are"), number(maxResults)))})
	}
}

func candidateRun(r *replay.Result, i int, room *int) sarifRun {
	c := &r.Comparisons[i]
	run := newRun(r, runName(r, i))
	fails := failing(r, c)
	for k := range c.Groups {
		run.add(room, groupResult(c, &c.Groups[k], fails[c.Groups[k].Class]))
	}
	wants := c.Expectations.Failures
	if !gated(r, c) {
		wants = nil
	}
	for _, f := range wants {
		run.add(room, sarifResult{
			RuleID: "expectation", RuleIndex: len(replayRules) - 1, Level: "error", Locations: sarifAt(locate(&c.Candidate, "", ""), ""),
			Message: sarifText(fmt.Sprintf("%s, %s, step %s: %s", f.Source, f.Case, f.Step, f.Differs)), Count: 1,
			Fingerprints: fingerprint(f.Source + "/" + f.Case + "/" + f.Step),
		})
	}
	run.end(len(c.Groups) + len(wants))
	return run
}

// runName tells the candidates of one file apart: by the path, else the name, and
// by number where two have the same.
func runName(r *replay.Result, i int) string {
	name := func(c *replay.Comparison) string {
		n := c.Candidate.Name
		if len(c.Candidate.Files) > 0 && c.Candidate.Files[0].Path != "" {
			n = c.Candidate.Files[0].Path
		}
		if c.Mode == replay.Causal {
			n += "/causal"
		}
		return n
	}
	own := name(&r.Comparisons[i])
	for k := range r.Comparisons {
		if k != i && name(&r.Comparisons[k]) == own {
			return fmt.Sprintf("%s/%d", Visible(own), i+1)
		}
	}
	return Visible(own)
}

// controlRun is the run of an A/A alone: a result for each session that drifted.
func controlRun(r *replay.Result, room *int) sarifRun {
	run := newRun(r, "verify")
	for i := range r.Control.Drift {
		d := &r.Control.Drift[i]
		run.add(room, sarifResult{
			RuleID: replay.Drift.String(), RuleIndex: int(replay.Drift), Level: "error", Count: 1,
			Message:      sarifText(fmt.Sprintf("%s, %s: %s", d.Source, d.Case, driftText(d))),
			Locations:    []sarifLocation{{Logical: []sarifLogical{{Visible(d.Now.Rule), "member"}}}},
			Fingerprints: fingerprint(d.Source + "/" + d.Case + "/" + d.Step),
		})
	}
	run.end(r.Control.Sessions)
	return run
}

func groupResult(c *replay.Comparison, g *replay.Group, fails bool) sarifResult {
	x := sarifResult{
		RuleID: g.Class.String(), RuleIndex: int(g.Class), Level: replayRules[g.Class].Config.Level, Count: g.Count,
		Message:   sarifText(groupText(g) + "; for example in " + g.Example.Source + ", " + g.Example.Case + ", step " + g.Example.Step),
		Locations: sarifAt(locate(&c.Candidate, g.To.Rule, g.To.Pos), g.To.Rule), Fingerprints: fingerprint(g.ID),
		Properties: map[string]string{"group": g.ID, "shape": Visible(g.Shape), "example": clip(Visible(g.Example.Message), maxField)},
	}
	if fails {
		x.Level = "error"
	}
	if g.Accepted {
		x.Level = "note"
		x.Suppressions = []sarifSuppression{{"external", Visible(g.Reason)}}
	}
	return x
}

// fingerprint identifies a result in every run: the second name is the one that
// GitHub knows.
func fingerprint(id string) map[string]string {
	return map[string]string{"rulewindGroup/v1": Visible(id), "primaryLocationLineHash": Visible(id)}
}

func sarifAt(at location, rule string) []sarifLocation {
	l := sarifLocation{}
	if at.path != "" {
		l.Physical = &sarifPhysical{sarifArtifact{sarifURI(at.path)}, sarifRegion{at.line, at.col}}
	}
	if rule != "" {
		l.Logical = []sarifLogical{{Visible(rule), "member"}}
	}
	if l.Physical == nil && l.Logical == nil {
		return nil
	}
	return []sarifLocation{l}
}

// sarifURI writes a path as a URI reference: relative if the path is.
func sarifURI(file string) string {
	u := url.URL{Path: Visible(file)}
	if strings.HasPrefix(file, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// sarifText is a message of plain text: brackets would begin a link (3.11.6), braces
// a placeholder (3.11.5).
func sarifText(s string) sarifMessage {
	return sarifMessage{strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(Visible(s))}
}

// replayRules has a rule for each class, in their order, and one for expectations.
var replayRules = func() (rules []sarifRule) {
	about := map[replay.Class]string{
		replay.NewlyAllowed:    "A message that the baseline stops passes under the candidate.",
		replay.Loosened:        "A message that the baseline denies is asked about under the candidate.",
		replay.RedactionLost:   "Bytes that the baseline replaces pass under the candidate.",
		replay.ErrorNew:        "The engine fails on a message under the candidate only.",
		replay.NotEvaluable:    "A message can't be judged from what was recorded.",
		replay.Indeterminate:   "A verdict depends on an answer that nobody saw.",
		replay.Drift:           "Today's engine doesn't give the recorded verdict.",
		replay.NewlyDenied:     "A message that passes under the baseline is denied under the candidate.",
		replay.Tightened:       "A message is treated more strictly under the candidate.",
		replay.RedactionGained: "Bytes that pass under the baseline are replaced under the candidate.",
		replay.RuleChanged:     "Another rule gives the same verdict.",
		replay.FindingsChanged: "The same verdict comes from other findings.",
		replay.ReasonChanged:   "The same verdict is given with another code, reason or severity.",
	}
	for _, class := range replay.Classes() {
		level := "warning"
		if class.Direction() == replay.Neutral {
			level = "note"
		}
		rules = append(rules, sarifRule{class.String(), sarifMessage{about[class]}, sarifRuleLevel{level}})
	}
	return append(rules, sarifRule{"expectation", sarifMessage{"A case asserts another verdict."}, sarifRuleLevel{"error"}})
}()
