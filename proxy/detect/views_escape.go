package detect

import (
	"strings"
	"unicode/utf8"
)

// decodeEscapes decodes percent escapes (RFC 3986, and the %uXXXX of old
// browsers), HTML character references, and the backslash escapes of JSON,
// JavaScript, C and shells, all in one pass: a text that mixes them is not deeply
// encoded.
func decodeEscapes(text string, _ []longRun) (string, string, spans) {
	percent := hasPercent(text)
	html := strings.IndexByte(text, '&') >= 0
	back := hasBackslash(text)
	if !percent && !html && !back {
		return "", "", nil
	}
	d := escapes{edits: edits{text: text}}
	marks := [3]int{len(text), len(text), len(text)}
	next := func(k int, c byte, from int) {
		marks[k] = len(text)
		if n := strings.IndexByte(text[min(from, len(text)):], c); n >= 0 {
			marks[k] = from + n
		}
	}
	if percent {
		next(0, '%', 0)
	}
	if html {
		next(1, '&', 0)
	}
	if back {
		next(2, '\\', 0)
	}
	for {
		i := min(marks[0], marks[1], marks[2])
		if i >= len(text) {
			break
		}
		var end int
		switch text[i] {
		case '%':
			end = d.percent(i)
		case '&':
			end = d.reference(i)
		default:
			end = d.backslash(i)
		}
		for k, c := range [3]byte{'%', '&', '\\'} {
			if marks[k] < end {
				next(k, c, end)
			}
		}
	}
	name := d.names()
	if name == "" {
		return "", "", nil
	}
	out, ss := d.view()
	return name, out, ss
}

type escapes struct {
	edits
	nPercent, nHTML, nBack int
}

func (d *escapes) names() string {
	name := ""
	for _, k := range []struct {
		n    int
		name string
	}{{d.nPercent, "percent"}, {d.nHTML, "html"}, {d.nBack, "escape"}} {
		if k.n > 0 {
			if name != "" {
				name += "+"
			}
			name += k.name
		}
	}
	return name
}

// hasPercent reports whether a percent escape stands in text.
func hasPercent(text string) bool {
	for i := 0; ; i++ {
		n := strings.IndexByte(text[i:], '%')
		if n < 0 {
			return false
		}
		i += n
		if c, ok := hexByte(text, i+1); ok && c >= '\t' {
			return true
		}
		if i+5 < len(text) && text[i+1]|0x20 == 'u' {
			if _, ok := hexByte(text, i+2); ok {
				return true
			}
		}
	}
}

// hasBackslash reports whether an escape stands in text that spells a character by
// its number, or a slash. Plain escapes such as \n and \" are everywhere in code
// and hide nothing; they are decoded where one of the others is.
func hasBackslash(text string) bool {
	for i := 0; ; i += 2 {
		if i >= len(text) {
			return false
		}
		n := strings.IndexByte(text[i:], '\\')
		if n < 0 || i+n+1 >= len(text) {
			return false
		}
		i += n
		switch c := text[i+1]; c {
		case 'x', 'u', 'U', '/', '0', '1':
			if _, n, _ := charEscape(text, i); n > 0 {
				return true
			}
		}
	}
}

func (d *escapes) percent(i int) int {
	text := d.text
	if c, ok := hexByte(text, i+1); ok {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return i + 1 // more likely a format such as %02x
		}
		// Overlong forms of ASCII, which lenient decoders take.
		if c == 0xc0 || c == 0xc1 {
			if i+5 < len(text) && text[i+3] == '%' {
				if c2, ok := hexByte(text, i+4); ok && c2&0xc0 == 0x80 {
					d.nPercent++
					d.replace(i, i+6, 6, (c&1)<<6|c2&0x3f)
					return i + 6
				}
			}
		}
		d.nPercent++
		d.replace(i, i+3, 3, c)
		return i + 3
	}
	if i+5 < len(text) && text[i+1]|0x20 == 'u' {
		hi, ok1 := hexByte(text, i+2)
		lo, ok2 := hexByte(text, i+4)
		if ok1 && ok2 {
			d.nPercent++
			d.rune(i, i+6, rune(hi)<<8|rune(lo))
			return i + 6
		}
	}
	return i + 1
}

// rune replaces text[i:end] by a character.
func (d *escapes) rune(i, end int, r rune) {
	if r < utf8.RuneSelf {
		unit := end - i
		if unit > 100 {
			unit = 0
		}
		d.replace(i, end, unit, byte(r))
		return
	}
	d.replace(i, end, 0, utf8.AppendRune(nil, r)...)
}

func (d *escapes) backslash(i int) int {
	r, n, isByte := charEscape(d.text, i)
	if n == 0 {
		return i + 1
	}
	d.nBack++
	if isByte {
		d.replace(i, i+n, n, byte(r))
	} else {
		d.rune(i, i+n, r)
	}
	return i + n
}

