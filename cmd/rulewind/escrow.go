package main

import (
	"fmt"
	"iter"
	"os"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/recorder"
)

// escrowFlag says who may open the originals of what is recorded.
type escrowFlag struct {
	Escrow []string `placeholder:"RECIPIENT" help:"Keep the original of each message with secrets, encrypted to this recipient of age (age1...); replay --identity opens it. Repeatable."`
}

// escrow reads the recipients; nil if there is none.
func (f *escrowFlag) escrow() (*recorder.Escrow, error) {
	if len(f.Escrow) == 0 {
		return nil, nil
	}
	x, err := recorder.NewEscrow(f.Escrow...)
	if err != nil {
		return nil, fmt.Errorf("--escrow: %w", err)
	}
	return x, nil
}

// identityFlag opens such originals.
type identityFlag struct {
	Identity string `placeholder:"FILE" help:"Judge the originals that proxy --escrow kept, with the identities of age in this file."`
}

// open returns the cases of the sources, with their originals if there is an identity.
func (f *identityFlag) open(e *env, sources []string) (iter.Seq2[corpus.Case, error], error) {
	cases := importer.Open(sources...)
	if f.Identity == "" {
		return cases, nil
	}
	file, err := os.Open(e.path(f.Identity))
	if err != nil {
		return nil, fmt.Errorf("--identity: %w", err)
	}
	defer file.Close()
	ids, err := recorder.ReadIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("--identity: %w", err)
	}
	return importer.Originals(cases, ids), nil
}
