package detect

import (
	"strings"
	"unicode/utf8"
)

// decodeStudded shows words that were written with the same symbol beyond ASCII after
// each character, as in "i★g★n★o★r★e", without it.
func decodeStudded(text string, _ []longRun) (string, string, spans) {
	var j joined
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		if i == 0 || !studs(text, i, n) {
			i += n
			continue
		}
		from, start, stud := len(j.out), i-1, text[i:i+n]
		j.out = append(j.out, text[start])
		for studs(text, i, n) && text[i:i+n] == stud {
			i += n
			j.out = append(j.out, text[i])
			i++
		}
		if len(j.out)-from < minSpread {
			j.out = j.out[:from]
			continue
		}
		j.ss = append(j.ss, spanOf{int32(from), int32(start), int32(i), 0})
		j.out = append(j.out, '\n')
	}
	return j.view("studded")
}

// studs reports whether the symbol of n bytes at i stands between two printable
// characters of ASCII, and again after the second or nothing does.
func studs(text string, i, n int) bool {
	after := i + n
	if after >= len(text) || !plain(text[i-1]) || !plain(text[after]) {
		return false
	}
	return after+1 >= len(text) || after+1+n > len(text) || strings.HasPrefix(text[after+1:], text[i:after]) ||
		i > n && strings.HasPrefix(text[i-1-n:], text[i:after])
}

func plain(c byte) bool { return ' ' <= c && c < 0x7f }
