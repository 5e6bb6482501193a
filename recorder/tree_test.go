package recorder

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// The edge gives the roots that package tlog gives, and a leaf's hash is RFC 6962's.
func TestEdgeIsATlog(t *testing.T) {
	var tree edge
	var hashes hashStore
	var hasher leafHasher
	for n := range int64(200) {
		root, err := tlog.TreeHash(n, hashes)
		if err != nil {
			t.Fatal(err)
		}
		if tree.root() != root || len(tree.hashes) != ones(n) {
			t.Fatalf("%d leaves: root %v, want %v", n, tree.root(), root)
		}
		h := header{byte(n)}
		leaf := hasher.hash(h, n, 300, []byte("data"))
		if want := tlog.RecordHash(appendLeaf(nil, h, n, 300, []byte("data"))); leaf != want {
			t.Fatalf("leaf %d: %v, want %v", n, leaf, want)
		}
		tree.add(leaf)
		if err := hashes.add(n, leaf); err != nil {
			t.Fatal(err)
		}
	}
}
