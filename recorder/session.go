package recorder

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// SessionInfo is what is known of a session beside its entries.
type SessionInfo struct {
	ID        string   `json:"id"`
	Server    string   `json:"server,omitempty"`
	Client    string   `json:"client,omitempty"`
	Transport string   `json:"transport,omitempty"`
	Era       string   `json:"era,omitempty"`
	Basis     string   `json:"basis,omitempty"`
	Command   []string `json:"command,omitempty"`
	Engine    string   `json:"engine,omitempty"` // version of rulewind
	Started   int64    `json:"started"`          // ns since the Unix epoch

	// PolicyDigest and Policy are those that the session is judged by.
	PolicyDigest string          `json:"policy"`
	Policy       []policy.Source `json:"-"`

	// What follows is derived when sessions are listed.
	Ended   int64          `json:"ended,omitempty"`  // 0 while it runs
	Reason  string         `json:"reason,omitempty"` // closed, crashed, gap (entries were lost), or what failed
	Lost    int            `json:"lost,omitempty"`   // entries that could not be written
	Pruned  bool           `json:"pruned,omitempty"` // only the hashes of its entries are left
	Entries int            `json:"entries"`
	Actions map[string]int `json:"actions,omitempty"` // entries by action
	Times   *Timing        `json:"times,omitempty"`   // nil if it didn't come to its end
}

// A Session is one session being recorded. Append must be called in the order of
// the frames; the Gate's lock sees to that.
type Session struct {
	store *Store
	num   int64
	id    string
	began time.Time
	n     int64
	buf   []byte

	waitFor *batch // what wait waits for
	wait    func() error

	failure atomic.Pointer[failure]
	lost    atomic.Int64 // entries that were refused because of it

	waiting map[int]int64 // by its place, when a request was recorded: see answered

	// actions, last and times are of what is committed; guarded by Store.write.
	actions map[string]int
	last    int64
	times   times

	imported *SessionInfo // as it ended elsewhere, if it did
}

// Begin opens a session in the store.
func (s *Store) Begin(info SessionInfo) (*Session, error) {
	if info.Started == 0 {
		info.Started = time.Now().UnixNano()
	}
	var salt [5]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return nil, fmt.Errorf("naming the session: %w", err)
	}
	info.ID = time.Unix(0, info.Started).UTC().Format("20060102-150405") + "-" + hex.EncodeToString(salt[:])
	s.tokenMu.Lock()
	info.clean(&s.token)
	s.tokenMu.Unlock()
	session, err := s.insertSession(info)
	if err != nil {
		return nil, fmt.Errorf("beginning a session: %w", err)
	}
	return session, nil
}

// insertSession begins a session under the id that it has.
func (s *Store) insertSession(info SessionInfo) (*Session, error) {
	text, err := info.stored()
	if err != nil {
		return nil, err
	}
	session := &Session{store: s, id: info.ID, began: time.Now(), actions: map[string]int{}}
	err = s.update(func() error {
		if err := s.keepPolicy(info.PolicyDigest, info.Policy); err != nil {
			return err
		}
		r, err := s.w.SQLiteConn.Exec("INSERT INTO sessions (id, info, policy, owner, first) VALUES (?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM entries))", []driver.Value{info.ID, text, info.PolicyDigest, s.owner})
		if err != nil {
			return err
		}
		session.num, err = r.LastInsertId()
		return err
	}, func() { s.running = append(s.running, session) })
	s.recorded.Store(true)
	if err != nil {
		return nil, err
	}
	return session, nil
}

// clean replaces the secrets in the texts.
func (i *SessionInfo) clean(t *tokeniser) {
	i.Command = slices.Clone(i.Command)
	for k, word := range i.Command {
		i.Command[k] = t.clean(word)
	}
	for _, text := range []*string{&i.Server, &i.Client, &i.Transport, &i.Era, &i.Basis, &i.Engine} {
		*text = t.clean(*text)
	}
}

// ID returns the session's name: sortable by time, unique.
func (s *Session) ID() string { return s.id }

