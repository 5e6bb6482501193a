package reports_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/reports"
)

// hostile are texts that steer a terminal, a browser or a reader of Markdown.
var hostile = []string{
	"\x1b[2J\x1b]0;owned\x07", "\u202eevil\u2066", "\u200bzero\ufeff", "\U000e0041tags", "a|b|c", "`code` ``more``",
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "![x](http://evil.example/p.png)", "[a](javascript:1)",
	"@everyone #1", "http://evil.example/", "line\nbreak\r\n\tand tab", "</details><h1>big</h1>", "{{.Secret}}", "\x9b31m", "&lt;b&gt;",
}

func hostileCase(t *testing.T) corpus.Case {
	s := newSession(load(t, testPolicy), "s"+hostile[1], hostile[6], start)
	for _, h := range hostile {
		quoted, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		s.call("tools/call", `{"name":`+string(quoted)+`,"arguments":{`+string(quoted)+`:`+string(quoted)+`}}`, "")
		s.call("tools/call", `{"name":"read_file","arguments":{"path":"/x/.ssh/a","note":`+string(quoted)+`}}`, "")
		s.call("tools/list", `{}`, `{"tools":[{"name":`+string(quoted)+`,`+string(quoted)+`:1}]}`)
	}
	s.frame(mcp.ToServer, mcp.MessageFrame, []byte("\x1b[31m\xff not json"))
	s.exit(hostile[0])
	return s.c
}

func TestHostileTrafficSteersNothing(t *testing.T) {
	r := build(t, []corpus.Case{hostileCase(t)}, reports.Options{Examples: 100, Title: hostile[7]})
	for ext, write := range formats {
		out := render(t, write, r)
		for _, c := range out {
			if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) {
				t.Errorf("%s holds %U", ext, c)
				break
			}
		}
	}
}

// ours are the tags and attributes that the page is made of.
var ours = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`html head meta title style body a header p svg path h1 nav ul li main dl div dt dd
		section h2 h3 figure line text g rect figcaption span table thead tbody tr th td code details summary footer
		lang charset http-equiv content name class href viewBox width height aria-hidden d aria-label id aria-labelledby
		role tabindex scope x y x1 x2 y1 y2 text-anchor`) {
		ours[w] = true
	}
}

func TestHostileTrafficIsNoMarkup(t *testing.T) {
	r := build(t, []corpus.Case{hostileCase(t)}, reports.Options{Examples: 100, Title: hostile[7]})
	page := render(t, reports.HTML, r)
	tags := regexp.MustCompile(`<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z0-9-]+="[^"]*")*)\s*/?>`)
	attributes := regexp.MustCompile(`([a-zA-Z0-9-]+)=`)
	found := tags.FindAllStringSubmatch(page, -1)
	if brackets := strings.Count(page, "<") - strings.Count(page, "<!DOCTYPE"); len(found) != brackets {
		t.Errorf("%d tags, but %d angle brackets open", len(found), brackets)
	}
	for _, tag := range found {
		if !ours[tag[2]] {
			t.Errorf("a tag %s", tag[0])
		}
		quoted := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag[3], "")
		for _, a := range attributes.FindAllStringSubmatch(quoted, -1) {
			if !ours[a[1]] {
				t.Errorf("an attribute %s in %s", a[1], tag[0])
			}
		}
	}
}

func TestHostileTrafficIsNoMarkdown(t *testing.T) {
	r := build(t, []corpus.Case{hostileCase(t)}, reports.Options{Examples: 100, Title: hostile[7]})
	text := withoutCode(render(t, reports.Markdown, r))
	for _, bad := range []string{"<script", "<img", "<h1>", "](", "![", "@", "http:", "&lt"} {
		if strings.Contains(text, bad) {
			t.Errorf("the Markdown holds %q outside code", bad)
		}
	}
}

// withoutCode removes code spans and escaped characters (CommonMark 6.1 and 2.4).
func withoutCode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case '\\':
			i += 2
		case '`':
			n := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
			i += n
			for {
				j := strings.IndexByte(s[i:], '`')
				i += j
				m := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
				i += m
				if m == n {
					break
				}
			}
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// Every row of a Markdown table has as many cells as its head, whatever is in them.
func TestMarkdownTablesStayTables(t *testing.T) {
	r := build(t, []corpus.Case{hostileCase(t)}, reports.Options{Examples: 100})
	cell := regexp.MustCompile(`(^|[^\\])\|`)
	width, rows := 0, 0
	for _, line := range strings.Split(render(t, reports.Markdown, r), "\n") {
		if !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		n := len(cell.FindAllString(strings.ReplaceAll(line, "||", "| |"), -1))
		if width == 0 {
			width = n
		}
		rows++
		if n != width {
			t.Errorf("a row of %d bars in a table of %d: %s", n, width, line)
		}
	}
	if rows < 50 {
		t.Fatalf("only %d rows were looked at", rows)
	}
}

func TestPageNeedsNothing(t *testing.T) {
	page := render(t, reports.HTML, build(t, day(t), reports.Options{}))
	for _, want := range []string{
		`http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-`,
		`<html lang="en">`, `prefers-color-scheme: dark`, `@media print`, `role="img"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if refs := regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//`).FindAllString(page, -1); len(refs) > 0 {
		t.Errorf("the page refers to %q", refs)
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain":           "plain",
		"naïve 日本語 ✓":     "naïve 日本語 ✓",
		"a\x1b[31mb":      `a\x1b[31mb`,
		"a\u202eb":        `a\u{202e}b`,
		"a\u200bb":        `a\u{200b}b`,
		"a\U000e0041":     `a\u{e0041}`,
		"\xff\xfe":        `\xff\xfe`,
		"a\r\n\tb":        `a\r\n\tb`,
		"\x9b":            `\x9b`,
		"\u009b":          `\u{9b}`,
		"no\u00a0break":   `no\u{a0}break`,
		"\u3164":          `\u{3164}`,
		"ok\ufffd":        "ok\ufffd",
		"\u2028":          `\u{2028}`,
		"x\ufe0f":         `x\u{fe0f}`,
		"cafe\u0301 test": "cafe\u0301 test",
	} {
		if got := reports.Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}
