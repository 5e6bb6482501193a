package detect

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// A program is a regular expression made ready for an automaton: its instructions,
// and the classes of characters between which none of them tells a difference.
type program struct {
	code     []instruction
	first    []uint32 // where it begins, alone
	reversed bool     // it is to be read from right to left
	anchored bool     // it matches at the start of a text only

	ascii  [utf8.RuneSelf]uint8 // class by character
	bounds []rune               // where the ranges beyond ASCII begin, and the class of each
	ranges []uint8
	end    int // the class of the end of a text, and the last
	stride int // how many there are
	kinds  []charKind
	takes  [][]bool // by set of characters and class

	asksWord, asksLine, asksText bool // what its assertions look at
}

// An instruction is one of package syntax's, without captures.
type instruction struct {
	op       opcode
	out, arg uint32
}

type opcode uint8

const (
	opFail opcode = iota
	opMatch
	opJump
	opSplit  // to out rather than to arg
	opAssert // arg is a syntax.EmptyOp
	opTake   // arg is a set of characters
)

// A charKind is what assertions tell apart.
type charKind uint8

const (
	other charKind = iota
	wordChar
	lineEnd
	edge  // no character: the beginning or the end of the text
	kinds = iota
)

func kindOf(r rune) charKind {
	switch {
	case r < utf8.RuneSelf && isWord(byte(r)):
		return wordChar
	case r == '\n':
		return lineEnd
	}
	return other
}

// asks returns k, or other where the program's assertions don't tell them apart, so
// that there are no more states than needed.
func (p *program) asks(k charKind) charKind {
	switch {
	case k == wordChar && !p.asksWord, k == lineEnd && !p.asksLine, k == edge && !p.asksLine && !p.asksText:
		return other
	}
	return k
}

// holds reports whether assertions hold between two characters.
func holds(op syntax.EmptyOp, prev, next charKind) bool {
	atWord := (prev == wordChar) != (next == wordChar)
	return (op&syntax.EmptyBeginText == 0 || prev == edge) &&
		(op&syntax.EmptyEndText == 0 || next == edge) &&
		(op&syntax.EmptyBeginLine == 0 || prev == edge || prev == lineEnd) &&
		(op&syntax.EmptyEndLine == 0 || next == edge || next == lineEnd) &&
		(op&syntax.EmptyWordBoundary == 0 || atWord) &&
		(op&syntax.EmptyNoWordBoundary == 0 || !atWord)
}

// The bounds of programs: beyond, package regexp does all the work.
const (
	maxInstructions = 1<<16 - 1
	maxClasses      = 255
)

// newProgram compiles re for reading forward or, reversed, backward. It returns nil
// for one that goes beyond the bounds.
func newProgram(re *syntax.Regexp, reversed bool) *program {
	if reversed {
		re = reverse(re)
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil || len(prog.Inst) > maxInstructions {
		return nil
	}
	p := &program{code: make([]instruction, len(prog.Inst)), first: []uint32{uint32(prog.Start)}, reversed: reversed,
		anchored: prog.StartCond()&syntax.EmptyBeginText != 0}
	sets := map[string]uint32{}
	var takers []*syntax.Inst // one of each set of characters
	for i := range prog.Inst {
		in := &prog.Inst[i]
		to := &p.code[i]
		to.out = in.Out
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			to.op, to.arg = opSplit, in.Arg
		case syntax.InstCapture, syntax.InstNop:
			to.op = opJump
		case syntax.InstEmptyWidth:
			to.op, to.arg = opAssert, in.Arg
			p.assert(syntax.EmptyOp(in.Arg))
		case syntax.InstMatch:
			to.op = opMatch
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			key := string(rune(in.Op)) + string(rune(in.Arg&uint32(syntax.FoldCase))) + string(in.Rune)
			n, ok := sets[key]
			if !ok {
				n = uint32(len(takers))
				sets[key] = n
				takers = append(takers, in)
			}
			to.op, to.arg = opTake, n
		}
	}
	if !p.classify(takers) {
		return nil
	}
	return p
}

