package main

import (
	"strings"
	"testing"
)

func TestCorpusGenerate(t *testing.T) {
	e := newTestEnv(t)
	one := e.want(0, nil, "corpus", "generate", "--seed", "7", "--sessions", "5", "-o", "-")
	if n := strings.Count(one, `"rulewind":`); n != 5 {
		t.Errorf("%d sessions, want 5", n)
	}
	if again := e.want(0, nil, "corpus", "generate", "--seed", "7", "-n", "5", "-o", "-"); again != one {
		t.Error("one seed gives two corpora")
	}
	if other := e.want(0, nil, "corpus", "generate", "--seed", "8", "-n", "5", "-o", "-"); other == one {
		t.Error("two seeds give one corpus")
	}
	e.want(0, nil, "corpus", "generate", "--seed", "7", "-n", "30", "-o", "made.jsonl.zst")
	e.want(0, []string{"generated", "100.0 %"}, "corpus", "score", "made.jsonl.zst")
	e.want(exitUnable, []string{"--sessions"}, "corpus", "generate", "--seed", "7", "-n", "0", "-o", "-")
	e.want(exitUnable, []string{"--seed"}, "corpus", "generate", "-o", "-")
	e.want(0, []string{"Examples:"}, "corpus", "generate", "--help")
}
