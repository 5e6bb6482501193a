package mcp_test

import (
	"errors"
	"fmt"

	"github.com/rulewind/rulewind/proxy/mcp"
)

func ExampleDecoder_Decode() {
	var d mcp.Decoder
	for _, raw := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"\/srv\/a"}}}`,
		`{"jsonrpc":"2.0","id":2,"method":"ping","METHOD":"tools/call"}`,
	} {
		m, err := d.Decode([]byte(raw))
		var reject *mcp.Reject
		if errors.As(err, &reject) {
			fmt.Println(reject.Code, "at byte", reject.Offset, "under id", reject.ID)
			continue
		}
		path := m.Find(m.Params, "arguments", "path")
		start, end := m.RawRange(path, false, 1, 4)
		fmt.Println(m.Kind, m.Call().Tool, m.Pointer(path), m.Text(path), m.Text(path)[1:4], "is spelt", raw[start:end])
	}
	// Output:
	// request read_file /params/arguments/path /srv/a srv is spelt srv
	// lookalike-member at byte 40 under id 2
}

func ExampleAppendRefusal() {
	fmt.Printf("%s\n", mcp.AppendRefusal(nil, "7", mcp.Refusal{
		Number: mcp.RefuseDenied, Message: "denied by policy", Code: "POLICY_DENIED", Rule: "no-ssh-keys",
	}))
	// Output:
	// {"jsonrpc":"2.0","id":7,"error":{"code":-31001,"message":"denied by policy","data":{"code":"POLICY_DENIED","rule":"no-ssh-keys"}}}
}
