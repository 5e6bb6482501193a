package replay_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/replay"
)

// TestLawL2Database is the rewind law through a database, with secrets replaced.
func TestLawL2Database(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	store, err := recorder.Open(path, recorder.Options{Durability: recorder.Async})
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for seed := range uint64(60) {
		r := newSource(5000 + seed)
		p, c := r.policy(t, "p.yaml"), r.session("s")
		if seed%3 == 0 {
			p = load(t, "secrets.yaml", "allow", `id: hide, direction: any, text: {secrets: true}, action: redact`)
			secret := secretOf(t, "github-pat")
			c = session("s", call(1, "a", `{"k":"`+secret+`","`+secret+`":1}`), answer(1, "it is "+secret+"."))
		}
		s, err := store.Begin(recorder.SessionInfo{Started: 1 + int64(seed), Server: "demo", PolicyDigest: p.Digest, Policy: p.Sources})
		if err != nil {
			t.Fatal(err)
		}
		engine := policy.NewSession(p)
		for i := range c.Steps {
			if _, err := s.Append(c.Steps[i].Frame, engine.Step(c.Steps[i].Frame)); err != nil {
				t.Fatal(err)
			}
			frames++
		}
		if err := s.End("closed", 2e18); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := replay.Verify(context.Background(), importer.Open(path), replay.Config{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	n := r.Control
	if n.Equal+n.NotEvaluable != frames || n.Sessions != 0 || n.NotEvaluable > 0 || r.Corpus.Cases != 60 {
		t.Errorf("%d frames: %s", frames, toJSON(t, r.Control))
	}
	if strings.Contains(toJSON(t, r), secretOf(t, "github-pat")) {
		t.Error("a secret came back")
	}
}
