package policy

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A recall is what the rules of a policy want remembered. It is made at load, and
// shared by a policy and its mutants.
type recall struct {
	slots     int // of conditions on memory, for moment.outcomes
	watches   []watch
	sequences []sequence
	classes   []class
	prints    []printName
	byValue   bool // what is remembered depends on values, not on names and times alone
}

// A memory is what a session remembers for the rules: bounded by the policy, but for
// what each part says.
type memory struct {
	seen    []sightings // by index of recall.watches
	chains  []chain     // by index of recall.sequences
	touched uint64      // the classes of the tools called, by index of recall.classes
	prints  []printSet  // by index of recall.prints
	cache   cache
}

func newMemory(r *recall) memory {
	m := memory{seen: make([]sightings, len(r.watches)), chains: make([]chain, len(r.sequences)), prints: make([]printSet, len(r.prints))}
	for i := range m.chains {
		m.chains[i] = newChain(len(r.sequences[i].labels))
	}
	return m
}

// A passage is what changes in the session if a message passes. It holds nothing of
// the message itself, so that it can be kept until the message is let through.
type passage struct {
	answered bool // it is a request
	tallies  []tally
	labels   []string
	touched  uint64
	prints   []impression
	debt     *debt
}

// A tally is a limit whose window a message counts in.
type tally struct {
	index int // in Session.windows
	limit *limit
	key   string
	calls bool // count it; else only what it takes
}

// A debt is what is left to do when a request gets its answer.
type debt struct {
	seq     int
	at      int64
	bytes   int64
	tallies []tally // of limits with budgets

	writes bool          // it may change what tools read
	key    string        // that the answer is kept under; "" if it isn't
	ttl    time.Duration // of what is kept
	epoch  int           // of the cache, when the call passed
}

// passage collects what the current message changes if it passes: what the rules
// that matched say, and the limits that it came by.
func (s *Session) passage(m *mcp.Message) (p passage) {
	retry := s.now.call.IsRetry
	p.answered = m.Kind == mcp.Request
	d := debt{seq: s.event.Seq, at: s.now.at, bytes: int64(len(m.Raw))}
	for _, r := range s.policy.limited {
		i := r.limitIndex
		if s.limits[i] != limitWithin {
			continue
		}
		t := tally{index: i, limit: r.limit, key: s.keys[i], calls: r.limit.counts && !retry}
		if t.calls || r.limit.budgeted() {
			p.tallies = append(p.tallies, t)
		}
		if r.limit.budgeted() {
			d.tallies = append(d.tallies, t)
		}
	}
	for _, r := range s.matched {
		for _, l := range r.labels {
			if !retry || !s.memory.labelled(&s.policy.recall, l) {
				p.labels = append(p.labels, l)
			}
		}
		if r.remember != nil {
			p.prints = append(p.prints, s.impress(r.remember, m))
		}
	}
	if m.Kind == mcp.Request && m.Method == mcp.MethodToolsCall {
		p.touched = s.policy.recall.classesOf(s.now.subject.Tool, s.server)
	}
	if caching := s.caching(&d, m); caching || len(d.tallies) > 0 {
		owed := d // which most messages owe nothing of, and so need no memory for
		p.debt = &owed
	}
	return p
}

// passIn takes a message that passes into the layer's memory. It returns what is left
// to do at its answer.
func (s *Session) passIn(p passage) *debt {
	for _, t := range p.tallies {
		if t.calls {
			s.windows[t.index].count(t.limit, t.key, s.now.at)
		}
	}
	s.label(p.labels)
	s.memory.touched |= p.touched
	for _, i := range p.prints {
		s.memory.prints[i.index].add(i.hashes)
		s.now.printed += len(i.hashes)
	}
	if p.debt == nil {
		return nil
	}
	p.debt.at = s.now.at // a held message passes later than it came
	if p.debt.writes {
		s.memory.cache.begun()
	}
	if !p.answered {
		s.payOffIn(p.debt)
	}
	return p.debt
}

// payOffIn spends what a call took in the layer.
func (s *Session) payOffIn(d *debt) {
	if d == nil {
		return
	}
	x := spend{s.now.at, d.bytes, max(s.now.at-d.at, 0)}
	if s.now.subject.Kind != "fact" && d.seq != s.event.Seq {
		x.bytes += int64(s.now.size)
	}
	if d.writes {
		s.memory.cache.ended(s.now.subject.Kind != "fact")
	}
	s.now.took.bytes += x.bytes
	s.now.took.time += x.time
	for _, t := range d.tallies {
		s.windows[t.index].spend(t.limit, t.key, x)
	}
}

