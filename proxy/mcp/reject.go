package mcp

// newReject makes the reject of raw, saying whom to answer where that can be
// told.
func newReject(raw []byte, code string, at int) *Reject {
	r := &Reject{Code: code, Offset: int64(at)}
	r.ID, r.IsAnswer = outline(raw)
	return r
}

// outline finds the id to answer under in a message that is denied, so that
// whoever waits for it needn't wait in vain. It reads only how the top-level
// members are laid out: brackets, strings and separators. A message in which
// they don't stand in order up to its end, or which has two ids or something
// that could be taken for an id, has none.
func outline(raw []byte) (id ID, isAnswer bool) {
	t := tape{raw: raw}
	if t.space() != '{' {
		return "", false
	}
	t.pos++
	ids, called := 0, false
	for first := true; t.space() != '}'; first = false {
		if !first {
			if !t.at(',') {
				return "", false
			}
			t.pos++
			t.space()
		}
		name, ok := t.outlineName()
		if !ok {
			return "", false
		}
		start := t.pos
		t.skip()
		switch string(foldName(nil, name)) {
		case "id":
			ids++
			if string(name) == "id" {
				id = readableID(raw[start:t.pos])
			}
		case "method":
			called = true
		}
	}
	t.pos++
	if t.space(); t.pos != len(raw) {
		return "", false
	}
	if ids != 1 {
		id = ""
	}
	return id, id != "" && !called
}

// outlineName reads a member's name and the colon, up to its value.
func (t *tape) outlineName() (name []byte, ok bool) {
	if t.space() != '"' {
		return nil, false
	}
	start := t.pos
	_, escaped, code := t.text(0)
	if code != "" {
		return nil, false
	}
	name = t.raw[start+1 : t.pos-1]
	if escaped {
		last := t.escaped[len(t.escaped)-1]
		name = t.texts[last.start:last.end]
	}
	if t.space() != ':' {
		return nil, false
	}
	t.pos++
	t.space()
	return name, true
}

// skip passes over a value without minding its grammar, up to the comma or the
// brace that ends the member.
func (t *tape) skip() {
	depth := 0
	for t.pos < len(t.raw) {
		switch t.raw[t.pos] {
		case '"':
			t.skipText()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return
			}
			depth--
		case ',':
			if depth == 0 {
				return
			}
		}
		t.pos++
	}
}

// skipText passes over a string without minding what is in it.
func (t *tape) skipText() {
	for t.pos++; t.pos < len(t.raw); t.pos++ {
		t.pos, _ = special(t.raw, t.pos)
		if t.at('"') {
			t.pos++
			return
		}
		if t.at('\\') {
			t.pos++
		}
	}
	t.pos = min(t.pos, len(t.raw))
}

// readableID returns the id that a value spells, or "".
func readableID(value []byte) ID {
	var t tape
	t.raw, t.maxNodes = value, 1
	if t.scan() != "" {
		return ""
	}
	m := Message{Raw: value, Nodes: t.nodes, texts: t.texts, escaped: t.escaped, Error: -1}
	if m.readID(true) != "" {
		return ""
	}
	return m.ID
}
