package recorder

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
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

// maxStandIns bounds the stand-ins that are made for one message: each takes some tens
// of microseconds, and the session waits. The rest is masked, and so pinned.
const maxStandIns = 256

// A rewrite replaces the secrets of one message.
type rewrite struct {
	*tokeniser
	swaps []swap
	noted map[swap]bool
	made  int
}

// replace returns raw with its secrets replaced, and what does so with other texts.
// inString says that the ranges stand inside JSON strings.
func (t *tokeniser) replace(raw []byte, spans []policy.SecretSpan, inString bool) ([]byte, *scrubber) {
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
	s := newScrubber(w.swaps)
	return s.scrub(out), s
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
	s := swap{secret, standIn}
	if secret != standIn && !w.noted[s] {
		w.swaps = append(w.swaps, s)
		if w.noted == nil {
			w.noted = map[swap]bool{}
		}
		w.noted[s] = true
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

// clean replaces the secrets of a text that is no message, such as a command line.
func (t *tokeniser) clean(s string) string {
	w := rewrite{tokeniser: t}
	return w.inside(s)
}
