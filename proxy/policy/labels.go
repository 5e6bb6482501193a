package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Bounds of the memory of labels.
const (
	maxTimes  = 1000 // how often a condition can ask for a label
	maxScopes = 100  // clients or servers whose marks are told apart
)

// labelScope says whose labels a condition counts, beside the session's own.
type labelScope uint8

const (
	scopeOwn       labelScope = iota
	scopeOneClient            // sessions of the same client
	scopeOneServer            // sessions with the same server
	scopeAll                  // every session that shares the store
)

var labelScopes = []string{"session", "client", "server", "all"}

// A watch is a label that conditions ask for, in a scope.
type watch struct {
	label string
	scope labelScope
	depth int // the times that have to be remembered
}

// watch returns the index of a watch, made where there is none.
func (r *recall) watch(label string, scope labelScope, depth int) int {
	for i := range r.watches {
		if w := &r.watches[i]; w.label == label && w.scope == scope {
			w.depth = max(w.depth, depth)
			return i
		}
	}
	r.watches = append(r.watches, watch{label, scope, depth})
	return len(r.watches) - 1
}

// sightings are when a label was set: the latest times, as many as a watch needs.
type sightings struct {
	own    []int64
	others map[string][]int64 // of other sessions, by what the scope tells apart
	total  int
}

// note puts a time in its place among the latest.
func note(times []int64, at int64, depth int) []int64 {
	i, _ := slices.BinarySearch(times, at+1)
	times = slices.Insert(times, i, at)
	return times[max(len(times)-depth, 0):]
}

func (g *sightings) add(own bool, who string, at int64, depth int) {
	g.total++
	if own {
		g.own = note(g.own, at, depth)
		return
	}
	if g.others == nil {
		g.others = map[string][]int64{}
	}
	if _, known := g.others[who]; !known && len(g.others) >= maxScopes {
		who = overflow // counts for everyone
	}
	g.others[who] = note(g.others[who], at, depth)
}

// count tells how often the label was set after a time, up to the watch's depth.
func (g *sightings) count(who string, after int64) int {
	since := func(times []int64) int {
		i, _ := slices.BinarySearch(times, after+1)
		return len(times) - i
	}
	n := since(g.own)
	if g.others != nil {
		n += since(g.others[who]) + since(g.others[overflow])
	}
	return n
}

// labelled reports whether anything that asks for the label has seen it.
func (m *memory) labelled(r *recall, label string) bool {
	for i := range r.watches {
		if r.watches[i].label == label && r.watches[i].scope == scopeOwn {
			return len(m.seen[i].own) > 0
		}
	}
	return false
}

// who is what the scope tells sessions apart by.
func (k labelScope) who(client, server string) string {
	switch k {
	case scopeOneClient:
		return client
	case scopeOneServer:
		return server
	}
	return ""
}

// label sets labels on the session: the event shows each once.
func (s *Session) label(labels []string) {
	if len(labels) == 0 {
		return
	}
	for _, l := range labels {
		if !slices.Contains(s.event.Labels, l) {
			s.event.Labels = append(s.event.Labels, l)
		}
	}
	s.layer.label(labels, s.now.at)
	if s.guard.policy != nil {
		s.guard.label(labels, s.now.at)
	}
}

func (l *layer) label(labels []string, at int64) {
	for i := range l.policy.recall.watches {
		if w := &l.policy.recall.watches[i]; slices.Contains(labels, w.label) {
			l.memory.seen[i].add(true, "", at, w.depth)
		}
	}
	for i := range l.policy.recall.sequences {
		l.memory.chains[i].step(l.policy.recall.sequences[i].labels, labels, at)
	}
}

// mark takes in a label that another session has set.
func (s *Session) mark(f *Fact) {
	s.layer.mark(f, min(f.At, s.now.at))
	if s.guard.policy != nil {
		s.guard.mark(f, min(f.At, s.now.at))
	}
}

func (l *layer) mark(f *Fact, at int64) {
	for i := range l.policy.recall.watches {
		if w := &l.policy.recall.watches[i]; w.label == f.Label && w.scope != scopeOwn {
			l.memory.seen[i].add(false, w.scope.who(f.Client, f.Server), at, w.depth)
		}
	}
}

// Marks returns the labels that rules ask other sessions for, in the order in which
// they stand: those that are worth a FactMark.
func (p *Policy) Marks() (out []string) {
	for _, w := range p.recall.watches {
		if w.scope != scopeOwn && !slices.Contains(out, w.label) {
			out = append(out, w.label)
		}
	}
	if p.guard != nil {
		for _, l := range p.guard.Marks() {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// An afterEntry asks for a label that was set.
type afterEntry struct {
	label  string
	watch  int
	times  int
	within time.Duration // 0: ever
	scope  labelScope
}

func (a afterEntry) String() string {
	out := a.label
	if a.times > 1 {
		out += fmt.Sprintf(" %d times", a.times)
	}
	if a.within > 0 {
		out += " within " + a.within.String()
	}
	if a.scope != scopeOwn {
		out += " (" + labelScopes[a.scope] + ")"
	}
	return out
}

// since is the time after which the label counts.
func (a afterEntry) since(now int64) int64 {
	if a.within == 0 {
		return math.MinInt64 + 1
	}
	return now - int64(a.within)
}

func (s *Session) holdsAfter(list []afterEntry) bool {
	for _, a := range list {
		if s.memory.seen[a.watch].count(a.scope.who(s.client, s.server), a.since(s.now.at)) < a.times {
			return false
		}
	}
	return true
}

// A sequence asks for labels that were set in an order, by different messages.
type sequence struct{ labels []string }

// A chain is how far a sequence has come: for each of its labels, when the latest
// run of the labels up to it began; never where there was none. That is all that
// a `within` needs, however often a label is set.
type chain []int64

const never64 = int64(math.MinInt64)

func newChain(n int) chain {
	c := make(chain, n)
	for i := range c {
		c[i] = never64
	}
	return c
}

// step takes in the labels that one message has set.
func (c chain) step(labels, set []string, at int64) {
	for i := len(c) - 1; i >= 0; i-- {
		if !slices.Contains(set, labels[i]) {
			continue
		}
		if i == 0 {
			c[0] = at
		} else {
			c[i] = max(c[i], c[i-1])
		}
	}
}

// sequence returns the index of a sequence, made where there is none.
func (r *recall) sequence(labels []string) int {
	for i := range r.sequences {
		if slices.Equal(r.sequences[i].labels, labels) {
			return i
		}
	}
	r.sequences = append(r.sequences, sequence{labels})
	return len(r.sequences) - 1
}

func (s *Session) holdsSequence(index int, within time.Duration) bool {
	c := s.memory.chains[index]
	began := c[len(c)-1]
	return began != never64 && (within == 0 || began > s.now.at-int64(within))
}

func describeAfter(list []afterEntry) string {
	var parts []string
	for _, a := range list {
		parts = append(parts, a.String())
	}
	return "after " + strings.Join(parts, " and ")
}
