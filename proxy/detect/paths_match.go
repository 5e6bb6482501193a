package detect

import (
	"path"
	"strings"
	"sync"
)

// A placeIndex finds the rules that a path matches, by one literal segment of each.
type placeIndex struct {
	bySegment map[string][]placeForm
	// stars are forms of one segment with "*" in it, tried on the last segment.
	stars []starForm
}

// A starForm is head*mid*tail or, without mid, head*tail.
type starForm struct {
	placeRule
	head, tail string
}

type placeForm struct {
	placeRule
	segs     []string
	key      int  // index in segs of the literal that indexes it
	anchored bool // begins at the root
	below    bool // holds for everything below
}

func indexPlaces(rules []placeRule) *placeIndex {
	x := &placeIndex{bySegment: map[string][]placeForm{}}
	for _, r := range rules {
		f := placeForm{placeRule: r, key: -1}
		form := r.form
		f.anchored = strings.HasPrefix(form, "/")
		f.below = strings.HasSuffix(form, "/")
		f.segs = strings.Split(strings.Trim(form, "/"), "/")
		for i, s := range f.segs {
			if !strings.Contains(s, "*") {
				f.key = i
			}
		}
		if f.key < 0 {
			head, tail, _ := strings.Cut(f.segs[0], "*")
			if i := strings.LastIndexByte(tail, '*'); i >= 0 {
				tail = tail[i+1:]
			}
			x.stars = append(x.stars, starForm{r, head, tail})
			continue
		}
		k := f.segs[f.key]
		x.bySegment[k] = append(x.bySegment[k], f)
	}
	return x
}

// find returns the surest rule that the lower-case clean path p matches.
func (x *placeIndex) find(segs []string) (kind string, score Score) {
	for i, s := range segs {
		for _, f := range x.bySegment[s] {
			if f.score > score && f.matches(segs, i-f.key) {
				kind, score = f.kind, f.score
			}
		}
	}
	last := len(segs) - 1
	for i := range x.stars {
		f := &x.stars[i]
		if f.score > score && strings.HasSuffix(segs[last], f.tail) && strings.HasPrefix(segs[last], f.head) && starMatch(f.form, segs[last]) {
			kind, score = f.kind, f.score
		}
	}
	return kind, score
}

// matches reports whether the form's segments stand in segs from index at.
func (f *placeForm) matches(segs []string, at int) bool {
	if at < 0 || at+len(f.segs) > len(segs) || !f.below && at+len(f.segs) != len(segs) {
		return false
	}
	if f.anchored && at != 0 && !isRootPrefix(segs[:at]) {
		return false
	}
	for i, s := range f.segs {
		if s != segs[at+i] && !starMatch(s, segs[at+i]) && !isShortName(segs[at+i], s) {
			return false
		}
	}
	return true
}

// isRootPrefix reports whether the segments lead to another view of the root: a
// drive, a mounted host, WSL, macOS' private and Data volumes, /proc/PID/root.
func isRootPrefix(segs []string) bool {
	switch len(segs) {
	case 1:
		s := segs[0]
		return len(s) == 2 && s[1] == ':' || s == "private" || s == "host" || s == "hostfs" || s == "rootfs" || len(s) == 1
	case 2:
		return segs[0] == "mnt" || segs[0] == "media" || segs[0] == "volumes" || segs[0] == "srv" && segs[1] == "chroot" ||
			segs[1] == "c$" || segs[1] == "admin$"
	case 3:
		return segs[0] == "proc" && segs[2] == "root" || segs[0] == "system" && segs[1] == "volumes" && segs[2] == "data"
	}
	return false
}

// isShortName reports whether a segment is the name of eight and three letters that
// Windows gives a long name: "SYSTEM~1".
func isShortName(seg, long string) bool {
	i := strings.IndexByte(seg, '~')
	if i < 1 || i > 6 || i+1 >= len(seg) || seg[i+1] < '0' || seg[i+1] > '9' {
		return false
	}
	return strings.HasPrefix(strings.ReplaceAll(long, " ", ""), seg[:i])
}

