package reports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// hostile are texts that steer a terminal, a browser or a reader of Markdown.
var hostile = []string{
	"\x1b[2J\x1b]0;owned\x07", "\u202eevil\u2066", "\u200bzero\ufeff", "\U000e0041tags", "a|b|c", "`code` ``more``",
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "![x](http://evil.example/p.png)", "[a](javascript:1)",
	"@everyone #1", "http://evil.example/", "line\nbreak\r\n\tand tab", "</details><h1>big</h1>", "{{.Secret}}", "\x9b31m", "&lt;b&gt;",
	"::error file=a::b", "x\n::set-output name=a::b", "##[error]no", "x ##vso[task.setvariable variable=a]b", "##teamcity[a]", "###[b", "%0A::warning::x", "a%2Cb", "=cmd()|' /C calc'!A0", "NUL\x00NUL",
	"]]>", "<![CDATA[x]]>", "\x0b\x0c\ufffe\uffff", "\xff\xfe invalid", "ok 7 # TODO", "\n...\nBail out!", "[a](0) {0} {{1}}",
	"#123", "GH-7 and www.evil.example", "org/repo#9", "--> <!-- x", "\\", `"'`, "TN:\nSF:/etc/passwd", "end_of_record", "a,b:c;d",
	"***bold*** __b__ ~~s~~ $x$", "| --- |", "</style><style>*{display:none}", "\u2028\u2029\u0085", "${{ secrets.X }}",
	"z" + strings.Repeat("\u0301", 60),
}

func hostileCase(t testing.TB) corpus.Case {
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

// hostileRun is a replay in which everything that can be hostile is: names, arguments,
// answers, sources, rules, reasons, expectations and files.
func hostileRun(t testing.TB) *replay.Result {
	p := load(t, "version: 1\ndefault: deny\nrules:\n  - {id: reads, tool: read_file, action: allow}\n")
	cases := []corpus.Case{hostileCase(t), hostileCase(t)}
	for i, h := range hostile {
		cases[0].Steps[1+4*i].Want = &corpus.Expectation{Action: policy.Allow, Code: h}
	}
	cases[1].Source = "source " + hostile[0] + hostile[9]
	cases[1].Steps[4].Recorded.Verdict.Rule = "rule" + hostile[3] + hostile[6]
	r := run(t, cases, replay.Config{Candidates: []*policy.Policy{p}, Files: candidateFiles})
	c := &r.Comparisons[0]
	for i, h := range hostile {
		g := &c.Groups[i%len(c.Groups)]
		g.To.Rule, g.Example.To.Verdict.Reason = "to "+h, h
		g.Accepted, g.Reason = i%7 == 0, h
	}
	given := replay.GateReason{Status: replay.Failed, Check: "acceptance", Got: hostile[2], Text: strings.Join(hostile, " ")}
	r.Gate.Reasons = append([]replay.GateReason{given}, r.Gate.Reasons...)
	c.Candidate.Files = []replay.PolicyFile{{Name: "test.yaml", Path: "policies/" + strings.Join(hostile, "/")}}
	return r
}

// everything writes hostile traffic in every format that there is.
func everything(t *testing.T) map[string]string {
	out := map[string]string{}
	r := build(t, []corpus.Case{hostileCase(t)}, reports.Options{Examples: 100, Title: hostile[7], Replay: hostileRun(t)})
	for _, f := range reports.Formats {
		out["report as "+f.Name] = render(t, f.Write, r)
	}
	for _, f := range reports.ReplayFormats {
		out["replay as "+f.Name] = render(t, f.Write, hostileRun(t))
	}
	cover, err := replay.Cover(context.Background(), seq([]corpus.Case{hostileCase(t)}), load(t, testPolicy), 1)
	if err != nil {
		t.Fatal(err)
	}
	cover.Policy.Name = strings.Join(hostile, " ")
	cover.Policy.Files = []replay.PolicyFile{{Name: "test.yaml", Path: strings.Join(hostile, "/")}}
	for i := range cover.Rules {
		cover.Rules[i].Rule += hostile[i%len(hostile)] + hostile[39]
		cover.Rules[i].Zero = strings.Join(hostile, " ")
	}
	for _, f := range reports.CoverageFormats {
		out["coverage as "+f.Name] = render(t, f.Write, cover)
	}
	tests := reports.PolicyTests{Policy: cover.Policy}
	warnings := reports.PolicyWarnings{Policy: cover.Policy}
	scores := &replay.Scores{Policy: replay.PolicyRef{Name: hostile[1]}}
	for _, h := range hostile {
		tests.Results = append(tests.Results, policy.TestResult{Name: h, Pos: h + ":1:1", Want: h, Got: h})
		warnings.Warnings = append(warnings.Warnings, policy.Warning{Pos: "test.yaml:2:3", Rule: h, Code: "unreachable", Text: h})
		scores.Sources = append(scores.Sources, replay.SourceScore{
			Source: h, Categories: []replay.CategoryScore{{Category: h, Confusion: replay.Confusion{Missed: 1, Alarms: 1}}},
			Misses: []replay.Listed{{Case: h, Step: h, Tool: h, Category: h, Message: h}},
		})
	}
	for _, f := range reports.TestFormats {
		out["tests as "+f.Name] = render(t, f.Write, []reports.PolicyTests{tests})
	}
	for _, f := range reports.LintFormats {
		out["lint as "+f.Name] = render(t, f.Write, []reports.PolicyWarnings{warnings})
	}
	for _, f := range reports.ScoreFormats {
		out["score as "+f.Name] = render(t, f.Write, scores)
	}
	for i := range r.Replay.Comparisons[0].Groups[:20] {
		g := &r.Replay.Comparisons[0].Groups[i]
		out[fmt.Sprintf("group %d as text", i)] = render(t, func(w io.Writer, g *replay.Group) error { return reports.ReplayGroupText(w, i, g) }, g)
		out[fmt.Sprintf("traces %d as text", i)] = render(t, reports.ReplayTracesText, g)
	}
	var sessions []reports.SessionRow
	for _, h := range hostile {
		sessions = append(sessions, reports.SessionRow{ID: h, Server: h, End: h, Policy: "digest"})
	}
	out["sessions as text"] = render(t, reports.SessionsText, sessions)
	out["score as text"] = render(t, func(w io.Writer, s *replay.Scores) error { return reports.ScoreText(w, s, 3) }, scores)
	return out
}

func TestHostileTrafficSteersNothing(t *testing.T) {
	for name, out := range everything(t) {
		steersNothing(t, name, out)
	}
}

// steersNothing fails if a terminal, a parser of XML or a reader could be steered.
func steersNothing(t *testing.T, name, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%s is not UTF-8", name)
	}
	for _, c := range out {
		if c != '\n' && (unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp) || c == 0xfffe || c == 0xffff) {
			t.Errorf("%s holds %U", name, c)
			break
		}
	}
}

