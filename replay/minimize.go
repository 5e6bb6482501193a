package replay

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Minimum says which cases keep all that a corpus shows of a policy.
type Minimum struct {
	Cases    int `json:"cases"`
	Kept     int `json:"kept"`
	Features int `json:"features"`
	// Numbers are the places of the kept cases in the corpus, from 0, rising.
	Numbers []int `json:"numbers"`

	keep map[int][]string // for each kept case, the features that it is kept for
}

// A MinimizeConfig says what has to be kept: the coverage of Policy (rules that
// matched and decided, conditions that held and didn't), the mutants killed, and
// the groups of changes that each candidate makes.
type MinimizeConfig struct {
	Policy     *policy.Policy
	Candidates []*policy.Policy
	Workers    int
}

// Minimize picks cases that together show what all of them do, small ones first
// where they show as much.
func Minimize(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg MinimizeConfig) (*Minimum, error) {
	var all []shown
	ids := map[string]int{}
	var names []string
	interrupted, err := each(ctx, cases, cfg.Workers, func() func(*corpus.Case) shown {
		return newShower(cfg).run
	}, func(s shown) {
		for _, f := range s.features {
			id, known := ids[f]
			if !known {
				id = len(names)
				ids[f] = id
				names = append(names, f)
			}
			s.ids = append(s.ids, id)
		}
		s.features = nil
		all = append(all, s)
	})
	if err == nil && interrupted {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("minimizing: %w", err)
	}
	out := &Minimum{Cases: len(all), Features: len(names), Numbers: []int{}, keep: map[int][]string{}}
	for n, list := range choose(all, len(names)) {
		if len(list) == 0 {
			continue
		}
		out.Kept++
		out.Numbers = append(out.Numbers, n)
		for _, id := range list {
			out.keep[n] = append(out.keep[n], names[id])
		}
	}
	return out, nil
}

// shown is what a case shows.
type shown struct {
	features []string // sorted
	ids      []int
	size     int
}

// choose covers all features greedily, the case with the most new ones for its
// size first, and returns for each case those that it is kept for.
func choose(all []shown, features int) [][]int {
	out := make([][]int, len(all))
	covered := make([]bool, features)
	fresh := func(i int) (n int) {
		for _, id := range all[i].ids {
			if !covered[id] {
				n++
			}
		}
		return n
	}
	gains := make([]int, len(all)) // at least what a case would add now
	for i := range all {
		gains[i] = len(all[i].ids)
	}
	for {
		best, most := -1, 0
		for i := range all {
			// A gain only ever falls, so one that can't win needs no counting.
			if best >= 0 && !better(gains[i], all[i].size, most, all[best].size) || gains[i] == 0 {
				continue
			}
			if gains[i] = fresh(i); gains[i] > 0 && (best < 0 || better(gains[i], all[i].size, most, all[best].size)) {
				best, most = i, gains[i]
			}
		}
		if best < 0 {
			return out
		}
		for _, id := range all[best].ids {
			if !covered[id] {
				covered[id] = true
				out[best] = append(out[best], id)
			}
		}
	}
}

// better reports whether n features for a size are more for their size than m are;
// the size counts by its order of magnitude only.
func better(n, size, m, other int) bool {
	return n*weight(other) > m*weight(size) || n*weight(other) == m*weight(size) && size < other
}

func weight(size int) int {
	w := 8
	for ; size > 256; size /= 2 {
		w++
	}
	return w
}

// A shower finds out what cases show.
type shower struct {
	cfg     MinimizeConfig
	judge   *judge
	mutants []policy.Mutant

	want, may []string // while it shrinks: what a case has to show, and what it may
}

func newShower(cfg MinimizeConfig) *shower {
	return &shower{
		cfg:     cfg,
		judge:   newJudge(&Config{Baseline: cfg.Policy, Candidates: cfg.Candidates, noExamples: true}),
		mutants: cfg.Policy.Mutants(),
	}
}