// charEscape decodes the backslash escape at text[i:]; n is its length, 0 if it is
// none.
func charEscape(text string, i int) (r rune, n int, isByte bool) {
	if i+1 >= len(text) {
		return 0, 0, false
	}
	switch c := text[i+1]; c {
	case 'n':
		return '\n', 2, true
	case 't':
		return '\t', 2, true
	case 'r':
		return '\r', 2, true
	case '/', '\\', '"', '\'':
		return rune(c), 2, true
	case 'x':
		if b, ok := hexByte(text, i+2); ok {
			return rune(b), 4, true
		}
	case 'u':
		if i+2 < len(text) && text[i+2] == '{' {
			return braced(text, i)
		}
		r, ok := hexRune(text, i+2, 4)
		if !ok {
			return 0, 0, false
		}
		// A surrogate pair is one character.
		if 0xd800 <= r && r < 0xdc00 && i+7 < len(text) && text[i+6] == '\\' && text[i+7] == 'u' {
			if lo, ok := hexRune(text, i+8, 4); ok && 0xdc00 <= lo && lo < 0xe000 {
				return (r-0xd800)<<10 | (lo - 0xdc00) + 0x10000, 12, false
			}
		}
		return r, 6, false
	case 'U':
		if r, ok := hexRune(text, i+2, 8); ok && r <= utf8.MaxRune {
			return r, 10, false
		}
	case '0', '1':
		if i+3 < len(text) && isOctal(text[i+2]) && isOctal(text[i+3]) {
			return rune(c-'0')<<6 | rune(text[i+2]-'0')<<3 | rune(text[i+3]-'0'), 4, true
		}
	}
	return 0, 0, false
}

// braced decodes \u{1F600}.
func braced(text string, i int) (rune, int, bool) {
	var r rune
	for k := i + 3; k < len(text) && k < i+12; k++ {
		if text[k] == '}' {
			if k == i+3 || r > utf8.MaxRune {
				return 0, 0, false
			}
			return r, k + 1 - i, false
		}
		h, ok := hexDigit(text[k])
		if !ok || r > utf8.MaxRune {
			return 0, 0, false
		}
		r = r<<4 | rune(h)
	}
	return 0, 0, false
}

func hexRune(text string, i, digits int) (rune, bool) {
	if i+digits > len(text) {
		return 0, false
	}
	var r uint32
	for _, c := range []byte(text[i : i+digits]) {
		h, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | uint32(h)
	}
	return rune(r & 0x7fffffff), true
}

func hexByte(text string, i int) (byte, bool) {
	if i+2 > len(text) {
		return 0, false
	}
	hi, ok1 := hexDigit(text[i])
	lo, ok2 := hexDigit(text[i+1])
	return hi<<4 | lo, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

func isOctal(c byte) bool { return '0' <= c && c <= '7' }

// reference decodes the HTML character reference at text[i].
func (d *escapes) reference(i int) int {
	text := d.text
	end := i + 1
	for end < len(text) && end < i+12 && text[end] != ';' && (isLetter(text[end]) || text[end] == '#' || '0' <= text[end] && text[end] <= '9') {
		end++
	}
	if end >= len(text) || text[end] != ';' {
		return i + 1
	}
	body := text[i+1 : end]
	r, ok := references[lower(body)]
	if !ok && len(body) > 1 && body[0] == '#' {
		r, ok = number(body[1:])
	}
	if !ok {
		return i + 1
	}
	d.nHTML++
	d.rune(i, end+1, r)
	return end + 1
}

// number reads the decimal or hexadecimal number of a character reference.
func number(s string) (rune, bool) {
	base := rune(10)
	if s[0]|0x20 == 'x' {
		base, s = 16, s[1:]
	}
	var r rune
	for i := 0; i < len(s); i++ {
		h, ok := hexDigit(s[i])
		if !ok || rune(h) >= base || r > utf8.MaxRune {
			return 0, false
		}
		r = r*base + rune(h)
	}
	return r, len(s) > 0 && r > 0 && r <= utf8.MaxRune
}

// references are the named character references that stand for ASCII (HTML
// standard, section 13.5), in lower case.
var references = map[string]rune{
	"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\'', "nbsp": ' ', "tab": '\t', "newline": '\n',
	"excl": '!', "num": '#', "dollar": '$', "percnt": '%', "lpar": '(', "rpar": ')', "ast": '*', "midast": '*',
	"plus": '+', "comma": ',', "period": '.', "sol": '/', "colon": ':', "semi": ';', "equals": '=', "quest": '?',
	"commat": '@', "lsqb": '[', "lbrack": '[', "bsol": '\\', "rsqb": ']', "rbrack": ']', "hat": '^', "lowbar": '_',
	"grave": '`', "lcub": '{', "lbrace": '{', "verbar": '|', "vert": '|', "rcub": '}', "rbrace": '}', "hyphen": '-',
	"dash": '-', "shy": '\u00ad', "zwj": '\u200d', "zwnj": '\u200c',
}
