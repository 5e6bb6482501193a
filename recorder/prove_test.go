package recorder_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

func TestProofHoldsWithoutTheStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	recorded(t, path)
	s := open(t, path, recorder.Options{})
	defer s.Close()
	list, err := s.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	cp, err := s.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	key, err := recorder.PublicKey(path)
	if err != nil || key == "" {
		t.Fatalf("key %q, %v", key, err)
	}
	// again is the proof of the second session after a change, written and read.
	again := func(change func(*recorder.Proof)) *recorder.Proof {
		t.Helper()
		p, err := s.Prove(list[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		change(p)
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if p, err = recorder.ReadProof(b); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, key := range []string{key, ""} {
		got, err := again(func(*recorder.Proof) {}).Check(key)
		if err != nil || got.Root != cp.Root || got.Size != 40 {
			t.Errorf("as it was made: %+v, %v", got, err)
		}
	}
	for name, tt := range map[string]struct {
		change func(*recorder.Proof)
		want   string
	}{
		"a body":            {func(p *recorder.Proof) { p.Entries[3].Data[30]++ }, "entry 24 isn't what was signed"},
		"a verdict":         {func(p *recorder.Proof) { p.Entries[3].Action++ }, "entry 24 isn't what was signed"},
		"a path":            {func(p *recorder.Proof) { p.Entries[3].Path[0][0]++ }, "entry 24 isn't what was signed"},
		"an entry left out": {func(p *recorder.Proof) { p.Entries = append(p.Entries[:5], p.Entries[6:]...) }, "is missing before entry 27"},
		"the first":         {func(p *recorder.Proof) { p.Entries = p.Entries[1:] }, "is missing before entry 22"},
		"all":               {func(p *recorder.Proof) { p.Entries = nil }, "no entry"},
		"two swapped":       {func(p *recorder.Proof) { p.Entries[1], p.Entries[2] = p.Entries[2], p.Entries[1] }, "is missing before"},
		"the server":        {func(p *recorder.Proof) { p.Session.Info = strings.Replace(p.Session.Info, "files", "other", 1) }, "entry 21 isn't"},
		"the policy":        {func(p *recorder.Proof) { p.Session.Sources += " " }, "entry 21 isn't"},
		"the note":          {func(p *recorder.Proof) { p.Note = strings.Replace(p.Note, "at ", "at 1", 1) }, "invalid signature"},
	} {
		if _, err := again(tt.change).Check(key); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want %q", name, err, tt.want)
		}
	}
	other := filepath.Join(t.TempDir(), "o.db")
	recorded(t, other)
	otherKey, _ := recorder.PublicKey(other)
	if _, err := again(func(*recorder.Proof) {}).Check(otherKey); err == nil || !strings.Contains(err.Error(), "isn't signed by") {
		t.Errorf("with another store's key: %v", err)
	}
	if _, err := s.Prove("nobody"); err == nil || !strings.Contains(err.Error(), "rulewind sessions") {
		t.Errorf("an unknown session: %v", err)
	}
	running := begin(t, s, defaultPolicy(t))
	running.message(mcp.ToServer, request(1))
	if _, err := s.Prove(running.session.ID()); err == nil || !strings.Contains(err.Error(), "rulewind log checkpoint") {
		t.Errorf("a session that isn't signed yet: %v", err)
	}
}

var update = flag.Bool("update", false, "write golden files anew")

// The golden proof is for those who write a verifier of their own: it must stay valid.
func TestGoldenProof(t *testing.T) {
	name := filepath.Join("testdata", "proof.json")
	if *update {
		path := filepath.Join(t.TempDir(), "r.db")
		recorded(t, path)
		s := open(t, path, recorder.Options{})
		defer s.Close()
		small, err := policy.Load("small.yaml", []byte("version: 1\ndefault: deny\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		tp := begin(t, s, small)
		tp.message(mcp.ToServer, request(1))
		tp.message(mcp.ToServer, request(2))
		if err := tp.session.End("closed", 1); err != nil {
			t.Fatal(err)
		}
		proof, err := s.Prove(tp.session.ID())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.MarshalIndent(proof, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := recorder.ReadProof(b)
	if err != nil {
		t.Fatal(err)
	}
	if cp, err := proof.Check(""); err != nil || cp.Size != 43 || len(proof.Entries) != 3 {
		t.Errorf("%d entries of %d: %v", len(proof.Entries), cp.Size, err)
	}
}
