package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
)

// links follow the symbolic links in paths of calls, so that a link in a project to
// ~/.ssh is judged as what it leads to. Folders that policies are written about may be
// reached through links themselves: below them a path keeps the name that it has.
type links struct {
	home, cwd string
	roots     []root
}

// A root is a folder by its name, and where it is.
type root struct{ name, real string }

func newLinks(vars map[string]string) *links {
	l := &links{home: vars["HOME"], cwd: vars["CWD"]}
	for _, name := range []string{"PROJECT_DIR", "CWD", "HOME"} {
		l.add(vars[name])
	}
	return l
}

func (l *links) add(folder string) {
	if real, err := filepath.EvalSymlinks(folder); err == nil && folder != "" {
		l.roots = append(l.roots, root{filepath.Clean(folder), real})
	}
}

// maxReadings bounds in how many ways a text is read as a path.
const maxReadings = 4

// real tells where a text leads that is a path through a link, "" for any other.
func (l *links) real(text string) string {
	readings := detect.CleanPaths(text, l.home, l.cwd)
	for _, p := range readings[:min(len(readings), maxReadings)] {
		if !filepath.IsAbs(p) {
			continue
		}
		p = filepath.FromSlash(p)
		if to := l.rename(p, evalExisting(p)); to != "" && to != p {
			return filepath.ToSlash(to)
		}
	}
	return ""
}

// evalExisting follows the links of what exists of a path; "" if none of it does.
func evalExisting(p string) string {
	if linkFree(p) {
		return p
	}
	for rest := ""; ; {
		real, err := filepath.EvalSymlinks(p)
		if err == nil {
			return filepath.Join(real, rest)
		}
		up := filepath.Dir(p)
		if up == p || !os.IsNotExist(err) {
			return ""
		}
		// A link to what doesn't exist yet is followed by who creates it.
		if to, err := os.Readlink(p); err == nil {
			if !filepath.IsAbs(to) {
				to = filepath.Join(up, to)
			}
			return filepath.Join(to, rest)
		}
		p, rest = up, filepath.Join(filepath.Base(p), rest)
	}
}

// linkFree reports whether no part of a path that exists is a link: the usual case.
func linkFree(p string) bool {
	for i := 1; i <= len(p); i++ {
		if i < len(p) && !os.IsPathSeparator(p[i]) {
			continue
		}
		info, err := os.Lstat(p[:i])
		if err != nil {
			return os.IsNotExist(err)
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return false
		}
	}
	return true
}

// rename gives a real path the name that policies know it by, if p and it are below
// the same folder. The folders at the top of the tree are the system's own: that /tmp
// is a link says nothing.
func (l *links) rename(p, real string) string {
	roots := l.roots
	if volume := filepath.VolumeName(p); len(p) > len(volume)+1 {
		first, _, _ := strings.Cut(p[len(volume)+1:], string(filepath.Separator))
		top := p[:len(volume)+1] + first
		if to, err := filepath.EvalSymlinks(top); err == nil && to != top {
			roots = append(roots[:len(roots):len(roots)], root{top, to})
		}
	}
	for _, r := range roots {
		if within(p, r.name) && within(real, r.real) {
			return filepath.Join(r.name, strings.TrimPrefix(real, r.real))
		}
	}
	return real
}

func within(p, folder string) bool {
	return p == folder || strings.HasPrefix(p, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}
