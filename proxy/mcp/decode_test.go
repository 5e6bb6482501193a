package mcp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// Law L6: a message has one reading or none.
func TestLawL6OneReading(t *testing.T) {
	var d mcp.Decoder
	for _, v := range vectors(t) {
		m, err := d.Decode(v.raw)
		if what, id := describe(m, err); what != v.want || id != v.id {
			t.Errorf("decode.txt:%d: got %s %s, want %s %s: %s", v.line, what, id, v.want, v.id, v.raw)
		}
	}
}

// Law L6: what is accepted, encoding/json, which ignores case, reads as Decode does.
func TestLawL6FoldingReaderAgrees(t *testing.T) {
	for _, v := range vectors(t) {
		checkFoldingReader(t, new(mcp.Decoder), v.raw)
	}
}

// checkFoldingReader compares an accepted message with what a receiver reads that
// unmarshals into structs without minding case.
func checkFoldingReader(t *testing.T, d *mcp.Decoder, raw []byte) {
	t.Helper()
	m, err := d.Decode(raw)
	if err != nil {
		return
	}
	var got struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  string          `json:"method"`
		Params  struct {
			Name      any             `json:"name"`
			Arguments json.RawMessage `json:"arguments"`
		} `json:"params"`
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("encoding/json rejects what Decode accepts: %v: %q", err, raw)
	}
	if got.JSONRPC != "2.0" || got.Method != m.Method {
		t.Errorf("encoding/json reads jsonrpc %q, method %q; Decode %q: %q", got.JSONRPC, got.Method, m.Method, raw)
	}
	if m.IDNode >= 0 && m.ID != "" {
		var a, b any
		if err := errors.Join(json.Unmarshal(got.ID, &a), json.Unmarshal([]byte(m.ID), &b)); err != nil || a != b {
			t.Errorf("encoding/json reads id %v, Decode %v (%v): %q", a, b, err, raw)
		}
	}
	if m.Method != mcp.MethodToolsCall {
		return
	}
	if call := m.Call(); call.Tool != "" && got.Params.Name != call.Tool {
		t.Errorf("encoding/json reads tool %v, Decode %q: %q", got.Params.Name, call.Tool, raw)
	} else if call.Arguments >= 0 && string(got.Params.Arguments) != string(raw[m.Nodes[call.Arguments].Start:m.Nodes[call.Arguments].End]) {
		t.Errorf("encoding/json reads arguments %s, not Decode's: %q", got.Params.Arguments, raw)
	}
}

func TestLimits(t *testing.T) {
	nested := func(levels int) string { // the message itself is the first, params the second
		n := levels - 2
		return `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}}`
	}
	named := func(length int) string {
		return `{"jsonrpc":"2.0","id":1,"method":"x","params":{"` + strings.Repeat("n", length) + `":1}}`
	}
	listed := func(values int) string { // the message, its four members, the list
		return `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":[0` + strings.Repeat(",0", values-7) + `]}}`
	}
	type test struct {
		name, raw, want string
		limits          mcp.Limits
	}
	for _, tt := range []test{
		{"depth at", nested(128), "request", mcp.Limits{}},
		{"depth over", nested(129), mcp.RejectDepth, mcp.Limits{}},
		{"own depth at", nested(5), "request", mcp.Limits{Depth: 5}},
		{"own depth over", nested(6), mcp.RejectDepth, mcp.Limits{Depth: 5}},
		{"a million levels", nested(1_000_000), mcp.RejectDepth, mcp.Limits{Depth: 1 << 30}},
		{"name at", named(65_536), "request", mcp.Limits{}},
		{"name over", named(65_537), mcp.RejectNameLength, mcp.Limits{}},
		{"values at", listed(1_000_000), "request", mcp.Limits{}},
		{"values over", listed(1_000_001), mcp.RejectNodes, mcp.Limits{}},
		{"own values over", listed(20), mcp.RejectNodes, mcp.Limits{Nodes: 19}},
	} {
		d := mcp.Decoder{Limits: tt.limits}
		what, id := describe(d.Decode([]byte(tt.raw)))
		if what != tt.want || id != "1" {
			t.Errorf("%s: got %s %s, want %s 1", tt.name, what, id, tt.want)
		}
	}
}

// A long id would be kept for as long as its request is pending.
func TestLongID(t *testing.T) {
	raw := `{"jsonrpc":"2.0","id":"` + strings.Repeat("i", 4095) + `","method":"x"}`
	if what, id := describe(new(mcp.Decoder).Decode([]byte(raw))); what != mcp.RejectID || id != "-" {
		t.Errorf("got %s %s, want %s and no id", what, id, mcp.RejectID)
	}
}

