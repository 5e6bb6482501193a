package detect

import (
	"unicode/utf8"
)

// minBase64 is the shortest run that is tried. Shorter ones are mostly words.
const minBase64 = 16

// maxBlob is how many bytes of one token are decoded at most beyond which the
// rest is left out: no text of a message that long is worth another copy.
const maxBlob = 8 << 20

// base64Value holds the six bits of each character of both alphabets of RFC 4648,
// plus 1; 0 for others.
var base64Value = func() (t [256]uint8) {
	const chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(chars) {
		t[chars[i]] = uint8(i) + 1
	}
	t['-'], t['_'] = 63, 64
	return t
}()

// decodeBase64 shows what the base64 tokens of text hold, where that is text too:
// each on a line of its own. Tokens may be wrapped over lines.
func decodeBase64(text string, long []longRun) (string, string, spans) {
	runs := runReader{text, long, minBase64, &base64Value}
	var j joined
	for i := 0; i+minBase64 <= len(text); {
		start, end := runs.next(i)
		if start < 0 {
			break
		}
		end = wrapped(text, start, end)
		i = end
		if !worthDecoding(text[start:end]) {
			continue
		}
		read := false
		for align := 0; align < 4 && end-start-align >= minBase64-2; align++ {
			from := len(j.out)
			stop := j.base64(text, start+align, end)
			if j.keep(from, start+align, stop) {
				read = true
				break
			}
		}
		if !read && end-start <= maxStrings {
			j.strings(text, start, end)
		}
	}
	return j.view("base64")
}

// wrapped extends a run over line ends as long as whole lines of base64 follow.
func wrapped(text string, start, end int) int {
	for {
		i := end
		if i < len(text) && text[i] == '\r' {
			i++
		}
		if i >= len(text) || text[i] != '\n' || end-start < 32 {
			break
		}
		i++
		for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
			i++
		}
		next := i
		for next < len(text) && base64Value[text[next]] != 0 {
			next++
		}
		if next == i || next < len(text) && text[next] != '=' && text[next] != '\r' && text[next] != '\n' && next-i < 16 {
			break
		}
		end = next
	}
	for k := 0; k < 2 && end < len(text) && text[end] == '='; k++ {
		end++
	}
	return end
}

// worthDecoding says no to words and numbers: what encodes text has at least two
// of the three: small letters, capitals, digits; or is padded.
func worthDecoding(s string) bool {
	if s[len(s)-1] == '=' {
		return true
	}
	var low, up, dig bool
	for i := 0; i < len(s) && i < 64; i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			low = true
		case 'A' <= c && c <= 'Z':
			up = true
		case '0' <= c && c <= '9':
			dig = true
		}
	}
	return low && up || up && dig || low && dig
}

// joined collects decoded tokens.
type joined struct {
	out []byte
	ss  spans
}

// base64 appends what text[i:end] decodes to, up to where it is no text any more,
// and returns where it stopped.
func (j *joined) base64(text string, i, end int) int {
	var acc uint32
	var bits uint
	from := len(j.out)
	odd := 0
	for ; i < end; i++ {
		v := base64Value[text[i]]
		if v == 0 {
			continue // line ends and padding
		}
		acc = acc<<6 | uint32(v-1)
		bits += 6
		if bits < 8 {
			continue
		}
		bits -= 8
		c := byte(acc >> bits)
		j.out = append(j.out, c)
		if !isText[c] {
			// UTF-16LE, as PowerShell takes it, has a zero at each second byte.
			n := len(j.out) - from
			if odd++; c == 0 && n%2 == 0 && odd == n/2 {
				continue
			}
			if c != 0 || n%2 != 0 {
				break
			}
			break
		}
		if odd > 0 && (len(j.out)-from)%2 == 0 || len(j.out) > maxBlob {
			break
		}
	}
	if odd > 0 && odd >= (len(j.out)-from)/2-1 {
		kept := j.out[:from]
		for k := from; k < len(j.out); k += 2 {
			kept = append(kept, j.out[k])
		}
		j.out = kept
	}
	return i
}

// The bounds of the texts that are looked for in tokens that hold other data: how
// long such a token may be, and how long a text must.
const (
	maxStrings = 16 << 10
	minString  = 16
)

// strings appends the runs of printable ASCII in what text[start:end] decodes to, each
// on a line of its own.
func (j *joined) strings(text string, start, end int) {
	var acc uint32
	var bits uint
	from := len(j.out)
	at := start
	for i := start; i <= end; i++ {
		c := byte(0)
		if i < end {
			v := base64Value[text[i]]
			if v == 0 {
				continue
			}
			acc = acc<<6 | uint32(v-1)
			if bits += 6; bits < 8 {
				continue
			}
			bits -= 8
			c = byte(acc >> bits)
		}
		if ' ' <= c && c < 0x7f {
			if len(j.out) == from {
				at = i
			}
			j.out = append(j.out, c)
			continue
		}
		if len(j.out)-from >= minString {
			j.ss = append(j.ss, spanOf{int32(from), int32(max(start, at-1)), int32(i), 0})
			j.out = append(j.out, '\n')
		} else {
			j.out = j.out[:from]
		}
		from = len(j.out)
	}
}

// isText are the bytes that stand in text: printable ASCII, white space, and
// those of UTF-8 sequences.
var isText = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = true
	}
	for c := 0x80; c < 0xf8; c++ {
		t[c] = true
	}
	for _, c := range "\t\n\r\f\x1b" {
		t[c] = true
	}
	t[0xc0], t[0xc1] = false, false
	return t
}()

// keep ends a token's text, whose source is [start,end), if it is text.
func (j *joined) keep(from, start, end int) bool {
	if !mostlyText(j.out[from:]) {
		j.out = j.out[:from]
		return false
	}
	j.ss = append(j.ss, spanOf{int32(from), int32(start), int32(end), 0})
	j.out = append(j.out, '\n')
	return true
}

// mostlyText reports whether b is mostly text: random bytes are not.
func mostlyText(b []byte) bool {
	for len(b) > 0 && !isText[b[len(b)-1]] {
		b = b[:len(b)-1]
	}
	if len(b) < 6 {
		return false
	}
	good := 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			if isText[b[i]] {
				good++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError {
			good += n
		}
		i += n
	}
	return good*10 >= len(b)*9
}

func (j *joined) view(name string) (string, string, spans) {
	if len(j.ss) == 0 {
		return "", "", nil
	}
	return name, string(j.out), j.ss
}
