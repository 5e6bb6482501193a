package policy

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A nameGlob matches names of tools, servers, methods and kinds: `*` is any run of
// bytes, `/` and a leading dot included, `?` any one byte. A leading `!` negates.
// Names of tools are compared exactly: MCP names are case-sensitive.
type nameGlob struct {
	not     bool
	pattern string
}

func parseNameGlob(s string) nameGlob {
	if rest, ok := strings.CutPrefix(s, "!"); ok {
		return nameGlob{not: true, pattern: rest}
	}
	return nameGlob{pattern: s}
}

// names is a list of name globs. A name is in it if a positive glob matches (or
// there is none) and no negative one does. An empty list holds every name.
type names []nameGlob

func (l names) match(name string) bool {
	if len(l) == 0 {
		return true
	}
	positive, hit := false, false
	for _, g := range l {
		if g.not {
			if globName(g.pattern, name) {
				return false
			}
			continue
		}
		positive = true
		hit = hit || globName(g.pattern, name)
	}
	return hit || !positive
}

// globName matches in time O(len(pattern) * len(name)), without recursion.
func globName(pattern, name string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// globValue matches a value by doublestar semantics: `*` stays within one path
// segment, `**` crosses them, `{a,b}` and `[a-z]` are alternatives. Backslashes in
// the value count as slashes too, as they do for a Windows receiver.
func globValue(pattern, value string) bool {
	if doublestar.MatchUnvalidated(pattern, value) {
		return true
	}
	if strings.IndexByte(value, '\\') >= 0 {
		return doublestar.MatchUnvalidated(pattern, strings.ReplaceAll(value, `\`, "/"))
	}
	return false
}
