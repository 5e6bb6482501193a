package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
)

// ChangedSince returns the ids of the rules that aren't written as they were in an
// older policy, or stand behind another rule; "" is among them if the default changed.
func (p *Policy) ChangedSince(was *Policy) map[string]bool {
	out := map[string]bool{"": p.Default != was.Default}
	before := was.written()
	for id, text := range p.written() {
		out[id] = before[id] != text
	}
	return out
}

// written returns how each rule is written, after the id of the one before it.
func (p *Policy) written() map[string]string {
	out := map[string]string{}
	previous := ""
	for _, r := range p.Rules {
		out[r.ID] = previous + "\n" + p.textOf(r)
		previous = r.ID
	}
	return out
}

// textOf returns the lines that a rule is written on.
func (p *Policy) textOf(r *Rule) string {
	i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.Name == r.File })
	if i < 0 {
		return ""
	}
	lines := strings.Split(string(p.Sources[i].Text), "\n")
	end := len(lines)
	for _, o := range p.Rules {
		if o.File == r.File && o.Line > r.Line {
			end = min(end, o.Line-1)
		}
	}
	own := lines[min(r.Line-1, len(lines)):end]
	for k, line := range own { // what isn't indented belongs to the file
		if k > 0 && line != "" && strings.TrimLeft(line, " \t-#") == line {
			own = own[:k]
			break
		}
	}
	for len(own) > 0 && cmp.Or(strings.TrimSpace(own[len(own)-1]), "#")[0] == '#' {
		own = own[:len(own)-1]
	}
	return strings.Join(own, "\n")
}

// DetectsAs returns the id of a rule of p that asks detectors otherwise than a rule of
// the older policy does, "" if there is none: then a message in which no rule of the
// older one found anything, and that its default let pass, has nothing in it that a
// detector's condition in p could hold for.
func (p *Policy) DetectsAs(was *Policy) (different string) {
	for _, r := range p.Rules {
		if r.cond.families() == 0 && r.remember == nil && r.cache == 0 {
			continue
		}
		o := was.Rule(r.ID)
		if o == nil || p.textOf(r) != was.textOf(o) || o.Action != r.Action || o.cond.negatesAny() || was.recall.byValue || was.caches {
			return r.ID
		}
	}
	return ""
}

// negatesAny reports whether a detector's condition stands below a not.
func (c *cond) negatesAny() bool {
	for i := range detect.Names {
		if c.negates(detect.Set(1 << i)) {
			return true
		}
	}
	return false
}
