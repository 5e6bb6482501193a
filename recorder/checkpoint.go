package recorder

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint is a signed statement of what a store held: a C2SP tlog-checkpoint.
// After the lines of origin, size and root come lines of our own: "at TIME", and for
// each session that ended or was pruned since the last one "ended ID HASH" or
// "pruned ID".
type Checkpoint struct {
	Size   int64     // entries
	Root   tlog.Hash // of the tree over them
	At     time.Time
	Note   string // the signed text
	ended  map[string]string
	pruned []string
}

// maxLeaves bounds the leaves of one checkpoint, and so what is read at once.
const maxLeaves = 1 << 15

// ErrBroken is wrapped when what is recorded isn't what was signed.
var ErrBroken = errors.New("the log was changed after it was signed; see `rulewind log verify`")

// Checkpoint signs what is committed. If nothing is new, it returns the last one.
func (s *Store) Checkpoint() (Checkpoint, error) {
	s.flush()
	return s.seal(nil)
}

// seal signs what is committed, and that sessions were pruned.
func (s *Store) seal(pruned []string) (cp Checkpoint, err error) {
	s.sealing.Lock()
	defer s.sealing.Unlock()
	c, err := s.reader()
	if err != nil {
		return cp, err
	}
	defer c.close()
	key, err := s.signKey(c)
	if err != nil {
		return cp, err
	}
	for {
		var done bool
		if cp, done, err = s.sealSome(c, key, pruned); err != nil || done {
			return cp, err
		}
	}
}

// A sealed is a row of the checkpoints table: leaves are those after start.
type sealed struct {
	num, start    int64
	cp            Checkpoint
	leaves, edges []byte
}

// sealSome adds at most one checkpoint. The leaves are hashed with no lock held; only
// if nobody was quicker they count.
func (s *Store) sealSome(c *conn, key signKey, pruned []string) (cp Checkpoint, done bool, err error) {
	last, tree, err := lastSealed(c, key)
	if err != nil {
		return cp, true, err
	}
	leaves, err := newLeaves(c, &tree)
	if err != nil {
		return cp, true, fmt.Errorf("hashing entries: %w", describe(s.path, err))
	}
	raced := false
	err = s.update(func() error {
		now, err := lastNum(s.w)
		if raced = err == nil && now != last.num; raced || err != nil {
			return err
		}
		if err := s.claimKey(key); err != nil {
			return err
		}
		ends, err := unsealedEnds(s.w)
		if err != nil {
			return err
		}
		if len(leaves)+len(ends)+len(pruned) == 0 && last.num > 0 {
			cp = last.cp
			return nil
		}
		cp = Checkpoint{Size: tree.size, Root: tree.root(), At: time.Now(), ended: ends, pruned: pruned}
		if err := cp.sign(key); err != nil {
			return err
		}
		if err := s.w.exec("INSERT INTO checkpoints (start, size, note, leaves, edge) VALUES (?, ?, ?, ?, ?)",
			last.cp.Size, cp.Size, cp.Note, packHashes(leaves), packHashes(tree.hashes)); err != nil {
			return err
		}
		return s.w.exec("UPDATE sessions SET sealed = 1 WHERE ended IS NOT NULL AND sealed = 0")
	}, func() {})
	if err != nil {
		return cp, true, fmt.Errorf("writing a checkpoint: %w", err)
	}
	return cp, !raced && len(leaves) < maxLeaves, nil
}

// signKey returns the store's signing key. It is made only for a store that has none:
// another key's signatures would be taken for forged.
func (s *Store) signKey(c *conn) (key signKey, err error) {
	file := signKeyFile(s.opt.KeyFile)
	named, err := verifierOf(c)
	if err != nil {
		return key, describe(s.path, err)
	}
	if named == "" {
		return readSignKey(file)
	}
	key, err = loadSignKey(file)
	if err != nil {
		return key, fmt.Errorf("reading the key that signed this store: %w; restore it, or move the database away and start a new one", err)
	}
	return key, key.check(named, file)
}

func (k signKey) check(named, file string) error {
	if named == k.verifier {
		return nil
	}
	return fmt.Errorf("the signing key %s isn't the one that signed this store; restore it, or move the database away and start a new one", file)
}

// claimKey makes the key the store's, unless another process was quicker with another.
func (s *Store) claimKey(key signKey) error {
	if err := s.w.exec("INSERT INTO meta (key, value) VALUES ('verifier', ?) ON CONFLICT DO NOTHING", key.verifier); err != nil {
		return err
	}
	named, err := verifierOf(s.w)
	if err != nil {
		return err
	}
	return key.check(named, signKeyFile(s.opt.KeyFile))
}

// newLeaves hashes the entries after the tree's, and adds them to it.
func newLeaves(c *conn, tree *edge) (leaves []tlog.Hash, err error) {
	known := map[int64]header{}
	var hasher leafHasher
	err = leafRows(c, tree.size, maxLeaves, func(r leafRow) error {
		if r.seq != tree.size+1 {
			return fmt.Errorf("%w: entry %d is missing", ErrBroken, tree.size+1)
		}
		h, ok := known[r.session]
		if !ok {
			if h, ok, err = headerOfSession(c, r.session); err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("%w: the session of entry %d is missing", ErrBroken, r.seq)
			}
			known[r.session] = h
		}
		leaf := hasher.hash(h, r.n, r.action, r.data)
		leaves = append(leaves, leaf)
		tree.add(leaf)
		return nil
	})
	return leaves, err
}

