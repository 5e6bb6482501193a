package detect

import (
	"slices"
	"strconv"
	"strings"
)

var gluedParser = Parser{
	Name: "glued", Family: Secrets,
	Doc:     "A key of a well-known provider with other letters or digits right before or after it.",
	Kinds:   []string{embedded},
	Any:     gluedHeads,
	Find:    findGlued,
	NoMatch: []string{"the prefix ghp_ stands before 36 characters", "MAKIAVELLI", "my_npm_config_registry_of_the_whole_company_and_more"},
}

// A gluedShape is a key that its head and what follows tell, wherever it stands.
type gluedShape struct {
	head        string
	least, most int // of the characters that follow the head
	class       *[256]bool
	capitals    bool // the class has them
	sure        bool // what follows may be glued to it too
}

// otherGlued are shapes that the patterns of the rules don't say so plainly.
var otherGlued = []struct {
	head  string
	n     int
	class string
}{
	{"ghs_", 36, "A-Za-z0-9"}, {"ghu_", 36, "A-Za-z0-9"}, {"AKIA", 16, "A-Z0-9"}, {"ASIA", 16, "A-Z0-9"}, {"github_pat_", 82, "A-Za-z0-9_"},
	{"glpat-", 20, "\\w\\-"}, {"AIza", 35, "\\w\\-"}, {"GOCSPX-", 28, "\\w\\-"}, {"npm_", 36, "A-Za-z0-9"}, {"hf_", 34, "A-Za-z0-9"}, {"sk_live_", 24, "A-Za-z0-9"}, {"rk_live_", 24, "A-Za-z0-9"},
	{"dop_v1_", 64, "a-f0-9"}, {"shpat_", 32, "a-fA-F0-9"}, {"shpss_", 32, "a-fA-F0-9"}, {"dapi", 32, "a-f0-9"}, {"sk-ant-api03-", 93, "\\w\\-"}, {"sk-proj-", 48, "\\w\\-"}, {"gsk_", 52, "A-Za-z0-9"},
	{"lin_api_", 40, "A-Za-z0-9"}, {"glsa_", 32, "A-Za-z0-9"}, {"xoxb-", 40, "\\w\\-"}, {"xoxp-", 50, "\\w\\-"}, {"pypi-AgEI", 60, "\\w\\-"}, {"sbp_", 40, "a-f0-9"}, {"dckr_pat_", 27, "\\w\\-"},
	{"rubygems_", 48, "a-f0-9"}, {"xkeysib-", 64, "a-f0-9"}, {"sntryu_", 64, "a-f0-9"}, {"LTAI", 20, "A-Za-z0-9"},
}

// gluedShapes are those, and what patterns say that are a head and a run of one class.
var gluedShapes = func() (list []gluedShape) {
	known := map[string]bool{}
	add := func(head, class string, least, most int, sure bool) {
		set, ok := classOf(class)
		if !ok || known[head] || least < 16 {
			return
		}
		known[head] = true
		list = append(list, gluedShape{head, least, most, set, set['A'] && set['Z'] && !set['_'], sure})
	}
	for _, o := range otherGlued {
		add(o.head, o.class, o.n, o.n, true)
	}
	for _, rules := range [][]Rule{cloudTokens, codeTokens, aiTokens, chatTokens, payTokens, otherTokens} {
		for i := range rules {
			if head, class, least, most, ok := plainShape(rules[i].Pattern); ok && len(head) >= 4 && strings.ContainsAny(head, "_-.") {
				add(head, class, least, most, false)
			}
		}
	}
	return list
}()

