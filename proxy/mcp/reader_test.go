package mcp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// readAll returns a stream's lines, oversize ones as "<size>".
func readAll(t testing.TB, r *mcp.Reader) []string {
	t.Helper()
	var lines []string
	for {
		line, err := r.Next()
		if err == io.EOF {
			if _, err := r.Next(); err != io.EOF {
				t.Errorf("Next after the end: %v, want io.EOF", err)
			}
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		if line.Oversize {
			lines = append(lines, fmt.Sprintf("<%d>", line.Size))
			continue
		}
		if line.Size != int64(len(line.Raw)) {
			t.Errorf("line %q has size %d", line.Raw, line.Size)
		}
		lines = append(lines, string(line.Raw))
	}
}

func TestReaderLines(t *testing.T) {
	long := strings.Repeat("x", 101)
	type test struct {
		stream string
		want   []string
	}
	for _, tt := range []test{
		{"", nil},
		{"\n", nil},
		{"a\n", []string{"a"}},
		{"a\nb\n", []string{"a", "b"}},
		{"a\nlast", []string{"a", "last"}},
		{"\n\n \t\r\na\n\r\n", []string{"a"}},
		{"a\r\nb\r", []string{"a\r", "b\r"}}, // law L5: the bytes are kept
		{"a\rb\n", []string{"a\rb"}},
		{"  a  \n", []string{"  a  "}},
		{"漢字\né", []string{"漢字", "é"}},
		{"a\u2028b\u0085c\x0bd\n", []string{"a\u2028b\u0085c\x0bd"}},
		{long[1:] + "\n", []string{long[1:]}},
		{"a\n" + long + "\nb\n", []string{"a", "<101>", "b"}},
		{long + long + "\n" + long, []string{"<202>", "<101>"}},
		{strings.Repeat(" ", 1_000_000) + "\na\n" + strings.Repeat("\n\t", 1000), []string{"a"}},
	} {
		for how, r := range map[string]io.Reader{
			"at once":       strings.NewReader(tt.stream),
			"by bytes":      iotest.OneByteReader(strings.NewReader(tt.stream)),
			"EOF with data": iotest.DataErrReader(strings.NewReader(tt.stream)),
		} {
			got := readAll(t, mcp.NewReader(r, 100))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%.80q, %s (-want +got):\n%s", tt.stream, how, diff)
			}
		}
	}
}

