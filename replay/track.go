package replay

import (
	"github.com/rulewind/rulewind/corpus"
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

// A world is a candidate's session with what it was given.
type world struct {
	course  course
	session *policy.Session
	trail   []int        // the step of each frame; ^k for made[k]
	made    []guess      // frames that no recording has
	parted  map[int]bool // the requests that one side stopped and the other didn't
	event   *policy.Event
}

// tracks are the candidates at the start of a case.
func (j *judge) tracks(c *corpus.Case) []track {
	runs := j.cfg.runs()
	out := make([]track, len(runs))
	for k, r := range runs {
		out[k] = track{policy: r.policy, causal: r.causal}
		w := &world{session: policy.NewSession(r.policy), trail: make([]int, 0, len(c.Steps))}
		out[k].worlds = []*world{w}
	}
	return out
}

// judge gives one step to a candidate and notes the change, if any. The event is
// nil if the step was skipped.
func (j *judge) judge(c *corpus.Case, i int, b *policy.Event, t *track, evaluable bool, found *finder) *policy.Event {
	for _, w := range t.worlds {
		w.event = nil
		if b != nil && b.Subject.Call >= 0 && w.parted[b.Subject.Call] {
			continue // the candidate stopped the call: the answer never was
		}
		w.event = step(w.session, found.frameFor(t.policy))
		w.trail = append(w.trail, i)
		if b != nil && b.Subject.Kind == "request" && stops(b.Verdict.Action) != stops(w.event.Verdict.Action) {
			w.part(i)
		}
	}
	j.settle(c, i, b, t, evaluable)
	e := t.worlds[0].event
	if t.causal {
		t.unknown(c, i, b)
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
	if !j.cfg.Filter.takesStep(st, b, e) {
		if b != nil && agreed && !st.Synthetic {
			if class, changed := compare(&b.Verdict, &e.Verdict); changed {
				t.diverge(c, i, class)
			}
		}
		return
	}
	t.cover(e)
	switch {
	case b != nil && w.follows(e):
		// The baseline stopped the call: what it would have said is unknown.
		t.out.Moot++
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

func (w *world) part(i int) {
	if w.parted == nil {
		w.parted = map[int]bool{}
	}
	w.parted[i] = true
}

// follows reports whether the event is about a call that only the candidate let
// pass: its answer, or a later request under its id.
func (w *world) follows(e *policy.Event) bool {
	if len(w.parted) == 0 {
		return false
	}
	if call := e.Subject.Call; call >= 0 && call < len(w.trail) && w.parted[w.trail[call]] {
		return true
	}
	return e.Verdict.Code == policy.CodeDuplicateID
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
