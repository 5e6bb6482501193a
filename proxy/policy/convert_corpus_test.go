package policy_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A peerRow is what the test suite of another proxy expects of one message.
type peerRow struct {
	ID        string            `json:"id"`
	Direction string            `json:"direction"`
	Message   json.RawMessage   `json:"message"`
	Policy    string            `json:"policy"`
	Expected  string            `json:"expected"`
	Note      string            `json:"note"`
	Tool      string            `json:"tool"`
	CWD       string            `json:"cwd"`
	Prelude   []json.RawMessage `json:"prelude"`
	Any       []string          `json:"expected_any"`
}

// verdict runs the row's message, after its prelude, under the policy; an answer
// gets the call that it answers in front.
func (r *peerRow) verdict(p *policy.Policy) (policy.Verdict, bool) {
	s := policy.NewSession(p)
	cwd := r.CWD
	if cwd == "" {
		cwd = "/home/user/project"
	}
	fact := policy.Fact{Name: policy.FactSession, Server: "server", Transport: "stdio", Vars: map[string]string{"HOME": "/home/user", "CWD": cwd, "PROJECT_DIR": cwd}}
	at := int64(1)
	step := func(kind mcp.FrameKind, dir mcp.Dir, raw []byte) *policy.Event {
		at++
		return s.Step(mcp.Frame{At: at, Kind: kind, Dir: dir, Raw: raw})
	}
	step(mcp.FactFrame, mcp.NoDir, fact.JSON())
	for _, m := range r.Prelude {
		step(mcp.MessageFrame, mcp.ToServer, m)
	}
	dir := mcp.ToServer
	var head struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
	}
	if err := json.Unmarshal(r.Message, &head); err != nil {
		return policy.Verdict{}, false
	}
	if r.Direction == "response" {
		dir = mcp.ToClient
		if head.Method == "" {
			tool := r.Tool
			if tool == "" {
				tool = "tool"
			}
			call := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":{}}}`, head.ID, tool)
			if v := step(mcp.MessageFrame, mcp.ToServer, []byte(call)).Verdict; v.Action != policy.Allow {
				return v, false // what asks for the answer doesn't pass
			}
		}
	}
	v := step(mcp.MessageFrame, dir, r.Message).Verdict
	return v, !strings.HasPrefix(v.Rule, "engine:")
}

// wants reports whether the verdict is the one expected.
func (r *peerRow) wants(v policy.Verdict) bool {
	words := append(r.Any, r.Expected)
	switch {
	case slices.Contains(words, "prompt") && v.Action == policy.Ask:
		return true
	case slices.Contains(words, "pass") && v.Action == policy.Allow:
		return true
	case slices.Contains(words, "log") && v.Action == policy.Allow && len(v.Matched) > 0:
		return true
	}
	return slices.Contains(words, v.Action.String())
}

func readPeers(t *testing.T, path string) (out []peerRow) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var r peerRow
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestConvertKeepsVerdicts converts the policies that other proxies' own tests use
// and holds our verdicts against theirs. A row counts as carried if its policy has
// nothing left: there the verdict must be theirs, but for the few that atMost names:
// a bare text as a result, which MCP doesn't have, and a pattern in an image's data.
func TestConvertKeepsVerdicts(t *testing.T) {
	dir := os.Getenv("RULEWIND_CORPORA")
	if dir == "" {
		t.Skip("RULEWIND_CORPORA names no folder")
	}
	atLeast, atMost := map[string]int{"mcpwall": 110, "agent-wall": 147}, map[string]int{"agent-wall": 2}
	for _, from := range policy.ConvertFrom {
		equal, other, partial, refused := 0, 0, 0, 0
		for _, r := range readPeers(t, filepath.Join(dir, "peers", from+".jsonl.zst")) {
			if r.Policy == "default" || strings.Contains(r.Note, "CONTESTED") {
				continue
			}
			out, left, err := policy.Convert(from, []byte(r.Policy))
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			p, err := policy.Load("converted", out, nil)
			if err != nil {
				t.Fatalf("%s: %v", r.ID, err)
			}
			v, judged := r.verdict(p)
			switch {
			case r.wants(v):
				equal++
			case !judged:
				refused++
				t.Logf("%s: want %s, the engine refuses the message: %s by %s", r.ID, r.Expected, v.Action, v.Rule)
			case len(left) > 0:
				partial++
				t.Logf("%s: want %s, got %s by %s; left: %v", r.ID, r.Expected, v.Action, v.Rule, left)
			default:
				other++
				t.Logf("%s: want %s, got %s by %s", r.ID, r.Expected, v.Action, v.Rule)
			}
		}
		t.Logf("%s: %d as expected, %d otherwise, %d otherwise with parts left, %d refused by the engine", from, equal, other, partial, refused)
		if equal < atLeast[from] || other > atMost[from] {
			t.Errorf("%s: want at least %d as expected, and at most %d otherwise with nothing left", from, atLeast[from], atMost[from])
		}
	}
}
