package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A Verification is what Verify found out of a store.
type Verification struct {
	Entries     int64 `json:"entries"`
	Sessions    int   `json:"sessions"`
	Checkpoints int   `json:"checkpoints"`
	// Verified is the entry up to which a checkpoint covers what is stored. Those after
	// it were recorded since, and nothing would show a change of them.
	Verified int64 `json:"verified"`
	// Anchored is the entry up to which a note from elsewhere does.
	Anchored int64 `json:"anchored"`
	// Open are the sessions whose end no checkpoint covers: they run, or have crashed.
	Open   int    `json:"open"`
	Pruned int64  `json:"pruned"` // entries of which only the hash is left
	Key    string `json:"key,omitempty"`
	// Breaks are what isn't as it was signed, at most maxBreaks.
	Breaks []string `json:"breaks,omitempty"`
}

const maxBreaks = 20

// VerifyOptions are for Verify. The zero value trusts the key that the database names.
type VerifyOptions struct {
	// Key is the public key that must have signed the checkpoints.
	Key string
	// Anchors are notes of checkpoints that were kept elsewhere, one after the other.
	Anchors string
	// Progress, if set, is told now and then how many entries are done.
	Progress func(entries int64)
}

// progressEvery is after how many entries it is.
const progressEvery = 1 << 16

// Verify hashes all entries again and compares them with every checkpoint, reading
// only. An error says that it could not; what was changed is in Breaks.
func (s *Store) Verify(opt VerifyOptions) (*Verification, error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.exec("BEGIN"); err != nil { // one state for all queries
		return nil, describe(s.path, err)
	}
	v := &verifier{c: c, opt: opt, nextN: map[int64]int64{}, orphans: map[int64]bool{}, ended: map[string]string{}, pruned: map[string]bool{}}
	if err := v.run(); err != nil {
		return nil, describe(s.path, err)
	}
	return &v.out, nil
}

// A verifier compares the rows of the entries with the checkpoints over them, side by
// side.
type verifier struct {
	c    *conn
	opt  VerifyOptions
	out  Verification
	hash leafHasher

	headers map[int64]header
	ids     map[int64]string
	nextN   map[int64]int64 // by session, the place of its next entry
	orphans map[int64]bool

	points  []sealed // without their leaves
	ended   map[string]string
	pruned  map[string]bool
	anchors []Checkpoint

	unread error // of the last block that can't be read

	tree edge // over what is stored
	bad  bool // it can't be known any more, since entries are missing
	// Of the checkpoint that covers the entry at hand:
	at     int
	signed []tlog.Hash // its leaves, nil if they are not what it signed
	sound  bool        // all entries so far are as signed
}

func (v *verifier) breakf(format string, args ...any) {
	v.sound = false
	if len(v.out.Breaks) < maxBreaks {
		v.out.Breaks = append(v.out.Breaks, fmt.Sprintf(format, args...))
	}
}

func (v *verifier) run() (err error) {
	v.sound = true
	if v.headers, err = headers(v.c, 0); err != nil {
		return err
	}
	v.out.Sessions = len(v.headers)
	if v.ids, err = sessionIDs(v.c); err != nil {
		return err
	}
	version, err := v.c.version()
	if err != nil {
		return err
	}
	if version >= 2 {
		if err := errors.Join(v.readCheckpoints(), v.checkEnds()); err != nil {
			return err
		}
	}
	v.readAnchors()
	if err := v.enter(0); err != nil {
		return err
	}
	if err := allRows(v.c, v.entry); err != nil {
		return err
	}
	if err := v.missing(v.signedSize()); err != nil {
		return err
	}
	if err := v.pass(); err != nil {
		return err
	}
	for _, a := range v.anchors {
		if a.Size > v.out.Entries {
			v.breakf("the store was rolled back, or cut: an anchor of %s has %d entries, and it holds %d", day(a), a.Size, v.out.Entries)
		}
	}
	return v.checkCounts()
}

func (v *verifier) signedSize() int64 {
	if len(v.points) == 0 {
		return 0
	}
	return v.points[len(v.points)-1].cp.Size
}

