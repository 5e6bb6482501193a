package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Sessions lists what is recorded, oldest first.
func (s *Store) Sessions() ([]SessionInfo, error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	var out []SessionInfo
	index := map[int64]int{}
	sealed := "sealed"
	if v, err := c.version(); err != nil || v < 2 {
		sealed = "0"
	}
	err = c.query("SELECT num, info, ended, reason, lost, actions, "+sealed+" FROM sessions ORDER BY num", nil, func(row []driver.Value) error {
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
		info.Actions = map[string]int{}
		if actions := asText(row[5]); actions == "" {
			index[row[0].(int64)] = len(out)
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
	for num, i := range index { // running, or crashed: counted here
		err = c.query(`SELECT action, count(*) FROM entries
			WHERE session = ?1 AND seq >= (SELECT first FROM sessions WHERE num = ?1) GROUP BY action`, []driver.Value{num}, func(row []driver.Value) error {
			n := int(row[1].(int64))
			out[i].Entries += n
			out[i].Actions[policy.Action(row[0].(int64)).String()] += n
			return nil
		})
		if err != nil {
			return nil, describe(s.path, err)
		}
	}
	return out, s.lastSeen(c, out)
}

// lastSeen gives sessions that crashed the time of their last entry as their end.
func (s *Store) lastSeen(c *conn, list []SessionInfo) error {
	for i := range list {
		if list[i].Reason != "crashed" || list[i].Entries == 0 || list[i].Ended > 0 {
			continue
		}
		if list[i].Pruned { // with the time of its entries
			list[i].Ended = list[i].Started
			continue
		}
		err := c.query(`SELECT e.seq, e.n, e.data FROM sessions s JOIN entries e ON e.session = s.num AND e.seq >= s.first
			WHERE s.id = ? ORDER BY e.seq DESC LIMIT 1`, []driver.Value{list[i].ID}, func(row []driver.Value) error {
			e, err := decodeEntry(row[0].(int64), int(row[1].(int64)), row[2].([]byte), names{})
			list[i].Ended = e.Frame.At
			return err
		})
		if err != nil {
			return describe(s.path, err)
		}
	}
	return nil
}

// errStop ends a query whose reader has had enough.
var errStop = errors.New("stop")

// Entries yields the entries of a session, in order; none if it was pruned. The
// entry's bytes are the caller's to keep.
func (s *Store) Entries(session string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		c, err := s.reader()
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer c.close()
		known := names{}
		err = c.query(`SELECT e.seq, e.n, e.data FROM sessions s CROSS JOIN entries e
			ON e.seq BETWEEN s.first AND coalesce(s.last, 9223372036854775807) AND e.session = s.num
			WHERE s.id = ? AND length(e.data) > 0 ORDER BY e.seq`, []driver.Value{session}, func(row []driver.Value) error {
			e, err := decodeEntry(row[0].(int64), int(row[1].(int64)), row[2].([]byte), known)
			if err != nil {
				return err
			}
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
