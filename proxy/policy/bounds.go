package policy

import (
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// bounds are what a policy lets pass in number and size.
type bounds struct {
	pending int           // requests that await an answer, per direction
	timeout time.Duration // of a request of the client
	message int           // bytes of a request or notification
	answer  int           // bytes of an answer
	depth   int           // levels of nesting
	values  int           // JSON values in a message
	items   int           // elements of one array
	members int           // members of one object
	keys    int           // keys that one limit remembers
}

// defaultBounds hold where a policy says nothing. The size of messages is bounded
// by the framer besides: see mcp.DefaultMaxMessage.
var defaultBounds = bounds{
	pending: 10_000, timeout: time.Hour, message: 1 << 30, answer: 1 << 30,
	depth: 128, values: 1_000_000, items: 1_000_000, members: 1_000_000, keys: 10_000,
}

var boundKeys = []string{"pending", "timeout", "message", "answer", "depth", "values", "items", "members", "keys"}

// bounds reads the policy's own; those read first (the policy's) outweigh those of
// what it extends.
func (l *loader) bounds(r *reader, n *yaml.Node) {
	b := &l.policy.bounds
	set := func(into *int, m member, least, most int) {
		if v := r.whole(m.value, "bounds."+m.key.Value, least); v > most {
			r.problem(m.value, "bounds.%s: can be at most %d", m.key.Value, most)
		} else if !l.bounded[m.key.Value] {
			*into = v
		}
	}
	for _, m := range r.mapping(n, "bounds", boundKeys) {
		switch key := m.key.Value; key {
		case "pending":
			set(&b.pending, m, 1, 1_000_000)
		case "timeout":
			if d := r.duration(m.value, "bounds.timeout"); !l.bounded[key] {
				b.timeout = d
			}
		case "message", "answer":
			v := r.size(m.value, "bounds."+key)
			into := &b.message
			if key == "answer" {
				into = &b.answer
			}
			if !l.bounded[key] {
				*into = v
			}
		case "depth":
			set(&b.depth, m, 1, 1000)
		case "values":
			set(&b.values, m, 1, 10_000_000)
		case "items":
			set(&b.items, m, 1, 10_000_000)
		case "members":
			set(&b.members, m, 1, 10_000_000)
		case "keys":
			set(&b.keys, m, 1, 1_000_000)
		}
		if l.bounded == nil {
			l.bounded = map[string]bool{}
		}
		l.bounded[m.key.Value] = true
	}
}

// limits are those of the decoder.
func (b *bounds) limits() mcp.Limits { return mcp.Limits{Depth: b.depth, Nodes: b.values} }

// beyond says which bound a message is beyond, "" if none.
func (b *bounds) beyond(m *mcp.Message, answer bool) string {
	if !answer && len(m.Raw) > b.message || answer && len(m.Raw) > b.answer {
		return "too-large"
	}
	if b.items >= len(m.Nodes) && b.members >= len(m.Nodes) {
		return ""
	}
	for i := 1; i < len(m.Nodes); i++ {
		n := &m.Nodes[i]
		switch {
		case n.NameEnd == 0 && int(n.Index) >= b.items:
			return "too-many-items"
		case n.NameEnd > 0 && int(n.Index) >= b.members:
			return "too-many-members"
		}
	}
	return ""
}
