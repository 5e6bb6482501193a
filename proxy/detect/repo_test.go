package detect_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestTheRepositoryHoldsNoSecret keeps what looks like a live secret out of the
// sources: examples are generated, so that no scanner of another's need be told to
// look away.
func TestTheRepositoryHoldsNoSecret(t *testing.T) {
	const root = "../.."
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == ".git" || name == "node_modules" || name == "fuzz" || name == "bin" {
				return filepath.SkipDir
			}
			return nil
		}
		if name == "go.sum" || !d.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil || !utf8.Valid(b) {
			return err
		}
		seen++
		for _, f := range detect.Find(nil, detect.Text{Value: string(b)}, detect.Secrets) {
			if f.View != "raw" {
				continue // spelled so as not to be taken for one
			}
			t.Errorf("%s:%d: looks like %s; generate it instead", path, 1+strings.Count(string(b[:f.Start]), "\n"), f.Kind)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Fatalf("only %d files seen below %s", seen, root)
	}
}
