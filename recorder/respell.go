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

// A unit is how one character is spelt.
type unit struct {
	src, plain int // where it ends in text and plain
	style      byte
}

// The styles of units. What has none can't be changed.
const (
	fixed   = 'f'
	literal = 'l'
	percent = '%' // %41
	byUcode = 'u' // \u0041
	byXcode = 'x' // \x41
	byOctal = 'o' // \101
	byValue = '#' // &#65;
)

// jsonSpelling reads what stands between the quotes of a JSON string (RFC 8259, 7).
func jsonSpelling(text string) (s spelling, ok bool) {
	s.text = text
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			s.add(i+1, literal, text[i])
			i++
			continue
		}
		n, style, say := backslash(text[i:])
		if n == 0 {
			return s, false
		}
		s.add(i+n, style, say...)
		i += n
	}
	return s, true
}

// escapedSpelling reads a text with percent escapes, character references and
// backslash escapes, as the detectors' view of it does.
func escapedSpelling(text string) (s spelling) {
	s.text = text
	for i := 0; i < len(text); {
		n, style, say := 0, byte(fixed), []byte(nil)
		switch text[i] {
		case '%':
			if v, ok := code(text[i:], 1, 2, 16); ok {
				n, style, say = 3, percent, []byte{byte(v)}
			}
		case '&':
			n, style, say = reference(text[i:])
		case '\\':
			n, style, say = backslash(text[i:])
		}
		if n == 0 {
			n, style, say = 1, literal, []byte{text[i]}
		}
		s.add(i+n, style, say...)
		i += n
	}
	return s
}

func (s *spelling) add(end int, style byte, say ...byte) {
	s.plain = append(s.plain, say...)
	s.units = append(s.units, unit{end, len(s.plain), style})
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
	return s.spell(plain)
}

// forced is saying, but what can't be spelt is crossed out.
func (s *spelling) forced(plain string) string {
	out, _ := s.spell(plain)
	return out
}

func (s *spelling) spell(plain string) (string, bool) {
	all := true
	out := make([]byte, 0, len(s.text))
	src, at := 0, 0
	for _, u := range s.units {
		old := s.text[src:u.src]
		is, was := plain[at:u.plain], string(s.plain[at:u.plain])
		src, at = u.src, u.plain
		if is == was {
			out = append(out, old...)
			continue
		}
		spelt, ok := respell(old, u.style, is[0])
		if !ok {
			spelt, all = strings.Repeat("x", len(old)), false
		}
		out = append(out, spelt...)
	}
	return string(out), all
}

// respell spells c in the way that old spells another.
func respell(old string, style, c byte) (string, bool) {
	digits, base := 2, 16
	switch style {
	case fixed:
		return "", false
	case literal:
		return string([]byte{c}), c >= ' ' && strings.IndexByte(`"\%&`, c) < 0
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
