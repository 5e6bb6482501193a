package reports

import (
	"strconv"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// A location is a line of a file, as the file was named. Path is "" for none.
type location struct {
	path      string
	line, col int
}

// locate returns the line of a policy that decided. Where no line of its files did
// (a built-in policy's rule, the engine itself) it is the one that let that decide:
// the extends, the default, or the first.
func locate(ref *replay.PolicyRef, rule, pos string) location {
	name, line, col := splitPos(pos)
	if len(ref.Files) == 0 { // nobody has said where it is
		return location{name, line, col}
	}
	for _, f := range ref.Files {
		switch {
		case f.Path == "":
		case line > 0 && f.Name == name:
			return location{f.Path, line, col}
		case pos == "" && rule == "default" && f.Default > 0:
			return location{f.Path, f.Default, 1}
		}
	}
	top := ref.Files[0]
	switch {
	case top.Path == "":
		return location{}
	case top.Extends > 0 && (line > 0 || rule == "default"):
		return location{top.Path, top.Extends, 1}
	}
	return location{top.Path, 1, 1}
}

// splitPos reads file:line:col.
func splitPos(pos string) (name string, line, col int) {
	name, after, _ := cutLast(pos, ":")
	name, before, _ := cutLast(name, ":")
	line, err1 := strconv.Atoi(before)
	col, err2 := strconv.Atoi(after)
	if err1 != nil || err2 != nil || line < 1 || col < 1 {
		return "", 0, 0
	}
	return name, line, col
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
