package detect

import (
	"math/bits"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
)

// The prefilter keeps regular expressions away from almost all text. For each rule
// it derives sets of literals of which every match holds one, and looks for the
// rarest set of each rule, all in one pass. Only where such a literal stands the
// regular expression runs, on the window that a match can reach. What it finds is
// what it would find in the whole text.

// A plan is a rule as the prefilter sees it.
type plan struct {
	rule    *Rule
	first   need // searched for
	indexed bool // false: no literal, the whole text is the window
	matcher matcher
	flanks  flanks
}

// derive makes the plan of a rule. The pattern must be valid RE2.
func (p *plan) derive(r *Rule) {
	p.rule = r
	re, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		panic("detect: rule " + r.Kind + ": " + err.Error())
	}
	p.first, p.indexed = searchedFor(re)
	p.first.shorten()
}

// searchedFor returns the rarest need of re that is long enough to be searched for.
func searchedFor(re *syntax.Regexp) (need, bool) {
	return rarest(slices.DeleteFunc(needs(re), func(n need) bool { return shortest(n.any) < shortestGram }))
}

// An index holds the plans, and for each kind of text what finds their literals.
type index struct {
	plans   []plan
	parsers []Parser
	anyway  []int // parsers without a literal
	words   []word

	mu    sync.Mutex
	known atomic.Pointer[[]*scope]
}

// A scope finds the literals of the plans and parsers that apply to texts at a place
// if some families are wanted: others would only slow the pass down.
type scope struct {
	want   Set
	place  Place
	always []int    // plans without a literal
	active []uint64 // which plans apply, and parsers after them
	words  []word   // the index's

	four, three [1 << 10]uint64 // which hashes of grams of that length are in use
	// The entries of the grams whose hash ends with h are entries[heads[h]:heads[h+1]].
	heads   [1<<headBits + 1]uint16
	entries []entry
}

// An entry is a gram of a word.
type entry struct {
	gram uint32 // folded, little-endian; the high byte is 0 for three bytes
	word uint16
	off  uint8 // where in the word
	// other is where in the word there are four bytes that differ, and says no to most
	// texts that share gram; off where there are none.
	other uint8
	check uint32
}

// A word is a literal with those that look for it: plans by number, and parsers
// after them.
type word struct {
	literal
	users []uint16
	gram  int // where the grams begin that it is searched for by, 1 up; 0 if not yet known
}

const (
	shortestGram = 3
	headBits     = 14
)

func gramHash(g uint32) uint32 { return g * 0x9e3779b1 >> 16 }

func newIndex(rules []Rule, parsers []Parser) *index {
	x := &index{plans: make([]plan, len(rules)), parsers: parsers}
	table := derivedPlans()
	for i := range rules {
		p := &x.plans[i]
		p.matcher.pattern, p.matcher.group = rules[i].Pattern, rules[i].Group
		if d, ok := table[patternHash(rules[i].Pattern)]; ok {
			p.rule, p.first, p.indexed = &rules[i], d.first, d.indexed
		} else {
			p.derive(&rules[i])
		}
	}
	for i, p := range parsers {
		if len(p.Any) == 0 {
			x.anyway = append(x.anyway, i)
		}
	}
	x.gather()
	x.known.Store(new([]*scope))
	return x
}

// gather makes the words of all plans and parsers.
func (x *index) gather() {
	n := 0
	for i := range x.plans {
		n += len(x.plans[i].first.any)
	}
	for i := range x.parsers {
		n += len(x.parsers[i].Any)
	}
	byText := make(map[literal]int, n)
	x.words = make([]word, 0, n)
	one := make([]uint16, n) // most words have one user
	use := func(l literal, user int) {
		w, ok := byText[l]
		if !ok {
			w = len(x.words)
			byText[l] = w
			x.words = append(x.words, word{literal: l, users: one[w : w : w+1]})
		}
		if u := x.words[w].users; len(u) == 0 || u[len(u)-1] != uint16(user) {
			x.words[w].users = append(u, uint16(user))
		}
	}
	for i := range x.plans {
		if x.plans[i].indexed {
			for _, l := range x.plans[i].first.any {
				use(l, i)
			}
		}
	}
	for i, p := range x.parsers {
		for _, l := range p.Any {
			use(literal{lower(l), true}, len(x.plans)+i)
		}
	}
}

// anywhere is no place of a text; its scope has every rule of a family.
const anywhere Place = 0xff