func lastNum(c *conn) (num int64, err error) {
	err = c.query("SELECT coalesce(max(num), 0) FROM checkpoints", nil, func(row []driver.Value) error {
		num = row[0].(int64)
		return nil
	})
	return num, err
}

// lastSealed returns the last checkpoint, if it is ours, and the tree as it was.
func lastSealed(c *conn, key signKey) (last sealed, tree edge, err error) {
	var found *sealed
	err = checkpoints(c, "ORDER BY num DESC LIMIT 1", func(row sealed) error {
		found = &row
		return nil
	})
	if err != nil || found == nil {
		return last, tree, err
	}
	cp, err := openCheckpoint(found.cp.Note, key.verifier)
	if err != nil {
		return last, tree, fmt.Errorf("%w: the last checkpoint: %w", ErrBroken, err)
	}
	found.cp = cp
	tree.size = cp.Size
	if tree.hashes, err = unpackHashes(found.edges); err != nil || len(tree.hashes) != ones(tree.size) || tree.root() != cp.Root {
		return last, tree, fmt.Errorf("%w: the hashes of the last checkpoint", ErrBroken)
	}
	return *found, tree, nil
}

// ones returns how many full subtrees a tree has at its edge.
func ones(size int64) (n int) {
	for ; size > 0; size &= size - 1 {
		n++
	}
	return n
}

// checkpoints calls each with rows of the table.
func checkpoints(c *conn, order string, each func(sealed) error) error {
	return c.query("SELECT num, start, size, note, leaves, edge FROM checkpoints "+order, nil, func(row []driver.Value) error {
		leaves, _ := row[4].([]byte)
		edges, _ := row[5].([]byte)
		return each(sealed{row[0].(int64), row[1].(int64), Checkpoint{Size: row[2].(int64), Note: asText(row[3])}, leaves, edges})
	})
}

// unsealedEnds returns, by id, the hashes of the ends that no checkpoint has.
func unsealedEnds(c *conn) (map[string]string, error) {
	out := map[string]string{}
	err := sessionEnds(c, "ended IS NOT NULL AND sealed = 0", func(id, hash string) { out[id] = hash })
	return out, err
}

// sessionEnds calls each with the id of sessions and the hash of how they ended.
func sessionEnds(c *conn, where string, each func(id, hash string)) error {
	return c.query("SELECT id, ended, reason, lost, last, actions FROM sessions WHERE "+where+" ORDER BY num", nil, func(row []driver.Value) error {
		var b []byte
		for _, v := range row {
			b = appendText(b, fmt.Sprint(v))
		}
		sum := sha256.Sum256(b)
		each(asText(row[0]), hex.EncodeToString(sum[:]))
		return nil
	})
}

// sign writes the checkpoint's note. An id that was changed so as to hold a line of its
// own isn't signed: it could say that another session was pruned.
func (cp *Checkpoint) sign(key signKey) error {
	for _, id := range slices.Concat(slices.Collect(maps.Keys(cp.ended)), cp.pruned) {
		if strings.ContainsFunc(id, unicode.IsSpace) {
			return fmt.Errorf("%w: a session has the id %q", ErrBroken, id)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\nat %s\n", key.signer.Name(), cp.Size, cp.Root, cp.At.UTC().Format(time.RFC3339))
	for _, id := range slices.Sorted(maps.Keys(cp.ended)) {
		fmt.Fprintf(&b, "ended %s %s\n", id, cp.ended[id])
	}
	for _, id := range cp.pruned {
		fmt.Fprintf(&b, "pruned %s\n", id)
	}
	signed, err := note.Sign(&note.Note{Text: b.String()}, key.signer)
	cp.Note = string(signed)
	return err
}

// openCheckpoint reads a note that a key has signed.
func openCheckpoint(text, verifier string) (cp Checkpoint, err error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return cp, fmt.Errorf("public key %q: %w", verifier, err)
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		var unknown *note.UnverifiedNoteError
		if errors.As(err, &unknown) {
			return cp, fmt.Errorf("it isn't signed by %s", v.Name())
		}
		return cp, err
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) < 3 || lines[0] != v.Name() {
		return cp, fmt.Errorf("it is no checkpoint of %s", v.Name())
	}
	cp = Checkpoint{Note: text, ended: map[string]string{}}
	cp.Size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || cp.Size < 0 {
		return cp, fmt.Errorf("size %q", lines[1])
	}
	if cp.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return cp, err
	}
	for _, line := range lines[3:] {
		switch f := strings.Fields(line); {
		case len(f) == 2 && f[0] == "at":
			cp.At, err = time.Parse(time.RFC3339, f[1])
		case len(f) == 3 && f[0] == "ended":
			cp.ended[f[1]] = f[2]
		case len(f) == 2 && f[0] == "pruned":
			cp.pruned = append(cp.pruned, f[1])
		}
	}
	return cp, err
}
