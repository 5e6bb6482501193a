package policy

import "github.com/rulewind/rulewind/proxy/detect"

// A demand is what a message must have for a condition to hold, as far as that can be
// told at once: what was found in it, and what its members are called. Most rules are
// refused by it, and never evaluated.
type demand struct {
	families detect.Set // each of which is found
	names    nameSet    // all of which there are
	one      [][]demand // of each list, one is met
}

func demandOf(c *cond) (d demand) {
	for i := range c.values {
		v := &c.values[i]
		for _, det := range v.m.detectors {
			d.families |= det.family
		}
		if v.root != rootText && !v.m.absent() {
			for _, b := range v.sel.needs {
				d.names[b>>6] |= 1 << (b & 63)
			}
		}
	}
	for _, sub := range c.all {
		of := demandOf(sub)
		d.families |= of.families
		for i := range d.names {
			d.names[i] |= of.names[i]
		}
		d.one = append(d.one, of.one...)
	}
	if len(c.any) > 0 {
		var list []demand
		for _, sub := range c.any {
			list = append(list, demandOf(sub))
		}
		d.one = append(d.one, list)
	}
	return d
}

// metBy reports whether a message may meet the condition.
func (d *demand) metBy(r *reading) bool {
	if d.families&^r.present != 0 {
		return false
	}
	for i, names := range d.names {
		if names&^r.names[i] != 0 {
			return false
		}
	}
	for _, list := range d.one {
		if !anyMet(list, r) {
			return false
		}
	}
	return true
}

func anyMet(list []demand, r *reading) bool {
	for i := range list {
		if list[i].metBy(r) {
			return true
		}
	}
	return false
}
