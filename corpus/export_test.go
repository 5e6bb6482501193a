package corpus_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func export(t *testing.T, cases ...corpus.Case) []byte {
	t.Helper()
	var b bytes.Buffer
	w := corpus.NewWriter(&b)
	for i := range cases {
		if err := w.Case(&cases[i]); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func read(text string) (out []corpus.Case, err error) {
	for c, err := range corpus.Read(strings.NewReader(text), "f.jsonl") {
		if err != nil {
			return out, err
		}
		out = append(out, c)
	}
	return out, nil
}

// recorded runs a vector and keeps the events, as a recording would.
func recorded(v *corpus.Vector) corpus.Case {
	c := v.Case
	s := policy.NewSession(v.Policy)
	for i := range c.Steps {
		c.Steps[i].Recorded = s.Step(c.Steps[i].Frame).Clone()
	}
	c.Missing = 0
	return c
}

// kept compares what an export keeps of events.
var kept = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreUnexported(policy.Event{}),
	cmpopts.IgnoreFields(policy.Event{}, "Out", "Secrets", "Tools"),
}

func TestExportLosesNothing(t *testing.T) {
	var cases []corpus.Case
	for _, v := range readVectors(t) {
		cases = append(cases, recorded(v))
	}
	cases = append(cases, corpus.Case{
		ID: "odd", Source: "a.db", Server: "s", Imported: true, Missing: corpus.NoClock | corpus.NoArguments,
		Steps: []corpus.Step{{
			ID: "odd:0", Synthetic: true, Label: "attack", Category: "c", Group: "g", Ambiguous: true, Fidelity: policy.Pinned,
			Frame: mcp.Frame{At: -1, Dir: mcp.ToClient, Kind: mcp.OversizeFrame, Raw: []byte("\xff\x00<\u2028"), Size: 1 << 40,
				Pinned: true, Pins: []mcp.Pin{{Pointer: "/a~1b", Detector: "secrets", Kind: "k", View: "base64", Start: 1, End: 2, InName: true, Score: 3}}},
			Want: &corpus.Expectation{Action: policy.Redact, Rule: "r", Code: "C", Out: []byte("\xfe")},
		}, {ID: "odd:1", Frame: mcp.Frame{Raw: []byte{}}}},
	})
	text := export(t, cases...)
	got, err := read(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(cases, got, kept); d != "" {
		t.Error(d)
	}
	if again := export(t, got...); !bytes.Equal(text, again) {
		t.Error("writing what was read gives other bytes")
	}
}

func TestExportKeepsEachPolicyOnce(t *testing.T) {
	c := recorded(readVectors(t)[0])
	text := string(export(t, c, c))
	if n := strings.Count(text, `"sources":`); n != 1 {
		t.Errorf("the policy's sources stand %d times", n)
	}
	got, err := read(text)
	if err != nil || len(got) != 2 || len(got[1].Policy) == 0 {
		t.Fatalf("%d cases, %v", len(got), err)
	}
	p, err := policy.LoadSources(got[1].Policy)
	if err != nil || !strings.Contains(text, `"policy":"`+p.Digest+`"`) {
		t.Errorf("the header doesn't name the policy's digest: %v", err)
	}
}

func TestReadErrors(t *testing.T) {
	header := `{"rulewind":"session/1","id":"s"}` + "\n"
	for _, tt := range []struct{ text, want string }{
		{`{"step":"a"}`, "f.jsonl:1: a step before its session"},
		{`{"rulewind":"session/9","id":"s"}`, `form "session/9" isn't known here`},
		{`{"rulewind":"session/1","id":"s","missing":["time"]}`, `unknown word "time"`},
		{`{"rulewind":"session/1","id":"s","policy":"ab"}`, `no header so far has the sources of policy ab`},
		{`{"rulewind":"session/1","id":"s","policy":"ab","sources":[{"name":"p","text":"version: 1"}]}`, "the file was edited"},
		{header + `{"step":"a","dir":"up","kind":"message","fidelity":"exact"}`, `f.jsonl:2: unknown direction "up"`},
		{header + `{"step":"a","dir":"none","kind":"mail","fidelity":"exact"}`, `kind: unknown word "mail"; use one of [invalid message oversize fact]`},
		{header + `{"step":"a","dir":"none","kind":"fact","fidelity":"good"}`, `fidelity: unknown word "good"`},
		{header + `{"step":"a","dir":"none","kind":"fact","fidelity":"exact","stepp":1}`, `unknown member "stepp"`},
		{header + `{"step":"a","dir":"none","kind":"fact"}`, `no "fidelity" in a step`},
		{header + `{"step":"a","dir":"none","kind":"fact","fidelity":"exact","text":7}`, `member "text": want a string`},
		{header + `{"step":"a","dir":"none","kind":"fact","fidelity":"exact","at":"now"}`, `member "at": want a whole number`},
		{header + `{"step":"a"} {}`, "something after the object"},
	} {
		if _, err := read(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.text, err, tt.want)
		}
	}
}
