package replay_test

import (
	"context"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// TestGeneratedSessionsGuardTheDefaultPolicy: made-up sessions are judged as their
// labels say, and with the policy's own tests would notice if any rule of the default
// policy that decides were deleted.
func TestGeneratedSessionsGuardTheDefaultPolicy(t *testing.T) {
	text, ok := policy.Embedded("default")
	if !ok {
		t.Fatal("no default policy")
	}
	p, err := policy.Load("default", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []corpus.Case
	for c := range corpus.Generate(corpus.GenerateConfig{Seed: 1, Sessions: 500, Secret: detect.Generate}) {
		list = append(list, c)
	}
	s, err := replay.Score(context.Background(), cases(list...), replay.ScoreConfig{Policy: p, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if x := s.Sources[0]; x.Missed+x.Alarms+x.Redacted > 0 || x.Stopped < 300 || x.Quiet < 3000 {
		t.Errorf("%+v\n%s\n%s", x.Confusion, toJSON(t, x.Misses), toJSON(t, x.FalseAlarms))
	}
	// Tools change between sessions, which one session can't show.
	beyond := map[string]bool{"ask-about-changed-tools": true}
	for _, m := range mutate(t, p, 2, append(list, corpus.Tests(p)...)...).Mutants {
		if m.Kind == "delete-rule" && m.Killer == nil && !beyond[m.Rule] {
			t.Errorf("nothing would notice if %s (%s) were deleted", m.Rule, m.Pos)
		}
	}
}
