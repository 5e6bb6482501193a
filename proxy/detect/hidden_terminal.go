package detect

import "strings"

// escape judges the terminal escape sequence at i (ECMA-48) and returns its end.
// Colours are ordinary in logs; concealed text, the clipboard and the like aren't.
func (s *hiddenScan) escape(i int) int {
	text := s.text[i:min(len(s.text), i+2048)]
	end, score := 1, Low
	switch {
	case strings.HasPrefix(text, "\x1b["):
		end = 2
		for end < len(text) && end < 40 && (text[end] < 0x40 || text[end] > 0x7e) {
			end++
		}
		end = min(end+1, len(text))
		score = controlSequence(text[2:end])
		if score < High && moves(text[end-1]) && wishesIn(lower(s.text[i+end:restOfLine(s.text, i+end)])) != 0 {
			score = High // what was written over what stood there
		}
	case len(text) > 1 && strings.IndexByte("]P_^X", text[1]) >= 0:
		end = stringEnd(text)
		score = operatingSystemCommand(text[1:end])
	case len(text) > 1:
		end = 2
	}
	if s.v.Of.Place == Description {
		score = max(score+1, Medium)
	}
	if score = min(score, High); score > NoScore {
		s.report("ansi-escape", i, i+end, score)
	}
	return i + end
}

// controlSequence grades what follows ESC [ up to its final byte.
func controlSequence(seq string) Score {
	if seq == "" {
		return Low
	}
	params, final := seq[:len(seq)-1], seq[len(seq)-1]
	switch final {
	case 'm':
		for p := range strings.SplitSeq(params, ";") {
			if p == "8" && !strings.Contains(params, "8;5") && !strings.HasPrefix(params, "38") && !strings.HasPrefix(params, "48") {
				return High
			}
		}
		if invisibleInk(params) {
			return High
		}
		return NoScore
	case 'K', 'h', 'l', 'G':
		return NoScore // progress bars
	case 'n', 'c', 'i', 't':
		return Medium // makes the terminal answer or print
	}
	return Low
}

// moves reports whether a sequence with that end moves the cursor or erases.
func moves(final byte) bool { return strings.IndexByte("ABCDEFGHJKfsu", final) >= 0 }

// restOfLine returns where the line or what may be read of it ends.
func restOfLine(text string, from int) int {
	end := min(len(text), from+200)
	if nl := strings.IndexByte(text[from:end], '\n'); nl >= 0 {
		end = from + nl
	}
	return end
}

// invisibleInk reports whether the same colour is set before and behind.
func invisibleInk(params string) bool {
	fore, back := byte(0), byte(0)
	for p := range strings.SplitSeq(params, ";") {
		if len(p) == 2 && p[0] == '3' && p[1] < '8' {
			fore = p[1]
		}
		if len(p) == 2 && p[0] == '4' && p[1] < '8' {
			back = p[1]
		}
	}
	return fore != 0 && fore == back
}

// stringEnd returns the end of a string that an escape opens: after BEL or ST, or
// at the end of the line.
func stringEnd(text string) int {
	for i := 2; i < len(text); i++ {
		switch {
		case text[i] == 0x07:
			return i + 1
		case text[i] == 0x1b:
			return min(i+2, len(text))
		case text[i] == '\n':
			return i
		}
	}
	return len(text)
}

// operatingSystemCommand grades an OSC, DCS, PM, APC or SOS string: links are
// ordinary, writing to the clipboard or defining keys isn't.
func operatingSystemCommand(seq string) Score {
	switch {
	case strings.HasPrefix(seq, "]8;"):
		return Low
	case strings.HasPrefix(seq, "]52;"), strings.HasPrefix(seq, "]50;"), strings.HasPrefix(seq, "]1337;"):
		return High
	}
	return Medium
}
