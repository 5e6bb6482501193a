package reports

import (
	"cmp"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// maxTools bounds the tools named with a rule.
const maxTools = 50

// stop counts a message that did not pass as it came.
func (b *builder) stop(st *corpus.Step, e *policy.Event, m *mcp.Message) {
	v := &e.Verdict
	if v.Action == policy.Allow || v.Action == policy.Log {
		return
	}
	key := stopKey{v.Rule, v.Code, v.Action}
	s := get(b.stops, key, func(s *Stop) {
		*s = Stop{Rule: v.Rule, Pos: v.Pos, Action: v.Action, Code: v.Code, Severity: v.Severity, Reason: v.Reason, Tools: []string{}}
	})
	s.Count++
	b.once(key, &s.Sessions)
	if name := named(e); name != "" && len(s.Tools) < maxTools && !slices.Contains(s.Tools, name) {
		s.Tools = append(s.Tools, name)
	}
	if len(s.Examples) < b.o.Examples {
		s.Examples = append(s.Examples, b.example(st, e, m))
	}
}

// once counts a session for a key the first time that it comes up in it.
func (b *builder) once(key any, sessions *int) {
	if !b.seen[key] {
		b.seen[key] = true
		*sessions++
	}
}

// named is the tool, prompt or resource of an event: a URI can hold a secret.
func named(e *policy.Event) string {
	return mask(cmp.Or(e.Subject.Tool, e.Subject.Target), "", "", detect.Argument)
}

func (b *builder) example(st *corpus.Step, e *policy.Event, m *mcp.Message) Example {
	return Example{
		Session: b.c.ID, Seq: e.Seq, Time: timestamp(st.Frame.At), Dir: e.Subject.Dir.String(),
		Server: b.serverName(), Method: e.Subject.Method, Tool: named(e),
		Excerpt: excerpt(m, e.Subject.Tool),
	}
}

// leak counts the secrets in a message by what became of them: whatever the rules
// asked for, as the detectors see the stored bytes today.
func (b *builder) leak(st *corpus.Step, e *policy.Event, m *mcp.Message) {
	if st.Frame.Pinned {
		for _, pin := range st.Frame.Pins {
			if pin.Detector == detect.Secrets.String() {
				b.leaked(st, e, m, pin.Kind, redactsKind(e, pin.Kind))
			}
		}
		return
	}
	if m == nil {
		return
	}
	for i, n := range m.Nodes {
		if n.Kind != mcp.String {
			continue
		}
		t := detect.Text{Value: m.Text(i), Name: m.Name(i), Tool: e.Subject.Tool, Place: place(e)}
		for _, f := range detect.Find(nil, t, detect.Secrets) {
			from, to := m.RawRange(i, false, f.Start, f.End)
			b.leaked(st, e, m, f.Kind, redacts(e, from, to))
		}
	}
}

func place(e *policy.Event) detect.Place {
	switch {
	case e.Subject.Kind != "response" && e.Subject.Kind != "error":
		return detect.Argument
	case e.Subject.Method == mcp.MethodToolsList:
		return detect.Description
	}
	return detect.Answer
}

func redacts(e *policy.Event, from, to int) bool {
	return e.Verdict.Action == policy.Redact && slices.ContainsFunc(e.Verdict.Redactions,
		func(r policy.Redaction) bool { return r.Start < to && from < r.End })
}

func redactsKind(e *policy.Event, kind string) bool {
	return e.Verdict.Action == policy.Redact && slices.ContainsFunc(e.Verdict.Redactions,
		func(r policy.Redaction) bool { return r.Kind == kind })
}

func (b *builder) leaked(st *corpus.Step, e *policy.Event, m *mcp.Message, kind string, redacted bool) {
	outcome := OutcomePassed
	switch {
	case e.Verdict.Action == policy.Deny || e.Verdict.Action == policy.Ask:
		outcome = OutcomeStopped
	case redacted:
		outcome = OutcomeRedacted
	}
	key := leakKey{kind, e.Subject.Dir.String(), outcome, b.serverName(), named(e)}
	if _, known := b.leaks[key]; !known && len(b.leaks) >= maxToolRows {
		key.tool = "…"
	}
	l := get(b.leaks, key, func(l *Leak) {
		*l = Leak{Kind: kind, Dir: key.dir, Outcome: outcome, Server: key.server, Tool: key.tool,
			Example: b.example(st, e, m)}
	})
	l.Count++
	b.once(key, &l.Sessions)
}