// memoryUnder is what the layer remembers under another policy: what both ask for
// by the same words.
func (l *layer) memoryUnder(p *Policy) memory {
	m := newMemory(&p.recall)
	if l.policy == nil {
		return m
	}
	was := &l.policy.recall
	for i, w := range p.recall.watches {
		for k, o := range was.watches {
			if w.label == o.label && w.scope == o.scope {
				m.seen[i] = l.memory.seen[k]
			}
		}
	}
	for i, q := range p.recall.sequences {
		for k, o := range was.sequences {
			if slices.Equal(q.labels, o.labels) {
				m.chains[i] = l.memory.chains[k]
			}
		}
	}
	for i, c := range p.recall.classes {
		for k, o := range was.classes {
			if c.name == o.name && l.memory.touched&(1<<k) != 0 {
				m.touched |= 1 << i
			}
		}
	}
	for i, n := range p.recall.prints {
		for k, o := range was.prints {
			if n.name == o.name {
				m.prints[i] = l.memory.prints[k]
			}
		}
	}
	m.cache = cache{epoch: l.memory.cache.epoch + 1, off: l.memory.cache.off}
	return m
}

// oweUnder makes what the pending calls still owe fit the policies in force, after
// those that they passed under.
func (s *Session) oweUnder(was [2]*Policy) {
	for key, c := range s.pending {
		if c.held || c.ask != 0 {
			continue
		}
		for i, l := range []*layer{&s.layer, &s.guard} {
			c.debts[i] = l.owed(c.debts[i], was[i])
			if l.policy != nil && l.policy.caches && key.dir == mcp.ToServer && s.mayWrite(c.method, c.tool) {
				if c.debts[i] == nil {
					c.debts[i] = &debt{seq: c.seq, at: s.now.at}
				}
				c.debts[i].writes = true
				l.memory.cache.begun()
			}
		}
		s.pending[key] = c
	}
}

// owed is what is left of a debt that a call came by under another policy: its limits
// where both have them.
func (l *layer) owed(d *debt, was *Policy) *debt {
	if d == nil || was == nil || l.policy == nil {
		return nil
	}
	n := debt{seq: d.seq, at: d.at, bytes: d.bytes}
	for _, t := range d.tallies {
		old := was.limited[t.index]
		if r := l.policy.own(old.ID); r != nil && r.limit != nil && r.limit.same(old.limit) {
			t.index, t.limit = r.limitIndex, r.limit
			n.tallies = append(n.tallies, t)
		}
	}
	return &n
}

// remembers reports whether the policy has rules with memory beside limits of calls.
func (r *recall) remembers() bool {
	return r.slots > 0 || len(r.watches)+len(r.sequences)+len(r.classes)+len(r.prints) > 0
}

// fold appends to the state digest what the step changed in memory: names of the
// policy, counts and times, no value.
func (s *Session) fold(b []byte) []byte {
	if took := s.now.took; took != (spend{}) {
		b = binary.AppendVarint(b, took.bytes)
		b = binary.AppendVarint(b, took.time)
	}
	if s.policy.caches {
		c := &s.memory.cache
		for _, n := range []int{s.event.Cached, len(c.order), c.epoch, c.writing} {
			b = binary.AppendVarint(b, int64(n))
		}
	}
	if !s.policy.recall.remembers() {
		return b
	}
	for _, l := range s.event.Labels {
		b = append(append(b, l...), 0)
	}
	for i := range s.memory.seen {
		b = binary.AppendVarint(b, int64(s.memory.seen[i].total))
	}
	b = binary.AppendVarint(b, int64(s.now.printed))
	return binary.AppendUvarint(b, s.memory.touched)
}

// Keeps says what the rule leaves in the session's memory, in words: labels, values
// and answers.
func (r *Rule) Keeps() (out []string) {
	if len(r.labels) > 0 {
		out = append(out, "sets "+strings.Join(r.labels, ", "))
	}
	if r.remember != nil {
		out = append(out, "remembers "+r.remember.name)
	}
	if r.cache > 0 {
		out = append(out, "caches "+r.cache.String())
	}
	return out
}
