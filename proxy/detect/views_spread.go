package detect

import "unicode/utf8"

// minSpread is how many characters with the same separator between them are put
// together: fewer are initials, versions and lists.
const minSpread = 8

// decodeSpread shows words and keys that were written with a separator after each
// character, as in "i g n o r e" and "A.K.I.A", without it. Two separators are a
// blank: they part words.
func decodeSpread(text string, _ []longRun) (string, string, spans) {
	var j joined
	for i := 0; ; {
		at := nextSpread(text, i)
		if at < 0 {
			break
		}
		from := len(j.out)
		start, end := j.spread(text, at, i)
		if len(j.out)-from >= minSpread {
			j.ss = append(j.ss, spanOf{int32(from), int32(start), int32(end), 0})
			j.out = append(j.out, '\n')
		} else {
			j.out = j.out[:from]
		}
		i = max(end, at+1)
	}
	return j.view("spread")
}

// nextSpread returns a place at or after i that may stand in a run of characters
// with separators. A run of minSpread has fifteen bytes, so it need look at some
// places only.
func nextSpread(text string, i int) int {
	for k := i + 2*minSpread - 8; k+5 < len(text); k += 2*minSpread - 7 {
		if spreadAt(text, k) || spreadAt(text, k+1) {
			return k
		}
	}
	return -1
}

// spreadAt reports whether a separator stands at k, k+2 and k+4 with single
// characters between them.
func spreadAt(text string, k int) bool {
	c := text[k]
	return !spreadByte[c] && c < utf8.RuneSelf && k+4 < len(text) && text[k+2] == c && text[k+4] == c && spreadByte[text[k+1]] && spreadByte[text[k+3]]
}

// spreadByte are the characters that words and keys are made of.
var spreadByte = func() (t [256]bool) {
	for c := range t {
		t[c] = isLetter(byte(c)) || isDigit(byte(c))
	}
	return t
}()

// spread appends the run around at without its separators; it begins at or after
// least.
func (j *joined) spread(text string, at, least int) (start, end int) {
	if !spreadAt(text, at) {
		at++
	}
	sep := text[at]
	single := func(i int) bool {
		return i >= least && i < len(text) && text[i] != sep && text[i] >= ' ' && text[i] < utf8.RuneSelf
	}
	start = at
	for start > least && (text[start-1] == sep || single(start-1) && (start-1 == least || text[start-2] == sep)) {
		start--
	}
	for text[start] == sep {
		start++
	}
	i := start
	for single(i) {
		j.out = append(j.out, text[i])
		i++
		end = i
		if i >= len(text) || text[i] != sep {
			break
		}
		i++
		if gap := i; i < len(text) && text[i] == sep { // part of the text, or a gap between words
			for i < len(text) && text[i] == sep {
				i++
			}
			if n := i - gap; sep == ' ' || n%2 != 0 {
				j.out = append(j.out, ' ')
			} else {
				for range n / 2 {
					j.out = append(j.out, sep)
				}
			}
		}
		if i+1 < len(text) && text[i+1] != sep && spreadByte[text[i+1]] {
			break // a longer word
		}
	}
	return start, max(end, at)
}
