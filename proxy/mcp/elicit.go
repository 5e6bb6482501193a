package mcp

// A Question is what a person is asked through the client's elicitation: a text and
// a choice of one of several answers.
type Question struct {
	// Message is shown as it is.
	Message string
	// Title names the choice, Choices are its answers, the first the default.
	Title   string
	Choices []string
}

// QuestionKey is the name of the choice in the form, and of the question among the
// inputRequests of a result.
const QuestionKey = "decision"

// AppendQuestion appends an elicitation/create request (MCP 2025-06-18 to
// 2025-11-25, "Elicitation"), which asks the client's user.
func AppendQuestion(dst []byte, id ID, q Question) []byte {
	dst = append(dst, `{"jsonrpc":"2.0","id":`...)
	dst = append(dst, id...)
	dst = append(dst, `,"method":"`+MethodElicit+`","params":`...)
	dst = appendForm(dst, q, false)
	return append(dst, '}')
}

// AppendInputRequired appends the answer to a request under the id that asks the
// client's user before it is tried again (MCP 2026-07-28, multi-round-trip
// requests). The client hands state back.
func AppendInputRequired(dst []byte, id ID, q Question, state string) []byte {
	dst = appendAnswer(dst, id)
	dst = append(dst, `"result":{"resultType":"`+ResultInputRequired+`","inputRequests":{"`+QuestionKey+`":{"method":"`+MethodElicit+`","params":`...)
	dst = appendForm(dst, q, true)
	dst = append(dst, `}},"requestState":`...)
	dst = appendQuoted(dst, []byte(state))
	return append(dst, "}}"...)
}

// appendForm appends the params of an elicitation. The mode is a word that only the
// newer versions know.
func appendForm(dst []byte, q Question, mode bool) []byte {
	dst = append(dst, '{')
	if mode {
		dst = append(dst, `"mode":"form",`...)
	}
	dst = append(dst, `"message":`...)
	dst = appendQuoted(dst, []byte(q.Message))
	dst = append(dst, `,"requestedSchema":{"type":"object","properties":{"`+QuestionKey+`":{"type":"string","title":`...)
	dst = appendQuoted(dst, []byte(q.Title))
	sep := `,"enum":[`
	for _, c := range q.Choices {
		dst = append(dst, sep...)
		dst = appendQuoted(dst, []byte(c))
		sep = ","
	}
	return append(dst, `]}},"required":["`+QuestionKey+`"]}}`...)
}

// Choice returns the answer that the client's user chose: result is the node of an
// elicitation's result. It is empty unless the user accepted the form.
func (m *Message) Choice(result int) string {
	if m.Text(m.Find(result, "action")) != "accept" {
		return ""
	}
	return m.Text(m.Find(result, "content", QuestionKey))
}

// SameValue reports whether two values of two messages are equal: members in any
// order, numbers as they are written.
func SameValue(a *Message, i int, b *Message, j int) bool {
	if i < 0 || j < 0 {
		return i < 0 && j < 0
	}
	x, y := &a.Nodes[i], &b.Nodes[j]
	if x.Kind != y.Kind {
		return false
	}
	switch x.Kind {
	case String:
		return a.Text(i) == b.Text(j)
	case Number:
		return string(a.Raw[x.Start:x.End]) == string(b.Raw[y.Start:y.End])
	case Array, Object:
		return sameMembers(a, i, b, j)
	}
	return true
}

// maxReordered is how many members of an object may stand in another order.
const maxReordered = 1000

func sameMembers(a *Message, i int, b *Message, j int) bool {
	k := j + 1
	for n := i + 1; n < int(a.Nodes[i].Next); n = int(a.Nodes[n].Next) {
		if k >= int(b.Nodes[j].Next) {
			return false
		}
		at := k
		if name := a.Name(n); a.Nodes[i].Kind == Object && name != b.Name(k) {
			if a.Nodes[n].Index > maxReordered {
				return false // or the search would grow with the square
			}
			if at = b.Find(j, name); at < 0 {
				return false
			}
		}
		if !SameValue(a, n, b, at) {
			return false
		}
		k = int(b.Nodes[k].Next)
	}
	return k >= int(b.Nodes[j].Next)
}