func (p *program) assert(op syntax.EmptyOp) {
	p.asksWord = p.asksWord || op&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
	p.asksLine = p.asksLine || op&(syntax.EmptyBeginLine|syntax.EmptyEndLine) != 0
	p.asksText = p.asksText || op&(syntax.EmptyBeginText|syntax.EmptyEndText) != 0
}

// classify makes the classes: two characters are of one if each of takers takes
// both or neither, and assertions don't tell them apart. It reports whether they
// are few enough.
func (p *program) classify(takers []*syntax.Inst) bool {
	p.takes = make([][]bool, len(takers))
	classes := map[string]uint8{}
	sig := make([]byte, len(takers)+1)
	starts := boundaries(takers)
	for i, lo := range starts {
		sig[0] = byte(p.asks(kindOf(lo)))
		for k, in := range takers {
			sig[k+1] = 0
			if in.MatchRune(lo) {
				sig[k+1] = 1
			}
		}
		c, ok := classes[string(sig)]
		if !ok {
			if len(classes) == maxClasses {
				return false
			}
			c = uint8(len(classes))
			classes[string(sig)] = c
			p.kinds = append(p.kinds, charKind(sig[0]))
			for k := range takers {
				p.takes[k] = append(p.takes[k], sig[k+1] == 1)
			}
		}
		hi := rune(unicode.MaxRune)
		if i+1 < len(starts) {
			hi = starts[i+1] - 1
		}
		for r := lo; r <= hi && r < utf8.RuneSelf; r++ {
			p.ascii[r] = c
		}
		if n := len(p.ranges); hi >= utf8.RuneSelf && (n == 0 || p.ranges[n-1] != c) {
			p.bounds = append(p.bounds, lo)
			p.ranges = append(p.ranges, c)
		}
	}
	p.end, p.stride = len(classes), len(classes)+1
	p.kinds = append(p.kinds, edge)
	for k := range takers {
		p.takes[k] = append(p.takes[k], false)
	}
	return true
}

// boundaries returns the places, sorted, at which what takers take can change.
func boundaries(takers []*syntax.Inst) []rune {
	at := []rune{0, '\n', '\n' + 1, '0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1}
	for _, in := range takers {
		switch {
		case len(in.Rune) == 1:
			at = append(at, in.Rune[0], in.Rune[0]+1)
			for f := unicode.SimpleFold(in.Rune[0]); f != in.Rune[0]; f = unicode.SimpleFold(f) {
				at = append(at, f, f+1)
			}
		default:
			for i, r := range in.Rune {
				at = append(at, r+rune(i&1))
			}
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// classAt returns the class of the character at i and its width.
func (p *program) classAt(text string, i int) (class, width int) {
	if c := text[i]; c < utf8.RuneSelf {
		return int(p.ascii[c]), 1
	}
	r, width := utf8.DecodeRuneInString(text[i:])
	return p.classOf(r), width
}

// classBefore returns the class of the character before i and its width.
func (p *program) classBefore(text string, i int) (class, width int) {
	if c := text[i-1]; c < utf8.RuneSelf {
		return int(p.ascii[c]), 1
	}
	r, width := utf8.DecodeLastRuneInString(text[:i])
	return p.classOf(r), width
}

// classOf returns the class of a character beyond ASCII.
func (p *program) classOf(r rune) int {
	n, found := slices.BinarySearch(p.bounds, r)
	if !found {
		n--
	}
	return int(p.ranges[n])
}

// reverse returns the pattern that matches what re does, read from right to left.
func reverse(re *syntax.Regexp) *syntax.Regexp {
	back := *re
	switch re.Op {
	case syntax.OpBeginLine:
		back.Op = syntax.OpEndLine
	case syntax.OpEndLine:
		back.Op = syntax.OpBeginLine
	case syntax.OpBeginText:
		back.Op = syntax.OpEndText
	case syntax.OpEndText:
		back.Op = syntax.OpBeginText
	case syntax.OpLiteral:
		back.Rune = slices.Clone(re.Rune)
		slices.Reverse(back.Rune)
	}
	back.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		back.Sub[i] = reverse(sub)
	}
	if re.Op == syntax.OpConcat {
		slices.Reverse(back.Sub)
	}
	return &back
}
