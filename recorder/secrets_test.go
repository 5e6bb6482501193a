package recorder_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// openKeyed opens a store whose key is always the same, and so are the stand-ins.
func openKeyed(t testing.TB, dir string) *recorder.Store {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, filepath.Join(dir, "r.db"), recorder.Options{KeyFile: key})
}

// An encoding is a way in which a secret can stand in a message. Its result is what
// stands between the quotes of a JSON string.
type encoding struct {
	name   string
	encode func(string) string
}

var encodings = []encoding{
	{"plain", inJSON},
	{"escaped", func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, `\u%04x`, s[i])
		}
		return b.String()
	}},
	{"base64+0", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"base64+1", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(">" + s + "<")) }},
	{"base64+2", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("> " + s + " <")) }},
	{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"HEX", func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }},
	{"percent", func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
		return b.String()
	}},
	{"percent-some", func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			if c := s[i]; strings.IndexByte("-_.~", c) >= 0 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "%%%02x", c)
			}
		}
		return b.String()
	}},
}

func inJSON(s string) string {
	q := jsonQuote(s)
	return q[1 : len(q)-1]
}

// planted makes a secret of each kind that has examples: the text that holds it, and
// the parts that are the secret.
func planted(t testing.TB) (texts []string, secrets [][]string, kinds []string) {
	t.Helper()
	for i, kind := range detect.Kinds(detect.Secrets) {
		text, ok := detect.Generate(kind, seeded(uint32(i)+1))
		if !ok {
			continue
		}
		var parts []string
		long := false // passwords are short, and pinned
		for _, f := range detect.Find(nil, detect.Text{Value: text, Name: "body", Place: detect.Argument, Tool: "send"}, detect.Secrets) {
			if f.View == "raw" && f.End-f.Start >= 8 {
				parts = append(parts, text[f.Start:f.End])
				long = long || f.End-f.Start >= 12
			}
		}
		if long {
			texts, secrets, kinds = append(texts, text), append(secrets, parts), append(kinds, kind)
		}
	}
	if len(texts) < 200 {
		t.Fatalf("only %d secrets to plant", len(texts))
	}
	return texts, secrets, kinds
}

// readings are the spellings of a secret, or of what base64 keeps of it, to look for.
func readings(secret string) []string {
	b := []byte(secret)
	out := []string{secret, hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b))}
	for _, e := range encodings {
		if s := e.encode(secret); !strings.HasPrefix(e.name, "base64") && s != secret {
			out = append(out, s)
		}
	}
	for skip := range 3 {
		whole := b[skip:]
		whole = whole[:len(whole)/3*3]
		if s := base64.StdEncoding.EncodeToString(whole); len(s) >= 12 {
			out = append(out, s, base64.URLEncoding.EncodeToString(whole))
		}
	}
	return out
}

func storedBytes(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = b
	}
	return out
}

// lookFor reports every reading of the secrets in the files of the store.
func lookFor(t *testing.T, dir string, secrets map[string]bool) {
	t.Helper()
	for name, b := range storedBytes(t, dir) {
		for secret := range secrets {
			for _, r := range readings(secret) {
				if bytes.Contains(b, []byte(r)) {
					t.Errorf("%s holds a reading of %d bytes of a secret, %.6q", name, len(r), r)
				}
			}
		}
	}
}

// TestLawL8EncodedSecrets sends secrets of every kind in every encoding, and looks for
// them in every file of the store, while it is open and afterwards. RULEWIND_SOAK
// sends all kinds, otherwise it is some.
func TestLawL8EncodedSecrets(t *testing.T) {
	texts, secrets, kinds := planted(t)
	step := 6
	if soak(1) > 1 {
		step = 1
	}
	for _, enc := range encodings {
		t.Run(enc.name, func(t *testing.T) {
			dir := t.TempDir()
			s := openKeyed(t, dir)
			tp := begin(t, s, defaultPolicy(t))
			detected, kindOf := map[string]bool{}, map[int]string{}
			for i := 0; i < len(texts); i += step {
				tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"send","arguments":{"body":"%s"}}}`, i, enc.encode(texts[i])))
				if len(tp.lastSecrets) > 0 {
					kindOf[len(tp.events)-1] = kinds[i]
					for _, p := range secrets[i] {
						detected[p] = true
					}
				}
			}
			if len(kindOf)*step*10 < len(texts)*9 {
				t.Errorf("only %d of %d texts had a secret that was detected", len(kindOf), len(texts)/step)
			}
			exact, other := 0, []string{}
			for e, err := range s.Entries(tp.session.ID()) {
				if err != nil {
					t.Fatal(err)
				}
				switch kind := kindOf[e.Event.Seq]; {
				case kind == "":
				case e.Fidelity == policy.Exact:
					exact++
				case e.Fidelity == policy.Pinned:
					other = append(other, kind)
				default:
					t.Errorf("%s is %s", kind, e.Fidelity)
				}
			}
			t.Logf("%d exact, pinned: %v", exact, other)
			if len(other) > max(2, len(kindOf)*3/100) {
				t.Errorf("%d exact, not %v; want 97 %%", exact, other)
			}
			lookFor(t, dir, detected)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			lookFor(t, dir, detected)
		})
	}
}

// TestLawL8OtherSpellings sends secrets that are detected once, and again in every
// encoding at places where no detector finds them.
func TestLawL8OtherSpellings(t *testing.T) {
	texts, secrets, _ := planted(t)
	dir := t.TempDir()
	s := openKeyed(t, dir)
	tp := begin(t, s, defaultPolicy(t))
	all := map[string]bool{}
	for i := 0; i < len(texts); i += 9 {
		for _, secret := range secrets[i] {
			all[secret] = true
			for k, enc := range encodings {
				tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":"%d-%d","method":"tools/call","params":{"name":"send","arguments":{"body":"%s","q%sq":1}}}`,
					i, k, inJSON(texts[i]), enc.encode(secret)))
			}
		}
	}
	lookFor(t, dir, all)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lookFor(t, dir, all)
}

