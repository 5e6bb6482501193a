package mcp_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// FuzzDecode: Decode never panics. What it accepts, jsontext and encoding/json
// read alike; what it rejects as JSON, jsontext rejects too; every string maps
// back to its spelling.
func FuzzDecode(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.raw)
	}
	var d mcp.Decoder
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := d.Decode(raw)
		strict := checkJSONText(raw)
		var reject *mcp.Reject
		switch {
		case err == nil && strict != nil:
			t.Fatalf("accepted, but jsontext says %v: %q", strict, raw)
		case err == nil:
			checkTape(t, m)
			checkTexts(t, m)
			checkFoldingReader(t, new(mcp.Decoder), raw)
		case errors.As(err, &reject):
			if isJSONReject(reject.Code) && strict == nil {
				t.Fatalf("rejected as %s at %d, but jsontext accepts it: %q", reject.Code, reject.Offset, raw)
			}
			if !isJSONReject(reject.Code) && reject.Code != mcp.RejectDepth && reject.Code != mcp.RejectNameLength && strict != nil {
				t.Fatalf("rejected as %s only, but jsontext says %v: %q", reject.Code, strict, raw)
			}
			if reject.Offset < 0 || reject.Offset > int64(len(raw)) {
				t.Fatalf("offset %d of %d bytes", reject.Offset, len(raw))
			}
			if reject.IsAnswer && reject.ID == "" {
				t.Fatal("an answer to no id")
			}
		default:
			t.Fatalf("not a Reject: %v", err)
		}
		mcp.OversizeID(raw)
	})
}

// isJSONReject reports whether the code means that a message isn't JSON with one
// reading, rather than not a message.
func isJSONReject(code string) bool {
	switch code {
	case mcp.RejectSyntax, mcp.RejectUTF8, mcp.RejectDuplicate, mcp.RejectTrailing:
		return true
	}
	return false
}

// checkJSONText is the oracle: another parser that rejects duplicates, invalid
// UTF-8, lone surrogates and trailing data.
func checkJSONText(raw []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(bytes.Clone(raw)))
	if _, err := d.ReadValue(); err != nil {
		return err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return errors.New("trailing data")
	}
	return nil
}

// checkTape walks the tape along with jsontext's tokens.
func checkTape(t *testing.T, m *mcp.Message) {
	t.Helper()
	d := jsontext.NewDecoder(bytes.NewBuffer(bytes.Clone(m.Raw)))
	next := func() jsontext.Token {
		token, err := d.ReadToken()
		if err != nil {
			t.Fatalf("jsontext: %v: %q", err, m.Raw)
		}
		return token
	}
	var walk func(i, index int) int
	walk = func(i, index int) int {
		n := m.Nodes[i]
		if n.Parent >= 0 && m.Nodes[n.Parent].Kind == mcp.Object {
			if name := next().String(); name != m.Name(i) {
				t.Fatalf("node %d: name %q, want %q: %q", i, m.Name(i), name, m.Raw)
			}
		}
		token := next()
		kind := map[jsontext.Kind]mcp.Kind{
			'n': mcp.Null, 'f': mcp.False, 't': mcp.True, '0': mcp.Number, '"': mcp.String, '[': mcp.Array, '{': mcp.Object,
		}[token.Kind()]
		if n.Kind != kind || int(n.Index) != index {
			t.Fatalf("node %d: kind %d index %d, want %d and %d: %q", i, n.Kind, n.Index, kind, index, m.Raw)
		}
		if kind == mcp.String && token.String() != m.Text(i) {
			t.Fatalf("node %d: text %q, want %q: %q", i, m.Text(i), token.String(), m.Raw)
		}
		if kind == mcp.Number && token.String() != string(m.Raw[n.Start:n.End]) {
			t.Fatalf("node %d: number %q, want %q", i, m.Raw[n.Start:n.End], token.String())
		}
		child := i + 1
		for index := 0; kind == mcp.Array && d.PeekKind() != ']' || kind == mcp.Object && d.PeekKind() != '}'; index++ {
			if int(m.Nodes[child].Parent) != i || int(m.Nodes[child].Depth) != int(n.Depth)+1 {
				t.Fatalf("node %d: parent %d, want %d: %q", child, m.Nodes[child].Parent, i, m.Raw)
			}
			child = walk(child, index)
		}
		if kind == mcp.Array || kind == mcp.Object {
			next()
		}
		if end := int(d.InputOffset()); int(n.End) != end || int(n.Next) != child {
			t.Fatalf("node %d: end %d next %d, want %d and %d: %q", i, n.End, n.Next, end, child, m.Raw)
		}
		return child
	}
	if last := walk(0, 0); last != len(m.Nodes) {
		t.Fatalf("%d nodes, want %d: %q", len(m.Nodes), last, m.Raw)
	}
}
