package detect

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
)

// entropy returns the Shannon entropy of s in bits per byte, without regard to
// case.
func entropy(s string) float64 {
	var counts [256]int
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		counts[c]++
	}
	var bits float64
	n := float64(len(s))
	for _, k := range counts {
		if k > 0 {
			p := float64(k) / n
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// classes tells which kinds of characters s holds.
func classes(s string) (lowers, uppers, digits, others int) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			lowers++
		case 'A' <= c && c <= 'Z':
			uppers++
		case '0' <= c && c <= '9':
			digits++
		default:
			others++
		}
	}
	return lowers, uppers, digits, others
}

// varied says no to what people write in place of a secret: runs of one
// character, "your-key-here", and other text without enough variety.
func varied(match string, v *View, _, _ int) bool {
	if placeholder(match) || demo(match) && (!sentOut(v) || isAsked(v)) {
		return false
	}
	least := 2.6
	if len(match) < 20 {
		least = 2.2
	}
	return entropy(match) >= least
}

// placeholder reports whether s holds a mark of a stand-in.
func placeholder(s string) bool {
	run := 1
	for i := 1; i < len(s); i++ {
		if s[i] != s[i-1] {
			run = 1
			continue
		}
		// Long runs of A occur in base64 of zeros.
		if run++; run >= 5 && s[i]|0x20 == 'x' || run >= 8 && s[i] != 'A' || s[i] == '*' && run >= 3 || s[i] == '.' && run >= 3 {
			return true
		}
	}
	low := lower(s)
	for _, p := range standIns {
		if strings.Contains(low, p) {
			return true
		}
	}
	return false
}

// demo reports the keys of documentation and of people who try a guard: they are
// no secrets where they are written about.
func demo(s string) bool {
	return strings.Contains(s, "EXAMPLE") || strings.Contains(lower(s), "abcdefghij") || strings.Contains(s, "1234567890ab")
}

// isAsked reports whether a key of documentation stands in a question, or in words
// about examples.
func isAsked(v *View) bool {
	switch lower(v.Of.Name) {
	case "question", "topic":
		return true
	}
	return v.role() == roleDocument && holdsOne(strings.ReplaceAll(v.Text, "EXAMPLE", ""), []string{"xxxxxxxx", "XXXXXXXX", "laceholder"})
}

// sentOut reports whether the text is given to a tool other than as a file's
// content: there even a key from documentation shows what the caller is doing.
func sentOut(v *View) bool {
	if v.Of.Place != Argument {
		return false
	}
	switch lower(v.Of.Name) {
	case "content", "contents", "file_text", "new_str", "old_str", "newtext", "oldtext", "new_string", "old_string", "code", "patch", "diff", "insert_text":
		return false
	}
	return true
}

// standIns are words of stand-ins, long enough not to turn up by chance.
var standIns = []string{"your_", "your-", "yourkey", "yourtoken", "yourapi", "yoursecret", "yourpass", "_here", "-here", "placeholder", "changeme",
	"change_me", "change-me", "redacted", "replace_", "replace-", "replaceme", "<your", "${", "{{", "insert_", "insert-", "todo", "notreal", "not-real",
	"not_real", "dummy", "example-", "example_", "-example", "_example", "myapikey", "my-api", "my_api", "randomstring", "tokenhere", "...", "-1234-1234-", "fake_", "fake-", "-fake", "_fake"}

func mixed(match string, _ *View, _, _ int) bool {
	l, u, d, _ := classes(match)
	return l > 0 && u > 0 && d > 0
}

func cased(match string, _ *View, _, _ int) bool {
	l, u, _, _ := classes(match)
	return l > 3 && u > 3
}

func digits(match string, _ *View, _, _ int) bool {
	_, _, d, _ := classes(match)
	return d > 0
}

func lettersAndDigits(match string, _ *View, _, _ int) bool {
	l, u, d, _ := classes(match)
	return l+u > 0 && d > 0
}

// notNamed asks for none of the words in the name before the value.
func notNamed(words ...string) func(match string, v *View, start, end int) bool {
	return func(_ string, v *View, start, _ int) bool {
		before := lower(v.Text[max(0, start-60):start])
		for _, w := range words {
			if strings.Contains(before, w) {
				return false
			}
		}
		return true
	}
}

// keyBody wants a body that is one: an explanation of PEM has none.
func keyBody(match string, _ *View, _, _ int) bool {
	body := match[strings.Index(match, "KEY")+3:]
	if end := strings.Index(body, "-----END"); end >= 0 {
		body = body[:end]
	}
	return entropy(body) > 3.5 && !placeholder(strings.Trim(body, "-"))
}

// jwt wants a header that is JSON with an algorithm.
func jwt(match string, _ *View, _, _ int) bool {
	head, _, _ := strings.Cut(match, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return false
	}
	var h struct {
		Alg string `json:"alg"`
		Typ string `json:"typ"`
		Enc string `json:"enc"`
	}
	return json.Unmarshal(raw, &h) == nil && (h.Alg != "" || h.Typ != "" || h.Enc != "") && !placeholder(match)
}

