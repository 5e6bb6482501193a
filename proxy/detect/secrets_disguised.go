package detect

import (
	"slices"
	"strings"
	"sync"
)

// disguiseParsers find keys that somebody took apart or turned round so that
// nobody finds them.
var disguiseParsers = []Parser{scatteredParser, concatenatedParser, mirroredParser, gluedParser}

// scattered is the kind of a key that isn't written in one piece. What it is a key
// of isn't part of the kind: a stand-in for it can't be made.
// embedded is the kind of one with more of the same right before or after it.
const (
	scattered = "scattered-secret"
	embedded  = "embedded-secret"
)

var scatteredParser = Parser{
	Name: "scattered", Family: Secrets,
	Doc: "A key in groups with a separator between them, over several lines, between marks of emphasis, or in several values of " +
		"a document, beginning as keys of its provider do.",
	Kinds: []string{scattered, embedded},
	Any:   shortHeads,
	Find:  findScattered,
	NoMatch: []string{
		"Tokens begin with ghp_ and have 36 letters and digits after it.", "AKIA is the prefix of long-term access keys; ASIA that of temporary ones.",
		"npm_config_registry=https://registry.example npm_config_cache=/tmp/cache",
	},
}

// keyHeads are how keys of well-known providers begin.
var keyHeads = strings.Fields(`AKIA ASIA ABSK AKID AKLT LTAI ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glft- glrt- glptt- glcbt- gloas- GR1348941
	sk-ant- sk-proj- sk-svcacct- sk-or-v1- xoxb- xoxp- xoxe- xoxc- xoxd- xapp- sk_live_ rk_live_ sk_test_ whsec_ AIza GOCSPX- ya29. npm_ pypi- rubygems_ hf_ api_org_
	dop_v1_ doo_v1_ dor_v1_ shpat_ shpca_ shppa_ shpss_ prtapi_ dapi dose hvs. hvb. hvr. lin_api_ lin_oauth_ ntn_ secret_ fig pat-na pat-eu gsk_ r8_ xai- pplx- nvapi- csk- pcsk_ tvly-
	sntrys_ sntryu_ sntrya_ glc_ glsa_ NRAK- NRII- NRIQ- tskey- dckr_pat_ dckr_oat_ EAAA EAAC EAAB eyJh eyJ0 eyJr AGE-SECRET- AGE-PLUGIN- xkeysib- xsmtpsib- SG. key- sbp_ sb_secret_ ATATT3 ATCTT3 ATBB
	sgp_ slk_ sqp_ squ_ sqa_ pscale_ oy2 AKCp AQVN AVNS_ CCIPAT_ CCIPRJ_ CFPAT- FLWSECK HRKU-AA IGQV WPL_AP1 alcht_ amzn.mws amzn1.oa2 apify_api_ cflt cnvca dnkey- duffel_ e2b_ fio-u- flp_ fo1_ fm2_
	jina_ lip_ napi_ ops_eyJ os_v2_ p8e- PMAK- PMAT- pul- qltcp_ rdme_ rnd_ rzp_ s-s4t2 shippo_ snyk_ tfp_ tgp_v1_ tk-us- tss_ vk1. wandb_v1_ sq0 EZAK EZTK ACCA ABIA bedrock-api- cfk_ cfut_ cfat_ fm1r_ vca_ vcp_ vci_ vcr_ vck_ nfp_ nfu_ nfc_ nfo_ nfb_ dp.ct. dp.st. dp.sa. dt0 NRJS- sha256~ ico- pnb_ pnu_
	glffct- glimt- glagent- glsoat- clojars_ CLOJARS_ cmVmd bkua_ bkat_ bkct_ bkpat_ sm_aat_ phs_ phx_ ion_ sk- sk_ lsv2_ pk-lf- sk-lf- sk_prod_ rk_test_ rk_prod_ fc- fw_ xoxs- xoxr- xoxa- mlsn. pubkey-
	access_token$ FLWPUBK AQEn rzp_test_ PRD- sk.ey pk.ey YCAJ YCAE xprv ZXlK dp.pt. DO00 DO801 A3- AC SK`)

// shortHeads are what is left of them where a group ends after four characters.
var shortHeads = func() (list []string) {
	seen := map[string]bool{}
	for _, h := range keyHeads {
		switch {
		case len(h) < 3:
			continue
		case len(h) > 4 && h[:4] != "gith" && h[:4] != "secr":
			h = h[:4]
		}
		if !seen[h] {
			seen[h] = true
			list = append(list, h)
		}
	}
	return list
}()

