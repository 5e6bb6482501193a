package replay

import (
	"context"
	"fmt"
	"iter"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// Run judges the cases under the recorded policies, the baseline and the
// candidates. It returns an error if the cases can't be read or a policy can't be
// used; a gate that fails isn't an error. If ctx is cancelled the result is the
// part done, marked Interrupted. Each case must have memory of its own.
func Run(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg Config) (*Result, error) {
	t := newTotals(aboutOf(&cfg))
	interrupted, err := each(ctx, cfg.usable(cases), cfg.Workers, func() func(*corpus.Case) caseResult {
		return newJudge(&cfg).run
	}, func(r caseResult) {
		if r.skipped {
			return
		}
		t.add(&r)
		if cfg.Progress != nil {
			cfg.Progress(t.progress())
		}
	})
	if err != nil {
		return nil, fmt.Errorf("replaying: %w", err)
	}
	return t.result(&cfg.Gate, interrupted), nil
}

// Verify runs the A/A alone: every recorded verdict must come out the same.
func Verify(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg Config) (*Result, error) {
	cfg.Baseline, cfg.Fallback, cfg.Candidates = nil, nil, nil
	return Run(ctx, cases, cfg)
}

func refOf(p *policy.Policy) PolicyRef {
	if p == nil {
		return PolicyRef{}
	}
	return PolicyRef{Name: p.Name, Digest: p.Digest, Rules: len(p.Rules)}
}
