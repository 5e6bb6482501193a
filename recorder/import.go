package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Import records a session as another store had it: its id, its entries, how it ended
// and how long it took. What is imported holds stand-ins already, and is taken as it is;
// entries get new places in this store's order, and new signatures. A session that can't
// be imported whole ends as "import failed". The id must be new.
func (s *Store) Import(info SessionInfo, entries iter.Seq2[Entry, error]) error {
	if info.ID == "" || info.Pruned || len(info.Policy) == 0 {
		return errors.New("importing a session: it needs an id, its entries and its policy")
	}
	session, err := s.insertSession(info)
	var e sqlite3.Error
	if errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrConstraintUnique {
		err = errors.New("a session of this id is recorded already")
	}
	if err != nil {
		return fmt.Errorf("importing session %s: %w", info.ID, err)
	}
	if err := session.take(info, entries); err != nil {
		return errors.Join(fmt.Errorf("importing session %s: %w", info.ID, err), session.End("import failed", time.Now().UnixNano()))
	}
	return nil
}

// take records the entries, and the end.
func (s *Session) take(info SessionInfo, entries iter.Seq2[Entry, error]) error {
	wait, last := committed, int64(0)
	for e, err := range entries {
		if err != nil {
			return err
		}
		if int64(e.Event.Seq) != s.n {
			return fmt.Errorf("entry %d stands where %d comes next", e.Event.Seq, s.n)
		}
		if wait, err = s.takeEntry(&e); err != nil {
			return err
		}
		last = e.Frame.At
	}
	if err := wait(); err != nil {
		return err
	}
	s.store.flush()
	if info.Ended == 0 {
		info.Ended, info.Reason = last, "running when it was exported"
	} else if counts := s.counts(); !maps.Equal(counts, info.Actions) {
		return fmt.Errorf("it has %v, and ended with %v", counts, info.Actions)
	}
	s.store.write.Lock()
	s.imported = &info
	s.lost.Store(int64(info.Lost))
	s.store.write.Unlock()
	return s.End(info.Reason, info.Ended)
}

func (s *Session) takeEntry(e *Entry) (wait func() error, err error) {
	v := &e.Event.Verdict
	r := restOf(&e.Event)
	if len(e.Frame.Pins)+len(e.Escrow) > 0 || e.Frame.Pinned {
		if r == nil {
			r = &rest{}
		}
		r.Pins, r.Pinned, r.Escrow = e.Frame.Pins, e.Frame.Pinned, e.Escrow
	}
	s.buf, err = appendEntry(s.buf[:0], &e.Frame, timing{e.Mono, e.Took}, e.Frame.Raw, &e.Event, &e.Event.Subject, e.Fidelity, r)
	if err != nil {
		return nil, err
	}
	wait, err = s.store.add(row{session: s, n: s.n, action: v.Action}, s.buf)
	if err == nil {
		s.n++
	}
	return wait, err
}

// counts are the entries that are committed, by action.
func (s *Session) counts() map[string]int {
	s.store.write.Lock()
	defer s.store.write.Unlock()
	return maps.Clone(s.actions)
}

// stored is what the sessions table keeps of the info: what isn't derived.
func (i SessionInfo) stored() (string, error) {
	i.Ended, i.Reason, i.Lost, i.Pruned, i.Entries, i.Actions, i.Times = 0, "", 0, false, 0, nil, nil
	b, err := json.Marshal(i)
	if err != nil {
		return "", fmt.Errorf("encoding the session: %w", err)
	}
	return string(b), nil
}
