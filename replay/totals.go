package replay

import (
	"cmp"
	"slices"

	"github.com/rulewind/rulewind/corpus"
)

// totals add cases up, in order.
type totals struct {
	about   about
	corpus  Corpus
	sources map[string]int // index in corpus.Sources
	servers tallies
	tools   tallies
	control Control
	cands   []candidateTotal
	missing corpus.Missing
}

type candidateTotal struct {
	Comparison
	groups  map[groupKey]*Group
	matched map[string]bool
}

// MaxGroups bounds the groups of a comparison; what would be another is added to
// one that says no more than class and actions.
const MaxGroups = 10_000

// about is what a run is about: of two parts of one run it is the same.
type about struct {
	Engine     string      `json:"engine"`
	Baseline   Baseline    `json:"baseline"`
	Candidates []PolicyRef `json:"candidates"`
	Mode       Mode        `json:"mode"`
	Approvals  Approvals   `json:"approvals"`
	Quick      bool        `json:"quick,omitempty"`
	Filter     Filter      `json:"filter"`
}

// comparisons are what the run makes, empty: one for each candidate and history.
func (a *about) comparisons() (out []Comparison) {
	for _, p := range a.Candidates {
		if a.Mode != Causal {
			out = append(out, Comparison{Candidate: p, Mode: Observed})
		}
		if a.Mode != Observed {
			out = append(out, Comparison{Candidate: p, Mode: Causal})
		}
	}
	return out
}

func aboutOf(cfg *Config) about {
	a := about{
		Engine: cfg.Engine, Filter: cfg.Filter, Mode: cfg.Mode, Approvals: cfg.Approvals, Quick: cfg.Quick,
		Baseline: Baseline{Recorded: cfg.Baseline == nil, Policy: refOf(cmp.Or(cfg.Baseline, cfg.Fallback))},
	}
	for i, p := range cfg.Candidates {
		ref := refOf(p)
		if i < len(cfg.Files) {
			ref.Files = cfg.Files[i]
		}
		a.Candidates = append(a.Candidates, ref)
	}
	return a
}

func newTotals(a about) *totals {
	t := &totals{about: a, sources: map[string]int{}, servers: tallies{}, tools: tallies{}}
	t.corpus.Sources, t.control.Drift = []SourceCount{}, []DriftEntry{}
	for _, c := range a.comparisons() {
		t.cands = append(t.cands, candidateTotal{c, map[groupKey]*Group{}, map[string]bool{}})
	}
	return t
}

func (t *totals) progress() Progress {
	p := Progress{Cases: t.corpus.Cases, Steps: t.corpus.Steps}
	for i := range t.cands {
		p.Changes += t.cands[i].Changed
	}
	return p
}

func (t *totals) add(r *caseResult) {
	n := &r.Corpus
	c := &t.corpus
	c.Cases++
	c.Steps += n.Steps
	c.Synthetic += n.Synthetic
	c.Requests += n.Requests
	c.Answers += n.Answers
	if n.Imported {
		c.Imported++
	}
	c.Fidelity.plus(n.Fidelity)
	t.missing |= n.Missing
	i, known := t.sources[n.Source]
	if !known {
		i = len(c.Sources)
		t.sources[n.Source] = i
		c.Sources = append(c.Sources, SourceCount{Source: n.Source})
	}
	c.Sources[i].Cases++
	c.Sources[i].Steps += n.Steps
	t.servers.plus(n.Servers)
	t.tools.plus(n.Tools)
	t.addControl(&r.Control)
	for k := range r.Cands {
		t.cands[k].add(&r.Cands[k])
	}
}

func (t *totals) addControl(n *controlCount) {
	c := &t.control
	c.Compared += n.Compared
	c.Equal += n.Equal
	c.Unrecorded += n.Unrecorded
	c.NotEvaluable += n.NotEvaluable
	if n.Drift != nil {
		c.Sessions++
		if len(c.Drift) < MaxDrift {
			c.Drift = append(c.Drift, *n.Drift)
		}
	}
}

func (c *candidateTotal) add(n *candidateCount) {
	c.Compared += n.Compared
	c.Unchanged += n.Unchanged
	c.Changed += n.Changed
	c.Moot += n.Moot
	c.Unclaimed += n.Unclaimed
	c.Conditional += n.Conditional
	c.Expectations.plus(&n.Expectations)
	for _, rule := range n.Matched {
		c.matched[rule] = true
	}
	if n.First != nil {
		c.Diverged++
		if len(c.First) < MaxDivergences {
			c.First = append(c.First, *n.First)
		}
	}
	for _, p := range n.Groups {
		c.addGroup(p)
	}
}