// starMatch matches a segment against a form with at most two stars.
func starMatch(form, s string) bool {
	head, tail, ok := strings.Cut(form, "*")
	if !ok {
		return form == s
	}
	if len(s) < len(head) || !strings.HasPrefix(s, head) {
		return false
	}
	s = s[len(head):]
	mid, end, two := strings.Cut(tail, "*")
	if !two {
		return len(s) > 0 && len(s) >= len(tail) && strings.HasSuffix(s, tail) && len(s)+len(head) > len(tail)
	}
	i := strings.Index(s, mid)
	return i >= 0 && strings.HasSuffix(s[i+len(mid):], end)
}

var (
	sensitiveIndex = indexPlaces(sensitivePlaces)
	runLaterIndex  = indexPlaces(runLaterPlaces)
)

// SensitivePath returns the kind of sensitive place that a cleaned path (as
// CleanPaths gives it) leads to, and how sure that is; "" if none is known.
func SensitivePath(p string) (kind string, score Score) {
	var buf [maxSegments]string
	segs := pathSegments(buf[:0], p)
	if len(segs) == 0 {
		return "", NoScore
	}
	for i, s := range segs {
		if strings.ContainsAny(s, "?*[") {
			segs[i] = withoutWildcards(s)
		}
	}
	kind, score = sensitiveIndex.find(segs)
	last := segs[len(segs)-1]
	if k, s := envFile(last); s > score {
		kind, score = k, s
	}
	if kind == "ssh-key" && (last == "config" || strings.HasPrefix(last, "known_hosts")) {
		score = Medium
	}
	if score > NoScore {
		if isHarmlessName(last) {
			return "", NoScore
		}
		return kind, softened(kind, score, p, segs)
	}
	if base, ok := withoutBackupSuffix(last); ok {
		segs[len(segs)-1] = base
		if kind, score = sensitiveIndex.find(segs); score > NoScore {
			return kind, score
		}
		return envFile(base)
	}
	return "", NoScore
}

// sensitiveWords hold of each sensitive place a segment that its paths must have, and
// what becomes such a segment.
var sensitiveWords = sync.OnceValue(func() *wordIndex {
	x := &wordIndex{words: map[[3]byte][]indexedWord{}}
	add := func(w string) {
		if len(w) < 3 {
			panic("detect: no segment of a sensitive place is long enough to look for: " + w)
		}
		x.add(0, []string{w})
	}
	for _, r := range sensitivePlaces {
		best := ""
		for seg := range strings.SplitSeq(r.form, "/") {
			for part := range strings.SplitSeq(seg, "*") {
				if len(part) > len(best) {
					best = part
				}
			}
		}
		add(best)
	}
	// Dotenv files; the variables and names that stand for folders.
	for _, w := range [...]string{".env", "~root", "appdata", "systemroot", "windir", "systemdrive", "programdata", "xdg_config_home"} {
		add(w)
	}
	return x
})

// mayBeSensitive is a quick test that every word passes in which a path to a
// sensitive place can stand.
func mayBeSensitive(w string) bool {
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c >= 0x80, c == '?', c == '*', c == '[':
			return true
		case c == '%' && i+1 < len(w) && (unhex(w[i+1]) >= 0 || w[i+1]|0x20 == 'u'):
			return true // an escape
		case c == '~' && i+1 < len(w) && isDigit(w[i+1]):
			return true // a short name
		}
	}
	return sensitiveWords().in(strings.ToLower(w)) != 0
}

// withoutWildcards returns the name that a segment with wildcards is after, if it
// is one that people hide that way.
func withoutWildcards(seg string) string {
	letters := 0
	for i := 0; i < len(seg); i++ {
		if 'a' <= seg[i] && seg[i] <= 'z' {
			letters++
		}
	}
	if letters < 2 || len(seg) > 64 {
		return seg
	}
	for _, name := range [...]string{".ssh", ".aws", ".gnupg", ".kube", ".env", "id_rsa", "id_ed25519", "credentials", "shadow", "passwd", "sudoers", ".bash_history", ".netrc", ".npmrc", "environ"} {
		if !globBegins(seg, name) {
			continue
		}
		if ok, err := path.Match(seg, name); ok && err == nil {
			return name
		}
	}
	return seg
}