// readCheckpoints reads the notes, and what they say of sessions.
func (v *verifier) readCheckpoints() error {
	named, err := verifierOf(v.c)
	if err != nil {
		return err
	}
	key := v.opt.Key
	if key == "" {
		key = named
	}
	v.out.Key = key
	size := int64(0)
	return v.c.query("SELECT num, start, size, note FROM checkpoints ORDER BY num", nil, func(row []driver.Value) error {
		p := sealed{num: row[0].(int64), start: row[1].(int64)}
		cp, err := openCheckpoint(asText(row[3]), key)
		if err != nil {
			v.breakf("checkpoint %d: %v", p.num, err)
			return nil
		}
		if p.start != size || cp.Size < size {
			v.breakf("a checkpoint is missing before number %d: entries %d to %d are covered by the next one only", p.num, size+1, cp.Size)
		}
		p.cp, size = cp, max(size, cp.Size)
		v.points = append(v.points, p)
		for id, hash := range cp.ended {
			v.ended[id] = hash
		}
		for _, id := range cp.pruned {
			v.pruned[id] = true
		}
		v.out.Checkpoints++
		return nil
	})
}

func (v *verifier) readAnchors() {
	for _, text := range splitNotes(v.opt.Anchors) {
		cp, err := openCheckpoint(text, v.out.Key)
		if err != nil {
			v.breakf("an anchor: %v: it is of another store, or the key of this one was replaced", err)
			continue
		}
		v.anchors = append(v.anchors, cp)
	}
}

