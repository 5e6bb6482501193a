package recorder

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// A Grant allows one call that a policy would ask about, once.
type Grant struct {
	ID string `json:"id"`
	// Tool is the tool's name. Server is the server's; "" is any.
	Tool   string `json:"tool"`
	Server string `json:"server,omitempty"`
	// ArgsDigest is Store.Digest of the arguments; "" is any.
	ArgsDigest string `json:"args,omitempty"`
	Note       string `json:"note,omitempty"`
	By         string `json:"by,omitempty"`
	Created    int64  `json:"created"`           // ns since the Unix epoch
	Expires    int64  `json:"expires,omitempty"` // from then on it is none; 0: never

	// What follows is set by the store.
	Used    int64  `json:"used,omitempty"` // when, 0 if it wasn't
	Session string `json:"session,omitempty"`
	Entry   int64  `json:"entry,omitempty"`
	Revoked int64  `json:"revoked,omitempty"` // when, 0 if it wasn't
}

// A GrantOutcome says what became of a claim. The zero value is NoGrant.
type GrantOutcome uint8

// The outcomes. Of several that are true, the last in this order is told, so that the
// user learns of what comes nearest to a grant; but GrantClaimed is told alone.
const (
	NoGrant           GrantOutcome = iota // none for this tool of this server
	GrantForOtherArgs                     // only for other arguments
	GrantUsed                             // one for these, which was used already
	GrantExpired                          // one for these, which wasn't used in time
	GrantClaimed                          // it is this call's, and nobody else's
)

// String returns "none", "other-arguments", "used", "expired" or "claimed".
func (o GrantOutcome) String() string {
	switch o {
	case GrantForOtherArgs:
		return "other-arguments"
	case GrantUsed:
		return "used"
	case GrantExpired:
		return "expired"
	case GrantClaimed:
		return "claimed"
	}
	return "none"
}

// ErrNoGrant is wrapped when RevokeGrant finds no grant that could still be used.
var ErrNoGrant = errors.New("no such grant is open")

// AddGrant keeps a grant, synced to the disk. It must have an id that no other has,
// and a tool.
func (s *Store) AddGrant(g Grant) error {
	if g.ID == "" || g.Tool == "" {
		return errors.New("adding a grant: it needs an id and a tool")
	}
	s.cleaned(&g.Tool, &g.Server, &g.Note, &g.By)
	err := s.updateSafely(func() error {
		return s.w.exec("INSERT INTO grants (id, server, tool, args, note, maker, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			g.ID, g.Server, g.Tool, g.ArgsDigest, g.Note, g.By, g.Created, g.Expires)
	})
	if err != nil {
		return fmt.Errorf("adding a grant: %w", err)
	}
	return nil
}

const grantColumns = "id, tool, server, args, note, maker, created, expires, used, session, entry, revoked"

func grantOf(row []driver.Value) Grant {
	return Grant{asText(row[0]), asText(row[1]), asText(row[2]), asText(row[3]), asText(row[4]), asText(row[5]),
		asInt(row[6]), asInt(row[7]), asInt(row[8]), asText(row[9]), asInt(row[10]), asInt(row[11])}
}

// Grants lists grants, oldest first: all, or only those that are neither used nor
// revoked. Some of these may have expired.
func (s *Store) Grants(all bool) (out []Grant, err error) {
	if ok, err := s.has(3); err != nil || !ok {
		return nil, err
	}
	err = s.read("SELECT "+grantColumns+" FROM grants WHERE ? OR used + revoked = 0 ORDER BY num", []driver.Value{all}, func(row []driver.Value) error {
		out = append(out, grantOf(row))
		return nil
	})
	return out, err
}

// ClaimGrant takes a grant for a call, synced to the disk, and returns it: of those
// that would do one for these arguments first, then the one that expires first. Two
// claims never get the same one. session and entry (policy.Event.Seq) say whose call
// it is. With any other outcome than GrantClaimed, or an error, nothing is taken; the
// grant that is returned then is the one that the outcome tells of.
func (s *Store) ClaimGrant(server, tool, argsDigest, session string, entry, now int64) (g Grant, outcome GrantOutcome, err error) {
	s.cleaned(&server, &tool)
	find := func(query func(string, []driver.Value, func([]driver.Value) error) error) error {
		g, outcome = Grant{}, NoGrant
		return query("SELECT "+grantColumns+` FROM grants WHERE tool = ? AND server IN (?, '') AND revoked = 0
			ORDER BY args = '', CASE expires WHEN 0 THEN 9223372036854775807 ELSE expires END, num`, []driver.Value{tool, server}, func(row []driver.Value) error {
			one := grantOf(row)
			if o := one.outcome(argsDigest, now); o > outcome {
				g, outcome = one, o
			}
			return nil
		})
	}
	// Most calls have none: that is found out without the lock of writers.
	if err := find(s.read); err != nil || outcome != GrantClaimed {
		return g, outcome, err
	}
	err = s.updateSafely(func() error {
		if err := find(s.w.query); err != nil || outcome != GrantClaimed {
			return err // somebody was quicker
		}
		g.Used, g.Session, g.Entry = now, session, entry
		return s.w.exec("UPDATE grants SET used = ?, session = ?, entry = ? WHERE id = ?", now, session, entry, g.ID)
	})
	if err != nil {
		return Grant{}, NoGrant, fmt.Errorf("claiming a grant: %w", err)
	}
	return g, outcome, nil
}

// outcome says what the grant is for a call with these arguments.
func (g *Grant) outcome(argsDigest string, now int64) GrantOutcome {
	switch {
	case g.ArgsDigest != "" && g.ArgsDigest != argsDigest:
		if g.Used > 0 || g.Expires > 0 && g.Expires <= now {
			return NoGrant
		}
		return GrantForOtherArgs
	case g.Used > 0:
		return GrantUsed
	case g.Expires > 0 && g.Expires <= now:
		return GrantExpired
	}
	return GrantClaimed
}

// RevokeGrant makes a grant one that can't be used.
func (s *Store) RevokeGrant(id string) error {
	revoked := int64(0)
	err := s.updateSafely(func() error {
		r, err := s.w.SQLiteConn.Exec("UPDATE grants SET revoked = ? WHERE id = ? AND used + revoked = 0", []driver.Value{time.Now().UnixNano(), id})
		if err == nil {
			revoked, err = r.RowsAffected()
		}
		return err
	})
	if err == nil && revoked == 0 {
		err = ErrNoGrant
	}
	if err != nil {
		return fmt.Errorf("revoking grant %s: %w", id, err)
	}
	return nil
}
