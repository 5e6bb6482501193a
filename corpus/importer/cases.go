package importer

import (
	"bytes"
	"fmt"
	"io"
	"iter"

	"github.com/rulewind/rulewind/corpus"
)

func isCases(s *source) bool { return corpus.HasForm(s.head) }

func readCases(s *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for c, err := range corpus.Read(s.r, s.path) {
			for i := range c.Steps {
				c.Steps[i].Fidelity = unopened(c.Steps[i].Fidelity)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func isVector(s *source) bool {
	return bytes.HasPrefix(s.start, []byte("-- session --\n")) || bytes.Contains(s.start, []byte("\n-- session --\n"))
}

// maxVector bounds a txtar archive, which is read whole.
const maxVector = 16 << 20

func readVector(s *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		data, err := io.ReadAll(io.LimitReader(s.r, maxVector+1))
		if err == nil && len(data) > maxVector {
			err = fmt.Errorf("a txtar archive above %d MiB; use JSON Lines", maxVector>>20)
		}
		if err != nil {
			yield(corpus.Case{}, fmt.Errorf("reading %s: %w", s.path, err))
			return
		}
		v, err := corpus.ReadTxtar(s.path, data)
		if err != nil {
			yield(corpus.Case{}, err)
			return
		}
		yield(v.Case, nil)
	}
}
