package detect

import "strings"

// piiRules are personal data that a name or a prefix gives away.
var piiRules = []Rule{
	{
		Kind: "passport-number", Family: PII, Score: Medium, Group: 1,
		Doc:     "A passport number (ICAO 9303: up to nine letters and digits) after the word.",
		Pattern: `(?i)passport(?:[\s_\-]?(?:number|num|no|nr|id|#))?\.?["']?\s{0,2}(?::|=|is|#)\s{0,2}["']?([A-Z]{0,2}[0-9]{6,9}[A-Z0-9]?|[A-Z][A-Z0-9]{7,8})\b`,
		Check:   func(match string, _ *View, _, _ int) bool { return countDigits(match) >= 4 },
		Match:   []string{"Passport No: X12345678", `"passport_number": "C01234567"`, "My passport number is C7X0Z41T9"},
		NoMatch: []string{"passport: required", "passport.js v0.6.0"},
	},
	{
		Kind: "national-id", Family: PII, Score: Medium, Group: 1,
		Doc:     "A national identity, tax or driving licence number after its name.",
		Pattern: `(?i)\b(?:national[\s_\-]?id|tax[\s_\-]?id|driver'?s?[\s_\-]?licen[cs]e|id[\s_\-]?card|aadhaar|cpf|nif|nino|steuer-?id|personalausweis|curp|dni|bsn|pesel|codice fiscale)(?:[\s_\-]?(?:number|num|no|nr|#))?\.?["']?\s{0,2}(?::|=|is|#)\s{0,2}["']?([A-Z]{0,6}[0-9][0-9A-Z .\-/]{6,18}[0-9A-Z])\b`,
		Check:   func(match string, _ *View, _, _ int) bool { return countDigits(match) >= 6 },
		Match:   []string{"Tax ID: 12 345 678 901", "aadhaar number is 2345 6789 0123"},
		NoMatch: []string{"national id: optional field", "dni: true"},
	},
	{
		Kind: "date-of-birth", Family: PII, Score: Low, Group: 1,
		Doc:     "A date of birth after the words.",
		Pattern: `(?i)\b(?:date[\s_\-]of[\s_\-]birth|birth[\s_\-]?date|dob|geburtsdatum|date de naissance|fecha de nacimiento)["']?\s{0,2}(?::|=|is)\s{0,2}["']?((?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)\d\d)\b`,
		Match:   []string{"DOB: 1984-03-17", `"date_of_birth": "17.03.1984"`},
		NoMatch: []string{"date of birth: unknown", "adobe: 1984-03-17"},
	},
	{
		Kind: "crypto-address", Family: PII, Score: Low,
		Doc:     "An address of Bitcoin (BIP 173, segwit), Ethereum (EIP-55) or Litecoin.",
		Pattern: `\b(?:bc1[ac-hj-np-z02-9]{25,62}|ltc1[ac-hj-np-z02-9]{25,62}|0x[0-9a-fA-F]{40})\b`,
		Match:   []string{"pay 0x52908400098527886E0F7030069857D2E4169EE7"},
		NoMatch: []string{"0xdeadbeef", "commit 52908400098527886E0F7030069857D2E4169EE7"},
	},
	{
		Kind: "crypto-address", Family: PII, Score: Low, Group: 1,
		Doc:     "A Bitcoin address of the older forms (Base58Check) near the word.",
		Pattern: `(?i:btc|bitcoin|wallet)[^\n]{0,40}?\b([13][1-9A-HJ-NP-Za-km-z]{25,34})\b`,
		Match:   []string{"bitcoin: 1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
		NoMatch: []string{"bitcoin: 100 coins"},
	},
}

// piiParsers find personal data that a checksum or a shape gives away.
var piiParsers = []Parser{
	recordsParser,
	{
		Name: "pii-numbers", Family: PII,
		Doc: "Card numbers (ISO/IEC 7812: issuer prefix and Luhn's check digit), IBANs (ISO 13616: country length and mod 97), " +
			"US social security numbers and telephone numbers.",
		Kinds: []string{"card-number", "iban", personalRecords, "us-ssn", "phone-number"},
		Maybe: func(v *View) bool { return nextDigits(v.Text, 0) >= 0 },
		Find:  findNumbers,
		Match: map[string]string{
			"card 4242 4242 4242 4242":         "card-number",
			"pan=371449635398431":              "card-number",
			"IBAN DE89 3704 0044 0532 0130 00": "iban",
			"DE89370400440532013000 a\nGB82WEST12345698765432 b\nFR1420041010050500013M02606 c": personalRecords,
			"to GB82WEST12345698765432 please":                                                  "iban",
			"SSN: 536-22-1847":                                                                  "us-ssn",
			"call +1 415 555 2671":                                                              "phone-number",
		},
		NoMatch: []string{
			"order 4242 4242 4242 4241", "id 1234567890123456", "build 20240101120000", "DE00 3704 0044 0532 0130 00",
			"range 100-20-3000", "000-12-3456", "2024-01-15T10:00:00", "0000000000000000", "3.14159265358979323846",
			"uuid 4242424242424242-aaaa", "1700000000000", "part 536-22-1847 in stock",
		},
	},
	{
		Name: "pii-email", Family: PII,
		Doc:     "E-mail addresses (RFC 5321, the common form).",
		Kinds:   []string{"email-address"},
		Maybe:   func(v *View) bool { return strings.IndexByte(v.Text, '@') >= 0 },
		Find:    findEmails,
		Match:   map[string]string{"write to anna.meyer@firma.test": "email-address"},
		NoMatch: []string{"@decorator", "user@localhost", "git@github.com:a/b.git", "npm i @scope/pkg@1.2.3", "x@1.2.3", "noreply@example.com"},
	},
}

func countDigits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// findEmails reports each address, but for those that examples and machines use.
func findEmails(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	for i := 0; ; i++ {
		at := strings.IndexByte(text[i:], '@')
		if at < 0 {
			return
		}
		i += at
		start, end := i, i+1
		for start > 0 && i-start < 64 && (isLetter(text[start-1]) || isDigit(text[start-1]) || strings.IndexByte("._%+-", text[start-1]) >= 0) {
			start--
		}
		for end < len(text) && end-i < 255 && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		for end > i && (text[end-1] == '.' || text[end-1] == '-') {
			end--
		}
		domain := text[min(i+1, end):end]
		dot := strings.LastIndexByte(domain, '.')
		if start == i || dot < 1 || len(domain)-dot < 3 || !isLetter(domain[dot+1]) || !isLetter(domain[len(domain)-1]) ||
			end < len(text) && text[end] == ':' || machine(text[start:i], domain) {
			continue
		}
		report("email-address", start, end, Low)
		i = end - 1
	}
}

// machine reports whether an address belongs to no person.
func machine(local, domain string) bool {
	switch strings.ToLower(local) {
	case "git", "noreply", "no-reply", "postmaster", "hostmaster", "webmaster", "mailer-daemon", "root":
		return true
	}
	domain = strings.ToLower(domain)
	return domain == "example.com" || domain == "example.org" || domain == "example.net" || strings.HasSuffix(domain, ".example") || strings.Contains(domain, "noreply")
}
