package detect

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Find returns the findings of the wanted families in t, ordered by Start, then
// End, then Kind, without duplicates. It appends to dst and returns it. It is safe
// for concurrent use.
func Find(dst []Finding, t Text, want Set) []Finding {
	from := len(dst)
	v := View{Text: t.Value, Of: &t, Name: "raw"}
	for i := range rules {
		r := &rules[i]
		if r.Family&want == 0 || len(r.Places) > 0 && !slices.Contains(r.Places, t.Place) {
			continue
		}
		for _, m := range compiled(i).FindAllStringSubmatchIndex(v.Text, -1) {
			dst = judge(dst, r, &v, m)
		}
	}
	for i := range parsers {
		p := &parsers[i]
		if p.Family&want == 0 || p.Any != nil && !holdsAny(v.Text, p.Any) || p.Maybe != nil && !p.Maybe(&v) {
			continue
		}
		p.Find(&v, func(kind string, start, end int, score Score) {
			s, e := v.Source(start, end)
			dst = append(dst, Finding{Family: p.Family, Kind: kind, Start: s, End: e, View: v.Name, Score: score})
		})
	}
	return dst[:from+len(settle(dst[from:]))]
}

// judge turns a match of r into a finding, unless it is a placeholder or fails
// the rule's check.
func judge(dst []Finding, r *Rule, v *View, m []int) []Finding {
	start, end := m[2*r.Group], m[2*r.Group+1]
	if start < 0 {
		return dst
	}
	thing := v.Text[start:end]
	for _, bad := range r.Reject {
		if strings.Contains(thing, bad) {
			return dst
		}
	}
	if r.Check != nil && !r.Check(thing, v, start, end) {
		return dst
	}
	score := r.Score
	if r.Grade != nil {
		if score = r.Grade(thing, v, start, end); score == NoScore {
			return dst
		}
	}
	s, e := v.Source(start, end)
	return append(dst, Finding{Family: r.Family, Kind: r.Kind, Start: s, End: e, View: v.Name, Score: score})
}

// settle sorts findings and drops those said twice.
func settle(fs []Finding) []Finding {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
	})
	return slices.CompactFunc(fs, func(a, b Finding) bool {
		return a.Start == b.Start && a.End == b.End && a.Kind == b.Kind
	})
}

func holdsAny(text string, any []string) bool {
	low := strings.ToLower(text)
	return slices.ContainsFunc(any, func(s string) bool { return strings.Contains(low, s) })
}

var (
	regexps  = make([]*regexp.Regexp, len(rules))
	compiles = make([]sync.Once, len(rules))
)

// compiled returns the regular expression of rule i, compiled when first asked for.
func compiled(i int) *regexp.Regexp {
	compiles[i].Do(func() { regexps[i] = regexp.MustCompile(rules[i].Pattern) })
	return regexps[i]
}

// Kinds lists every kind that the families in s can report, sorted; policies may
// name them, so a kind is never renamed.
func Kinds(s Set) []string {
	var kinds []string
	for i := range rules {
		if rules[i].Family&s != 0 {
			kinds = append(kinds, rules[i].Kind)
		}
	}
	for i := range parsers {
		if parsers[i].Family&s != 0 {
			kinds = append(kinds, parsers[i].Kinds...)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
