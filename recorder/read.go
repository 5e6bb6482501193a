package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// Sessions lists what is recorded, oldest first.
func (s *Store) Sessions() ([]SessionInfo, error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	var out []SessionInfo
	open := map[openSession]int{}
	sealed, times := "sealed", "times"
	if v, err := c.version(); err != nil {
		return nil, describe(s.path, err)
	} else if v < 2 {
		sealed, times = "0", "NULL"
	} else if v < 5 {
		times = "NULL"
	}
	err = c.query("SELECT num, info, ended, reason, lost, actions, "+sealed+", first, "+times+" FROM sessions ORDER BY num", nil, func(row []driver.Value) error {
		var info SessionInfo
		if err := json.Unmarshal([]byte(asText(row[1])), &info); err != nil {
			return fmt.Errorf("session %v: %w", row[0], err)
		}
		info.Ended, _ = row[2].(int64)
		info.Reason = asText(row[3])
		lost, _ := row[4].(int64)
		info.Lost = int(lost)
		state, _ := row[6].(int64)
		info.Pruned = state == 2
		if times := asText(row[8]); times != "" {
			if err := json.Unmarshal([]byte(times), &info.Times); err != nil {
				return fmt.Errorf("session %v: %w", row[0], err)
			}
		}
		info.Actions = map[string]int{}
		if actions := asText(row[5]); actions == "" {
			open[openSession{num: asInt(row[0]), first: asInt(row[7])}] = len(out)
		} else if err := json.Unmarshal([]byte(actions), &info.Actions); err != nil {
			return fmt.Errorf("session %v: %w", row[0], err)
		}
		for _, n := range info.Actions {
			info.Entries += n
		}
		out = append(out, info)
		return nil
	})
	if err != nil {
		return nil, describe(s.path, err)
	}
	for o, i := range open { // running, or crashed: counted here
		last, actions, err := countEntries(c, o)
		if err != nil {
			return nil, describe(s.path, err)
		}
		out[i].Actions = actions
		for _, n := range actions {
			out[i].Entries += n
		}
		if out[i].Reason == "crashed" && out[i].Ended == 0 && out[i].Entries > 0 {
			if out[i].Ended, err = lastAt(c, o.num, last); err != nil {
				return nil, describe(s.path, err)
			}
			if out[i].Pruned {
				out[i].Ended = out[i].Started
			}
		}
	}
	return out, nil
}

// errStop ends a query whose reader has had enough.
var errStop = errors.New("stop")

// Entries yields the entries of a session, in order; none if it was pruned. The
// entry's bytes are the caller's to keep.
func (s *Store) Entries(session string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		c, err := s.borrow()
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer s.giveBack(c)
		err = readEntries(c, session, func(e Entry) error {
			if !yield(e, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Entry{}, describe(s.path, err))
		}
	}
}

func readEntries(c *conn, session string, each func(Entry) error) error {
	if err := c.exec("BEGIN"); err != nil { // entries may be packed meanwhile
		return err
	}
	num, err := c.number("SELECT num FROM sessions WHERE id = ?", session)
	if err != nil || num == 0 {
		return err
	}
	known := names{}
	return sessionRows(c, num, func(r leafRow) error {
		if r.err != nil || len(r.data) == 0 {
			return r.err
		}
		e, err := decodeEntry(r.seq, int(r.n), r.data, known)
		if err != nil {
			return err
		}
		return each(e)
	})
}
