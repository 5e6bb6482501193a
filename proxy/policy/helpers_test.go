package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// load compiles a policy of version 1 from the lines after it.
func load(t testing.TB, lines ...string) *policy.Policy {
	t.Helper()
	p, err := policy.Load("test.yaml", []byte("version: 1\n"+strings.Join(lines, "\n")+"\n"), nil)
	if err != nil {
		t.Fatalf("loading the policy: %v", err)
	}
	return p
}

func builtin(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, ok := policy.Embedded(name)
	if !ok {
		t.Fatalf("no built-in policy %q", name)
	}
	p, err := policy.Load(name, src, nil)
	if err != nil {
		t.Fatalf("loading %s: %v", name, err)
	}
	return p
}

// driver feeds a session, a second of frame time apart.
type driver struct {
	*policy.Session
	at int64

	lastTools map[string]string // of the last list, for tests of definitions
	logged    bool
}

func start(p *policy.Policy) *driver {
	d := &driver{Session: policy.NewSession(p)}
	d.fact(policy.Fact{Name: policy.FactSession, Server: "files", Transport: "stdio", Vars: map[string]string{
		"HOME": "/home/ada", "CWD": "/home/ada/project", "PROJECT_DIR": "/home/ada/project",
	}})
	return d
}

func (d *driver) frame(kind mcp.FrameKind, dir mcp.Dir, raw string) *policy.Event {
	d.at += 1e9
	return d.Step(mcp.Frame{At: d.at, Kind: kind, Dir: dir, Raw: []byte(raw)})
}

func (d *driver) fact(f policy.Fact) *policy.Event {
	return d.frame(mcp.FactFrame, mcp.NoDir, string(f.JSON()))
}

func (d *driver) toServer(raw string) *policy.Event {
	return d.frame(mcp.MessageFrame, mcp.ToServer, raw)
}

func (d *driver) toClient(raw string) *policy.Event {
	return d.frame(mcp.MessageFrame, mcp.ToClient, raw)
}

// call makes a tools/call request.
func call(id int, tool, args string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, id, tool, args)
}

// answer makes a tool's text result.
func answer(id int, text string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":%q}]}}`, id, text)
}

// want checks action and rule of an event.
func want(t testing.TB, ev *policy.Event, action policy.Action, rule string) {
	t.Helper()
	if ev.Verdict.Action != action || ev.Verdict.Rule != rule {
		t.Errorf("got %s by %s (%s), want %s by %s", ev.Verdict.Action, ev.Verdict.Rule, ev.Verdict.Reason, action, rule)
	}
}

// passed returns the one message that left, or fails.
func passed(t *testing.T, ev *policy.Event, to mcp.Dir) string {
	t.Helper()
	if len(ev.Out) != 1 || ev.Out[0].To != to {
		t.Fatalf("got %d messages out, want one %s", len(ev.Out), to)
	}
	return string(ev.Out[0].Bytes)
}

// seq returns a number that no earlier frame had.
func (d *driver) seq() int { return int(d.at / 1e9) }
