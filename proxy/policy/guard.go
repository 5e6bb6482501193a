package policy

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// projectPrefix stands before the ids of a guarded policy's rules, so that none is
// mistaken for one of its guard's.
const projectPrefix = "project:"

// Guarded returns a policy that a project brings along, under the policy of its user:
// of both verdicts the stricter counts, so that the project can only tighten. Its
// rules' ids begin with "project:". Each has its limits and what it remembers for
// itself, but for labels, which are the session's. Answers from memory (cache) are off.
func Guarded(project, guard *Policy) *Policy {
	p := *project
	p.guard = guard
	p.Name = project.Name + " under " + guard.Name
	p.Sources = slices.Clone(project.Sources)
	for i, s := range guard.Sources {
		s.Guard = i == 0
		p.Sources = append(p.Sources, s)
	}
	p.Rules = make([]*Rule, len(project.Rules))
	for i, r := range project.Rules {
		copied := *r
		copied.ID, copied.cache = projectPrefix+r.ID, 0
		p.Rules[i] = &copied
	}
	p.tests = nil
	p.legacyCodes = guard.legacyCodes
	p.listedOnly = project.listedOnly || guard.listedOnly
	p.bounds = project.bounds.and(guard.bounds)
	if guard.callers != nil {
		p.callers, p.anonymous = guard.callers, guard.anonymous
	}
	p.reset()
	p.finish()
	return &p
}

// Guard returns the policy that this one stands under, nil if it is none's.
func (p *Policy) Guard() *Policy { return p.guard }

// and are the narrower bounds of both.
func (b bounds) and(o bounds) bounds {
	return bounds{
		pending: min(b.pending, o.pending), timeout: min(b.timeout, o.timeout), message: min(b.message, o.message), answer: min(b.answer, o.answer),
		depth: min(b.depth, o.depth), values: min(b.values, o.values), items: min(b.items, o.items), members: min(b.members, o.members), keys: min(b.keys, o.keys),
	}
}

// swap exchanges the layers, so that what is asked of the session is asked of the
// guard.
func (s *Session) swap() { s.layer, s.guard = s.guard, s.layer }

// verdict walks the rules of both layers; the stricter verdict counts. What either
// redacts is redacted.
func (s *Session) verdict(r *reading, m *mcp.Message, dir mcp.Dir, first bool) (v Verdict, rule *Rule, edits []edit) {
	v, rule, edits = s.walk(r, m, dir, first)
	if v.Action != Redact {
		edits = nil
	}
	if s.guard.policy == nil {
		return v, rule, edits
	}
	s.swap()
	gv, grule, gedits := s.walk(r, m, dir, first)
	s.swap()
	matched, findings := slices.Concat(v.Matched, gv.Matched), slices.Concat(v.Findings, gv.Findings)
	if gv.Action == Redact {
		edits = mergeEdits(append(edits, gedits...))
	}
	if gv.Action.Strictness() > v.Action.Strictness() || v.Rule == "default" && gv.Action == v.Action {
		v, rule = gv, grule
	}
	v.Matched, v.Findings = matched, findings
	return v, rule, edits
}

// passages are what a message changes in both layers if it passes.
func (s *Session) passages(m *mcp.Message) (p [2]passage) {
	p[0] = s.passage(m)
	if s.guard.policy != nil {
		s.swap()
		p[1] = s.passage(m)
		s.swap()
	}
	return p
}

// pass takes a message that passes into the memory of both layers. What is left to do
// at its answer is in s.now.debts then.
func (s *Session) pass(p [2]passage) {
	s.now.debts[0] = s.passIn(p[0])
	if s.guard.policy != nil {
		s.swap()
		s.now.debts[1] = s.passIn(p[1])
		s.swap()
	}
}

// payOff spends what a call took in both layers, now that it is over.
func (s *Session) payOff(d [2]*debt) {
	s.payOffIn(d[0])
	if s.guard.policy != nil {
		s.swap()
		s.payOffIn(d[1])
		s.swap()
	}
}
