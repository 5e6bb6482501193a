package detect

// A secret rule is made by one of these, so that the tables hold only what differs.

// token is the rule of a thing that its own shape gives away, wherever it stands.
// body is the pattern of the whole token, prefix included.
func token(kind, body, doc string) Rule {
	return Rule{Kind: kind, Family: Secrets, Score: High, Doc: doc, Group: 1,
		Pattern: `\b(` + body + `)(?:[^\w\-]|$)`, Check: varied}
}

// named is the rule of a value that only the name before it tells from other
// random strings: `vendorToken = "…"` in any language's spelling of it. words are
// the vendor's names in lower case, joined by |.
func named(kind, words, value, doc string) Rule {
	return Rule{Kind: kind, Family: Secrets, Score: Medium, Doc: doc, Group: 1,
		Pattern: spellings(words) + assigned + `(` + value + `)` + ended, Check: varied}
}

// assigned is what may stand between a name and its value: the rest of the name, a
// type, closing quotes, an operator, opening quotes.
const assigned = `[\w.\- \t]{0,30}[\\'"\x60\]]{0,3}\s{0,3}(?:[:?.+|]{0,3}[=:]>?|>|,|\|\||\()[\s\\=]{0,10}['"\x60\\]{0,3}`

// ended is what stands after a value: not more of the same.
const ended = `(?:[^\w\-=+/.#*]|[.=](?:\s|$)|$)`

// spellings matches each of words as it stands in names: in lower case after what
// is no letter, capitalised anywhere, and in capitals. "meraki" is not in
// "cameraKit".
func spellings(words string) string {
	lowers, caps := "", ""
	for i, w := range splitWords(words) {
		if i > 0 {
			lowers, caps = lowers+"|", caps+"|"
		}
		lowers += w
		first := string(w[0])
		if isLetter(w[0]) {
			first = string(w[0] - 0x20)
		}
		caps += first + w[1:]
		if up := upper(w); up != first+w[1:] {
			caps += "|" + up
		}
	}
	return `(?:(?:^|[^A-Za-z])(?:` + lowers + `)|` + caps + `)`
}

func splitWords(words string) []string {
	var out []string
	start := 0
	for i := 0; i <= len(words); i++ {
		if i == len(words) || words[i] == '|' {
			out = append(out, words[start:i])
			start = i + 1
		}
	}
	return out
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 0x20
		}
	}
	return string(b)
}

// secretRules are all rules of secrets.
var secretRules = concat(cloudTokens, codeTokens, aiTokens, chatTokens, payTokens, otherTokens, namedSecrets,
	keySecrets, carriedSecrets, genericSecrets)

// genericKinds are the kinds that know only context and randomness: they give way
// to a specific secret that they overlap.
var genericKinds = func() map[string]bool {
	m := map[string]bool{genericKey: true, scattered: true, embedded: true}
	for i := range secretRules {
		if secretRules[i].Generic {
			m[secretRules[i].Kind] = true
		}
	}
	return m
}()