func (c *candidateTotal) addGroup(p *partial) {
	key := p.Key
	g := c.groups[key]
	if g == nil && len(c.groups) >= MaxGroups {
		key = groupKey{Class: key.Class, From: Side{Action: key.From.Action, Rule: otherNames}, To: Side{Action: key.To.Action, Rule: otherNames}}
		g = c.groups[key]
	}
	if g == nil {
		g = &Group{
			ID: key.id(), Class: key.Class, Direction: key.Class.Direction(), From: key.From, To: key.To,
			Dir: key.Dir, Kind: key.Kind, Server: key.Server, Method: key.Method, Tool: key.Tool, Shape: key.Shape,
		}
		c.groups[key] = g
	}
	if p.Example != nil && (g.Count == 0 || p.Example.Size < g.Example.Size) {
		g.Example = *p.Example
	}
	g.Count += p.Count
	g.Conditional += p.Conditional
	g.Sessions++
	g.Bytes += p.Bytes
	g.Labels.Attack += p.Labels.Attack
	g.Labels.Benign += p.Labels.Benign
}

// result closes the sums.
func (t *totals) result(gate *GateConfig, interrupted bool) *Result {
	t.corpus.Servers, t.corpus.Tools = t.servers.list(), t.tools.list()
	slices.SortFunc(t.corpus.Sources, func(a, b SourceCount) int { return cmp.Compare(a.Source, b.Source) })
	r := &Result{
		Version: Version, Engine: t.about.Engine, Corpus: t.corpus, Control: t.control,
		Baseline: t.about.Baseline, Interrupted: interrupted, Limits: t.limits(), Comparisons: []Comparison{},
	}
	for i := range t.cands {
		r.Comparisons = append(r.Comparisons, t.cands[i].close(t.control.Sessions))
	}
	r.judge(gate)
	return r
}

// close orders a comparison's groups and counts its classes.
func (c *candidateTotal) close(drifted int) Comparison {
	out := c.Comparison
	out.Groups = []Group{}
	out.Matched = len(c.matched)
	for _, class := range Classes() {
		out.Classes = append(out.Classes, ClassCount{Class: class, Direction: class.Direction()})
	}
	out.Classes[Drift].Count = drifted
	for _, g := range c.groups {
		out.Groups = append(out.Groups, *g)
		out.Classes[g.Class].Count += g.Count
		out.Classes[g.Class].Groups++
	}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// limits says in words what the sums don't show.
func (t *totals) limits() []string {
	out := []string{"replay judges recorded messages: what a client or server would have done after another verdict is not known"}
	say := func(when bool, text string) {
		if when {
			out = append(out, text)
		}
	}
	f := &t.about.Filter
	say(len(f.Sessions)+len(f.Servers)+len(f.Tools)+len(f.Labels) > 0 || f.Since != 0 || f.Until != 0, "a filter chose what counts: nothing is said about the rest")
	say(t.about.Mode != Observed, "the causal history guesses at answers that nobody saw: that none came, and that conditions which they could move hold or fail; verdicts that differ by that are indeterminate")
	say(t.about.Approvals == Approved, "where a candidate asks and nobody answered, it is supposed that somebody approved")
	say(t.about.Approvals == Refused, "where a candidate asks and nobody answered, it is supposed that somebody refused")
	say(t.about.Quick, "a quick run: where the recording says that nothing was found it is believed; replay verify checks it")
	say(t.corpus.Imported > 0, "imported sessions have made-up opening facts, and requests where only answers were kept; those are not counted")
	say(t.missing&corpus.NoClock != 0, "some sessions have no clock: rate limits are not tested by them")
	say(t.missing&corpus.NoAnswers != 0, "some sessions have no answers: rules for answers are not tested by them")
	say(t.missing&corpus.NoArguments != 0, "some sessions have no arguments: calls that rules on arguments could judge are not evaluable")
	say(t.missing&corpus.NoOrder != 0, "some sessions have no order: rules with memory are not tested by them")
	say(t.corpus.Fidelity.Pinned > 0, "pinned entries are judged by the findings of the time: new detectors don't see them")
	say(t.corpus.Fidelity.Lossy+t.corpus.Fidelity.Escrow > 0, "lossy entries, and escrowed ones without their key, are not evaluable")
	return out
}
