package mcp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// messages are what the benchmarks decode: an ordinary call, prose as a file
// reader returns it, and nested structures as a database does.
func messages() []struct {
	name string
	raw  []byte
} {
	prose := func(size int) string {
		text := strings.Repeat("The quick brown fox, they say, jumps over the lazy dog; nobody has seen it do so. ", size/82+1)[:size]
		return `{"jsonrpc":"2.0","id":12,"result":{"content":[{"type":"text","text":"` + text + `"}]}}`
	}
	lines := func(size int) string {
		return strings.ReplaceAll(prose(size), "; ", `;\n\t`)
	}
	nested := func(size int) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, `{"id":%d,"name":"row %d","tags":["a","b","c"],"at":{"x":%d.5,"y":null,"ok":true}},`, i, i, i)
		}
		return `{"jsonrpc":"2.0","id":12,"result":{"structuredContent":{"rows":[` + strings.TrimSuffix(b.String(), ",") + `]}}}`
	}
	call := `{"jsonrpc":"2.0","id":1234,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"/home/dev/project/src/main.go","head":40},"_meta":{"progressToken":"0a1b2c3d-17","trace":"9f8e7d6c5b4a39281706"}}}`
	return []struct {
		name string
		raw  []byte
	}{
		{"call_200B", []byte(call)},
		{"prose_4KB", []byte(prose(4 << 10))},
		{"lines_4KB", []byte(lines(4 << 10))},
		{"nested_4KB", []byte(nested(4 << 10))},
		{"prose_64KB", []byte(prose(64 << 10))},
		{"nested_64KB", []byte(nested(64 << 10))},
		{"chinese_64KB", []byte(strings.ReplaceAll(prose(64<<10), "quick brown fox", "敏捷的棕色狐狸跳过了懒狗"))},
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, msg := range messages() {
		b.Run(msg.name, func(b *testing.B) {
			var d mcp.Decoder
			b.SetBytes(int64(len(msg.raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decode(msg.raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJSONText is what checking the same messages for the same faults and
// reading their tokens costs with jsontext, without a tape.
func BenchmarkJSONText(b *testing.B) {
	for _, msg := range messages() {
		b.Run(msg.name, func(b *testing.B) {
			var buf bytes.Buffer
			d := jsontext.NewDecoder(&buf)
			b.SetBytes(int64(len(msg.raw)))
			b.ReportAllocs()
			for b.Loop() {
				buf.Reset()
				buf.Write(msg.raw)
				d.Reset(&buf)
				for {
					if _, err := d.ReadToken(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkEncodingJSON is the same for encoding/json's check of the grammar.
func BenchmarkEncodingJSON(b *testing.B) {
	for _, msg := range messages() {
		b.Run(msg.name, func(b *testing.B) {
			b.SetBytes(int64(len(msg.raw)))
			for b.Loop() {
				if !json.Valid(msg.raw) {
					b.Fatal("invalid")
				}
			}
		})
	}
}

func BenchmarkReader(b *testing.B) {
	for _, msg := range messages()[:2] {
		b.Run(msg.name, func(b *testing.B) {
			stream := &endless{line: append(bytes.Clone(msg.raw), '\n')}
			r := mcp.NewReader(stream, 0)
			b.SetBytes(int64(len(msg.raw)) + 1)
			b.ReportAllocs()
			for b.Loop() {
				if line, err := r.Next(); err != nil || len(line.Raw) != len(msg.raw) {
					b.Fatal(err)
				}
			}
		})
	}
}

// An endless stream of one line.
type endless struct {
	line []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], e.line[e.at:])
		n, e.at = n+k, (e.at+k)%len(e.line)
	}
	return n, nil
}
