package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A list with two tools that people, and models, take for each other is told from one
// with two that are only named alike.
func TestLookalikeTools(t *testing.T) {
	p := load(t, "default: allow", "rules:",
		"  - {id: alike, direction: to-client, method: tools/list, definition: lookalike, action: deny}")
	list := func(names ...string) *policy.Event {
		d := start(p)
		d.toServer(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
		var tools []string
		for _, n := range names {
			tools = append(tools, fmt.Sprintf(`{"name":%q,"inputSchema":{"type":"object"}}`, n))
		}
		return d.toClient(`{"jsonrpc":"2.0","id":1,"result":{"tools":[` + strings.Join(tools, ",") + `]}}`)
	}
	for _, names := range [][]string{
		{"read_file", "read_fi1e"}, {"read_file", "write_file", "readFile"}, {"send_email", "send_emai\u04cf"},
		{"search", "search"}, {"transfer", "transfe\u0433", "x"}, {"git_commit", "git-cornmit"},
	} {
		want(t, list(names...), policy.Deny, "alike")
	}
	for _, names := range [][]string{
		{"read_file", "read_files", "write_file"}, {"get_user", "set_user"}, {"list_issue", "list_issues"}, {"a"},
	} {
		if ev := list(names...); ev.Verdict.Action != policy.Allow {
			t.Errorf("%v: %s by %s", names, ev.Verdict.Action, ev.Verdict.Rule)
		}
	}
}
