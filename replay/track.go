package replay

import (
	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A track is one candidate, in one history, on its way through a case.
type track struct {
	policy   *policy.Policy
	causal   bool
	out      candidateCount
	index    map[groupKey]*partial
	diverged bool // something else than before has left
	matched  map[string]bool
	// worlds are the courses that things may have taken: one, until a causal track
	// comes to something that nobody saw.
	worlds []*world
}

// tracks are the candidates at the start of a case, beside the baseline.
func (j *judge) tracks(beside *policy.Session) []track {
	light := policy.Light{NoSecrets: true, NoDigest: true, Beside: beside, Memo: &j.memo}
	if j.cfg.alone {
		light = policy.Light{}
	}
	runs := j.cfg.runs()
	out := make([]track, len(runs))
	for k, r := range runs {
		out[k] = track{policy: r.policy, causal: r.causal}
		out[k].worlds = []*world{newWorld(r.policy, light, j.cfg.Approvals)}
	}
	return out
}

// candidate returns a session that stays under its policy whatever the recording was
// put under.
func candidate(p *policy.Policy) *policy.Session {
	s := policy.NewSession(p)
	s.KeepPolicy = true
	return s
}

// judge gives one step to a candidate and notes the change, if any. The event is
// nil if the step was skipped.
func (j *judge) judge(c *corpus.Case, i int, b *policy.Event, t *track, evaluable bool, found *finder) *policy.Event {
	for _, w := range t.worlds {
		w.judge(i, b, found.frameFor(t.policy))
	}
	j.settle(c, i, b, t, evaluable)
	e := t.worlds[0].event
	if t.asked() || t.causal && t.newlyPassed(b) {
		if e != nil {
			e = e.Clone() // what is imagined takes its place
		}
		j.imagine(c, i, b, t)
	}
	return e
}

// settle counts a step by what the worlds say of it.
func (j *judge) settle(c *corpus.Case, i int, b *policy.Event, t *track, evaluable bool) {
	st := &c.Steps[i]
	w, agreed := t.say(b)
	if w == nil {
		if j.cfg.Filter.takesStep(st, b) {
			t.out.Moot++
		}
		return
	}
	e := w.event
	if agreed {
		t.out.Expectations.expect(c, st, e)
	}
	counts := j.cfg.Filter.takesStep(st, b, e)
	if counts {
		t.cover(e)
	}
	switch {
	case b != nil && (w.follows(e) || consequence(st, b, e)):
		if counts {
			t.out.Moot++
		}
	case !counts:
		if b != nil && agreed && !st.Synthetic {
			if class, changed := compare(&b.Verdict, &e.Verdict); changed {
				t.diverge(c, i, class)
			}
		}
	case b == nil || !evaluable:
		t.note(j, c, i, NotEvaluable, b, w)
	case !agreed:
		t.out.Compared++
		t.note(j, c, i, Indeterminate, b, w)
	default:
		t.out.Compared++
		if class, changed := compare(&b.Verdict, &e.Verdict); changed {
			t.note(j, c, i, class, b, w)
			t.diverge(c, i, class)
		} else {
			t.out.Unchanged++
		}
	}
}

// consequence reports whether a step ends what only one side holds, or comes to
// something of which only one side knows: a change of it was counted at its call.
func consequence(st *corpus.Step, b, e *policy.Event) bool {
	if st.Frame.Kind != mcp.FactFrame && b.Held == e.Held {
		return false
	}
	_, changed := compare(&b.Verdict, &e.Verdict)
	return changed
}

// say returns the world that speaks for all about the step, the least strict one,
// and whether they agree; nil if the step is in none of them.
func (t *track) say(b *policy.Event) (speaker *world, agreed bool) {
	agreed = true
	for _, w := range t.worlds {
		switch {
		case w.event == nil:
		case speaker == nil:
			speaker = w
		default:
			agreed = agreed && alike(b, w.event, speaker.event)
			if w.event.Verdict.Action.Strictness() < speaker.event.Verdict.Action.Strictness() {
				speaker = w
			}
		}
	}
	return speaker, agreed
}

// alike reports whether two verdicts of a candidate are the same change of the
// baseline's.
func alike(b, x, y *policy.Event) bool {
	if x.Verdict.Action != y.Verdict.Action {
		return false
	}
	if b == nil {
		return true
	}
	class, changed := compare(&b.Verdict, &x.Verdict)
	other, also := compare(&b.Verdict, &y.Verdict)
	return class == other && changed == also
}

// cover notes the rules that matched.
func (t *track) cover(e *policy.Event) {
	for _, rule := range e.Verdict.Matched {
		if t.matched == nil {
			t.matched = map[string]bool{}
		}
		t.matched[rule] = true
	}
}

// diverge notes a change of what leaves.
func (t *track) diverge(c *corpus.Case, i int, class Class) {
	if t.diverged || class.Direction() == Neutral {
		return
	}
	t.diverged = true
	t.out.First = &Divergence{Source: c.Source, Case: c.ID, Step: c.Steps[i].ID, Seq: i, Class: class}
}

// note adds a change to its group.
func (t *track) note(j *judge, c *corpus.Case, i int, class Class, b *policy.Event, w *world) {
	st := &c.Steps[i]
	key := j.keyOf(c, st, class, b, w.event)
	p := t.index[key]
	if p == nil {
		if t.index == nil {
			t.index = map[groupKey]*partial{}
		}
		key = key.clone()
		p = &partial{Key: key, step: i, world: w, size: len(st.Frame.Raw), isConditional: t.diverged}
		t.index[key] = p
		t.out.Groups = append(t.out.Groups, p)
	}
	if len(st.Frame.Raw) < p.size {
		p.step, p.world, p.size, p.isConditional = i, w, len(st.Frame.Raw), t.diverged
	}
	p.Count++
	if b != nil {
		p.Bytes += differing(&b.Verdict, &w.event.Verdict)
	}
	t.out.Changed++
	if t.diverged {
		p.Conditional++
		t.out.Conditional++
	}
	switch {
	case st.Ambiguous:
	case st.Label == "attack":
		p.Labels.Attack++
	case st.Label == "benign":
		p.Labels.Benign++
	}
}
