package detect

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// Find returns the findings of the wanted families in t, ordered by Start, then
// End, then Kind, without duplicates. It appends to dst and returns it. It is safe
// for concurrent use.
func Find(dst []Finding, t Text, want Set) []Finding {
	w := works.Get().(*work)
	dst = append(dst, w.find(t, want)...)
	w.forget()
	works.Put(w)
	return dst
}

// find returns the findings in t, which are good until w is used again.
func (w *work) find(t Text, want Set) []Finding {
	w.found = w.found[:0]
	w.text = t
	w.sure, w.search.flooded = [16]uint8{}, 0
	w.tree.grow(&w.text, w.known(want))
	for i := range w.tree.views {
		w.pass(&w.tree.views[i], want)
	}
	if want&Secrets != 0 && len(t.Value) <= longestMember && secretMember(t.Name) {
		w.passMember()
	}
	if tr := &w.tree; tr.tooDeep && want&Hidden != 0 {
		w.found = append(w.found, Finding{Family: Hidden, Kind: tooDeeplyEncoded, Start: tr.start, End: tr.end,
			View: "raw", Score: Medium})
	}
	if len(w.found) > 0 {
		w.found = settle(w.found)
	}
	return w.found
}

// longestMember is the longest value that is looked at together with its name.
const longestMember = 1 << 10

// secretMember reports whether a member's name promises a secret, passwords aside:
// tools that log in are given those.
func secretMember(name string) bool {
	var buf [64]byte
	if name == "" || len(name) > len(buf) {
		return false
	}
	low := buf[:copy(buf[:], name)]
	for i, c := range low {
		if 'A' <= c && c <= 'Z' {
			low[i] = c | 0x20
		}
	}
	for i, c := range low {
		if secretStarts[c] && secretStart(low[i:]) {
			return true
		}
	}
	return false
}

// secretStarts are the letters that the words of secretStart begin with.
var secretStarts = [256]bool{'k': true, 't': true, 's': true, 'c': true, 'a': true, 'b': true, 'j': true}

func secretStart(s []byte) bool {
	for _, w := range [...]string{"key", "token", "secret", "credential", "auth", "bearer", "jwt", "cookie"} {
		if len(s) >= len(w) && string(s[:len(w)]) == w {
			return true
		}
	}
	return false
}

// passMember looks for secrets in the value of a member as if it were written
// after the member's name, since many kinds show by their name only.
func (w *work) passMember() {
	pre := w.text.Name + `: "`
	w.member = View{Text: pre + w.text.Value + `"`, Of: &w.text, Name: "raw", source: func(start, end int) (int, int) {
		return start - len(pre), end - len(pre)
	}}
	w.member.long = longRuns(nil, w.member.Text)
	w.pass(&w.member, Secrets)
	w.member = View{}
}

// tooDeeplyEncoded is the kind of a text that goes beyond the bounds of views.
const tooDeeplyEncoded = "too-deeply-encoded"

// A work is the scratch memory of one Find. It is all that a text without findings
// needs, so that most texts cost no allocation.
type work struct {
	text   Text
	learnt learnt
	tree   tree
	member View
	search search
	found  []Finding
	sure   [16]uint8 // how many findings are sure, by family
	// What tell, the one report function of all parsers, speaks of.
	view   *View
	parser *Parser
	tell   func(kind string, start, end int, score Score)
}

var works = sync.Pool{New: func() any {
	w := new(work)
	w.search.match = w.judge
	w.tell = func(kind string, start, end int, score Score) {
		w.report(Finding{Family: w.parser.Family, Kind: kind, Start: start, End: end, Score: score})
	}
	return w
}}

var theIndex = sync.OnceValue(func() *index { return newIndex(rules, parsers) })

// known returns what is known about the names around the text, nil if no detector
// is going to ask.
func (w *work) known(want Set) *names {
	if want&(Commands|Paths|Egress) == 0 || w.text.Place == Answer || w.text.Place == Description {
		return nil
	}
	return w.learnt.of(w.text.Tool, w.text.Name)
}

// forget drops what refers to the text, so that the pool keeps no message alive.
func (w *work) forget() {
	clear(w.tree.views)
	clear(w.found)
	w.text, w.view, w.parser, w.search.text = Text{}, nil, nil, ""
}

// pass looks for everything in one view.
func (w *work) pass(v *View, want Set) {
	x, s := theIndex(), &w.search
	w.view = v
	s.reset(x, v, want)
	s.run()
	for i, at := range s.spots {
		if len(at) > 0 {
			v.spots = inOrder(at)
			w.parse(&x.parsers[i], want)
		}
	}
	v.spots = nil
	for _, i := range x.anyway {
		w.parse(&x.parsers[i], want)
	}
}

