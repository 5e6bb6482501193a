package replay_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/replay"
)

// TestStoredVerdictsAreThoseOfTheOriginals: what a recording keeps of messages with
// secrets is judged as they were, wherever it claims to stand for them exactly.
func TestStoredVerdictsAreThoseOfTheOriginals(t *testing.T) {
	p := load(t, "p.yaml", "allow",
		`id: no-keys-out, direction: to-server, text: {secrets: true}, action: deny`,
		`id: hide, direction: to-client, text: {secrets: true}, action: redact`,
		`id: no-commands, text: {commands: true}, action: deny`)
	path := filepath.Join(t.TempDir(), "r.db")
	store, err := recorder.Open(path, recorder.Options{Durability: recorder.Async})
	if err != nil {
		t.Fatal(err)
	}
	var originals []corpus.Case
	for i, kind := range []string{"github-pat", "aws-access-key", "slack-bot-token", "npm-token", "stripe-key", "private-key"} {
		secret := secretOf(t, kind)
		c := session(fmt.Sprint("s", i),
			call(1, "write", fmt.Sprintf(`{"text":%q}`, secret)), call(2, "read", "{}"), answer(2, "key: "+secret+"\nend"),
			call(3, "sh", `{"command":"rm -rf /"}`), call(4, "read", `{"path":"a"}`), answer(4, "nothing in here"))
		s, err := store.Begin(recorder.SessionInfo{Started: 1 + int64(i), Server: "demo", PolicyDigest: p.Digest, Policy: p.Sources})
		if err != nil {
			t.Fatal(err)
		}
		engine := policy.NewSession(p)
		for k := range c.Steps {
			if _, err := s.Append(c.Steps[k].Frame, engine.Step(c.Steps[k].Frame)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.End("closed", 2e18); err != nil {
			t.Fatal(err)
		}
		originals = append(originals, c)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	exact, replaced, at := 0, 0, 0
	for stored, err := range importer.Open(path) {
		if err != nil {
			t.Fatal(err)
		}
		x, y := policy.NewSession(p), policy.NewSession(p)
		for k := range stored.Steps {
			was := originals[at].Steps[k].Frame
			a, b := x.Step(was).Clone(), y.Step(stored.Steps[k].Frame)
			if stored.Steps[k].Fidelity != policy.Exact {
				continue
			}
			exact++
			if string(was.Raw) != string(stored.Steps[k].Frame.Raw) {
				replaced++
			}
			if toJSON(t, a.Verdict) != toJSON(t, b.Verdict) {
				t.Errorf("%s: %s, was %s", stored.Steps[k].ID, toJSON(t, b.Verdict), toJSON(t, a.Verdict))
			}
		}
		at++
	}
	if exact < 30 || replaced < 8 {
		t.Errorf("%d exact entries, %d of them with stand-ins: too little to tell", exact, replaced)
	}
	r, err := replay.Verify(context.Background(), importer.Open(path), replay.Config{})
	if err != nil || r.Control.Sessions != 0 || r.Gate.Status != replay.Passed {
		t.Errorf("%v %s", err, toJSON(t, r.Control))
	}
}