// weak are passwords that only examples and local set-ups have.
var weak = map[string]bool{"password": true, "passwd": true, "pass": true, "secret": true, "changeme": true, "postgres": true, "mysql": true, "root": true,
	"admin": true, "guest": true, "user": true, "test": true, "example": true, "pwd": true, "redis": true, "mongo": true, "rabbitmq": true, "minio": true,
	"minioadmin": true, "123456": true, "12345678": true, "1234": true, "12345": true, "123": true, "qwerty": true, "foobar": true, "foo": true, "bar": true,
	"default": true, "none": true, "null": true, "true": true, "false": true, "undefined": true, "hunter2": true, "letmein": true, "token": true, "x": true,
	"mypassword": true, "my-password": true, "yourpassword": true, "password123": true, "pw": true, "dev": true, "local": true, "app": true, "string": true}

// password says whether s can be a password in earnest: no reference to one, no
// code that computes one, no word that says password.
func password(match string, _ *View, _, _ int) bool {
	low := lower(match)
	if weak[low] || placeholder(match) || reference(match) || versionRange(match) || trial(low) {
		return false
	}
	l, u, d, o := classes(match)
	kinds := 0
	for _, n := range []int{l, u, d, o} {
		if n > 0 {
			kinds++
		}
	}
	return kinds >= 2 && len(match) >= 5 && entropy(match) >= 2 && !identifier(match)
}

// trialWords are what the passwords of tests and examples are made of, the longer ones
// first where one begins another.
var trialWords = []string{"correcthorsebatterystaple", "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "passphrase", "passwd", "changeme", "testing", "test", "secret", "s3cret", "s3cr3t", "example", "sample", "dummy", "letmein", "qwerty", "welcome", "hunter",
	"foobar", "foo", "bar", "baz", "abcdef", "abc", "admin", "user", "guest", "demo", "wrong", "invalid", "valid", "short", "weak", "strong", "secure", "super", "very", "new", "old", "my", "your", "the", "not", "is", "a", "for", "default", "temp", "dev", "local", "login", "hello", "world", "pass", "pw"}

// trial reports whether a password in lower case is made of the words of tests, with
// a few digits and marks: "testpassword123!".
func trial(low string) bool {
	said := false
	for i := 0; i < len(low); {
		n := 0
		for _, w := range trialWords {
			if strings.HasPrefix(low[i:], w) {
				n = len(w)
				said = said || n >= 4
				break
			}
		}
		switch {
		case n > 0:
		case isLetter(low[i]) || low[i] >= 0x80:
			return false
		case isDigit(low[i]) && i > 5 && isDigit(low[i-1]) && isDigit(low[i-2]) && isDigit(low[i-3]) && isDigit(low[i-4]) && isDigit(low[i-5]):
			return false
		default:
			n = 1
		}
		i += n
	}
	return said
}

// versionRange reports what stands beside a package's name, such as ^7.1.3 beside one
// that ends in pass.
func versionRange(s string) bool {
	s = strings.TrimLeft(s, "^~<>=v")
	numbers := 0
	for s != "" && isDigit(s[0]) {
		numbers++
		s = strings.TrimLeft(s, "0123456789")
		if s == "" || s[0] != '.' {
			break
		}
		s = s[1:]
	}
	return numbers >= 2 && (s == "" || numbers == 3 && (s[0] == '-' || s[0] == '+'))
}

// reference reports text that stands for a value kept elsewhere.
func reference(s string) bool {
	if strings.ContainsAny(s, "{}()<>$%[]") && (s[0] == '$' || s[0] == '%' || s[0] == '<' || s[0] == '{' || s[0] == '[' ||
		strings.Contains(s, "${") || strings.Contains(s, "$(") || strings.Contains(s, "()") || strings.Contains(s, "{{") || strings.HasSuffix(s, ")") && strings.Contains(s, "(")) {
		return true
	}
	for _, p := range []string{"process.env", "os.environ", "getenv", "env.", "config.", "secrets.", "vault:", "op://", "ENC[", "file://", "arn:aws", "/run/secrets",
		"self.", "this.", "args.", "options.", "settings.", "import.meta", "System."} {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// identifier reports text that reads as a name: words without digits joined by
// _, -, ., / or capitals.
func identifier(s string) bool {
	letters, vowels, others := 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isLetter(c):
			letters++
			if strings.IndexByte("aeiouyAEIOUY", c) >= 0 {
				vowels++
			}
		case strings.IndexByte("_-./: ", c) >= 0:
		default:
			others++
		}
	}
	return others == 0 && vowels*5 >= letters
}

// urlPassword judges the password of a URL. Examples and local set-ups don't
// count.
func urlPassword(match string, v *View, start, end int) bool {
	rest := v.Text[end:]
	host := lower(rest[1:min(len(rest), 60)])
	for _, h := range []string{"example.", "host", "<", "[host", "your", "server:", "domain"} {
		if strings.HasPrefix(host, h) {
			return false
		}
	}
	local := strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "0.0.0.0")
	low := lower(match)
	if weak[low] || placeholder(match) || reference(match) || strings.ContainsAny(match, "{}") {
		return false
	}
	if local {
		return password(match, v, start, end) && entropy(match) > 2.7
	}
	l, u, d, o := classes(match)
	return len(match) >= 4 && (d > 0 || o > 0 || l > 0 && u > 0 || !identifier(match))
}

