package recorder

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// The entries of a store are the leaves of a tree (RFC 6962, 2.1): entry seq is leaf
// seq-1. A leaf's data is
//
//	the session's header (32 bytes), n (uvarint), action (uvarint), data
//
// and the header is the SHA-256 of the session's id, its info, its policy's digest and
// the SHA-256 of the policy's sources, each with its length (uvarint) in front. So no
// entry can be given to another session, place or policy.

// A header is what an entry's leaf says of its session.
type header [sha256.Size]byte

// headerOf hashes what the sessions table holds from a session's beginning on.
func headerOf(id, info, policyDigest string, sources []byte) header {
	sum := sha256.Sum256(sources)
	var b []byte
	for _, field := range []string{id, info, policyDigest, string(sum[:])} {
		b = appendText(b, field)
	}
	return sha256.Sum256(b)
}

// A leafHasher hashes entries; it keeps a buffer.
type leafHasher struct{ buf []byte }

func (l *leafHasher) hash(h header, n, action int64, data []byte) tlog.Hash {
	l.buf = append(l.buf[:0], 0) // marks a leaf, as in tlog.RecordHash
	l.buf = appendLeaf(l.buf, h, n, action, data)
	return sha256.Sum256(l.buf)
}

func appendLeaf(b []byte, h header, n, action int64, data []byte) []byte {
	b = append(b, h[:]...)
	b = binary.AppendUvarint(b, uint64(n))
	b = binary.AppendUvarint(b, uint64(action))
	return append(b, data...)
}

// An edge is what must be known of a tree to add leaves and to know its root: the
// hashes of the full subtrees at its right edge, largest first.
type edge struct {
	size   int64
	hashes []tlog.Hash
}

func (e *edge) add(leaf tlog.Hash) {
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.hashes) - 1
		leaf = tlog.NodeHash(e.hashes[last], leaf)
		e.hashes = e.hashes[:last]
	}
	e.hashes = append(e.hashes, leaf)
	e.size++
}

func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		return sha256.Sum256(nil)
	}
	root := e.hashes[len(e.hashes)-1]
	for i := len(e.hashes) - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.hashes[i], root)
	}
	return root
}

func (e *edge) clone() edge { return edge{e.size, append([]tlog.Hash(nil), e.hashes...)} }

func packHashes(list []tlog.Hash) []byte {
	out := make([]byte, 0, len(list)*tlog.HashSize)
	for _, h := range list {
		out = append(out, h[:]...)
	}
	return out
}

func unpackHashes(b []byte) ([]tlog.Hash, error) {
	if len(b)%tlog.HashSize != 0 {
		return nil, fmt.Errorf("hashes of %d bytes", len(b))
	}
	out := make([]tlog.Hash, len(b)/tlog.HashSize)
	for i := range out {
		copy(out[i][:], b[i*tlog.HashSize:])
	}
	return out, nil
}

// headers reads the headers of the sessions from number first on.
func headers(c *conn, first int64) (map[int64]header, error) {
	sources := map[string][]byte{}
	err := c.query("SELECT digest, sources FROM policies", nil, func(row []driver.Value) error {
		sources[asText(row[0])] = []byte(asText(row[1]))
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := map[int64]header{}
	err = c.query("SELECT num, id, info, policy FROM sessions WHERE num >= ?", []driver.Value{first}, func(row []driver.Value) error {
		digest := asText(row[3])
		out[row[0].(int64)] = headerOf(asText(row[1]), asText(row[2]), digest, sources[digest])
		return nil
	})
	return out, err
}

// headerOfSession reads the header of one session: a store has many, and few of them
// have new entries.
func headerOfSession(c *conn, num int64) (h header, found bool, err error) {
	err = c.query(`SELECT id, info, policy, sources FROM sessions LEFT JOIN policies ON digest = policy
		WHERE num = ?`, []driver.Value{num}, func(row []driver.Value) error {
		h, found = headerOf(asText(row[0]), asText(row[1]), asText(row[2]), []byte(asText(row[3]))), true
		return nil
	})
	return h, found, err
}