// splitNotes parts notes that were written one after the other.
func splitNotes(text string) (out []string) {
	var b strings.Builder
	signed := false
	for line := range strings.Lines(text) {
		signature := strings.HasPrefix(line, "— ")
		if signed && !signature {
			out = append(out, b.String())
			b.Reset()
			signed = false
		}
		if b.Len() == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		signed = signature
		b.WriteString(line)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// enter makes checkpoint i the one at hand: its leaves must give its root.
func (v *verifier) enter(i int) error {
	v.at, v.signed = i, nil
	if i >= len(v.points) {
		return nil
	}
	p := v.points[i]
	var leaves []tlog.Hash
	err := v.c.query("SELECT leaves FROM checkpoints WHERE num = ?", []driver.Value{p.num}, func(row []driver.Value) error {
		b, _ := row[0].([]byte)
		leaves, _ = unpackHashes(b) // what is no list of hashes doesn't give the root
		return nil
	})
	if err != nil || v.bad {
		return err
	}
	tree := v.tree.clone()
	for _, h := range leaves {
		tree.add(h)
	}
	if tree.size == p.cp.Size && tree.root() == p.cp.Root {
		v.signed = leaves
	}
	return nil
}

// pass leaves the checkpoints that end where the tree is.
func (v *verifier) pass() error {
	for v.at < len(v.points) && v.out.Entries >= v.points[v.at].cp.Size {
		p := v.points[v.at]
		switch {
		case v.bad:
		case v.signed == nil && v.tree.root() == p.cp.Root:
			v.breakf("the stored hashes of entries %d to %d were changed; the entries are as they were signed", p.start+1, p.cp.Size)
		case v.signed == nil:
			v.breakf("entries %d to %d aren't what checkpoint %d signed, nor are their stored hashes", p.start+1, p.cp.Size, p.num)
			v.bad = true
		}
		if v.sound {
			v.out.Verified = p.cp.Size
		}
		if err := v.enter(v.at + 1); err != nil {
			return err
		}
	}
	for _, a := range v.anchors {
		switch {
		case a.Size != v.out.Entries || v.bad:
		case a.Root != v.tree.root():
			v.breakf("entries up to %d were rewritten: an anchor of %s has another root for them", a.Size, day(a))
		case v.sound:
			v.out.Anchored = max(v.out.Anchored, a.Size)
		}
	}
	return nil
}

func day(cp Checkpoint) string { return cp.At.UTC().Format("2006-01-02 15:04:05") }

// missing counts the entries up to seq as deleted.
func (v *verifier) missing(seq int64) error {
	from, to := v.out.Entries+1, min(seq, v.signedSize())
	if from > seq {
		return nil
	}
	if from > to {
		to = seq
	}
	if from == to {
		v.breakf("entry %d was deleted", to)
	} else {
		v.breakf("entries %d to %d were deleted", from, to)
	}
	for v.out.Entries < min(to, v.signedSize()) {
		if err := v.pass(); err != nil {
			return err
		}
		h, ok := v.leaf(v.out.Entries)
		v.bad = v.bad || !ok
		v.tree.add(h)
		v.out.Entries++
	}
	if v.out.Entries < seq { // of no checkpoint; and a seq that was changed can be any number
		v.out.Entries, v.bad = seq, true
	}
	return nil
}

// leaf returns what the checkpoint at hand signed for leaf i.
func (v *verifier) leaf(i int64) (tlog.Hash, bool) {
	if v.signed == nil {
		return tlog.Hash{}, false
	}
	at := i - (v.points[v.at].cp.Size - int64(len(v.signed)))
	return v.signed[at], true
}

func (v *verifier) entry(r leafRow) error {
	if r.seq <= v.out.Entries {
		v.breakf("entry %d is stored twice", r.seq)
		return nil
	}
	if err := v.missing(r.seq - 1); err != nil {
		return err
	}
	if err := v.pass(); err != nil {
		return err
	}
	h, ok := v.headers[r.session]
	id := v.ids[r.session]
	signed, covered := v.leaf(r.seq - 1)
	switch {
	case !ok:
		if !v.orphans[r.session] {
			v.breakf("entry %d is of a session that isn't there", r.seq)
		}
		v.orphans[r.session] = true
		v.bad = v.bad || !covered
	case r.err != nil:
		if r.err != v.unread { // once for a block
			v.breakf("%v (session %s)", r.err, id)
		}
		v.unread, v.bad = r.err, v.bad || !covered
	case len(r.data) == 0 && v.pruned[id]:
		v.out.Pruned++
		if !covered {
			v.bad = true // its hash can't be known
		}
	default:
		found := v.hash.hash(h, r.n, r.action, r.data)
		if covered && found != signed {
			v.breakf("entry %d was changed (session %s, its number %d), or its session was", r.seq, id, r.n)
		}
		if !covered {
			signed = found
		}
	}
	if ok && r.n != v.nextN[r.session] && !covered {
		v.breakf("entry %d is number %d of session %s, where %d comes next", r.seq, r.n, id, v.nextN[r.session])
	}
	v.nextN[r.session] = r.n + 1
	v.tree.add(signed)
	v.out.Entries++
	if v.opt.Progress != nil && v.out.Entries%progressEvery == 0 {
		v.opt.Progress(v.out.Entries)
	}
	return nil
}

func sessionIDs(c *conn) (map[int64]string, error) {
	out := map[int64]string{}
	err := c.query("SELECT num, id FROM sessions", nil, func(row []driver.Value) error {
		out[row[0].(int64)] = asText(row[1])
		return nil
	})
	return out, err
}

// checkEnds compares how sessions ended with what was signed.
func (v *verifier) checkEnds() error {
	gone := maps.Clone(v.ended)
	err := sessionEnds(v.c, "1", func(id, hash string) {
		signed, ok := v.ended[id]
		if !ok {
			v.out.Open++
		} else if signed != hash {
			v.breakf("the end of session %s was changed (its time, reason, or how many entries were lost)", id)
		}
		delete(gone, id)
	})
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		v.breakf("session %s was deleted", id)
	}
	return err
}

// checkCounts compares what sessions say of their entries with those that are there.
func (v *verifier) checkCounts() error {
	return v.c.query("SELECT num, id, actions FROM sessions WHERE actions IS NOT NULL", nil, func(row []driver.Value) error {
		want, counts := int64(0), map[string]int64{}
		if json.Unmarshal([]byte(asText(row[2])), &counts) != nil {
			v.breakf("session %s: its counts were changed", asText(row[1]))
			return nil
		}
		for _, n := range counts {
			want += n
		}
		if got := v.nextN[row[0].(int64)]; got != want && len(v.out.Breaks) == 0 {
			v.breakf("session %s ended with %d entries, and %d are there", asText(row[1]), want, got)
		}
		return nil
	})
}
