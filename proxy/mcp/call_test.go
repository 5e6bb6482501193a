package mcp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/mcp"
)

func TestCall(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"ide","version":"3"}}`
	type test struct {
		raw       string
		arguments string // the pointer
		want      mcp.Call
	}
	for _, tt := range []test{
		{`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read\u005ffile","arguments":{"path":"a"}}}`,
			"/params/arguments", mcp.Call{Method: "tools/call", Tool: "read_file"}},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ls",` + meta + `,"inputResponses":{},"requestState":"s"}}`,
			"", mcp.Call{Method: "tools/call", Tool: "ls", ProtocolVersion: "2026-07-28", ClientName: "ide", ClientVersion: "3", IsRetry: true, RequestState: "s"}},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7,"requestState":"s"}}`,
			"", mcp.Call{Method: "tools/call", IsRetry: true, RequestState: "s"}},
		{`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"ide","version":"3"}}}`,
			"", mcp.Call{Method: "initialize", ProtocolVersion: "2025-11-25", ClientName: "ide", ClientVersion: "3", TellsCapabilities: true}},
		{`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"elicitation":{}}}}`,
			"", mcp.Call{Method: "initialize", ProtocolVersion: "2025-06-18", TellsCapabilities: true, Elicits: true}},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}}}}`,
			"", mcp.Call{Method: "tools/call", Tool: "x", TellsCapabilities: true}},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{},"url":{}}}}}}`,
			"", mcp.Call{Method: "tools/call", Tool: "x", TellsCapabilities: true, Elicits: true}},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"protocolVersion":"x","clientInfo":{"name":"y"}}}`,
			"", mcp.Call{Method: "tools/list"}},
		{`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a"}}`,
			"", mcp.Call{Method: "resources/read", URI: "file:///a"}},
		{`{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"review","arguments":{"x":"y"}}}`,
			"/params/arguments", mcp.Call{Method: "prompts/get", Name: "review"}},
		{`{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"file:///{p}"},"argument":{"name":"p","value":"a"}}}`,
			"", mcp.Call{Method: "completion/complete", URI: "file:///{p}"}},
		{`{"jsonrpc":"2.0","method":"notifications/initialized"}`, "", mcp.Call{Method: "notifications/initialized"}},
		{`{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{}}}`,
			"", mcp.Call{ResultType: mcp.ResultInputRequired}},
		{`{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"s","version":"1"}}}`,
			"", mcp.Call{ProtocolVersion: "2025-06-18"}},
		{`{"jsonrpc":"2.0","id":1,"result":null}`, "", mcp.Call{}},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}`, "", mcp.Call{}},
	} {
		m := decode(t, tt.raw)
		tt.want.Arguments = -1
		if tt.arguments != "" {
			tt.want.Arguments = m.At(tt.arguments)
		}
		if diff := cmp.Diff(tt.want, m.Call()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.raw, diff)
		}
	}
}

func TestLookupMethod(t *testing.T) {
	for name, want := range map[string]mcp.Method{
		"tools/call":                {Name: "tools/call", From: mcp.ToServer, Eras: mcp.EraSession | mcp.EraStateless},
		"initialize":                {Name: "initialize", From: mcp.ToServer, Eras: mcp.EraSession},
		"server/discover":           {Name: "server/discover", From: mcp.ToServer, Eras: mcp.EraStateless},
		"notifications/cancelled":   {Name: "notifications/cancelled", Notification: true, Eras: mcp.EraSession | mcp.EraStateless},
		"sampling/createMessage":    {Name: "sampling/createMessage", From: mcp.ToClient, Eras: mcp.EraSession | mcp.EraStateless},
		"notifications/initialized": {Name: "notifications/initialized", Notification: true, From: mcp.ToServer, Eras: mcp.EraSession},
	} {
		got, ok := mcp.LookupMethod(name)
		if !ok || got.Name != want.Name || got.Notification != want.Notification || got.From != want.From || got.Eras != want.Eras {
			t.Errorf("LookupMethod(%q) = %+v, %v; want %+v", name, got, ok, want)
		}
	}
	if got, ok := mcp.LookupMethod("Tools/Call"); ok {
		t.Errorf("LookupMethod(Tools/Call) = %+v, want none: names are exact", got)
	}
}