// scope returns what finds literals for the families of want in texts at a place.
func (x *index) scope(want Set, place Place) *scope {
	want &^= Hidden | Entropy // which have no literals
	for _, s := range *x.known.Load() {
		if s.want == want && s.place == place {
			return s
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.newScope(want, place)
	x.known.Store(new(append(slices.Clone(*x.known.Load()), s)))
	return s
}

func (x *index) newScope(want Set, place Place) *scope {
	users := len(x.plans) + len(x.parsers)
	s := &scope{want: want, place: place, words: x.words, active: make([]uint64, users/64+1)}
	for i := range x.plans {
		if p := &x.plans[i]; p.rule.applies(want, place) {
			s.active[i>>6] |= 1 << (i & 63)
			if !p.indexed {
				s.always = append(s.always, i)
			}
		}
	}
	for i := range x.parsers {
		if n := len(x.plans) + i; x.parsers[i].Family&want != 0 {
			s.active[n>>6] |= 1 << (n & 63)
		}
	}
	s.entries = make([]entry, 0, 2*len(x.words))
	for i := range x.words {
		if w := &x.words[i]; slices.ContainsFunc(w.users, s.asks) {
			if w.gram == 0 {
				w.gram = 1 + rarestGram(w.text)
			}
			s.enter(i)
		}
	}
	s.order()
	return s
}

// asks reports whether a plan or parser applies.
func (x *scope) asks(user uint16) bool { return x.active[user>>6]>>(user&63)&1 != 0 }

// order puts the entries where heads say they are: a counting sort.
func (x *scope) order() {
	const last = 1<<headBits - 1
	for _, e := range x.entries {
		x.heads[gramHash(e.gram)&last+1]++
	}
	for h := range last + 1 {
		x.heads[h+1] += x.heads[h]
	}
	to := x.heads
	sorted := make([]entry, len(x.entries))
	for _, e := range x.entries {
		h := gramHash(e.gram) & last
		sorted[to[h]] = e
		to[h]++
	}
	x.entries = sorted
}

func (r *Rule) applies(want Set, place Place) bool {
	return r.Family&want != 0 && (len(r.Places) == 0 || place == anywhere || slices.Contains(r.Places, place))
}

// manyEndings is how many literals that differ in their last byte only are searched
// for without it: the entries of a gram are tried one by one.
const manyEndings = 8

// shorten drops the last byte of literals where many share what is before it.
func (n *need) shorten() {
	endings := map[string]int{}
	head := func(l literal) string { return lower(l.text[:len(l.text)-1]) }
	for _, l := range n.any {
		endings[head(l)]++
	}
	var kept []literal
	follows := true // what follows n's literals follows the shorter ones too
	for _, l := range n.any {
		h := head(l)
		if endings[h] < manyEndings || len(h) < shortestGram {
			kept = append(kept, l)
			continue
		}
		follows = follows && n.class.has(l.text[len(l.text)-1])
		if short := (literal{h, true}); !slices.Contains(kept, short) {
			kept = append(kept, short)
		}
	}
	if len(kept) == len(n.any) {
		return
	}
	n.any, n.right = kept, false
	n.after = n.after.plus(reach{chars: 1, bytes: 1})
	if !follows {
		n.run, n.class = 0, byteSet{}
	}
}

// enter puts the grams of word w into the tables. The scan looks at every second
// place only, so a word has one gram for even and one for odd places; which ones
// is chosen by rarity.
func (x *scope) enter(w int) {
	s, k := x.words[w].text, x.words[w].gram-1
	if len(s) <= 4 {
		x.enterGram(fold32(s[k], s[k+1], s[k+2], ' ')&0xffffff, w, k)
		return
	}
	for i := k; i < k+2; i++ {
		x.enterGram(foldAt(s, i), w, i)
	}
}

// otherGram returns the place of a word's gram that says most beside the one at off:
// the one farthest from it.
func otherGram(s string, off int) int {
	if last := len(s) - 4; last-off > off {
		return last
	}
	return 0
}

// rarestGram returns the place in a word where grams of it stand that are seldom met.
// Of words of four bytes or less, the scan sees three bytes at every place: any three
// will do.
func rarestGram(s string) int {
	if len(s) <= 4 {
		if len(s) == 4 && rarity(s[1:]) > rarity(s[:3]) {
			return 1
		}
		return 0
	}
	best, most := 0, float32(-1e9)
	r := rarity(s[:4])
	for k := 0; k+5 <= len(s); k++ {
		next := rarity(s[k+1 : k+5])
		if both := min(r, next); both > most {
			best, most = k, both
		}
		r = next
	}
	return best
}

func (x *scope) enterGram(g uint32, w, off int) {
	h := gramHash(g)
	if g>>24 == 0 {
		x.three[h>>6&1023] |= 1 << (h & 63)
	} else {
		x.four[h>>6&1023] |= 1 << (h & 63)
	}
	e := entry{gram: g, off: uint8(off), word: uint16(w), other: uint8(off)}
	if s := x.words[w].text; g>>24 != 0 {
		e.other = uint8(otherGram(s, off))
		e.check = foldAt(s, int(e.other))
	}
	x.entries = append(x.entries, e)
}

func foldAt(s string, i int) uint32 {
	s = s[i : i+4]
	return fold32(s[0], s[1], s[2], s[3])
}

func fold32(a, b, c, d byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16 | uint32(d)<<24) | 0x20202020
}

// scan calls hit for each place where a word stands, in an order that is off by
// at most maxLiteral from that of the text.
func (x *scope) scan(text string, hit func(w *word, at int)) {
	i := 0
	for ; i+8 <= len(text); i += 6 {
		t := text[i : i+8]
		g := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
			uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		g |= 0x2020202020202020
		if x.has(uint32(g)) {
			x.try(text, i, uint32(g), hit)
		}
		if x.has(uint32(g >> 16)) {
			x.try(text, i+2, uint32(g>>16), hit)
		}
		if x.has(uint32(g >> 32)) {
			x.try(text, i+4, uint32(g>>32), hit)
		}
	}
	for ; i+4 <= len(text); i += 2 {
		x.try(text, i, fold32(text[i], text[i+1], text[i+2], text[i+3]), hit)
	}
	if i+3 <= len(text) { // three bytes are left
		g := fold32(text[i], text[i+1], text[i+2], ' ') & 0xffffff
		x.probe(text, i, g, gramHash(g), hit)
	}
}

// has reports whether a word may have a gram in the four bytes of g.
func (x *scope) has(g uint32) bool {
	h, lo, hi := gramHash(g), gramHash(g&0xffffff), gramHash(g>>8)
	return (x.four[h>>6&1023]>>(h&63)|x.three[lo>>6&1023]>>(lo&63)|x.three[hi>>6&1023]>>(hi&63))&1 != 0
}

// try checks the words with a gram in g, the four bytes at place i.
func (x *scope) try(text string, i int, g uint32, hit func(w *word, at int)) {
	h, lo, hi := gramHash(g), gramHash(g&0xffffff), gramHash(g>>8)
	if x.four[h>>6&1023]>>(h&63)&1 != 0 {
		x.probe(text, i, g, h, hit)
	}
	if x.three[lo>>6&1023]>>(lo&63)&1 != 0 {
		x.probe(text, i, g&0xffffff, lo, hit)
	}
	if x.three[hi>>6&1023]>>(hi&63)&1 != 0 {
		x.probe(text, i+1, g>>8, hi, hit)
	}
}

// probe checks the words that have the gram g, which stands at place at.
func (x *scope) probe(text string, at int, g, h uint32, hit func(w *word, at int)) {
	h &= 1<<headBits - 1
	entries := x.entries[x.heads[h]:x.heads[h+1]]
	for i := range entries {
		e := &entries[i]
		if e.gram != g {
			continue
		}
		start := at - int(e.off)
		if start < 0 {
			continue
		}
		if e.other != e.off {
			if i := start + int(e.other); i+4 > len(text) || foldAt(text, i) != e.check {
				continue
			}
		}
		w := &x.words[e.word]
		if start+len(w.text) <= len(text) && w.stands(text[start:]) {
			hit(w, start)
		}
	}
}

// stands reports whether text, which is long enough, begins with the literal.
func (l *literal) stands(text string) bool {
	text = text[:len(l.text)]
	if !l.fold {
		return text == l.text
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != l.text[i] {
			return false
		}
	}
	return true
}

// popcount tells how full the tables are, for a test that keeps them sparse.
func (x *scope) popcount() (four, three int) {
	for i := range x.four {
		four += bits.OnesCount64(x.four[i])
		three += bits.OnesCount64(x.three[i])
	}
	return four, three
}
