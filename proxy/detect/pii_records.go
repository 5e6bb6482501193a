package detect

import "strings"

// recordsParser finds lists of people by the numbers that states and banks give them:
// one may be anybody's business, a list of them is somebody's customers or patients.
var recordsParser = Parser{
	Name: "pii-records", Family: PII,
	Doc:   "Three or more people's numbers of one kind in a text: IBANs, or national, tax, insurance and health numbers with a check digit, named as such.",
	Kinds: []string{personalRecords},
	Any:   seriesNames(),
	Find:  findRecords,
	Match: map[string]string{
		"NHS number;ward\n943 476 5919;4\n401 023 2137;2\n485 777 3457;4\n":         personalRecords,
		"dni,nombre\n12345678Z,Ana\n00000000T,Luis\n87654321X,Eva":                  personalRecords,
		`[{"pesel":"44051401359"},{"pesel":"02070803628"},{"pesel":"92071314764"}]`: personalRecords,
	},
	NoMatch: []string{
		"NHS number 943 476 5919", "orders: 9434765919, 4010232137, 4857773457", "nhs 1234567890, 1234567891, 1234567892, 943 476 5919",
	},
}

const personalRecords = "personal-records"

// manyRecords is how many different people make a list.
const manyRecords = 3

// A numberSeries is the numbers that one office gives people.
type numberSeries struct {
	names  string // what the numbers are called: without it many other numbers would do
	digits int
	suffix bool // a letter follows, which is the check
	valid  func(digits []byte, suffix byte) bool
}

// idSeries are by the publications of those who give the numbers.
var idSeries = []numberSeries{
	{"nhs", 10, false, func(d []byte, _ byte) bool { return checkMod11(d, 10, 1) }},
	{"dni|nif|nie|documento", 8, true, func(d []byte, c byte) bool { return "TRWAGMYFPDXBNJZSQVHLCKE"[decimal(d)%23] == c }},
	{"pesel", 11, false, func(d []byte, _ byte) bool { return weighed(d, "13791379131")%10 == 0 }},
	{"cpf", 11, false, cpf},
	{"bsn|burgerservicenummer|sofinummer", 9, false, func(d []byte, _ byte) bool { return checkMod11(d, 9, -1) }},
	{"aadhaar|aadhar|uidai", 12, false, func(d []byte, _ byte) bool { return verhoeff(d) }},
	{"steuernummer|steuer-id|steuerid|steuer|tax id|tin|idnr", 11, false, func(d []byte, _ byte) bool { return mod11and10(d) }},
	{"personnummer|personal identity", 10, false, func(d []byte, _ byte) bool { return luhn(d) }},
	{"personnummer|personal identity", 12, false, func(d []byte, _ byte) bool { return luhn(d[2:]) }},
	{"sécurité sociale|securite sociale|nir|insee|numéro de sécu", 15, false, func(d []byte, _ byte) bool { return 97-decimal(d[:13])%97 == decimal(d[13:]) }},
	{"ssn|social security", 9, false, func(d []byte, _ byte) bool {
		area := decimal(d[:3])
		return area > 0 && area < 900 && area != 666 && decimal(d[3:5]) > 0 && decimal(d[5:]) > 0
	}},
}

func seriesNames() (all []string) {
	for i := range idSeries {
		all = append(all, strings.Split(idSeries[i].names, "|")...)
	}
	return all
}

func findRecords(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text[:min(len(v.Text), maxRecords)]
	for i := range idSeries {
		r := &idSeries[i]
		if !r.namedIn(v) {
			continue
		}
		if start, end, ok := r.list(text); ok {
			report(personalRecords, start, end, Medium)
			return
		}
	}
}

// maxRecords is how much of a text is looked at: a list shows at its beginning.
const maxRecords = 64 << 10

