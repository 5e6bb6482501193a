package policy

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// askText words the question: what would be done, why it is asked, and the
// arguments, with detected secrets covered.
func (s *Session) askText(h *held, m *mcp.Message, v *Verdict) string {
	var b strings.Builder
	what := m.Method
	if h.subject.Tool != "" {
		what = "the tool " + h.subject.Tool
	}
	if h.subject.Dir == mcp.ToServer {
		fmt.Fprintf(&b, "Rulewind: may %s of the server %s be called?", name80(what), name80(s.server))
	} else {
		fmt.Fprintf(&b, "Rulewind: may the server %s send %s?", name80(s.server), name80(what))
	}
	fmt.Fprintf(&b, "\nRule %s: %s", v.Rule, v.Reason)
	if node := s.shownNode(m); node >= 0 {
		b.WriteString("\n")
		b.WriteString(s.shown(m, node))
	}
	return b.String()
}

func (s *Session) shownNode(m *mcp.Message) int {
	if m.Kind.IsAnswer() {
		return m.Result
	}
	if a := s.now.call.Arguments; a >= 0 {
		return a
	}
	return m.Params
}

// shown returns the JSON of a node for a person: secrets covered, and what is too
// long cut with its length said. JSON has no control characters to begin with, and
// those that hide are escaped.
func (s *Session) shown(m *mcp.Message, node int) string {
	start, end := int(m.Nodes[node].Start), int(m.Nodes[node].End)
	var b strings.Builder
	last := start
	for _, x := range s.event.Secrets {
		if x.End <= last || x.Start >= end {
			continue
		}
		b.WriteString(visible(string(m.Raw[last:max(x.Start, last)])))
		b.WriteString("[" + x.Kind + "]")
		last = min(x.End, end)
		if b.Len() > maxShown {
			break
		}
	}
	b.WriteString(visible(string(m.Raw[last:min(end, last+maxShown)])))
	text := b.String()
	if len(text) > maxShown || end-last > maxShown {
		text = strings.ToValidUTF8(text[:min(maxShown, len(text))], "") + fmt.Sprintf("… (cut here: %d bytes in all)", end-start)
	}
	return text
}

// name80 is a name that a peer chose, for a person.
func name80(s string) string {
	if s = visible(s); len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// visible escapes what a terminal could act on, or an eye not see.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			fmt.Fprintf(&b, "\\u{%04x}", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
