package recorder_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// TestMemoryIsRecordedAndReplays: labels, answers from memory and values that are
// carried come out alike over what is stored, where secrets have stand-ins or masks.
func TestMemoryIsRecordedAndReplays(t *testing.T) {
	const source = `version: 1
default: allow
limits: [{id: loop, calls: 3, per: 1h, by: [tool, args]}]
rules:
  - {id: seen, tool: read, direction: to-client, kind: answer, action: log, labels: seen, remember: text}
  - {id: carried, tool: send, after: seen, carries: {from: text, min: 4}, action: deny, labels: tried}
  - {id: again, tool: read, annotations: {readOnlyHint: true}, action: allow, cache: {ttl: 1h}}
`
	p, err := policy.Load("p.yaml", []byte(source), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{})
	defer s.Close()
	tp := begin(t, s, p)
	key, _ := detect.Generate("github-pat", seeded(5))
	call := func(id int, tool, text string) {
		tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":{"t":%q}}}`, id, tool, text))
	}
	answer := func(id int, text string) {
		tp.message(mcp.ToClient, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":%q}]}}`, id, text))
	}
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	tp.message(mcp.ToClient, `{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"read","annotations":{"readOnlyHint":true}}]}}`)
	call(2, "read", "a")
	answer(2, "the key is "+key+" and password=hQ7!k2Lm9z for the house")
	call(3, "read", "a")
	for i, text := range []string{key, "with " + key, key[:20], "password=hQ7!k2Lm9z", "password=vT4#w8Yx1c", "the house", "nothing", key, key, key} {
		call(10+i, "send", text)
		answer(10+i, "sent")
	}
	for i := range 4 {
		call(30+i, "log", "pass"+"word="+[]string{"hQ7!k2Lm9z", "vT4#w8Yx1c"}[i%2])
		answer(30+i, "ok")
	}
	denied, cached := 0, 0
	engine := policy.NewSession(p)
	i := 0
	for e, err := range s.Entries(tp.session.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		live, ev := tp.events[i], engine.Step(e.Frame)
		if diff := cmp.Diff(live.Verdict, ev.Verdict); diff != "" || live.Digest != ev.Digest {
			t.Errorf("entry %d judged again (-live +again):\n%s%s", i, diff, e.Frame.Raw)
		}
		if diff := cmp.Diff(live.Labels, e.Event.Labels); diff != "" || live.Cached != e.Event.Cached {
			t.Errorf("entry %d as recorded: cached %d, was %d; labels (-live +recorded):\n%s", i, e.Event.Cached, live.Cached, diff)
		}
		if live.Cached != 0 {
			cached++
		}
		if live.Verdict.Rule == "carried" {
			denied++
		}
		i++
	}
	if i != len(tp.events) || denied < 3 || cached != 1 {
		t.Errorf("%d entries of %d, %d denied, %d from memory: nothing is shown", i, len(tp.events), denied, cached)
	}
}
