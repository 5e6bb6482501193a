package mcp

import "bytes"

// OversizeID finds the id to answer under in an OversizeFrame's Raw, which holds
// the first and the last bytes of a message, and whether that is an answer. Some
// peers write the id first and others last, after what made the message large.
// An id that stands elsewhere isn't found.
func OversizeID(raw []byte) (id ID, isAnswer bool) {
	head, tail := raw, raw
	if len(raw) >= excerptHead+excerptTail {
		head, tail = raw[:excerptHead], raw[excerptHead:]
	}
	var s sketch
	s.forward(head)
	if !s.whole {
		s.backward(tail)
	}
	if s.ids != 1 {
		s.id = ""
	}
	return s.id, s.answers && !s.calls
}

// A sketch is what some of a message's top-level members tell.
type sketch struct {
	id             ID
	ids            int
	answers, calls bool
	whole          bool // the message's end was reached
}

// member notes one top-level member; the value may be cut short.
func (s *sketch) member(name, value []byte, complete bool) {
	switch string(foldName(nil, name)) {
	case "id":
		if complete {
			s.ids++
			s.id = readableID(value)
		}
	case "method":
		s.calls = true
	case "result", "error":
		s.answers = true
	}
}

// forward reads the members that b begins with.
func (s *sketch) forward(b []byte) {
	t := tape{raw: b}
	if t.space() != '{' {
		return
	}
	for t.pos < len(b) && t.raw[t.pos] != '}' {
		t.pos++
		name, ok := t.outlineName()
		if !ok {
			return
		}
		start := t.pos
		t.skip()
		s.member(name, b[start:t.pos], t.pos < len(b))
	}
	s.whole = t.pos < len(b)
}

// backward reads the members that b ends with, back to the first whose value
// isn't a scalar. In JSON, what stands between a comma and the last brace and
// reads as members with scalar values is that: were its first quote the end of a
// string, no name could follow.
func (s *sketch) backward(b []byte) {
	var t tape
	for from := 0; ; {
		n := bytes.Index(b[from:], []byte(`,`))
		if n < 0 {
			return
		}
		from += n + 1
		t.raw, t.pos = b, from
		if !t.tailMembers(nil) {
			continue
		}
		t.pos = from
		t.tailMembers(s)
		return
	}
}

// tailMembers reads members with scalar values up to the brace that ends the
// message, noting them in s if it isn't nil.
func (t *tape) tailMembers(s *sketch) bool {
	t.texts, t.escaped = t.texts[:0], t.escaped[:0]
	for {
		name, ok := t.outlineName()
		if !ok {
			return false
		}
		start := t.pos
		if c := t.space(); c == '{' || c == '[' {
			return false
		}
		if t.value(new(Node)) != "" {
			return false
		}
		if s != nil {
			s.member(name, t.raw[start:t.pos], true)
		}
		switch t.space() {
		case ',':
			t.pos++
		case '}':
			t.pos++
			t.space()
			return t.pos == len(t.raw)
		default:
			return false
		}
	}
}
