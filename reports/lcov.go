package reports

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// CoverageLCOV writes a policy's coverage as an LCOV tracefile over its lines. A
// rule's line counts the messages that it matched, and it is a function of that
// name; a condition's line counts how often it held, and both outcomes are branches.
// Rules of a built-in policy that a file extends are no lines of a file, and left out.
func CoverageLCOV(w io.Writer, c *replay.Coverage) error {
	bw := bufio.NewWriter(w)
	files := lcovFiles(c)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(bw, "TN:\nSF:%s\n", lcovText(path))
		files[path].write(bw)
		fmt.Fprintln(bw, "end_of_record")
	}
	return bw.Flush()
}

// An lcovFile is what is counted in one file.
type lcovFile struct {
	lines    map[int]int
	rules    []lcovRule
	branches []lcovBranch
}

type lcovRule struct {
	line, count int
	name        string
}

type lcovBranch struct {
	line     int
	asked    bool
	yes, not int
}

func lcovFiles(c *replay.Coverage) map[string]*lcovFile {
	files := map[string]*lcovFile{}
	at := func(pos string) (*lcovFile, int) {
		path, line := lcovPlace(&c.Policy, pos)
		if line == 0 {
			return nil, 0
		}
		return get(files, path, func(f *lcovFile) { f.lines = map[int]int{} }), line
	}
	for _, r := range c.Rules {
		if f, line := at(r.Pos); f != nil {
			f.lines[line] = r.Matched
			f.rules = append(f.rules, lcovRule{line, r.Matched, r.Rule})
		}
		for _, x := range r.Conditions {
			f, line := at(x.Pos)
			if f == nil {
				continue
			}
			if old, taken := f.lines[line]; !taken || old > x.True { // of two on a line the least covered
				f.lines[line] = x.True
			}
			f.branches = append(f.branches, lcovBranch{line, x.True+x.False > 0, x.True, x.False})
		}
	}
	return files
}

// lcovPlace is where a position is. Without files of its own, a policy's name is one.
func lcovPlace(ref *replay.PolicyRef, pos string) (path string, line int) {
	name, line, _ := splitPos(pos)
	known := false
	for _, f := range ref.Files {
		known = known || f.Path != ""
		if f.Name == name && f.Path != "" {
			return f.Path, line
		}
	}
	if known {
		return "", 0
	}
	return name, line
}

func (f *lcovFile) write(w io.Writer) {
	hit := func(n int) int { return min(n, 1) }
	rules, branches, lines := 0, 0, 0
	for _, r := range f.rules {
		fmt.Fprintf(w, "FN:%d,%s\n", r.line, lcovText(r.name))
	}
	for _, r := range f.rules {
		fmt.Fprintf(w, "FNDA:%d,%s\n", r.count, lcovText(r.name))
		rules += hit(r.count)
	}
	fmt.Fprintf(w, "FNF:%d\nFNH:%d\n", len(f.rules), rules)
	for i, b := range f.branches {
		for k, n := range []int{b.yes, b.not} {
			taken := "-" // never asked
			if b.asked {
				taken = fmt.Sprint(n)
			}
			fmt.Fprintf(w, "BRDA:%d,%d,%d,%s\n", b.line, i, k, taken)
			branches += hit(n)
		}
	}
	fmt.Fprintf(w, "BRF:%d\nBRH:%d\n", 2*len(f.branches), branches)
	for _, line := range slices.Sorted(maps.Keys(f.lines)) {
		fmt.Fprintf(w, "DA:%d,%d\n", line, f.lines[line])
		lines += hit(f.lines[line])
	}
	fmt.Fprintf(w, "LF:%d\nLH:%d\n", len(f.lines), lines)
}

// lcovText writes a name, in which commas part fields.
func lcovText(s string) string { return strings.ReplaceAll(Visible(s), ",", ";") }
