package policy

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// canonical appends a value in a form that is equal for equal values: members by
// their names, no white space, texts unescaped, numbers alike. Where secrets stand
// is part of it, so that a text that holds one is never equal to one that doesn't,
// in a recording with stand-ins too. Nothing is appended for no value.
func (r *reading) canonical(dst []byte, n int) []byte {
	if n < 0 {
		return dst
	}
	m := r.m
	node := &m.Nodes[n]
	switch node.Kind {
	case mcp.Object:
		dst = append(dst, '{')
		for i, k := range r.members(n) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(strconv.AppendQuote(dst, m.Name(k)), ':')
			dst = r.canonical(dst, k)
		}
		return append(dst, '}')
	case mcp.Array:
		dst = append(dst, '[')
		for i := n + 1; i < int(node.Next); i = int(m.Nodes[i].Next) {
			dst = append(r.canonical(dst, i), ',')
		}
		return append(dst, ']')
	case mcp.String:
		var secrets []SecretSpan
		if i := r.byNode[n]; i >= 0 {
			secrets = r.texts[i].secrets()
		}
		return appendText(dst, m.Text(n), secrets)
	}
	raw := string(m.Raw[node.Start:node.End])
	if node.Kind == mcp.Number && len(raw) < 16 { // all digits count in longer ones
		raw = canonicalNumber(raw)
	}
	return append(dst, raw...)
}

// members returns the members of an object by their names.
func (r *reading) members(n int) (out []int) {
	m := r.m
	for i := n + 1; i < int(m.Nodes[n].Next); i = int(m.Nodes[i].Next) {
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Compare(m.Name(a), m.Name(b)) })
	return out
}

// appendText quotes a text and says where its secrets stand. One that a recording
// only masks counts by its length.
func appendText(dst []byte, s string, secrets []SecretSpan) []byte {
	if len(secrets) == 0 {
		return strconv.AppendQuote(dst, s)
	}
	b := []byte(s)
	for _, x := range secrets {
		if !detect.HasSurrogate(x.Kind) {
			clear(b[x.Start:x.End])
		}
	}
	dst = strconv.AppendQuote(dst, string(b))
	for _, x := range secrets {
		dst = strconv.AppendInt(append(dst, '!'), int64(x.Start), 10)
		dst = strconv.AppendInt(append(dst, '-'), int64(x.End), 10)
	}
	return dst
}