// A secret in the names of things must not reach the event's own texts.
func TestLawL8SecretsInNames(t *testing.T) {
	dir := t.TempDir()
	s := openKeyed(t, dir)
	key, _ := detect.Generate("github-pat", seeded(5))
	session, err := s.Begin(recorder.SessionInfo{Server: "files " + key, Client: "c " + key, Command: []string{"serve", "--key=" + key}, PolicyDigest: "d"})
	if err != nil {
		t.Fatal(err)
	}
	tp := &tape{t: t, engine: policy.NewSession(defaultPolicy(t)), session: session}
	tp.put(mcp.FactFrame, mcp.NoDir, string(policy.Fact{Name: policy.FactSession, Server: "files " + key, Vars: map[string]string{"HOME": "/home/" + key}}.JSON()))
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":"`+key+`","method":"tools/call","params":{"name":"`+key+`","arguments":{"`+key+`":"`+key+`"}}}`)
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"file:///x?k=`+key+`"}}`)
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":3,"method":"`+key+`"}`)
	tp.message(mcp.ToServer, `not JSON: `+key)
	if err := s.SeeTools("files "+key, map[string]string{key: "1"}, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lookFor(t, dir, map[string]bool{key: true})
}

func TestOneSecretHasOneStandIn(t *testing.T) {
	key, _ := detect.Generate("github-pat", seeded(5))
	find := func(dir string) string {
		s := openKeyed(t, dir)
		defer s.Close()
		tp := begin(t, s, defaultPolicy(t))
		tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send","arguments":{"a":"`+key+`"}}}`)
		tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"send","arguments":{"b":["x `+key+` y"]}}}`)
		var found []string
		for e, err := range s.Entries(tp.session.ID()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range detect.Find(nil, detect.Text{Value: string(e.Frame.Raw)}, detect.Secrets) {
				found = append(found, string(e.Frame.Raw[f.Start:f.End]))
			}
		}
		if len(found) != 2 || found[0] != found[1] || found[0] == key {
			t.Errorf("stand-ins: %q", found)
		}
		return found[0]
	}
	if a, b := find(t.TempDir()), find(t.TempDir()); a != b {
		t.Errorf("the same key gives %q and %q", a, b)
	}
}

// A message with more secrets than stand-ins are made for stores none of them either,
// and is replayed by its pinned findings.
func TestLawL8ManySecretsInOneMessage(t *testing.T) {
	dir := t.TempDir()
	s := openKeyed(t, dir)
	tp := begin(t, s, defaultPolicy(t))
	all := map[string]bool{}
	var body strings.Builder
	for i := range 400 {
		key, _ := detect.Generate("github-pat", seeded(uint32(i)+100))
		all[key] = true
		body.WriteString(key + " ")
	}
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send","arguments":{"a":"`+body.String()+`"}}}`)
	if len(tp.lastSecrets) < len(all) {
		t.Fatalf("%d secrets of %d were detected", len(tp.lastSecrets), len(all))
	}
	engine := policy.NewSession(defaultPolicy(t))
	for e, err := range s.Entries(tp.session.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		ev := engine.Step(e.Frame)
		if ev.Digest != tp.events[e.Event.Seq].Digest || e.Fidelity == policy.Lossy {
			t.Errorf("entry %d, which is %s, is judged otherwise", e.Event.Seq, e.Fidelity)
		}
	}
	lookFor(t, dir, all)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkAppendSecrets records an answer with 1 or 2,000 secrets, new ones each time
// or always the same.
func BenchmarkAppendSecrets(b *testing.B) {
	for _, bm := range []struct {
		name string
		n    int
		new  bool
	}{{"1/known", 1, false}, {"1/new", 1, true}, {"2000/known", 2000, false}, {"2000/new", 2000, true}} {
		b.Run(bm.name, func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "r.db"), recorder.Options{Durability: recorder.Async})
			defer s.Close()
			tp := begin(b, s, defaultPolicy(b))
			at := uint32(0)
			for b.Loop() {
				b.StopTimer()
				if !bm.new {
					at = 0
				}
				var body strings.Builder
				for range bm.n {
					at++
					random := seeded(at * 7919)
					body.WriteString("some words and so on ghp_")
					for range 36 {
						body.WriteByte("abcdefghijKLMNOPQRST0123456789"[random()%30])
					}
					body.WriteString(` \n`)
				}
				f := mcp.Frame{At: 1, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + body.String() + `"}}`)}
				ev := tp.engine.Step(f)
				if len(ev.Secrets) < bm.n*9/10 {
					b.Fatalf("%d secrets were detected", len(ev.Secrets))
				}
				b.StartTimer()
				if _, err := tp.session.Append(f, ev); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
