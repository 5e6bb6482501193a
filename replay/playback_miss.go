package replay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// miss answers a request that was never recorded: with an error that says what the
// nearest one has otherwise, or with that one's answer.
func (p *Playback) miss(r *Reply, want *exchange) {
	x, differs := p.nearest(want)
	switch {
	case x == nil && !slices.ContainsFunc(p.known, func(x *exchange) bool { return x.method == want.method }):
		text := fmt.Sprintf("the recorded session has no %s%s", want.method, p.era(want.method))
		r.refuse(want.id, numberNoMethod, text, &missData{Code: "NOT_RECORDED", Reason: text})
		r.Notes = append(r.Notes, text)
		return
	case x == nil:
		text := fmt.Sprintf("the recorded session has no %s; it has %s", want.name(), p.named())
		r.refuse(want.id, numberNotRecorded, text, &missData{Code: "NOT_RECORDED", Reason: text})
		r.Notes = append(r.Notes, fmt.Sprintf("the recorded session has no %s", want.name()))
		return
	}
	note := fmt.Sprintf("%s was not recorded like this; the nearest, step %s, %s", want.name(), x.step, inWords(differs))
	if p.cfg.Nearest && x.plays() {
		r.Notes = append(r.Notes, note+"; its answer is replayed")
		p.replay(r, x, want)
		return
	}
	reason := inWords(differs)
	if !x.plays() {
		reason += "; " + x.stopped
	}
	r.refuse(want.id, numberNotRecorded, note, &missData{Code: "NOT_RECORDED", Reason: "the nearest " + reason, Step: x.step, Differs: differs})
	r.Notes = append(r.Notes, note)
}

// nearest returns the recorded request of the method and tool that differs in the
// fewest places, the first of those, and where; nil if there is none.
func (p *Playback) nearest(want *exchange) (best *exchange, differs []Difference) {
	for _, x := range p.known {
		if x.method != want.method || x.tool != want.tool {
			continue
		}
		var d differ
		d.walk("", x.asked, want.asked)
		if x.state != want.state {
			d.add("/requestState", "", "")
		}
		if best == nil || nearer(x, d.out, best, differs) {
			best, differs = x, d.out
		}
	}
	return best, differs
}

// nearer reports whether one candidate is nearer than another: those that can be
// replayed come first.
func nearer(x *exchange, xs []Difference, y *exchange, ys []Difference) bool {
	if x.plays() != y.plays() {
		return x.plays()
	}
	return len(xs) < len(ys)
}

// inWords says where requests differ, without their values.
func inWords(list []Difference) string {
	var out []string
	for i, d := range list {
		if i == 3 {
			out = append(out, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		switch {
		case d.Now == "" && d.Recorded != "":
			out = append(out, "has "+d.At+" besides")
		case d.Recorded == "" && d.Now != "":
			out = append(out, "has no "+d.At)
		default:
			out = append(out, "has another "+d.At)
		}
	}
	return strings.Join(out, ", ")
}

// tools are the names of the tools that were called.
func (p *Playback) tools() (out []string) {
	for _, x := range p.known {
		if x.tool != "" && !slices.Contains(out, x.tool) {
			out = append(out, x.tool)
		}
	}
	slices.Sort(out)
	return out
}

// maxNamed bounds the tools that an error names.
const maxNamed = 20

func (p *Playback) named() string {
	names := p.tools()
	if len(names) == 0 {
		return "none"
	}
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "…")
	}
	return strings.Join(names, ", ")
}

// era says that a handshake is of the other era than the recording.
func (p *Playback) era(method string) string {
	switch {
	case method == mcp.MethodInitialize && p.modern:
		return ": it is of MCP 2026-07-28, which the client has to speak"
	case method == mcp.MethodDiscover && !p.modern:
		return ": it is of MCP 2025-11-25 or before"
	}
	return ""
}

// complete notes what a client can't do without, and the recording doesn't have: a
// handshake, a list of the tools.
func (p *Playback) complete() {
	has := func(method string) bool {
		return slices.ContainsFunc(p.known, func(x *exchange) bool { return x.method == method && x.answered })
	}
	if !has(mcp.MethodInitialize) && !has(mcp.MethodDiscover) {
		p.madeUp = append(p.madeUp, mcp.MethodInitialize)
		if p.modern {
			p.madeUp[0] = mcp.MethodDiscover
		}
	}
	if !has(mcp.MethodToolsList) && len(p.tools()) > 0 {
		p.madeUp = append(p.madeUp, mcp.MethodToolsList)
	}
}

// MadeUp names the methods whose answers are made up, since a client can't do without
// them and the recording has none. A made-up list has the tools that were called, with
// schemas that take anything.
func (p *Playback) MadeUp() []string { return p.madeUp }

// ownResult returns the result of what any server answers, and of what is made up.
func (p *Playback) ownResult(x *exchange, m *mcp.Message) string {
	if x.method == "ping" {
		return "{}"
	}
	if !slices.Contains(p.madeUp, x.method) {
		return ""
	}
	name := p.server
	if name == "" {
		name = "recording"
	}
	info := map[string]any{"name": name, "version": "recorded"}
	result := map[string]any{"capabilities": map[string]any{"tools": map[string]any{}}, "serverInfo": info}
	switch x.method {
	case mcp.MethodInitialize:
		version := m.Call().ProtocolVersion
		if version == "" {
			version = "2025-11-25"
		}
		result["protocolVersion"] = strings.Clone(version)
	case mcp.MethodDiscover:
		result["supportedVersions"] = []string{"2026-07-28"}
	case mcp.MethodToolsList:
		result = map[string]any{"tools": p.madeUpTools()}
	}
	if p.modern {
		result["resultType"], result["ttlMs"], result["cacheScope"] = mcp.ResultComplete, 0, "private"
	}
	b, err := json.Marshal(result)
	if err != nil { // texts and numbers can be spelt
		panic(err)
	}
	return string(b)
}

func (p *Playback) madeUpTools() []any {
	names := p.tools()
	tools := make([]any, len(names))
	for i, name := range names {
		tools[i] = map[string]any{"name": name, "description": "called in the recorded session",
			"inputSchema": map[string]any{"type": "object"}}
	}
	return tools
}
