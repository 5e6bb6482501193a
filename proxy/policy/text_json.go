package policy

import (
	"encoding/json"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
)

// The bounds of what is read of JSON that stands as a text in an argument.
const (
	maxInnerText    = 16 << 10
	maxInnerMembers = 48
)

// joinInner makes texts of what stands in arguments as JSON written into a string:
// the receiver reads it as arguments of its own. Documents to be stored are left.
func (r *reading) joinInner(place detect.Place) {
	if place != detect.Argument {
		return
	}
	const only = detect.Commands | detect.Paths | detect.Egress
	for i := range r.texts {
		t := &r.texts[i]
		if !t.payload || t.inName || !looksLikeJSON(t.value) || detect.IsDocument(r.tool, t.name) {
			continue
		}
		var words []string
		list := innerMembers(nil, "", t.value)
		for k, m := range list {
			name := m.Path[strings.LastIndexByte(m.Path, '.')+1:]
			if k+1 < len(list) && list[k+1].Path == m.Path || len(words) > 0 {
				if words = append(words, m.Value); k+1 == len(list) || list[k+1].Path != m.Path {
					r.addInner(t.node, name, detect.JoinArgv(words), only)
					words = nil
				}
			}
			if m.Text && len(m.Value) > 2 {
				r.addInner(t.node, name, m.Value, only)
			}
		}
	}
}

// addInner adds a text that stands inside of a value.
func (r *reading) addInner(node int, name, value string, only detect.Set) {
	r.joins = append(r.joins, &text{node: node, payload: true, name: name, value: value, place: detect.Argument, only: only, inner: true, parts: []part{}})
}

// looksLikeJSON is a cheap test of a text that is to be read as JSON.
func looksLikeJSON(s string) bool {
	if len(s) < 8 || len(s) > maxInnerText {
		return false
	}
	s = strings.TrimSpace(s)
	return len(s) > 7 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']') && strings.IndexByte(s, '"') > 0
}

// innerMembers appends the values that JSON in a text holds, in its order, or nothing
// if it isn't JSON.
func innerMembers(list []detect.Member, path, s string) []detect.Member {
	before := len(list)
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var read func(path string, depth int) bool
	read = func(path string, depth int) bool {
		token, err := dec.Token()
		if err != nil || depth > 16 || len(list)-before > maxInnerMembers {
			return false
		}
		switch v := token.(type) {
		case json.Delim:
			if !dec.More() {
				empty := "{}"
				if v == '[' {
					empty = "[]"
				}
				list = append(list, detect.Member{Path: path, Value: empty})
			}
			for dec.More() {
				inner := path
				if v == '{' {
					name, err := dec.Token()
					if err != nil {
						return false
					}
					inner = strings.TrimPrefix(path+"."+name.(string), ".") // names are strings
				}
				if !read(inner, depth+1) {
					return false
				}
			}
			_, err := dec.Token()
			return err == nil
		case string:
			list = append(list, detect.Member{Path: path, Value: v, Text: true})
		case json.Number:
			list = append(list, detect.Member{Path: path, Value: v.String()})
		case bool:
			value := "false"
			if v {
				value = "true"
			}
			list = append(list, detect.Member{Path: path, Value: value})
		default:
			list = append(list, detect.Member{Path: path, Value: "null"})
		}
		return true
	}
	if !read(path, 0) && len(list)-before <= maxInnerMembers {
		return list[:before]
	}
	return list
}
