package importer

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// sqliteMagic begins every SQLite 3 database (sqlite.org/fileformat2.html).
var sqliteMagic = []byte("SQLite format 3\x00")

func isDatabase(s *source) bool { return bytes.HasPrefix(s.start, sqliteMagic) }

// readDatabase makes a case of each recorded session, oldest first. Nothing is
// derived: frames, events and policies are those of the time.
func readDatabase(src *source) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		fail := func(err error) { yield(corpus.Case{}, fmt.Errorf("reading %s: %w", src.path, err)) }
		store, err := recorder.OpenReadOnly(src.path)
		if err != nil {
			fail(err)
			return
		}
		defer store.Close()
		sessions, err := store.Sessions()
		if err != nil {
			fail(err)
			return
		}
		policies := map[string][]policy.Source{}
		for i := range sessions {
			info := &sessions[i]
			if info.Entries == 0 {
				continue
			}
			sources, known := policies[info.PolicyDigest]
			if !known {
				if sources, err = store.Policy(info.PolicyDigest); err != nil {
					fail(err)
					return
				}
				policies[info.PolicyDigest] = sources
			}
			c := corpus.Case{ID: info.ID, Source: src.name, Server: info.Server, Policy: sources, Steps: make([]corpus.Step, 0, info.Entries)}
			events := make([]policy.Event, 0, info.Entries) // one piece of memory for all
			for e, err := range store.Entries(info.ID) {
				if err != nil {
					fail(err)
					return
				}
				events = append(events, e.Event)
				c.Steps = append(c.Steps, corpus.Step{
					ID: info.ID + ":" + strconv.Itoa(e.Event.Seq), Frame: e.Frame, Recorded: &events[len(events)-1], Fidelity: unopened(e.Fidelity),
					Mono: e.Mono, Took: e.Took, Escrow: e.Escrow,
				})
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}
