package importer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

func fact(server string) string {
	if server != "" {
		server = `"server":"` + server + `",`
	}
	return `+none {"fact":"session",` + server + `"transport":"stdio","basis":"imported","imported":true}`
}

func TestAuditLogOfMcpwall(t *testing.T) {
	got := open(t, write(t, "2026-07-28.jsonl", strings.Join([]string{
		`{"ts":"2026-07-28T00:00:01.000Z","server":"fs","method":"tools/call","tool":"read","args":{"path": "/a"},"action":"allow","rule":null}`,
		`{"ts":"2026-07-28T00:00:02.000Z","server":"git","method":"tools/call","tool":"push","args":"[REDACTED]","action":"deny","rule":"no-push","message":"no"}`,
		`{"ts":"2026-07-28T00:00:03.000Z","server":"fs","method":"tools/list","action":"allow","rule":null}`,
		`{"ts":"2026-07-28T00:00:04.000Z","server":"fs","direction":"outbound","method":"tools/call","action":"redact","rule":"r"}`,
	}, "\n")))
	if len(got) != 2 {
		t.Fatalf("%d cases, want one a server", len(got))
	}
	want := [][]string{
		{fact("fs"),
			` to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"path": "/a"}}}`,
			` to-server {"jsonrpc":"2.0","id":3,"method":"tools/list"}`},
		{fact("git"), ` to-server {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"push"}}`},
	}
	for i, c := range got {
		if d := cmp.Diff(want[i], lines(c)); d != "" {
			t.Error(d)
		}
		passes(t, c)
	}
	if s := got[1].Steps[1]; s.Fidelity != policy.Lossy || s.Category != "deny" || got[1].Missing != corpus.NoArguments|corpus.NoAnswers|corpus.NoVerdict {
		t.Errorf("a call without its arguments: %s, missing %v", s.Fidelity, got[1].Missing.Words())
	}
	if got[0].Steps[1].Fidelity != policy.Exact {
		t.Error("a call with its arguments isn't evaluable")
	}
}

func TestAuditLogOfAgentWall(t *testing.T) {
	got := open(t, write(t, "audit.jsonl", strings.Join([]string{
		`{"timestamp":"2026-07-28T00:00:01.000Z","sessionId":"s1","direction":"request","method":"tools/call","tool":"read","arguments":{"path":"/a","token":"[REDACTED]"},"verdict":{"action":"prompt","rule":null,"message":""},"_seq":1,"_sig":"x"}`,
		`{"timestamp":"2026-07-28T00:00:01.000Z","sessionId":"s1","direction":"response","method":"tools/call","responsePreview":"hello"}`,
		`{"timestamp":"2026-07-28T00:00:02.000Z","sessionId":"s2","direction":"request","method":"tools/call","tool":"read","arguments":{"path":"/b"}}`,
	}, "\n")))
	if len(got) != 2 || len(got[0].Steps) != 2 || got[0].Steps[1].Fidelity != policy.Lossy || got[1].Steps[1].Fidelity != policy.Exact || got[0].Steps[1].Category != "prompt" {
		t.Errorf("%+v", got)
	}
}

func TestCassettes(t *testing.T) {
	recorder := `{
  "version": "1.0",
  "metadata": {"recorded_at": "2026-07-28T00:00:00+00:00", "server_info": {"name": "calc"}},
  "interactions": [
    {"type": "jsonrpc_request",
     "request": {"method": "ping", "jsonrpc": "2.0", "id": 0},
     "response": {"jsonrpc": "2.0", "id": 0, "result": {}}, "latency_ms": 7},
    {"type": "lifecycle", "request": null, "response": null}
  ]
}`
	cassette := `{
  "format_version": 2, "recorded_at": "2026-07-28T00:00:00Z", "transport": "stdio", "server_info": {"name": "calc", "version": "1"},
  "messages": [
    {"seq": 0, "t_offset_ms": 5, "sender": "client", "kind": "request", "payload": {"method": "ping", "jsonrpc": "2.0", "id": 0}},
    {"seq": 1, "t_offset_ms": 12, "sender": "server", "kind": "response", "payload": {"jsonrpc": "2.0", "id": 0, "result": {}}}
  ]
}`
	want := []string{
		fact("calc"),
		` to-server {"method":"ping","jsonrpc":"2.0","id":0}`,
		` to-client {"jsonrpc":"2.0","id":0,"result":{}}`,
	}
	for name, text := range map[string]string{"mcp-recorder": recorder, "mcp-cassette": cassette} {
		got := open(t, write(t, "c.json", text))
		if d := cmp.Diff(want, lines(got[0])); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if took := got[0].Steps[2].Frame.At - got[0].Steps[1].Frame.At; took != 7_000_000 {
			t.Errorf("%s: the answer took %d ns", name, took)
		}
		passes(t, got[0])
	}
}
