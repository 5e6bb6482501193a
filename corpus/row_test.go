package corpus_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

func rows(text string) (out []corpus.Row, err error) {
	for r, err := range corpus.Rows(strings.NewReader(text), "f.jsonl") {
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}

func TestRowsOfBothForms(t *testing.T) {
	const message = `{ "jsonrpc":"2.0", "id":1,"method":"tools\/call" ,"x":"\"}\\" }`
	got, err := rows("\ufeff" + `{"id":"r1","session":"s","seq":0,"direction":"request","tool":"t","message":` + message + ` ,"label":"attack","category":"c:d","group":"g","ambiguous":true}` + "\r\n\n" +
		`{"ts":"2026-07-28T00:00:00.5Z","dir":"s2c","server":"fs","era":"legacy","session":"s","message":[1,"]"]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []corpus.Row{
		{Labelled: true, ID: "r1", Session: "s", Tool: "t", Dir: mcp.ToServer, Message: []byte(message),
			Label: "attack", Category: "c:d", Group: "g", Ambiguous: true, Line: 1},
		{Session: "s", Server: "fs", Dir: mcp.ToClient, At: 1785196800_500000000, Message: []byte(`[1,"]"]`), Line: 3},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRowErrorsNameLineAndFix(t *testing.T) {
	const ok = `{"dir":"c2s","message":{}}` + "\n"
	for _, tt := range []struct{ line, want string }{
		{`{"dir":"c2s","message":{},"mesage":1}`, `f.jsonl:2: unknown member "mesage"; such a row may have ts, dir`},
		{`{"dir":"c2s","message":{},"dir":"s2c"}`, `f.jsonl:2: not JSON at column 38: member "dir" stands twice`},
		{`{"dir":"up","message":{}}`, `f.jsonl:2: member "dir": unknown word "up"; use one of ["c2s" "s2c"]`},
		{`{"dir":"c2s"}`, `f.jsonl:2: no "message"`},
		{`{"message":{}}`, `f.jsonl:2: no "dir"`},
		{`{"dir":"c2s","message":{}`, `f.jsonl:2: not JSON`},
		{`{"dir":"c2s","message":{}} x`, `something after the object`},
		{`{"dir":"c2s","message":{"a":"b}`, `a string without its end; is the line cut?`},
		{`{"dir":"c2s","message":nope}`, `a value that is neither`},
		{`{"dir":"c2s","message":{},"ts":"yesterday"}`, `want a time such as`},
		{`{"direction":"request","message":{},"label":"bad"}`, `unknown word "bad"`},
		{`[1]`, `f.jsonl:2: not a JSON object`},
	} {
		got, err := rows(ok + tt.line)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.line, err, tt.want)
		}
		if len(got) != 1 {
			t.Errorf("%s: %d rows before the error, want 1", tt.line, len(got))
		}
	}
}

func TestLongLines(t *testing.T) {
	long := `{"dir":"c2s","message":"` + strings.Repeat("x", 1<<20) + `"}`
	got, err := rows(long + "\n" + long)
	if err != nil || len(got) != 2 || len(got[1].Message) != 1<<20+2 {
		t.Errorf("%d rows, %v", len(got), err)
	}
	if _, err := rows(`{"dir":"c2s","message":"` + strings.Repeat("x", corpus.MaxLine) + `"}`); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Errorf("error %v, want one about the line's length", err)
	}
}