// longestHead is the length of the longest of them.
var longestHead = func() int {
	n := 0
	for _, h := range shortHeads {
		n = max(n, len(h))
	}
	return n
}()

var keyHeadSet = exactPhrases(shortHeads)

// An exactSet tells literals in their exact case.
type exactSet struct{ byPair map[uint16][]string }

func exactPhrases(list []string) *exactSet {
	s := &exactSet{byPair: map[uint16][]string{}}
	for _, p := range list {
		pair := uint16(p[0]) | uint16(p[1])<<8
		s.byPair[pair] = append(s.byPair[pair], p)
	}
	return s
}

// at returns the literal that s begins with, in its exact case, or "".
func (s *exactSet) at(text string) string {
	if len(text) < 3 {
		return ""
	}
	for _, p := range s.byPair[uint16(text[0])|uint16(text[1])<<8] {
		if strings.HasPrefix(text, p) {
			return p
		}
	}
	return ""
}

// The bounds of a scattered key.
const (
	maxPieces   = 64
	maxAssembly = 300
	maxGroup    = 24
)

func findScattered(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	done, tried := 0, 0
	v.each(func(at int) {
		if at < done || keyHeadSet.at(text[at:]) == "" {
			return
		}
		if at > 0 && isWord(text[at-1]) {
			if end, ok := stuck(v, at); ok {
				report(embedded, at, end, Medium)
				done = end
			}
			return
		}
		if end, ok := grouped(v, at); ok {
			report(scattered, at, end, High)
			done = end
			return
		}
		if end, ok := pieced(v, at); ok {
			report(scattered, at, end, High)
			done = end
			return
		}
		if tried++; tried > maxSummed {
			return
		}
		if start, end, ok := summed(text, v, at); ok {
			report(scattered, start, end, High)
			done = end
		}
	})
}

// markedHeads are the heads that no word and no base64 holds by chance.
var markedHeads = func() *exactSet {
	var list []string
	for _, h := range keyHeads {
		if len(h) >= 4 && strings.ContainsAny(h, "_-.") {
			list = append(list, h)
		}
	}
	return exactPhrases(list)
}()

// stuck reports whether a whole key stands at v.Text[at:] right after a letter, a
// digit or an underscore.
func stuck(v *View, at int) (end int, ok bool) {
	text := v.Text
	head := markedHeads.at(text[at:])
	if head == "" || shortWord(head) && isLetter(text[at-1]) && !slices.Contains(plainHeads, head) {
		return 0, false
	}
	end = at
	for end < len(text) && end-at < maxAssembly && valueBytes[text[end]] != 0 {
		end++
	}
	if end-at < 24 || end-at >= maxAssembly || inBlob(text, at, end) {
		return 0, false
	}
	return end, isKey(v, text[at:end])
}

// grouped reads v.Text[at:] as groups of equal length with one separator between
// them, and reports whether they make a key.
func grouped(v *View, at int) (end int, ok bool) {
	text := v.Text
	for size := 2; size <= maxGroup; size++ {
		if at+2*size+2 > len(text) {
			return 0, false
		}
		sep := text[at+size]
		if isLetter(sep) || isDigit(sep) || sep >= 0x80 || text[at+2*size+1] != sep && text[at+2*size+1] > ' ' {
			continue
		}
		var buf [maxAssembly + maxGroup]byte
		key := buf[:0]
		i, last, groups, heads := at, at, 0, 0
		for len(key) < maxAssembly && heads <= 1 {
			k := i
			for k < len(text) && k-i < size && valueBytes[text[k]] != 0 {
				k++
			}
			key = append(key, text[i:k]...)
			last = i
			groups++
			if beginsKey(text[i:k]) {
				heads++
			}
			if len(key) >= longestHead && !beginsKey(string(key[:longestHead])) {
				break
			}
			i = k
			if k-i > size || i >= len(text) || text[i] != sep || len(key) < groups*size {
				break
			}
			i++
		}
		if groups < 3 || heads > 1 || !beginsKey(string(key[:min(len(key), longestHead)])) {
			continue
		}
		if shaped(v, string(key), false) {
			return i, true
		}
		// A short word right after the last group is none.
		if i-last <= size && groups > 3 && shaped(v, string(key[:len(key)-(i-last)]), false) {
			return last - 1, true
		}
	}
	return 0, false
}