// namedIn reports whether a text says what the numbers are called.
func (r *numberSeries) namedIn(v *View) bool {
	for _, spot := range v.spots {
		at := int(spot)
		if at > 0 && isLetter(v.Text[at-1]) {
			continue
		}
		for name := range strings.SplitSeq(r.names, "|") {
			if end := at + len(name); hasPrefixFold(v.Text[at:], name) && (end == len(v.Text) || !isLetter(v.Text[end])) {
				return true
			}
		}
	}
	return false
}

// list returns the range of a list of numbers: three different ones, and hardly any
// other of their length, as a list of orders would have.
func (r *numberSeries) list(text string) (start, end int, ok bool) {
	var seen [manyRecords]int
	valid, others, n := 0, 0, 0
	eachNumber(text, func(digits []byte, from, to int) {
		suffix := byte(0)
		if to < len(text) && isLetter(text[to]) {
			suffix = text[to] &^ 0x20
		}
		if len(digits) != r.digits || r.suffix != (suffix != 0) {
			return
		}
		if !r.valid(digits, suffix) {
			others++
			return
		}
		valid++
		x := decimal(digits)
		for _, s := range seen[:n] {
			if s == x {
				return
			}
		}
		if n < len(seen) {
			if n == 0 {
				start = from
			}
			seen[n] = x
			n++
		}
		end = to
	})
	return start, end, n == len(seen) && others*4 <= valid
}

// eachNumber calls found with the digits of each number, in groups by single blanks,
// dashes, dots or slashes or not.
func eachNumber(text string, found func(digits []byte, from, to int)) {
	var digits [16]byte
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) || i > 0 && (isLetter(text[i-1]) || isDigit(text[i-1])) {
			continue
		}
		n, k := 0, i
		for ; k < len(text) && n < len(digits); k++ {
			if isDigit(text[k]) {
				digits[n] = text[k] - '0'
				n++
			} else if strings.IndexByte(" -./", text[k]) < 0 || k+1 == len(text) || !isDigit(text[k+1]) {
				break
			}
		}
		if n < len(digits) && n >= 8 {
			found(digits[:n], i, k)
		}
		i = max(i, k-1)
	}
}

// decimal returns the number that digits spell.
func decimal(d []byte) int {
	n := 0
	for _, x := range d {
		n = n*10 + int(x)
	}
	return n
}

// weighed returns the sum of digits times weights.
func weighed(d []byte, weights string) int {
	sum := 0
	for i, x := range d {
		sum += int(x) * int(weights[i]-'0')
	}
	return sum
}

// checkMod11 checks digits weighed from a first weight downwards, the last by last.
func checkMod11(d []byte, weight, last int) bool {
	sum := 0
	for i, x := range d {
		if i == len(d)-1 {
			sum += int(x) * last
		} else {
			sum += int(x) * (weight - i)
		}
	}
	return sum%11 == 0 && sum != 0
}

// cpf checks the two digits of Brazil's taxpayers' number.
func cpf(d []byte, _ byte) bool {
	for k := 9; k < 11; k++ {
		sum := 0
		for i := range k {
			sum += int(d[i]) * (k + 1 - i)
		}
		if sum*10%11%10 != int(d[k]) {
			return false
		}
	}
	return decimal(d[:9]) > 0
}

// mod11and10 checks as ISO 7064, MOD 11,10, says.
func mod11and10(d []byte) bool {
	p := 10
	for _, x := range d[:len(d)-1] {
		if p = (p + int(x)) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (11-p)%10 == int(d[len(d)-1])
}

// verhoeff checks by the permutations and the table of the dihedral group of Verhoeff.
func verhoeff(d []byte) bool {
	c := 0
	for i := range d {
		c = dihedral(c, permuted(int(d[len(d)-1-i]), i))
	}
	return c == 0
}

// dihedral multiplies in the group of the symmetries of a pentagon.
func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b)%5
	case b < 5:
		return 5 + (a-b+5)%5
	}
	return (a - b + 5) % 5
}

func permuted(x, times int) int {
	for range times % 8 {
		x = int("1576283094"[x] - '0')
	}
	return x
}
