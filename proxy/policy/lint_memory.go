package policy

import "slices"

// memory looks at what a rule remembers and asks of memory.
func (l *linter) memory(r *Rule) {
	set, asked := l.p.labelsSet(), l.p.labelsAsked()
	for _, name := range r.labels {
		if !slices.Contains(asked, name) {
			l.warn(r, r.Pos, LintLabelUnused, "no rule asks for the label %s that rule %s sets; recordings and reports still show it", name, r.ID)
		}
	}
	if r.cache > 0 && !slices.ContainsFunc(r.cond.facts(nil), func(c *cond) bool { return slices.Contains(c.hints, hintCond{hintReadOnly, true}) }) {
		l.warn(r, r.Pos, LintCacheWrites, "rule %s caches whatever the server lists as read-only now; say so, with annotations: {readOnlyHint: true}, and name the tools that you trust", r.ID)
	}
	if r.remember != nil && l.p.recall.prints[r.remember.index].least == 0 {
		l.warn(r, r.Pos, LintNotCarried, "no rule asks for %s, which rule %s remembers: nothing is kept", l.p.recall.prints[r.remember.index].name, r.ID)
	}
	r.cond.each(func(c *cond) {
		for i := range c.memory {
			k := &c.memory[i]
			if k.carries != nil {
				l.carries(r, k)
			}
			for _, name := range k.labels(&l.p.recall) {
				if !slices.Contains(set, name) {
					l.warn(r, k.pos, LintLabelUnset, "no rule sets the label %q%s", name, nearest(name, set))
				}
			}
		}
	})
}

func (l *linter) carries(r *Rule, k *stateCond) {
	if r.Action == Allow {
		l.warn(r, k.pos, LintCarriesAllow, "rule %s allows what has a part in common with what was seen; the rest of it can be anything: hold the arguments against a pattern", r.ID)
	}
	var known []string
	for _, o := range l.p.Rules {
		if o.remember != nil {
			known = append(known, l.p.recall.prints[o.remember.index].name)
		}
	}
	for _, i := range k.carries.from {
		if name := l.p.recall.prints[i].name; !slices.Contains(known, name) {
			hint := "; give a rule remember: " + name
			if len(known) > 0 {
				hint = didYouMean(name, known)
			}
			l.warn(r, k.pos, LintNotRemembered, "no rule remembers anything as %q%s", name, hint)
		}
	}
}

func nearest(word string, known []string) string {
	if len(known) == 0 {
		return "; give one labels: [" + word + "]"
	}
	return didYouMean(word, known)
}

// labelsSet are the labels that rules set, each once.
func (p *Policy) labelsSet() (out []string) {
	for _, r := range p.Rules {
		for _, l := range r.labels {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// labelsAsked are the labels that conditions ask for.
func (p *Policy) labelsAsked() (out []string) {
	for _, r := range p.Rules {
		r.cond.each(func(c *cond) {
			for i := range c.memory {
				out = append(out, c.memory[i].labels(&p.recall)...)
			}
		})
	}
	return out
}

// labels are those that a condition asks for.
func (k *stateCond) labels(r *recall) (out []string) {
	for _, a := range k.after {
		out = append(out, a.label)
	}
	if k.sequence != nil {
		out = append(out, r.sequences[k.sequence.index].labels...)
	}
	return out
}

// each calls f for c and every condition in it.
func (c *cond) each(f func(*cond)) {
	f(c)
	for _, sub := range slices.Concat(c.all, c.any) {
		sub.each(f)
	}
	if c.not != nil {
		c.not.each(f)
	}
}

// recalls reports whether c has the condition on memory of this text.
func (c *cond) recalls(text string) bool {
	return slices.ContainsFunc(c.memory, func(k stateCond) bool { return k.text == text })
}
