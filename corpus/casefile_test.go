package corpus_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func readCases(t testing.TB, text string) []corpus.Case {
	t.Helper()
	list, err := corpus.ReadCases("dir/cases.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return list
}

// shown tells a case's steps in short, facts by their name.
func shown(c corpus.Case) (out []string) {
	for _, s := range c.Steps {
		text := fmt.Sprintf("%s %s %s", s.Frame.Kind, s.Frame.Dir, s.Frame.Raw)
		if s.Want != nil {
			text += fmt.Sprintf(" = %s %s %s", s.Want.Action, s.Want.Rule, s.Want.Code)
		}
		out = append(out, text+strings.TrimRight(" "+strings.Join([]string{s.Label, s.Category, s.Group}, " "), " "))
	}
	return out
}

func TestReadCases(t *testing.T) {
	list := readCases(t, `# what our policies have to do
cases:
  - name: a key
    server: files
    call: {tool: read_file, args: {path: ~/.ssh/id_rsa, n: 1.0, all: yes, big: 12345678901234567890, none: ~}}
    want: deny
    rule: no-credential-access
    code: POLICY_DENIED
    label: attack
    category: credentials
    group: ssh
  - name: a page
    era: "2026-07-28"
    vars: {HOME: /home/b}
    steps:
      - {call: {tool: http_get, args: {url: "https://example.com"}}, answer: ignore all, want: deny}
      - {wait: 1m, call: {method: tools/list}, want: allow}
      - error: {code: -32601, message: no}
      - {call: {method: sampling/createMessage, params: {messages: []}}, direction: to-client}
      - {answer: {role: assistant}}
      - message: '{"jsonrpc":"2.0","id":7,"method":"ping"}'
      - answer: {}
      - {base64: /w==, want: deny, ambiguous: true}
      - {message: '{"id":1,', size: 99999999, direction: to-client}
      - fact: {fact: kill, on: true}
`)
	if len(list) != 2 {
		t.Fatalf("%d cases", len(list))
	}
	var opening, other policy.Fact = policy.Fact{Name: policy.FactSession, Server: "files", Transport: "stdio", Vars: policy.TestVars},
		policy.Fact{Name: policy.FactSession, Transport: "stdio", Vars: map[string]string{"HOME": "/home/b"}}
	if diff := cmp.Diff([]string{
		"fact none " + string(opening.JSON()),
		`message to-server {"jsonrpc":"2.0","id":"case-1","method":"tools/call","params":{"name":"read_file","arguments":{"path":"~/.ssh/id_rsa","n":1.0,"all":"yes","big":12345678901234567890,"none":null}}} = deny no-credential-access POLICY_DENIED attack credentials ssh`,
	}, shown(list[0])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	if diff := cmp.Diff([]string{
		"fact none " + string(other.JSON()),
		`message to-server {"jsonrpc":"2.0","id":"case-1","method":"tools/call","params":{"name":"http_get","arguments":{"url":"https://example.com"},` + meta + `}}`,
		`message to-client {"jsonrpc":"2.0","id":"case-1","result":{"content":[{"type":"text","text":"ignore all"}]}} = deny  `,
		`message to-server {"jsonrpc":"2.0","id":"case-2","method":"tools/list","params":{` + meta + `}} = allow  `,
		`message to-client {"jsonrpc":"2.0","id":"case-2","error":{"code":-32601,"message":"no"}}`,
		`message to-client {"jsonrpc":"2.0","id":"case-3","method":"sampling/createMessage","params":{"messages":[]}}`,
		`message to-server {"jsonrpc":"2.0","id":"case-3","result":{"role":"assistant"}}`,
		`message to-server {"jsonrpc":"2.0","id":7,"method":"ping"}`,
		`message to-client {"jsonrpc":"2.0","id":7,"result":{}}`,
		"message to-server \xff = deny  ",
		`oversize to-client {"id":1,`,
		`fact none {"fact":"kill","on":true}`,
	}, shown(list[1])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	c := list[1]
	if gap := c.Steps[3].Frame.At - c.Steps[2].Frame.At; gap < 60e9 || !c.Steps[9].Ambiguous || c.Steps[10].Frame.Size != 99999999 || c.Source != "cases.yaml" {
		t.Errorf("gap %d, %+v", gap, c.Steps[9])
	}
}

// All that is wrong is told at once, each with its place and what to do.
func TestReadCasesProblems(t *testing.T) {
	for text, want := range map[string]string{
		"cases:\n  - {name: a, call: {tool: x}, wnat: deny}\n":                     `f.yaml:2:32: cases[0]: unknown key "wnat"; did you mean "want"?`,
		"cases:\n  - {name: a, tool: x, want: deny}\n":                             `f.yaml:2:15: cases[0]: unknown key "tool"; a call is call: {tool: NAME, args: {…}}`,
		"cases:\n  - {call: {tool: x}}\n":                                          `f.yaml:2:5: cases[0]: no name; every case has one, which results are told by`,
		"cases:\n  - {name: a, call: {tool: x}}\n  - {name: a, call: {tool: y}}\n": `f.yaml:3:5: cases[1]: the case on line 2 has the name "a" too; give it another`,
		"cases:\n  - {name: a, call: {tool: x}, want: forbid}\n":                   `f.yaml:2:38: cases[0].want: unknown word "forbid"; use allow, redact, ask, deny`,
		"cases:\n  - {name: a, call: {tool: x}, rule: r}\n":                        `f.yaml:2:38: cases[0].rule: without want; add the action that is wanted`,
		"cases:\n  - {name: a, want: deny}\n":                                      `f.yaml:2:5: cases[0]: needs call, message, base64, answer, error or fact`,
		"cases:\n  - {name: a, answer: x}\n":                                       `f.yaml:2:15: cases[0].answer: there is no request before it that it could answer`,
		"cases:\n  - {name: a, call: {args: {}}}\n":                                `f.yaml:2:21: cases[0].call: no tool; a call is {tool: NAME, args: {…}} or {method: NAME, params: {…}}`,
		"cases:\n  - {name: a, call: {tool: x}, label: bad}\n":                     `f.yaml:2:39: cases[0].label: unknown word "bad"; use attack, benign`,
		"cases:\n  - {name: a, call: {tool: x}, message: y}\n":                     `f.yaml:2:32: cases[0]: call and message; a step has one message and its answer`,
		"cases:\n  - {name: a, want: deny, steps: [{call: {tool: x}}]}\n":          `f.yaml:2:15: cases[0]: want stands beside steps; put it into a step`,
		"cases:\n  - {name: a, call: {tool: x, args: {n: .inf}}}\n":                `f.yaml:2:41: cases[0].call.args.n: .inf is nothing that JSON can hold; quote it if it is a text`,
		"cases:\n  - {name: a, call: {tool: &t x, args: {n: *t}}}\n":               `f.yaml:2:44: cases[0].call.args.n: case files have no aliases; write the value out`,
		"cases:\n  - {name: a, fact: {fact: x, nope: 1}}\n":                        `f.yaml:2:21: cases[0].fact: want {fact: NAME, …} as in a recording`,
		"cases:\n  - {name: a, call: {tool: x}, steps: [{wait: long, call: {tool: x}}]}\n": "f.yaml:2:47: cases[0].steps[0].wait: want a time such as 1.5s or 2m\n" +
			"f.yaml:2:15: cases[0]: call stands beside steps; put it into a step",
	} {
		_, err := corpus.ReadCases("f.yaml", []byte(text))
		var problems policy.Problems
		if !errors.As(err, &problems) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got := strings.Split(problems.Error(), "\n")
		for _, line := range strings.Split(want, "\n") {
			if !strings.Contains("\n"+problems.Error()+"\n", "\n"+line+"\n") {
				t.Errorf("%q:\n%s\nwant %s", text, got, line)
			}
		}
	}
}

// What is written is read back as it was: exactly if it is to be, else but for ids.
func TestAppendCases(t *testing.T) {
	list := generate(t, 3, 30)
	odd := corpus.Case{ID: "odd\x00\u2028 \U0001F980 : #", Source: "s", Steps: []corpus.Step{
		{Frame: mcp.Frame{At: 5, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"null","arguments":{"yes":"no","a b":"\ud83d\ude00\u0000\u0085\ufeff","n":1e400,"x":["~",null,true]}}}`)}},
		{Frame: mcp.Frame{At: 6, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"b"}}`)}},
		{Frame: mcp.Frame{At: 7, Kind: mcp.MessageFrame, Dir: mcp.ToClient, Raw: []byte(`{"jsonrpc":"2.0","id":1,"result":{}}`)}},
		{Frame: mcp.Frame{At: 9e9, Kind: mcp.MessageFrame, Dir: mcp.ToClient, Raw: []byte("no JSON\r\n")}},
		{Frame: mcp.Frame{At: 9e9, Kind: mcp.OversizeFrame, Dir: mcp.ToServer, Raw: []byte("{"), Size: 1 << 30}},
		{Frame: mcp.Frame{At: 9e9, Kind: mcp.FactFrame, Raw: policy.Fact{Name: policy.FactServerExit, Reason: "x"}.JSON()}},
	}}
	odd.Steps[0].Frame.Pinned, odd.Steps[0].Frame.Pins = true, []mcp.Pin{{Pointer: "/a", Detector: "d", Kind: "k", Start: 1, End: 2}}
	list = append(list, odd, odd) // names are made unlike
	for _, exact := range []bool{true, false} {
		text := corpus.AppendCases(nil, list, exact)
		back := readCases(t, string(text))
		if len(back) != len(list) {
			t.Fatalf("%d cases, want %d", len(back), len(list))
		}
		for i := range list {
			want, got := messages(t, list[i], exact), messages(t, back[i], exact)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("exact %v, %s (-want +got)\n%s", exact, list[i].ID, diff)
			}
		}
		if exact { // the odd ones have no opening of their own
			text, again := corpus.AppendCases(nil, list[:30], true), corpus.AppendCases(nil, back[:30], true)
			if diff := cmp.Diff(string(text), string(again)); diff != "" {
				t.Errorf("written anew (-first +again)\n%s", diff)
			}
		}
	}
	text := string(corpus.AppendCases(nil, list[:30], false))
	if calls, raw := strings.Count(text, "call: {"), strings.Count(text, "message: "); calls < 30 || raw > calls {
		t.Errorf("%d calls spelt out, %d messages as their text", calls, raw)
	}
}