// RunLaterPath reports how surely what is written to a cleaned path is run later:
// start-up files, schedules, services, hooks.
func RunLaterPath(p string) Score {
	var buf [maxSegments]string
	segs := pathSegments(buf[:0], p)
	if len(segs) == 0 || strings.HasSuffix(segs[len(segs)-1], ".sample") {
		return NoScore
	}
	if projectFolders[segs[0]] && isRelative(p) {
		segs[0] = "" // a project's own lib/ isn't the system's
	}
	_, score := runLaterIndex.find(segs)
	return score
}

// projectFolders are called as folders of the system are.
var projectFolders = set("lib", "lib64", "bin", "sbin", "boot", "sys")

// isRelative reports whether a clean path begins in the folder at work.
func isRelative(p string) bool {
	return p[0] != '/' && p[0] != '~' && p[0] != '$' && p[0] != '%' && !isDrive(p)
}

// maxSegments is how many segments of a path cost no allocation.
const maxSegments = 24

// pathSegments appends the segments of a path in lower case to segs.
func pathSegments(segs []string, p string) []string {
	p = strings.ToLower(p)
	for p != "" {
		seg, rest, _ := strings.Cut(p, "/")
		if seg != "" {
			segs = append(segs, seg)
		}
		p = rest
	}
	return segs
}

// envFile judges the name of a dotenv file; examples and templates hold nothing.
func envFile(name string) (string, Score) {
	if name != ".env" && name != ".envrc" && !strings.HasPrefix(name, ".env.") && !strings.HasPrefix(name, ".env-") && !strings.HasPrefix(name, ".env_") {
		if !strings.HasSuffix(name, ".env") || len(name) == 4 {
			return "", NoScore
		}
		if isExampleName(name) || name == "process.env" || name == "meta.env" || name == "deno.env" || name == "bun.env" {
			return "", NoScore
		}
		return "env-file", Medium
	}
	if isExampleName(name) {
		return "", NoScore
	}
	switch name {
	case ".envrc":
		return "env-file", Medium
	case ".env.test", ".env.testing", ".env.ci", ".env.test.local":
		return "env-file", Low // what a project's tests are run with
	}
	return "env-file", High
}

func isExampleName(name string) bool {
	for _, w := range [...]string{"example", "sample", "template", "dist", "tmpl", "schema", "defaults", ".md", ".go", ".ts", ".js", ".py", ".d.ts"} {
		if strings.HasSuffix(name, w) || strings.Contains(name, w+".") && w[0] != '.' {
			return true
		}
	}
	return false
}

// isHarmlessName knows names that a form would match although they hold nothing.
func isHarmlessName(name string) bool {
	return strings.HasSuffix(name, ".pub") || isExampleName(name) && !strings.HasSuffix(name, ".js") || isCertificate(name)
}

// isCertificate knows the names of files that hold certificates alone, which are
// public, by the words of which none speaks of a key.
func isCertificate(name string) bool {
	stem, ok := strings.CutSuffix(name, ".pem")
	if !ok {
		return false
	}
	known := false
	for w := range strings.FieldsFuncSeq(stem, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch w {
		case "ca", "cacert", "cacerts", "cert", "certs", "certificate", "certificates", "chain", "fullchain", "bundle", "root", "intermediate", "isrgrootx1", "public":
			known = true
		case "key", "keys", "private", "priv", "combined", "secret":
			return false
		}
	}
	return known
}

// withoutBackupSuffix drops what editors and people append to a copied file.
func withoutBackupSuffix(name string) (string, bool) {
	for _, s := range [...]string{".bak", ".backup", ".old", ".orig", ".save", ".swp", ".copy", ".tmp", ".1", "~", "-", ".txt", ".gz", ".zip", ".tar.gz", ".tgz", ".gpg", ".enc"} {
		if len(name) > len(s) && strings.HasSuffix(name, s) {
			return name[:len(name)-len(s)], true
		}
	}
	return name, false
}