var anyLogCommand = regexp.MustCompile(`##[A-Za-z]*\[`)

// Whatever a CI job prints, its runner takes no line for a command but our own.
func TestHostileTrafficIsNoCommand(t *testing.T) {
	for name, out := range everything(t) {
		if command := anyLogCommand.FindString(out); command != "" {
			t.Errorf("%s holds %s", name, command)
		}
		if strings.HasSuffix(name, "github") {
			commandsOnly(t, name, out)
			continue
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%s has a line of %s", name, line)
			}
		}
	}
}

var ourCommand = regexp.MustCompile(`^::(error|warning|notice) (file=[^:,]*,line=\d+,col=\d+,)?title=[^:,]*::[^\r\n]*\n$`)

// commandsOnly fails if a line is something else than an annotation of ours.
func commandsOnly(t *testing.T, name, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		if !ourCommand.MatchString(line) {
			t.Errorf("%s: %s", name, line)
		}
	}
}

func TestHostileTrafficIsNoXML(t *testing.T) {
	all := everything(t)
	for _, name := range []string{"replay as junit", "tests as junit", "score as junit"} {
		readJUnit(t, all[name])
	}
	for _, name := range []string{"replay as tap", "tests as tap"} {
		readTAP(t, all[name])
	}
}

// Every record of an LCOV file is one that we meant.
func TestHostileTrafficIsNoRecord(t *testing.T) {
	ours := regexp.MustCompile(`^(TN:|SF:.*|FN:\d+,[^,]*|FNDA:\d+,[^,]*|(FNF|FNH|BRF|BRH|LF|LH):\d+|BRDA:\d+,\d+,[01],(-|\d+)|DA:\d+,\d+|end_of_record)$`)
	files := 0
	for line := range strings.Lines(everything(t)["coverage as lcov"]) {
		if line = strings.TrimSuffix(line, "\n"); !ours.MatchString(line) {
			t.Errorf("a record %s", line)
		}
		if strings.HasPrefix(line, "SF:") {
			files++
		}
	}
	if files != 1 {
		t.Errorf("%d files", files)
	}
}

