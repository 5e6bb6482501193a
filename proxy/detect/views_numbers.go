package detect

// minNumbers is how many character codes in a row are taken for text.
const minNumbers = 8

// decodeNumbers shows what lists of decimal or binary character codes spell, as in
// "[114, 109, 32, …]" and "01110010 01101101".
func decodeNumbers(text string, _ []longRun) (string, string, spans) {
	var j joined
	for i := 0; i+3*minNumbers <= len(text); {
		start, end := nextRun(text, i, 3*minNumbers, &numberRun)
		if start < 0 {
			break
		}
		i = end
		for at := start; at < end; {
			from := len(j.out)
			first, stop, next := j.numbers(text, at, end)
			if len(j.out)-from < minNumbers || !j.keep(from, first, stop) {
				j.out = j.out[:from]
			}
			at = max(next, at+1)
		}
	}
	return j.view("numbers")
}

// numberRun are the digits and what stands between numbers.
var numberRun = func() (t [256]uint8) {
	for _, c := range "0123456789" {
		t[c] = 1
	}
	for _, c := range " ,;\n\t" {
		t[c] = 2
	}
	return t
}()

// numbers appends the characters that the numbers from at on stand for, while they
// are text. It returns the range that they stand in and where to go on.
func (j *joined) numbers(text string, at, end int) (first, stop, next int) {
	for at < end && numberRun[text[at]] != 1 {
		at++
	}
	first, stop = at, at
	for at < end {
		k := at
		for k < end && k-at <= 8 && numberRun[text[k]] == 1 {
			k++
		}
		c, ok := charCode(text[at:k])
		if !ok {
			for k < end && numberRun[text[k]] == 1 {
				k++
			}
			return first, stop, k
		}
		j.out = append(j.out, c)
		stop = k
		gap := k
		for gap < end && numberRun[text[gap]] == 2 {
			gap++
		}
		if gap == k || gap-k > 4 {
			return first, stop, max(gap, k)
		}
		at = gap
	}
	return first, stop, at
}

// charCode reads a decimal or binary number of two, three, seven or eight digits as
// a character of text.
func charCode(s string) (byte, bool) {
	n := 0
	switch len(s) {
	case 2, 3:
		for i := range len(s) {
			n = n*10 + int(s[i]-'0')
		}
	case 7, 8:
		for i := range len(s) {
			if s[i] > '1' {
				return 0, false
			}
			n = n<<1 | int(s[i]-'0')
		}
	default:
		return 0, false
	}
	return byte(n), n < 0x80 && isText[byte(n)]
}

// minBase32 is the shortest run that is tried.
const minBase32 = 24

// base32Value holds the five bits of each character of RFC 4648's base32, plus 1.
var base32Value = func() (t [256]uint8) {
	const chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	for i := range len(chars) {
		t[chars[i]] = uint8(i) + 1
		if isLetter(chars[i]) {
			t[chars[i]|0x20] = uint8(i) + 1
		}
	}
	return t
}()

// decodeBase32 shows what the base32 tokens of text hold, where that is text. A
// token is of one case.
func decodeBase32(text string, long []longRun) (string, string, spans) {
	runs := runReader{text, long, minBase32, &base32Value}
	var j joined
	for i := 0; i+minBase32 <= len(text); {
		start, end := runs.next(i)
		if start < 0 {
			break
		}
		i = end
		if !oneCase(text[start:end]) {
			continue
		}
		from := len(j.out)
		acc, bits := uint32(0), 0
		for k := start; k < end; k++ {
			acc = acc<<5 | uint32(base32Value[text[k]]-1)
			if bits += 5; bits >= 8 {
				bits -= 8
				c := byte(acc >> bits)
				if !isText[c] {
					break
				}
				j.out = append(j.out, c)
			}
		}
		if len(j.out)-from < (end-start)*5/8-2 || !j.keep(from, start, end) {
			j.out = j.out[:from]
		}
	}
	return j.view("base32")
}

// oneCase reports whether the letters of s are of one case.
func oneCase(s string) bool {
	lower, upper := false, false
	for i := 0; i < min(len(s), 200); i++ {
		if c := s[i]; isLetter(c) {
			lower = lower || c&0x20 != 0
			upper = upper || c&0x20 == 0
			if lower && upper {
				return false
			}
		}
	}
	return lower != upper
}

// minQuoted is how many characters in a row have to be escaped.
const minQuoted = 6

// decodeQuoted shows what a run of quoted-printable escapes (RFC 2045) spells, as in
// "=72=6D". Where only a few characters are escaped the text can be read as it is.
func decodeQuoted(text string, long []longRun) (string, string, spans) {
	runs := runReader{text, long, 3 * minQuoted, &quotedRun}
	var j joined
	for i := 0; i+3*minQuoted <= len(text); {
		start, end := runs.next(i)
		if start < 0 {
			break
		}
		i = end
		for at := start; at < end; at++ {
			if text[at] != '=' {
				continue
			}
			from, k := len(j.out), at
			for k+2 < end && text[k] == '=' {
				c, ok := hexByte(text, k+1)
				if !ok {
					break
				}
				j.out = append(j.out, c)
				k += 3
			}
			if k == at {
				continue
			}
			if len(j.out)-from < minQuoted || !j.keep(from, at, k) {
				j.out = j.out[:from]
			}
			at = k - 1
		}
	}
	return j.view("quoted-printable")
}

var quotedRun = func() (t [256]uint8) {
	for _, c := range "0123456789abcdefABCDEF=" {
		t[c] = 1
	}
	return t
}()
