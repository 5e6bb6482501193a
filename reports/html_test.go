package reports_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// pages are pages of every sort.
func pages(t *testing.T) map[string]string {
	all := everything(t)
	day := build(t, day(t), reports.Options{Replay: replayed(t)})
	return map[string]string{
		"day": render(t, reports.HTML, day), "empty": render(t, reports.HTML, build(t, nil, reports.Options{})),
		"replay": render(t, reports.ReplayHTML, replayed(t)), "long": render(t, reports.ReplayHTML, manyGroups(t, 300)),
		"hostile report": all["report as html"], "hostile replay": all["replay as html"],
	}
}

// Law: a page loads nothing and runs nothing, and its policy forbids both: the only
// style that is allowed is the one that it has.
func TestPagesNeedNothing(t *testing.T) {
	csp := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	loads := regexp.MustCompile(`(?i)<(script|link|iframe|img|object|embed|form|base)\b|\s(src|srcset|on[a-z]+|style|action|formaction)\s*=|url\(|@import|href="[^#]`)
	for name, page := range pages(t) {
		sum := sha256.Sum256([]byte(style.FindStringSubmatch(page)[1]))
		want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
		if got := html.UnescapeString(csp.FindStringSubmatch(page)[1]); got != want {
			t.Errorf("%s: policy %s, want %s", name, got, want)
		}
		markup := anyTag.FindAllString(page, -1)
		if found := loads.FindString(strings.Join(markup, "\n") + style.FindString(page)); found != "" {
			t.Errorf("%s: the page holds %q", name, found)
		}
		for _, want := range []string{`<html lang="en">`, `prefers-color-scheme: dark`, `@media print`, `id="overview"`, `class="skip"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

// Ids stand once, links within the page lead somewhere, and tags are closed in order.
func TestPagesAreWellFormed(t *testing.T) {
	void := []string{"meta", "input", "path", "line", "rect"}
	for name, page := range pages(t) {
		var open []string
		ids := map[string]bool{}
		for _, tag := range anyTag.FindAllStringSubmatch(page, -1) {
			for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(tag[0], -1) {
				if ids[id[1]] {
					t.Errorf("%s: the id %s stands twice", name, id[1])
				}
				ids[id[1]] = true
			}
			switch {
			case slices.Contains(void, tag[2]):
			case tag[1] == "":
				open = append(open, tag[2])
			case len(open) == 0 || open[len(open)-1] != tag[2]:
				t.Fatalf("%s: </%s> closes %v", name, tag[2], open)
			default:
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s: %v are never closed", name, open)
		}
		for _, link := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !ids[link[1]] {
				t.Errorf("%s: a link leads to #%s, which is not there", name, link[1])
			}
		}
	}
}

// Each word by which rows can be hidden hides all rows of that word, by a rule that
// the style has; and each row can be hidden.
func TestRowsCanBeHidden(t *testing.T) {
	sections := regexp.MustCompile(`(?s)<section id="([^"]*)".*?</section>`)
	boxes := regexp.MustCompile(`<input type="checkbox" class="c(\d+)"[^>]*> (.*?)(?: <span class="count">([\d,]+)</span>)?</label>`)
	rows := regexp.MustCompile(`<tr class="r(\d+)`)
	filters := 0
	for name, page := range pages(t) {
		for _, s := range sections.FindAllStringSubmatch(page, -1) {
			count := map[string]int{}
			for _, r := range rows.FindAllStringSubmatch(s[0], -1) {
				count[r[1]]++
			}
			found := boxes.FindAllStringSubmatch(s[0], -1)
			if len(found) == 0 && len(count) > 1 {
				t.Errorf("%s, %s: rows of %d sorts, but none can be hidden", name, s[1], len(count))
			}
			for _, b := range found {
				filters++
				if rule := fmt.Sprintf("section:has(.c%s:not(:checked)) .r%s", b[1], b[1]); !strings.Contains(page, rule) {
					t.Errorf("%s: the style lacks %s", name, rule)
				}
				if want := fmt.Sprint(count[b[1]]); b[3] != "" && strings.ReplaceAll(b[3], ",", "") != want {
					t.Errorf("%s, %s: %s counts %s rows, there are %s", name, s[1], b[2], b[3], want)
				}
			}
		}
	}
	if filters < 10 {
		t.Errorf("only %d filters", filters)
	}
}

