package detect

import "strings"

// secretParsers find the secrets that a pattern finds too slowly or not at all.
var secretParsers = []Parser{loginListParser, {
	Name:   "generic-api-key",
	Family: Secrets,
	Doc:    "A random value given to a name such as api_key, secret or token. It looks for the value first, since names such as these are everywhere in code.",
	Kinds:  []string{genericKey},
	Any:    []string{"key", "token", "secret", "passw", "credential", "auth"},
	Maybe:  nil,
	Find:   findGenericKeys,
	NoMatch: []string{
		`api_key = os.environ["SERVICE_API_KEY"]`,
		`API_KEY=<your-api-key-goes-here>`,
		`token := strings.TrimPrefix(header, "Bearer ")`,
		`"integrity_key": "sha512-AbCdEfGh0123"`,
		`primary_key = customer_orders_2024_index`,
	},
}}

const genericKey = "generic-api-key"

// valueBytes are what opaque values are made of.
var valueBytes = func() (t [256]uint8) {
	for c := range t {
		if isWord(byte(c)) || strings.IndexByte(".=+/~-", byte(c)) >= 0 {
			t[c] = 1
		}
	}
	return t
}()

// The lengths of a value that a generic name can make a secret.
const (
	minValue = 16
	maxValue = 200
)

func findGenericKeys(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	values := runReader{text, v.long, minValue, &valueBytes}
	for i := 0; ; {
		start, end := values.next(i)
		if start < 0 {
			return
		}
		i = end
		for start < end && strings.IndexByte("=./~", text[start]) >= 0 {
			start++
		}
		// KEY=value is one run.
		if k := strings.IndexByte(text[start:min(end, start+64)], '='); k > 0 && start+k+1 < end {
			start += k + 1
		}
		for end > start && text[end-1] == '.' {
			end--
		}
		if n := end - start; n < minValue || n > maxValue || fewDigits(text[start:end]) {
			continue
		}
		if end < len(text) && (text[end] == '#' || text[end] == '*' || strings.HasPrefix(text[end:], "...")) {
			continue // the rest is blacked out
		}
		if name := nameBefore(text, start); secretName(name) && opaqueNamed(text[start:end], v, start, end) {
			report(genericKey, start, end, Medium)
		}
	}
}

func fewDigits(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if '0' <= s[i] && s[i] <= '9' {
			n++
		}
	}
	return n < 2
}

// nameBefore returns the name, in lower case, that is given the value at i, or ""
// if no operator stands between.
func nameBefore(text string, i int) string {
	skip := func(set string, most int) bool {
		any := false
		for ; most > 0 && i > 0 && strings.IndexByte(set, text[i-1]) >= 0; most-- {
			i--
			any = true
		}
		return any
	}
	skip("\"'`\\ \t\n", 12)
	if !skip("=:,>(", 4) {
		return ""
	}
	skip(" \t", 3)
	skip("\"'`\\])", 3)
	end := i
	for i > 0 && end-i < 48 && (isWord(text[i-1]) || strings.IndexByte("-. ", text[i-1]) >= 0) {
		i--
	}
	return lower(text[i:end])
}

// secretName reports whether a name says that its value is a secret: one of these
// words in it, near its end.
func secretName(name string) bool {
	if len(name) > 40 {
		name = name[len(name)-40:]
	}
	for _, w := range []string{"api_key", "apikey", "api-key", "api key", "secret", "token", "access_key", "accesskey", "access-key", "auth_key", "authkey", "private_key",
		"privatekey", "signing_key", "encryption_key", "encryptionkey", "master_key", "masterkey", "service_key", "client_key", "account_key", "accountkey", "admin_key", "credential",
		"_key", "-key", "passw", "authorization", "_auth"} {
		if n := strings.LastIndex(name, w); n >= 0 && len(name)-n-len(w) <= 16 {
			return true
		}
	}
	return false
}
