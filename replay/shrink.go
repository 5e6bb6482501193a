package replay

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// maxShrink bounds how often a case is judged to make its messages smaller.
const maxShrink = 400

// shrinkMessages returns the case with messages that say less: members, elements and
// parts of texts are left out as long as the case shows what is wanted. Messages that
// are judged by pinned findings stay, since those stand at places in them.
func (s *shower) shrinkMessages(c corpus.Case) corpus.Case {
	x := shrinker{s: s, c: c, left: maxShrink}
	x.c.Steps = slices.Clone(c.Steps)
	for i := range x.c.Steps {
		if st := &x.c.Steps[i]; st.Frame.Kind == mcp.MessageFrame && !st.Frame.Pinned && !st.Synthetic {
			x.step(i)
		}
	}
	if !x.changed {
		return c
	}
	x.c.Policy, x.c.Missing = nil, x.c.Missing|corpus.NoVerdict
	for i := range x.c.Steps {
		x.c.Steps[i].Recorded = nil
	}
	return x.c
}

type shrinker struct {
	s       *shower
	c       corpus.Case
	left    int // how often it may be judged
	changed bool
	at      int // the step
	message map[string]any
}

// step makes one message smaller.
func (x *shrinker) step(i int) {
	d := json.NewDecoder(bytes.NewReader(x.c.Steps[i].Frame.Raw))
	d.UseNumber()
	x.at, x.message = i, nil
	if d.Decode(&x.message) != nil {
		return
	}
	for _, part := range []string{"params", "result", "error"} {
		if v, ok := x.message[part]; ok {
			x.value(v, func(smaller any) { x.message[part] = smaller })
		}
	}
}

// holds reports whether the case still shows all with the message as it is now, and
// keeps it if it does and is smaller.
func (x *shrinker) holds() bool {
	if x.left == 0 {
		return false
	}
	st := &x.c.Steps[x.at]
	raw := compact(x.message)
	if len(raw) >= len(st.Frame.Raw) {
		return false
	}
	x.left--
	was := *st
	st.Frame.Raw = raw
	bare := x.c
	bare.Policy, bare.Missing = nil, bare.Missing|corpus.NoVerdict
	if x.s.suffices(&bare) {
		x.changed = true
		return true
	}
	*st = was
	return false
}

// value makes a value smaller where it stands; put replaces it there.
func (x *shrinker) value(v any, put func(any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range keysOf(v) {
			was := v[k]
			if delete(v, k); x.holds() {
				continue
			}
			v[k] = was
			x.value(was, func(smaller any) { v[k] = smaller })
		}
	case []any:
		x.array(v, put)
	case string:
		x.text([]rune(v), put)
	}
}

// array leaves out elements, many at a time first, and makes the others smaller.
func (x *shrinker) array(v []any, put func(any)) {
	for size := max(len(v)/2, 1); size > 0 && len(v) > 0; size /= 2 {
		for at := 0; at+size <= len(v); {
			fewer := slices.Concat(v[:at], v[at+size:])
			if put(fewer); x.holds() {
				v = fewer
				continue
			}
			put(v)
			at += size
		}
	}
	for i := range v {
		x.value(v[i], func(smaller any) { v[i] = smaller })
	}
}

// text leaves out parts of a text, halves first.
func (x *shrinker) text(v []rune, put func(any)) {
	for size := len(v); size > 0; size /= 2 {
		for at := 0; at+size <= len(v); {
			shorter := slices.Concat(v[:at], v[at+size:])
			if put(string(shorter)); x.holds() {
				v = shorter
				continue
			}
			put(string(v))
			at += size
		}
	}
}
