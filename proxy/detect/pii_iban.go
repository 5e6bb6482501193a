package detect

// ibanLengths are the lengths of IBANs by country (ISO 13616 registry).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
	"GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
	"MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
	"QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
	"TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

// iban looks for an IBAN that holds the digits at at. It begins at most 24 bytes
// before them, for its country and its bank may be letters.
func iban(text string, from, at int) (start, end int, ok bool) {
	first := at
	for first > max(from, at-24, 0) && ibanByte(text[first-1]) {
		first--
	}
	for start = first; start <= at && start+15 <= len(text); start++ {
		if !isUpper(text[start]) || !isUpper(text[start+1]) || !isDigit(text[start+2]) || !isDigit(text[start+3]) ||
			start > 0 && (isLetter(text[start-1]) || isDigit(text[start-1])) {
			continue
		}
		want := ibanLengths[text[start:start+2]]
		if want == 0 {
			continue
		}
		if end, ok = ibanAt(text, start, want); ok {
			return start, end, true
		}
	}
	return 0, 0, false
}

// ibanByte reports whether c may stand in an IBAN.
func ibanByte(c byte) bool { return isUpper(c) || isDigit(c) || c == ' ' || c == '-' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// ibanAt reads want letters and digits with single blanks or dashes between groups
// from start, and checks them mod 97 (ISO 7064): the first four count last.
func ibanAt(text string, start, want int) (end int, ok bool) {
	var chars [34]byte
	n := 0
	for end = start; end < len(text) && n < want; end++ {
		switch c := text[end]; {
		case isDigit(c) || isUpper(c):
			chars[n] = c
			n++
		case (c == ' ' || c == '-') && n%4 == 0:
		default:
			return 0, false
		}
	}
	if n < want || end < len(text) && (isLetter(text[end]) || isDigit(text[end])) {
		return 0, false
	}
	rest := 0
	for i := range n {
		c := chars[(i+4)%n]
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A'+10)) % 97
		}
	}
	return end, rest == 1
}

// An accountList counts different IBANs.
type accountList struct {
	seen  [manyRecords]string
	n     int
	start int
}

// add notes an IBAN that stands at start, and reports whether with it they are many.
func (l *accountList) add(iban string, start int) bool {
	for _, s := range l.seen[:l.n] {
		if s == iban {
			return false
		}
	}
	if l.n == len(l.seen) {
		return false
	}
	if l.n == 0 {
		l.start = start
	}
	l.seen[l.n] = iban
	l.n++
	return l.n == len(l.seen)
}
