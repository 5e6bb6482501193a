package detect

// minHex is how many bytes a hexadecimal token holds at least.
const minHex = 7

// hexRun are the characters of hexadecimal digits and of what stands between
// them: 1 for digits, 2 for separators.
var hexRun = func() (t [256]uint8) {
	for _, c := range "0123456789abcdefABCDEF" {
		t[c] = 1
	}
	for _, c := range " :,-xX\\\n" {
		t[c] = 2
	}
	return t
}()

// decodeHex shows what the hexadecimal tokens of text hold, where that is text:
// digits in one run, or pairs with separators, as in "72 6d", "0x72,0x6d" and
// "72:6d".
func decodeHex(text string, _ []longRun) (string, string, spans) {
	var j joined
	for i := 0; i+2*minHex <= len(text); {
		start, end := nextRun(text, i, 2*minHex, &hexRun)
		if start < 0 {
			break
		}
		i = end
		if !enoughHex(text[start:end]) {
			continue
		}
		// More digits before or after may move the pairs by one.
		for shift := range 2 {
			kept := len(j.ss)
			at := start
			for shift > 0 && at < end && hexRun[text[at]] != 1 {
				at++
			}
			for at += shift; at < end; {
				from := len(j.out)
				first, stop, next := j.hex(text, at, end)
				if !(len(j.out)-from >= minHex && j.keep(from, first, stop)) {
					j.out = j.out[:from]
				}
				at = max(next, at+1)
			}
			if len(j.ss) > kept {
				break
			}
		}
	}
	return j.view("hex")
}

// enoughHex reports whether a run has the digits of a token at least.
func enoughHex(run string) bool {
	n := 0
	for i := 0; i < len(run); i++ {
		if hexRun[run[i]] == 1 {
			if n++; n == 2*minHex {
				return true
			}
		}
	}
	return false
}

// hex appends the bytes of the pairs of digits from at on, while they are text and
// separated alike. It returns the range that they stand in and where to go on.
func (j *joined) hex(text string, at, end int) (first, stop, next int) {
	for at < end && hexRun[text[at]] != 1 {
		at++
	}
	first, stop = at, at
	if first+2 < end && text[first] == '0' && text[first+1]|0x20 == 'x' {
		at += 2
	}
	gap := -1
	for at+1 < end {
		c, ok := hexByte(text, at)
		if !ok || !isText[c] {
			break
		}
		j.out = append(j.out, c)
		at += 2
		stop = at
		k := at
		for k < end && hexRun[text[k]] == 2 || k+1 < end && text[k] == '0' && text[k+1]|0x20 == 'x' {
			k++
		}
		if gap < 0 {
			gap = k - at
		}
		if k-at != gap && (gap == 0 && k-at > 1 || k-at > gap+1) || k >= end { // pairs may stand in groups
			break
		}
		at = k
	}
	if at < end && hexRun[text[at]] == 1 {
		return first, stop, at + 2 // the pair here is no text
	}
	return first, stop, at
}
