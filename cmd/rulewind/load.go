package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// maxPolicy bounds a policy file.
const maxPolicy = 4 << 20

// loadPolicy loads an embedded policy by its name, or a file. An embedded name wins:
// write ./default for a file of that name.
func (e *env) loadPolicy(name string) (*policy.Policy, error) {
	p, _, err := e.loadNamed(name)
	return p, err
}

// loadPolicyFiles is loadPolicy, and says by which paths the policy's sources were
// named, and where in them what stands.
func (e *env) loadPolicyFiles(name string) (*policy.Policy, []replay.PolicyFile, error) {
	p, paths, err := e.loadNamed(name)
	return p, policyFiles(p, paths), err
}

// loadNamed is loadPolicy, and returns the paths of the sources that are files.
func (e *env) loadNamed(name string) (*policy.Policy, map[string]string, error) {
	if src, ok := policy.Embedded(name); ok {
		p, err := policy.Load(name, src, nil)
		return p, nil, err
	}
	full := e.path(name)
	src, err := readBounded(full, maxPolicy)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `/\.`) {
		return nil, nil, fmt.Errorf("%w, and there is no file of that name", unknown("policy", name, policy.EmbeddedNames()...))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the policy: %w", err)
	}
	paths := map[string]string{filepath.Base(name): filepath.ToSlash(filepath.Clean(name))}
	p, err := policy.Load(filepath.Base(name), src, func(base string) ([]byte, error) {
		if !filepath.IsAbs(base) {
			base = filepath.Join(filepath.Dir(name), base)
		}
		paths[filepath.Base(base)] = filepath.ToSlash(filepath.Clean(base))
		return readBounded(e.path(base), maxPolicy)
	})
	return p, paths, err
}

// policyFiles describes a policy's sources, by the paths of those that are files.
func policyFiles(p *policy.Policy, paths map[string]string) (files []replay.PolicyFile) {
	if p == nil {
		return nil
	}
	for _, s := range p.Sources {
		f := replay.PolicyFile{Name: s.Name, Path: paths[s.Name]}
		var doc yaml.Node
		if yaml.Unmarshal(s.Text, &doc) == nil && len(doc.Content) > 0 {
			top := doc.Content[0].Content
			for i := 0; i+1 < len(top); i += 2 {
				switch top[i].Value {
				case "default":
					f.Default = top[i].Line
				case "extends":
					f.Extends = top[i].Line
				}
			}
		}
		files = append(files, f)
	}
	return files
}

// files are where the sources of a policy are.
func (e *env) files(paths map[string]string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		out = append(out, e.path(filepath.FromSlash(paths[name])))
	}
	return out
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