// pieced reads v.Text[at:] as pieces of a key with something between them that
// receivers take away: line ends, quotation marks and plus signs, emphasis, the name
// of the next member.
func pieced(v *View, at int) (end int, ok bool) {
	text := v.Text
	var key []byte
	i := at
	for n := 0; n < maxPieces && len(key) < maxAssembly; n++ {
		k := i
		for k < len(text) && k-i < maxAssembly && valueBytes[text[k]] != 0 {
			k++
		}
		if eq := strings.IndexByte(text[i:k], '='); eq >= 0 && strings.Trim(text[i+eq:k], "=") != "" {
			return 0, false // the name of another value
		}
		if k == i || n > 0 && k-i > 1 && (spelledOut(text[i:k]) || beginsKey(text[i:k])) {
			return 0, false // a word of a sentence, or of a list
		}
		key = append(key, text[i:k]...)
		if n == 0 && k-i >= maxAssembly {
			return 0, false // too long for a key
		}
		if n == 0 && k-i >= 16 && isKey(v, string(key)) {
			return 0, false // in one piece
		}
		if n > 0 && isKey(v, string(key)) {
			return k, true
		}
		next := joint(text, k)
		if next < 0 {
			return 0, false
		}
		i = next
	}
	return 0, false
}

// beginsKey reports whether s begins as keys do.
func beginsKey(s string) bool { return keyHeadSet.at(s) != "" }

// BeginsSecret reports whether a value begins as the keys of a well-known provider do.
func BeginsSecret(value string) bool { return beginsKey(value) }

