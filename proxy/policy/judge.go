package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// judge walks the rules and carries the verdict out.
func (s *Session) judge(m *mcp.Message, f mcp.Frame) {
	s.layer.begin()
	s.guard.begin()
	s.now.unsure = false
	v, rule, edits := s.verdict(&s.main, m, f.Dir, true)
	s.event.Verdict = v
	switch v.Action {
	case Allow:
		p := s.passages(m)
		if s.fromCache(p, m) {
			return
		}
		s.pass(p)
		s.forward(m, f.Dir, s.leaving(m, f.Raw))
	case Redact:
		s.redact(m, f, rule, edits)
	case Ask:
		if out, ok := s.edited(m, f.Raw, edits); !ok || !s.hold(m, out, rule) {
			s.refuseRequest(m, rule)
		}
	default:
		if v.Action == Deny && rule != nil && rule.Action == Deny {
			s.label(rule.labels)
		}
		s.refuseRequest(m, rule)
	}
}

// forward sends a message on.
func (s *Session) forward(m *mcp.Message, to mcp.Dir, raw []byte) {
	s.send(Output{To: to, Bytes: raw, Kind: m.Kind, ID: m.ID})
}

// walk evaluates the rules in order and changes nothing but the moment's limits.
// first is false when Same asks again: then the limits' outcomes stand.
func (s *Session) walk(r *reading, m *mcp.Message, dir mcp.Dir, first bool) (v Verdict, decided *Rule, edits []edit) {
	e := &s.eval
	*e = eval{s: s, m: m, hits: e.hits[:0], again: !first}
	for _, rule := range s.policy.byDir[dir] {
		if decided != nil && !s.Trace {
			break
		}
		e.hits, e.surely, e.trace = e.hits[:0], rule.Action == Allow, nil
		if s.Trace && first {
			e.trace = new([]CondTrace)
		} else if !rule.demand.metBy(s.now.reading) {
			continue
		}
		held := e.cond(rule.cond)
		if held && rule.limit != nil && decided == nil {
			held = s.limited(rule, m, first)
			e.note(rule.Pos, "limit exceeded", held, "")
		}
		if e.trace != nil {
			conds := *e.trace
			s.event.Trace = append(s.event.Trace, RuleTrace{Rule: rule.ID, Pos: rule.Pos, Action: rule.Action, Matched: held, Conds: conds, Flip: flip(rule, held, conds)})
		}
		if !held || decided != nil {
			continue
		}
		v.Matched = append(v.Matched, rule.ID)
		if first {
			s.matched = append(s.matched, rule)
		}
		v.Findings = r.findingsOf(v.Findings, e.hits, rule.ID)
		if rule.Action == Log {
			continue
		}
		decided = rule
		edits = r.edits(e.hits, rule.replacement)
	}
	s.conclude(&v, decided, m, len(edits))
	return v, decided, edits
}

// conclude fills the verdict in from the rule that decided, or the default.
func (s *Session) conclude(v *Verdict, rule *Rule, m *mcp.Message, edits int) {
	if rule == nil {
		v.Action, v.Rule = s.otherwise(m), "default"
		if v.Action != Allow {
			v.Code, v.Reason = CodeDenied, "no rule allows it, and the policy's default is "+v.Action.String()
		}
	} else {
		v.Action, v.Rule, v.Pos, v.Severity, v.Reason = rule.Action, rule.ID, rule.Pos, rule.Severity, rule.Message
		if v.Action != Allow && v.Severity == "" {
			v.Severity = "medium"
		}
		if v.Action == Redact && edits == 0 {
			v.Action, v.Reason = Deny, "the rule redacts, but nothing in particular made it match"
		}
		if v.Action == Deny {
			v.Code = s.codeOf(rule)
		}
		if v.Reason == "" && v.Action != Allow {
			v.Reason = s.reasonOf(rule, v)
		}
	}
	if v.Action == Ask {
		v.Code = CodeApproval
		if s.remembered[rememberKey(v.Rule, &s.now.subject)] {
			v.Action, v.Code, v.Reason = Allow, "", "approved for this session"
		}
	}
}

