package replay_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

func part(t *testing.T, cfg replay.Config, index, of int, list ...corpus.Case) string {
	t.Helper()
	var b bytes.Buffer
	if err := replay.RunShard(context.Background(), cases(list...), cfg, replay.Shard{Index: index, Of: of}, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func merge(texts ...string) (*replay.Result, error) {
	var parts []replay.Part
	for i, text := range texts {
		parts = append(parts, replay.Part{Name: fmt.Sprintf("part%d", i), R: strings.NewReader(text)})
	}
	return replay.Merge(parts, replay.GateConfig{})
}

func TestMergedShardsGiveTheSameBytes(t *testing.T) {
	r := newSource(77)
	cfg := replay.Config{Engine: "v1", Fallback: r.policy(t, "base.yaml"), Workers: 2}
	for i := range 2 {
		cfg.Candidates = append(cfg.Candidates, r.policy(t, fmt.Sprintf("c%d.yaml", i)))
	}
	var list []corpus.Case
	for i := range 100 {
		c := r.session(fmt.Sprint("s", i))
		if i%10 == 0 {
			c = record(c, cfg.Fallback)
			c.Steps[0].Recorded.Verdict.Rule += "x" // drift
		}
		list = append(list, c)
	}
	for _, filter := range []replay.Filter{{}, {Sessions: []string{"s1*"}}, {Sessions: []string{"none"}}} {
		cfg.Filter = filter
		want := toJSON(t, run(t, cfg, list...))
		for _, of := range []int{1, 2, 3, 7, 150} {
			var parts []string
			for i := range of {
				parts = append(parts, part(t, cfg, i+1, of, list...))
			}
			r.Shuffle(of, func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
			got, err := merge(parts...)
			if err != nil {
				t.Fatalf("%d shards: %v", of, err)
			}
			if got := toJSON(t, got); got != want {
				t.Errorf("%d shards: %s", of, firstDifference(want, got))
			}
		}
	}
}

func TestMergeRefusesWhatIsNotOneRun(t *testing.T) {
	p := load(t, "p.yaml", "allow")
	cfg := replay.Config{Baseline: p, Candidates: []*policy.Policy{p}}
	list := []corpus.Case{session("a", call(1, "x", "{}")), session("b", call(1, "x", "{}")), session("c", call(1, "x", "{}"))}
	one, two := part(t, cfg, 1, 2, list...), part(t, cfg, 2, 2, list...)
	other := cfg
	other.Candidates = []*policy.Policy{load(t, "p.yaml", "deny")}
	for _, tt := range []struct {
		name  string
		parts []string
		want  string
	}{
		{"none", nil, "no part"},
		{"missing", []string{one}, "shard 2 of 2 is missing"},
		{"twice", []string{one, two, two}, "part1 and part2 are both shard 2 of 2"},
		{"another division", []string{one, part(t, cfg, 2, 3, list...)}, "part1 is shard 2 of 3, but part0 is one of 2"},
		{"another policy", []string{one, part(t, other, 2, 2, list...)}, "are of different runs"},
		{"another corpus", []string{one, part(t, cfg, 2, 2, list[0], list[2], list[1])}, "have read different cases"},
		{"a longer corpus", []string{one, part(t, cfg, 2, 2, append(list, list...)...)}, "beyond the end"},
		{"cut short", []string{one[:strings.LastIndex(strings.TrimSpace(one), "\n")+1], two}, "part0 is cut short"},
		{"cut within a line", []string{one, two[:len(two)-20]}, "part1 is cut short"},
		{"no part", []string{one, `{"version":"rulewind.replay/1"}`}, "part1 is no part"},
	} {
		if _, err := merge(tt.parts...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	if r, err := merge(one, two); err != nil || r.Corpus.Cases != 3 {
		t.Errorf("the whole run: %v", err)
	}
}

func TestParseShard(t *testing.T) {
	if s, err := replay.ParseShard("2/5"); err != nil || s != (replay.Shard{Index: 2, Of: 5}) {
		t.Errorf("2/5: %v, %v", s, err)
	}
	for _, text := range []string{"", "1", "0/2", "3/2", "-1/2", "a/b", "1/2/3", "1/99999"} {
		if s, err := replay.ParseShard(text); err == nil {
			t.Errorf("%q is read as %v", text, s)
		}
	}
}
