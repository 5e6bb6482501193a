package replay_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func score(t *testing.T, cfg replay.ScoreConfig, list ...corpus.Case) *replay.Scores {
	t.Helper()
	s, err := replay.Score(context.Background(), cases(list...), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// label sets the labels of a case's messages, in order; "?" is ambiguous.
func label(c corpus.Case, labels ...string) corpus.Case {
	for i, l := range labels {
		st := &c.Steps[i+1]
		if st.Ambiguous = l == "?"; l != "?" {
			st.Label = l
		}
		st.Category = "kind:of:thing"
	}
	return c
}

func TestScore(t *testing.T) {
	p := load(t, "p.yaml", "allow",
		`id: no-bad, tool: bad, action: deny`,
		`id: ask-odd, tool: odd, action: ask`,
		`id: hide, direction: to-client, text: {regex: "11+"}, action: redact`,
		`id: no-evil, direction: to-client, text: {regex: "evil"}, action: deny`)
	c := label(session("s",
		call(1, "bad", "{}"),                  // stopped
		call(2, "odd", "{}"),                  // stopped
		call(3, "ok", "{}"),                   // missed
		call(4, "ok", "{}"),                   // quiet
		answer(4, "111"),                      // redacted, and stopped
		call(5, "ok", "{}"), answer(5, "111"), // quiet; redacted though benign
		call(6, "odd", "{}"), // alarm
		call(7, "ok", "{}"),  // ambiguous
		call(8, "ok", "{}"),  // without a label
		call(9, "bad", "{}"), // stopped, and so its answer would be moot
	), "attack", "attack", "attack", "benign", "attack", "benign", "benign", "benign", "?")
	c.Steps[11].Label = "attack"
	want := replay.Confusion{Stopped: 4, Missed: 1, Quiet: 2, Alarms: 1, Redacted: 1}
	s := score(t, replay.ScoreConfig{Policy: p}, c)
	got := s.Sources[0]
	if d := cmp.Diff(want, got.Confusion); d != "" {
		t.Error(d)
	}
	if s.Unlabelled != 1 || s.Ambiguous != 1 || len(got.Misses) != 1 || got.Misses[0].Step != "s:3" || len(got.FalseAlarms) != 2 {
		t.Errorf("%s", toJSON(t, s))
	}
	if len(got.Categories) != 2 || got.Categories[1].Category != "kind" {
		t.Errorf("categories %s", toJSON(t, got.Categories))
	}
	if s := score(t, replay.ScoreConfig{Policy: p, AssumeBenign: true}, c); s.Sources[0].Quiet != 3 || s.Unlabelled != 0 {
		t.Errorf("assumed benign: %s", toJSON(t, s))
	}
}

func TestScoreJudgesAnswersOfStoppedCalls(t *testing.T) {
	p := load(t, "p.yaml", "allow",
		`id: no-args, tool: shy, args: {"x": {exists: true}}, action: deny`,
		`id: no-bad, tool: bad, action: deny`,
		`id: no-evil, direction: to-client, text: {regex: "evil"}, action: deny`)
	s := score(t, replay.ScoreConfig{Policy: p}, label(session("s",
		call(1, "shy", `{"x":1}`), answer(1, "evil"), // both stopped, each for itself
		call(2, "shy", `{"x":1}`), answer(2, "fine"), // the answer alone is quiet
		call(3, "bad", "{}"), answer(3, "evil"), // no call to the tool passes
	), "attack", "attack", "attack", "benign", "attack", "attack"))
	if d := cmp.Diff(replay.Confusion{Stopped: 4, Quiet: 1, Moot: 1}, s.Sources[0].Confusion); d != "" {
		t.Error(d)
	}
}

// TestCorporaAreRead reads real traffic where RULEWIND_CORPORA names it.
func TestCorporaAreRead(t *testing.T) {
	dir := os.Getenv("RULEWIND_CORPORA")
	if dir == "" {
		t.Skip("RULEWIND_CORPORA names no folder")
	}
	p, err := policy.Load("p.yaml", []byte("version: 1\ndefault: allow\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.zst"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpora in %s (%v)", dir, err)
	}
	// A policy that allows everything denies only what isn't a message of the session:
	// an importer that lost track would show here.
	s, err := replay.Score(context.Background(), importer.Open(files...), replay.ScoreConfig{Policy: p, AssumeBenign: true, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Sources) != len(files) {
		t.Errorf("%d sources of %d files", len(s.Sources), len(files))
	}
	for _, x := range s.Sources {
		if x.Alarms+x.Redacted+x.Moot+x.Stopped > 0 || x.Quiet+x.Missed == 0 {
			t.Errorf("%s: %+v\n%s", x.Source, x.Confusion, toJSON(t, x.FalseAlarms))
		}
	}
}