// codeOf is the word for a rule's refusal.
func (s *Session) codeOf(rule *Rule) string {
	switch {
	case rule.limit != nil:
		return s.limitCode(rule)
	case len(rule.cond.lacks) > 0:
		return CodeScope
	case rule.cond.crosses():
		return CodeCross
	}
	return CodeDenied
}

// reasonOf words the reason of a rule without a message, by the kinds found.
func (s *Session) reasonOf(rule *Rule, v *Verdict) string {
	for _, f := range v.Findings {
		if f.Rule == rule.ID {
			return f.Detector + ": " + f.Kind
		}
	}
	if rule.limit != nil {
		return limitReason(s.limitCode(rule))
	}
	return "rule " + rule.ID
}

// judged are the protocol's methods that the default action is for: those that
// read, do or decide something. The rest keeps a session going (initialize, lists,
// ping, notifications), and passes unless a rule speaks of it; answers do too,
// since their request was let through. A method unknown to the protocol is judged.
var judged = map[string]bool{
	mcp.MethodToolsCall: true, mcp.MethodResourcesRead: true, mcp.MethodPromptsGet: true,
	mcp.MethodComplete: true, mcp.MethodSample: true, mcp.MethodElicit: true, "resources/subscribe": true,
}

func (s *Session) otherwise(m *mcp.Message) Action {
	if m.Kind.IsAnswer() {
		return Allow
	}
	if _, known := mcp.LookupMethod(m.Method); known && !judged[m.Method] {
		return Allow
	}
	return s.policy.Default
}

// refuseRequest tells the right peer that a message doesn't pass: the sender of a
// request, or who awaits an answer. A notification is dropped in silence.
func (s *Session) refuseRequest(m *mcp.Message, rule *Rule) {
	v, sub := &s.event.Verdict, &s.now.subject
	number := mcp.RefuseDenied
	if v.Action == Ask {
		number = mcp.RefuseApproval
	}
	if v.Code == CodeTooLarge {
		number = mcp.RefuseTooLarge
	}
	r := s.refusal(number)
	switch {
	case m.Kind == mcp.Request && rule != nil && rule.asResult && sub.Method == mcp.MethodToolsCall:
		s.send(Output{To: sub.Dir.Reverse(), Bytes: mcp.AppendToolError(nil, m.ID, r), Kind: mcp.Response, ID: m.ID, Own: true})
	case m.Kind == mcp.Request:
		s.refuse(sub.Dir.Reverse(), sub.ID, r)
	case m.Kind.IsAnswer() && rule != nil && rule.asResult && sub.Method == mcp.MethodToolsCall:
		s.send(Output{To: sub.Dir, Bytes: mcp.AppendToolError(nil, m.ID, r), Kind: mcp.Response, ID: m.ID, Own: true})
	case m.Kind.IsAnswer():
		s.refuse(sub.Dir, m.ID, r)
	}
}

// An edit is a range of Raw to be replaced.
type edit struct {
	start, end int
	kind       string
	whole      bool   // a value that is no string: quotes are needed
	with       string // what replaces it; "" for its kind
}

// edits maps hits to ranges of Raw, in order and without overlap.
func (r *reading) edits(hits []hit, with string) []edit {
	var out []edit
	for _, h := range hits {
		if h.text == nil {
			n := r.m.Nodes[h.node]
			out = append(out, edit{int(n.Start), int(n.End), h.kind, true, with})
			continue
		}
		r.ranges(h.text, h.start, h.end, func(a, b int) {
			if b > a {
				out = append(out, edit{a, b, h.kind, false, with})
			}
		})
	}
	return mergeEdits(out)
}

