package recorder

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// signKeyFile is where the key is that signs a store's checkpoints: beside the key of
// the stand-ins, never in the database.
func signKeyFile(keyFile string) string { return keyFile + ".sign" }

// A signKey signs checkpoints. The file holds the private key and the public one, a
// line each, as package note writes them.
type signKey struct {
	signer   note.Signer
	verifier string
}

// readSignKey returns the key in the file, made at the first use.
func readSignKey(path string) (signKey, error) {
	if k, err := loadSignKey(path); !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return signKey{}, fmt.Errorf("naming the signing key: %w", err)
	}
	private, public, err := note.GenerateKey(rand.Reader, "rulewind/"+hex.EncodeToString(id[:]))
	if err != nil {
		return signKey{}, fmt.Errorf("making the signing key: %w", err)
	}
	if err := writeOnce(path, private+"\n"+public+"\n"); err != nil {
		return signKey{}, fmt.Errorf("writing the signing key: %w", err)
	}
	return loadSignKey(path)
}

func loadSignKey(path string) (k signKey, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	private, public, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	if k.signer, err = note.NewSigner(private); err == nil {
		_, err = note.NewVerifier(public)
	}
	if err != nil {
		return k, fmt.Errorf("signing key %s: %w; restore it, or move the database away and start a new one", path, err)
	}
	k.verifier = public
	return k, nil
}

// writeOnce writes a file (0600) that appears whole. If two do so at once, the first
// wins.
func writeOnce(path, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// verifierOf returns the public key that the database names: who signs its
// checkpoints, as far as it can be believed.
func verifierOf(c *conn) (string, error) { return metaValue(c, "verifier") }

// PublicKey returns the public key of the key file beside a database, or "" if there
// is none. It is what a store's checkpoints are verified by, where the database itself
// isn't to be believed.
func PublicKey(db string) (string, error) { return PublicKeyIn(db + ".key") }

// PublicKeyIn returns the one that belongs to a key file: see Options.KeyFile.
func PublicKeyIn(keyFile string) (string, error) {
	k, err := loadSignKey(signKeyFile(keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return k.verifier, err
}
