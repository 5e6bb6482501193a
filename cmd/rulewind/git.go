package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// A gitRepo reads policies as they were at a revision. It never writes.
type gitRepo struct {
	e   *env
	dir string
}

// git runs git in the repository and returns what it prints.
func (g gitRepo) git(args ...string) ([]byte, error) {
	ctx := g.e.Context
	if ctx == nil {
		ctx = context.Background()
	}
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", g.dir}, args...)...)
	cmd.Env = g.e.Environ
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(errOut.String()); text != "" {
			return nil, fmt.Errorf("reading the history in %s: %s", g.dir, text)
		}
		return nil, fmt.Errorf("reading the history in %s: %w", g.dir, err)
	}
	return out, nil
}

// revision checks that a word names a commit, and returns the commit. A word that
// begins with a dash would be an option of git's.
func (g gitRepo) revision(rev string) (string, error) {
	out, err := g.git("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("there is no revision %q in %s", rev, g.dir)
	}
	return strings.TrimSpace(string(out)), nil
}

// load loads a policy as it was at a commit, with what it extends. The path is from
// the repository's top folder.
func (g gitRepo) load(commit, file string) (*policy.Policy, error) {
	file = path.Clean(filepath.ToSlash(file))
	show := func(file string) ([]byte, error) {
		src, err := g.git("show", commit+":"+file)
		if err == nil && len(src) > maxPolicy {
			err = fmt.Errorf("%s has %d bytes; at most %d can be read", file, len(src), maxPolicy)
		}
		return src, err
	}
	src, err := show(file)
	if err != nil {
		return nil, err
	}
	return policy.Load(path.Base(file), src, func(base string) ([]byte, error) {
		return show(path.Join(path.Dir(file), filepath.ToSlash(base)))
	})
}

// history lists the commits from good to bad that touched a file, oldest first,
// with good itself. Without a good it begins with the file's first commit.
func (g gitRepo) history(file, good, bad string) ([]replay.Revision, error) {
	last, err := g.revision(bad)
	if err != nil {
		return nil, err
	}
	args := []string{"rev-list", "--topo-order", last}
	var commits []string
	if good != "" {
		first, err := g.revision(good)
		if err != nil {
			return nil, err
		}
		commits, args = append(commits, first), append(args, "^"+first)
	}
	out, err := g.git(append(args, "--", ":(top)"+filepath.ToSlash(file))...)
	if err != nil {
		return nil, err
	}
	touched := strings.Fields(string(out))
	slices.Reverse(touched)
	commits = append(commits, touched...)
	if len(commits) < 2 {
		return nil, fmt.Errorf("%d commits in %s touch %s, and two are needed; the path is from the repository's top folder", len(commits), g.dir, file)
	}
	revisions := make([]replay.Revision, len(commits))
	for i, commit := range commits {
		revisions[i] = replay.Revision{Name: commit, Load: func() (*policy.Policy, error) { return g.load(commit, file) }}
	}
	return revisions, nil
}

// loadAt loads the policy that git:REV:PATH names, or with git:REV the fallback's
// path at that revision. A relative path is from the working folder.
func (e *env) loadAt(name, fallback string) (*policy.Policy, error) {
	rev, file, _ := strings.Cut(strings.TrimPrefix(name, "git:"), ":")
	if file == "" {
		file = fallback
	}
	file = e.path(file)
	g := gitRepo{e, filepath.Dir(file)}
	commit, err := g.revision(rev)
	if err != nil {
		return nil, err
	}
	prefix, err := g.git("rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	return g.load(commit, strings.TrimSpace(string(prefix))+filepath.Base(file))
}
