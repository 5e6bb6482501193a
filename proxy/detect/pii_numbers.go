package detect

import (
	"strings"
)

// nextDigits returns where, at or after from, a run of at least four digits may
// stand, or -1. Every number that findNumbers looks for has such a run, so it need
// look at every fourth byte only.
func nextDigits(text string, from int) int {
	for i := from + 3; i < len(text); i += 4 {
		if !isDigit(text[i]) {
			continue
		}
		a, b := i, i+1
		for a > from && isDigit(text[a-1]) {
			a--
		}
		for b < len(text) && isDigit(text[b]) {
			b++
		}
		if b-a >= 4 {
			return a
		}
		i = b - 1
	}
	return -1
}

// findNumbers reports the numbers that personal data is made of.
func findNumbers(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	var accounts accountList
	for i := 0; ; {
		at := nextDigits(text, i)
		if at < 0 {
			return
		}
		start, end := numberAround(text, i, at)
		switch {
		case card(text, start, end):
			report("card-number", start, end, cardScore(v, start))
		case ssn(text, start, end):
			if sampleSSNs[text[start:end]] && triedOut(v, start) {
				report("us-ssn", start, end, Low)
			} else if near(v, start, "ssn", "social security", "social_security", "socialsecurity") {
				report("us-ssn", start, end, High)
			} else if text[start+3] == '-' && handedOver(v, start) {
				report("us-ssn", start, end, Medium)
			}
		case phone(text, start, end):
			report("phone-number", phoneStart(text, start), end, Low)
		default:
			if a, b, ok := iban(text, i, at); ok {
				report("iban", a, b, Medium)
				end = b
				if accounts.add(text[a:b], a) {
					report(personalRecords, accounts.start, b, Medium)
				}
			}
		}
		i = max(end, at+4)
	}
}

// numberAround widens the digits at to the number they are part of: groups of
// digits with single blanks, dashes or dots between, within 32 bytes each way.
func numberAround(text string, from, at int) (start, end int) {
	start, end = at, at
	for start > from && at-start < 32 {
		if c := text[start-1]; isDigit(c) || separates(text, start-1) {
			start--
			continue
		}
		break
	}
	for start < at && !isDigit(text[start]) {
		start++
	}
	for end < len(text) && end-at < 64 && (isDigit(text[end]) || separates(text, end)) {
		end++
	}
	for end > at && !isDigit(text[end-1]) {
		end--
	}
	return start, end
}

// separates reports whether text[i] is a separator with a digit on either side.
func separates(text string, i int) bool {
	return strings.IndexByte(" -.()", text[i]) >= 0 && i > 0 && i+1 < len(text) && (isDigit(text[i-1]) || text[i-1] == ')') && (isDigit(text[i+1]) || text[i+1] == '(')
}

// bounded reports whether no letter, digit or the like joins text[start:end].
func bounded(text string, start, end int) bool {
	joined := func(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("_-.$/+#", c) >= 0 }
	return (start == 0 || !joined(text[start-1])) && (end == len(text) || !joined(text[end]) || text[end] == '.' && (end+1 == len(text) || !isDigit(text[end+1])))
}

// card reports whether text[start:end] is a card number: an issuer's prefix and
// length, groups as people write them, and Luhn's check digit.
func card(text string, start, end int) bool {
	if end-start < 13 || end-start > 23 || !bounded(text, start, end) && !(start > 0 && text[start-1] == '=') {
		return false
	}
	var d [19]byte
	n, seps := 0, 0
	kind := byte(0)
	for i := start; i < end; i++ {
		switch c := text[i]; {
		case isDigit(c):
			if n == len(d) {
				return false
			}
			d[n] = c - '0'
			n++
		case c == ' ' || c == '-':
			if seps++; kind != 0 && kind != c {
				return false
			}
			kind = c
		default:
			return false
		}
	}
	if seps > 4 || seps > 0 && seps < 2 || !issued(d[:n]) {
		return false
	}
	return luhn(d[:n])
}

// issued reports whether d begins and is as long as an issuer's numbers are.
func issued(d []byte) bool {
	if len(d) < 13 {
		return false
	}
	two := int(d[0])*10 + int(d[1])
	four := two*100 + int(d[2])*10 + int(d[3])
	switch {
	case d[0] == 4:
		return len(d) == 13 || len(d) == 16 || len(d) == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return len(d) == 16
	case two == 34 || two == 37:
		return len(d) == 15
	case four == 6011, two == 65, four >= 6440 && four <= 6499, two == 62, four >= 3528 && four <= 3589:
		return len(d) == 16
	case two == 36 || two == 38 || four >= 3000 && four <= 3059:
		return len(d) == 14
	}
	return false
}