func TestManyWordsShareTheLastFilter(t *testing.T) {
	var cases []corpus.Case
	for i := range 30 {
		s := newSession(load(t, testPolicy), fmt.Sprint("s-", i), fmt.Sprintf("server-%02d", i), start)
		s.tool("search", `{"query":"a"}`, "none")
		cases = append(cases, s.c)
	}
	page := render(t, reports.HTML, build(t, cases, reports.Options{}))
	if n := strings.Count(page, `<input type="checkbox"`); n != 12 || !strings.Contains(page, `class="c11" autocomplete="off" checked> others <span class="count">38</span>`) {
		t.Errorf("%d filters", n)
	}
}

// The page, the text and the Markdown begin with the same answers.
func TestAnswersStandFirst(t *testing.T) {
	for what, tt := range map[string]struct {
		report *reports.Report
		want   []string
	}{
		"a day": {build(t, day(t), reports.Options{Replay: replayed(t)}), []string{
			"16 messages", "2 stopped", "1 secret got through", "3 tool definitions changed", "93.7 % of verdicts can be checked again", "failed at the gate", "6 limits"}},
		"nothing": {build(t, nil, reports.Options{}), []string{"0 messages", "0 stopped", "0 secrets got through", "3 limits"}},
		"judged for the report": {build(t, unjudged(t), reports.Options{Judge: load(t, testPolicy)}), []string{
			"16 verdicts were made for this report"}},
	} {
		for format, write := range map[string]func(io.Writer, *reports.Report) error{"text": reports.Text, "markdown": reports.Markdown, "html": reports.HTML} {
			out := render(t, write, tt.report)
			plain := regexp.MustCompile(`<[^>]*>|\*\*`).ReplaceAllString(out, "")
			plain = regexp.MustCompile(` +`).ReplaceAllString(plain, " ")
			at := 0
			for _, want := range tt.want {
				i := strings.Index(plain[at:], want)
				if i < 0 {
					t.Errorf("%s as %s does not answer %q, or in another order", what, format, want)
					continue
				}
				at += i
			}
			if end := strings.Index(plain, "── What happened"); format == "text" && (end < 0 || at > end) {
				t.Errorf("%s: the answers stand behind what happened", what)
			}
		}
	}
}

func unjudged(t *testing.T) []corpus.Case {
	cases := day(t)
	for i := range cases {
		cases[i].Policy = nil
		for j := range cases[i].Steps {
			cases[i].Steps[j].Recorded = nil
		}
	}
	return cases
}

// What two policies replace is compared by bytes, and shown as a diff.
func TestRedactionsAreComparedByBytes(t *testing.T) {
	key := secret(t, 1)
	s := newSession(load(t, testPolicy), "s-1", "files", start)
	s.tool("read_file", `{"path":"config.txt"}`, "token "+key+" end")
	r := run(t, []corpus.Case{s.c}, replay.Config{Candidates: []*policy.Policy{load(t, "version: 1\ndefault: allow\n")}})
	g := &r.Comparisons[0].Groups[0]
	lost := g.Example.From.Verdict.Redactions[0]
	want := []string{
		fmt.Sprintf("passes now bytes %d to %d (github-pat)", lost.Start, lost.End),
		"token [-[REDACTED:github-pat]-]{+" + strings.Repeat("*", lost.End-lost.Start) + "+}",
	}
	for _, w := range want {
		if text := render(t, reports.ReplayText, r); !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
	page := render(t, reports.ReplayHTML, r)
	if w := "<del>[REDACTED:github-pat]</del><ins>" + strings.Repeat("*", lost.End-lost.Start) + "</ins>"; !strings.Contains(page, w) {
		t.Errorf("the page has no %s", w)
	}
	back := run(t, []corpus.Case{s.c}, replay.Config{
		Baseline: load(t, "version: 1\ndefault: allow\n"), Candidates: []*policy.Policy{load(t, testPolicy)}})
	if text := render(t, reports.ReplayText, back); !strings.Contains(text, "hidden now bytes ") || strings.Contains(text, "passes now") {
		t.Errorf("what is replaced now:\n%s", text)
	}
}
