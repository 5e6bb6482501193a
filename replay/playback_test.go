package replay_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/replay"
)

// says gives messages to a playback and returns all that it says to them.
func says(p *replay.Playback, messages ...string) (out, notes []string) {
	for _, m := range messages {
		r := p.Receive([]byte(m))
		for _, b := range r.Messages {
			out = append(out, string(b))
		}
		notes = append(notes, r.Notes...)
	}
	return out, notes
}

func answerOf(id, text string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":{"content":[{"type":"text","text":"` + text + `"}]}}`
}

func ask(id, tool, args string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"` + tool + `","arguments":` + args + `}}`
}

func TestPlaybackAnswers(t *testing.T) {
	c := session("s",
		ask("1", "read", `{"path":"a","n":1}`), "<"+answerOf("1", "first"),
		ask("2", "read", `{"n":1.0,"path":"a"}`), "<"+answerOf("2", "second"),
		ask("3", "read", `{"path":"b"}`), ask("4", "read", `{"path":"c"}`),
		"<"+answerOf("4", "c"), "<"+answerOf("3", "b"),
		`{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"bare"}}`, "<"+answerOf("5", "bare"),
	)
	p := replay.NewPlayback(&c, replay.PlaybackConfig{})
	for _, tt := range []struct{ message, want string }{
		{ask(`"x"`, "read", `{"n":1,"path":"a"}`), answerOf(`"x"`, "first")},
		{ask("9", "read", `{"path":"a","n":1}`), answerOf("9", "second")},
		{ask("10", "read", `{"path":"a","n":1}`), answerOf("10", "second")}, // the last, again
		{ask("1", "read", `{"path":"b"}`), answerOf("1", "b")},              // answers crossed then
		{ask("1", "read", `{"path":"c"}`), answerOf("1", "c")},
		{ask("2", "bare", `{}`), answerOf("2", "bare")}, // no arguments and an empty object are the same
		{`{"jsonrpc":"2.0","id":3,"method":"ping"}`, `{"jsonrpc":"2.0","id":3,"result":{}}`},
	} {
		got, notes := says(p, tt.message)
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" || len(notes) > 0 {
			t.Errorf("%s: %q (-want +got)\n%s", tt.message, notes, diff)
		}
	}
}

func TestPlaybackSaysWhatDiffers(t *testing.T) {
	c := session("s", ask("1", "read", `{"path":"a","deep":{"n":[1,2]}}`), "<"+answerOf("1", "first"), ask("2", "read", `{"path":"b"}`), "<"+answerOf("2", "b"))
	for _, tt := range []struct {
		message string
		number  int
		texts   []string
	}{
		{ask("1", "read", `{"path":"a","deep":{"n":[1,3]}}`), -31006, []string{`"step":"s:1"`, `{"at":"/arguments/deep/n/1","recorded":"2","now":"3"}`, "has another /arguments/deep/n/1"}},
		{ask("1", "read", `{"path":"b","more":true}`), -31006, []string{`"step":"s:3"`, `{"at":"/arguments/more","now":"true"}`, "has no /arguments/more"}},
		{ask("1", "read", `{}`), -31006, []string{`"step":"s:3"`, "has /arguments/path besides"}},
		{ask("1", "write", `{}`), -31006, []string{"no tools/call write; it has read"}},
		{`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"x:y"}}`, -32601, []string{"no resources/read"}},
		{`{"jsonrpc":"2.0","id":1,"method":"initialize","id":2}`, -32700, []string{"duplicate-member"}},
	} {
		p := replay.NewPlayback(&c, replay.PlaybackConfig{})
		got, notes := says(p, tt.message)
		var answer struct{ Error struct{ Code int } }
		if len(got) != 1 || json.Unmarshal([]byte(got[0]), &answer) != nil || answer.Error.Code != tt.number {
			t.Errorf("%s: got %q, want one error %d", tt.message, got, tt.number)
		}
		for _, text := range tt.texts {
			if !strings.Contains(strings.Join(got, ""), text) {
				t.Errorf("%s: no %s in %q", tt.message, text, got)
			}
		}
		for _, n := range notes {
			if strings.Contains(n, "true") {
				t.Errorf("a note quotes a value: %s", n)
			}
		}
	}
	p := replay.NewPlayback(&c, replay.PlaybackConfig{Nearest: true})
	got, notes := says(p, ask("7", "read", `{"path":"z"}`))
	if diff := cmp.Diff([]string{answerOf("7", "b")}, got); diff != "" || len(notes) != 1 || !strings.Contains(notes[0], "/arguments/path") {
		t.Errorf("%q (-want +got)\n%s", notes, diff)
	}
}

// What a policy stopped live has no answer, unless the same was answered another time.
func TestPlaybackOfWhatWasDenied(t *testing.T) {
	p := load(t, "p.yaml", "allow", "id: no-shell, tool: shell, action: deny", "id: no-poison, direction: to-client, text: {regex: poison}, action: deny",
		"id: slowly, tool: slow, limit: {calls: 1, per: 1h}, action: deny")
	c := record(session("s",
		ask("1", "shell", `{}`), ask("2", "read", `{}`), "<"+answerOf("2", "poison"),
		ask("3", "slow", `{}`), "<"+answerOf("3", "once"), ask("4", "slow", `{}`), ask("5", "lost", `{}`),
		ask("6", "quit", `{}`), `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":6}}`), p)
	for _, tt := range []struct {
		tool, want string
		withheld   bool
	}{
		{tool: "shell", want: "denied it live (no-shell)"},
		{tool: "read", want: "withheld its answer live (no-poison)"},
		{tool: "read", want: answerOf("9", "poison"), withheld: true},
		{tool: "slow", want: answerOf("9", "once")},
		{tool: "lost", want: "the recording ends without its answer"},
		{tool: "quit", want: "the client cancelled it"},
	} {
		pb := replay.NewPlayback(&c, replay.PlaybackConfig{Withheld: tt.withheld})
		for range 2 {
			got, _ := says(pb, ask("9", tt.tool, `{}`))
			if len(got) != 1 || !strings.Contains(got[0], tt.want) {
				t.Errorf("%s: got %q, want %s", tt.tool, got, tt.want)
			}
		}
	}
}

