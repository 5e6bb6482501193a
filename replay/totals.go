package replay

import (
	"cmp"
	"slices"

	"github.com/rulewind/rulewind/corpus"
)

// totals add cases up, in order.
type totals struct {
	cfg     *Config
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
	groups map[groupKey]*Group
}

// MaxGroups bounds the groups of a comparison; what would be another is added to
// one that says no more than class and actions.
const MaxGroups = 10_000

func newTotals(cfg *Config) *totals {
	t := &totals{cfg: cfg, sources: map[string]int{}, servers: tallies{}, tools: tallies{}}
	t.corpus.Sources, t.control.Drift = []SourceCount{}, []DriftEntry{}
	for _, p := range cfg.Candidates {
		c := candidateTotal{groups: map[groupKey]*Group{}}
		c.Candidate = refOf(p)
		t.cands = append(t.cands, c)
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
	n := &r.corpus
	c := &t.corpus
	c.Cases++
	c.Steps += n.steps
	c.Synthetic += n.synthetic
	c.Requests += n.requests
	c.Answers += n.answers
	if n.imported {
		c.Imported++
	}
	c.Fidelity.plus(n.fidelity)
	t.missing |= n.missing
	i, known := t.sources[n.source]
	if !known {
		i = len(c.Sources)
		t.sources[n.source] = i
		c.Sources = append(c.Sources, SourceCount{Source: n.source})
	}
	c.Sources[i].Cases++
	c.Sources[i].Steps += n.steps
	t.servers.plus(n.servers)
	t.tools.plus(n.tools)
	t.addControl(&r.control)
	for k := range r.cands {
		t.cands[k].add(&r.cands[k])
	}
}

func (t *totals) addControl(n *controlCount) {
	c := &t.control
	c.Compared += n.compared
	c.Equal += n.equal
	c.Unrecorded += n.unrecorded
	c.NotEvaluable += n.notEvaluable
	if n.drift != nil {
		c.Sessions++
		if len(c.Drift) < MaxDrift {
			c.Drift = append(c.Drift, *n.drift)
		}
	}
}

func (c *candidateTotal) add(n *candidateCount) {
	c.Compared += n.compared
	c.Unchanged += n.unchanged
	c.Changed += n.changed
	c.Moot += n.moot
	c.Unclaimed += n.unclaimed
	c.Conditional += n.conditional
	for _, p := range n.groups {
		c.addGroup(p)
	}
}

func (c *candidateTotal) addGroup(p *partial) {
	key := p.key
	g := c.groups[key]
	if g == nil && len(c.groups) >= MaxGroups {
		key = groupKey{class: key.class, from: Side{Action: key.from.Action, Rule: otherNames}, to: Side{Action: key.to.Action, Rule: otherNames}}
		g = c.groups[key]
	}
	if g == nil {
		g = &Group{
			ID: key.id(), Class: key.class, Direction: key.class.Direction(), From: key.from, To: key.to,
			Dir: key.dir, Kind: key.kind, Server: key.server, Method: key.method, Tool: key.tool, Shape: key.shape,
		}
		c.groups[key] = g
	}
	if p.example != nil && (g.Count == 0 || p.example.Size < g.Example.Size) {
		g.Example = *p.example
	}
	g.Count += p.count
	g.Conditional += p.conditional
	g.Sessions++
	g.Labels.Attack += p.labels.Attack
	g.Labels.Benign += p.labels.Benign
}

// result closes the sums.
func (t *totals) result(interrupted bool) *Result {
	t.corpus.Servers, t.corpus.Tools = t.servers.list(), t.tools.list()
	slices.SortFunc(t.corpus.Sources, func(a, b SourceCount) int { return cmp.Compare(a.Source, b.Source) })
	r := &Result{
		Version: Version, Engine: t.cfg.Engine, Corpus: t.corpus, Control: t.control,
		Baseline:    Baseline{Recorded: t.cfg.Baseline == nil, Policy: refOf(cmp.Or(t.cfg.Baseline, t.cfg.Fallback))},
		Interrupted: interrupted, Limits: t.limits(),
		Comparisons: []Comparison{},
	}
	for i := range t.cands {
		r.Comparisons = append(r.Comparisons, t.cands[i].close(t.control.Sessions))
	}
	r.judge(&t.cfg.Gate)
	return r
}

// close orders a comparison's groups and counts its classes.
func (c *candidateTotal) close(drifted int) Comparison {
	out := c.Comparison
	out.Groups = []Group{}
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
	f := &t.cfg.Filter
	say(len(f.Sessions)+len(f.Servers)+len(f.Tools)+len(f.Labels) > 0 || f.Since != 0, "a filter chose what counts: nothing is said about the rest")
	say(t.corpus.Imported > 0, "imported sessions have made-up opening facts, and requests where only answers were kept; those are not counted")
	say(t.missing&corpus.NoClock != 0, "some sessions have no clock: rate limits are not tested by them")
	say(t.missing&corpus.NoAnswers != 0, "some sessions have no answers: rules for answers are not tested by them")
	say(t.missing&corpus.NoArguments != 0, "some sessions have no arguments: calls that rules on arguments could judge are not evaluable")
	say(t.missing&corpus.NoOrder != 0, "some sessions have no order: rules with memory are not tested by them")
	say(t.corpus.Fidelity.Pinned > 0, "pinned entries are judged by the findings of the time: new detectors don't see them")
	say(t.corpus.Fidelity.Lossy+t.corpus.Fidelity.Escrow > 0, "lossy entries, and escrowed ones without their key, are not evaluable")
	return out
}
