package reports

import (
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// Version is the version of the saved form.
const Version = 1

// A Report is what is said about a set of sessions.
type Report struct {
	Version int    `json:"version"`
	Title   string `json:"title"`

	Sources  []Source  `json:"sources"`
	Policies []Policy  `json:"policies"`
	Summary  Summary   `json:"summary"`
	Timeline Timeline  `json:"timeline"`
	Sessions []Session `json:"sessions"`
	// MoreSessions counts the sessions that the list leaves out.
	MoreSessions int      `json:"more_sessions,omitempty"`
	Servers      []Server `json:"servers"`

	Stopped     []Stop       `json:"stopped"`
	Leaks       []Leak       `json:"leaks"`
	Definitions []Definition `json:"definitions"`
	// Interventions are what reached sessions from outside of their messages.
	Interventions []Intervention `json:"interventions,omitempty"`
	// MoreInterventions counts those that the list leaves out.
	MoreInterventions int            `json:"more_interventions,omitempty"`
	Replay            *replay.Result `json:"replay,omitempty"`
	Evidence          Evidence       `json:"evidence"`
	Limits            []string       `json:"limits"`
}

// A Source is one database or corpus.
type Source struct {
	Name     string `json:"name"`
	Sessions int    `json:"sessions"`
	Messages int    `json:"messages"`
	Imported bool   `json:"imported,omitempty"`
}

// A Policy is one that verdicts were made by.
type Policy struct {
	Name     string `json:"name"`
	Digest   string `json:"digest"`
	Sessions int    `json:"sessions"`
	// Computed is set if the verdicts were made for the report, not at the time.
	Computed bool `json:"computed,omitempty"`
}

// Counts are messages by verdict.
type Counts struct {
	Allow  int `json:"allow"`
	Redact int `json:"redact"`
	Ask    int `json:"ask"`
	Deny   int `json:"deny"`
}

// Total is the number of messages judged.
func (c Counts) Total() int { return c.Allow + c.Redact + c.Ask + c.Deny }

func (c *Counts) add(a policy.Action) {
	switch a {
	case policy.Allow, policy.Log:
		c.Allow++
	case policy.Redact:
		c.Redact++
	case policy.Ask:
		c.Ask++
	default:
		c.Deny++
	}
}

// A Summary is the first thing a reader sees.
type Summary struct {
	Sessions int    `json:"sessions"`
	Messages int    `json:"messages"`
	Calls    int    `json:"calls"`
	Verdicts Counts `json:"verdicts"`
	// LeaksPassed are secrets that reached the other side.
	LeaksPassed   int `json:"leaks_passed"`
	LeaksRedacted int `json:"leaks_redacted"`
	LeaksStopped  int `json:"leaks_stopped"`
	// First and Last are RFC 3339 times in UTC, "" if no source has a clock.
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
}

// A Timeline holds the verdicts over time, in equal steps.
type Timeline struct {
	// Start is the beginning of the first bucket, in nanoseconds since 1970.
	Start int64 `json:"start"`
	// Step is the width of a bucket in nanoseconds.
	Step    int64    `json:"step"`
	Buckets []Counts `json:"buckets"`
}

// A Session is one session in the report.
type Session struct {
	ID       string `json:"id"`
	Source   string `json:"source"`
	Server   string `json:"server"`
	Start    string `json:"start,omitempty"`
	Duration int64  `json:"duration_ns"`
	Messages int    `json:"messages"`
	Calls    int    `json:"calls"`
	Verdicts Counts `json:"verdicts"`
	Ended    string `json:"ended"`
}

// A Server is one server with its tools.
type Server struct {
	Name     string `json:"name"`
	Sessions int    `json:"sessions"`
	Calls    int    `json:"calls"`
	Tools    []Tool `json:"tools"`
}

// A Tool is one tool of a server. Calls are judged by Verdicts, and what came
// back by Answers.
type Tool struct {
	Name     string `json:"name"`
	Calls    int    `json:"calls"`
	Verdicts Counts `json:"verdicts"`
	Answers  Counts `json:"answers"`
}

// A Stop is a rule that stopped, held back or redacted messages.
type Stop struct {
	Rule     string        `json:"rule"`
	Pos      string        `json:"pos,omitempty"`
	Action   policy.Action `json:"action"`
	Code     string        `json:"code,omitempty"`
	Severity string        `json:"severity,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Count    int           `json:"count"`
	Sessions int           `json:"sessions"`
	Tools    []string      `json:"tools"`
	Examples []Example     `json:"examples"`
}

// An Example is one message, with what is safe to show of it.
type Example struct {
	Session string `json:"session"`
	Seq     int    `json:"seq"`
	Time    string `json:"time,omitempty"`
	Dir     string `json:"dir"`
	Server  string `json:"server,omitempty"`
	Method  string `json:"method,omitempty"`
	Tool    string `json:"tool,omitempty"`
	// Excerpt shows arguments, or the text of an answer: shortened, secrets masked.
	Excerpt string `json:"excerpt,omitempty"`
}

// The outcomes of a secret.
const (
	OutcomePassed   = "passed"
	OutcomeRedacted = "redacted"
	OutcomeStopped  = "stopped"
)

// A Leak counts secrets of one kind on one way with one outcome.
type Leak struct {
	Kind     string  `json:"kind"`
	Dir      string  `json:"dir"`
	Outcome  string  `json:"outcome"`
	Server   string  `json:"server"`
	Tool     string  `json:"tool,omitempty"`
	Count    int     `json:"count"`
	Sessions int     `json:"sessions"`
	Example  Example `json:"example"`
}

// A Definition is one change in what a server says about its tools.
type Definition struct {
	Server string `json:"server"`
	Tool   string `json:"tool"`
	// Change is "first seen", "added", "changed", "removed".
	Change  string `json:"change"`
	Session string `json:"session"`
	Time    string `json:"time,omitempty"`
	// Before and After are digests of the definition, "" if there is none.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Parts names what differs: description, inputSchema, annotations, ….
	Parts []string `json:"parts,omitempty"`
}

// Evidence says how far all this can be trusted.
type Evidence struct {
	Exact  int `json:"exact"`
	Escrow int `json:"escrow"`
	Pinned int `json:"pinned"`
	Lossy  int `json:"lossy"`
	// Unjudged are messages without a verdict.
	Unjudged int `json:"unjudged"`
	// Computed are messages judged for the report.
	Computed int `json:"computed"`
	// Invalid are messages that no two parsers are sure to read alike.
	Invalid   int `json:"invalid"`
	Oversize  int `json:"oversize"`
	Imported  int `json:"imported_sessions"`
	Unended   int `json:"unended_sessions"`
	Unopened  int `json:"unopened_sessions"`
	ServerEnd int `json:"server_ended_sessions"`
	// Crashed are sessions whose recorder died, and Lost the frames that could not
	// be recorded.
	Crashed int `json:"crashed_sessions"`
	Lost    int `json:"lost_frames"`
	// Pruned are sessions that are listed, and whose messages were removed.
	Pruned int `json:"pruned_sessions,omitempty"`
	// Unanswered are forwarded requests without an answer.
	Unanswered int `json:"unanswered"`
	// Backwards are places where a session's clock went back.
	Backwards int `json:"clock_backwards"`
	// Missing are what sources lack, with the number of sessions.
	Missing []Missing `json:"missing"`
}

// Missing is one thing that sessions lack.
type Missing struct {
	What     string `json:"what"`
	Sessions int    `json:"sessions"`
}
