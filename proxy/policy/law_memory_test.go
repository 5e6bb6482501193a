package policy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A world makes random policies with memory and sessions with secrets in them.
type world struct {
	*rand.Rand
	secrets []string
	stands  []string
}

func newWorld(t testing.TB, seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 99))}
	for n, kind := range []string{"github-pat", "npm-token", "github-pat"} {
		for i := uint32(0); ; i++ {
			s, ok := detect.Generate(kind, seeded(uint32(seed)+uint32(1000*n)+i))
			stand, fine := detect.Surrogate(kind, s, seeded(uint32(seed)+i+77))
			if ok && fine {
				w.secrets, w.stands = append(w.secrets, s), append(w.stands, stand)
				break
			}
			if i > 20 {
				t.Fatalf("no stand-in for a %s", kind)
			}
		}
	}
	return w
}

func (w *world) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w *world) policy(t testing.TB) *policy.Policy {
	lines := []string{"default: allow", "classes: {red: {tools: [a, b]}, blue: {tools: [b, c]}}",
		"limits: [{id: loops, calls: 3, per: 30s, by: [tool, args]}]", "rules:"}
	label := func() string { return w.pick("l", "m", "n") }
	for i := range 3 + w.IntN(6) {
		parts := []string{fmt.Sprintf("id: r%d", i)}
		action := w.pick("log", "log", "log", "deny", "ask", "redact", "allow")
		parts = append(parts, "action: "+action, "direction: "+w.pick("to-server", "to-client"))
		if w.IntN(2) == 0 {
			parts = append(parts, "tool: ["+w.pick("a", "b", "c")+", "+w.pick("a", "b", "c")+"]")
		}
		if w.IntN(2) == 0 {
			parts = append(parts, "labels: "+label())
		}
		if action != "deny" && w.IntN(2) == 0 {
			parts = append(parts, "remember: "+w.pick("x", "y", "{as: x, args: p}", "{as: y, args: '**'}"))
		}
		if action == "allow" && w.IntN(2) == 0 {
			parts = append(parts, "cache: {ttl: 40s}")
		}
		switch w.IntN(8) {
		case 0:
			parts = append(parts, fmt.Sprintf("after: {label: %s, times: %d, within: %s}", label(), 1+w.IntN(3), w.pick("5s", "1m")))
		case 1:
			parts = append(parts, "sequence: ["+label()+", "+label()+"]")
		case 2:
			parts = append(parts, "crosses: "+w.pick("[red, blue]", "{from: blue, to: red}"))
		case 3, 4:
			parts = append(parts, w.pick("carries: x", "carries: {from: [x, y], min: 4}", "not: {carries: {from: y, min: 20}}", "carries: {from: x, args: q}"))
		case 5:
			parts = append(parts, "limit: {calls: 2, bytes: 1KB, per: 20s, by: "+w.pick("args", "[args.p]", "tool")+"}")
		case 6:
			parts = append(parts, "text: {secrets: true}")
		}
		lines = append(lines, "- {"+strings.Join(parts, ", ")+"}")
	}
	if w.IntN(2) == 0 {
		lines = append(lines, "- {id: reads, tool: [a, b], action: allow, cache: {ttl: 40s}}")
	}
	return load(t, lines...)
}

// text holds now and then a secret, whole, in part, or in an encoding.
func (w *world) text() string {
	s := w.secrets[w.IntN(len(w.secrets))]
	return w.pick("the quick brown fox jumps", "brown fox jumps over the dog", "./a.sh", "/home/ada/project/a.sh", "123456789", "x",
		"pass"+"word="+w.pick("hQ7!k2Lm9z", "vT4#w8Yx1c"),
		s, "key "+s+" here", s[4:20], s+" "+s, s[:len(s)-1])
}

func (w *world) frames() (out []mcp.Frame) {
	at := int64(1e18)
	add := func(dir mcp.Dir, raw string) {
		at += w.Int64N(4e9)
		out = append(out, mcp.Frame{At: at, Kind: mcp.MessageFrame, Dir: dir, Raw: []byte(raw)})
	}
	vars := map[string]string{"HOME": "/home/ada", "CWD": "/home/ada/project"}
	out = append(out, mcp.Frame{At: at, Kind: mcp.FactFrame, Raw: policy.Fact{Name: policy.FactSession, Server: "s", Vars: vars}.JSON()})
	add(mcp.ToServer, `{"jsonrpc":"2.0","id":"l","method":"tools/list"}`)
	add(mcp.ToClient, `{"jsonrpc":"2.0","id":"l","result":{"tools":[{"name":"a","annotations":{"readOnlyHint":true}},{"name":"b","annotations":{"readOnlyHint":true}}]}}`)
	for i := range 25 {
		add(mcp.ToServer, call(i, w.pick("a", "b", "a", "b", "c"), fmt.Sprintf(`{%q:%q}`, w.pick("p", "q"), w.text())))
		if w.IntN(5) > 0 {
			add(mcp.ToClient, answer(i-w.IntN(2), w.text()+"\n"+w.text()))
		}
	}
	return out
}

// stored is what a recording keeps of a message: stand-ins in the detected places.
func (w *world) stored(raw []byte, spans []policy.SecretSpan) []byte {
	out := slices.Clone(raw)
	for _, s := range spans {
		piece := string(raw[s.Start:s.End])
		for i, secret := range w.secrets {
			piece = strings.ReplaceAll(piece, secret, w.stands[i])
		}
		if piece == string(raw[s.Start:s.End]) {
			piece = masked(piece) // as where there is no stand-in
		}
		copy(out[s.Start:s.End], piece)
	}
	return out
}

// masked keeps nothing of a text in a JSON string but its length and escapes.
func masked(s string) string {
	b := []byte(s)
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' {
			i++
			continue
		}
		b[i] = 'x'
	}
	return string(b)
}

// TestLawL2WithMemory: sessions whose policies remember labels, values, classes and
// budgets give equal events again, over stand-ins too.
func TestLawL2WithMemory(t *testing.T) {
	moved, carried, cached := 0, 0, 0
	for seed := range uint64(400) {
		w := newWorld(t, seed)
		p := w.policy(t)
		live, again, over := policy.NewSession(p), policy.NewSession(p), policy.NewSession(p)
		again.Trace = true // which shows more, and changes nothing
		for i, f := range w.frames() {
			ev := live.Step(f)
			stored := f
			if len(ev.Secrets) > 0 {
				stored.Raw = w.stored(f.Raw, ev.Secrets)
				if !ev.Same(stored.Raw) {
					stored.Pins, stored.Pinned = ev.Pins(), true
				}
				moved++
			}
			v, digest, labels, from := ev.Clone().Verdict, ev.Digest, slices.Clone(ev.Labels), ev.Cached
			if from != 0 {
				cached++
			}
			if slices.ContainsFunc(v.Matched, func(id string) bool { return p.Rule(id) != nil }) {
				carried++
			}
			for name, e := range map[string]*policy.Event{"the same bytes": again.Step(f), "stand-ins": over.Step(stored)} {
				if diff := cmp.Diff(v, e.Verdict); diff != "" || digest != e.Digest || from != e.Cached || !slices.Equal(labels, e.Labels) {
					t.Fatalf("seed %d, frame %d over %s: %s\ndigest %v\n%s\n%s", seed, i, name, diff, digest == e.Digest, f.Raw, p.Sources[0].Text)
				}
			}
		}
	}
	if moved < 1000 || carried < 1000 || cached < 20 {
		t.Errorf("only %d frames with secrets, %d with matches and %d answers from memory: nothing is shown", moved, carried, cached)
	}
}
