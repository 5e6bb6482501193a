package detect

import (
	"math"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A literal is a string that a match holds. A folded one is in lower case and
// stands for every ASCII case. (Under (?i) RE2 also folds U+017F to s and U+212A
// to k; those spellings are left to the Unicode view.)
type literal struct {
	text string
	fold bool
}

// A need is a set of literals of which every match holds one, with how far the
// match can reach to either side of it.
type need struct {
	any           []literal
	before, after reach
	// run is how many bytes of class stand after the literal at least.
	run   int
	class byteSet
	// left and right are set if the literal starts, or ends, a word.
	left, right bool
	// behind and ahead are what a match holds up to the literal, and from where it
	// begins: see flanks. A need of the derived table is without.
	behind, ahead *syntax.Regexp
}

// rare estimates how seldom a need is met by ordinary text, in bits: minus the
// binary logarithm of how often one of its literals stands at a place.
func (n need) rare() float32 {
	var often float64
	for _, l := range n.any {
		often += math.Exp2(-float64(rarity(l.text)))
	}
	bits := -math.Log2(often)
	// Standing as a word is rarer than standing somewhere.
	for _, as := range []bool{n.left, n.right} {
		if as {
			bits++
		}
	}
	return float32(bits)
}

// endsWord reports whether every literal ends with a letter, a digit or _.
func (n need) endsWord() bool {
	return !slices.ContainsFunc(n.any, func(l literal) bool { return !isWord(l.text[len(l.text)-1]) })
}

// startsWord reports whether every literal begins with a letter, a digit or _.
func (n need) startsWord() bool {
	return !slices.ContainsFunc(n.any, func(l literal) bool { return !isWord(l.text[0]) })
}

func isWord(c byte) bool { return isLetter(c) || '0' <= c && c <= '9' || c == '_' }

// A reach bounds what a part of a pattern can match: at most chars characters, or
// bytes bytes, and any number of the bytes in open.
type reach struct {
	chars, bytes int
	open         byteSet
}

func (r reach) plus(o reach) reach {
	return reach{r.chars + o.chars, r.bytes + o.bytes, r.open.or(o.open)}
}

// or returns what bounds both.
func (r reach) or(o reach) reach {
	return reach{max(r.chars, o.chars), max(r.bytes, o.bytes), r.open.or(o.open)}
}

// times returns the reach of up to n repetitions.
func (r reach) times(n int) reach { return reach{r.chars * n, r.bytes * n, r.open} }

// A byteSet is a set of byte values.
type byteSet [4]uint64

func (s *byteSet) add(lo, hi byte) {
	for b := int(lo); b <= int(hi); b++ {
		s[b>>6] |= 1 << (b & 63)
	}
}

func (s *byteSet) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

func (s byteSet) or(o byteSet) byteSet {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

// The bounds of a set of literals: beyond, a run is cut in two needs.
const (
	maxLiterals = 100
	maxLiteral  = 32
)

// needs returns what every match of re holds.
func needs(re *syntax.Regexp) []need {
	var d deriver
	d.walk(re, side{}, side{})
	return d.found
}

// A side is what stands to one side of a part of a pattern.
type side struct {
	reach
	parts []*syntax.Regexp // in the order of the pattern
}

// append returns the side with more parts at its right.
func (s side) append(r reach, parts ...*syntax.Regexp) side {
	return side{s.reach.plus(r), slices.Concat(s.parts, parts)}
}

// prepend returns the side with more parts at its left.
func (s side) prepend(r reach, parts ...*syntax.Regexp) side {
	return side{r.plus(s.reach), slices.Concat(parts, s.parts)}
}

func concatOf(parts ...*syntax.Regexp) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpConcat, Sub: parts}
}

func anyNumberOf(re *syntax.Regexp) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpStar, Sub: []*syntax.Regexp{re}}
}

type deriver struct{ found []need }

func (d *deriver) walk(re *syntax.Regexp, before, after side) {
	if set, ok := exact(re); ok {
		d.add(set, before, after, re)
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		from, to := longestPlain(re)
		part := func(rs []rune) (reach, *syntax.Regexp) {
			return reach{chars: len(rs), bytes: 2 * len(string(rs))}, &syntax.Regexp{Op: syntax.OpLiteral, Flags: re.Flags, Rune: rs}
		}
		low := lower(string(re.Rune[from:to]))
		_, itself := part(re.Rune[from:to])
		d.add([]literal{{low, true}}, before.append(part(re.Rune[:from])), after.prepend(part(re.Rune[to:])), itself)
	case syntax.OpCapture:
		d.walk(re.Sub[0], before, after)
	case syntax.OpPlus:
		d.walk(re.Sub[0], before, after.prepend(span(re), anyNumberOf(re.Sub[0])))
	case syntax.OpRepeat:
		if re.Min > 0 {
			d.walk(re.Sub[0], before, after.prepend(span(re), anyNumberOf(re.Sub[0])))
		}
	case syntax.OpConcat:
		d.concat(re.Sub, before, after)
	case syntax.OpAlternate:
		d.alternate(re.Sub, before, after)
	}
}

