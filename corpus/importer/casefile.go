package importer

import (
	"fmt"
	"io"
	"iter"

	"github.com/rulewind/rulewind/corpus"
)

func isCaseFile(s *source) bool { return corpus.IsCaseFile(s.start) }

func readCaseFile(s *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		data, err := io.ReadAll(io.LimitReader(s.r, corpus.MaxCaseFile+1))
		if err == nil && len(data) > corpus.MaxCaseFile {
			err = fmt.Errorf("a case file above %d MiB; use JSON Lines", corpus.MaxCaseFile>>20)
		}
		if err != nil {
			yield(corpus.Case{}, fmt.Errorf("reading %s: %w", s.path, err))
			return
		}
		list, err := corpus.ReadCases(s.path, data)
		if err != nil {
			yield(corpus.Case{}, err)
			return
		}
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}