// ours are the tags and attributes that the page is made of.
var ours = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`html head meta title style body a header p svg path h1 nav ul li main dl div dt dd
		section h2 h3 figure line text g rect figcaption span table thead tbody tr th td code details summary footer strong fieldset legend input label del ins
		lang charset http-equiv content name class href viewBox width height aria-hidden d aria-label id aria-labelledby
		role tabindex scope type checked autocomplete x y x1 x2 y1 y2 text-anchor`) {
		ours[w] = true
	}
}

func TestHostileTrafficIsNoMarkup(t *testing.T) {
	for name, page := range everything(t) {
		if strings.HasSuffix(name, "html") {
			ourTagsOnly(t, name, page)
		}
	}
}

var (
	anyTag       = regexp.MustCompile(`<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z0-9-]+(?:="[^"]*")?)*)\s*/?>`)
	anyAttribute = regexp.MustCompile(`([a-zA-Z0-9-]+)=`)
	anyQuoted    = regexp.MustCompile(`"[^"]*"`)
)

// ourTagsOnly fails if the page has a tag or an attribute that is none of ours.
func ourTagsOnly(t *testing.T, name, page string) {
	t.Helper()
	found := anyTag.FindAllStringSubmatch(page, -1)
	if brackets := strings.Count(page, "<") - strings.Count(page, "<!DOCTYPE"); len(found) != brackets {
		t.Errorf("%s: %d tags, but %d angle brackets open", name, len(found), brackets)
	}
	for _, tag := range found {
		if !ours[tag[2]] {
			t.Errorf("%s: a tag %s", name, tag[0])
		}
		for _, a := range anyAttribute.FindAllStringSubmatch(anyQuoted.ReplaceAllString(tag[3], ""), -1) {
			if !ours[a[1]] {
				t.Errorf("%s: an attribute %s in %s", name, a[1], tag[0])
			}
		}
	}
}

func TestHostileTrafficIsNoMarkdown(t *testing.T) {
	for name, out := range everything(t) {
		if strings.HasSuffix(name, "markdown") {
			noMarkdown(t, name, out)
		}
	}
}

var anyLink = regexp.MustCompile(`#\d|(?i)gh-\d|www\.|://|@`)

// noMarkdown fails if something outside code is markup, or a link of GitHub's making.
func noMarkdown(t *testing.T, name, out string) {
	t.Helper()
	text := withoutCode(out)
	for _, bad := range []string{"<script", "<img", "<h1>", "<style", "<!--", "](", "![", "&lt", "**bold", "~~"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s holds %q outside code", name, bad)
		}
	}
	if link := anyLink.FindString(text); link != "" {
		t.Errorf("%s holds %q outside code, which GitHub makes a link of", name, link)
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
	cell := regexp.MustCompile(`(^|[^\\])\|`)
	width, rows := 0, 0
	out := everything(t)
	for _, line := range strings.Split(out["report as markdown"]+out["replay as markdown"], "\n") {
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

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                  "plain",
		"naïve 日本語 ✓":                            "naïve 日本語 ✓",
		"a\x1b[31mb":                             `a\x1b[31mb`,
		"a\u202eb":                               `a\u{202e}b`,
		"a\u200bb":                               `a\u{200b}b`,
		"a\U000e0041":                            `a\u{e0041}`,
		"\xff\xfe":                               `\xff\xfe`,
		"a\r\n\tb":                               `a\r\n\tb`,
		"\x9b":                                   `\x9b`,
		"\u009b":                                 `\u{9b}`,
		"no\u00a0break":                          `no\u{a0}break`,
		"\u3164":                                 `\u{3164}`,
		"ok\ufffd":                               "ok\ufffd",
		"\u2028":                                 `\u{2028}`,
		"x\ufe0f":                                `x\u{fe0f}`,
		"cafe\u0301 test":                        "cafe\u0301 test",
		"z" + strings.Repeat("\u0301", 6):        "z\u0301\u0301\u0301\u0301" + `\u{301}\u{301}`,
		"a\x1bz" + strings.Repeat("\u0301", 5):   "a" + `\x1b` + "z\u0301\u0301\u0301\u0301" + `\u{301}`,
		"z" + strings.Repeat("\u0301", 4) + "\n": "z\u0301\u0301\u0301\u0301" + `\n`,
	} {
		if got := reports.Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}
