package policy

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Same reports whether the frame with stored in place of its Raw would have got
// this event: same verdict, rules and findings. It is how the recorder learns
// whether a stand-in for a secret keeps the verdict. Valid until the next Step.
func (e *Event) Same(stored []byte) bool {
	s := e.session
	if s == nil {
		return false
	}
	r := &s.spare
	m, err := r.dec.Decode(stored)
	if s.now.reading == nil { // no message: a fact, or one that has no reading
		switch {
		case e.Subject.Kind == "oversize":
			id, _ := mcp.OversizeID(stored)
			return id == e.Subject.ID || e.Subject.ID == ""
		case e.Subject.Kind == "fact":
			var f Fact
			return json.Unmarshal(stored, &f) == nil && f.Name == e.Subject.Fact && f.Name != FactMark
		}
		reject, ok := err.(*mcp.Reject)
		return ok && "engine:"+reject.Code == e.Verdict.Rule && (reject.ID == e.Subject.ID || e.Subject.Call < 0)
	}
	main := s.now.reading.m
	if err != nil || m.Kind != main.Kind || m.ID != main.ID || m.Method != main.Method || len(m.Nodes) != len(main.Nodes) {
		return false
	}
	if strings.HasPrefix(e.Verdict.Rule, "engine:") {
		return true
	}
	before := s.now.subject
	defer func() { s.now.subject = before; s.now.reading = &s.main }()
	if m.Kind == mcp.Request {
		c := m.Call()
		if m.Method == mcp.MethodToolsCall {
			s.now.subject.Tool = c.Tool
		}
	}
	s.now.reading = r
	r.real = s.realNow()
	r.load(m, s.families(before.Dir), s.place(m, before.Dir), s.now.subject.Tool)
	r.scanAll()
	v, _, edits := s.verdict(r, m, before.Dir, false)
	live := &e.Verdict
	if s.now.unsure || !s.sameSecrets(r) {
		return false
	}
	if v.Action != live.Action || v.Rule != live.Rule || !slices.Equal(v.Matched, live.Matched) || !slices.Equal(v.Findings, live.Findings) {
		return false
	}
	if live.Action == Redact {
		return slices.EqualFunc(edits, live.Redactions, func(x edit, d Redaction) bool { return x.start == d.Start && x.end == d.End && x.kind == d.Kind })
	}
	return true
}

// sameSecrets reports whether the secrets stand where they stood, if memory goes by
// values: it doesn't look into secrets, and so has to know them.
func (s *Session) sameSecrets(r *reading) bool {
	if !s.policy.recall.byValue && (s.guard.policy == nil || !s.guard.policy.recall.byValue) {
		return true
	}
	return slices.EqualFunc(r.secrets(nil), s.event.Secrets, func(a, b SecretSpan) bool { return a.Start == b.Start && a.End == b.End })
}

// Pins are all findings of the message, whether or not a rule asked: what a
// recording keeps when its stored bytes can't show them. Valid until the next Step.
func (e *Event) Pins() []mcp.Pin {
	if e.session == nil || e.session.now.reading == nil {
		return nil
	}
	r := e.session.now.reading
	var out []mcp.Pin
	add := func(t *text) {
		for _, f := range t.found {
			out = append(out, r.pinOf(t, f))
		}
	}
	for i := range r.texts {
		add(&r.texts[i])
	}
	for _, t := range r.joins {
		add(t)
	}
	return out
}

// Clone returns a copy of the event that stays valid. Same and Pins don't work on it.
func (e *Event) Clone() *Event {
	c := *e
	c.session = nil
	c.Verdict.Matched = slices.Clone(e.Verdict.Matched)
	c.Verdict.Findings = slices.Clone(e.Verdict.Findings)
	c.Verdict.Redactions = slices.Clone(e.Verdict.Redactions)
	c.Labels = slices.Clone(e.Labels)
	c.Secrets = slices.Clone(e.Secrets)
	c.Trace = slices.Clone(e.Trace)
	c.Out = nil
	for _, o := range e.Out {
		o.Bytes = slices.Clone(o.Bytes)
		c.Out = append(c.Out, o)
	}
	return &c
}

// rootNode returns the node where the paths of a root start, or -1.
func (s *Session) rootNode(at root) int {
	m := s.now.reading.m
	switch at {
	case rootArgs:
		return m.Find(m.Params, "arguments")
	case rootParams:
		return m.Params
	case rootResult:
		return m.Result
	case rootError:
		return m.Error
	}
	return -1
}

// textOf returns the text of a String node.
func (s *Session) textOf(m *mcp.Message, n int) *text {
	r := s.now.reading
	if i := r.byNode[n]; i >= 0 {
		return &r.texts[i]
	}
	return &text{node: n, value: m.Text(n), scanned: true}
}

// payloadTexts returns the texts that a `text` condition looks at.
func (s *Session) payloadTexts(*mcp.Message) []*text {
	r := s.now.reading
	if !r.payloadValid {
		r.payload, r.payloadValid = r.payload[:0], true
		for i := range r.texts {
			if r.texts[i].payload {
				r.payload = append(r.payload, &r.texts[i])
			}
		}
		r.payload = append(r.payload, r.joins...)
	}
	return r.payload
}

// joined returns the text that the words of an array are joined to, or nil.
func (s *Session) joined(_ *mcp.Message, n int) *text {
	for _, t := range s.now.reading.joins {
		if t.node == n {
			return t
		}
	}
	return nil
}

func (s *Session) findings(t *text) []detect.Finding { return s.now.reading.scan(t) }

// under reports whether a cleaned path stands in or below a folder of the policy.
func (s *Session) under(p string, index int) bool {
	if s.folders == nil {
		s.folders = make([]string, len(s.policy.roots))
		for i, t := range s.policy.roots {
			s.folders[i] = s.resolve(t)
		}
	}
	f := s.folders[index]
	if f == "" {
		return false
	}
	if len(f) > 1 && f[1] == ':' || strings.HasPrefix(f, "//") { // Windows folds case
		f, p = strings.ToLower(f), strings.ToLower(p)
	}
	return p == f || strings.HasPrefix(p, strings.TrimSuffix(f, "/")+"/")
}

// resolve puts the session's variables into a folder's template; "" if one is
// unknown, so that nothing is under it.
func (s *Session) resolve(t string) string {
	for _, v := range variables {
		if strings.Contains(t, v) {
			value := s.vars[v[2:len(v)-1]]
			if value == "" {
				return ""
			}
			t = strings.ReplaceAll(t, v, value)
		}
	}
	if strings.HasPrefix(t, "~") && s.vars["HOME"] == "" {
		return ""
	}
	if c := detect.CleanPaths(t, s.vars["HOME"], s.cwd()); len(c) > 0 {
		return c[0]
	}
	return ""
}

// quoteJSON returns s as a JSON string.
func quoteJSON(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil { // strings only
		panic(err)
	}
	return b
}

// flip words the nearest change that would turn a rule's outcome.
func flip(rule *Rule, held bool, conds []CondTrace) string {
	var failed []string
	for _, c := range conds {
		if !c.Held {
			failed = append(failed, c.Text)
		}
	}
	switch {
	case held && len(conds) == 0:
		return "it has no conditions: it matches everything in its direction"
	case held:
		return "would not match without: " + conds[len(conds)-1].Text
	case len(failed) == 1:
		return "would match if this held: " + failed[0]
	case len(failed) > 1:
		return "would match if these held: " + strings.Join(failed, "; ")
	}
	return ""
}