func (s *shower) run(c *corpus.Case) shown {
	var out shown
	add := func(kind, what string) { out.features = append(out.features, kind+" "+what) }
	cover := newCoverCount(s.cfg.Policy)
	cover.run(s.cfg.Policy, c)
	for _, r := range cover.rules {
		if r.Matched > 0 {
			add("matched", r.Rule)
		}
		if r.Decided > 0 {
			add("decided", r.Rule)
		}
		for _, x := range r.Conditions {
			if x.True > 0 {
				add("true", x.Pos+" "+x.Text)
			}
			if x.False > 0 {
				add("false", x.Pos+" "+x.Text)
			}
		}
	}
	if cover.others > 0 {
		add("decided", "default")
	}
	k := killer{policy: s.cfg.Policy, mutants: s.mutants, dead: make([]bool, len(s.mutants))}
	for _, kill := range k.run(c).kills {
		add("kills", s.mutants[kill.mutant].ID)
	}
	bare := *c
	bare.Policy = nil // the policies to compare are given
	for i, cand := range s.judge.run(&bare).Cands {
		for _, g := range cand.Groups {
			add("change "+strconv.Itoa(i), g.Key.id())
		}
	}
	slices.Sort(out.features)
	out.features = slices.Compact(out.features)
	for i := range c.Steps {
		out.size += len(c.Steps[i].Frame.Raw) + 64
	}
	return out
}

// Shrink returns the case of that number with only as many steps as it takes to
// show what it is kept for, and messages that say no more than that takes. A shrunk case has no recorded events any more: they
// were those of the longer session.
func (m *Minimum) Shrink(cfg MinimizeConfig, number int, c corpus.Case) corpus.Case {
	s := newShower(cfg)
	whole := c
	whole.Policy = nil
	s.want, s.may = m.keep[number], s.run(&whole).features
	links := calls(cfg.Policy, &c)
	for size := len(c.Steps) / 2; size > 0; size /= 2 {
		for at := len(c.Steps) - size; at >= 0; at -= size {
			smaller, kept := drop(&c, links, at, size)
			if len(smaller.Steps) < len(c.Steps) && s.suffices(&smaller) {
				c, links = smaller, kept
			}
		}
	}
	return s.shrinkMessages(c)
}

// suffices reports whether a smaller case shows what is wanted, and nothing that the
// whole one doesn't.
func (s *shower) suffices(c *corpus.Case) bool {
	features := s.run(c).features
	return includes(features, s.want) && includes(s.may, features)
}

// calls returns, for each step, the step of the request that it answers, or -1.
func calls(p *policy.Policy, c *corpus.Case) []int {
	s := candidate(p)
	out := make([]int, len(c.Steps))
	for i := range c.Steps {
		out[i] = step(s, c.Steps[i].Frame).Subject.Call
	}
	return out
}

// drop returns the case without some steps and their answers. The opening fact
// stays.
func drop(c *corpus.Case, links []int, at, size int) (corpus.Case, []int) {
	out := *c
	out.Steps, out.Policy, out.Missing = nil, nil, c.Missing|corpus.NoVerdict
	places := make([]int, len(c.Steps)) // of the steps in the smaller case, -1 if gone
	var kept []int
	for i := range c.Steps {
		gone := i >= at && i < at+size && i > 0 || links[i] >= 0 && places[links[i]] < 0
		if places[i] = -1; gone {
			continue
		}
		places[i] = len(out.Steps)
		st := c.Steps[i]
		st.Recorded = nil
		out.Steps = append(out.Steps, st)
		link := links[i]
		if link >= 0 {
			link = places[link]
		}
		kept = append(kept, link)
	}
	return out, kept
}

// includes reports whether the sorted list has all that is wanted.
func includes(sorted, want []string) bool {
	return !slices.ContainsFunc(want, func(w string) bool {
		_, found := slices.BinarySearchFunc(sorted, w, cmp.Compare[string])
		return !found
	})
}