func TestRejectOffset(t *testing.T) {
	for raw, want := range map[string]string{
		`{"jsonrpc":"2.0","id":1,"method":"x","METHOD":1}`:   `"METHOD"`,
		`{"jsonrpc":"2.0","id":1,"a":1,"a":2,"method":"x"}`:  `"a":2`,
		`{"jsonrpc":"2.0","id":1,"method":"x","a":"é\ud800"`: `\ud800`,
		"{\"jsonrpc\":\"2.0\",\"a\":\"é\xff\"}":              "\xff",
		`{"jsonrpc":"2.0","id":1.5,"method":"x"}`:            `1.5`,
		`{"jsonrpc":"2.0","id":1,"method":"x","params":[]}`:  `[]`,
		`{"jsonrpc":"2.0","id":1,"method":"x"} {}`:           `{}`,
		"{\"jsonrpc\":\"2.0\",\r\"id\":1,\"method\":\"x\"}":  "\r",
	} {
		_, err := new(mcp.Decoder).Decode([]byte(raw))
		var reject *mcp.Reject
		if !errors.As(err, &reject) {
			t.Errorf("Decode(%q) = %v, want a Reject", raw, err)
			continue
		}
		if got := raw[reject.Offset:]; !strings.HasPrefix(got, want) {
			t.Errorf("Decode(%q): offset at %q, want at %q", raw, got, want)
		}
		if strings.Contains(err.Error(), "METHOD") {
			t.Errorf("the error quotes the message: %v", err)
		}
	}
}

// A Decoder is used for message after message: nothing of one may show in the next.
func TestDecoderReuse(t *testing.T) {
	list := vectors(t)
	var reused mcp.Decoder
	for i := range 2 * len(list) {
		v := list[i*7919%len(list)]
		got := fmt.Sprint(describe(reused.Decode(v.raw)))
		if want := fmt.Sprint(describe(new(mcp.Decoder).Decode(v.raw))); got != want {
			t.Errorf("decode.txt:%d: reused decoder got %s, want %s", v.line, got, want)
		}
	}
}

// Law L5: bytes are truth. Decode changes none, and the message is those bytes.
func TestLawL5DecodeKeepsBytes(t *testing.T) {
	var d mcp.Decoder
	for _, v := range vectors(t) {
		raw := bytes.Clone(v.raw)
		m, err := d.Decode(raw)
		if !bytes.Equal(raw, v.raw) {
			t.Errorf("decode.txt:%d: Decode changed %q to %q", v.line, v.raw, raw)
		}
		if err == nil && (len(m.Raw) != len(raw) || &m.Raw[0] != &raw[0]) {
			t.Errorf("decode.txt:%d: the message's bytes are not those that came", v.line)
		}
	}
}

// Decoding in steady state costs no garbage but an id's few bytes.
func TestDecodeAllocations(t *testing.T) {
	var d mcp.Decoder
	raw := []byte(`{"jsonrpc":"2.0","id":123456,"method":"tools/call","params":{"name":"a","arguments":{"b":"\n\u00e9","c":[1,{"d":null}]}}}`)
	got := testing.AllocsPerRun(100, func() {
		m, err := d.Decode(raw)
		if err != nil || m.Text(m.Find(m.Params, "arguments", "b")) != "\né" {
			t.Fatal(err)
		}
	})
	if got > 1 {
		t.Errorf("%v allocations a message, want at most 1", got)
	}
}

// Many names must not make the duplicate check slow: a quadratic one would take
// minutes here.
func TestManyMembers(t *testing.T) {
	const count = 300_000
	var b strings.Builder
	b.WriteString(`{"jsonrpc":"2.0","id":1,"method":"x","params":{"first":0`)
	for i := range count {
		fmt.Fprintf(&b, `,"n%d":0`, i)
	}
	for last, want := range map[string]string{"other": "request", "n299999": mcp.RejectDuplicate, `n\u0030`: mcp.RejectDuplicate} {
		raw := b.String() + `,"` + last + `":0}}`
		if what, id := describe(new(mcp.Decoder).Decode([]byte(raw))); what != want || id != "1" {
			t.Errorf("last member %s: got %s %s, want %s 1", last, what, id, want)
		}
	}
}

// Names that fold alike, however many and however long they fold, are denied in
// memory that the message's length bounds.
func TestManyFoldedMembers(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"`)
	for i := range 10_000 {
		fmt.Fprintf(&b, `,"%d%s":0`, i, strings.Repeat("\uFDFA", 50)) // each folds to 18 characters
	}
	for last, want := range map[string]string{"x": "request", "NAME": mcp.RejectLookalike} {
		raw := []byte(b.String() + `,"` + last + `":0}}`)
		before := heap()
		var d mcp.Decoder
		if what, _ := describe(d.Decode(raw)); what != want {
			t.Errorf("last member %s: got %s, want %s", last, what, want)
		}
		if held := heap() - before; held > int64(len(raw)) {
			t.Errorf("the decoder holds %d bytes after a message of %d", held, len(raw))
		}
		if _, err := d.Decode([]byte(`{"jsonrpc":"2.0","method":"x"}`)); err != nil {
			t.Errorf("the next message: %v", err)
		}
	}
}

// Nor may names whose hashes collide: the check must stay far from quadratic.
func TestCollidingNames(t *testing.T) {
	var names []string
	for i := range 200_000 {
		names = append(names, fmt.Sprint("name", i))
	}
	if at := mcp.FirstTwin(names); at != -1 {
		t.Errorf("name %d is said to stand there twice", at)
	}
	names[150_000], names[170_000] = "name9", "name5"
	if at := mcp.FirstTwin(names); at != 150_000 {
		t.Errorf("FirstTwin = %d, want 150000", at)
	}
}
