package policy

import (
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
)

// The bounds of what is put together to look for a key that was taken apart: values
// of a few hundred bytes without a blank, and not many of them.
const (
	maxScattered = 32
	longestShare = 256
)

// joinShares makes a text of the values that may be parts of a key: spelled as a
// program that puts them together, forwards and backwards. Only secrets are looked
// for in it, and only if one of the values begins as keys do.
func (r *reading) joinShares(root int, place detect.Place) {
	if root < 0 || place == detect.Description || r.want&detect.Secrets == 0 {
		return
	}
	var nodes [maxScattered]int
	n, begins := 0, false
	for i := range r.texts {
		t := &r.texts[i]
		if !t.payload || t.inName || !share(t.value) {
			continue
		}
		if n == len(nodes) {
			return
		}
		nodes[n] = t.node
		n++
		begins = begins || detect.BeginsSecret(t.value)
	}
	if n < 2 || !begins {
		return
	}
	t := &text{node: root, payload: true, name: "text", place: place, only: detect.Secrets}
	var b strings.Builder
	put := func(node int) {
		b.WriteByte('"')
		start := b.Len()
		b.WriteString(r.m.Text(node))
		t.parts = append(t.parts, part{node, start, b.Len()})
		b.WriteByte('"')
	}
	for i := range n {
		if i > 0 {
			b.WriteString(" + ")
		}
		put(nodes[i])
	}
	b.WriteString(";\n")
	for i := n - 1; i >= 0; i-- {
		put(nodes[i])
		if i > 0 {
			b.WriteString(" + ")
		}
	}
	t.value = b.String()
	r.joins = append(r.joins, t)
}

// share reports whether a value may be a part of a key.
func share(s string) bool {
	if len(s) < 2 || len(s) > longestShare {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("_-+/=.", c) < 0 {
			return false
		}
	}
	return true
}

// asksOnly reports whether the matcher has nothing but detectors of the families.
func (m *matcher) asksOnly(families detect.Set) bool {
	if len(m.detectors) == 0 || m.exists != nil || m.canary || len(m.equals) > 0 || len(m.globs) > 0 || len(m.regexes) > 0 || len(m.under) > 0 ||
		len(m.notUnder) > 0 || len(m.hosts) > 0 || len(m.cidrs) > 0 || m.minLength > 0 || m.maxLength >= 0 {
		return false
	}
	for i := range m.detectors {
		if m.detectors[i].family&families == 0 {
			return false
		}
	}
	return true
}