// concat multiplies runs of parts that are finite sets of strings, and looks into
// the others.
func (d *deriver) concat(subs []*syntax.Regexp, before, after side) {
	// sides[i] are what stands before subs[i] and from it on.
	type sides struct{ before, after side }
	at := make([]sides, len(subs)+1)
	at[len(subs)].after = after
	for i := len(subs) - 1; i >= 0; i-- {
		at[i].after = at[i+1].after.prepend(span(subs[i]), subs[i])
	}
	at[0].before = before
	for i, sub := range subs {
		at[i+1].before = at[i].before.append(span(sub), sub)
	}
	run, from := []literal{{}}, 0 // the run's literals are of subs[from:]
	left := false                 // the run starts a word
	// add notes the need that the run ends before subs[to], of which its literals hold
	// the first took characters.
	add := func(run []literal, to, took int) {
		n := d.add(run, at[from].before, at[to].after, subs[from:to]...)
		n.left = left && n.startsWord()
		if to == len(subs) {
			return
		}
		if took == 0 {
			n.right = startsApart(subs[to]) && n.endsWord()
		}
		n.follow(subs[to], took)
	}
	for i, sub := range subs {
		set, ok := exact(sub)
		if ok && len(run) == 1 && run[0].text == "" && startsApart(sub) {
			left = true
		}
		if ok && apart(sub) && shortest(run) > 0 {
			// A word boundary ends a run, so that it is known to end a word.
			add(run, i, 0)
			run, from, left = []literal{{}}, i, true
			continue
		}
		if ok {
			if next, fits := product(run, set); fits {
				run = next
				continue
			}
		} else if len(run) > 0 && shortest(run) > 0 && shortest(run) < 5 {
			// A short prefix such as "SK" before a class: the class's first
			// character makes the literal long enough to be searched.
			if first, ok := firstOf(sub); ok {
				if next, fits := product(run, first); fits {
					add(next, i, 1)
				}
			}
		}
		add(run, i, 0)
		run, from, left = []literal{{}}, i, false
		if ok && len(set) > 0 {
			run = set
			continue
		}
		d.walk(sub, at[i].before, at[i+1].after)
		from = i + 1
		left = endsApart(sub)
	}
	add(run, len(subs), 0)
}

// apart reports whether re is a word boundary.
func apart(re *syntax.Regexp) bool { return re.Op == syntax.OpWordBoundary }

// startsApart reports whether every match of re begins with a word boundary or a
// character that is in no word.
func startsApart(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpWordBoundary:
		return true
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		return startsApart(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && startsApart(re.Sub[0])
	case syntax.OpCharClass:
		return !hasWord(re)
	}
	return false
}

// endsApart reports whether every match of re ends with a word boundary or a
// character that is in no word.
func endsApart(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpWordBoundary:
		return true
	case syntax.OpConcat:
		return endsApart(re.Sub[len(re.Sub)-1])
	case syntax.OpCapture, syntax.OpPlus:
		return endsApart(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && endsApart(re.Sub[0])
	case syntax.OpCharClass:
		return !hasWord(re)
	}
	return false
}

// hasWord reports whether a class has an ASCII character of words.
func hasWord(re *syntax.Regexp) bool {
	set := bytesOf(re)
	for c := byte(0); c < utf8.RuneSelf; c++ {
		if isWord(c) && set.has(c) {
			return true
		}
	}
	return false
}

// alternate joins one need of each branch.
func (d *deriver) alternate(subs []*syntax.Regexp, before, after side) {
	var all need
	behind, ahead := &syntax.Regexp{Op: syntax.OpAlternate}, &syntax.Regexp{Op: syntax.OpAlternate}
	for i, sub := range subs {
		var b deriver
		b.walk(sub, before, after)
		best, ok := rarest(b.found)
		if !ok {
			return
		}
		if i == 0 {
			all.before, all.after, all.left, all.right = best.before, best.after, best.left, best.right
		}
		all.left, all.right = all.left && best.left, all.right && best.right
		all.any = append(all.any, best.any...)
		all.before, all.after = all.before.or(best.before), all.after.or(best.after)
		behind.Sub, ahead.Sub = append(behind.Sub, best.behind), append(ahead.Sub, best.ahead)
	}
	n := d.add(all.any, side{reach: all.before}, side{reach: all.after})
	n.left, n.right, n.behind, n.ahead = all.left, all.right, behind, ahead
}

