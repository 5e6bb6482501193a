package reports_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

func TestGoldens(t *testing.T) {
	r := build(t, day(t), reports.Options{Title: "A day in March"})
	for ext, write := range formats {
		golden(t, "day."+ext, render(t, write, r))
	}
}

func TestCountsOfADay(t *testing.T) {
	r := build(t, day(t), reports.Options{})
	want := reports.Summary{
		Sessions: 2, Messages: 16, Calls: 7,
		Verdicts:    reports.Counts{Allow: 12, Redact: 1, Ask: 1, Deny: 2},
		LeaksPassed: 1, LeaksRedacted: 1,
		First: "2026-03-02T09:30:00.700Z", Last: "2026-03-02T10:30:03.500Z",
	}
	if diff := cmp.Diff(want, r.Summary); diff != "" {
		t.Error(diff)
	}
	e := r.Evidence
	if e.Exact != 15 || e.Lossy != 1 || e.Invalid != 1 || e.Unended != 1 || e.ServerEnd != 1 || e.Unanswered != 1 {
		t.Errorf("evidence %+v", e)
	}
}

func TestStoppedSaysWhatWasStoppedAndWhy(t *testing.T) {
	r := build(t, day(t), reports.Options{})
	var rules []string
	for _, s := range r.Stopped {
		rules = append(rules, s.Action.String()+" "+s.Rule)
	}
	want := []string{"deny no-keys", "deny engine:duplicate-member", "ask ask-shell", "redact hide-secrets"}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Error(diff)
	}
	if got := r.Stopped[0].Examples[0].Excerpt; got != "path=/home/u/.ssh/id_rsa" {
		t.Errorf("excerpt %q", got)
	}
}

