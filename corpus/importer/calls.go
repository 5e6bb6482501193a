package importer

import (
	"fmt"
	"iter"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

func isCalls(s *source) bool {
	return s.has("tool", "args") || s.has("tool", "arguments") || s.has("name", "arguments")
}

// readCalls makes one case of a file of calls, each {tool, args}; "name" and
// "arguments" will do as well. There are no answers in it, and no clock.
func readCalls(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		s := newSession(src.name, src.name, "", corpus.NoAnswers|corpus.NoClock|corpus.NoVerdict)
		var members []corpus.Member
		for line, err := range corpus.Lines(src.r, src.path) {
			if err != nil {
				yield(corpus.Case{}, err)
				return
			}
			members, err = corpus.Members(members[:0], line.Text)
			if err == nil {
				err = s.addCall(members, line.Number)
			}
			if err != nil {
				yield(corpus.Case{}, fmt.Errorf("%s:%d: %w", src.path, line.Number, err))
				return
			}
		}
		s.yield(yield)
	}
}

func (s *session) addCall(members []corpus.Member, number int) error {
	var tool, args []byte
	for _, m := range members {
		switch m.Name {
		case "tool", "name":
			tool = m.Value
		case "args", "arguments":
			args = m.Value
		default:
			return fmt.Errorf(`unknown member %q; a call has "tool" and "args"`, m.Name)
		}
	}
	if len(tool) == 0 || tool[0] != '"' || len(args) == 0 || args[0] != '{' {
		return fmt.Errorf(`want {"tool": "name", "args": {…}}`)
	}
	raw := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%s,"arguments":%s}}`, number, tool, args)
	s.add(corpus.Step{ID: s.c.ID + ":" + strconv.Itoa(number), Frame: mcp.Frame{Dir: mcp.ToServer, Raw: []byte(raw)}}, "")
	return nil
}
