package recorder_test

import (
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// identity makes an identity of age and its recipient.
func identity(t testing.TB) (ids *recorder.Identities, recipient string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	must(t, err)
	ids, err = recorder.ReadIdentities(strings.NewReader("# made for a test\n" + id.String() + "\n"))
	must(t, err)
	return ids, id.Recipient().String()
}

// With an escrow the originals are there for who has the identity, and for nobody else.
func TestEscrowKeepsOriginals(t *testing.T) {
	dir := t.TempDir()
	ids, recipient := identity(t)
	others, _ := identity(t)
	escrow, err := recorder.NewEscrow(recipient)
	must(t, err)
	s := open(t, filepath.Join(dir, "r.db"), recorder.Options{Escrow: escrow})
	tp := begin(t, s, defaultPolicy(t))
	key, _ := detect.Generate("github-pat", seeded(5))
	secrets := map[string]bool{key: true}
	sent := []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"notes"}}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"k: ` + key + ` end"}]}}`,
	}
	for _, kind := range []string{"putty-private-key", "curl-credentials", "aws-bedrock-short-key"} { // for which no stand-in will do
		text, _ := detect.Generate(kind, seeded(7))
		sent = append(sent, `{"jsonrpc":"2.0","id":"`+kind+`","method":"tools/call","params":{"name":"send","arguments":{"body":`+jsonQuote(text)+`}}}`)
	}
	for i, raw := range sent {
		tp.message([]mcp.Dir{mcp.ToServer, mcp.ToClient, mcp.ToServer, mcp.ToServer, mcp.ToServer}[i], raw)
	}
	check := func() {
		t.Helper()
		engine, pinned := policy.NewSession(defaultPolicy(t)), 0
		for i, e := range entries(t, s, tp.session.ID()) {
			want := policy.Exact
			if e.Frame.Pinned {
				want = policy.Escrow
				pinned++
			}
			if e.Fidelity != want || (e.Escrow != nil) != (i >= 2) {
				t.Errorf("entry %d is %s, %d bytes in escrow, pinned: %v", i, e.Fidelity, len(e.Escrow), e.Frame.Pinned)
			}
			f := e.Frame
			if e.Escrow != nil {
				original, err := ids.Open(e.Escrow)
				if err != nil || string(original) != sent[i-1] {
					t.Errorf("entry %d: %v; the original isn't what was sent", i, err)
				}
				if _, err := others.Open(e.Escrow); err == nil || !strings.Contains(err.Error(), "--escrow") || strings.Contains(err.Error(), key) {
					t.Errorf("with another identity: %v", err)
				}
				f.Raw, f.Pins, f.Pinned = original, nil, false
			}
			if ev := engine.Step(f); ev.Digest != tp.events[i].Digest {
				t.Errorf("entry %d is judged otherwise by its original", i)
			}
		}
		if pinned == 0 {
			t.Error("stand-ins do for all of these: find other ones")
		}
	}
	check()
	lookFor(t, dir, secrets)
	must(t, s.Close())
	lookFor(t, dir, secrets)
	s, err = recorder.OpenReadOnly(filepath.Join(dir, "r.db"))
	must(t, err)
	check() // packed
}

func TestEscrowRefusesWhatIsNoRecipient(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	must(t, err)
	for _, text := range []string{"", "ada", id.String()} {
		if _, err := recorder.NewEscrow(text); err == nil || !strings.Contains(err.Error(), "age-keygen -y") || strings.Contains(err.Error(), id.String()) {
			t.Errorf("%.5q gave %v", text, err)
		}
	}
	if _, err := recorder.ReadIdentities(strings.NewReader("x" + id.String())); err == nil || strings.Contains(err.Error(), id.String()) {
		t.Errorf("a broken identity gave %v", err)
	}
}

func BenchmarkAppendEscrow(b *testing.B) {
	_, recipient := identity(b)
	escrow, err := recorder.NewEscrow(recipient)
	must(b, err)
	s := open(b, filepath.Join(b.TempDir(), "r.db"), recorder.Options{Durability: recorder.Async, Escrow: escrow})
	defer s.Close()
	tp := begin(b, s, defaultPolicy(b))
	key, _ := detect.Generate("github-pat", seeded(5))
	f := mcp.Frame{At: 1, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + key + `"}}`)}
	ev := tp.engine.Step(f)
	for b.Loop() {
		if _, err := tp.session.Append(f, ev); err != nil {
			b.Fatal(err)
		}
	}
}
