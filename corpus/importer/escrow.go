package importer

import (
	"fmt"
	"iter"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// Originals puts the original of every step that has one in escrow in the place of what
// was stored for it, so that it is judged as it was sent. What comes out holds secrets:
// whoever shows it masks them, as with any source.
func Originals(cases iter.Seq2[corpus.Case, error], ids *recorder.Identities) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for c, err := range cases {
			if err == nil {
				err = open(&c, ids)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func open(c *corpus.Case, ids *recorder.Identities) error {
	for i := range c.Steps {
		s := &c.Steps[i]
		if s.Escrow == nil {
			continue
		}
		original, err := ids.Open(s.Escrow)
		if err != nil {
			return fmt.Errorf("step %s of %s: %w", s.ID, c.Source, err)
		}
		s.Frame.Raw, s.Frame.Pins, s.Frame.Pinned = original, nil, false
		s.Fidelity, s.Escrow = policy.Exact, nil
	}
	return nil
}

// unopened is the fidelity of an entry whose original nobody opens: its findings are
// pinned too.
func unopened(f policy.Fidelity) policy.Fidelity {
	if f == policy.Escrow {
		return policy.Pinned
	}
	return f
}
