package recorder_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// released copies a database that an older rulewind wrote, with the keys it had:
// three sessions of 19 entries, under a policy of two rules. They are in testdata, one
// of each schema.
func released(t *testing.T, schema int) (path string) {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("schema%d.db.zst", schema)))
	must(t, err)
	d, err := zstd.NewReader(nil)
	must(t, err)
	defer d.Close()
	b, err := d.DecodeAll(packed, nil)
	must(t, err)
	path = filepath.Join(t.TempDir(), "r.db")
	must(t, os.WriteFile(path, b, 0o600))
	must(t, os.WriteFile(path+".key", []byte(strings.Repeat("5e", 32)+"\n"), 0o600))
	must(t, os.WriteFile(path+".key.sign", []byte(seededSignKey()), 0o600))
	return path
}

// seededSignKey is the key that those were signed with, in the file's form.
func seededSignKey() string {
	seed, next := make([]byte, ed25519.SeedSize), seeded(11)
	for i := range seed {
		seed[i] = next()
	}
	const name = "rulewind/fixture"
	public := append([]byte{1}, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256([]byte(name + "\n" + string(public)))
	id, encode := binary.BigEndian.Uint32(sum[:]), base64.StdEncoding.EncodeToString
	private := "PRIVATE" + "+KEY+" + name
	return fmt.Sprintf("%s+%08x+%s\n%s+%08x+%s\n", private, id, encode(append([]byte{1}, seed...)), name, id, encode(public))
}

// judged replays every session of a database, and returns its entries.
func judged(t *testing.T, path string) (all []recorder.Entry) {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	must(t, err)
	defer s.Close()
	list, err := s.Sessions()
	must(t, err)
	for _, info := range list {
		sources, err := s.Policy(info.PolicyDigest)
		must(t, err)
		p, err := policy.LoadSources(sources)
		must(t, err)
		engine, n := policy.NewSession(p), 0
		for e, err := range s.Entries(info.ID) {
			must(t, err)
			if ev := engine.Step(e.Frame); !cmp.Equal(ev.Verdict, e.Event.Verdict) {
				t.Errorf("session %s, entry %d is judged otherwise: %v, recorded %v", info.ID, n, ev.Verdict, e.Event.Verdict)
			}
			all = append(all, e)
			n++
		}
		if n != info.Entries {
			t.Errorf("session %s has %d entries, and says %d", info.ID, n, info.Entries)
		}
	}
	return all
}

// A database of any schema is read as it is, and is of the newest once it was opened
// for writing: with the same entries, and with proofs that hold as before.
func TestReleasedDatabases(t *testing.T) {
	found, err := filepath.Glob("testdata/schema*.db.zst")
	if err != nil || len(found) != recorder.SchemaVersion-1 {
		t.Fatalf("%d databases of older schemas; want one of each up to %d: %v", len(found), recorder.SchemaVersion-1, err)
	}
	for schema := 1; schema < recorder.SchemaVersion; schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			path := released(t, schema)
			signed := int64(57)
			if schema < 2 {
				signed = 0
			}
			if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Entries != 57 || v.Verified != signed {
				t.Fatalf("before: %+v", v)
			}
			if rows, blocks, _ := dataOf(t, path); (rows == 0) != (schema >= 4) || (blocks > 0) != (schema >= 4) {
				t.Errorf("before: %d rows, %d blocks", rows, blocks)
			}
			before, proof := judged(t, path), ""
			if schema >= 2 {
				proof = proofOf(t, path, 1)
			}
			s := open(t, path, recorder.Options{})
			if tools, err := s.Tools("files"); err != nil || len(tools) != 1 {
				t.Errorf("tools: %v, %v", tools, err)
			}
			must(t, s.AddGrant(recorder.Grant{ID: "g", Tool: "read"}))
			_, err := s.Checkpoint()
			must(t, err)
			_, err = recorder.Pack(s)
			must(t, err)
			must(t, s.Close())
			if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Entries != 57 || v.Verified != 57 || v.Open != 0 {
				t.Errorf("after: %+v", v)
			}
			if rows, blocks, _ := dataOf(t, path); rows > 0 || blocks != 3 {
				t.Errorf("after: %d rows, %d blocks", rows, blocks)
			}
			if diff := cmp.Diff(before, judged(t, path), cmpopts.IgnoreUnexported(policy.Event{})); diff != "" {
				t.Errorf("entries (-before +after):\n%s", diff)
			}
			if after := proofOf(t, path, 1); proof != "" && after != proof {
				t.Errorf("its proof was\n%s\nand is\n%s", proof, after)
			}
		})
	}
}

// proofOf is the proof of a session as JSON, checked.
func proofOf(t *testing.T, path string, session int) string {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	must(t, err)
	defer s.Close()
	list, err := s.Sessions()
	must(t, err)
	p, err := s.Prove(list[session].ID)
	must(t, err)
	_, err = p.Check("")
	must(t, err)
	b, err := json.Marshal(p)
	must(t, err)
	return string(b)
}