// basicAuth wants the base64 of user:password.
func basicAuth(match string, v *View, start, end int) bool {
	enc := strings.TrimRight(match, "=")
	raw, err := base64.RawStdEncoding.DecodeString(enc)
	if err != nil {
		if raw, err = base64.RawURLEncoding.DecodeString(enc); err != nil {
			return false
		}
	}
	user, pass, ok := strings.Cut(string(raw), ":")
	return ok && user+pass != "" && mostlyText(raw) && !weak[lower(pass)] && !placeholder(pass)
}

func curlPassword(match string, v *View, start, end int) bool {
	_, pass, _ := strings.Cut(match, ":")
	return pass != "" && !weak[lower(pass)] && !placeholder(pass) && !reference(pass)
}

// opaque says whether s looks like a token: random, and nothing that reads.
func opaque(match string, _ *View, _, _ int) bool {
	if placeholder(match) || reference(match) || identifier(match) {
		return false
	}
	_, _, d, _ := classes(match)
	return d > 0 && entropy(match) >= 3
}

// opaqueOrEncoded is opaque, or base64 of text.
func opaqueOrEncoded(match string, v *View, start, end int) bool {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(match, "="))
	return opaque(match, v, start, end) || err == nil && mostlyText(raw) && !placeholder(match) && !reference(match)
}

// opaqueNamed is opaque for values whose name alone gives them away: random to a
// degree that names, versions, paths, hashes of files and dates don't reach.
func opaqueNamed(match string, v *View, start, end int) bool {
	if !opaque(match, v, start, end) || entropy(match) < 3.3 {
		return false
	}
	l, u, d, _ := classes(match)
	if l+u < 3 || d < 2 || d*20 < len(match) {
		return false
	}
	if len(match) < 20 && (l == 0 || u == 0 || entropy(match) < 3.6) {
		return false
	}
	if stem := strings.TrimRight(match, "0123456789"); identifier(stem) || uuidLike(match) || camelName(match) {
		return false
	}
	return !readsAsName(match) && !publicName(lower(v.Text[max(0, start-60):start]))
}

// camelName reports names such as issuer2SeenAsClientToken: mostly runs of small
// letters that can be spoken, with capitals between.
func camelName(s string) bool {
	_, uppers, _, _ := classes(s)
	spoken := 0
	for i := 0; i < len(s); {
		k, vowel := i, false
		for k < len(s) && (isLetter(s[k]) && (k == i || s[k] >= 'a')) {
			vowel = vowel || strings.IndexByte("aeiouyAEIOUY", s[k]) >= 0
			k++
		}
		if k-i >= 3 && vowel {
			spoken += k - i
		}
		i = max(k, i+1)
	}
	return uppers > 0 && spoken*10 >= len(s)*6
}

// uuidLike reports groups of hexadecimal digits, as in UUIDs and parts of them.
func uuidLike(s string) bool {
	dashes := 0
	for i := 0; i < len(s); i++ {
		if _, ok := hexDigit(s[i]); !ok {
			if s[i] != '-' {
				return false
			}
			dashes++
		}
	}
	return dashes > 0
}

// readsAsName reports dotted, dashed and slashed names, of which some parts are
// words.
func readsAsName(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("_-./=+~", r) })
	if len(parts) < 2 {
		return false
	}
	if last := parts[len(parts)-1]; len(parts) == 2 && len(last) >= 24 && !identifier(last) {
		return false // a prefix and a token
	}
	words := 0
	for _, p := range parts {
		if identifier(p) || len(p) < 4 {
			words++
		}
	}
	return words*2 >= len(parts)
}

// publicName reports names of values that are no secrets although they end in key
// or token.
func publicName(name string) bool {
	for _, p := range []string{"public", "pubkey", "pub_key", "sha", "hash", "digest", "checksum", "fingerprint", "commit", "etag", "cursor", "nexttoken", "next_token",
		"page_token", "pagetoken", "continuation", "integrity", "key_id", "keyid", "primary_key", "foreign_key", "sort_key", "cache_key", "cachekey", "idempotency",
		"partition", "requeststate", "progresstoken", "progress_token", "uuid", "guid", "nonce", "object_key", "revision"} {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}

// quotedPassword is password for values in quotes.
func quotedPassword(match string, v *View, start, end int) bool {
	_, _, d, o := classes(match)
	return password(match, v, start, end) && (d > 0 || o > 0) && len(match) >= 6 && !workingFolder(match, v, start)
}

// workingFolder reports the folder in PWD or OLDPWD, as when an environment is printed.
func workingFolder(match string, v *View, start int) bool {
	if match[0] != '/' {
		return false
	}
	name := strings.TrimRight(v.Text[max(0, start-24):start], " \t\\'\"`]=:>")
	return strings.HasSuffix(name, "PWD") && (len(name) == 3 || strings.HasSuffix(name, "OLDPWD") || !isWord(name[len(name)-4]))
}
