package detect

import (
	"encoding/base64"
	"regexp/syntax"
	"strings"
)

// Surrogate returns a stand-in for a secret of the kind: same length in bytes,
// found by the same rule, its checksum right, unlike the secret in every class
// position that carries entropy. random gives the bytes that choose it: the same
// bytes, the same stand-in. It reports false if the kind has none (a password, a
// thing of low entropy): such findings are pinned instead.
func Surrogate(kind, secret string, random func() byte) (string, bool) {
	if kind == genericKey {
		return tried(kind, secret, random, func() string { return resampleAll(secret, random) }, nil)
	}
	for i := range secretRules {
		r := &secretRules[i]
		if r.Kind != kind || pinnedKinds[kind] {
			continue
		}
		re, err := syntax.Parse(r.Pattern, syntax.Perl)
		if err != nil {
			return "", false
		}
		if s, ok := tried(kind, secret, random, func() string { return standIn(r, re, secret, random) }, re); ok {
			return s, true
		}
	}
	return "", false
}

// HasSurrogate reports whether secrets of the kind can have stand-ins at all.
func HasSurrogate(kind string) bool { return !pinnedKinds[kind] }

// pinnedKinds are those of passwords: whoever sees a stand-in of the same length
// and classes learns too much, and little of it is not chosen by people.
var pinnedKinds = map[string]bool{"connection-string": true, "url-credentials": true, "dsn-password": true, "generic-password": true,
	"env-password": true, "netrc-password": true, "nuget-password": true, "sshpass-password": true, "curl-credentials": true, "putty-private-key": true,
	"aws-bedrock-short-key": true, scattered: true, embedded: true}

// tried makes stand-ins until one is found where the secret is, a few times.
func tried(kind, secret string, random func() byte, next func() string, re *syntax.Regexp) (string, bool) {
	pre, post := surroundings(kind, re)
	if !findsAt(kind, pre, secret, post) {
		return "", false
	}
	for range 8 {
		s := withChecksum(kind, next())
		if len(s) == len(secret) && s != secret && findsAt(kind, pre, s, post) {
			return s, true
		}
	}
	return "", false
}

// surroundings returns a text that a secret can stand in to be found: what the pattern
// has around its group.
func surroundings(kind string, re *syntax.Regexp) (pre, post string) {
	if re == nil {
		return `api_key = "`, `"`
	}
	g := generator{random: func() byte { return 0 }, plain: true}
	g.gen(re)
	if g.start < 0 {
		return "", ""
	}
	return string(g.out[:g.start]), string(g.out[g.end:])
}

// findsAt reports whether a finding of the kind has exactly the secret's range.
func findsAt(kind, pre, secret, post string) bool {
	for _, f := range Find(nil, Text{Value: pre + secret + post}, Secrets) {
		if f.Kind == kind && f.Start == len(pre) && f.End == len(pre)+len(secret) {
			return true
		}
	}
	return false
}

// standIn makes one stand-in for a secret of rule r, whose pattern is re.
func standIn(r *Rule, re *syntax.Regexp, secret string, random func() byte) string {
	switch r.Kind {
	case "jwt":
		return jwtStandIn(secret, random)
	case "basic-auth-header", "docker-auth":
		return base64StandIn(secret, random)
	case "private-key":
		return pemStandIn(secret, random)
	}
	group := re
	if r.Group > 0 {
		group = capture(re, r.Group)
	}
	a := aligner{text: secret, sets: make([]byteSet, len(secret))}
	if group == nil || !a.align(group, 0, func(i int) bool { return i == len(secret) }) {
		return ""
	}
	out := []byte(secret)
	for i := range out {
		out[i] = resample(out[i], &a.sets[i], random)
	}
	return string(out)
}

// resample returns another character of the set with the broad class of c:
// letters of a case, digits; others stay.
func resample(c byte, set *byteSet, random func() byte) byte {
	var lo, hi byte
	switch {
	case 'a' <= c && c <= 'z':
		lo, hi = 'a', 'z'
	case 'A' <= c && c <= 'Z':
		lo, hi = 'A', 'Z'
	case '0' <= c && c <= '9':
		lo, hi = '0', '9'
	default:
		return c
	}
	var choice [26]byte
	n := 0
	for b := lo; b <= hi; b++ {
		if b != c && set.has(b) {
			choice[n] = b
			n++
		}
	}
	if n == 0 {
		return c
	}
	return choice[int(random())*n>>8]
}

var anyByte = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

func resampleAll(s string, random func() byte) string {
	out := []byte(s)
	for i := range out {
		out[i] = resample(out[i], &anyByte, random)
	}
	return string(out)
}

// jwtStandIn keeps the header and the names of the claims, and changes the claims
// and the signature, so that the token still parses.
func jwtStandIn(token string, random func() byte) string {
	parts := strings.Split(token, ".")
	for i := 1; i < len(parts); i++ {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if i == 1 && err == nil && len(raw) > 0 && raw[0] == '{' {
			resampleClaims(raw, random)
			parts[i] = base64.RawURLEncoding.EncodeToString(raw)
			continue
		}
		keep := min(3, len(parts[i]))
		if i > 1 {
			keep = 0
		}
		parts[i] = parts[i][:keep] + resampleAll(parts[i][keep:], random)
	}
	return strings.Join(parts, ".")
}

// resampleClaims changes letters and digits of the values of a JSON object, in
// place. Names, escapes and the first digits of numbers stay.
func resampleClaims(raw []byte, random func() byte) {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if '0' <= c && c <= '9' && i > 0 && '0' <= raw[i-1] && raw[i-1] <= '9' {
			raw[i] = resample(c, &anyByte, random)
		}
		if c != '"' {
			continue
		}
		end := i + 1
		for end < len(raw) && raw[end] != '"' {
			if raw[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(raw) {
			return
		}
		isName := end+1 < len(raw) && raw[end+1] == ':'
		for k := i + 1; k < end && !isName; k++ {
			if raw[k] == '\\' {
				k += 5 // \uXXXX at the longest
				continue
			}
			raw[k] = resample(raw[k], &anyByte, random)
		}
		i = end
	}
}

// base64StandIn changes letters and digits of what s encodes.
func base64StandIn(s string, random func() byte) string {
	body := strings.TrimRight(s, "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := enc.DecodeString(body); err == nil {
			return enc.EncodeToString([]byte(resampleAll(string(raw), random))) + s[len(body):]
		}
	}
	return ""
}

// pemStandIn changes the body and keeps the lines around it.
func pemStandIn(s string, random func() byte) string {
	const dashes = "-----"
	from := strings.Index(s[len(dashes):], dashes)
	if from < 0 {
		return ""
	}
	from += 2 * len(dashes)
	to := len(s)
	if end := strings.Index(s[from:], dashes+"END"); end >= 0 {
		to = from + end
	}
	return s[:from] + resampleBody(s[from:to], random) + s[to:]
}

// resampleBody is resampleAll but for escaped line ends.
func resampleBody(s string, random func() byte) string {
	out := []byte(s)
	for i := 0; i < len(out); i++ {
		if out[i] == '\\' {
			i++
			continue
		}
		out[i] = resample(out[i], &anyByte, random)
	}
	return string(out)
}
