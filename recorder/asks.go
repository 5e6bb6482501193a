package recorder

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// An Ask is a question to the user: may this call pass?
type Ask struct {
	ID      string `json:"id"`
	Session string `json:"session"`
	Entry   int64  `json:"entry"` // the call's place in its session: policy.Event.Seq
	Server  string `json:"server,omitempty"`
	Tool    string `json:"tool,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Reason  string `json:"reason,omitempty"`
	// Shown is the call as it is stored: see Session.Shown. It is kept as it is.
	Shown string `json:"shown,omitempty"`
	// Digest is Store.Digest of the arguments, for a grant.
	Digest  string `json:"digest,omitempty"`
	Created int64  `json:"created"`           // ns since the Unix epoch
	Expires int64  `json:"expires,omitempty"` // from then on nobody waits; 0: never

	// What follows is set by the store: Answer once somebody answered, or Closed (how,
	// such as "timeout") once nobody waits any more. While both are nil and "", it is
	// pending.
	Answer *Answer `json:"answer,omitempty"`
	Closed string  `json:"closed,omitempty"`
	// Turn counts the answers and closings of all asks, for AskAnswers; 0 while pending.
	Turn int64 `json:"-"`
}

// An Answer is what somebody said to an Ask. The zero value refuses.
type Answer struct {
	Approve bool `json:"approve"`
	// Remember is for the proxy, such as "session"; "" is only this call.
	Remember string `json:"remember,omitempty"`
	By       string `json:"by,omitempty"`
	At       int64  `json:"at"` // ns since the Unix epoch
}

// Errors of AnswerAsk and CloseAsk.
var (
	ErrNoAsk    = errors.New("no such question is known")
	ErrAnswered = errors.New("the question was answered before")
	ErrExpired  = errors.New("nobody waits for the answer any more")
)

// Shown is a message as Append stores it, without its secrets. It is called like
// Append: ev is valid until the session's next Step.
func (s *Session) Shown(f mcp.Frame, ev *policy.Event) string {
	if len(ev.Secrets) == 0 {
		return string(f.Raw)
	}
	s.store.tokenMu.Lock()
	defer s.store.tokenMu.Unlock()
	raw, _ := s.store.token.replace(f.Raw, ev.Secrets, ev.Subject.Kind != "invalid" && ev.Subject.Kind != "oversize")
	return string(raw)
}

// PutAsk keeps a question until it is answered or closed, or its session ends. It must
// have an id that no other has.
func (s *Store) PutAsk(a Ask) error {
	if a.ID == "" {
		return errors.New("keeping a question: it needs an id")
	}
	s.cleaned(&a.Server, &a.Tool, &a.Rule, &a.Reason)
	err := s.update(func() error {
		return s.w.exec("INSERT INTO asks (id, session, entry, server, tool, rule, reason, shown, digest, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			a.ID, a.Session, a.Entry, a.Server, a.Tool, a.Rule, a.Reason, a.Shown, a.Digest, a.Created, a.Expires)
	}, func() {})
	if err != nil {
		return fmt.Errorf("keeping a question: %w", err)
	}
	return nil
}

const askColumns = "id, session, entry, server, tool, rule, reason, shown, digest, created, expires, approved, remember, answerer, answered, closed, turn"

func askOf(row []driver.Value) Ask {
	a := Ask{
		ID: asText(row[0]), Session: asText(row[1]), Entry: asInt(row[2]), Server: asText(row[3]), Tool: asText(row[4]),
		Rule: asText(row[5]), Reason: asText(row[6]), Shown: asText(row[7]), Digest: asText(row[8]), Created: asInt(row[9]), Expires: asInt(row[10]),
		Closed: asText(row[15]), Turn: asInt(row[16]),
	}
	if row[11] != nil {
		a.Answer = &Answer{asInt(row[11]) == 1, asText(row[12]), asText(row[13]), asInt(row[14])}
	}
	return a
}

// Asks lists questions, oldest first: all, or those that are pending. Some of these
// may have expired.
func (s *Store) Asks(pendingOnly bool) (out []Ask, err error) {
	if ok, err := s.has(3); err != nil || !ok {
		return nil, err
	}
	err = s.read("SELECT "+askColumns+" FROM asks WHERE NOT ? OR turn = 0 ORDER BY num", []driver.Value{pendingOnly}, func(row []driver.Value) error {
		out = append(out, askOf(row))
		return nil
	})
	return out, err
}

// AnswerAsk answers a question, synced to the disk. The first answer stands. Errors
// wrap ErrNoAsk, ErrAnswered, or ErrExpired (closed, or not pending at Answer.At).
func (s *Store) AnswerAsk(id string, answer Answer) error {
	s.cleaned(&answer.Remember, &answer.By)
	return s.settle(id, answer.At, "approved = ?, remember = ?, answerer = ?, answered = ?", answer.Approve, answer.Remember, answer.By, answer.At)
}

// CloseAsk says that nobody waits for the answer any more, and how that came about in
// a word. Errors wrap ErrNoAsk, ErrAnswered (then AskAnswers has the answer) or
// ErrExpired (it was closed before).
func (s *Store) CloseAsk(id, how string) error {
	if how == "" {
		return errors.New("closing a question: say how")
	}
	s.cleaned(&how)
	return s.settle(id, 0, "closed = ?", how)
}

// nextTurn is the number of an answer or closing: by the order of their commits.
const nextTurn = "turn = (SELECT max(turn) + 1 FROM asks)"

// settle answers or closes a question that is pending at a time.
func (s *Store) settle(id string, at int64, set string, args ...driver.Value) error {
	var refused error
	err := s.updateSafely(func() error {
		var found *Ask
		err := s.w.query("SELECT "+askColumns+" FROM asks WHERE id = ?", []driver.Value{id}, func(row []driver.Value) error {
			a := askOf(row)
			found = &a
			return nil
		})
		if err != nil {
			return err
		}
		if refused = found.pending(at); refused != nil {
			return nil
		}
		return s.w.exec("UPDATE asks SET "+nextTurn+", "+set+" WHERE id = ?", append(args, id)...)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return fmt.Errorf("settling question %s: %w", id, err)
	}
	return nil
}

// pending returns why a question can't be settled at a time.
func (a *Ask) pending(at int64) error {
	switch {
	case a == nil:
		return ErrNoAsk
	case a.Answer != nil:
		return ErrAnswered
	case a.Closed != "":
		return fmt.Errorf("%w: it was closed: %s", ErrExpired, a.Closed)
	case a.Expires > 0 && a.Expires <= at:
		return fmt.Errorf("%w: it expired at %s", ErrExpired, time.Unix(0, a.Expires).UTC().Format(time.RFC3339))
	}
	return nil
}

// AskAnswers returns a session's questions that were answered or closed after a turn
// (Ask.Turn of the last that was returned; 0 at first), in order. It is made to be
// called again and again: while nobody writes it asks SQLite for a number only.
func (s *Store) AskAnswers(session string, after int64) (out []Ask, err error) {
	if ok, err := s.has(3); err != nil || !ok {
		return nil, err
	}
	q := question{"asks", session, after}
	err = s.poll(q, "SELECT "+askColumns+" FROM asks WHERE session = ? AND turn > ? ORDER BY turn", []driver.Value{session, after}, func(row []driver.Value) error {
		out = append(out, askOf(row))
		return nil
	})
	return out, err
}

// closeAsks closes the questions of a session that ends. It is called within a
// transaction, or is one.
func closeAsks(c *conn, session, how string) error {
	return c.exec("UPDATE asks SET "+nextTurn+", closed = ? WHERE session = ? AND turn = 0", how, session)
}