// Append takes the frame's place in the log. wait returns once it is committed, at
// once if the store is Async. An error of either wraps ErrUnavailable: the entry isn't
// stored and won't be, nor any later one of this session. Begin another one then: when
// writing works again the list of sessions says how many entries this one lost.
func (s *Session) Append(f mcp.Frame, ev *policy.Event) (wait func() error, err error) {
	raw, sub, fid := f.Raw, ev.Subject, policy.Exact
	r := restOf(ev)
	if len(ev.Secrets) > 0 {
		if raw, sub, fid, r, err = s.conceal(f, ev, r); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	t := timingOf(&f, s.began, time.Now())
	s.buf, err = appendEntry(s.buf[:0], &f, t, raw, ev, &sub, fid, r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	wait, err = s.store.add(row{session: s, n: s.n, action: ev.Verdict.Action, took: t.took, answered: s.answered(&f, ev, t)}, s.buf)
	if err == nil {
		s.n++
	}
	return wait, err
}

// conceal replaces the secrets of a frame and of its event, and finds out whether
// the stored bytes still give the event. If the store has an escrow, the original goes
// there.
func (s *Session) conceal(f mcp.Frame, ev *policy.Event, r *rest) ([]byte, policy.Subject, policy.Fidelity, *rest, error) {
	s.store.tokenMu.Lock()
	raw, scrub := s.store.token.replace(f.Raw, ev.Secrets, ev.Subject.Kind != "invalid" && ev.Subject.Kind != "oversize")
	s.store.tokenMu.Unlock()
	raw, sub, fid, r := concealed(raw, scrub, ev, r)
	if s.store.opt.Escrow == nil {
		return raw, sub, fid, r, nil
	}
	sealed, err := s.store.opt.Escrow.seal(f.Raw)
	if r == nil {
		r = &rest{}
	}
	if r.Escrow = sealed; fid == policy.Pinned {
		fid = policy.Escrow
	}
	return raw, sub, fid, r, err
}

// concealed is an event as it is stored beside raw.
func concealed(raw []byte, scrub *scrubber, ev *policy.Event, r *rest) ([]byte, policy.Subject, policy.Fidelity, *rest) {
	sub := scrub.subject(ev.Subject)
	if r != nil {
		c := *r
		c.Findings = append([]policy.Finding(nil), r.Findings...)
		for i := range c.Findings {
			c.Findings[i].Pointer = scrub.text(c.Findings[i].Pointer)
		}
		r = &c
	}
	if ev.Same(raw) {
		return raw, sub, policy.Exact, r
	}
	if r == nil {
		r = &rest{}
	}
	r.Pins, r.Pinned = scrub.pins(ev.Pins()), true
	return raw, sub, policy.Pinned, r
}

// End closes the session, and signs a checkpoint. What was appended is committed
// first; it is packed later, by the store's own goroutine.
func (s *Session) End(reason string, at int64) error {
	s.store.flush()
	if ended, err := s.endOnce(reason, at); err != nil || !ended {
		return err
	}
	if _, err := s.store.seal(nil); err != nil {
		return err
	}
	s.store.house.sessionEnded()
	return nil
}

func (s *Session) endOnce(reason string, at int64) (ended bool, err error) {
	s.store.write.Lock()
	defer s.store.write.Unlock()
	if f := s.failure.Load(); f != nil {
		return false, f.err // noteGaps says how it ended
	}
	if !slices.Contains(s.store.running, s) {
		return false, nil // it ended before, or with its store
	}
	defer s.store.takeTurn()()
	return true, s.end(reason, at)
}

// end writes the session's end. It is called with Store.write held, and may be called
// again if it fails.
func (s *Session) end(reason string, at int64) error {
	actions, err := json.Marshal(s.actions)
	if err != nil {
		return fmt.Errorf("encoding the session's end: %w", err)
	}
	sums := s.times.sum()
	times, err := json.Marshal(&sums)
	if s.imported != nil {
		times, err = json.Marshal(s.imported.Times)
	}
	if err != nil {
		return fmt.Errorf("encoding the session's end: %w", err)
	}
	err = s.store.w.transaction(func() error {
		err := s.store.w.exec("UPDATE sessions SET ended = ?, reason = ?, lost = ?, last = ?, actions = ?, times = ? WHERE num = ?",
			at, reason, s.lost.Load(), s.last, string(actions), string(times), s.num)
		return errors.Join(err, closeAsks(s.store.w, s.id, "session ended"))
	})
	if err != nil {
		return fmt.Errorf("%w: ending a session: %w", ErrUnavailable, describe(s.store.path, err))
	}
	s.store.running = slices.DeleteFunc(s.store.running, func(o *Session) bool { return o == s })
	return nil
}