// messages are a case's steps, after the fact that opens it, without ids unless exact.
func messages(t *testing.T, c corpus.Case, exact bool) (out []string) {
	var d mcp.Decoder
	for _, s := range c.Steps {
		if s.Synthetic && s.Frame.Kind == mcp.FactFrame {
			continue
		}
		raw := s.Frame.Raw
		if m, err := d.Decode(raw); err == nil && !exact && m.ID != "" {
			raw = mcp.AppendWithID(nil, m, "0")
			if m, err = d.Decode(raw); err != nil {
				t.Fatal(err)
			}
			raw = []byte(plain(m, 0))
		}
		text := fmt.Sprintf("%s %s %d %s %v %v", s.Frame.Kind, s.Frame.Dir, s.Frame.Size, raw, s.Frame.Pins, s.Label)
		if s.Want != nil {
			text += " " + s.Want.Action.String()
		}
		out = append(out, text)
	}
	return out
}

// plain spells a value so that texts that are escaped in other ways are the same, and
// so is another order; what stands beside the arguments is left out.
func plain(m *mcp.Message, n int) string {
	node := m.Nodes[n]
	var parts []string
	for i := n + 1; i < int(node.Next); i = int(m.Nodes[i].Next) {
		if m.Name(i) == "_meta" || m.Name(i) == "arguments" && int(m.Nodes[i].Next) == i+1 {
			continue
		}
		parts = append(parts, fmt.Sprintf("%q:%s", m.Name(i), plain(m, i)))
	}
	switch node.Kind {
	case mcp.Object:
		slices.Sort(parts)
		return fmt.Sprint("object", parts)
	case mcp.Array:
		return fmt.Sprint("array", parts)
	case mcp.String:
		return fmt.Sprintf("%q", m.Text(n))
	}
	return string(m.Raw[node.Start:node.End])
}

func FuzzReadCases(f *testing.F) {
	f.Add([]byte("cases:\n  - {name: a, call: {tool: x, args: {p: [1, {q: ~}]}}, want: deny}\n"))
	f.Add([]byte("cases:\n  - name: b\n    steps:\n      - {message: '{}', direction: to-client}\n      - {base64: AA==, size: 3}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := corpus.ReadCases("f.yaml", data)
		if err != nil {
			return
		}
		text := corpus.AppendCases(nil, list, true)
		back, err := corpus.ReadCases("f.yaml", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for i := range list {
			if diff := cmp.Diff(messages(t, list[i], true), messages(t, back[i], true)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, text)
			}
		}
	})
}
