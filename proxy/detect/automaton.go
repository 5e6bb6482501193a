package detect

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// An automaton runs a regular expression over text at about a byte a nanosecond,
// where package regexp takes ten to a hundred times as long. It is the classic
// subset construction, made as far as texts ask for it: a state is the list of the
// instructions that a program's threads wait at, in the order of their priority,
// so that what it finds is what package regexp finds: the leftmost match, and of
// those the first. Where a text makes so many states that making them costs more
// than they save, it gives up for a while, and package regexp does the work.
//
// It is not safe for concurrent use; see matcher.
type automaton struct {
	*program
	states []threads
	ids    map[string]int
	trans  []uint32       // rows of stride, one a state; see step
	begins [2 * kinds]int // the rows to begin at, by what stands before and whether searching

	// What the states made since the last flush were good for, and how many bytes
	// to leave to package regexp since they were good for too little.
	bytes, rest int

	// Scratch memory of step.
	round        uint32
	seen, queued []uint32 // by instruction: the round it was last reached in
	stack, next  []uint32
	key          []byte
}

// threads are a state: where the threads wait before the next character is known.
type threads struct {
	at        []uint32
	prev      charKind
	searching bool // a match may still begin here
}

// A transition holds the offset of the next state's row, and in its low bits that it
// is known, and whether a match ends before the character. The first row is that
// of the state without threads, from which nothing comes.
const (
	knownBit = 1
	matchBit = 2
	rowShift = 2
	deadRow  = 0
)

const (
	// maxTransitions bounds the memory of an automaton.
	maxTransitions = 1 << 15
	// bytesPerState is how many bytes a state must be good for.
	bytesPerState = 6
	// restBytes is how much text is left to package regexp where they aren't.
	restBytes = 64 << 10
)

func newAutomaton(p *program) *automaton {
	a := &automaton{program: p, seen: make([]uint32, len(p.code)), queued: make([]uint32, len(p.code))}
	a.flush()
	return a
}

// flush forgets all states.
func (a *automaton) flush() {
	a.states = append(a.states[:0], threads{})
	a.ids = make(map[string]int)
	a.begins = [2 * kinds]int{}
	a.trans = append(a.trans[:0], make([]uint32, a.stride)...)
	a.bytes = 0
}

// find returns the end of the leftmost match in text that begins at or after from,
// or -1. ok is false if the automaton gives up.
func (a *automaton) find(text string, from int) (end int, ok bool) {
	end = -1
	row := a.begin(a.beside(text, from-1), !a.anchored)
	paid := from
	for i := from; ; {
		// The fast way: ASCII on transitions that are known.
		t := uint32(0)
		for i < len(text) && text[i] < utf8.RuneSelf {
			if t = a.trans[row+int(a.ascii[text[i]])]; t == 0 {
				break
			}
			if t&matchBit != 0 {
				end = i
			}
			if row = int(t >> rowShift); row == deadRow {
				a.bytes += i - paid
				return end, true
			}
			i++
		}
		c, width := a.end, 0
		if i < len(text) {
			c, width = a.classAt(text, i)
		}
		if t = a.trans[row+c]; t == 0 {
			a.bytes += i - paid
			paid = i
			if t, ok = a.step(row/a.stride, c); !ok {
				return 0, false
			}
		}
		if t&matchBit != 0 {
			end = i
		}
		if row = int(t >> rowShift); row == deadRow || i == len(text) {
			a.bytes += i - paid
			return end, true
		}
		i += width
	}
}

// findStart returns the start of the longest match that ends at end and begins at or
// after from. a must be that of the reversed pattern.
func (a *automaton) findStart(text string, from, end int) (start int, ok bool) {
	start = -1
	row := a.begin(a.beside(text, end), false)
	for i := end; ; {
		c, width := a.end, 0
		if i > 0 {
			c, width = a.classBefore(text, i)
		}
		t := a.trans[row+c]
		if t == 0 {
			if t, ok = a.step(row/a.stride, c); !ok {
				return 0, false
			}
		}
		if t&matchBit != 0 {
			start = i
		}
		if row = int(t >> rowShift); row == deadRow || i <= from {
			a.bytes += end - i
			return start, true
		}
		i -= width
	}
}

