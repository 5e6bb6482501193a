package detect

// markRun counts letters in a row that each carry a combining mark. Spelling puts marks
// on some letters of a word (Vietnamese, Yoruba, transcriptions of Sanskrit), never on
// every one of many, consonants and blanks too: who does so means a reader that looks
// past marks to read what a filter doesn't.
type markRun struct {
	start  int  // of the first letter
	n      int  // letters so far
	letter bool // the last one is a Latin letter or a blank that has no mark yet
}

// marksEnough is how long a run is that no spelling has.
const marksEnough = 7

// base takes in a letter or a blank at i.
func (m *markRun) base(i int, latin bool) {
	if m.letter || !latin { // the one before has no mark
		m.n = 0
	}
	if m.n == 0 {
		m.start = i
	}
	m.letter = latin
}

// mark takes in a combining mark that ends at end, and reports whether the run is
// longer than spelling explains.
func (m *markRun) mark() bool {
	if m.letter {
		m.letter = false
		m.n++
		return m.n == marksEnough
	}
	return false
}

// decorates reports marks that people strike letters through or underline them with.
func decorates(r rune) bool { return stroke(r) || r == 0x305 || r == 0x332 || r == 0x333 }
