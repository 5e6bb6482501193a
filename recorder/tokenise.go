package recorder

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A tokeniser replaces secrets by stand-ins. One secret has one stand-in per key.
type tokeniser struct {
	key   []byte
	cache map[[32]byte]string // by keyed hash of kind and secret; bounded
}

const maxCached = 10_000

// stream gives the bytes that choose a stand-in: HMAC-SHA-256 in counter mode.
func (t *tokeniser) stream(secret string) func() byte {
	seed := t.hash("stream", secret)
	var block []byte
	counter := byte(0)
	return func() byte {
		if len(block) == 0 {
			m := hmac.New(sha256.New, seed[:])
			m.Write([]byte{counter})
			counter++
			block = m.Sum(nil)
		}
		b := block[0]
		block = block[1:]
		return b
	}
}

func (t *tokeniser) hash(kind, secret string) (sum [32]byte) {
	m := hmac.New(sha256.New, t.key)
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(secret))
	m.Sum(sum[:0])
	return sum
}

// standIn returns what stands for a secret: same length in bytes.
func (t *tokeniser) standIn(kind, secret string) string {
	id := t.hash(kind, secret)
	if s, ok := t.cache[id]; ok {
		return s
	}
	s, ok := detect.Surrogate(kind, secret, t.stream(secret))
	if !ok || len(s) != len(secret) || s == secret {
		s = mask(secret)
	}
	if len(t.cache) < maxCached {
		t.cache[id] = s
	}
	return s
}

// mask keeps nothing of a secret but its length and the breaks between its lines.
func mask(secret string) string {
	b := []byte(secret)
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = 'x'
		}
	}
	return string(b)
}

// A swap is a secret and its stand-in.
type swap struct{ secret, standIn string }

// replace returns raw with its secrets replaced, and the swaps that were made.
// inString says that the ranges stand inside JSON strings.
func (t *tokeniser) replace(raw []byte, spans []policy.SecretSpan, inString bool) ([]byte, []swap) {
	out := bytes.Clone(raw)
	var swaps []swap
	for _, s := range spans {
		if s.Start < 0 || s.End > len(raw) || s.Start >= s.End {
			continue
		}
		piece := raw[s.Start:s.End]
		if inString && bytes.IndexByte(piece, '\\') >= 0 {
			copy(out[s.Start:s.End], t.escaped(s.Kind, piece, &swaps))
			continue
		}
		stand := t.encoded(s, string(piece))
		copy(out[s.Start:s.End], stand)
		swaps = append(swaps, swap{string(piece), stand})
	}
	for _, s := range swaps {
		out = replaceEverywhere(out, s)
	}
	return out, swaps
}

// encoded makes the stand-in of a token as it stands: where it is an encoding of the
// secret, what it encodes is replaced and encoded again.
func (t *tokeniser) encoded(s policy.SecretSpan, piece string) string {
	switch {
	case strings.HasPrefix(s.View, "base64"):
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			plain, err := enc.DecodeString(piece)
			if err != nil {
				continue
			}
			if again := enc.EncodeToString([]byte(t.inside(string(plain)))); len(again) == len(piece) {
				return again
			}
		}
		return mask(piece)
	case strings.HasPrefix(s.View, "hex"):
		plain, err := hex.DecodeString(piece)
		if err != nil {
			return mask(piece)
		}
		again := hex.EncodeToString([]byte(t.inside(string(plain))))
		if piece == strings.ToUpper(piece) {
			again = strings.ToUpper(again)
		}
		return again
	case s.View == "raw" || s.View == "":
		return t.standIn(s.Kind, piece)
	}
	return mask(piece)
}

// inside replaces the secrets of a decoded text.
func (t *tokeniser) inside(plain string) string {
	out := []byte(plain)
	for _, f := range detect.Find(nil, detect.Text{Value: plain}, detect.Secrets) {
		part := plain[f.Start:f.End]
		stand := mask(part)
		if f.View == "raw" {
			stand = t.standIn(f.Kind, part)
		}
		copy(out[f.Start:f.End], stand)
	}
	return string(out)
}

