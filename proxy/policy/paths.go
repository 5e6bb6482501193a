package policy

import (
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// AsksPaths reports whether a rule asks where a path in a request leads, so that a
// FactPaths can move a verdict.
func (p *Policy) AsksPaths() bool {
	return len(p.roots) > 0 || p.guard != nil && p.guard.AsksPaths() || p.families[mcp.ToServer]&(detect.Paths|detect.Writes) != 0
}

// Bounds of the texts of a request that can be paths.
const (
	maxPathTexts  = 16
	maxPathLength = 1024
)

// PathTexts returns the texts of a call or read that can be paths, each once, as they
// stand in it. The strings live as long as the message.
func PathTexts(m *mcp.Message) (out []string) {
	if m.Kind != mcp.Request || m.Method != mcp.MethodToolsCall && m.Method != mcp.MethodResourcesRead {
		return nil
	}
	add := func(n int) {
		if t := m.Text(n); t != "" && len(t) <= maxPathLength && len(out) < maxPathTexts && !strings.ContainsAny(t, "\n\x00") {
			out = append(out, t)
		}
	}
	add(m.Find(m.Params, "uri"))
	if args := m.Find(m.Params, "arguments"); args >= 0 {
		for i := args + 1; i < int(m.Nodes[args].Next); i++ {
			if m.Nodes[i].Kind == mcp.String {
				add(i)
			}
		}
	}
	return out
}

// realNow are the paths of the frame being judged that lead through links.
func (s *Session) realNow() map[string]string {
	if s.realFor != s.event.Seq {
		return nil
	}
	return s.real
}
