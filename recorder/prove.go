package recorder

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A Proof shows, without the store, what one session recorded. It is written as JSON,
// bytes as base64. Who checks it computes the session's header and each leaf as
// tree.go says, and with RFC 6962, 2.1.1, from each leaf and its path the root that
// the note has.
//
// It proves that these entries were in the store, in this order and from the session's
// first on, when the note was signed. That none came after the last isn't proven. Of
// an entry that was pruned it proves the place of the hash only.
type Proof struct {
	Format  string       `json:"format"` // "rulewind-proof/1"
	Key     string       `json:"key"`    // public key of the note's signer
	Note    string       `json:"note"`   // the checkpoint
	Session ProvenInfo   `json:"session"`
	Entries []ProvenLeaf `json:"entries"`
}

const proofFormat = "rulewind-proof/1"

// ProvenInfo is what the session's header is computed of.
type ProvenInfo struct {
	ID      string `json:"id"`
	Info    string `json:"info"`   // SessionInfo as JSON, as stored
	Policy  string `json:"policy"` // digest
	Sources string `json:"sources"`
}

// ProvenLeaf is an entry, or its hash if it was pruned, and its path to the root.
type ProvenLeaf struct {
	Seq    int64       `json:"seq"` // its leaf is number Seq-1
	N      int64       `json:"n"`
	Action int64       `json:"action"`
	Data   []byte      `json:"data,omitempty"`
	Hash   []byte      `json:"hash,omitempty"`
	Path   []tlog.Hash `json:"path"`
}

// Prove makes the proof of a session, against the first checkpoint that covers all of
// its entries. What isn't covered yet must be signed first: see Checkpoint.
func (s *Store) Prove(session string) (*Proof, error) {
	c, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.exec("BEGIN"); err != nil {
		return nil, describe(s.path, err)
	}
	p := &Proof{Format: proofFormat, Session: ProvenInfo{ID: session}}
	if err := p.read(c); err != nil {
		return nil, describe(s.path, err)
	}
	return p, nil
}

func (p *Proof) read(c *conn) (err error) {
	num := int64(0)
	err = c.query("SELECT num, info, policy, (SELECT sources FROM policies WHERE digest = policy) FROM sessions WHERE id = ?", []driver.Value{p.Session.ID}, func(row []driver.Value) error {
		num = row[0].(int64)
		p.Session.Info, p.Session.Policy, p.Session.Sources = asText(row[1]), asText(row[2]), asText(row[3])
		return nil
	})
	if err == nil && num == 0 {
		err = fmt.Errorf("no session %s is recorded; `rulewind sessions` lists them", p.Session.ID)
	}
	if err != nil {
		return err
	}
	err = sessionRows(c, num, func(r leafRow) error {
		p.Entries = append(p.Entries, ProvenLeaf{Seq: r.seq, N: r.n, Action: r.action, Data: r.data})
		return r.err
	})
	if err != nil {
		return err
	}
	if len(p.Entries) == 0 {
		return fmt.Errorf("session %s has no entry to prove", p.Session.ID)
	}
	if p.Key, err = verifierOf(c); err != nil {
		return err
	}
	return p.prove(c)
}

// prove adds the note and the paths.
func (p *Proof) prove(c *conn) error {
	last := p.Entries[len(p.Entries)-1].Seq
	var hashes hashStore
	var leaves []tlog.Hash
	var cp Checkpoint
	err := checkpoints(c, "ORDER BY num", func(row sealed) error {
		if cp.Size >= last {
			return nil
		}
		part, err := unpackHashes(row.leaves)
		if err != nil {
			return fmt.Errorf("%w: checkpoint %d", ErrBroken, row.num)
		}
		for _, leaf := range part {
			if err := hashes.add(int64(len(leaves)), leaf); err != nil {
				return err
			}
			leaves = append(leaves, leaf)
		}
		cp, err = openCheckpoint(row.cp.Note, p.Key)
		return err
	})
	if err != nil {
		return err
	}
	if cp.Size < last {
		return fmt.Errorf("entries up to %d are signed, and session %s has some up to %d; run `rulewind log checkpoint` first", cp.Size, p.Session.ID, last)
	}
	if int64(len(leaves)) != cp.Size {
		return fmt.Errorf("%w: the stored hashes", ErrBroken)
	}
	p.Note = cp.Note
	for i := range p.Entries {
		e := &p.Entries[i]
		if len(e.Data) == 0 {
			e.Hash = leaves[e.Seq-1][:]
		}
		path, err := tlog.ProveRecord(cp.Size, e.Seq-1, hashes)
		if err != nil {
			return fmt.Errorf("proving entry %d: %w", e.Seq, err)
		}
		e.Path = path
	}
	return nil
}

// A hashStore holds a tree's hashes where package tlog wants them.
type hashStore []tlog.Hash

// ReadHashes is for tlog.HashReader.
func (h hashStore) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out[i] = h[at]
	}
	return out, nil
}

// add appends leaf n.
func (h *hashStore) add(n int64, leaf tlog.Hash) error {
	more, err := tlog.StoredHashesForRecordHash(n, leaf, *h)
	*h = append(*h, more...)
	return err
}

// ReadProof reads a proof as it was written.
func ReadProof(b []byte) (*Proof, error) {
	p := &Proof{}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("reading the proof: %w", err)
	}
	if p.Format != proofFormat {
		return nil, fmt.Errorf("reading the proof: its format is %q; this rulewind knows %s", p.Format, proofFormat)
	}
	return p, nil
}

// Check returns the checkpoint that the proof leads to, or what is wrong with it. key
// is the public key that must have signed; "" takes the proof's word for it.
func (p *Proof) Check(key string) (Checkpoint, error) {
	if key == "" {
		key = p.Key
	}
	cp, err := openCheckpoint(p.Note, key)
	if err != nil {
		return cp, fmt.Errorf("the proof's note: %w", err)
	}
	if len(p.Entries) == 0 {
		return cp, fmt.Errorf("the proof has no entry")
	}
	h := headerOf(p.Session.ID, p.Session.Info, p.Session.Policy, []byte(p.Session.Sources))
	var hasher leafHasher
	seq := int64(0)
	for i, e := range p.Entries {
		if e.N != int64(i) || e.Seq <= seq {
			return cp, fmt.Errorf("an entry is missing before entry %d, which is number %d of its session", e.Seq, e.N)
		}
		seq = e.Seq
		leaf := hasher.hash(h, e.N, e.Action, e.Data)
		if len(e.Data) == 0 && len(e.Hash) == tlog.HashSize {
			leaf = tlog.Hash(e.Hash)
		}
		if e.Seq > cp.Size {
			return cp, fmt.Errorf("entry %d isn't covered by the note", e.Seq)
		}
		if err := tlog.CheckRecord(e.Path, cp.Size, cp.Root, e.Seq-1, leaf); err != nil {
			return cp, fmt.Errorf("entry %d isn't what was signed", e.Seq)
		}
	}
	return cp, nil
}
