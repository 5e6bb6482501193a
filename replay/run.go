package replay

import (
	"context"
	"errors"
	"iter"

	"github.com/rulewind/rulewind/corpus"
)

// Run judges the cases under the recorded policies, the baseline and the
// candidates. It returns an error if the cases can't be read or a policy can't be
// used; a gate that fails isn't an error. If ctx is cancelled the result is the
// part done, marked Interrupted.
func Run(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg Config) (*Result, error) {
	return nil, errors.New("running cases: not linked")
}
