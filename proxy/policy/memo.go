package policy

import (
	"encoding/binary"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
)

// A Memo remembers what was found in texts that came more than once, so that sessions
// with the same lists, files and pages are searched once. What it gives is what
// detection would: the whole text is compared. Not for use by two goroutines at once.
type Memo struct {
	seen  map[uint64]struct{} // hashes of texts that came once
	found map[memoKey][]detect.Finding
	size  int // bytes of the texts in found
}

type memoKey struct {
	value, name, tool string
	place             detect.Place
	want              detect.Set
}

// Bounds of a Memo. Short texts are searched faster than remembered.
const (
	memoLeast = 256     // bytes of a text
	memoMost  = 1 << 20 // bytes of a text
	memoSize  = 24 << 20
	memoSeen  = 1 << 19
)

// find is detect.Find, from memory if it can be. The findings are not to be changed.
func (m *Memo) find(buf []detect.Finding, t detect.Text, want detect.Set) []detect.Finding {
	if m == nil || len(t.Value) < memoLeast || len(t.Value) > memoMost {
		return detect.Find(buf[:0], t, want)
	}
	key := memoKey{t.Value, t.Name, t.Tool, t.Place, want}
	if found, ok := m.found[key]; ok {
		return found
	}
	buf = detect.Find(buf[:0], t, want)
	h := textHash(t.Value)
	if _, again := m.seen[h]; !again {
		if m.seen == nil || len(m.seen) >= memoSeen {
			m.seen = map[uint64]struct{}{}
		}
		m.seen[h] = struct{}{}
		return buf
	}
	if m.found == nil || m.size+len(t.Value) > memoSize {
		m.found, m.size = map[memoKey][]detect.Finding{}, 0
	}
	key.value, key.name, key.tool = strings.Clone(t.Value), strings.Clone(t.Name), strings.Clone(t.Tool)
	m.found[key] = append([]detect.Finding(nil), buf...)
	m.size += len(t.Value)
	return buf
}

// textHash mixes a text. Texts with the same hash are only taken for having come twice.
func textHash(s string) uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := uint64(len(s)) * odd
	var word [8]byte
	for len(s) > 0 {
		n := copy(word[:], s)
		s = s[n:]
		h = (h ^ binary.LittleEndian.Uint64(word[:])) * odd
		h ^= h >> 29
	}
	return h
}

// shortTexts remember which short texts hold nothing: the names of tools, kinds of
// content, folders and numbers that come in message after message. A text is kept
// when it comes a second time in a row of those that share its slot.
type shortTexts [1 << shortBits]struct {
	hash uint64
	memoKey
}

const (
	shortBits = 8
	shortMost = 48 // bytes of a text
)

// find is detect.Find for a text of at most shortMost bytes.
func (st *shortTexts) find(buf []detect.Finding, t detect.Text, want detect.Set) []detect.Finding {
	key := memoKey{t.Value, t.Name, t.Tool, t.Place, want}
	h := textHash(t.Value)
	slot := &st[h>>(64-shortBits)]
	if slot.memoKey == key {
		return buf[:0]
	}
	buf = detect.Find(buf[:0], t, want)
	if len(buf) > 0 {
		return buf
	}
	if slot.hash == h {
		key.value, key.name, key.tool = strings.Clone(t.Value), strings.Clone(t.Name), strings.Clone(t.Tool)
		slot.memoKey = key
	}
	slot.hash = h
	return buf
}
