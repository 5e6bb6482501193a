package corpus_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
)

// FuzzMembers: what encoding/json takes for an object with distinct names is split
// into the same members, with their bytes; and nothing makes it panic.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1,"b":[{"c":"]"}],"d":"\\\""}`, ` {"a" : null , "b":-1e5} `, `{"\u0061":"x"}`, `{"a":1,"a":2}`, `{"a":tru}`,
		`{"a":"b`, `{"a":{"b":[}]}}`, `[{}]`, `{"a":1}}`, `{"a":1,}`, "{\"a\":\"\xff\"}", `{"":""}`, `{"a"}`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		got, err := corpus.Members(nil, line)
		var want map[string]json.RawMessage
		if bytes.ContainsAny(line, "\n") || json.Unmarshal(line, &want) != nil || want == nil {
			return // what is no object may be split all the same: its values aren't decoded here
		}
		if err != nil {
			if strings.Contains(err.Error(), "stands twice") {
				return
			}
			t.Fatalf("%q: %v", line, err)
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %d members, want %d", line, len(got), len(want))
		}
		for _, m := range got {
			if !bytes.Equal(m.Value, want[m.Name]) {
				t.Errorf("%q: %q is %q, want %q", line, m.Name, m.Value, want[m.Name])
			}
		}
	})
}

// FuzzRead: what is read from an export is written again as it is read; nothing
// makes the readers panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"rulewind":"session/1","id":"s","missing":["clock"]}` + "\n" + `{"step":"a","at":1,"dir":"none","kind":"fact","text":"{}","fidelity":"exact"}`))
	f.Add([]byte(`{"dir":"c2s","message":{}}`))
	f.Add([]byte("-- policy.yaml --\nversion: 1\n-- session --\n> {}\n= deny\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, err := range corpus.Rows(bytes.NewReader(data), "f") {
			if err != nil {
				break
			}
		}
		if v, err := corpus.ReadTxtar("f.txtar", data); err == nil && v.Policy == nil {
			t.Error("a vector without a policy")
		}
		cases, err := read(string(data))
		if err != nil {
			return
		}
		text := export(t, cases...)
		again, err := read(string(text))
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, text)
		}
		if other := export(t, again...); !bytes.Equal(text, other) {
			t.Errorf("written as\n%s\nthen as\n%s", text, other)
		}
	})
}
