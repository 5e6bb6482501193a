package detect

// A longRun is a range of a text without blanks and the like: all that keys, tokens
// and encodings are made of. What looks for a run of some of those characters only
// looks there, and ordinary words are too short to be one.
type longRun struct{ start, end int32 }

// minRun is how many characters a longRun has at least: no encoding and no key that is
// known by its characters alone is shorter.
const minRun = 16

var runBytes = func() (t [256]uint8) {
	for c := range t {
		t[c] = base64Value[c] | tokenBytes[c] | valueBytes[c] | quotedRun[c]
	}
	return t
}()

// longRuns appends the runs of text to dst.
func longRuns(dst []longRun, text string) []longRun {
	for i := 0; ; {
		start, end := nextRun(text, i, minRun, &runBytes)
		if start < 0 {
			return dst
		}
		dst = append(dst, longRun{int32(start), int32(end)})
		i = end
	}
}

// A runReader finds the runs of one class of characters in a text.
type runReader struct {
	text  string
	long  []longRun
	least int // how long a run is at least, minRun or more
	class *[256]uint8
}

// next returns the first run at or after i, or -1. i must not go back from call to call.
func (r *runReader) next(i int) (start, end int) {
	for len(r.long) > 0 {
		within := r.long[0]
		start, end = nextRun(r.text[:within.end], max(i, int(within.start)), r.least, r.class)
		if start >= 0 {
			return start, end
		}
		r.long = r.long[1:]
	}
	return -1, -1
}

// nextRun returns the first run of at least least characters of a class at or
// after i. It looks only at each place that such a run must cover.
func nextRun(text string, i, least int, class *[256]uint8) (int, int) {
	for i+least <= len(text) {
		k := i + least - 1
		for k >= i && class[text[k]] != 0 {
			k--
		}
		if k >= i {
			i = k + 1
			continue
		}
		end := i + least
		for end < len(text) && class[text[end]] != 0 {
			end++
		}
		return i, end
	}
	return -1, -1
}
