package mcp_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
)

func TestReplies(t *testing.T) {
	full := mcp.Refusal{Number: mcp.RefuseDenied, Message: "denied by policy", Code: "POLICY_DENIED", Rule: "no-keys", Reason: "a key"}
	bare := mcp.Refusal{Number: mcp.RefuseTooLarge, Message: "too large"}
	type test struct{ got, want string }
	for _, tt := range []test{
		{string(mcp.AppendRefusal(nil, "1", full)),
			`{"jsonrpc":"2.0","id":1,"error":{"code":-31001,"message":"denied by policy","data":{"code":"POLICY_DENIED","rule":"no-keys","reason":"a key"}}}`},
		{string(mcp.AppendRefusal([]byte("x"), `"a"`, mcp.Refusal{Number: -31001, Rule: "r"})),
			`x{"jsonrpc":"2.0","id":"a","error":{"code":-31001,"message":"","data":{"rule":"r"}}}`},
		{string(mcp.AppendRefusal(nil, "", bare)),
			`{"jsonrpc":"2.0","id":null,"error":{"code":-31005,"message":"too large"}}`},
		{string(mcp.AppendToolError(nil, "1", full)),
			`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"denied by policy"}],"isError":true,"resultType":"complete",` +
				`"_meta":{"rulewind/refusal":{"code":"POLICY_DENIED","rule":"no-keys","reason":"a key"}}}}`},
		{string(mcp.AppendToolError(nil, "1", bare)),
			`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"too large"}],"isError":true,"resultType":"complete"}}`},
		{string(mcp.AppendCancelled(nil, "7", "denied")),
			`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"denied"}}`},
		{string(mcp.AppendCancelled(nil, `"q"`, "")),
			`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"q"}}`},
	} {
		if tt.got != tt.want {
			t.Errorf("got  %s\nwant %s", tt.got, tt.want)
		}
	}
}

// What we say must itself have one reading, whatever a rule's author wrote.
func TestRepliesDecode(t *testing.T) {
	for _, text := range []string{
		"", "plain", "line\nbreak\r\ttab", `quote " and \ backslash`, "\x00\x01\x1f\x7f", "漢字 😀 \u2028",
		"bad \xff\xc0\xaf utf8", "\xed\xa0\x80", strings.Repeat("long ", 10_000),
	} {
		r := mcp.Refusal{Number: mcp.RefuseDenied, Message: text, Code: text, Rule: text, Reason: text}
		want := string([]rune(text)) // U+FFFD for each byte that isn't UTF-8
		m := decode(t, string(mcp.AppendRefusal(nil, `"id"`, r)))
		if got := m.Text(m.Find(m.Error, "message")); m.Kind != mcp.ErrorResponse || m.ID != `"id"` || got != want {
			t.Errorf("refusal: %v %s %q, want error \"id\" %q", m.Kind, m.ID, got, want)
		}
		m = decode(t, string(mcp.AppendToolError(nil, "1", r)))
		if got := m.Text(m.At("/result/content/0/text")); m.Kind != mcp.Response || got != want {
			t.Errorf("tool error: %v %q, want response %q", m.Kind, got, want)
		}
		m = decode(t, string(mcp.AppendCancelled(nil, "1", text)))
		if got := m.Text(m.Find(m.Params, "reason")); m.Kind != mcp.Notification || got != want {
			t.Errorf("cancelled: %v %q, want notification %q", m.Kind, got, want)
		}
		for _, line := range [][]byte{mcp.AppendRefusal(nil, "1", r), mcp.AppendToolError(nil, "1", r), mcp.AppendCancelled(nil, "1", text)} {
			if strings.ContainsAny(string(line), "\r\n") {
				t.Errorf("a reply of more than one line: %q", line)
			}
		}
	}
}
