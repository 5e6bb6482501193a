package replay

import (
	"encoding/json"
	"maps"
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
	memo   policy.Memo
	// shortest has, per candidate, the size of the shortest example made so far: a
	// longer one can't win, since a worker sees cases in order.
	shortest []map[groupKey]int
	// answers are those of a case's questions that it has answers to.
	answers   map[int]bool
	answersOf *corpus.Case
	// names are tools' names as they may be shown.
	names map[string]string
}

type loadedPolicy struct {
	sources []policy.Source
	policy  *policy.Policy
	err     error
}

func newJudge(cfg *Config) *judge {
	j := &judge{cfg: cfg, names: map[string]string{}}
	for range cfg.runs() {
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
	// Matched are the ids of the candidate's rules that matched, sorted.
	Matched []string `json:"matched,omitempty"`
	// First is the step where what leaves first differs.
	First *Divergence `json:"first,omitempty"`

	Expectations Expectations `json:"expectations"`
}

// A partial is what a case adds to a group.
type partial struct {
	Key         groupKey   `json:"key"`
	Count       int        `json:"count"`
	Conditional int        `json:"conditional"`
	Bytes       int        `json:"bytes,omitempty"`
	Labels      LabelCount `json:"labels"`
	// Example is made of the shortest message of the case in this group, if it can be
	// the group's.
	Example *Example `json:"example,omitempty"`

	step, size    int // of that message
	world         *world
	isConditional bool
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
		j.lighten(rec, base)
	}
	baseline := func() *policy.Session {
		if base == nil {
			return nil
		}
		s := policy.NewSession(base)
		s.KeepPolicy = base != recorded
		return s
	}
	if bas = rec; base != recorded {
		if bas = baseline(); bas != nil {
			j.lighten(bas, nil)
			bas.Light.NoDigest, bas.Light.Beside = true, rec
		}
	}
	tracks := j.tracks(bas)
	j.steps(c, &out, rec, bas, tracks)
	for k := range tracks {
		if !j.cfg.noExamples {
			j.examples(c, k, baseline, &tracks[k])
		}
		tracks[k].out.Matched = slices.Sorted(maps.Keys(tracks[k].matched))
		out.Cands = append(out.Cands, tracks[k].out)
	}
	return out
}

// lighten makes a session leave out what isn't asked of it, and find all that the
// policies after it need.
func (j *judge) lighten(s *policy.Session, base *policy.Policy) {
	if j.cfg.alone {
		return
	}
	s.Light.NoSecrets, s.Light.Memo = true, &j.memo
	if base != nil {
		s.LookFor(base)
	}
	for _, p := range j.cfg.Candidates {
		s.LookFor(p)
	}
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
	case j.cfg.Baseline != nil && recorded != nil && j.cfg.Baseline.Digest == recorded.Digest && !reloads(c):
		return recorded, recorded, nil
	case j.cfg.Baseline != nil:
		return recorded, j.cfg.Baseline, nil
	case recorded != nil:
		return recorded, recorded, nil
	}
	return nil, j.cfg.Fallback, nil
}

// reloads reports whether another policy is put in force in the case.
func reloads(c *corpus.Case) bool {
	for i := range c.Steps {
		f := &c.Steps[i].Frame
		var fact policy.Fact
		if f.Kind == mcp.FactFrame && json.Unmarshal(f.Raw, &fact) == nil && fact.Name == policy.FactPolicy {
			return true
		}
	}
	return false
}

// steps feeds the frames to all sessions, in order.
func (j *judge) steps(c *corpus.Case, out *caseResult, rec, bas *policy.Session, tracks []track) {
	quick := j.cfg.Quick && rec != nil && !reloads(c)
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
		frame := st.Frame
		if quick && spare(st) {
			frame.Pinned = true // by nothing
		}
		var recE, basE *policy.Event
		evaluable := claims(st)
		if rec != nil {
			recE = step(rec, frame)
			evaluable = out.Control.check(c, i, recE, &reproduced, j.cfg.Filter.takesStep(st, recE))
		}
		if basE = recE; bas != rec {
			basE = nil
			if bas != nil {
				found := finder{frame: frame, session: rec, event: recE, off: j.cfg.alone}
				basE = step(bas, found.frameFor(bas.Policy()))
			}
		}
		if out.Control.Drift != nil && j.cfg.Filter.takesStep(st, recE) {
			for k := range tracks {
				tracks[k].out.Unclaimed++
			}
		}
		var candE *policy.Event
		found := finder{frame: frame, session: bas, event: basE, off: j.cfg.alone}
		if out.Control.Drift == nil {
			for k := range tracks {
				candE = j.judge(c, i, basE, &tracks[k], evaluable, &found)
			}
		}
		if st.Synthetic {
			out.Corpus.Synthetic++
		} else if j.cfg.Filter.takesStep(st, basE, recE, candE) {
			out.Corpus.count(st, j.toolName, basE, recE, candE)
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
