package main

//lint:file-ignore SA1019 servers of the eras before 2026-07-28 ask for sampling

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// sdk connects the official client to this program, run with the arguments.
func (te *testEnv) sdk(version string, opts *mcp.ClientOptions, args ...string) *mcp.ClientSession {
	te.t.Helper()
	cmd := exec.Command(te.exe, args...)
	for k, v := range te.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	cmd.Dir = te.dir
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, opts)
	s, err := client.Connect(te.t.Context(), &mcp.CommandTransport{Command: cmd, TerminateDuration: 10 * time.Second},
		&mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		te.t.Fatalf("connecting to rulewind %s: %v", strings.Join(args, " "), err)
	}
	return s
}

// day is what a client sees of the demo's day: results as JSON, errors by their code.
func (te *testEnv) day(s *mcp.ClientSession) (out []string) {
	te.t.Helper()
	see := func(v any, err error) {
		var wire *jsonrpc.Error
		if err != nil && !errors.As(err, &wire) {
			te.t.Fatal(err)
		}
		if wire != nil {
			out = append(out, "error: "+wire.Message)
			return
		}
		b, err := json.Marshal(v)
		if err != nil {
			te.t.Fatal(err)
		}
		out = append(out, string(b))
	}
	see(s.InitializeResult(), nil)
	tools, err := s.ListTools(te.t.Context(), nil)
	see(tools, err)
	for _, call := range demoDay {
		see(s.CallTool(te.t.Context(), &mcp.CallToolParams{Name: call.tool, Arguments: orEmpty(call.args)}))
	}
	if err := s.Close(); err != nil {
		te.t.Errorf("closing: %v", err)
	}
	return out
}

// A client gets from the recording what it got from the server, in either era; of what
// the policy stopped it learns that there is no answer.
func TestServeToTheSDKClient(t *testing.T) {
	for _, version := range []string{"2025-06-18", "2025-11-25", "2026-07-28"} {
		t.Run(version, func(t *testing.T) {
			te := newTestEnv(t)
			live := te.day(te.sdk(version, nil, "proxy", "--quiet", "--db", "day.db", "--server", "harbour", "--", te.exe, "demo-server"))
			for range 2 { // a recording doesn't wear out
				served := te.day(te.sdk(version, nil, "serve", "day.db"))
				if len(served) != len(live) {
					t.Fatalf("%d results, want %d", len(served), len(live))
				}
				passed, stopped := 0, 0
				for i := range live {
					switch {
					case strings.HasPrefix(live[i], "error: "):
						stopped++
						if !strings.Contains(served[i], "no recorded answer") {
							t.Errorf("stopped live, and now %s", served[i])
						}
					case strings.Contains(live[i], "[REDACTED"):
						if strings.Contains(served[i], demoSecret(1)) || !strings.Contains(served[i], "REGION=eu-central-1") {
							t.Errorf("edited live, and now %s", served[i])
						}
					default:
						passed++
						if diff := cmp.Diff(live[i], served[i]); diff != "" {
							t.Errorf("(-live +served)\n%s", diff)
						}
					}
				}
				if passed < 8 || stopped != 4 {
					t.Errorf("%d passed and %d stopped", passed, stopped)
				}
			}
		})
	}
}

// askingRows are a session in which the server reports progress and asks its client.
const askingRows = `{"dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"sampling":{},"elicitation":{}},"clientInfo":{"name":"c","version":"1"}}}}
{"dir":"s2c","session":"s","message":{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"logging":{}},"serverInfo":{"name":"asker","version":"1"}}}}
{"dir":"c2s","session":"s","message":{"jsonrpc":"2.0","method":"notifications/initialized"}}
{"dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"plan","arguments":{"n":1},"_meta":{"progressToken":"then"}}}}
{"dir":"s2c","session":"s","message":{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"then","progress":1,"message":"asking"}}}
{"dir":"s2c","session":"s","message":{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"type":"text","text":"a plan?"}}],"maxTokens":9}}}
{"dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":1,"result":{"role":"assistant","content":{"type":"text","text":"then"},"model":"m"}}}
{"dir":"s2c","session":"s","message":{"jsonrpc":"2.0","id":2,"method":"elicitation/create","params":{"message":"go?","requestedSchema":{"type":"object","properties":{}}}}}
{"dir":"c2s","session":"s","message":{"jsonrpc":"2.0","id":2,"result":{"action":"decline"}}}
{"dir":"s2c","session":"s","message":{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"planned"}]}}}
`

func TestServeAsksTheSDKClient(t *testing.T) {
	te := newTestEnv(t)
	te.file("asking.jsonl", askingRows)
	var mu sync.Mutex // the client handles notifications beside requests
	var seen []string
	see := func(texts ...string) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, texts...)
	}
	s := te.sdk("2025-11-25", &mcp.ClientOptions{
		CreateMessageHandler: func(_ context.Context, r *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
			see(r.Params.Messages[0].Content.(*mcp.TextContent).Text)
			return &mcp.CreateMessageResult{Role: "assistant", Model: "m", Content: &mcp.TextContent{Text: "mine"}}, nil
		},
		ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			see(r.Params.Message)
			return &mcp.ElicitResult{Action: "accept"}, nil
		},
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			see(r.Params.Message, r.Params.ProgressToken.(string))
		},
	}, "serve", "asking.jsonl", "--session", "s")
	p := &mcp.CallToolParams{Name: "plan", Arguments: map[string]any{"n": 1.0}}
	p.SetProgressToken("now")
	res, err := s.CallTool(t.Context(), p)
	if err != nil || resultText(res) != "planned" {
		t.Errorf("%v %v", res, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	slices.Sort(seen)
	if diff := cmp.Diff([]string{"a plan?", "asking", "go?", "now"}, seen); diff != "" {
		t.Errorf("what the client was asked (-want +got)\n%s", diff)
	}
}

func TestServeCommand(t *testing.T) {
	te := newTestEnv(t)
	te.file("asking.jsonl", askingRows)
	te.file("two.jsonl", manyRows(2))
	te.in = `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"plan","arguments":{"n":2}}}` + "\n"
	te.want(0, []string{"has another /arguments/n", `"recorded":"1"`, `"id":"x"`}, "serve", "asking.jsonl")
	te.in += `{"jsonrpc":"2.0","id":1,"result":{}}` + "\n" + `{"jsonrpc":"2.0","id":2,"result":{}}` + "\n"
	te.want(0, []string{"its answer is replayed", "planned"}, "serve", "asking.jsonl", "--on-miss", "nearest")
	te.in = `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"` + strings.Repeat("x", 2000) + `"}}` + "\n"
	te.want(0, []string{`"id":4,"error":{"code":-31005`}, "serve", "asking.jsonl", "--max-message", "1KiB")
	te.in = ""
	te.want(0, []string{"it is made up"}, "serve", "two.jsonl", "--session", "s1")
	te.want(exitUnable, []string{"several sessions", "s0, s1", "--session"}, "serve", "two.jsonl")
	te.want(exitIncomplete, []string{"no session nobody"}, "serve", "two.jsonl", "--session", "nobody")
	te.want(exitUnable, []string{"no database"}, "serve", "nosuch")
	te.want(exitUnable, []string{"no database"}, "serve")
	te.want(exitUnable, []string{"no such file"}, "serve", "no/such")
	te.want(exitUnable, []string{`did you mean "nearest"`}, "serve", "two.jsonl", "--on-miss", "nerest")
}
