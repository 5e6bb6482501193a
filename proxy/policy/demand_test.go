package policy_test

import (
	"fmt"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// TestRefusedAtOnceIsRefusedAtLength holds the quick refusal of rules against a full
// evaluation, which tracing forces, over conditions of all shapes.
func TestRefusedAtOnceIsRefusedAtLength(t *testing.T) {
	conds := []string{
		`args: {path: {regex: "a"}}`, `args: {"**.b": {exists: false}}`, `args: {b: {exists: true}}`, `args: {"items.*.a": {equals: x}}`, `args: {"items.0": {equals: x}}`,
		`text: {commands: true}`, `args: {"**": {regex: "://", paths: true}}`, `not: {args: {path: {regex: "a"}}}`, `not: {text: {paths: true}}`,
		`any: [{args: {path: {exists: true}}}, {args: {b: {exists: true}}}]`, `any: [{text: {paths: true}}, {not: {args: {b: {exists: true}}}}]`,
		`all: [{args: {path: {exists: true}}}, {any: [{args: {b: {exists: true}}}, {text: {paths: true}}]}]`, `params: {name: {regex: "t"}}`, `result: {"content.*.text": {regex: "a"}}`,
	}
	frames := []struct {
		dir mcp.Dir
		raw string
	}{
		{mcp.ToServer, call(1, "t", `{"path":"a"}`)}, {mcp.ToServer, call(2, "t", `{"b":1,"items":[{"a":"x"},"x"]}`)}, {mcp.ToServer, call(3, "run", `{"command":"cat ~/.ssh/id_rsa"}`)},
		{mcp.ToServer, call(4, "t", `{"\u0070ath":"/etc/shadow","b":"http://a/../etc/shadow"}`)}, {mcp.ToServer, call(5, "t", `{"items":["x"]}`)}, {mcp.ToServer, call(6, "t", `{}`)},
		{mcp.ToClient, answer(1, "aaa")}, {mcp.ToClient, answer(3, "rm -rf /")},
	}
	for _, cond := range conds {
		for _, action := range []string{"deny", "allow"} {
			p := load(t, `default: deny`, `rules:`, fmt.Sprintf(`  - {id: x, action: %s, %s}`, action, cond))
			quick, slow := start(p), start(p)
			slow.Trace = true
			for _, f := range frames {
				a, b := quick.frame(mcp.MessageFrame, f.dir, f.raw), slow.frame(mcp.MessageFrame, f.dir, f.raw)
				if a.Verdict.Action != b.Verdict.Action || a.Verdict.Rule != b.Verdict.Rule || a.Digest != b.Digest {
					t.Errorf("%s if %s, %s: at once %v by %s, at length %v by %s", action, cond, f.raw, a.Verdict.Action, a.Verdict.Rule, b.Verdict.Action, b.Verdict.Rule)
				}
			}
		}
	}
}
