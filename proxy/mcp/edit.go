package mcp

import "slices"

// AppendWithout appends the message to dst without the members or elements at the
// nodes, each with its comma. Nothing else moves. The nodes must not be the top
// value, and none may stand within another.
func AppendWithout(dst []byte, m *Message, nodes ...int) []byte {
	slices.Sort(nodes)
	last := 0
	for _, n := range nodes {
		start, end := m.extent(n)
		if start = max(start, last); end <= start {
			continue
		}
		dst = append(dst, m.Raw[last:start]...)
		last = end
	}
	return append(dst, m.Raw[last:]...)
}

// extent returns the range of Raw that a member takes: with the comma after it, or
// the one before it if it is the last.
func (m *Message) extent(n int) (start, end int) {
	node := &m.Nodes[n]
	start, end = int(node.Start), int(node.End)
	if node.NameEnd > 0 {
		start = int(node.NameStart)
	}
	after := end
	for isSpace(m.Raw[after]) {
		after++
	}
	if m.Raw[after] == ',' {
		return start, after + 1
	}
	before := start - 1
	for isSpace(m.Raw[before]) {
		before--
	}
	if m.Raw[before] == ',' {
		return before, end
	}
	return start, end
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// AppendWithID appends the message to dst under another id. Nothing else moves. The
// message must have an id.
func AppendWithID(dst []byte, m *Message, id ID) []byte {
	node := m.Nodes[m.IDNode]
	dst = append(dst, m.Raw[:node.Start]...)
	dst = append(dst, id...)
	return append(dst, m.Raw[node.End:]...)
}

// IDAt returns the id that the value at the node spells, such as the requestId of a
// notifications/cancelled; "" if it is none.
func (m *Message) IDAt(n int) ID {
	if n < 0 {
		return ""
	}
	return readableID(m.Raw[m.Nodes[n].Start:m.Nodes[n].End])
}
