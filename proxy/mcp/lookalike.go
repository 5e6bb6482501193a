package mcp

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lookalikes returns the node of the first member, at any level of the message
// below the top, that could be taken for a protocol member, or -1.
func (t *tape) lookalikes(m *Message) int {
	if m.Params >= 0 {
		return int(t.lookalikeBelow(int32(m.Params), m.params))
	}
	if m.Result >= 0 {
		return int(t.lookalikeBelow(int32(m.Result), resultLevel))
	}
	if m.Error >= 0 {
		return int(t.lookalike(int32(m.Error), errorLevel))
	}
	return -1
}

// lookalikeBelow is lookalike for an object and the levels inside it.
func (t *tape) lookalikeBelow(object int32, l *level) int32 {
	if t.nodes[object].Kind != Object {
		return -1
	}
	any := l.inside["*"]
	if any == nil {
		if at := t.lookalike(object, l); at >= 0 {
			return at
		}
	}
	if len(l.inside)+len(l.each) == 0 {
		return -1
	}
	for i, end := object+1, t.nodes[object].Next; i < end; i = t.nodes[i].Next {
		at := int32(-1)
		switch t.nodes[i].Kind {
		case Object:
			inner := any
			if inner == nil {
				inner = l.inside[string(t.name(i))]
			}
			if inner != nil {
				at = t.lookalikeBelow(i, inner)
			}
		case Array:
			if inner := l.each[string(t.name(i))]; inner != nil {
				at = t.lookalikeEach(i, inner)
			}
		}
		if at >= 0 {
			return at
		}
	}
	return -1
}

// lookalikeEach is lookalikeBelow for the elements of an array.
func (t *tape) lookalikeEach(array int32, l *level) int32 {
	for i, end := array+1, t.nodes[array].Next; i < end; i = t.nodes[i].Next {
		if at := t.lookalikeBelow(i, l); at >= 0 {
			return at
		}
	}
	return -1
}

// lookalike returns the first member of object whose name folds to one of l's
// without being it, or else one whose name folds to that of a sibling, or -1.
//
// Folding can make a name eleven times longer, so that of those that the protocol
// doesn't define only hashes are kept; two different names of one hash have to be
// made on purpose, and are no loss.
func (t *tape) lookalike(object int32, l *level) int32 {
	t.keys = t.keys[:0]
	for i, end := object+1, t.nodes[object].Next; i < end; i = t.nodes[i].Next {
		name := t.name(i)
		if l.defines(name) {
			continue
		}
		t.folds = foldName(t.folds[:0], name)
		if _, ok := l.exact[string(t.folds)]; ok {
			return i
		}
		t.keys = append(t.keys, nameKey{hash: hashName(t.folds), node: i})
	}
	if len(t.keys) < 2 {
		return -1
	}
	sortKeys(t.keys)
	for i, k := range t.keys[1:] {
		if k.hash == t.keys[i].hash {
			return k.node
		}
	}
	return -1
}

// maxFold is up to how many bytes a name is folded in all ways: four times the
// longest protocol name, since no character of more bytes folds to a single
// letter. Beyond, only ASCII case is ignored.
const maxFold = 192

// foldName appends to dst what a name becomes for the most lenient reader known:
// one that ignores case in any way (ASCII, Unicode simple or full folding, upper
// casing) or normalises to NFKC. Such a reader takes METHOD, param\u017f and
// full-width letters for protocol names.
func foldName(dst, name []byte) []byte {
	start := len(dst)
	for _, c := range name {
		if c >= utf8.RuneSelf && len(name) <= maxFold {
			return foldUnicode(dst[:start], name)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func foldUnicode(dst, name []byte) []byte {
	for _, r := range string(norm.NFKC.Bytes(bytes.ToValidUTF8(name, nil))) {
		switch r {
		case 'ß', 'ẞ':
			dst = append(dst, "ss"...)
			continue
		}
		// By way of upper case, so that the dotless i and the long s arrive too.
		dst = utf8.AppendRune(dst, unicode.ToLower(unicode.ToUpper(r)))
	}
	return dst
}