// inOrder sorts places that are nearly in order, and drops those said twice.
func inOrder(at []int32) []int32 {
	if !slices.IsSorted(at) {
		slices.Sort(at)
	}
	return slices.Compact(at)
}

func (w *work) parse(p *Parser, want Set) {
	if p.Family&want&^w.search.flooded == 0 || p.Maybe != nil && !p.Maybe(w.view) {
		return
	}
	if w.search.spent != nil {
		w.search.spent(nil, len(w.view.Text)+len(w.view.spots))
	}
	w.parser = p
	p.Find(w.view, w.tell)
}

// report notes a finding in the view at hand.
func (w *work) report(f Finding) {
	if w.search.flooded&f.Family != 0 {
		return
	}
	v := w.view
	f.Start, f.End = v.Source(f.Start, f.End)
	if f.Start < 0 || f.End > len(v.Of.Value) {
		return // in the name of a member
	}
	f.View = v.Name
	w.found = append(w.found, f)
	if f.Score == High && f.Family&floods != 0 {
		w.count(f.Family)
	}
}

// Flood is the kind of a text that holds so many sure findings of a family that the
// rest of it isn't looked at: it stands for any kind, and for all of the text.
const Flood = "flood"

// floods are the families that a text can have too many of. What is taken out piece by
// piece, as secrets and personal data are, is always found to the last.
const floods = Injection | Commands | Paths | Egress

// manyFindings is how many sure findings of a family are many for one text. Honest ones
// have a few; a text made to keep detectors busy reaches it soon.
const manyFindings = 32

// count counts a sure finding.
func (w *work) count(family Set) {
	n := &w.sure[bits.TrailingZeros16(uint16(family))]
	if *n++; *n < manyFindings {
		return
	}
	w.search.flooded |= family
	w.found = append(w.found, Finding{Family: family, Kind: Flood, End: len(w.text.Value), View: "raw", Score: High})
	if w.parser != nil && w.parser.Family == family {
		w.view.spots = nil
	}
}

// judge turns a match of r, whose thing stands at [start,end), into a finding, unless
// it is a placeholder or fails the rule's check.
func (w *work) judge(r *Rule, start, end int) {
	v := w.view
	thing := v.Text[start:end]
	for _, bad := range r.Reject {
		if strings.Contains(thing, bad) {
			return
		}
	}
	if r.Check != nil && !r.Check(thing, v, start, end) {
		return
	}
	score := r.Score
	if r.Grade != nil {
		if score = r.Grade(thing, v, start, end); score == NoScore {
			return
		}
	}
	w.report(Finding{Family: r.Family, Kind: r.Kind, Start: start, End: end, Score: score})
}

// settle sorts findings, keeps of those said twice the first view's with the surest
// score, and drops a generic secret where a specific one overlaps it.
func settle(fs []Finding) []Finding {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
	})
	kept := fs[:0]
	for _, f := range fs {
		if n := len(kept); n > 0 && kept[n-1].Start == f.Start && kept[n-1].End == f.End && kept[n-1].Kind == f.Kind {
			kept[n-1].Score = max(kept[n-1].Score, f.Score)
			continue
		}
		kept = append(kept, f)
	}
	return dropGeneric(kept)
}

// dropGeneric removes generic secrets that a specific one overlaps, or another
// generic one before them. fs is sorted by Start.
func dropGeneric(fs []Finding) []Finding {
	reach := 0 // how far the specific secrets so far reach
	for i := range fs {
		if f := &fs[i]; f.Family == Secrets && genericKinds[f.Kind] {
			if f.Start < reach {
				f.Kind = ""
			}
		} else if f.Family == Secrets {
			reach = max(reach, f.End)
		}
	}
	reach = int(^uint(0) >> 1)
	for i := len(fs) - 1; i >= 0; i-- {
		if f := &fs[i]; f.Family == Secrets && genericKinds[f.Kind] {
			if f.End > reach {
				f.Kind = ""
			}
		} else if f.Family == Secrets && f.Kind != "" {
			reach = min(reach, f.Start)
		}
	}
	last := 0 // how far the generic ones kept reach
	return slices.DeleteFunc(fs, func(f Finding) bool {
		if f.Kind == "" || f.Family == Secrets && genericKinds[f.Kind] && f.Start < last {
			return true
		}
		if f.Family == Secrets && genericKinds[f.Kind] {
			last = f.End
		}
		return false
	})
}

// Kinds lists every kind that the families in s can report, sorted; policies may
// name them, so a kind is never renamed.
func Kinds(s Set) []string {
	var kinds []string
	if s&Hidden != 0 {
		kinds = append(kinds, tooDeeplyEncoded)
	}
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
	if s&floods != 0 {
		kinds = append(kinds, Flood)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
