package reports

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s as one line of harmless text: control characters, escape
// sequences, bidirectional and zero-width characters, tags, private and unassigned
// characters, piles of combining marks and invalid UTF-8 are spelt out, so that no
// terminal, browser or reader is steered by them and none hides.
//
// So is what a CI system takes for a command wherever it stands in a line of a log:
// ##[…] for GitHub's runner, ##vso[…] for Azure's agent, ##teamcity[…].
func Visible(s string) string {
	if strings.Contains(s, "##") {
		s = logCommand.ReplaceAllString(s, `#\u{23}$1[`)
	}
	i := harmless(s)
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:i])
	marks := 0 // in a row: what harmless let pass ends with less than a pile
	for _, r := range s[:i] {
		marks = pile(marks, r)
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		marks = pile(marks, r)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case shown(r) && marks <= maxMarks:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		i += n
	}
	return b.String()
}

var logCommand = regexp.MustCompile(`##([A-Za-z]*)\[`)

// harmless returns the length of the part of s that needs no change.
func harmless(s string) int {
	marks := 0
	for i, r := range s {
		if r == utf8.RuneError || !shown(r) {
			return i
		}
		if r >= 0x300 {
			if marks = pile(marks, r); marks > maxMarks {
				return i
			}
			continue
		}
		marks = 0
	}
	return len(s)
}

// maxMarks is how many combining marks may stand on one character: no script needs
// more, and a pile of them is drawn over the lines above.
const maxMarks = 4

// pile counts the combining marks in a row.
func pile(marks int, r rune) int {
	if r >= 0x300 && unicode.Is(unicode.M, r) {
		return marks + 1
	}
	return 0
}

// shown reports whether r has a shape of its own. Combining marks do, but only
// spaces of the plain kind.
func shown(r rune) bool {
	if r < 0x7f {
		return r >= 0x20
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Zs, r) && !invisible(r)
}

// invisible are graphic characters that are drawn as nothing (Unicode's
// Default_Ignorable_Code_Point that are not format characters).
func invisible(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return 0x180b <= r && r <= 0x180f || 0xfe00 <= r && r <= 0xfe0f || 0xe0100 <= r && r <= 0xe01ef
}

// clip shortens s to at most n characters, the last being … if any were left out.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	i := 0
	for range n - 1 {
		_, w := utf8.DecodeRuneInString(s[i:])
		i += w
	}
	return s[:i] + "…"
}

// mdCode returns s as a code span for a cell of a GitHub table, in which nothing
// is a link, a mention, an image or HTML.
func mdCode(s string) string {
	s = Visible(s)
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + strings.ReplaceAll(s, "|", `\|`) + fence
}

// mdText returns s as plain Markdown text: every ASCII punctuation character that
// could begin markup is escaped (CommonMark 2.4). Escapes are gone before GitHub
// looks for mentions, references and addresses in what is left, so that words which
// could be one stand as code.
func mdText(s string) string {
	words := strings.Split(Visible(s), " ")
	for i, w := range words {
		if linked(w) {
			words[i] = mdCode(w)
			continue
		}
		var b strings.Builder
		for _, r := range w {
			if strings.ContainsRune("\\`*_{}[]<>#+!|~&$", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		words[i] = b.String()
	}
	return strings.Join(words, " ")
}

// linked reports whether GitHub could make a link of a word: @name, #1, GH-1, an
// address.
func linked(w string) bool {
	lower := strings.ToLower(w)
	if strings.Contains(w, "@") || strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(lower, "mailto:") {
		return true
	}
	for _, mark := range []string{"#", "gh-"} {
		for rest := lower; ; {
			_, after, found := strings.Cut(rest, mark)
			if !found {
				break
			}
			if after != "" && '0' <= after[0] && after[0] <= '9' {
				return true
			}
			rest = after
		}
	}
	return false
}

// plural writes a count with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number writes n with a comma between thousands, whatever the locale.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes part of whole with one decimal, cut and not rounded, so that
// 100.0 % is all of them.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	p := int64(part) * 1000 / int64(whole)
	return fmt.Sprintf("%d.%d %%", p/10, p%10)
}
