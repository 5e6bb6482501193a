package policy

// A layer is a policy in force with what it makes the session remember. A session has
// one, or two: a project's policy stands under a guard, and the stricter verdict of
// both counts.
type layer struct {
	policy  *Policy
	windows []window
	memory  memory
	folders []string // resolved Policy.roots, nil until asked for

	// What is known of the message being judged. limits are the outcomes of the rules'
	// limits, by limitIndex, so that Same sees the same ones.
	limits []uint8
	keys   []string
	// outcomes are those of conditions on memory, by slot: 0 unasked, 1 no, 2 yes.
	outcomes []uint8
	matched  []*Rule // in order
}

// begin forgets the message before.
func (l *layer) begin() {
	clear(l.limits)
	clear(l.outcomes)
	l.matched = l.matched[:0]
}

// under is the layer under another policy, nil for none.
func (l *layer) under(p *Policy) layer {
	if p == nil {
		return layer{}
	}
	n := layer{
		policy: p, windows: make([]window, p.limits), memory: l.memoryUnder(p),
		limits: make([]uint8, p.limits), keys: make([]string, p.limits), outcomes: make([]uint8, p.recall.slots),
	}
	for i := range n.windows {
		n.windows[i].most = p.bounds.keys
	}
	for _, r := range p.Rules {
		if r.limit == nil || l.policy == nil {
			continue
		}
		if was := l.policy.own(r.ID); was != nil && was.limit != nil && was.limit.same(r.limit) {
			n.windows[r.limitIndex] = l.windows[was.limitIndex]
			n.windows[r.limitIndex].most = p.bounds.keys
		}
	}
	return n
}
