package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

// projectPolicy is the file by which a project tightens the policies of those who work
// in it. A repository that is cloned can't loosen them, unless its reader trusts that
// very text.
const projectPolicy = ".rulewind.yaml"

// liveOnes loads the policies of a proxy: the user's, and above it the project's, if
// there is one. It returns their files, and a line for the user.
func (e *env) liveOnes(name string, project bool) (p *policy.Policy, files []string, note string, err error) {
	p, paths, err := e.loadNamed(name)
	files = e.files(paths)
	if err != nil || !project {
		return p, files, "", err
	}
	path := filepath.Join(projectDir(e.Dir), projectPolicy)
	if slices.Contains(files, path) {
		return p, files, "", nil // the user has chosen it himself
	}
	files = append(files, path)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return p, files, "", nil
	}
	own, paths, err := e.loadNamed(path)
	files = append(files, e.files(paths)...)
	if err != nil {
		return nil, files, "", fmt.Errorf("%w\nthe project's policy, %s, can't be loaded; correct it, or start with --no-project", err, path)
	}
	trusted, err := e.trusted()
	if err != nil {
		return nil, files, "", err
	}
	if slices.Contains(trusted, own.Digest) {
		return own, files, fmt.Sprintf("the project's policy, %s, is in force: it is trusted", path), nil
	}
	return policy.Guarded(own, p), files, fmt.Sprintf("the project's policy, %s, is in force under %s: it can only tighten it", path, p.Name), nil
}

// trustFile lists the digests of policies that are trusted, one a line.
func (e *env) trustFile() (string, error) {
	dir, err := e.stateDir()
	if err != nil {
		return "", fmt.Errorf("finding what is trusted: %w", err)
	}
	return filepath.Join(dir, "rulewind", "trusted-policies"), nil
}

func (e *env) trusted() ([]string, error) {
	file, err := e.trustFile()
	if err != nil {
		return nil, err
	}
	b, err := readBounded(file, maxPolicy)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is trusted: %w", err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		digest, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		out = append(out, digest)
	}
	return out, nil
}

type policyTrustCmd struct {
	Policy string `arg:"" optional:"" help:"The project's policy. (default: .rulewind.yaml of the project)"`
	Revoke bool   `help:"Trust it no longer."`
}

func (policyTrustCmd) Help() string {
	return `A project's policy, .rulewind.yaml in its top folder, is judged besides yours, and the stricter verdict counts. One that you trust stands in the place of yours, so that it can loosen too: this text of it, with all that it extends; a changed one has to be trusted again.

Examples:

    rulewind policy trust
    rulewind policy trust --revoke`
}

func (c *policyTrustCmd) Run(e *env) error {
	path := c.Policy
	if path == "" {
		path = filepath.Join(projectDir(e.Dir), projectPolicy)
	}
	p, err := e.loadPolicy(path)
	if err != nil {
		return err
	}
	list, err := e.trusted()
	if err != nil {
		return err
	}
	known := slices.Contains(list, p.Digest)
	switch {
	case c.Revoke && !known:
		return fmt.Errorf("%s isn't trusted as it is now", path)
	case c.Revoke:
		list = slices.DeleteFunc(list, func(d string) bool { return d == p.Digest })
	case known:
		fmt.Fprintf(e.Stdout, "%s is trusted already\n", reports.Visible(path))
		return nil
	default:
		list = append(list, p.Digest)
	}
	if err := e.writeTrusted(list); err != nil {
		return err
	}
	word := "trusted"
	if c.Revoke {
		word = "no longer trusted"
	}
	fmt.Fprintf(e.Stdout, "%s: %s, digest %s\n", word, reports.Visible(path), p.Digest[:12])
	return nil
}

// writeTrusted replaces the list at once, so that it is never half of one.
func (e *env) writeTrusted(list []string) error {
	file, err := e.trustFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	aside := file + ".new"
	if err := os.WriteFile(aside, []byte(strings.Join(list, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	if err := os.Rename(aside, file); err != nil {
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	return nil
}