// spelledOut reports whether s is nothing but small letters, as most words are.
func spelledOut(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// joint returns where the next piece begins after what joins pieces at i, or -1.
func joint(text string, i int) int {
	skip := func(set string, most int) {
		for n := 0; n < most && i < len(text) && strings.IndexByte(set, text[i]) >= 0; n++ {
			i++
		}
	}
	from := i
	switch rest := text[i:min(len(text), i+40)]; {
	case strings.HasPrefix(rest, "**"), strings.HasPrefix(rest, "``"):
		return i + 2
	case strings.HasPrefix(rest, "\\\n"), strings.HasPrefix(rest, "\\n"):
		i += 2
		skip(" \t", 16)
		return i
	case rest == "":
		return -1
	}
	switch text[i] {
	case '"', '\'', '`':
		i++
		skip(" \t\r\n", 40)
		skip("+.,&|\\", 2)
		skip(" \t\r\n", 40)
		if i < len(text) && (text[i] == '"' || text[i] == '\'' || text[i] == '`') {
			i++
			// The name of the next member.
			if k := memberEnd(text, i); k > 0 {
				return k
			}
			return i
		}
		return -1
	case '\r', '\n':
		skip(" \t\r\n#*/>|", 16)
		return i
	case ' ', '\t':
		skip(" \t", 4)
		if i-from <= 4 {
			return i
		}
	case ';':
		skip("; \n", 4)
		for n := 0; n < 16 && i < len(text) && isWord(text[i]); n++ {
			i++
		}
		if i < len(text) && text[i] == '=' {
			i++
			skip(`"'`, 1)
			return i
		}
	case '*', '_', '|', ',', ':':
		return i + 1
	}
	return -1
}

// memberEnd returns where the value begins if the name of a member stands at i, as
// in name":"; else 0.
func memberEnd(text string, i int) int {
	k := i
	for k < len(text) && k-i < 24 && isWord(text[k]) {
		k++
	}
	if k == i || k >= len(text) || text[k] != '"' && text[k] != '\'' {
		return 0
	}
	k++
	for k < len(text) && (text[k] == ' ' || text[k] == ':') {
		k++
	}
	if k < len(text) && text[k-1] != '"' && text[k-1] != '\'' && (text[k] == '"' || text[k] == '\'') {
		return k + 1
	}
	return 0
}

// shapedRules are the rules of secrets that need no name beside them.
var shapedRules = concat(cloudTokens, codeTokens, aiTokens, chatTokens, payTokens, otherTokens, keySecrets)

var shapedIndex = sync.OnceValue(func() *index { return newIndex(shapedRules, nil) })

// isKey reports whether s, put together from v, is, from end to end, a key whose own shape gives it away.
func isKey(v *View, s string) bool { return shaped(v, s, true) }

// shaped is isKey; random asks for more chance in the key than a sentence has that
// begins as one.
func shaped(of *View, s string, random bool) bool {
	if len(s) < 16 {
		return false
	}
	v := View{Text: s, Name: "raw", Of: of.Of}
	is := false
	find := shapedSearches.Get().(*search)
	find.reset(shapedIndex(), &v, Secrets)
	find.atStart = true
	find.match = func(r *Rule, start, end int) {
		if is || r.Generic || start > 0 || end < len(s)-4 || r.Check != nil && !r.Check(s[start:end], &v, start, end) {
			return
		}
		l, _, d, _ := classes(s[start:end])
		is = !random || d >= 2 || l == 0 && d > 0 || mixedCase(s)
	}
	find.run()
	find.text, find.match = "", nil
	shapedSearches.Put(find)
	return is
}

var shapedSearches = sync.Pool{New: func() any { return new(search) }}

// mixedCase reports whether letters of both cases stand in s beside each other as
// words don't have them.
func mixedCase(s string) bool {
	n := 0
	for i := 1; i < len(s); i++ {
		if s[i-1]|0x20 >= 'a' && 'a' <= s[i-1] && s[i-1] <= 'z' && 'A' <= s[i] && s[i] <= 'Z' {
			n++
		}
	}
	return n >= 4
}

var concatenatedParser = Parser{
	Name: "concatenated", Family: Secrets,
	Doc:     "A key that a program puts together from short texts beside each other.",
	Kinds:   []string{scattered},
	Any:     []string{`" + "`, `' + '`, `"+"`, `'+'`, `" . "`, `' . '`, `".join(`, `'.join(`, `join('')`, `join("")`, `" || "`, `' || '`, `concat(`, `" & "`, "\" \\\n", `implode(`},
	Find:    findConcatenated,
	NoMatch: []string{`greeting = "Hello, " + "world"`, `path = 'src' + '/' + 'main.go'`, `", ".join(["a", "b", "c"])`},
}

// findConcatenated joins runs of short texts in quotation marks.
func findConcatenated(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	for i := 0; i < len(text); {
		q := strings.IndexAny(text[i:], `"'`)
		if q < 0 {
			return
		}
		i += q
		start := i
		var key []byte
		pieces := 0
		for pieces < maxPieces && len(key) < maxAssembly {
			quote := text[i]
			k := i + 1
			for k < len(text) && k-i < 100 && valueBytes[text[k]] != 0 {
				k++
			}
			if k >= len(text) || text[k] != quote {
				break
			}
			key = append(key, text[i+1:k]...)
			pieces++
			i = k + 1
			next := i
			for next < len(text) && next-i < 40 && strings.IndexByte(" \t\r\n+.,&|\\", text[next]) >= 0 {
				next++
			}
			if next >= len(text) || text[next] != '"' && text[next] != '\'' {
				break
			}
			i = next
		}
		if pieces >= 2 && isKey(v, string(key)) {
			report(scattered, start, min(i, len(text)), High)
		}
		if i == start {
			i++
		}
	}
}

var mirroredParser = Parser{
	Name: "mirrored", Family: Secrets,
	Doc:   "A key written backwards, or with its letters moved by thirteen places (rot13).",
	Kinds: []string{scattered},
	Any:   mirroredHeads,
	Find:  findMirrored,
}

// mirroredHeads are heads of keys backwards and in rot13.
var (
	mirroredHeads = func() (list []string) {
		for _, h := range keyHeads {
			if len(h) >= 3 {
				list = append(list, backwards(h), rot13(h))
			}
		}
		return list
	}()
	mirrorSet = exactPhrases(mirroredHeads)
)

func findMirrored(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	done := 0
	v.each(func(at int) {
		head := mirrorSet.at(text[at:])
		if at < done || head == "" {
			return
		}
		// A key backwards ends with its head; one in rot13 begins with it.
		ends := at+len(head) == len(text) || valueBytes[text[at+len(head)]] == 0
		begins := at == done || valueBytes[text[at-1]] == 0
		if !ends && !begins {
			return
		}
		start, end := at, at
		for start > done && at-start < maxAssembly && valueBytes[text[start-1]] != 0 {
			start--
		}
		for end < len(text) && end-at < maxAssembly && valueBytes[text[end]] != 0 {
			end++
		}
		if end-start < 16 {
			return
		}
		run := text[start:end]
		if ends && isKey(v, backwards(run)) || begins && isKey(v, rot13(run)) {
			report(scattered, start, end, High)
			done = end
		}
	})
}

func backwards(s string) string {
	out := make([]byte, len(s))
	for i := range len(s) {
		out[len(s)-1-i] = s[i]
	}
	return string(out)
}

func rot13(s string) string {
	out := []byte(s)
	for i, c := range out {
		switch {
		case 'a' <= c && c <= 'z':
			out[i] = 'a' + (c-'a'+13)%26
		case 'A' <= c && c <= 'Z':
			out[i] = 'A' + (c-'A'+13)%26
		}
	}
	return string(out)
}
