package recorder_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// A babbler makes text of words that are used as unevenly as those of a language.
type babbler struct {
	next  func() byte
	words []string
	lines []string
}

func newBabbler() *babbler {
	b := &babbler{next: seeded(77)}
	for range 4000 {
		var w strings.Builder
		for range 1 + b.n(4) {
			w.WriteByte("bcdfghjklmnprstvw"[b.n(17)])
			w.WriteByte("aeiou"[b.n(5)])
		}
		b.words = append(b.words, w.String())
	}
	return b
}

func (b *babbler) n(n int) int { return (int(b.next())<<16 | int(b.next())<<8 | int(b.next())) % n }

// text makes some: as in code, logs and tables, half of its lines were there shortly
// before.
func (b *babbler) text(size int) string {
	var out strings.Builder
	for out.Len() < size {
		if len(b.lines) > 100 && b.n(2) == 0 {
			out.WriteString(b.lines[len(b.lines)-1-b.n(100)])
			continue
		}
		line := b.line(40 + b.n(60))
		out.WriteString(line)
		b.lines = append(b.lines, line)
	}
	return out.String()
}

func (b *babbler) line(size int) string {
	var out strings.Builder
	for out.Len() < size {
		i := b.n(len(b.words)) // the third of three numbers is small mostly
		out.WriteString(b.words[b.n(b.n(i+1)+1)])
		out.WriteString([]string{" ", " ", " ", " ", ", ", ": "}[b.n(6)])
	}
	return out.String() + `\n`
}

// calls records n calls of about 1 KB, with their answers.
func calls(t testing.TB, tp *tape, n int) {
	b := newBabbler()
	for i := range n {
		path := strings.ReplaceAll(strings.Trim(b.line(20), ` ,:\n`), " ", "/")
		tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"/home/ada/%s"}}}`, i, path))
		tp.message(mcp.ToClient, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"%s"}]}}`, i, b.text(800)))
	}
}

// A counter counts what is written to it.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// jsonl is the size of a session as rulewind exports it.
func jsonl(t testing.TB, s *recorder.Store, session string) int64 {
	var size counter
	w := corpus.NewWriter(io.Writer(&size))
	must(t, w.Begin(&corpus.Case{ID: session}))
	for _, e := range entries(t, s, session) {
		must(t, w.Step(&corpus.Step{ID: fmt.Sprint(session, ":", e.Event.Seq), Frame: e.Frame, Recorded: &e.Event, Fidelity: e.Fidelity}))
	}
	return int64(size)
}

// What is recorded of a day takes little room once it is closed: 10,000 calls of 1 KB
// less than 8 MB, and less than 0.3 of the same as JSON Lines. RULEWIND_SOAK records
// all of them, otherwise it is a tenth.
func TestSizeOfADay(t *testing.T) {
	n := min(10_000, 1000*soak(1))
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{Durability: recorder.Async})
	src := []byte("version: 1\ndefault: allow\n")
	p, err := policy.Load("small.yaml", src, nil)
	must(t, err)
	tp := begin(t, s, p)
	calls(t, tp, n)
	must(t, tp.session.End("closed", 1))
	_, err = recorder.Pack(s) // most of a day is packed in the course of it
	must(t, err)
	must(t, s.Close())
	s, err = recorder.OpenReadOnly(path)
	must(t, err)
	st, err := os.Stat(path)
	must(t, err)
	size := jsonl(t, s, tp.session.ID())
	stats, err := s.Stats()
	must(t, err)
	t.Logf("%d calls: %d bytes, as JSON Lines %d (%.3f); blocks %d, hashes %d", n, st.Size(), size, float64(st.Size())/float64(size), stats.Stored, stats.Hashes)
	if st.Size() > 800*int64(n)+100_000 || float64(st.Size()) > 0.3*float64(size)+100_000 {
		t.Errorf("%d calls take %d bytes, as JSON Lines %d", n, st.Size(), size)
	}
}
