package detect

import "sync"

// A lineTable is up to 64 line rules with an index of the words that they begin with.
type lineTable struct {
	rules []lineRule
	words func() *wordIndex
}

func newLineTable(rules []lineRule) *lineTable {
	return &lineTable{rules, sync.OnceValue(func() *wordIndex {
		x := &wordIndex{words: map[[3]byte][]indexedWord{}}
		for i, r := range rules {
			x.add(i, r.any)
		}
		return x
	})}
}

// lines judges a text by the rules of a table; low is the text in lower case.
func (j *judge) lines(t *lineTable, text, low string) {
	held := t.words().in(low)
	for i := range t.rules {
		if r := &t.rules[i]; held&(1<<i) != 0 && r.re().MatchString(text) {
			j.addAt(r.kind, 0, len(text), r.score)
		}
	}
}
