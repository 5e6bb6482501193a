package corpus_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/policy"
)

func generate(t *testing.T, seed uint64, sessions int) (out []corpus.Case) {
	t.Helper()
	for c := range corpus.Generate(corpus.GenerateConfig{Seed: seed, Sessions: sessions, Secret: detect.Generate}) {
		out = append(out, c)
	}
	return out
}

func TestGeneratedSessionsAreTheSameEachTime(t *testing.T) {
	one, again, other := export(t, generate(t, 1, 50)...), export(t, generate(t, 1, 50)...), export(t, generate(t, 2, 50)...)
	if !bytes.Equal(one, again) {
		t.Error("one seed gives two corpora")
	}
	if bytes.Equal(one, other) {
		t.Error("two seeds give one corpus")
	}
}

func TestGeneratedSessionsHoldTogether(t *testing.T) {
	p, err := policy.Load("p.yaml", []byte("version: 1\ndefault: allow\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, c := range generate(t, 3, 600) {
		s := policy.NewSession(p)
		for _, st := range c.Steps {
			if e := s.Step(st.Frame); e.Verdict.Action != policy.Allow {
				t.Fatalf("%s: %s by %s\n%s", st.ID, e.Verdict.Action, e.Verdict.Rule, st.Frame.Raw)
			}
			if st.Synthetic {
				continue
			}
			seen[st.Label]++
			name, encoding, _ := strings.Cut(st.Category, ":")
			seen[name]++
			seen[encoding]++
		}
	}
	for _, want := range []string{"attack", "benign", "session", "ordinary", "credential-paths", "commands", "egress", "injection", "secrets",
		"plain", "percent", "base64", "fullwidth", "zero-width", "html-comment", "quotes", "file-url", "traversal", "slashes"} {
		if seen[want] == 0 {
			t.Errorf("no %s in 600 sessions", want)
		}
	}
}
