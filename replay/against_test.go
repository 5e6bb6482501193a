package replay_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/replay"
)

func resultOf(id, result string) string {
	return `<{"jsonrpc":"2.0","id":` + id + `,"result":` + result + `}`
}

func TestCompareAnswers(t *testing.T) {
	mask := func(s string) string {
		return strings.NewReplacer("secret-one", "‹key›", "secret-two", "‹key›").Replace(s)
	}
	for _, tt := range []struct {
		name, then, now string
		cfg             replay.AgainstConfig
		want            []replay.Difference
	}{
		{name: "the same in another order", then: `{"a":1,"b":[true,null]}`, now: `{"b":[true,null],"a":1.0}`},
		{name: "a value", then: `{"a":{"x/y":1}}`, now: `{"a":{"x/y":2}}`, want: []replay.Difference{{At: "/result/a/x~1y", Recorded: "1", Now: "2"}}},
		{name: "more and less", then: `{"a":1}`, now: `{"b":[1]}`, want: []replay.Difference{{At: "/result/a", Recorded: "1"}, {At: "/result/b", Now: "[1]"}}},
		{name: "a longer list", then: `{"a":[1]}`, now: `{"a":[1,2]}`, want: []replay.Difference{{At: "/result/a/1", Now: "2"}}},
		{name: "times and ids", then: `{"t":"at 2026-07-28T09:30:00Z, 0b9e1f0a-1111-2222-3333-444455556666","n":1785196800}`, now: `{"t":"at 2027-01-02T10:00:00.5+01:00, aaaaaaaa-1111-2222-3333-444455556667","n":1800000000}`},
		{name: "times, strictly", cfg: replay.AgainstConfig{Strict: true}, then: `{"n":1785196800}`, now: `{"n":1800000000}`, want: []replay.Difference{{At: "/result/n", Recorded: "1785196800", Now: "1800000000"}}},
		{name: "JSON in a text", then: `{"text":"{\"a\": 1, \"at\": \"2026-07-28T09:30:00Z\"}"}`, now: `{"text":"{\"at\":\"2026-07-29T09:30:00Z\",\"a\":1}"}`},
		{name: "secrets", cfg: replay.AgainstConfig{Mask: mask}, then: `{"text":"key secret-one"}`, now: `{"text":"key secret-two"}`},
		{name: "what is shown is masked", cfg: replay.AgainstConfig{Mask: mask}, then: `{"text":"key secret-one"}`, now: `{"text":"no secret-two"}`,
			want: []replay.Difference{{At: "/result/text", Recorded: `"key ‹key›"`, Now: `"no ‹key›"`}}},
		{name: "a pointer to ignore", cfg: replay.AgainstConfig{Ignore: []string{"/result/content/*/text", "/result/**/took"}}, then: `{"content":[{"text":"a"}],"m":{"n":{"took":1}}}`, now: `{"content":[{"text":"b"}],"m":{"n":{}}}`},
		{name: "a name to ignore", cfg: replay.AgainstConfig{Ignore: []string{"took"}}, then: `{"m":{"took":1},"took":2,"x":1}`, now: `{"m":{"took":3},"x":2}`, want: []replay.Difference{{At: "/result/x", Recorded: "1", Now: "2"}}},
	} {
		then := session("then", ask("1", "t", "{}"), resultOf("1", tt.then))
		now := session("now", ask("1", "t", "{}"), resultOf("1", tt.now))
		a := replay.CompareAnswers(&then, &now, tt.cfg)
		want := replay.Answer{Step: "then:1", Method: "tools/call", Tool: "t", Outcome: replay.AnswerSame, Differences: tt.want}
		if len(tt.want) > 0 {
			want.Outcome = replay.AnswerDifferent
		}
		if diff := cmp.Diff([]replay.Answer{want}, a.Answers); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestCompareAnswersOutcomes(t *testing.T) {
	p := load(t, "p.yaml", "allow", "id: no-shell, tool: shell, action: deny")
	requests := []string{ask("1", "a", "{}"), ask("2", "shell", "{}"), ask("3", "b", "{}"), ask("4", "c", "{}"), ask("5", "d", "{}")}
	then := session("then", requests[0], resultOf("1", "{}"), requests[1], resultOf("2", "{}"), requests[2], requests[3], resultOf("4", "{}"), requests[4], resultOf("5", "{}"))
	now := record(session("now", requests[0], `<{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}`, requests[1], requests[2], resultOf("3", "{}"), requests[3]), p)
	a := replay.CompareAnswers(&then, &now, replay.AgainstConfig{})
	var got []string
	for _, x := range a.Answers {
		got = append(got, x.Tool+" "+x.Outcome)
	}
	if diff := cmp.Diff([]string{"a different", "shell not_sent", "b not_recorded", "c no_answer", "d no_answer"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "0 answers are the same, 1 differ, 2 requests got none, 1 were not sent, 1 have no recorded answer"; a.Summary() != want {
		t.Errorf("%s, want %s", a.Summary(), want)
	}
}

func TestOutgoing(t *testing.T) {
	c := session("s",
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`, `<{"jsonrpc":"2.0","id":9,"method":"roots/list"}`, `{"jsonrpc":"2.0","id":9,"result":{"roots":[]}}`,
		ask("1", "a", "{}"), resultOf("1", `{"requestState":"s1"}`),
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a","arguments":{},"requestState":"s1"}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}`, `{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen","params":{}}`, "no message")
	var got []string
	for _, m := range replay.OutgoingOf(&c) {
		got = append(got, string(m.ID)+" "+m.State+" "+m.Gives)
	}
	if diff := cmp.Diff([]string{"  ", "1  s1", "2 s1 "}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := string(replay.WithState([]byte(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"requestState":"s1","name":"a"}}`), `t"2`)); got != `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"requestState":"t\"2","name":"a"}}` {
		t.Errorf("%s", got)
	}
}
