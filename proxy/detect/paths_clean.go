package detect

import (
	"path"
	"slices"
	"strings"
)

// maxPath is how much of a path text is read; no file system takes longer ones.
const maxPath = 8 << 10

// maxReadings bounds the readings of one path text.
const maxReadings = 24

// CleanPaths returns every reading of s as a cleaned absolute path with forward
// slashes: s as it stands, percent-decoded up to three times, as a file URL, with
// backslashes as separators, with ~, $HOME, ${HOME}, %USERPROFILE% and their kin
// replaced, cut at a NUL, without Windows' trailing dots and alternate streams.
// Relative readings are taken from cwd; ".." is resolved lexically. Drive paths
// come out as "C:/…" and UNC paths as "//server/share/…". With an empty home the
// readings that need it begin with "~"; with an empty cwd relative ones are taken
// from "/". The order is fixed and there are no duplicates.
func CleanPaths(s string, home, cwd string) []string {
	if len(s) > maxPath {
		s = s[:maxPath]
	}
	if home == "" {
		home = "/~"
	}
	if cwd == "" {
		cwd = "/"
	}
	var out []string
	for _, t := range pathSpellings(s) {
		t = expandHome(t, home, cwd)
		p := absolute(t, cwd)
		if home == "/~" {
			p = strings.TrimPrefix(p, "/~")
			if p == "" || strings.HasPrefix(t, "/~") {
				p = "~" + p
			}
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// eachCleanPath calls f for each of CleanPaths(s, "", ""). What most paths are, plain
// and clean, costs no allocation.
func eachCleanPath(s string, f func(p string)) {
	if plain := strings.TrimPrefix(s, "./"); isPlainPath(plain) {
		f(plain)
		return
	}
	for _, p := range CleanPaths(s, "", "") {
		f(p)
	}
}

// isPlainPath reports whether s is an absolute path that has one reading, itself,
// or a relative one of which the same is true with a slash before it; for what
// looks at segments the two are alike.
func isPlainPath(s string) bool {
	if s == "" || len(s) > maxPath {
		return false
	}
	prev := byte('/')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case plainPathBytes[c]:
		case c == '/' && (prev != '/' || i == 0):
		case c == '.' && i+1 < len(s) && plainPathBytes[s[i+1]]:
		default:
			return false
		}
		prev = c
	}
	return true
}

// plainPathBytes are the bytes of names that no reading changes.
var plainPathBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = isNameByte(byte(c)) || c == '-' || c == '+' || c == ','
	}
	return t
}()