func luhn(d []byte) bool {
	sum, distinct := 0, [10]bool{}
	for i := range d {
		x := int(d[len(d)-1-i])
		distinct[x] = true
		if i%2 == 1 {
			if x *= 2; x > 9 {
				x -= 9
			}
		}
		sum += x
	}
	kinds := 0
	for _, seen := range distinct {
		if seen {
			kinds++
		}
	}
	return sum%10 == 0 && kinds >= 2
}

// cardScore is High where the words around speak of a card, or the digits stand in
// groups; one number of ten has a right check digit by chance.
func cardScore(v *View, start int) Score {
	if tryout(v.Text[start:]) {
		switch {
		case v.Of.Place != Argument:
			return Medium
		case triedOut(v, start):
			return Low
		}
	}
	if near(v, start, "card", "credit", "debit", "visa", "mastercard", "amex", "pan", "payment", "cvv", "cvc", "expir") {
		return High
	}
	if rest := v.Text[start:min(len(v.Text), start+5)]; len(rest) == 5 && (rest[4] == ' ' || rest[4] == '-') {
		return High
	}
	if handedOver(v, start) {
		return Medium
	}
	return Low
}

// triedOut reports whether a number that is published for tests is used for one: in a
// program or a file, in a form, by a tool that checks such numbers, or where the words
// before it say so.
func triedOut(v *View, start int) bool {
	return v.Of.Place == Argument && (!sentOut(v) || formTools.count([]byte(lower(v.Of.Tool)), 1) > 0 || isExecTool(v.Of.Tool) ||
		near(v, start, "test", "sandbox", "dummy", "fake", "sample", "example", "stripe", "prueba", "prova", "テスト", "测试", "тест"))
}

// formTools are the tools that fill in forms under test, keep their code or look at numbers.
var formTools = phrases(`type|fill|form|browser|playwright|puppeteer|selenium|stripe|payment|checkout|write_file|create_file|edit|valid|luhn|regex|test|mock|fixture|push_files|update_file`)

// sampleSSNs are on cards that wallets were sold with, and in every manual.
var sampleSSNs = set("123-45-6789", "078-05-1120", "219-09-9999", "123 45 6789")

// tryouts are the numbers that payment services publish for tests; their manuals and
// what is tested with them are full of them.
var tryouts = words("4242424242424242 4111111111111111 4012888888881881 4000000000000002 4000000000009995 4000056655665556 4000002500003155 " +
	"5555555555554444 5105105105105100 2223003122003222 5200828282828210 378282246310005 371449635398431 6011111111111117 6011000990139424 3530111333300000 3566002020360505 30569309025904 38520000023237")

// tryout reports whether text begins with one of tryouts.
func tryout(text string) bool {
	var d [19]byte
	n := 0
	for i := 0; i < len(text) && n < len(d); i++ {
		switch c := text[i]; {
		case isDigit(c):
			d[n] = c
			n++
		case c != ' ' && c != '-':
			return tryouts[string(d[:n])]
		}
	}
	return tryouts[string(d[:n])]
}

// handedOver reports whether a number is given to a tool, and not called anything
// else: there its form alone tells enough.
func handedOver(v *View, start int) bool {
	if !sentOut(v) {
		return false
	}
	return !near(v, start, "id", "part", "order", "serial", "sku", "isbn", "time", "stamp", "ref", "number", "code", "phone", "tel", "hash", "seed", "key", "token", "track", "version", "account", "range")
}

// near reports whether a word stands within 60 bytes before start, or in the name
// of the member that holds the text.
func near(v *View, start int, words ...string) bool {
	before := strings.ToLower(v.Text[max(0, start-60):start])
	name := strings.ToLower(v.Of.Name)
	for _, w := range words {
		if strings.Contains(before, w) || strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// ssn reports whether text[start:end] is formed as a US social security number
// (three, two and four digits; none of them all zeros, not from 900 or 666).
func ssn(text string, start, end int) bool {
	s := text[start:end]
	if len(s) != 11 || s[3] != s[6] || s[3] != '-' && s[3] != ' ' || countDigits(s) != 9 || !bounded(text, start, end) {
		return false
	}
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[4:6] != "00" && s[7:] != "0000"
}

// phone reports whether text[start:end] is an international telephone number
// (E.164: a plus and up to 15 digits) or a North American one in its usual form.
func phone(text string, start, end int) bool {
	n := countDigits(text[start:end])
	if n < 8 || n > 15 || end < len(text) && (isLetter(text[end]) || text[end] == '_') {
		return false
	}
	return phoneStart(text, start) < start && strings.IndexByte(text[start:end], '.') < 0 && text[start] != '0'
}

// phoneStart returns the place of the plus before start, or start if there is none
// or something joins it.
func phoneStart(text string, start int) int {
	if start == 0 || text[start-1] != '+' {
		return start
	}
	if start >= 2 && (isLetter(text[start-2]) || isDigit(text[start-2]) || strings.IndexByte("_/+.)", text[start-2]) >= 0) {
		return start
	}
	return start - 1
}
