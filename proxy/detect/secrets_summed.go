package detect

import "strings"

// How far from the first piece of a sum its other pieces and the sum itself may stand.
const sumReach = 600

// The most pieces of a text that sums are looked for, and sums for each: a text that is
// nothing but pieces is linear work.
const (
	maxSummed = 64
	maxSums   = 4
)

// summed reports whether the piece of a key at at is the value of a name that a sum of
// names puts the key together from, in whatever order they were given their values:
// b = "…"; a = "…"; k = a + b.
func summed(text string, v *View, at int) (start, end int, ok bool) {
	if at < 3 || text[at-1] != '"' && text[at-1] != '\'' {
		return 0, 0, false
	}
	name := givenName(text, at-1)
	if name == "" {
		return 0, 0, false
	}
	low, high := max(0, at-sumReach), min(len(text), at+sumReach)
	window := text[low:high]
	for i, sums := at-low, 0; i < len(window) && sums < maxSums; {
		k := strings.Index(window[i:], name)
		if k < 0 {
			return 0, 0, false
		}
		i += k
		if i > 0 && isWord(window[i-1]) {
			i += len(name)
			continue
		}
		names, stop := addends(window, i)
		i += len(name)
		if len(names) < 2 {
			continue
		}
		sums++
		var key []byte
		for _, n := range names {
			value, ok := valueOf(window, n)
			if !ok || len(key)+len(value) > maxAssembly {
				return 0, 0, false
			}
			key = append(key, value...)
		}
		if isKey(v, string(key)) {
			return low + firstValue(window, names), low + stop, true
		}
	}
	return 0, 0, false
}

// givenName returns the name that is given the quoted value at i, or "".
func givenName(text string, i int) string {
	for i > 0 && strings.IndexByte(" \t=:", text[i-1]) >= 0 {
		i--
	}
	end := i
	for i > 0 && end-i < 32 && isWord(text[i-1]) {
		i--
	}
	return text[i:end]
}

// addends reads names with plus signs or dots between them, up to eight.
func addends(s string, i int) (names []string, end int) {
	for len(names) < 8 {
		from := i
		for i < len(s) && i-from < 32 && isWord(s[i]) {
			i++
		}
		if i == from {
			break
		}
		names, end = append(names, s[from:i]), i
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i >= len(s) || s[i] != '+' && s[i] != '.' {
			break
		}
		for i++; i < len(s) && (s[i] == ' ' || s[i] == '$'); i++ {
		}
	}
	return names, end
}

// valueOf returns the quoted value that a name is given in s.
func valueOf(s, name string) (string, bool) {
	for i := 0; i < len(s); {
		k := strings.Index(s[i:], name)
		if k < 0 {
			return "", false
		}
		at := i + k
		i = at + len(name)
		if at > 0 && isWord(s[at-1]) {
			continue
		}
		k = i
		for k < len(s) && strings.IndexByte(" \t=:", s[k]) >= 0 {
			k++
		}
		if k == i || k >= len(s) || s[k] != '"' && s[k] != '\'' {
			continue
		}
		if n := strings.IndexByte(s[k+1:], s[k]); n > 0 {
			return s[k+1 : k+1+n], true
		}
	}
	return "", false
}

// firstValue returns where the first of the names is given its value.
func firstValue(s string, names []string) int {
	first := len(s)
	for _, n := range names {
		if value, ok := valueOf(s, n); ok {
			first = min(first, strings.Index(s, value))
		}
	}
	return first
}
