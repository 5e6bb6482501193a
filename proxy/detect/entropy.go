package detect

import "strings"

// entropyParsers find what only chance could have written.
var entropyParsers = []Parser{entropyParser, mnemonicParser}

// The lengths between which a string is looked at: shorter ones may be words, longer
// ones are data such as images.
const (
	minRandom = 20
	maxRandom = 200
)

var entropyParser = Parser{
	Name: "entropy", Family: Entropy,
	Doc: "Strings too random to be words: Medium where a word such as key or token stands before them, Low elsewhere. " +
		"Hashes, UUIDs, integrity values and embedded images are none.",
	Kinds: []string{"high-entropy"},
	Maybe: func(v *View) bool { return len(v.long) > 0 },
	Find: func(v *View, report func(kind string, start, end int, score Score)) {
		tokens := runReader{v.Text, v.long, minRandom, &tokenBytes}
		for i := 0; ; {
			start, end := tokens.next(i)
			if start < 0 {
				return
			}
			if blob := blobEnd(v.Text, start, end); blob > 0 {
				i = blob
				continue
			}
			if score := randomness(v, start, end); score > NoScore {
				report("high-entropy", start, end, score)
			}
			i = end
		}
	},
	Match: map[string]string{
		"session token: " + "q8Zt3Lw0Xv7Rb2" + "Ny5Kd9Hs1Gm4Pj6": "high-entropy",
		"x=Vb7" + "Qz2Lk9Wm4Tn8Rc5Yd1Hf6":                        "high-entropy",
	},
	NoMatch: []string{
		"sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"commit 3f786850e387550fdab836ed7e6dc881de23001b",
		"id 123e4567-e89b-12d3-a456-426614174000",
		`"integrity": "sha512-Vb7Qz2Lk9Wm4Tn8Rc5Yd1Hf6Gs3Jx0Pq"`,
		"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
		"getUserAccountByIdAndName2", "a_very_long_identifier_with_12_words_in_it", "key: ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
		"the-quick-brown-fox-jumps-over-the-lazy-dog", "token = 00000000000000000000",
	},
}

// tokenBytes are what keys are made of.
var tokenBytes = func() (set [256]uint8) {
	for c := range set {
		if isLetter(byte(c)) || isDigit(byte(c)) || c == '_' || c == '-' || c == '+' || c == '=' {
			set[c] = 1
		}
	}
	return set
}()

// randomness grades the run text[start:end] of a view.
func randomness(v *View, start, end int) Score {
	for start < end && strings.IndexByte("=-_+", v.Text[start]) >= 0 {
		start++
	}
	if i := strings.IndexByte(v.Text[start:end], '='); i >= 0 && i+2 < end-start { // name=value
		start += i + 1
	}
	s := strings.TrimRight(v.Text[start:end], "=")
	if len(s) < minRandom || len(s) > maxRandom {
		return NoScore
	}
	if isUUID(s) {
		return NoScore
	}
	before := strings.ToLower(v.Text[max(0, start-48):start])
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i:]
	}
	if containsAny(before, digestWords) {
		return NoScore
	}
	lowers, uppers, digits, others := classes(s)
	named := containsAny(before, keyWords) || containsAny(strings.ToLower(v.Of.Name), keyWords)
	switch {
	case ordered(s), digits < 2, lowers+uppers < 6, others*6 > len(s):
		return NoScore
	case hexOnly(s):
		if named && entropy(s) >= 3.2 && (containsAny(before, secretWords) || containsAny(strings.ToLower(v.Of.Name), secretWords)) {
			return Medium
		}
		return NoScore
	case wordy(s)*3 > len(s), entropy(s) < 3.7:
		return NoScore
	case named:
		return Medium
	case uppers >= 3 && lowers >= 3 && digits >= 3 && entropy(s) >= 4:
		return Low
	}
	return NoScore
}

var (
	keyWords = strings.Fields("key token secret passw pwd auth bearer credential session cookie signature apikey")
	// secretWords make even hexadecimal digits a secret.
	secretWords = strings.Fields("secret passw apikey api_key api-key auth_token access_token bearer")
	// digestWords say that what follows is a digest, a picture or another thing
	// that is public.
	digestWords = strings.Fields("sha1 sha2 sha3 sha5 md5 commit digest checksum integrity etag hash revision base64, blake uuid guid font-face public publickey ssh-rsa ssh-ed25519 nonce=")
)

// isUUID reports whether s is formed as RFC 9562 says.
func isUUID(s string) bool {
	return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' && hexOnly(s)
}

// blobBytes are what base64 and what stands between its pieces is made of.
var blobBytes = func() (set [256]uint8) {
	set = tokenBytes
	set['/'] = 1
	return set
}()

// inBlob reports whether text[start:end] is part of more base64 than a key has.
func inBlob(text string, start, end int) bool {
	for end-start <= maxRandom && start > 0 && blobBytes[text[start-1]] != 0 {
		start--
	}
	for end-start <= maxRandom && end < len(text) && blobBytes[text[end]] != 0 {
		end++
	}
	return end-start > maxRandom
}

// blobEnd returns where the base64 ends that text[start:end] is part of, if that is
// more than a key has; else 0.
func blobEnd(text string, start, end int) int {
	if !inBlob(text, start, end) {
		return 0
	}
	for end < len(text) && blobBytes[text[end]] != 0 {
		end++
	}
	return end
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func hexOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') && c != '-' {
			return false
		}
	}
	return true
}

// wordy counts the bytes of s in runs of four or more letters of one case, or with
// a capital first, as words have them.
func wordy(s string) int {
	n, run := 0, 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isLetter(s[i]) && (run == 0 || s[i]&0x20 == s[i-1]&0x20 || run == 1 && s[i]&0x20 != 0) {
			run++
			continue
		}
		if run >= 4 {
			n += run
		}
		run = 0
		if i < len(s) && isLetter(s[i]) {
			run = 1
		}
	}
	return n
}

// ordered reports whether much of s counts up or repeats, as placeholders and
// alphabets do.
func ordered(s string) bool {
	n := 0
	for i := 1; i < len(s); i++ {
		if d := int(s[i]) - int(s[i-1]); d >= -1 && d <= 1 {
			n++
		}
	}
	return n*3 > len(s)
}