// begin returns the row to begin at beside a character.
func (a *automaton) begin(prev charKind, searching bool) int {
	row := &a.begins[prev]
	if searching {
		row = &a.begins[kinds+prev]
	}
	if *row == 0 {
		*row = a.enter(a.first, prev, searching)
	}
	return *row
}

// beside tells what stands at a place, as far as the pattern asks.
func (a *automaton) beside(text string, i int) charKind {
	if i < 0 || i >= len(text) {
		return a.asks(edge)
	}
	return a.asks(kindOf(rune(text[i])))
}

// step makes the transition from a state by a class of characters.
func (a *automaton) step(state, class int) (t uint32, ok bool) {
	s := a.states[state]
	a.round++
	a.seen[0], a.queued[0] = a.round, a.round // nothing comes from instruction 0
	a.next = a.next[:0]
	t = knownBit
	for _, pc := range s.at {
		if a.follow(pc, s.prev, class) {
			t |= matchBit
			if !a.reversed {
				break // the threads after this one have less priority
			}
		}
	}
	if class == a.end {
		a.trans[state*a.stride+class] = t
		return t, true
	}
	searching := s.searching && t&matchBit == 0
	if searching {
		a.queue(a.first[0])
	}
	if len(a.trans)+a.stride > maxTransitions {
		if a.bytes < bytesPerState*len(a.states) {
			a.flush()
			a.rest = restBytes
			return 0, false
		}
		a.flush()
		return t | uint32(a.enter(a.next, a.kinds[class], searching))<<rowShift, true
	}
	t |= uint32(a.enter(a.next, a.kinds[class], searching)) << rowShift
	a.trans[state*a.stride+class] = t
	return t, true
}

// enter returns the row of a state, made if it is new.
func (a *automaton) enter(at []uint32, prev charKind, searching bool) int {
	if len(at) == 0 {
		return deadRow
	}
	if a.reversed {
		slices.Sort(at) // no priorities: the same set is the same state
	}
	k := append(a.key[:0], byte(prev))
	if searching {
		k[0] |= 0x80
	}
	for _, pc := range at {
		k = binary.LittleEndian.AppendUint16(k, uint16(pc))
	}
	a.key = k
	if id, ok := a.ids[string(k)]; ok {
		return id * a.stride
	}
	id := len(a.states)
	a.ids[string(k)] = id
	a.states = append(a.states, threads{slices.Clone(at), prev, searching})
	a.trans = append(a.trans, make([]uint32, a.stride)...)
	return id * a.stride
}

// follow goes from pc to the instructions that take a character of the class and
// queues what comes after them. It reports whether it came to a match, and for
// threads with priorities stops there.
func (a *automaton) follow(pc uint32, prev charKind, class int) (matched bool) {
	a.stack = append(a.stack[:0], pc)
	for len(a.stack) > 0 {
		pc = a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		for a.seen[pc] != a.round {
			a.seen[pc] = a.round
			in := &a.code[pc]
			pc = 0
			switch in.op {
			case opSplit:
				a.stack = append(a.stack, in.arg)
				pc = in.out
			case opJump:
				pc = in.out
			case opAssert:
				if holds(syntax.EmptyOp(in.arg), prev, a.kinds[class]) {
					pc = in.out
				}
			case opTake:
				if a.takes[in.arg][class] {
					a.queue(in.out)
				}
			case opMatch:
				if matched = true; !a.reversed {
					return true
				}
			}
		}
	}
	return matched
}

func (a *automaton) queue(pc uint32) {
	if a.queued[pc] != a.round {
		a.queued[pc] = a.round
		a.next = append(a.next, pc)
	}
}
