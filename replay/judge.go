package replay

import (
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A judge runs cases, one after another. Each worker has its own.
type judge struct {
	cfg    *Config
	loaded []loadedPolicy
	dec    mcp.Decoder
	// shortest has, per candidate, the size of the shortest example made so far: a
	// longer one can't win, since a worker sees cases in order.
	shortest []map[groupKey]int
}

type loadedPolicy struct {
	sources []policy.Source
	policy  *policy.Policy
	err     error
}

func newJudge(cfg *Config) *judge {
	j := &judge{cfg: cfg}
	for range cfg.Candidates {
		j.shortest = append(j.shortest, map[groupKey]int{})
	}
	return j
}

// load returns a recorded policy, compiled once.
func (j *judge) load(sources []policy.Source) (*policy.Policy, error) {
	same := func(a, b policy.Source) bool { return a.Name == b.Name && string(a.Text) == string(b.Text) }
	for _, l := range j.loaded {
		if slices.EqualFunc(l.sources, sources, same) {
			return l.policy, l.err
		}
	}
	p, err := policy.LoadSources(sources)
	j.loaded = append(j.loaded, loadedPolicy{sources, p, err})
	return p, err
}

// A caseResult is what a case adds to the result.
type caseResult struct {
	skipped bool // by the filter

	Corpus  caseCount        `json:"corpus"`
	Control controlCount     `json:"control"`
	Cands   []candidateCount `json:"candidates"`
}

// A candidateCount is what a case adds to a comparison.
type candidateCount struct {
	Compared    int        `json:"compared"`
	Unchanged   int        `json:"unchanged"`
	Changed     int        `json:"changed"`
	Moot        int        `json:"moot"`
	Unclaimed   int        `json:"unclaimed"`
	Conditional int        `json:"conditional"`
	Groups      []*partial `json:"groups"`

	Expectations Expectations `json:"expectations"`
}

// A partial is what a case adds to a group.
type partial struct {
	Key         groupKey   `json:"key"`
	Count       int        `json:"count"`
	Conditional int        `json:"conditional"`
	Labels      LabelCount `json:"labels"`
	// Example is made of the shortest message of the case in this group, if it can be
	// the group's.
	Example *Example `json:"example,omitempty"`

	step, size    int // of that message
	isConditional bool
}

// A track is one candidate on its way through a case.
type track struct {
	session  *policy.Session
	out      candidateCount
	index    map[groupKey]*partial
	seqs     []int        // the step of each frame that the session was given
	skipped  map[int]bool // the steps that it wasn't given
	parted   map[int]bool // the requests that one side stopped and the other didn't
	diverged bool         // something else than before has left
}

// run judges one case under every policy.
func (j *judge) run(c *corpus.Case) caseResult {
	var out caseResult
	if out.skipped = !j.cfg.Filter.takesCase(c); out.skipped {
		return out
	}
	out.Corpus.begin(c)
	recorded, base, err := j.policies(c)
	if err != nil {
		out.Control.Drift = &DriftEntry{Source: c.Source, Case: c.ID, Differs: []string{"policy"}, Problem: err.Error()}
	}
	var rec, bas *policy.Session
	if recorded != nil {
		rec = policy.NewSession(recorded)
	}
	switch {
	case base == nil:
	case base == recorded:
		bas = rec
	default:
		bas = policy.NewSession(base)
	}
	tracks := make([]track, len(j.cfg.Candidates))
	for k, p := range j.cfg.Candidates {
		tracks[k].session = policy.NewSession(p)
	}
	j.steps(c, &out, rec, bas, tracks)
	for k := range tracks {
		if !j.cfg.noExamples {
			j.examples(c, k, base, &tracks[k])
		}
		out.Cands = append(out.Cands, tracks[k].out)
	}
	return out
}

// policies returns the recorded policy and the baseline of a case; the same value
// if they are the same policy, nil where there is none. The error is that of
// loading the recorded one.
func (j *judge) policies(c *corpus.Case) (recorded, base *policy.Policy, err error) {
	if len(c.Policy) > 0 {
		if recorded, err = j.load(c.Policy); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case j.cfg.Baseline != nil && recorded != nil && j.cfg.Baseline.Digest == recorded.Digest:
		return recorded, recorded, nil
	case j.cfg.Baseline != nil:
		return recorded, j.cfg.Baseline, nil
	case recorded != nil:
		return recorded, recorded, nil
	}
	return nil, j.cfg.Fallback, nil
}

// steps feeds the frames to all sessions, in order.
func (j *judge) steps(c *corpus.Case, out *caseResult, rec, bas *policy.Session, tracks []track) {
	reproduced := true // no earlier step has lost its verdict in storage
	for i := range c.Steps {
		st := &c.Steps[i]
		if out.Control.Drift != nil {
			if j.cfg.Filter.takesStep(st, st.Recorded) {
				out.Corpus.uncounted(st)
				for k := range tracks {
					tracks[k].out.Unclaimed++
				}
			}
			continue
		}
		var recE, basE *policy.Event
		evaluable := claims(st)
		if rec != nil {
			recE = step(rec, st.Frame)
			evaluable = out.Control.check(c, i, recE, &reproduced, j.cfg.Filter.takesStep(st, recE))
		}
		if basE = recE; bas != rec {
			basE = nil
			if bas != nil {
				basE = step(bas, st.Frame)
			}
		}
		if out.Control.Drift != nil && j.cfg.Filter.takesStep(st, recE) {
			for k := range tracks {
				tracks[k].out.Unclaimed++
			}
		}
		var candE *policy.Event
		found := finder{frame: st.Frame, session: bas, event: basE, off: j.cfg.alone}
		if out.Control.Drift == nil {
			for k := range tracks {
				candE = j.judge(c, i, basE, &tracks[k], evaluable, &found)
			}
		}
		if st.Synthetic {
			out.Corpus.Synthetic++
		} else if j.cfg.Filter.takesStep(st, basE, recE, candE) {
			out.Corpus.count(st, basE, recE, candE)
		}
	}
}

// step judges a frame; a failure of the engine becomes a deny (law L7).
func step(s *policy.Session, f mcp.Frame) (e *policy.Event) {
	defer func() {
		if r := recover(); r != nil {
			e = &policy.Event{Verdict: policy.Verdict{Action: policy.Deny, Rule: ruleFailed, Reason: "the engine failed"}}
			e.Subject.Call = -1
		}
	}()
	return s.Step(f)
}

// judge gives one step to a candidate and notes the change, if any. The event is
// nil if the step was skipped.
func (j *judge) judge(c *corpus.Case, i int, b *policy.Event, t *track, evaluable bool, found *finder) *policy.Event {
	st := &c.Steps[i]
	if b != nil && b.Subject.Call >= 0 && t.parted[b.Subject.Call] {
		// The candidate stopped the call: the answer never was.
		t.skip(i)
		if j.cfg.Filter.takesStep(st, b) {
			t.out.Moot++
		}
		return nil
	}
	e := step(t.session, found.frameFor(t.session.Policy()))
	t.seqs = append(t.seqs, i)
	t.out.Expectations.expect(c, st, e)
	if b != nil && b.Subject.Kind == "request" && stops(b.Verdict.Action) != stops(e.Verdict.Action) {
		t.part(i)
	}
	if !j.cfg.Filter.takesStep(st, b, e) {
		if b != nil {
			class, changed := compare(&b.Verdict, &e.Verdict)
			t.diverged = t.diverged || changed && !st.Synthetic && class.Direction() != Neutral
		}
		return e
	}
	switch {
	case b != nil && t.follows(e):
		// The baseline stopped the call: what it would have said is unknown.
		t.out.Moot++
	case b == nil || !evaluable:
		t.note(j, c, i, NotEvaluable, b, e)
	default:
		t.out.Compared++
		if class, changed := compare(&b.Verdict, &e.Verdict); changed {
			t.note(j, c, i, class, b, e)
			t.diverged = t.diverged || class.Direction() != Neutral
		} else {
			t.out.Unchanged++
		}
	}
	return e
}

func (t *track) skip(i int) {
	if t.skipped == nil {
		t.skipped = map[int]bool{}
	}
	t.skipped[i] = true
}

func (t *track) part(i int) {
	if t.parted == nil {
		t.parted = map[int]bool{}
	}
	t.parted[i] = true
}

// follows reports whether the event is about a call that only the candidate let
// pass: its answer, or a later request under its id.
func (t *track) follows(e *policy.Event) bool {
	if len(t.parted) == 0 {
		return false
	}
	if call := e.Subject.Call; call >= 0 && call < len(t.seqs) && t.parted[t.seqs[call]] {
		return true
	}
	return e.Verdict.Code == policy.CodeDuplicateID
}

// note adds a change to its group.
func (t *track) note(j *judge, c *corpus.Case, i int, class Class, b, e *policy.Event) {
	st := &c.Steps[i]
	key := j.keyOf(c, st, class, b, e)
	p := t.index[key]
	if p == nil {
		if t.index == nil {
			t.index = map[groupKey]*partial{}
		}
		key = key.clone()
		p = &partial{Key: key, step: i, size: len(st.Frame.Raw), isConditional: t.diverged}
		t.index[key] = p
		t.out.Groups = append(t.out.Groups, p)
	}
	if len(st.Frame.Raw) < p.size {
		p.step, p.size, p.isConditional = i, len(st.Frame.Raw), t.diverged
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
