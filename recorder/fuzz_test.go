package recorder_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

// FuzzAppend records a secret with anything around it and in it, and looks for it in
// what is stored: as many bytes, and not the secret wherever it was detected.
func FuzzAppend(f *testing.F) {
	key, _ := detect.Generate("github-pat", seeded(5))
	pem, _ := detect.Generate("private-key", seeded(6))
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + key + `"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\u0067` + key[1:] + `%20&#65;\\x41` + `"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":` + jsonQuote(pem) + `,"b":"\ud83d\ude00 \/"}}`,
		`log: ` + key + "\n" + key,
		`{"jsonrpc":"2.0","id":1,"id":"` + key,
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	s := open(f, filepath.Join(f.TempDir(), "r.db"), recorder.Options{Durability: recorder.Async})
	f.Cleanup(func() { s.Close() })
	p := defaultPolicy(f)
	f.Fuzz(func(t *testing.T, raw []byte, message bool) {
		tp := begin(t, s, p)
		kind := mcp.MessageFrame
		if !message {
			kind = mcp.OversizeFrame
		}
		tp.put(kind, mcp.ToServer, string(raw))
		if err := tp.session.End("closed", 1); err != nil {
			t.Fatal(err)
		}
		for e, err := range s.Entries(tp.session.ID()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Event.Seq == 0 {
				continue
			}
			if len(e.Frame.Raw) != len(raw) {
				t.Fatalf("%d bytes of %d are stored", len(e.Frame.Raw), len(raw))
			}
			for _, span := range tp.lastSecrets {
				secret := raw[span.Start:span.End]
				if len(secret) >= 20 && span.View == "raw" && bytes.Contains(e.Frame.Raw, secret) {
					t.Fatalf("what was detected as %s is stored: %q", span.Kind, e.Frame.Raw)
				}
			}
			if len(tp.lastSecrets) == 0 && !bytes.Equal(e.Frame.Raw, raw) {
				t.Fatalf("nothing was detected, and %q is stored for %q", e.Frame.Raw, raw)
			}
		}
	})
}
