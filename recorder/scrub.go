package recorder

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A scrubber replaces what is left of secrets in a message and in the texts of its
// event: as they are, in hex, in base64 at each alignment, and spelt with escapes of
// any kind. It takes one pass, however many secrets there are.
type scrubber struct {
	all   table // every spelling that is looked for
	plain table
	short []swap // too short to be looked for in a message
}

// minEverywhere is the shortest text that is looked for beyond where it was found.
const minEverywhere = 8

func newScrubber(swaps []swap) *scrubber {
	s := &scrubber{}
	for _, w := range swaps {
		if len(w.secret) < minEverywhere {
			s.short = append(s.short, w)
			continue
		}
		s.plain.add(w.secret, w.standIn)
		for _, enc := range everywhere {
			s.all.add(enc(w.secret), enc(w.standIn))
		}
	}
	return s
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

// scrub replaces secrets in b, in place or in a copy.
func (s *scrubber) scrub(b []byte) []byte {
	s.all.replace(b)
	if !bytes.ContainsAny(b, `\%&`) {
		return b
	}
	escaped := escapedSpelling(string(b))
	if plain := bytes.Clone(escaped.plain); s.plain.replace(plain) {
		return []byte(escaped.forced(string(plain)))
	}
	return b
}

func (s *scrubber) text(t string) string {
	if t == "" {
		return t
	}
	t = string(s.scrub([]byte(t)))
	for _, w := range s.short {
		if len(w.secret) >= 4 {
			t = strings.ReplaceAll(t, w.secret, w.standIn)
		}
	}
	return t
}

func (s *scrubber) subject(sub policy.Subject) policy.Subject {
	sub.ID = mcp.ID(s.text(string(sub.ID)))
	for _, t := range []*string{&sub.Method, &sub.Tool, &sub.Target, &sub.Server, &sub.Era, &sub.Fact} {
		*t = s.text(*t)
	}
	return sub
}

func (s *scrubber) pins(pins []mcp.Pin) []mcp.Pin {
	for i := range pins {
		pins[i].Pointer = s.text(pins[i].Pointer)
	}
	return pins
}

// A table finds texts of at least eight bytes by those, and replaces each by another
// of its length.
type table struct {
	filter [1 << 10]uint64 // a bit for the hash of each beginning
	pairs  map[uint64][]swap
}

func (t *table) add(from, to string) {
	if len(from) < minEverywhere || len(from) != len(to) || from == to {
		return
	}
	if t.pairs == nil {
		t.pairs = map[uint64][]swap{}
	}
	v := binary.LittleEndian.Uint64([]byte(from))
	word, bit := place(v)
	t.filter[word] |= bit
	t.pairs[v] = append(t.pairs[v], swap{from, to})
}

// place is where the bit of a beginning is.
func place(v uint64) (word int, bit uint64) {
	h := v * 0x9e3779b97f4a7c15 >> 48
	return int(h >> 6), 1 << (h & 63)
}

// replace replaces in place; where several match, the longest.
func (t *table) replace(b []byte) (changed bool) {
	if len(t.pairs) == 0 {
		return false
	}
	for i := 0; i+minEverywhere <= len(b); i++ {
		v := binary.LittleEndian.Uint64(b[i:])
		word, bit := place(v)
		if t.filter[word]&bit == 0 {
			continue
		}
		var best swap
		for _, p := range t.pairs[v] {
			if len(p.secret) > len(best.secret) && len(p.secret) <= len(b)-i && string(b[i:i+len(p.secret)]) == p.secret {
				best = p
			}
		}
		if best.secret != "" {
			copy(b[i:], best.standIn)
			i += len(best.secret) - 1
			changed = true
		}
	}
	return changed
}
