package replay_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/replay"
)

// secretOf makes a secret of a kind, the same in every run.
func secretOf(t testing.TB, kind string) string {
	t.Helper()
	r := newSource(3)
	text, _ := detect.Generate(kind, func() byte { return byte(r.Uint32()) })
	for _, f := range detect.Find(nil, detect.Text{Value: text}, detect.Secrets) {
		if f.Kind == kind {
			return text[f.Start:f.End]
		}
	}
	t.Fatalf("no secret of kind %s can be made", kind)
	return ""
}

func TestExamplesHoldNoSecret(t *testing.T) {
	secret := secretOf(t, "github-pat")
	base := load(t, "a.yaml", "allow", `id: hide, direction: to-client, text: {regex: "ACCT"}, action: redact`)
	cand := load(t, "b.yaml", "allow", `id: no, action: deny, direction: any, text: {regex: "ACCT|token"}`)
	c := compare(t, base, cand, session("s",
		call(1, "t", `{"`+secret+`":"a token","x":"`+secret+`"}`),
		call(2, secret, `{"x":"token"}`),
		call(3, "t", `{"x":"fine"}`), answer(3, "ACCT and "+secret)))
	text := toJSON(t, c)
	if changes(c) != "newly_denied=3" || strings.Contains(text, secret) {
		t.Errorf("%s\n%s", changes(c), text)
	}
	for _, want := range []string{"***:string", "[REDACTED:", strings.Repeat("*", len(secret))} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestExamplesAreTheShortestAndCut(t *testing.T) {
	base, cand := load(t, "a.yaml", "allow"), load(t, "b.yaml", "allow", `id: no, tool: t, action: deny`)
	long := strings.Repeat("é", 3000)
	c := compare(t, base, cand, session("s", call(1, "t", `{"x":"`+long+long+`"}`), call(2, "t", `{"x":"`+long+`"}`)))
	x := c.Groups[0].Example
	if x.Step != "s:2" || !x.Cut || len(x.Message) > replay.MaxMessage || len(x.Message) < replay.MaxMessage-4 || !utf8.ValidString(x.Message) {
		t.Errorf("example %s, cut %v, %d bytes", x.Step, x.Cut, len(x.Message))
	}
	if len(x.To.Trace) != 1 || !x.To.Trace[0].Matched || x.To.Verdict.Pos != "b.yaml:4:5" || !strings.Contains(x.To.Out, "-31001") {
		t.Errorf("to %s", toJSON(t, x.To))
	}
}

func TestExamplesShowWhatChanged(t *testing.T) {
	base := load(t, "a.yaml", "allow", `id: hide, direction: to-client, text: {regex: "one|two"}, action: redact`)
	cand := load(t, "b.yaml", "allow", `id: hide, direction: to-client, text: {regex: "one"}, action: redact`)
	// The first redaction is the same; it makes what leaves longer.
	c := compare(t, base, cand, session("s", call(1, "t", "{}"), answer(1, "one "+strings.Repeat("é", 3000)+" two "+strings.Repeat("x", 3000))))
	x := c.Groups[0].Example
	if x.Offset == 0 || !x.Cut || !strings.Contains(x.Message[:200], "two") || !strings.HasPrefix(x.Message, "é") {
		t.Errorf("offset %d: %.200q", x.Offset, x.Message)
	}
	if out := x.From.Out; !strings.Contains(out[:220], "[REDACTED") || !strings.HasPrefix(out, "é") {
		t.Errorf("out before: %.200q", out)
	}
}

func TestGroupsByShape(t *testing.T) {
	base, cand := load(t, "a.yaml", "allow"), load(t, "b.yaml", "allow", `id: no, tool: t, action: deny`)
	var wide []string
	for i := range 30 {
		wide = append(wide, `"k`+strings.Repeat("x", i)+`":1`)
	}
	c := compare(t, base, cand, session("s",
		call(1, "t", `{"b":1,"a":[{"c":"x"},{"c":null}]}`),
		call(2, "t", `{"a":[{"c":"other"},{"c":null},{"c":"more"}],"b":27}`),
		call(3, "t", `{"b":"1","a":[]}`),
		call(4, "t", `{`+strings.Join(wide, ",")+`}`)))
	got := map[string]int{}
	for _, g := range c.Groups {
		got[g.Shape] = g.Count
	}
	for shape, n := range map[string]int{"a[].c:null a[].c:string b:number": 2, "a:array b:string": 1, "*:number": 1} {
		if got[shape] != n {
			t.Errorf("shape %q: %d, want %d of %v", shape, got[shape], n, got)
		}
	}
	again := compare(t, base, cand, session("other", call(9, "t", `{"b":0,"a":[{"c":"x"},{"c":null}]}`)))
	if again.Groups[0].ID != c.Groups[0].ID {
		t.Errorf("ids of the same group differ: %s and %s", again.Groups[0].ID, c.Groups[0].ID)
	}
}
