package recorder

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// readKey returns the key in the file, made at the first use. Two processes may do
// so at once: the file appears whole, and the first wins.
func readKey(path string) ([]byte, error) {
	if key, err := loadKey(path); !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	if err := writeOnce(path, hex.EncodeToString(key)+"\n"); err != nil {
		return nil, fmt.Errorf("writing the key file: %w", err)
	}
	return loadKey(path)
}

func loadKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("key file %s doesn't hold 64 hex digits; restore it, or move the database away and start a new one", path)
	}
	return key, nil
}
