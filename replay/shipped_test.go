package replay_test

import (
	"context"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// shipped are the cases that come with Rulewind: made-up sessions, and the tests of
// the policies.
func shipped(t testing.TB, sessions int) []corpus.Case {
	t.Helper()
	var list []corpus.Case
	for c := range corpus.Generate(corpus.GenerateConfig{Seed: 1, Sessions: sessions, Secret: detect.Generate}) {
		list = append(list, c)
	}
	for _, name := range policy.EmbeddedNames() {
		list = append(list, corpus.Tests(embeddedPolicy(t, name))...)
	}
	return list
}

func embeddedPolicy(t testing.TB, name string) *policy.Policy {
	t.Helper()
	text, ok := policy.Embedded(name)
	if !ok {
		t.Fatalf("no policy %s", name)
	}
	p, err := policy.Load(name, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestShippedCasesKillDeletedRules: of no shipped policy could a rule that denies be
// lost without a shipped case that notices.
func TestShippedCasesKillDeletedRules(t *testing.T) {
	list := shipped(t, 200)
	for _, name := range policy.EmbeddedNames() {
		p := embeddedPolicy(t, name)
		report, err := replay.MutateWith(context.Background(), cases(list...), replay.MutateConfig{Policy: p, Workers: 2, Only: func(m *policy.Mutant) bool {
			return m.Kind == "delete-rule" && p.Rule(m.Rule).Action == policy.Deny
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range report.Mutants {
			if m.Killer == nil {
				t.Errorf("%s: nothing would notice if %s (%s) were deleted", name, m.Rule, m.Pos)
			}
		}
		if len(report.Mutants) == 0 {
			t.Errorf("%s denies nothing", name)
		}
	}
}

// BenchmarkMutants runs the default policy's mutants over the shipped cases, and one
// run of the policy itself.
func BenchmarkMutants(b *testing.B) {
	p := embeddedPolicy(b, "default")
	list := corpus.Tests(p)
	for c := range corpus.Generate(corpus.GenerateConfig{Seed: 1, Sessions: 500, Secret: detect.Generate}) {
		list = append(list, c)
	}
	b.Run("once", func(b *testing.B) {
		for b.Loop() {
			if _, err := replay.Run(context.Background(), cases(list...), replay.Config{Baseline: p, Candidates: []*policy.Policy{p}}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("mutants", func(b *testing.B) {
		for b.Loop() {
			if _, err := replay.Mutate(context.Background(), cases(list...), p, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}
