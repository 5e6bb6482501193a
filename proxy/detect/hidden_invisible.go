package detect

import (
	"unicode"
	"unicode/utf8"
)

// isInvisible reports whether r takes no room: format characters, joiners,
// selectors, fillers and tags.
func isInvisible(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	switch r {
	case 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180e, 0x3164, 0xfeff, 0xffa0:
		return true
	}
	return false
}

func isTag(r rune) bool      { return r >= 0xe0000 && r <= 0xe007f }
func isSelector(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }
func isBidi(r rune) bool     { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
func isMark(r rune) bool     { return r == 0x200e || r == 0x200f || r == 0x61c }

// invisibleRun judges the run of invisible characters at i, which follows the rune
// prev, and returns its end.
func (s *hiddenScan) invisibleRun(i int, prev rune) int {
	var n struct{ tags, selectors, bidi, marks, others, same int }
	var first, only rune
	var spelled []byte
	end := i
	for end < len(s.text) {
		r, w := utf8.DecodeRuneInString(s.text[end:])
		if !isInvisible(r) {
			break
		}
		if end == i {
			first, only = r, r
		}
		if r != first {
			only = -1
		}
		switch {
		case isTag(r):
			n.tags++
			spelled = spelling(spelled, byte(r-0xe0000))
		case isSelector(r):
			n.selectors++
			if r <= 0xfe0f {
				spelled = spelling(spelled, byte(r-0xfe00))
			} else {
				spelled = spelling(spelled, byte(r-0xe0100+16))
			}
		case isBidi(r):
			n.bidi++
			s.bidi(r, end, end+w)
		case isMark(r):
			n.marks++
		default:
			n.others++
		}
		end += w
	}
	next, _ := utf8.DecodeRuneInString(s.text[end:])
	if end == len(s.text) {
		next = -1
	}
	if n.tags > 0 && !(prev == 0x1f3f4 && n.tags <= 8) {
		score := Medium
		if n.tags >= 3 && spellsText(spelled) {
			score = High
		}
		s.report("tag-characters", i, end, score)
	}
	if n.selectors > 1 && only == -1 || n.selectors > 3 {
		score := Medium
		if n.selectors >= 3 && spellsText(spelled) {
			score = High
		}
		if n.tags == 0 {
			s.report("variation-smuggling", i, end, score)
		}
	}
	if n.others+n.marks > 0 {
		s.zeroWidth(i, end, prev, next, n.others, n.marks)
	}
	return end
}

// spelling collects what a run spells, as far as it takes to tell whether it is text.
func spelling(dst []byte, b byte) []byte {
	if len(dst) < 256 {
		dst = append(dst, b)
	}
	return dst
}

// spellsText reports whether b reads as text: nearly all of it printable ASCII, most
// of it letters and blanks.
func spellsText(b []byte) bool {
	printable, letters := 0, 0
	for _, c := range b {
		if c >= 0x20 && c < 0x7f || c == '\n' {
			printable++
		}
		if isLetter(c) || c == ' ' {
			letters++
		}
	}
	return len(b) >= 3 && printable*10 >= len(b)*9 && letters*2 >= len(b)
}

// zeroWidth judges others zero-width characters and marks direction marks between
// prev and next.
func (s *hiddenScan) zeroWidth(start, end int, prev, next rune, others, marks int) {
	switch total := others + marks; {
	case total >= 8:
		s.report("zero-width", start, end, High)
	case others >= 3:
		s.report("zero-width", start, end, Medium)
	case others == 0: // direction marks belong to mixed text
		if !s.hasRTL() && marks >= 2 {
			s.report("zero-width", start, end, Low)
		}
	case start == 0 && end == 3: // a byte order mark
	case joins(prev) || joins(next):
	case isWordRune(prev) && isWordRune(next):
		soft := s.text[start] == 0xc2 // a soft hyphen
		s.strays++
		switch {
		case soft && s.strays < 40:
		case s.strays >= 5 && !soft:
			s.report("zero-width", start, end, High)
		case soft:
			s.report("zero-width", start, end, Low)
		default:
			s.report("zero-width", start, end, Medium)
		}
	default:
		s.report("zero-width", start, end, Low)
	}
}

func isWordRune(r rune) bool {
	return r >= 0 && (r < 0x80 && isLetter(byte(r)) || r >= 0x80 && unicode.IsLetter(r))
}

// joins reports whether a joiner or a zero-width space beside r is ordinary
// writing: emoji, and scripts that join letters or have no blanks.
func joins(r rune) bool {
	switch {
	case r < 0x590:
		return false
	case r < 0x1200, r >= 0x1780 && r < 0x1c00: // Arabic, Hebrew, Indic, Thai, Lao, Tibetan, Myanmar, Khmer, Mongolian
		return true
	case r >= 0x2190 && r < 0x2c00, r >= 0x1f000 && r < 0x1fb00, r == 0x2640, r == 0x2642: // symbols and emoji
		return true
	case r >= 0x2e80 && r < 0xa000, r >= 0xa8e0 && r < 0xa900, r >= 0xaa00 && r < 0xab00, r >= 0xfb50 && r < 0xfe00, r >= 0x11000 && r < 0x12000:
		return true
	}
	return false
}

// bidi judges a character that turns the direction of writing.
func (s *hiddenScan) bidi(r rune, start, end int) {
	switch r {
	case 0x202d, 0x202e: // overrides
		if s.hasRTL() {
			s.report("bidi-override", start, end, Medium)
		} else {
			s.report("bidi-override", start, end, High)
		}
	case 0x202a, 0x202b, 0x2066, 0x2067: // embeddings and isolates with a direction
		if !s.hasRTL() {
			s.report("bidi-override", start, end, Medium)
		}
	}
}
