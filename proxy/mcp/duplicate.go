package mcp

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
)

// smallObject is up to how many members are compared each with each.
const smallObject = 8

// A nameKey is one name of an object under test.
type nameKey struct {
	hash uint64
	node int32
}

// duplicate returns the node of a second member of object with the same decoded
// name as another, or -1. Large objects are sorted by hash and names with equal
// hashes by their bytes, so that no choice of names makes it slow.
func (t *tape) duplicate(object int32, count int) int32 {
	if count <= smallObject {
		return t.duplicateSmall(object, count)
	}
	t.keys = t.keys[:0]
	for i, end := object+1, t.nodes[object].Next; i < end; i = t.nodes[i].Next {
		t.keys = append(t.keys, nameKey{hash: hashName(t.name(i)), node: i})
	}
	return t.firstTwin(t.keys)
}

// duplicateSmall is duplicate by comparing each name with those before it, first
// by eight bytes and the length.
func (t *tape) duplicateSmall(object int32, count int) int32 {
	var marks [smallObject]uint64
	var nodes [smallObject]int32
	i := object + 1
	for n := range count {
		name := t.name(i)
		mark := markName(name)
		for k := range n {
			if marks[k] == mark && bytes.Equal(name, t.name(nodes[k])) {
				return i
			}
		}
		marks[n], nodes[n] = mark, i
		i = t.nodes[i].Next
	}
	return -1
}

// markName returns a number that two different names seldom share.
func markName(b []byte) uint64 {
	var mark uint64
	if len(b) >= 8 {
		mark = binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[len(b)-8:])<<1
	} else {
		for _, c := range b {
			mark = mark<<8 | uint64(c)
		}
	}
	return mark ^ uint64(len(b))<<56
}

// firstTwin returns the first node in the document whose name a node before it
// has too, or -1. It reorders keys.
func (t *tape) firstTwin(keys []nameKey) int32 {
	sortKeys(keys)
	twin := int32(-1)
	for len(keys) > 1 {
		n := 1
		for n < len(keys) && keys[n].hash == keys[0].hash {
			n++
		}
		if n > 1 {
			if at := t.twinOf(keys[:n]); at >= 0 && (twin < 0 || at < twin) {
				twin = at
			}
		}
		keys = keys[n:]
	}
	return twin
}

// twinOf is firstTwin for keys of one hash.
func (t *tape) twinOf(keys []nameKey) int32 {
	slices.SortFunc(keys, func(a, b nameKey) int {
		if c := bytes.Compare(t.name(a.node), t.name(b.node)); c != 0 {
			return c
		}
		return cmp.Compare(a.node, b.node)
	})
	twin := int32(-1)
	for i, k := range keys[1:] {
		if bytes.Equal(t.name(k.node), t.name(keys[i].node)) && (twin < 0 || k.node < twin) {
			twin = k.node
		}
	}
	return twin
}

// sortKeys sorts by hash, and nodes of one hash as they stand in the document.
func sortKeys(keys []nameKey) {
	slices.SortFunc(keys, func(a, b nameKey) int {
		if a.hash != b.hash {
			return cmp.Compare(a.hash, b.hash)
		}
		return cmp.Compare(a.node, b.node)
	})
}

// hashName spreads names over 64 bits, the same way in every process.
func hashName(b []byte) uint64 {
	h := uint64(len(b)) ^ 0x9E3779B97F4A7C15
	for ; len(b) >= 8; b = b[8:] {
		h = mix(h ^ binary.LittleEndian.Uint64(b))
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return mix(h ^ tail)
}

func mix(h uint64) uint64 {
	hi, lo := bits.Mul64(h, 0xD6E8FEB86659FD93)
	return hi ^ lo ^ h
}

// name returns the decoded name of node i.
func (t *tape) name(i int32) []byte {
	n := &t.nodes[i]
	if n.NameEscaped {
		return speltBytes(t.texts, t.escaped, speltKey(i, true))
	}
	if n.NameEnd == 0 {
		return nil
	}
	return t.raw[n.NameStart+1 : n.NameEnd-1]
}

// speltBytes looks up the decoded form of an escaped string.
func speltBytes(texts []byte, escaped []spelt, key int64) []byte {
	i := sort.Search(len(escaped), func(i int) bool { return escaped[i].key >= key })
	if i == len(escaped) || escaped[i].key != key {
		return nil
	}
	return texts[escaped[i].start:escaped[i].end:escaped[i].end]
}