// add notes that every match holds one of set, which is what the parts of a pattern
// match, unless it holds an empty literal and so says nothing. It returns the need for
// more to be noted.
func (d *deriver) add(set []literal, before, after side, parts ...*syntax.Regexp) *need {
	if len(set) == 0 || shortest(set) == 0 {
		return &need{}
	}
	set = slices.Clone(set)
	cut := 0
	for i, l := range set {
		if len(l.text) > maxLiteral {
			set[i].text = l.text[:maxLiteral]
			cut = max(cut, len(l.text)-maxLiteral)
		}
	}
	slices.SortFunc(set, func(a, b literal) int { return strings.Compare(a.text, b.text) })
	set = slices.Compact(set)
	d.found = append(d.found, need{
		any: set, before: before.reach, after: after.plus(reach{chars: cut, bytes: cut}),
		behind: concatOf(before.parts...), ahead: concatOf(slices.Concat(parts, after.parts)...),
	})
	if cut > 0 {
		return &need{} // what follows the cut literal is not what follows it in the text
	}
	return &d.found[len(d.found)-1]
}

// follow notes what class of bytes must follow n's literals, which already hold
// the first took of it.
func (n *need) follow(sub *syntax.Regexp, took int) {
	least := 1
	switch {
	case sub.Op == syntax.OpCapture, sub.Op == syntax.OpConcat:
		n.follow(sub.Sub[0], took)
		return
	case sub.Op == syntax.OpPlus:
		sub = sub.Sub[0]
	case sub.Op == syntax.OpRepeat && sub.Min > 0:
		least, sub = sub.Min, sub.Sub[0]
	}
	if sub.Op == syntax.OpCharClass && took < least {
		n.run, n.class = least-took, bytesOf(sub)
	}
}

func rarest(ns []need) (need, bool) {
	if len(ns) == 0 {
		return need{}, false
	}
	best := ns[0]
	for _, n := range ns[1:] {
		if n.rare() > best.rare() {
			best = n
		}
	}
	return best, true
}

func shortest(set []literal) int {
	least := maxLiteral
	for _, l := range set {
		least = min(least, len(l.text))
	}
	return least
}

// exact returns the strings that re matches, if they are few.
func exact(re *syntax.Regexp) ([]literal, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText,
		syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []literal{{}}, true
	case syntax.OpLiteral:
		return spell(re)
	case syntax.OpCharClass:
		return spellClass(re, 10)
	case syntax.OpCapture:
		return exact(re.Sub[0])
	case syntax.OpQuest:
		set, ok := exact(re.Sub[0])
		if !ok || len(set) > 4 {
			return nil, false
		}
		return append(slices.Clone(set), literal{}), true
	case syntax.OpConcat:
		run := []literal{{}}
		for _, sub := range re.Sub {
			set, ok := exact(sub)
			if !ok {
				return nil, false
			}
			if run, ok = product(run, set); !ok {
				return nil, false
			}
		}
		return run, true
	case syntax.OpAlternate:
		var all []literal
		for _, sub := range re.Sub {
			set, ok := exact(sub)
			if !ok || len(all)+len(set) > maxLiterals {
				return nil, false
			}
			all = append(all, set...)
		}
		return all, true
	}
	return nil, false
}

// spell returns the string of a literal, unless it holds letters whose case only
// Unicode folds.
func spell(re *syntax.Regexp) ([]literal, bool) {
	s := string(re.Rune)
	if re.Flags&syntax.FoldCase == 0 {
		return []literal{{s, false}}, true
	}
	for _, r := range re.Rune {
		if !foldsPlainly(r) {
			return nil, false
		}
	}
	low := lower(s)
	return []literal{{low, low != upper(low)}}, true
}

// foldsPlainly reports whether a character's only other spellings are of ASCII.
func foldsPlainly(r rune) bool { return r < utf8.RuneSelf || unicode.SimpleFold(r) == r }

// longestPlain returns the longest run of characters of re that fold plainly.
func longestPlain(re *syntax.Regexp) (from, to int) {
	for i := 0; i < len(re.Rune); {
		k := i
		for k < len(re.Rune) && foldsPlainly(re.Rune[k]) {
			k++
		}
		if k-i > to-from {
			from, to = i, k
		}
		i = k + 1
	}
	return from, to
}

