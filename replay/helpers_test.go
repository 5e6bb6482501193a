package replay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// load compiles a policy of a default action and rules, each written in flow form.
func load(t testing.TB, name, def string, rules ...string) *policy.Policy {
	t.Helper()
	text := "version: 1\ndefault: " + def + "\nrules:\n"
	for _, r := range rules {
		text += "  - {" + r + "}\n"
	}
	if len(rules) == 0 {
		text = "version: 1\ndefault: " + def + "\n"
	}
	p, err := policy.Load(name, []byte(text), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

const (
	toServer = mcp.ToServer
	toClient = mcp.ToClient
)

// session makes a case of messages: those that begin with < go to the client. All
// frames come a second apart.
func session(id string, messages ...string) corpus.Case {
	c := corpus.Case{ID: id, Source: "test"}
	add := func(f mcp.Frame) {
		f.At = int64(len(c.Steps)) * 1_000_000_000
		c.Steps = append(c.Steps, corpus.Step{ID: fmt.Sprintf("%s:%d", id, len(c.Steps)), Frame: f, Fidelity: policy.Exact})
	}
	add(mcp.Frame{Kind: mcp.FactFrame, Raw: policy.Fact{Name: policy.FactSession, Server: "demo"}.JSON()})
	c.Steps[0].Synthetic = true
	for _, m := range messages {
		text, back := strings.CutPrefix(m, "<")
		dir := toServer
		if back {
			dir = toClient
		}
		add(mcp.Frame{Dir: dir, Kind: mcp.MessageFrame, Raw: []byte(text)})
	}
	return c
}

func call(id int, tool, args string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, id, tool, args)
}

func answer(id int, text string) string {
	return fmt.Sprintf(`<{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":%q}]}}`, id, text)
}

// record gives a case the events that p makes of it.
func record(c corpus.Case, p *policy.Policy) corpus.Case {
	c.Policy = p.Sources
	s := policy.NewSession(p)
	for i := range c.Steps {
		c.Steps[i].Recorded = s.Step(c.Steps[i].Frame).Clone()
	}
	return c
}

func cases(list ...corpus.Case) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func run(t testing.TB, cfg replay.Config, list ...corpus.Case) *replay.Result {
	t.Helper()
	r, err := replay.Run(context.Background(), cases(list...), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// compare replays one case under two policies.
func compare(t testing.TB, base, candidate *policy.Policy, list ...corpus.Case) *replay.Comparison {
	t.Helper()
	return &run(t, replay.Config{Baseline: base, Candidates: []*policy.Policy{candidate}}, list...).Comparisons[0]
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// changes lists the classes that have changes, with their counts.
func changes(c *replay.Comparison) string {
	var out []string
	for _, n := range c.Classes {
		if n.Count > 0 {
			out = append(out, fmt.Sprintf("%s=%d", n.Class, n.Count))
		}
	}
	return strings.Join(out, " ")
}
