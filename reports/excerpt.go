package reports

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

const (
	excerptLength = 200
	excerptValue  = 120
)

// excerpt shows what a message asks or answers, secrets masked: `path=/etc/passwd`,
// or the text of an answer. m is nil if the message can't be read.
func excerpt(m *mcp.Message, tool string) string {
	if m == nil {
		return ""
	}
	top := m.Params
	place := detect.Argument
	switch {
	case m.Result >= 0:
		top, place = m.Result, detect.Answer
	case m.Error >= 0:
		top, place = m.Error, detect.Answer
	case m.Method == mcp.MethodToolsCall, m.Method == mcp.MethodPromptsGet:
		top = m.Find(m.Params, "arguments")
	}
	if top < 0 {
		return ""
	}
	var parts []string
	length := 0
	for i := top; i < int(m.Nodes[top].Next) && length < excerptLength; i++ {
		if i > top && skipped(m, i) {
			i = int(m.Nodes[i].Next) - 1 // and what is below it
			continue
		}
		v, ok := scalar(m, i)
		if !ok {
			continue
		}
		if m.Nodes[i].Kind == mcp.String {
			v = mask(v, m.Name(i), tool, place)
		}
		v = clip(Visible(v), excerptValue)
		if place == detect.Argument {
			v = Visible(mask(path(m, top, i), "", tool, place)) + "=" + v
		}
		parts = append(parts, v)
		length += len(v) + 1
	}
	return clip(strings.Join(parts, " "), excerptLength)
}

// skipped are members of answers that say nothing to a reader.
func skipped(m *mcp.Message, i int) bool {
	switch m.Name(i) {
	case "type", "mimeType", "resultType", "isError", "_meta":
		return m.Result >= 0
	}
	return false
}

func scalar(m *mcp.Message, i int) (string, bool) {
	n := m.Nodes[i]
	switch n.Kind {
	case mcp.String:
		return m.Text(i), true
	case mcp.Number, mcp.True, mcp.False, mcp.Null:
		return string(m.Raw[n.Start:n.End]), true
	}
	return "", false
}

// path names node i below top, as a.b.0.
func path(m *mcp.Message, top, i int) string {
	p := strings.TrimPrefix(m.Pointer(i), m.Pointer(top))
	return strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", ".")
}

// mask replaces the secrets in s by their kinds.
func mask(s, name, tool string, place detect.Place) string {
	found := detect.Find(nil, detect.Text{Value: s, Name: name, Tool: tool, Place: place}, detect.Secrets)
	if len(found) == 0 {
		return s
	}
	var b strings.Builder
	at := 0
	for _, f := range found {
		if f.End <= at {
			continue
		}
		b.WriteString(s[at:max(at, f.Start)])
		b.WriteString("‹" + f.Kind + "›")
		at = f.End
	}
	return b.String() + s[at:]
}

// compact returns the JSON of a node without white space, for digests. Members
// keep their order: a server that reorders them has changed its definition.
func compact(m *mcp.Message, i int) []byte {
	raw := m.Raw[m.Nodes[i].Start:m.Nodes[i].End]
	var buf bytes.Buffer
	if err := json.Compact(&buf, raw); err != nil { // Decode took it, so it is JSON
		return raw
	}
	return buf.Bytes()
}
