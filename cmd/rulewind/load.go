package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
)

// maxPolicy bounds a policy file.
const maxPolicy = 4 << 20

// loadPolicy loads an embedded policy by its name, or a file. An embedded name wins:
// write ./default for a file of that name.
func (e *env) loadPolicy(name string) (*policy.Policy, error) {
	if src, ok := policy.Embedded(name); ok {
		return policy.Load(name, src, nil)
	}
	path := e.path(name)
	src, err := readBounded(path, maxPolicy)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `/\.`) {
		return nil, fmt.Errorf("%w, and there is no file of that name", unknown("policy", name, policy.EmbeddedNames()...))
	}
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	folder := filepath.Dir(path)
	return policy.Load(filepath.Base(name), src, func(base string) ([]byte, error) {
		if !filepath.IsAbs(base) {
			base = filepath.Join(folder, base)
		}
		return readBounded(base, maxPolicy)
	})
}

// path makes a path absolute, from the working folder.
func (e *env) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(e.Dir, p)
}

// readBounded reads a regular file of at most that many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name a file", path)
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%s has %d bytes; at most %d can be read", path, info.Size(), most)
	}
	return os.ReadFile(path)
}

// vars resolves the variables that policies may use, once.
func (e *env) vars() map[string]string {
	v := map[string]string{"CWD": e.Dir, "PROJECT_DIR": projectDir(e.Dir)}
	if home := e.home(); home != "" {
		v["HOME"] = home
	}
	return v
}

func (e *env) home() string {
	for _, name := range []string{"HOME", "USERPROFILE"} {
		if h := e.Getenv(name); h != "" {
			return h
		}
	}
	return ""
}

// projectDir is the nearest folder upwards that holds a repository, else dir.
func projectDir(dir string) string {
	for d := dir; ; {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return d
		}
		up := filepath.Dir(d)
		if up == d {
			return dir
		}
		d = up
	}
}