// escaped replaces a secret that is spelt with JSON escapes. The escapes of
// characters that the stand-in keeps stay as they are; if another had to change, the
// whole is masked.
func (t *tokeniser) escaped(kind string, piece []byte, swaps *[]swap) []byte {
	var plain string
	if json.Unmarshal(append(append([]byte{'"'}, piece...), '"'), &plain) != nil {
		return []byte(strings.Repeat("x", len(piece)))
	}
	stand := t.standIn(kind, plain)
	*swaps = append(*swaps, swap{plain, stand})
	out := make([]byte, 0, len(piece))
	for i, at := 0, 0; i < len(piece); at++ {
		if piece[i] != '\\' {
			if at >= len(stand) || stand[at] == '"' || stand[at] == '\\' || stand[at] < ' ' {
				return []byte(strings.Repeat("x", len(piece)))
			}
			out = append(out, stand[at])
			i++
			continue
		}
		n := 2
		if i+1 < len(piece) && piece[i+1] == 'u' {
			n = 6
		}
		if i+n > len(piece) || at >= len(stand) || at >= len(plain) || plain[at] != stand[at] || plain[at] >= 0x80 {
			return []byte(strings.Repeat("x", len(piece)))
		}
		out = append(out, piece[i:i+n]...)
		i += n
	}
	if len(out) != len(piece) {
		return []byte(strings.Repeat("x", len(piece)))
	}
	return out
}

// minEverywhere is the shortest secret that is looked for beyond where it was found.
const minEverywhere = 8

// replaceEverywhere replaces what is left of a secret elsewhere in the message: as it
// is, in hex, percent-encoded, and in base64 at each alignment.
func replaceEverywhere(b []byte, s swap) []byte {
	if len(s.secret) < minEverywhere || s.secret == s.standIn {
		return b
	}
	b = replaceEqual(b, s.secret, s.standIn)
	b = replaceEqual(b, hex.EncodeToString([]byte(s.secret)), hex.EncodeToString([]byte(s.standIn)))
	b = replaceEqual(b, strings.ToUpper(hex.EncodeToString([]byte(s.secret))), strings.ToUpper(hex.EncodeToString([]byte(s.standIn))))
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			from, to := aligned(enc, s.secret, shift), aligned(enc, s.standIn, shift)
			b = replaceEqual(b, from, to)
		}
	}
	return b
}

// aligned is the part of the base64 of a longer text that depends on s alone, when s
// begins at shift modulo 3.
func aligned(enc *base64.Encoding, s string, shift int) string {
	skip := (3 - shift) % 3
	if len(s) < skip+6 {
		return ""
	}
	whole := s[skip:]
	return enc.EncodeToString([]byte(whole[:len(whole)/3*3]))
}

func replaceEqual(b []byte, from, to string) []byte {
	if len(from) < minEverywhere || len(from) != len(to) {
		return b
	}
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte(from))
		if i < 0 {
			return b
		}
		copy(b[at+i:], to)
		at += i + len(to)
	}
}

// scrub replaces the swapped secrets in a text of the event.
func scrub(s string, swaps []swap) string {
	for _, w := range swaps {
		if len(w.secret) >= 4 && strings.Contains(s, w.secret) {
			s = strings.ReplaceAll(s, w.secret, w.standIn)
		}
	}
	return s
}

func scrubSubject(sub policy.Subject, swaps []swap) policy.Subject {
	sub.ID = mcp.ID(scrub(string(sub.ID), swaps))
	sub.Method, sub.Tool, sub.Target = scrub(sub.Method, swaps), scrub(sub.Tool, swaps), scrub(sub.Target, swaps)
	return sub
}

func scrubPins(pins []mcp.Pin, swaps []swap) []mcp.Pin {
	for i := range pins {
		pins[i].Pointer = scrub(pins[i].Pointer, swaps)
	}
	return pins
}

// clean replaces the secrets of a text that is no message, such as a command line.
func (t *tokeniser) clean(s string) string { return t.inside(s) }