// spellClass returns the characters of a class with at most most of them, both
// cases of a letter being one.
func spellClass(re *syntax.Regexp, most int) ([]literal, bool) {
	var in byteSet
	var others []literal // characters beyond ASCII, whose cases the class lists
	n := 0
	for i := 0; i < len(re.Rune); i += 2 {
		lo, hi := re.Rune[i], re.Rune[i+1]
		if lo == hi && (lo == 0x17f || lo == 0x212a) {
			continue
		}
		if n += int(hi - lo + 1); n > 2*most {
			return nil, false
		}
		for ; hi >= utf8.RuneSelf && lo <= hi; hi-- {
			others = append(others, literal{string(hi), false})
		}
		if lo <= hi {
			in.add(byte(lo), byte(hi))
		}
	}
	out := make([]literal, 0, n)
	for c := byte(0); c < utf8.RuneSelf; c++ {
		if !in.has(c) {
			continue
		}
		if isLetter(c) && in.has(c^0x20) {
			if c >= 'a' {
				out = append(out, literal{string(rune(c)), true})
			}
			continue
		}
		out = append(out, literal{string(rune(c)), false})
	}
	out = append(out, others...)
	return out, len(out) <= most && len(out) > 0
}

// firstOf returns the characters that a repeated class can begin with.
func firstOf(re *syntax.Regexp) ([]literal, bool) {
	switch re.Op {
	case syntax.OpCharClass:
		return spellClass(re, 36)
	case syntax.OpPlus, syntax.OpCapture:
		return firstOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return firstOf(re.Sub[0])
		}
	case syntax.OpConcat:
		return firstOf(re.Sub[0])
	}
	return nil, false
}

// product appends each of b to each of a.
func product(a, b []literal) ([]literal, bool) {
	if len(a)*len(b) > maxLiterals || len(b) == 0 {
		return nil, false
	}
	out := make([]literal, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			l := literal{x.text + y.text, x.fold || y.fold}
			if l.fold {
				l.text = lower(l.text)
			}
			out = append(out, l)
		}
	}
	return out, true
}

// span returns how much re can match.
func span(re *syntax.Regexp) reach {
	switch re.Op {
	case syntax.OpLiteral:
		return reach{chars: len(re.Rune), bytes: len(string(re.Rune))}
	case syntax.OpCharClass:
		return reach{chars: 1, bytes: classWidth(re)}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return reach{chars: 1, bytes: utf8.UTFMax}
	case syntax.OpCapture, syntax.OpQuest:
		return span(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return reach{open: bytesOf(re.Sub[0])}
	case syntax.OpRepeat:
		if re.Max < 0 {
			return reach{open: bytesOf(re.Sub[0])}
		}
		return span(re.Sub[0]).times(re.Max)
	case syntax.OpConcat:
		var all reach
		for _, sub := range re.Sub {
			all = all.plus(span(sub))
		}
		return all
	case syntax.OpAlternate:
		var all reach
		for _, sub := range re.Sub {
			all = all.or(span(sub))
		}
		return all
	}
	return reach{}
}

func classWidth(re *syntax.Regexp) int {
	width := 1
	for i := 0; i < len(re.Rune); i += 2 {
		hi := re.Rune[i+1]
		if lo := re.Rune[i]; lo == hi && (lo == 0x17f || lo == 0x212a) {
			continue
		}
		width = max(width, utf8.RuneLen(min(hi, unicode.MaxRune)))
	}
	return width
}

// bytesOf returns every byte that can stand in a match of re.
func bytesOf(re *syntax.Regexp) byteSet {
	var s byteSet
	addRange := func(lo, hi rune) {
		if lo < utf8.RuneSelf {
			s.add(byte(lo), byte(min(hi, utf8.RuneSelf-1)))
		}
		if hi >= utf8.RuneSelf {
			s.add(0x80, 0xff)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			addRange(r, r)
			if re.Flags&syntax.FoldCase != 0 {
				for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
					addRange(f, f)
				}
			}
		}
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			addRange(re.Rune[i], re.Rune[i+1])
		}
	case syntax.OpAnyChar:
		addRange(0, unicode.MaxRune)
	case syntax.OpAnyCharNotNL:
		addRange(0, '\n'-1)
		addRange('\n'+1, unicode.MaxRune)
	}
	for _, sub := range re.Sub {
		s = s.or(bytesOf(sub))
	}
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// lower folds ASCII letters only.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