func TestDefinitionsThatChange(t *testing.T) {
	r := build(t, day(t), reports.Options{})
	var got []string
	for _, d := range r.Definitions {
		got = append(got, strings.Join([]string{d.Change, d.Tool, strings.Join(d.Parts, "+"), d.Session}, " "))
	}
	want := []string{
		"first seen read_file  s-1", "first seen shell  s-1",
		"changed read_file description s-2", "added search  s-2", "removed shell  s-2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A page of a longer list says nothing about the tools that it leaves out.
func TestPagedListRemovesNothing(t *testing.T) {
	s := newSession(load(t, testPolicy), "s-1", "files", start)
	s.call("tools/list", `{}`, `{"tools":[{"name":"a"}],"nextCursor":"2"}`)
	s.call("tools/list", `{"cursor":"2"}`, `{"tools":[{"name":"b"}]}`)
	r := build(t, []corpus.Case{s.c}, reports.Options{})
	for _, d := range r.Definitions {
		if d.Change == "removed" {
			t.Errorf("%s counts as removed", d.Tool)
		}
	}
}

func TestSavedFormGivesEveryOther(t *testing.T) {
	r := build(t, day(t), reports.Options{})
	back, err := reports.ReadJSON([]byte(render(t, reports.JSON, r)))
	if err != nil {
		t.Fatal(err)
	}
	for ext, write := range formats {
		if render(t, write, r) != render(t, write, back) {
			t.Errorf("%s differs after saving and reading", ext)
		}
	}
	for _, bad := range []string{"", "{", `{"version":2}`, `{}`} {
		if _, err := reports.ReadJSON([]byte(bad)); err == nil {
			t.Errorf("ReadJSON took %q", bad)
		}
	}
}

// Law L9: the same input gives the same bytes.
func TestSameInputSameBytes(t *testing.T) {
	for ext, write := range formats {
		one := render(t, write, build(t, day(t), reports.Options{}))
		for _, env := range [][2]string{{"LANG", "ja_JP.UTF-8"}, {"LC_ALL", "zh_CN.UTF-8"}, {"COLUMNS", "40"}, {"TZ", "Asia/Tokyo"}, {"NO_COLOR", "1"}} {
			t.Setenv(env[0], env[1])
		}
		if two := render(t, write, build(t, day(t), reports.Options{})); one != two {
			t.Errorf("%s depends on more than its input", ext)
		}
	}
}

// Law L8: no secret in a report, whatever the recording holds.
func TestNoSecretInAReport(t *testing.T) {
	s := newSession(load(t, testPolicy), "s-3", "files", start)
	key := secret(t, 3)
	s.tool(key, `{"`+key+`":"`+key+`","list":{"`+key+`":1}}`, key)
	cases := append(day(t), s.c)
	for seed := byte(1); seed <= 3; seed++ {
		s := secret(t, seed)
		for ext, write := range formats {
			if strings.Contains(render(t, write, build(t, cases, reports.Options{Examples: 50})), s) {
				t.Errorf("secret %d is in the %s report", seed, ext)
			}
		}
	}
}

func TestVerdictsMadeForTheReport(t *testing.T) {
	cases := unjudged(t)
	r := build(t, cases, reports.Options{})
	if r.Evidence.Unjudged != 16 || r.Summary.Verdicts.Total() != 0 {
		t.Errorf("without a policy: %d unjudged, %d verdicts", r.Evidence.Unjudged, r.Summary.Verdicts.Total())
	}
	r = build(t, cases, reports.Options{Judge: load(t, testPolicy)})
	if r.Evidence.Computed != 16 || r.Summary.Verdicts.Deny != 2 || !r.Policies[0].Computed {
		t.Errorf("with a policy: %d computed, %+v", r.Evidence.Computed, r.Summary.Verdicts)
	}
	if len(r.Limits) == 0 || !strings.Contains(r.Limits[0], "16 verdicts were made for this report") {
		t.Errorf("limits %q", r.Limits)
	}
}

func TestBrokenSourceIsAnError(t *testing.T) {
	broken := errors.New("broken")
	var cases iter.Seq2[corpus.Case, error] = func(yield func(corpus.Case, error) bool) { yield(corpus.Case{}, broken) }
	if _, err := reports.Build(cases, reports.Options{}); !errors.Is(err, broken) {
		t.Errorf("Build of a broken source: %v", err)
	}
}

func TestEmptyReport(t *testing.T) {
	r := build(t, nil, reports.Options{})
	if got := render(t, reports.Text, r); !strings.Contains(got, "No message was recorded.") {
		t.Error(got)
	}
	for ext, write := range formats {
		if render(t, write, r) == "" {
			t.Errorf("%s is empty", ext)
		}
	}
}

// Two steps of a session may not be told apart by a clock that went back.
func TestClockGoingBackIsALimit(t *testing.T) {
	s := newSession(load(t, testPolicy), "s-1", "files", start)
	s.call("ping", `{}`, `{}`)
	s.at -= 5e9
	s.frame(mcp.ToServer, mcp.MessageFrame, []byte(`{"jsonrpc":"2.0","method":"notifications/initialized"}`))
	r := build(t, []corpus.Case{s.c}, reports.Options{})
	if r.Evidence.Backwards != 1 {
		t.Errorf("%d places where the clock went back", r.Evidence.Backwards)
	}
}

func TestCrashesAndGapsAreSaid(t *testing.T) {
	ends := map[reports.SessionKey]reports.End{
		{Source: "day.db", Session: "s-1"}: {Reason: "disk full", Lost: 3},
		{Source: "day.db", Session: "s-2"}: {Reason: "crashed"},
	}
	r := build(t, day(t), reports.Options{Ends: ends})
	if r.Evidence.Crashed != 1 || r.Evidence.Lost != 3 {
		t.Errorf("%d crashed, %d lost", r.Evidence.Crashed, r.Evidence.Lost)
	}
	text := render(t, reports.Text, r)
	for _, want := range []string{"3 frames lost: disk full", "crashed", "1 recorder crashed", "3 frames could not be recorded"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

func TestManyNamesAreBounded(t *testing.T) {
	s := newSession(load(t, testPolicy), "s-1", "files", start)
	for i := range 2100 {
		s.tool("tool-"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strconv.Itoa(i), `{}`, "")
	}
	r := build(t, []corpus.Case{s.c}, reports.Options{})
	if n := len(r.Servers[0].Tools); n > 2001 {
		t.Errorf("%d tools are listed", n)
	}
	if r.Summary.Calls != 2100 {
		t.Errorf("%d calls are counted", r.Summary.Calls)
	}
}

func TestScoreAndMutantsText(t *testing.T) {
	p := load(t, testPolicy)
	cases := day(t)
	for i := range cases[0].Steps {
		cases[0].Steps[i].Label = "benign"
	}
	cases[0].Steps[5].Label = "attack" // the key that is read
	scores, err := replay.Score(context.Background(), seq(cases), replay.ScoreConfig{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "score.txt", render(t, func(w io.Writer, s *replay.Scores) error { return reports.ScoreText(w, s, 2) }, scores))
	mutants, err := replay.Mutate(context.Background(), seq(cases), p, 1)
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, reports.MutantsText, mutants)
	for _, want := range []string{"policy test.yaml", "mutants noticed", "3 assertions do not hold", "Not noticed", "ask-shell"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