// Notifications and the server's own requests come where they came then.
func TestPlaybackOfMoreThanAnswers(t *testing.T) {
	const (
		progress  = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%,"progress":1}}`
		log       = `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"half"}}`
		sample    = `{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}`
		sampled   = `{"jsonrpc":"2.0","id":7,"result":{"role":"assistant","content":{"type":"text","text":"x"},"model":"m"}}`
		changed   = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`
		initiated = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
		roots     = `{"jsonrpc":"2.0","id":7,"method":"roots/list"}`
	)
	token := func(s, token string) string { return strings.Replace(s, "%", token, 1) }
	slow := func(id, token string) string {
		return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{"progressToken":` + token + `}}}`
	}
	c := session("s",
		initiated, "<"+roots, `{"jsonrpc":"2.0","id":7,"result":{"roots":[]}}`,
		slow("1", `"t"`), "<"+token(progress, `"t"`), "<"+log, "<"+sample, sampled, "<"+token(progress, `"t"`), "<"+answerOf("1", "done"), "<"+changed)
	for _, tt := range []struct {
		name           string
		messages, want []string
	}{
		{"a call", []string{slow("5", "55"), sampled}, []string{token(progress, "55"), log, sample, token(progress, "55"), answerOf("5", "done"), changed}},
		{"without its token", []string{ask("5", "slow", "{}"), sampled}, []string{log, sample, answerOf("5", "done"), changed}},
		{"waits for the client", []string{slow("5", "55")}, []string{token(progress, "55"), log, sample}},
		{"given up", []string{ask("5", "slow", "{}"), `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}`, sampled}, []string{log, sample}},
		{"two at once", []string{ask("5", "slow", "{}"), ask("6", "slow", "{}"), strings.Replace(sampled, "7", `"replayed-1"`, 1)},
			[]string{log, sample, log, strings.Replace(sample, "7", `"replayed-1"`, 1), answerOf("6", "done"), changed}},
		{"after a notification", []string{initiated}, []string{roots}},
		{"an answer that nobody waits for", []string{sampled}, nil},
	} {
		got, notes := says(replay.NewPlayback(&c, replay.PlaybackConfig{}), tt.messages...)
		if diff := cmp.Diff(tt.want, got); diff != "" || len(notes) > 0 {
			t.Errorf("%s: %q (-want +got)\n%s", tt.name, notes, diff)
		}
	}
}

// In 2026-07-28 a server asks inside results: the retry is told apart by its state, not
// by what the user said.
func TestPlaybackOfRetries(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	deploy := func(id, rest string) string {
		return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"deploy","arguments":{},` + rest + meta + `}}`
	}
	const asks = `{"jsonrpc":"2.0","id":%,"result":{"resultType":"input_required","inputRequests":{},"requestState":"s1"}}`
	c := session("s", deploy("1", ""), "<"+strings.Replace(asks, "%", "1", 1),
		deploy("2", `"requestState":"s1","inputResponses":{"sure":{"action":"accept"}},`), "<"+answerOf("2", "deployed"))
	p := replay.NewPlayback(&c, replay.PlaybackConfig{})
	got, _ := says(p, deploy("8", ""), deploy("9", `"requestState":"s1","inputResponses":{"sure":{"action":"decline"}},`))
	if diff := cmp.Diff([]string{strings.Replace(asks, "%", "8", 1), answerOf("9", "deployed")}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, _ := says(p, deploy("8", `"requestState":"forged",`)); len(got) != 1 || !strings.Contains(got[0], "/requestState") {
		t.Errorf("another state: %q", got)
	}
	if diff := cmp.Diff([]string{"server/discover", "tools/list"}, p.MadeUp()); diff != "" {
		t.Errorf("made up (-want +got)\n%s", diff)
	}
}

func TestPlaybackMakesAHandshakeUp(t *testing.T) {
	c := session("s", ask("1", "read", `{}`), "<"+answerOf("1", "x"))
	c.Server = "files"
	p := replay.NewPlayback(&c, replay.PlaybackConfig{})
	got, notes := says(p, `{"jsonrpc":"2.0","id":1,"method":"server/discover"}`,
		`{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}`,
		`{"jsonrpc":"2.0","id":3,"method":"tools/list"}`)
	if len(got) != 3 || len(notes) != 1 {
		t.Fatalf("%q %q", got, notes)
	}
	for i, want := range []string{"-32601", `"protocolVersion":"2025-06-18","serverInfo":{"name":"files"`, `"inputSchema":{"type":"object"},"name":"read"`} {
		if !strings.Contains(got[i], want) {
			t.Errorf("no %s in %s", want, got[i])
		}
	}
}