// pathSpellings returns s and what receivers may decode it to, most literal first.
func pathSpellings(s string) []string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	list := []string{s}
	add := func(t string) {
		if len(list) < maxReadings && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	for depth, t := 0, s; depth < 3; depth++ {
		u := percentDecode(t)
		if u == t {
			break
		}
		add(u)
		t = u
	}
	each := func(f func(string) string) {
		for _, t := range list[:len(list):len(list)] {
			add(f(t))
		}
	}
	each(func(t string) string { head, _, _ := strings.Cut(t, "\x00"); return head })
	each(asciiFold)
	each(fromFileURL)
	each(func(t string) string { return strings.ReplaceAll(t, `\`, "/") })
	each(dropDotTricks)
	each(windowsName)
	return list
}

// percentDecode undoes one level of %XX, of IIS's %uXXXX for ASCII, and of overlong
// UTF-8 for ASCII; anything else stays as it is.
func percentDecode(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := unhex(s[i+1]), unhex(s[i+2]); hi >= 0 && lo >= 0 {
				b = append(b, byte(hi<<4|lo))
				i += 2
				continue
			}
			if (s[i+1] == 'u' || s[i+1] == 'U') && i+5 < len(s) && s[i+2] == '0' && s[i+3] == '0' {
				if hi, lo := unhex(s[i+4]), unhex(s[i+5]); hi >= 0 && lo >= 0 {
					b = append(b, byte(hi<<4|lo))
					i += 5
					continue
				}
			}
		}
		b = append(b, s[i])
	}
	return overlong(b)
}

// overlong replaces the two- and three-byte forms of ASCII characters, which no
// correct decoder takes and careless ones do.
func overlong(b []byte) string {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		switch {
		case (b[i] == 0xc0 || b[i] == 0xc1) && i+1 < len(b):
			out = append(out, (b[i]&1)<<6|b[i+1]&0x3f)
			i++
		case b[i] == 0xe0 && i+2 < len(b) && (b[i+1] == 0x80 || b[i+1] == 0x81):
			out = append(out, (b[i+1]&1)<<6|b[i+2]&0x3f)
			i += 2
		default:
			out = append(out, b[i])
		}
	}
	return string(out)
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// asciiFold maps the look-alikes of path characters (fullwidth forms, one dot
// leader, division and fraction slash) to ASCII and drops invisible characters.
func asciiFold(s string) string {
	if allASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0x2024 || r == 0x3002:
			return '.'
		case r == 0x2025:
			return -1
		case r == 0x2044 || r == 0x2215 || r == 0x29f8:
			return '/'
		case r == 0x2216 || r == 0x29f5 || r == 0xfe68:
			return '\\'
		case r >= 0x200b && r <= 0x200f, r == 0x2060, r == 0xfeff, r == 0xad, r >= 0x300 && r <= 0x36f, r >= 0x202a && r <= 0x202e:
			return -1
		}
		return r
	}, s)
}

func allASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// fromFileURL takes the path out of a file URL; an authority that is a path in
// disguise ("file://../../etc/passwd") is kept.
func fromFileURL(s string) string {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || len(scheme) < 2 || strings.ContainsAny(scheme, `/\. `) {
		return s
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 && strings.EqualFold(scheme, "file") {
		rest = rest[:i]
	}
	rest = strings.ReplaceAll(rest, `\`, "/")
	if !strings.HasPrefix(rest, "//") {
		if strings.EqualFold(scheme, "file") {
			return rest
		}
		return s
	}
	rest = strings.TrimLeft(rest, "/")
	if strings.HasPrefix(s[len(scheme)+1:], "///") || len(rest) > 1 && rest[1] == ':' {
		return drivePath("/" + rest)
	}
	host, p, found := strings.Cut(rest, "/")
	switch {
	case host == "." || host == ".." || host == "~" || strings.HasPrefix(host, "."):
		return rest
	case !found:
		return rest
	}
	return drivePath("/" + p)
}

// drivePath drops the slash before a drive letter or a variable: "/C:/x" is "C:/x".
func drivePath(p string) string {
	if len(p) > 2 && p[0] == '/' && (p[1] == '%' || p[1] == '$' || p[1] == '~') {
		return p[1:]
	}
	if len(p) >= 3 && p[0] == '/' && isDrive(p[1:]) {
		return p[1:]
	}
	return p
}

func isDrive(p string) bool {
	return len(p) >= 2 && p[1] == ':' && 'a' <= p[0]|0x20 && p[0]|0x20 <= 'z' && (len(p) == 2 || p[2] == '/' || p[2] == '\\')
}

// dropDotTricks undoes what survives a filter that deletes "../" once, and the
// path parameters that some servers drop.
func dropDotTricks(s string) string {
	s = strings.ReplaceAll(s, "..././", "../")
	if strings.Contains(s, "....") {
		s = strings.ReplaceAll(s, "....//", "../")
		s = strings.ReplaceAll(s, "..../", "../")
	}
	return strings.ReplaceAll(s, "..;/", "../")
}

// windowsName drops from each segment what Windows ignores: trailing dots and
// spaces and the name of an alternate data stream.
func windowsName(s string) string {
	if !hasWindowsTail(s) {
		return s
	}
	segs := strings.Split(s, "/")
	for i, seg := range segs {
		if i == 0 && isDrive(seg+"/") {
			continue
		}
		if j := strings.IndexByte(seg, ':'); j > 0 {
			seg = seg[:j]
		}
		if t := strings.TrimRight(seg, ". "); t != "" {
			seg = t
		}
		segs[i] = seg
	}
	return strings.Join(segs, "/")
}

// hasWindowsTail reports whether a segment may have what windowsName drops.
func hasWindowsTail(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ':':
			return true
		case '.', ' ':
			if i+1 == len(s) || s[i+1] == '/' {
				return true
			}
		}
	}
	return false
}

// expandHome replaces the names of the home and working directories at the start
// of p.
func expandHome(p, home, cwd string) string {
	for strings.HasPrefix(p, "//?/") || strings.HasPrefix(p, "//./") {
		p = p[4:]
	}
	if strings.HasPrefix(p, "~") {
		user, rest, _ := strings.Cut(p[1:], "/")
		switch user {
		case "", "+", "-":
			return home + "/" + rest
		case "root":
			return "/root/" + rest
		}
		if path.Dir(home) != "/" {
			return path.Dir(home) + "/" + user + "/" + rest
		}
		return "/home/" + user + "/" + rest
	}
	if p == "" || p[0] != '$' && p[0] != '%' {
		return p
	}
	for _, v := range homeVariables {
		if len(p) >= len(v.name) && strings.EqualFold(p[:len(v.name)], v.name) {
			rest := p[len(v.name):]
			if rest != "" && rest[0] != '/' && isNameByte(v.name[len(v.name)-1]) && isNameByte(rest[0]) {
				continue
			}
			at := v.at
			switch {
			case at == "cwd":
				at = cwd
			case !strings.Contains(at, ":"):
				at = home + at
			}
			return at + "/" + rest
		}
	}
	return p
}

// homeVariables are the variables that name well-known places: below the home
// unless at is a drive path or "cwd".
var homeVariables = []struct{ name, at string }{
	{"${HOME}", ""}, {"$HOME", ""}, {"$env:HOMEDRIVE$env:HOMEPATH", ""}, {"$env:HOME", ""},
	{"$env:USERPROFILE", ""}, {"%USERPROFILE%", ""}, {"%HOMEDRIVE%%HOMEPATH%", ""}, {"%HOMEPATH%", ""}, {"%HOME%", ""},
	{"${env:USERPROFILE}", ""}, {"${env:HOME}", ""}, {"${userHome}", ""},
	{"%APPDATA%", "/AppData/Roaming"}, {"$env:APPDATA", "/AppData/Roaming"},
	{"%LOCALAPPDATA%", "/AppData/Local"}, {"$env:LOCALAPPDATA", "/AppData/Local"},
	{"${XDG_CONFIG_HOME}", "/.config"}, {"$XDG_CONFIG_HOME", "/.config"},
	{"%SystemRoot%", "C:/Windows"}, {"%windir%", "C:/Windows"}, {"$env:SystemRoot", "C:/Windows"}, {"$env:windir", "C:/Windows"},
	{"%SystemDrive%", "C:"}, {"$env:SystemDrive", "C:"}, {"%ProgramData%", "C:/ProgramData"}, {"$env:ProgramData", "C:/ProgramData"},
	{"${PWD}", "cwd"}, {"$PWD", "cwd"}, {"%CD%", "cwd"},
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// absolute cleans p, taken from cwd if it is relative.
func absolute(p, cwd string) string {
	switch {
	case isDrive(p):
		return strings.ToUpper(p[:1]) + ":" + path.Clean("/"+p[2:])
	case strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///") && strings.Count(p, "/") >= 3 && !strings.HasPrefix(p, "//.."):
		// A UNC path, or a double slash: both readings matter, and the second
		// has the same segments.
		return path.Clean(p)
	case strings.HasPrefix(p, "/"):
		return path.Clean(p)
	case isDrive(cwd):
		return strings.ToUpper(cwd[:1]) + ":" + path.Clean("/"+cwd[2:]+"/"+p)
	}
	return path.Clean("/" + cwd + "/" + p)
}
