package recorder_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

func defaultPolicy(t testing.TB) *policy.Policy {
	t.Helper()
	src, _ := policy.Embedded("default")
	p, err := policy.Load("default", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t testing.TB, path string, opt recorder.Options) *recorder.Store {
	t.Helper()
	s, err := recorder.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A tape feeds an engine and records what it says.
type tape struct {
	t       testing.TB
	engine  *policy.Session
	session *recorder.Session
	at      int64
	events  []*policy.Event
	// lastSecrets are those of the last message.
	lastSecrets []policy.SecretSpan
}

func begin(t testing.TB, s *recorder.Store, p *policy.Policy) *tape {
	t.Helper()
	session, err := s.Begin(recorder.SessionInfo{Server: "files", Started: 1, PolicyDigest: p.Digest, Policy: p.Sources})
	if err != nil {
		t.Fatal(err)
	}
	tp := &tape{t: t, engine: policy.NewSession(p), session: session}
	tp.put(mcp.FactFrame, mcp.NoDir, string(policy.Fact{Name: policy.FactSession, Server: "files", Vars: map[string]string{"HOME": "/home/ada"}}.JSON()))
	return tp
}

func (tp *tape) put(kind mcp.FrameKind, dir mcp.Dir, raw string) func() error {
	tp.t.Helper()
	tp.at++
	f := mcp.Frame{At: tp.at, Kind: kind, Dir: dir, Raw: []byte(raw)}
	ev := tp.engine.Step(f)
	wait, err := tp.session.Append(f, ev)
	if err != nil {
		tp.t.Fatal(err)
	}
	tp.events = append(tp.events, ev.Clone())
	tp.lastSecrets = tp.events[len(tp.events)-1].Secrets
	return wait
}

func (tp *tape) message(dir mcp.Dir, raw string) {
	tp.t.Helper()
	if err := tp.put(mcp.MessageFrame, dir, raw)(); err != nil {
		tp.t.Fatal(err)
	}
}

func seeded(seed uint32) func() byte {
	return func() byte {
		seed = seed*1664525 + 1013904223
		return byte(seed >> 24)
	}
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

func TestWhatIsRecordedReplays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "r.db")
	s := open(t, path, recorder.Options{})
	p := defaultPolicy(t)
	tp := begin(t, s, p)
	key, _ := detect.Generate("github-pat", seeded(5))
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"notes"}}}`)
	tp.message(mcp.ToClient, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"k: `+key+` end"}]}}`)
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"send","arguments":{"body":`+quote(key)+`}}}`)
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":3,"id":3}`)
	tp.message(mcp.ToClient, `log line with password=`+key)
	if err := tp.session.End("closed", 99); err != nil {
		t.Fatal(err)
	}
	list, err := s.Sessions()
	if err != nil || len(list) != 1 || list[0].Entries != 6 || list[0].Ended != 99 {
		t.Fatalf("sessions: %+v, %v", list, err)
	}
	sources, err := s.Policy(list[0].PolicyDigest)
	if err != nil {
		t.Fatal(err)
	}
	again, err := policy.LoadSources(sources)
	if err != nil {
		t.Fatal(err)
	}
	engine := policy.NewSession(again)
	i := 0
	for e, err := range s.Entries(list[0].ID) {
		if err != nil {
			t.Fatal(err)
		}
		ev := engine.Step(e.Frame)
		if diff := cmp.Diff(tp.events[i].Verdict, ev.Verdict); diff != "" {
			t.Errorf("entry %d judged again (-live +again):\n%s", i, diff)
		}
		if ev.Digest != tp.events[i].Digest || e.Event.Digest != ev.Digest {
			t.Errorf("entry %d: digests differ", i)
		}
		if diff := cmp.Diff(e.Event.Verdict, ev.Verdict); diff != "" {
			t.Errorf("entry %d as recorded (-recorded +again):\n%s", i, diff)
		}
		if e.Fidelity != policy.Exact {
			t.Errorf("entry %d is %s", i, e.Fidelity)
		}
		i++
	}
	if i != 6 {
		t.Errorf("%d entries", i)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLawL8NoSecretAtRest plants a secret of every kind, plain and encoded, and
// looks for it in every file of the store.
func TestLawL8NoSecretAtRest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "r.db"), recorder.Options{})
	p := defaultPolicy(t)
	tp := begin(t, s, p)
	var planted []string
	for i, kind := range detect.Kinds(detect.Secrets) {
		secret, ok := detect.Generate(kind, seeded(uint32(i)+1))
		if !ok {
			continue
		}
		found := detect.Find(nil, detect.Text{Value: secret, Name: "body", Place: detect.Argument, Tool: "send"}, detect.Secrets)
		for _, f := range found {
			if f.View == "raw" && f.End-f.Start >= 8 {
				planted = append(planted, secret[f.Start:f.End])
			}
		}
		if len(found) == 0 {
			continue
		}
		tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"send","arguments":{"body":%s}}}`, i, jsonQuote(secret)))
	}
	if len(planted) < 200 {
		t.Fatalf("only %d secrets planted", len(planted))
	}
	check := func() {
		t.Helper()
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range planted {
				if bytes.Contains(b, []byte(secret)) {
					t.Errorf("%s holds a planted secret of %d bytes beginning %.4q", filepath.Base(f), len(secret), secret)
				}
			}
		}
	}
	check()
	fidelity := map[policy.Fidelity]int{}
	list, _ := s.Sessions()
	for e, err := range s.Entries(list[0].ID) {
		if err != nil {
			t.Fatal(err)
		}
		fidelity[e.Fidelity]++
	}
	total := 0
	for _, n := range fidelity {
		total += n
	}
	t.Logf("fidelity: %v", fidelity)
	if fidelity[policy.Exact]*100 < total*95 || fidelity[policy.Lossy] > 0 {
		t.Errorf("fidelity of %d entries: %v; want 95 %% exact and none lossy", total, fidelity)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check()
}

func jsonQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
