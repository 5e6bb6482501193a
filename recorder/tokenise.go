package recorder

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
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
func (w *rewrite) standIn(kind, secret string) string {
	id := w.hash(kind, secret)
	if s, ok := w.cache[id]; ok {
		return s
	}
	if w.made++; w.made > maxStandIns {
		return mask(secret)
	}
	s, ok := detect.Surrogate(kind, secret, w.stream(secret))
	if !ok || len(s) != len(secret) || s == secret {
		s = mask(secret)
	}
	if len(w.cache) >= maxCached {
		clear(w.cache)
	}
	w.cache[id] = s
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

// maxStandIns bounds the stand-ins that are made for one message: each takes about a
// millisecond, and the session waits. The rest is masked, and so pinned.
const maxStandIns = 64

// A rewrite replaces the secrets of one message.
type rewrite struct {
	*tokeniser
	swaps []swap
	made  int
}

// replace returns raw with its secrets replaced, and the swaps that were made.
// inString says that the ranges stand inside JSON strings.
func (t *tokeniser) replace(raw []byte, spans []policy.SecretSpan, inString bool) ([]byte, []swap) {
	out := bytes.Clone(raw)
	w := rewrite{tokeniser: t}
	for _, s := range spans {
		if s.Start < 0 || s.End > len(raw) || s.Start >= s.End {
			continue
		}
		piece := string(raw[s.Start:s.End])
		var stand string
		if inString {
			stand = w.inJSON(piece, s.View, s.Kind)
		} else {
			stand = w.standsFor(piece, s.View, s.Kind)
		}
		copy(out[s.Start:s.End], stand)
	}
	for _, s := range w.swaps {
		out = replaceEverywhere(out, s)
	}
	return out, w.swaps
}

// inJSON replaces what is between the quotes of a JSON string.
func (w *rewrite) inJSON(piece, view, kind string) string {
	s, ok := jsonSpelling(piece)
	if !ok {
		return strings.Repeat("x", len(piece))
	}
	plain := string(s.plain)
	for _, stand := range []string{w.standsFor(plain, view, kind), mask(plain)} {
		if out, ok := s.saying(stand); ok {
			w.note(plain, stand)
			return out
		}
	}
	return strings.Repeat("x", len(piece))
}

func (w *rewrite) note(secret, standIn string) {
	if secret != standIn && !slices.Contains(w.swaps, swap{secret, standIn}) {
		w.swaps = append(w.swaps, swap{secret, standIn})
	}
}

// standsFor returns what stands for a text of the same length that is a secret in the
// given view of it, or holds secrets if the view is of a whole encoded form.
func (w *rewrite) standsFor(text, view, kind string) string {
	outer, rest, _ := strings.Cut(view, ">")
	var out string
	var ok bool
	switch {
	case view == "" || view == "raw":
		out, ok = w.standIn(kind, text), true
	case outer == "base64":
		out, ok = wrapped(text, w.inBase64)
	case outer == "hex":
		out, ok = wrapped(text, w.inHex)
	case isEscape(outer):
		s := escapedSpelling(text)
		out, ok = s.saying(w.standsFor(string(s.plain), rest, kind))
	}
	if !ok || len(out) != len(text) {
		out = mask(text)
	}
	w.note(text, out)
	return out
}

// isEscape reports whether a view is of escapes: one of those names, or several.
func isEscape(view string) bool {
	for name := range strings.SplitSeq(view, "+") {
		if name != "percent" && name != "html" && name != "escape" {
			return false
		}
	}
	return true
}

// wrapped applies f to text without its line breaks, and puts them back.
func wrapped(text string, f func(string) (string, bool)) (string, bool) {
	body := strings.NewReplacer("\n", "", "\r", "").Replace(text)
	out, ok := f(body)
	if !ok || len(out) != len(body) {
		return "", false
	}
	if len(body) == len(text) {
		return out, true
	}
	whole := []byte(text)
	for i, at := 0, 0; i < len(whole); i++ {
		if whole[i] != '\n' && whole[i] != '\r' {
			whole[i] = out[at]
			at++
		}
	}
	return string(whole), true
}

func (w *rewrite) inBase64(text string) (string, bool) {
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if plain, err := enc.DecodeString(text); err == nil {
			return enc.EncodeToString([]byte(w.inside(string(plain)))), true
		}
	}
	return "", false
}

func (w *rewrite) inHex(text string) (string, bool) {
	plain, err := hex.DecodeString(text)
	if err != nil {
		return "", false
	}
	out := hex.EncodeToString([]byte(w.inside(string(plain))))
	if text != strings.ToLower(text) {
		out = strings.ToUpper(out)
	}
	return out, true
}

// inside replaces the secrets of a decoded text, or of one that is no message.
func (w *rewrite) inside(plain string) string {
	out := []byte(plain)
	for _, f := range detect.Find(nil, detect.Text{Value: plain}, detect.Secrets) {
		copy(out[f.Start:f.End], w.standsFor(plain[f.Start:f.End], f.View, f.Kind))
	}
	return string(out)
}

// minEverywhere is the shortest secret that is looked for beyond where it was found.
const minEverywhere = 8

// replaceEverywhere replaces what is left of a secret elsewhere in the message: as it
// is, in hex, in base64 at each alignment, and spelt with escapes of any kind.
func replaceEverywhere(b []byte, s swap) []byte {
	if len(s.secret) < minEverywhere || s.secret == s.standIn {
		return b
	}
	for _, enc := range everywhere {
		b = replaceEqual(b, enc(s.secret), enc(s.standIn))
	}
	if !bytes.ContainsAny(b, `\%&`) {
		return b
	}
	escaped := escapedSpelling(string(b))
	if !bytes.Contains(escaped.plain, []byte(s.secret)) {
		return b
	}
	return []byte(escaped.forced(string(replaceEqual(bytes.Clone(escaped.plain), s.secret, s.standIn))))
}

// everywhere are the spellings that are looked for, or what they share whatever
// stands around.
var everywhere = func() []func(string) string {
	list := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return hex.EncodeToString([]byte(s)) },
		func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for skip := range 3 {
			list = append(list, func(s string) string { return aligned(enc, s, skip) })
		}
	}
	return list
}()

// aligned is the part of the base64 of a longer text that depends on s alone, when
// the first bytes of s share a group with what is before.
func aligned(enc *base64.Encoding, s string, skip int) string {
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
	if s == "" {
		return s
	}
	for _, w := range swaps {
		if len(w.secret) >= minEverywhere {
			s = string(replaceEverywhere([]byte(s), w))
		} else if len(w.secret) >= 4 {
			s = strings.ReplaceAll(s, w.secret, w.standIn)
		}
	}
	return s
}

func scrubSubject(sub policy.Subject, swaps []swap) policy.Subject {
	sub.ID = mcp.ID(scrub(string(sub.ID), swaps))
	for _, s := range []*string{&sub.Method, &sub.Tool, &sub.Target, &sub.Server, &sub.Era, &sub.Fact} {
		*s = scrub(*s, swaps)
	}
	return sub
}

func scrubPins(pins []mcp.Pin, swaps []swap) []mcp.Pin {
	for i := range pins {
		pins[i].Pointer = scrub(pins[i].Pointer, swaps)
	}
	return pins
}

// clean replaces the secrets of a text that is no message, such as a command line.
func (t *tokeniser) clean(s string) string {
	w := rewrite{tokeniser: t}
	return w.inside(s)
}