// A line over the bound is skipped in bounded memory, reported by its ends, and
// the stream goes on.
func TestReaderOversize(t *testing.T) {
	const size = 256 << 20
	head, tail := `{"jsonrpc":"2.0","method":"x","params":"`, `","id":77}`
	stream := io.MultiReader(
		strings.NewReader("{}\n"+head),
		io.LimitReader(zeros{}, size),
		strings.NewReader(tail+"\n{\"after\":1}\n"),
	)
	r := mcp.NewReader(stream, 1<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	next := func() mcp.Line {
		line, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	if got := string(next().Raw); got != "{}" {
		t.Fatalf("first line %q", got)
	}
	line := next()
	if want := int64(len(head) + size + len(tail)); !line.Oversize || line.Size != want {
		t.Errorf("oversize %v, size %d; want %d", line.Oversize, line.Size, want)
	}
	if len(line.Raw) != 5<<10 || !bytes.HasPrefix(line.Raw, []byte(head)) || !bytes.HasSuffix(line.Raw, []byte(tail)) {
		t.Errorf("excerpt of %d bytes, want 5 KiB with both ends: %.60q", len(line.Raw), line.Raw)
	}
	if id, isAnswer := mcp.OversizeID(line.Raw); id != "77" || isAnswer {
		t.Errorf("OversizeID = %s %v, want 77 of a request", id, isAnswer)
	}
	if got := string(next().Raw); got != `{"after":1}` {
		t.Errorf("next line %q, want the one after", got)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("used %d bytes for a line bounded at 1 MiB", used)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// One long line must not leave its buffer behind for good.
func TestReaderGivesBufferBack(t *testing.T) {
	before := heap()
	short := &cutReader{[]byte("\n" + strings.Repeat("{}\n", 200_000)), []byte{100}, 0}
	r := mcp.NewReader(io.MultiReader(io.LimitReader(zeros{}, 8<<20), short), 0)
	for n := range 150_000 {
		line, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 && line.Size != 8<<20 {
			t.Fatalf("first line of %d bytes, want 8 MiB", line.Size)
		}
	}
	if held := heap() - before; held > 4<<20 {
		t.Errorf("after 150,000 short lines the reader still holds %d bytes", held)
	}
	runtime.KeepAlive(r)
}

// heap returns the bytes in live objects.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestReaderBuffered(t *testing.T) {
	in, out := io.Pipe()
	r := mcp.NewReader(in, 0)
	go func() {
		io.WriteString(out, "a\nb\n\n \nc")
		io.WriteString(out, "d\n\r\n")
		out.Close()
	}()
	for _, want := range []struct {
		line string
		more bool
	}{{"a", true}, {"b", false}, {"cd", false}} {
		line, err := r.Next()
		if err != nil || string(line.Raw) != want.line {
			t.Fatalf("got %q, %v; want %q", line.Raw, err, want.line)
		}
		if got := r.Buffered(); got != want.more {
			t.Errorf("after %q: Buffered = %v, want %v", want.line, got, want.more)
		}
		if string(line.Raw) != want.line {
			t.Errorf("Buffered changed the line to %q", line.Raw)
		}
	}
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("connection reset")
	r := mcp.NewReader(io.MultiReader(strings.NewReader("a\nhalf"), iotest.ErrReader(broken)), 0)
	for _, want := range []string{"a", "half"} {
		if line, err := r.Next(); err != nil || string(line.Raw) != want {
			t.Fatalf("got %q, %v; want %q", line.Raw, err, want)
		}
	}
	for range 2 {
		if _, err := r.Next(); err != broken {
			t.Errorf("got %v, want %v", err, broken)
		}
	}
	if _, err := mcp.NewReader(idle{}, 0).Next(); err != io.ErrNoProgress {
		t.Errorf("a reader that never reads: got %v, want io.ErrNoProgress", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestOversizeID(t *testing.T) {
	fill := strings.Repeat("y", 1<<20)
	type test struct {
		raw      string
		id       mcp.ID
		isAnswer bool
	}
	for _, tt := range []test{
		{`{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"` + fill + `"}}`, "1", false},
		{`{"method":"x","params":{"a":"` + fill + `"},"jsonrpc":"2.0","id":1}`, "1", false},
		{`{"params":{"a":"` + fill + `"},"method":"x","id":"\u0061"}`, `"a"`, false},
		{`{"id":2,"jsonrpc":"2.0","result":{"a":"` + fill + `"}}`, "2", true},
		{`{"result":{"a":"` + fill + `"},"jsonrpc":"2.0","id":2} `, "2", true},
		{`{"result":{"a":"` + fill + `,"},"id":2}`, "2", true},
		{`{"result":{"a":"` + fill + `"}}`, "", true},
		{`{"result":{"a":"` + fill + `,\"id\":3}"}}`, "", true},
		{`{"result":{"a":"` + fill + `","id":3}}`, "", true},
		{`{"id":1,"result":{"a":"` + fill + `"},"id":2}`, "", true},
		{`{"result":{"id":4,"a":"` + fill + `"},"id":2}`, "2", true},
		{fill, "", false},
		{`[{"id":1,"method":"x","params":"` + fill + `"}]`, "", false},
	} {
		line, err := mcp.NewReader(strings.NewReader(tt.raw+"\n"), 1<<16).Next()
		if err != nil || !line.Oversize {
			t.Fatalf("oversize %v, %v: %.60s", line.Oversize, err, tt.raw)
		}
		if id, isAnswer := mcp.OversizeID(line.Raw); id != tt.id || isAnswer != tt.isAnswer {
			t.Errorf("OversizeID(%.50s … %s) = %q %v, want %q %v", tt.raw, tt.raw[len(tt.raw)-20:], id, isAnswer, tt.id, tt.isAnswer)
		}
	}
}

// FuzzReader: however a stream is cut into reads, its lines are those between
// the line feeds.
func FuzzReader(f *testing.F) {
	f.Add([]byte("a\nb\r\n\n {} \nlast"), []byte{1, 2, 3}, uint16(4))
	f.Add([]byte("漢字\né\n"), []byte{1}, uint16(100))
	f.Add(bytes.Repeat([]byte("0123456789\n"), 500), []byte{255, 1}, uint16(9))
	f.Add(bytes.Repeat([]byte("x"), 20_000), []byte{50}, uint16(9_000))
	f.Fuzz(func(t *testing.T, stream, cuts []byte, bound uint16) {
		limit := int(bound) + 1
		var want []string
		for line := range bytes.SplitSeq(stream, []byte("\n")) {
			switch {
			case len(bytes.Trim(line, " \t\r")) == 0:
			case len(line) > limit:
				want = append(want, fmt.Sprintf("<%d>", len(line)))
			default:
				want = append(want, string(line))
			}
		}
		got := readAll(t, mcp.NewReader(&cutReader{stream, cuts, 0}, limit))
		if !slices.Equal(want, got) {
			diff := cmp.Diff(want, got)
			t.Errorf("bound %d (-want +got):\n%s", limit, diff)
		}
	})
}

// A cutReader reads a stream in pieces of the sizes given, over and over.
type cutReader struct {
	stream, cuts []byte
	n            int
}

func (r *cutReader) Read(p []byte) (int, error) {
	if len(r.stream) == 0 {
		return 0, io.EOF
	}
	size := len(p)
	if len(r.cuts) > 0 {
		size = min(size, 1+int(r.cuts[r.n%len(r.cuts)])*int(r.cuts[r.n%len(r.cuts)]))
		r.n++
	}
	n := copy(p[:size], r.stream)
	r.stream = r.stream[n:]
	return n, nil
}
