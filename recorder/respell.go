package recorder

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A spelling is a text in which characters may be spelt with escapes, and what it
// says. It can be made to say something else of the same length, with each character
// spelt as the one that it replaces.
type spelling struct {
	text  string
	plain []byte
	units []unit
}

// A unit is how one character is spelt, where it isn't itself.
type unit struct {
	src, srcEnd     int // in text
	plain, plainEnd int // in plain
	style           byte
}

// The styles of units. What has none can't be changed.
const (
	fixed   = 'f'
	percent = '%' // %41
	byUcode = 'u' // \u0041
	byXcode = 'x' // \x41
	byOctal = 'o' // \101
	byValue = '#' // &#65;
)

// jsonSpelling reads what stands between the quotes of a JSON string (RFC 8259, 7).
func jsonSpelling(text string) (s spelling, ok bool) {
	ok = true
	s = spell(text, `\`, func(rest string) (int, byte, []byte) {
		n, style, say := backslash(rest)
		ok = ok && n > 0
		return n, style, say
	})
	return s, ok
}

// escapedSpelling reads a text with percent escapes, character references and
// backslash escapes, as the detectors' view of it does.
func escapedSpelling(text string) spelling {
	return spell(text, `\%&`, func(rest string) (n int, style byte, say []byte) {
		switch rest[0] {
		case '%':
			if v, ok := code(rest, 1, 2, 16); ok {
				return 3, percent, []byte{byte(v)}
			}
		case '&':
			return reference(rest)
		case '\\':
			return backslash(rest)
		}
		return 0, 0, nil
	})
}

// spell reads a text whose escapes begin with one of marks. read returns the length of
// the escape that rest begins with (0 if it is none) and what it says.
func spell(text, marks string, read func(rest string) (n int, style byte, say []byte)) spelling {
	s := spelling{text: text, plain: make([]byte, 0, len(text))}
	for i := 0; ; {
		next := strings.IndexAny(text[i:], marks)
		if next < 0 {
			s.plain = append(s.plain, text[i:]...)
			return s
		}
		s.plain = append(s.plain, text[i:i+next]...)
		i += next
		n, style, say := read(text[i:])
		if n == 0 {
			s.plain = append(s.plain, text[i])
			i++
			continue
		}
		at := len(s.plain)
		s.plain = append(s.plain, say...)
		s.units = append(s.units, unit{i, i + n, at, len(s.plain), style})
		i += n
	}
}

// code reads the number in text[from:from+digits].
func code(text string, from, digits, base int) (uint64, bool) {
	if from+digits > len(text) {
		return 0, false
	}
	v, err := strconv.ParseUint(text[from:from+digits], base, 32)
	return v, err == nil
}

// backslash reads the escape that text begins with.
func backslash(text string) (n int, style byte, say []byte) {
	if len(text) < 2 {
		return 0, 0, nil
	}
	if i := strings.IndexByte(`nrtbf/\"'`, text[1]); i >= 0 {
		return 2, fixed, []byte{"\n\r\t\b\f/\\\"'"[i]}
	}
	switch text[1] {
	case 'u':
		v, ok := code(text, 2, 4, 16)
		switch {
		case !ok:
		case v < utf8.RuneSelf:
			return 6, byUcode, []byte{byte(v)}
		case 0xd800 <= v && v < 0xdc00:
			if lo, ok := code(text, 8, 4, 16); ok && text[6] == '\\' && text[7] == 'u' {
				return 12, fixed, utf8.AppendRune(nil, rune((v-0xd800)<<10|(lo-0xdc00)&0x3ff+0x10000))
			}
		default:
			return 6, fixed, utf8.AppendRune(nil, rune(v))
		}
	case 'x':
		if v, ok := code(text, 2, 2, 16); ok {
			return 4, byXcode, []byte{byte(v)}
		}
	case '0', '1':
		if v, ok := code(text, 1, 3, 8); ok {
			return 4, byOctal, []byte{byte(v)}
		}
	}
	return 0, 0, nil
}

// reference reads the decimal character reference that text begins with.
func reference(text string) (n int, style byte, say []byte) {
	end := strings.IndexByte(text, ';')
	if end < 3 || end > 5 || text[1] != '#' {
		return 0, 0, nil
	}
	v, ok := code(text, 2, end-2, 10)
	if !ok || v >= utf8.RuneSelf {
		return 0, 0, nil
	}
	return end + 1, byValue, []byte{byte(v)}
}

// saying returns a text that says plain, spelt alike. It fails if that would need
// another length, or a character that can't stand for itself.
func (s *spelling) saying(plain string) (string, bool) {
	if len(plain) != len(s.plain) {
		return "", false
	}
	return s.respell(plain)
}

// forced is saying, but what can't be spelt is crossed out.
func (s *spelling) forced(plain string) string {
	out, _ := s.respell(plain)
	return out
}

func (s *spelling) respell(plain string) (string, bool) {
	all := true
	out := make([]byte, 0, len(s.text))
	src, at := 0, 0
	literally := func(end int) {
		out = append(out, plain[at:end]...)
		for i := at; i < end; i++ {
			if c := plain[i]; c != s.plain[i] && !standsForItself(c) {
				out[src+i-at], all = 'x', false
			}
		}
	}
	for _, u := range s.units {
		literally(u.plain)
		old, is := s.text[u.src:u.srcEnd], plain[u.plain:u.plainEnd]
		src, at = u.srcEnd, u.plainEnd
		if is == string(s.plain[u.plain:u.plainEnd]) {
			out = append(out, old...)
			continue
		}
		spelt, ok := respell(old, u.style, is[0])
		if !ok {
			spelt, all = strings.Repeat("x", len(old)), false
		}
		out = append(out, spelt...)
	}
	literally(len(plain))
	return string(out), all
}

// standsForItself reports whether a character may stand where no escape is.
func standsForItself(c byte) bool { return c >= ' ' && strings.IndexByte(`"\%&`, c) < 0 }

// respell spells c in the way that old spells another.
func respell(old string, style, c byte) (string, bool) {
	digits, base := 2, 16
	switch style {
	case fixed:
		return "", false
	case byOctal:
		digits, base = 3, 8
	case byValue:
		number := strconv.Itoa(int(c))
		return "&#" + number + ";", len(number) == len(old)-3
	}
	number := strconv.FormatUint(uint64(c), base)
	number = strings.Repeat("0", digits-len(number)) + number
	if old != strings.ToLower(old) {
		number = strings.ToUpper(number)
	}
	return old[:len(old)-digits] + number, true
}
