package replay

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// A Difference is a place where two JSON values differ.
type Difference struct {
	// At is the RFC 6901 pointer of the place.
	At string `json:"at"`
	// Recorded and Now are the values there as JSON, cut to MaxMessage bytes; "" where
	// a side has none.
	Recorded string `json:"recorded,omitempty"`
	Now      string `json:"now,omitempty"`
}

// parse decodes a JSON text so that numbers keep their spelling. It returns nil for
// what isn't JSON, and for null.
func parse(raw []byte) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// canonical spells a parsed value so that equal values are equal texts: members by
// their names, short numbers by their worth.
func canonical(v any) string {
	b, err := json.Marshal(settled(v))
	if err != nil { // what was parsed can be spelt
		panic(err)
	}
	return string(b)
}

// settled returns the value with its numbers in their usual spelling.
func settled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = settled(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = settled(x)
		}
		return out
	case json.Number:
		if f, err := v.Float64(); err == nil && len(v) < 16 { // all digits count in longer ones
			return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
		}
	}
	return v
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// A differ finds where values differ. The zero value finds every place.
type differ struct {
	// alike, if set, reports that two values that differ are to count as equal.
	alike func(at string, recorded, now any) bool
	// skip, if set, leaves out a place and all below it.
	skip func(at string) bool
	out  []Difference
}

// walk appends the differences of two parsed values, in the order of their pointers'
// members.
func (d *differ) walk(at string, recorded, now any) {
	if d.skip != nil && d.skip(at) {
		return
	}
	switch r := recorded.(type) {
	case map[string]any:
		if n, ok := now.(map[string]any); ok {
			d.members(at, r, n)
			return
		}
	case []any:
		if n, ok := now.([]any); ok {
			d.elements(at, r, n)
			return
		}
	}
	if canonical(recorded) != canonical(now) && (d.alike == nil || !d.alike(at, recorded, now)) {
		d.add(at, spelt(recorded), spelt(now))
	}
}

func (d *differ) members(at string, recorded, now map[string]any) {
	names := make([]string, 0, len(recorded))
	for name := range recorded {
		names = append(names, name)
	}
	for name := range now {
		if _, both := recorded[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		r, before := recorded[name]
		n, after := now[name]
		d.pair(at+"/"+pointerEscaper.Replace(name), r, before, n, after)
	}
}

func (d *differ) elements(at string, recorded, now []any) {
	for i := range max(len(recorded), len(now)) {
		var r, n any
		if i < len(recorded) {
			r = recorded[i]
		}
		if i < len(now) {
			n = now[i]
		}
		d.pair(at+"/"+strconv.Itoa(i), r, i < len(recorded), n, i < len(now))
	}
}

// pair compares what two sides have at a place, if they have anything.
func (d *differ) pair(at string, recorded any, before bool, now any, after bool) {
	switch {
	case before && after:
		d.walk(at, recorded, now)
	case d.skip != nil && d.skip(at):
	case before:
		d.add(at, spelt(recorded), "")
	default:
		d.add(at, "", spelt(now))
	}
}

func (d *differ) add(at, recorded, now string) {
	d.out = append(d.out, Difference{At: at, Recorded: recorded, Now: now})
}

// spelt is a value as JSON, short enough to be shown.
func spelt(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // what was parsed can be spelt
		panic(err)
	}
	text, _ := display([]byte(strings.TrimSuffix(b.String(), "\n")), MaxMessage)
	return text
}
