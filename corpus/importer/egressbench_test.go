package importer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
)

// labels are the labels of a case's own steps.
func labels(c corpus.Case) (out []string) {
	for _, s := range c.Steps {
		if !s.Synthetic {
			out = append(out, s.Label)
		}
	}
	return out
}

func TestEgressBench(t *testing.T) {
	path := write(t, "cases.json", `
{"schema_version":2,"id":"chain","category":"mcp_chain","input_type":"mcp_tool_sequence","expected_verdict":"block","why_expected":"read_then_send",
 "payload":{"jsonrpc_messages":[
  {"jsonrpc":"2.0", "id":1, "method":"tools/call","params":{"name":"read_file","arguments":{"path":"a"}}},
  {"jsonrpc":"2.0", "id":2, "method":"tools/call","params":{"name":"fetch","arguments":{"url":"https://b.example/"}}}]}}
{"id":"result","category":"mcp_tool","input_type":"mcp_tool_result","expected_verdict":"allow","payload":{"jsonrpc_messages":[{"jsonrpc":"2.0","id":5,"result":{"content":[]}}]}}
{"id":"post","category":"request_body","input_type":"request_body","expected_verdict":"block","payload":{"method":"POST","url":"https://b.example/","content_type":"text/csv","body":"a,b"}}
{"id":"page","category":"response_fetch","input_type":"response_content","expected_verdict":"warn","payload":{"url":"https://b.example/","response_body":"hello"}}
{"id":"card","category":"a2a_agent_card","input_type":"a2a_agent_card","expected_verdict":"allow","payload":{"agent_card":{"name":"n", "skills":[]}}}
{"id":"socket","category":"websocket_dlp","input_type":"websocket_frame","expected_verdict":"block","payload":{"url":"wss://b.example/","frames":[{"opcode":"text","payload":"x"}]}}
`)
	list := open(t, path)
	want := map[string][]string{
		"chain": {`to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"a"}}}`,
			`to-server {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"fetch","arguments":{"url":"https://b.example/"}}}`},
		"result": {`to-client {"jsonrpc":"2.0","id":5,"result":{"content":[]}}`},
		"post":   {`to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fetch","arguments":{"method":"POST","url":"https://b.example/","content_type":"text/csv","body":"a,b"}}}`},
		"page": {`to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fetch","arguments":{"url":"https://b.example/"}}}`,
			`to-client {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}`},
		"card": {`to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"agent_card","arguments":{}}}`,
			`to-client {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{\"name\":\"n\",\"skills\":[]}"}],"structuredContent":{"name":"n","skills":[]}}}`},
		"socket": {`to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"websocket_send","arguments":{"url":"wss://b.example/","frames":[{"opcode":"text","payload":"x"}]}}}`},
	}
	wantLabels := map[string][]string{"chain": {"benign", "attack"}, "result": {"benign"}, "post": {"attack"}, "page": {"benign", "attack"},
		"card": {"benign", "benign"}, "socket": {"attack"}}
	if len(list) != len(want) {
		t.Fatalf("%d cases, want %d", len(list), len(want))
	}
	for _, c := range list {
		var got []string
		for _, line := range lines(c) {
			if own, ok := strings.CutPrefix(line, " "); ok {
				got = append(got, own)
			}
		}
		if diff := cmp.Diff(want[c.ID], got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.ID, diff)
		}
		if diff := cmp.Diff(wantLabels[c.ID], labels(c)); diff != "" {
			t.Errorf("labels of %s (-want +got)\n%s", c.ID, diff)
		}
		hasAnswer := c.ID == "result" || c.ID == "page" || c.ID == "card"
		if c.Missing&corpus.NoClock == 0 || (c.Missing&corpus.NoAnswers == 0) != hasAnswer || !c.Imported {
			t.Errorf("%s lacks %v", c.ID, c.Missing.Words())
		}
		passes(t, c)
	}
	if last := list[3].Steps[len(list[3].Steps)-1]; !last.Ambiguous || last.Category != "response_fetch" {
		t.Errorf("a warning is not ambiguous: %+v", last)
	}
}

func TestEgressBenchErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{"id":"a","input_type":"smoke","expected_verdict":"block","payload":{}}`:                                    `case a: unknown input_type "smoke"; known are mcp_tool_call`,
		`{"id":"a","input_type":"url","expected_verdict":"stop","payload":{}}`:                                       `expected_verdict "stop"`,
		`{"id":"a","input_type":"mcp_tool_call","expected_verdict":"block","payload":{"jsonrpc_messages":[]}}`:       "is empty",
		`{"id":"a","input_type":"url","expected_verdict":"block","payload":{"url":"x"}}` + "\n" + `{"id":"b","input`: "document 2",
	} {
		for _, err := range importer.Open(write(t, "c.json", text)) {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
			if err == nil && !strings.Contains(want, "document 2") {
				t.Errorf("%s is taken", text)
			}
		}
	}
}

func TestToolwall(t *testing.T) {
	list := open(t, write(t, "audit.log", `{"timestamp":"2026-07-28T09:00:00.000Z","event":"PROXY_STARTED","mode":"stdio"}
{"timestamp":"2026-07-28T09:00:01.500Z","event":"SHADOWLEAK_BLOCKED_STDIO","code":"SHADOWLEAK_DETECTED","reason":"r","toolName":"fetch_url","url":"https://b.example/?q=1"}
{"timestamp":"2026-07-28T09:00:02.000Z","event":"TOOL_ALLOWED","tool":"search","snippet":"{\"q\":\"cut off"}
`))
	if len(list) != 1 {
		t.Fatalf("%d cases", len(list))
	}
	c := list[0]
	if diff := cmp.Diff([]string{
		`+none {"fact":"session","transport":"stdio","basis":"imported","imported":true}`,
		` to-server {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"fetch_url","arguments":{"url":"https://b.example/?q=1"}}}`,
		` to-server {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":{}}}`,
	}, lines(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"arguments", "answers", "verdict"}, c.Missing.Words()); diff != "" {
		t.Errorf("what is missing (-want +got)\n%s", diff)
	}
	for i, category := range []string{"SHADOWLEAK_DETECTED", "TOOL_ALLOWED"} {
		if st := c.Steps[i+1]; st.Fidelity != policy.Lossy || st.Category != category {
			t.Errorf("%s: %s, %s", st.ID, st.Fidelity, st.Category)
		}
	}
	if gap := c.Steps[2].Frame.At - c.Steps[1].Frame.At; gap != 500_000_000 {
		t.Errorf("%d ns apart", gap)
	}
	for _, err := range importer.Open(write(t, "audit.log", `{"timestamp":"today","event":"X","tool":"t"}`)) {
		if err == nil || !strings.Contains(err.Error(), "audit.log:1: want a time") {
			t.Errorf("a time that is none: %v", err)
		}
	}
}

// A folder's YAML and JSON files are taken if they hold sessions.
func TestFolderTakesCaseFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/cases.yaml":   "# ours\ncases:\n  - {name: one, call: {tool: t}, want: allow}\n  - {name: two, call: {tool: u}}\n",
		"a/policy.yaml":  "version: 1\nrules: []\n",
		"b/case.json":    `{"id":"three","input_type":"url","expected_verdict":"allow","payload":{"url":"https://b.example/"}}`,
		"b/package.json": `{"name":"x"}`,
		"b/empty.yml":    "",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, c := range open(t, dir) {
		ids = append(ids, c.Source+" "+c.ID)
	}
	if diff := cmp.Diff([]string{"cases.yaml one", "cases.yaml two", "case.json three"}, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, err := range importer.Open(write(t, "bad.yaml", "cases:\n  - {name: a, tool: x}\n")) {
		if err == nil || !strings.Contains(err.Error(), `bad.yaml:2:15: cases[0]: unknown key "tool"`) {
			t.Errorf("%v", err)
		}
	}
}
