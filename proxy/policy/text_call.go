package policy

import (
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// The bounds of what is looked at of a call as a whole.
const (
	maxCallMembers = 96
	maxMemberText  = 1 << 10
)

// joinCall makes a text that stands for a call as a whole: what a tool does with all
// that it is given together.
func (r *reading) joinCall() {
	m := r.m
	if m.Method != "tools/call" || m.Params < 0 || r.want&detect.Commands == 0 {
		return
	}
	args := m.Find(m.Params, "arguments")
	if args < 0 {
		args = m.Params
	}
	r.joins = append(r.joins, &text{node: args, payload: true, place: detect.Argument, only: detect.Commands, call: true, parts: []part{}})
}

// scanCall finds what a call does as a whole.
func (r *reading) scanCall(t *text) {
	if r.want&detect.Commands == 0 {
		return
	}
	var list []detect.Member
	if m := r.m; t.node != m.Params {
		list = members(m, t.node, r.tool)
	}
	t.found = detect.FindCall(t.found, r.tool, list)
	for _, f := range t.found {
		r.present |= f.Family
	}
}

// members lists the values below a value that hold no other, in order.
func members(m *mcp.Message, top int, tool string) []detect.Member {
	var list []detect.Member
	for i := top + 1; i < int(m.Nodes[top].Next) && len(list) < maxCallMembers; i++ {
		n := &m.Nodes[i]
		member := detect.Member{Text: n.Kind == mcp.String}
		switch {
		case n.Kind == mcp.String:
			if n.End-n.Start > maxInnerText {
				continue
			}
			member.Value = m.Text(i)
			if looksLikeJSON(member.Value) && !detect.IsDocument(tool, m.Name(i)) {
				before := len(list)
				if list = innerMembers(list, memberPath(m, top, i), member.Value); len(list) > before {
					continue
				}
			}
		case n.Kind == mcp.Array && int(n.Next) == i+1:
			member.Value = "[]"
		case n.Kind == mcp.Object && int(n.Next) == i+1:
			member.Value = "{}"
		case n.Kind == mcp.Array || n.Kind == mcp.Object:
			continue
		default:
			member.Value = string(m.Raw[n.Start:n.End])
		}
		if len(member.Value) > maxMemberText {
			continue
		}
		member.Path = memberPath(m, top, i)
		list = append(list, member)
	}
	return list
}

// memberPath joins the names that lead from a value down to another.
func memberPath(m *mcp.Message, top, node int) string {
	path := ""
	for i := node; i != top && i >= 0 && len(path) < maxMemberText; i = int(m.Nodes[i].Parent) {
		if m.Nodes[i].NameEnd == 0 {
			continue
		}
		if path == "" {
			path = m.Name(i)
		} else {
			path = strings.Join([]string{m.Name(i), path}, ".")
		}
	}
	return path
}