// plainShape reads a pattern of token whose body is a head and one class, repeated.
func plainShape(pattern string) (head, class string, least, most int, ok bool) {
	body, ok := strings.CutPrefix(pattern, `\b(`)
	if !ok {
		return "", "", 0, 0, false
	}
	open := strings.IndexByte(body, '[')
	if open < 4 {
		return "", "", 0, 0, false
	}
	head = strings.NewReplacer(`\.`, ".", `\-`, "-").Replace(body[:open])
	if strings.ContainsAny(head, `\()|?*+{}^$`) {
		return "", "", 0, 0, false
	}
	class, rest, ok := strings.Cut(body[open+1:], "]{")
	if !ok {
		return "", "", 0, 0, false
	}
	count, rest, ok := strings.Cut(rest, "}")
	if !ok || !strings.HasPrefix(rest, ")") {
		return "", "", 0, 0, false
	}
	from, to, ranged := strings.Cut(count, ",")
	least, err := strconv.Atoi(from)
	if err != nil {
		return "", "", 0, 0, false
	}
	if most = least; ranged {
		if most, err = strconv.Atoi(to); err != nil {
			most = maxAssembly
		}
	}
	return head, class, least, most, true
}

// classOf reads what stands between the brackets of a simple class.
func classOf(s string) (*[256]bool, bool) {
	set := new([256]bool)
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == 'w':
			for c := range set {
				set[c] = set[c] || isWord(byte(c))
			}
			i++
		case s[i] == '\\' && i+1 < len(s) && !isLetter(s[i+1]) && !isDigit(s[i+1]):
			set[s[i+1]] = true
			i++
		case s[i] == '\\' || s[i] == '^' || s[i] == '[' || s[i] >= 0x80:
			return nil, false
		case i+2 < len(s) && s[i+1] == '-':
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				set[c] = true
			}
			i += 2
		default:
			set[s[i]] = true
		}
	}
	return set, true
}

var (
	gluedHeads = func() (list []string) {
		for _, s := range gluedShapes {
			list = append(list, s.head)
		}
		return list
	}()
	gluedByPair = func() map[uint16][]*gluedShape {
		m := map[uint16][]*gluedShape{}
		for i := range gluedShapes {
			s := &gluedShapes[i]
			pair := uint16(s.head[0]) | uint16(s.head[1])<<8
			m[pair] = append(m[pair], s)
		}
		return m
	}()
)

// plainHeads are the heads of well-known keys that are no ends of words.
var plainHeads = strings.Fields("ghp_ gho_ ghu_ ghs_ ghr_ npm_ hf_ gsk_ sbp_ whsec_ xoxb- xoxp-")

// shortWord reports whether a head may be the end of a word, as "ico-" of "pubblico-".
func shortWord(head string) bool {
	n := 0
	for n < len(head) && 'a' <= head[n] && head[n] <= 'z' {
		n++
	}
	return n <= 5 && n == len(head)-1
}

func findGlued(v *View, report func(kind string, start, end int, score Score)) {
	text := v.Text
	v.each(func(at int) {
		if at+2 > len(text) {
			return
		}
		left := at > 0 && isWord(text[at-1])
		for _, s := range gluedByPair[uint16(text[at])|uint16(text[at+1])<<8] {
			if left && shortWord(s.head) && isLetter(text[at-1]) && !slices.Contains(plainHeads, s.head) {
				continue
			}
			if end, ok := s.at(v, at, left); ok {
				report(embedded, at, end, Medium)
				return
			}
		}
	})
}

// at reports whether the key stands at v.Text[at:] with something glued to it, on its
// left or only on its right, and where it ends. One with nothing on either side is the
// rules' business.
func (s *gluedShape) at(v *View, at int, left bool) (end int, ok bool) {
	text := v.Text
	if !strings.HasPrefix(text[at:], s.head) {
		return 0, false
	}
	from := at + len(s.head)
	end = from
	for end < len(text) && end-from < s.most && s.class[text[end]] {
		end++
	}
	if end-from < s.least {
		return 0, false
	}
	body := text[from:end]
	_, u, d, _ := classes(body)
	if d < 2 || s.capitals && u < 2 || entropy(body) < 3 || !varied(text[at:end], v, at, end) || inBlob(text, at, end) {
		return 0, false
	}
	if end < len(text) && (isWord(text[end]) || text[end] == '-') {
		return end, left || s.sure
	}
	return end, left && isKey(v, text[at:end])
}