// mergeEdits sorts edits and joins those that overlap.
func mergeEdits(out []edit) []edit {
	slices.SortStableFunc(out, func(a, b edit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	merged := out[:0]
	for _, x := range out {
		if len(merged) > 0 && x.start < merged[len(merged)-1].end {
			last := &merged[len(merged)-1]
			last.end = max(last.end, x.end)
			continue
		}
		merged = append(merged, x)
	}
	return merged
}

// redact lets a message pass without what is to be replaced.
func (s *Session) redact(m *mcp.Message, f mcp.Frame, rule *Rule, edits []edit) {
	v := &s.event.Verdict
	out, ok := s.edited(m, f.Raw, edits)
	if !ok {
		v.Action, v.Code = Deny, CodeDenied
		v.Reason = "it can't be redacted without breaking the message"
		s.refuseRequest(m, rule)
		return
	}
	for _, x := range edits {
		v.Redactions = append(v.Redactions, Redaction{x.start, x.end, x.kind})
	}
	s.pass(s.passages(m))
	s.forward(m, f.Dir, out)
}

// edited is what leaves of a message: the replacements are spliced in, and nothing
// else of it moves. It is not ok if that isn't one message with one reading any more.
func (s *Session) edited(m *mcp.Message, raw []byte, edits []edit) (out []byte, ok bool) {
	if len(edits) == 0 {
		return s.leaving(m, raw), true
	}
	out, last := make([]byte, 0, len(raw)+64), 0
	for _, x := range edits {
		out = append(out, raw[last:x.start]...)
		out = appendReplacement(out, x)
		last = x.end
	}
	out = append(out, raw[last:]...)
	after, err := s.check.Decode(out)
	if err != nil || after.Kind != m.Kind || after.ID != m.ID {
		return nil, false
	}
	return s.leaving(after, out), true
}

func appendReplacement(out []byte, x edit) []byte {
	if x.whole {
		out = append(out, '"')
	}
	if x.with != "" {
		q := quoteJSON(x.with)
		out = append(out, q[1:len(q)-1]...)
	} else {
		out = append(out, "[REDACTED:"...)
		out = append(out, x.kind...)
		out = append(out, ']')
	}
	if x.whole {
		out = append(out, '"')
	}
	return out
}

// findingsOf appends what made a rule match.
func (r *reading) findingsOf(dst []Finding, hits []hit, rule string) []Finding {
	for _, h := range hits {
		if h.text == nil || h.family == 0 {
			continue
		}
		pin := r.pinOf(h.text, detect.Finding{Family: h.family, Kind: h.kind, Start: h.start, End: h.end, View: h.view, Score: h.score})
		f := Finding{Pin: pin, Rule: rule}
		if !slices.Contains(dst, f) {
			dst = append(dst, f)
		}
	}
	return dst
}

// advance folds the step into the state digest. It takes in positions, kinds and
// counts but no value, so that a stand-in of the same length gives the same digest.
func (s *Session) advance() {
	v, b := &s.event.Verdict, append(s.hash[:0], s.digest[:]...)
	num := func(n int) { b = binary.AppendVarint(b, int64(n)) }
	str := func(t string) { num(len(t)); b = append(b, t...) }
	num(s.event.Seq)
	num(int(s.now.subject.Dir))
	str(s.now.subject.Kind)
	num(s.now.subject.Call)
	num(int(v.Action))
	str(v.Rule)
	str(v.Code)
	for _, r := range v.Matched {
		str(r)
	}
	for _, f := range v.Findings {
		num(len(f.Pointer)) // it holds names, which can be secrets
		str(f.Kind)
		str(f.View)
		num(f.Start)
		num(f.End)
	}
	for _, r := range v.Redactions {
		num(r.Start)
		num(r.End)
	}
	num(s.waiting[mcp.ToServer])
	num(s.waiting[mcp.ToClient])
	num(len(s.tools))
	num(len(s.held))
	num(len(s.remembered))
	num(len(s.late))
	num(len(s.killed))
	str(s.caller)
	num(s.event.Held)
	for _, l := range []*layer{&s.layer, &s.guard} {
		for i := range l.limits {
			num(int(l.limits[i]))
			num(len(l.windows[i].keys))
		}
	}
	b = s.fold(b)
	if s.guard.policy != nil {
		s.swap()
		b = s.fold(b)
		s.swap()
	}
	s.hash = b
	s.digest = sha256.Sum256(b)
	s.event.Digest = s.digest
}
