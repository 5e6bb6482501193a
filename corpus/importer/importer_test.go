package importer_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
)

// write puts a file into a new folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, sources ...string) (out []corpus.Case) {
	t.Helper()
	for c, err := range importer.Open(sources...) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// lines writes the frames of a case: a mark (+ if synthetic), a direction, the bytes.
func lines(c corpus.Case) (out []string) {
	for _, s := range c.Steps {
		mark := map[bool]string{true: "+", false: " "}[s.Synthetic]
		out = append(out, mark+s.Frame.Dir.String()+" "+string(s.Frame.Raw))
	}
	return out
}

// passes checks that every frame of a case passes a policy that allows everything.
func passes(t *testing.T, c corpus.Case) {
	t.Helper()
	p, err := policy.Load("p.yaml", []byte("version: 1\ndefault: allow\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := policy.NewSession(p)
	at := int64(0)
	for _, st := range c.Steps {
		if e := s.Step(st.Frame); e.Verdict.Action != policy.Allow {
			t.Errorf("%s: %s by %s: %s", st.ID, e.Verdict.Action, e.Verdict.Rule, st.Frame.Raw)
		}
		if st.Frame.At < at {
			t.Errorf("%s: the clock goes back", st.ID)
		}
		at = st.Frame.At
	}
}

func TestLabelledRowsGetTheRequestsTheyNeed(t *testing.T) {
	path := write(t, "rows.jsonl", strings.Join([]string{
		`{"session":"s","direction":"response","tool":"tools/list","message":{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}}`,
		`{"session":"s","direction":"request","tool":"a","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}}`,
		`{"session":"s","direction":"request","tool":"b","message":{"jsonrpc":"2.0", "id":1 ,"method":"tools/call","params":{"name":"b"}}}`,
		`{"session":"s","direction":"response","tool":"b","message":{"jsonrpc":"2.0","id":1,"result":{"content":[]}}}`,
		`{"session":"s","direction":"response","tool":"a","message":{"jsonrpc":"2.0","id":1,"result":{"content":[]}}}`,
		`{"session":"t","direction":"response","tool":"c","message":{"jsonrpc":"2.0","id":"x","result":{"content":[]}},"label":"attack"}`,
		`{"session":"t","direction":"request","tool":"","message":{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}}`,
		`{"session":"t","direction":"response","tool":"Tool","message":{"name":"a part of a message"}}`,
	}, "\n"))
	got := open(t, path)
	if len(got) != 2 {
		t.Fatalf("%d cases, want 2", len(got))
	}
	fact := `+none {"fact":"session","transport":"stdio","basis":"imported","imported":true}`
	want := [][]string{{
		fact,
		`+to-server {"jsonrpc":"2.0","id":1,"method":"tools/list"}`,
		` to-client {"jsonrpc":"2.0","id":1,"result":{"tools":[]}}`,
		` to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}`,
		` to-server {"jsonrpc":"2.0", "id":"imported-1" ,"method":"tools/call","params":{"name":"b"}}`,
		` to-client {"jsonrpc":"2.0","id":"imported-1","result":{"content":[]}}`,
		` to-client {"jsonrpc":"2.0","id":1,"result":{"content":[]}}`,
	}, {
		fact,
		`+to-server {"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"c","arguments":{}}}`,
		` to-client {"jsonrpc":"2.0","id":"x","result":{"content":[]}}`,
		` to-client {"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}`,
		`+to-server {"jsonrpc":"2.0","id":"imported-1","method":"tools/call","params":{"name":"Tool","arguments":{}}}`,
		` to-client {"jsonrpc":"2.0","id":"imported-1","result":{"name":"a part of a message"}}`,
	}}
	for i, c := range got {
		if d := cmp.Diff(want[i], lines(c)); d != "" {
			t.Error(d)
		}
		if !c.Imported || c.Missing != corpus.NoClock|corpus.NoVerdict {
			t.Errorf("imported %v, missing %v", c.Imported, c.Missing.Words())
		}
		passes(t, c)
	}
	if s := got[1].Steps[2]; s.Label != "attack" || s.Synthetic {
		t.Errorf("step %+v", s)
	}
}

func TestSessionRowsKeepTheirTime(t *testing.T) {
	path := write(t, "rows.jsonl", strings.Join([]string{
		`{"ts":"2026-07-28T00:00:01Z","dir":"c2s","server":"fs","message":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}}`,
		`{"ts":"2026-07-28T00:00:00Z","dir":"s2c","server":"fs","message":{"jsonrpc":"2.0","id":0,"result":{}}}`,
		`{"ts":"2026-07-28T00:00:02Z","dir":"c2s","server":"fs","message":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}}`,
	}, "\n"))
	got := open(t, path)
	if len(got) != 2 || got[0].ID == got[1].ID || got[0].Server != "fs" || got[0].Missing != corpus.NoVerdict {
		t.Fatalf("cases %+v", got)
	}
	if at := got[0].Steps[2].Frame.At; at != 1785196801_000000000 {
		t.Errorf("a frame that came before its predecessor is at %d", at)
	}
	passes(t, got[0])
}

func TestCalls(t *testing.T) {
	got := open(t, write(t, "calls.jsonl", `{"tool":"a","args":{"x": 1}}`+"\n"+`{"name":"b\"","arguments":{}}`))
	want := []string{
		`+none {"fact":"session","transport":"stdio","basis":"imported","imported":true}`,
		` to-server {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x": 1}}}`,
		` to-server {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"b\"","arguments":{}}}`,
	}
	if d := cmp.Diff(want, lines(got[0])); d != "" {
		t.Error(d)
	}
	if got[0].Missing&corpus.NoAnswers == 0 {
		t.Error("calls without answers don't say so")
	}
	passes(t, got[0])
}

func TestTranscript(t *testing.T) {
	got := open(t, write(t, "t.jsonl", strings.Join([]string{
		`{"type":"summary","summary":"x","leafUuid":"u"}`,
		`{"type":"user","sessionId":"s","cwd":"/home/dev/ws","timestamp":"2026-07-28T00:00:00.000Z","message":{"role":"user","content":"run it"}}`,
		`{"type":"assistant","sessionId":"s","cwd":"/home/dev/ws","timestamp":"2026-07-28T00:00:01.000Z","message":{"role":"assistant","content":[{"type":"text","text":"yes"},{"type":"tool_use","id":"t1","name":"Bash","input":{"command": "ls"}}]}}`,
		`{"type":"user","sessionId":"s","cwd":"/home/dev/ws","timestamp":"2026-07-28T00:00:02.000Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"a\nb"}]}}`,
		`{"type":"user","sessionId":"s","timestamp":"2026-07-28T00:00:03.000Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"no"}]}]}}`,
	}, "\n")))
	want := []string{
		`+none {"fact":"session","server":"claude-code","transport":"stdio","vars":{"CWD":"/home/dev/ws","PROJECT_DIR":"/home/dev/ws"},"basis":"imported","imported":true}`,
		` to-server {"jsonrpc":"2.0","id":"t1","method":"tools/call","params":{"name":"Bash","arguments":{"command": "ls"}}}`,
		` to-client {"jsonrpc":"2.0","id":"t1","result":{"content":[{"type":"text","text":"a\nb"}]}}`,
		`+to-server {"jsonrpc":"2.0","id":"t2","method":"tools/call","params":{"name":"","arguments":{}}}`,
		` to-client {"jsonrpc":"2.0","id":"t2","result":{"content":[{"type":"text","text":"no"}],"isError":true}}`,
	}
	if d := cmp.Diff(want, lines(got[0])); d != "" {
		t.Error(d)
	}
	if at := got[0].Steps[1].Frame.At; at != 1785196801_000000000 {
		t.Errorf("the call is at %d", at)
	}
	passes(t, got[0])
}

func TestFormatsAreFoundByContent(t *testing.T) {
	row := `{"dir":"c2s","message":{"jsonrpc":"2.0","id":1,"method":"ping"}}`
	var packed bytes.Buffer
	z, err := zstd.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(row)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var export bytes.Buffer
	vector := "What it shows.\n-- policy.yaml --\nversion: 1\n-- session --\n> " + `{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n= allow\n"
	v, err := corpus.ReadTxtar("v.txtar", []byte(vector))
	if err != nil {
		t.Fatal(err)
	}
	if err := corpus.NewWriter(&export).Case(&v.Case); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"rows": row, "packed": packed.String(), "export": export.String(), "vector": vector} {
		got := open(t, write(t, name+".bin", text))
		if len(got) != 1 || len(got[0].Steps) != 2 || !strings.Contains(string(got[0].Steps[1].Frame.Raw), "ping") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := open(t, write(t, "empty.jsonl", "")); len(got) != 0 {
		t.Errorf("an empty file has %d cases", len(got))
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ source, want string }{
		{filepath.Join(dir, "none.jsonl"), "opening source"},
		{filepath.Join(dir, "*.jsonl"), "no file matches"},
		{dir, "no file in " + dir + " ends in .jsonl"},
		{write(t, "odd.jsonl", `{"what":"ever"}`), "no known format; known are recording"},
		{write(t, "odd.bin", "\x00\x01"), "no known format"},
		{write(t, "bad.zst", "\x28\xb5\x2f\xfdjunk"), "bad.zst"},
		{write(t, "cut.jsonl", `{"dir":"c2s","message":{}}`+"\n"+`{"dir":"c2s","mess`), "cut.jsonl:2: not JSON"},
		{write(t, "calls.jsonl", `{"tool":"a","args":[]}`), `calls.jsonl:1: want {"tool": "name", "args": {…}}`},
	} {
		var err error
		for _, e := range importer.Open(tt.source) {
			err = e
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.source, err, tt.want)
		}
	}
}

func TestSourcesAreTakenOnceAndInOrder(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"b.jsonl", "a.jsonl.zst", "c.txt"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := importer.Files(filepath.Join(dir, "b.jsonl"), dir, filepath.Join(dir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i] = filepath.Base(got[i])
	}
	if d := cmp.Diff([]string{"b.jsonl", "a.jsonl.zst", "c.txt"}, got); d != "" {
		t.Error(d)
	}
}
