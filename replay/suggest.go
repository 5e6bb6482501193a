package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// suggest looks for a test that would kill each survivor: a message of the cases that
// it judges otherwise, or one that its rule matches, changed a little. What holds a
// secret is never suggested (law L8).
func suggest(cases iter.Seq2[corpus.Case, error], p *policy.Policy, mutants []policy.Mutant, r *MutantReport) error {
	x := suggester{policy: p, mutants: mutants, report: r, tried: make([]int, len(mutants))}
	for c, err := range cases {
		if err != nil {
			return err
		}
		if x.run(&c); x.done() {
			return nil
		}
	}
	return nil
}

// maxTried bounds the messages that are tried for a mutant.
const maxTried = 60

type suggester struct {
	policy  *policy.Policy
	mutants []policy.Mutant
	report  *MutantReport
	tried   []int
}

func (x *suggester) open(m int) bool {
	f := &x.report.Mutants[m]
	return f.Killer == nil && f.Suggestion == "" && x.tried[m] < maxTried
}

func (x *suggester) done() bool {
	for m := range x.mutants {
		if x.open(m) {
			return false
		}
	}
	return true
}

// run tries the messages of a case.
func (x *suggester) run(c *corpus.Case) {
	s := candidate(x.policy)
	calls := map[int][]byte{} // by their steps
	for i := range c.Steps {
		st := &c.Steps[i]
		e := step(s, st.Frame)
		if st.Frame.Kind != mcp.MessageFrame || len(e.Secrets) > 0 || strings.HasPrefix(e.Verdict.Rule, "engine:") {
			continue
		}
		if e.Subject.Kind == "request" {
			calls[i] = st.Frame.Raw
		}
		p := probe{server: e.Subject.Server, dir: st.Frame.Dir, raw: st.Frame.Raw, times: 1}
		if e.Subject.Call >= 0 {
			if p.call = calls[e.Subject.Call]; p.call == nil {
				continue
			}
		}
		var changed []probe
		for m := range x.mutants {
			if !x.open(m) {
				continue
			}
			if !x.mutants[m].Near(e) && !x.mutants[m].Differs(e) {
				continue
			}
			if changed == nil {
				changed = append([]probe{p.plain(), p}, p.changed()...)
			}
			x.try(m, changed)
		}
	}
}

// try looks for the first of the probes that kills a mutant.
func (x *suggester) try(m int, list []probe) {
	x.tried[m]++
	for _, p := range list {
		want := p.judge(x.policy)
		got := p.judge(x.mutants[m].Policy)
		if want == nil || got == nil || strings.HasPrefix(want.Rule, "engine:") || want.Action == got.Action && want.Rule == got.Rule {
			continue
		}
		x.report.Mutants[m].Suggestion = p.test(want)
		return
	}
}

// A probe is a message on its own, as a policy's tests make one: after the call that
// it answers, or after itself.
type probe struct {
	server string
	dir    mcp.Dir
	call   []byte // nil if raw is no answer
	raw    []byte
	times  int
}

// maxTimes bounds how often a call is made until a limit is reached.
const maxTimes = 512

// judge returns the verdict on the probe, nil if it gets none of a rule.
func (p *probe) judge(pol *policy.Policy) *policy.Verdict {
	s := candidate(pol)
	fact := policy.Fact{Name: policy.FactSession, Server: p.server, Transport: "stdio", Vars: policy.TestVars}
	at := int64(1)
	give := func(dir mcp.Dir, raw []byte) *policy.Event {
		at++
		return step(s, mcp.Frame{At: at, Kind: mcp.MessageFrame, Dir: dir, Raw: raw})
	}
	step(s, mcp.Frame{At: at, Kind: mcp.FactFrame, Raw: fact.JSON()})
	if p.call != nil {
		give(p.dir.Reverse(), p.call)
	}
	for k := range p.times - 1 {
		at-- // all at one moment
		give(p.dir, withID(p.raw, mcp.ID(fmt.Sprintf(`"again-%d"`, k))))
	}
	e := give(p.dir, p.raw)
	if len(e.Secrets) > 0 {
		return nil
	}
	return &e.Clone().Verdict
}

// plain returns the probe with its call as a test writes one, without what else
// clients add.
func (p *probe) plain() probe {
	out := *p
	at := &out.raw
	if p.call != nil {
		at = &out.call
	}
	var call toolCall
	if json.Unmarshal(*at, &call) == nil && call.Method == mcp.MethodToolsCall {
		*at = compact(call)
	}
	return out
}

type toolCall struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  struct {
		Name      string         `json:"name"`
		Arguments map[string]any `json:"arguments"`
	} `json:"params"`
}

// changed returns probes like this one but for a part of its call, and repeated.
func (p *probe) changed() (out []probe) {
	var call toolCall
	if p.call != nil || json.Unmarshal(p.raw, &call) != nil || call.Method != mcp.MethodToolsCall || len(p.raw) > 16<<10 {
		return nil
	}
	add := func() {
		other := *p
		other.raw = compact(call)
		out = append(out, other)
	}
	name, args := call.Params.Name, call.Params.Arguments
	for _, other := range []string{"another_tool", name + "_too", "x" + name} {
		call.Params.Name = other
		add()
	}
	call.Params.Name = name
	keys := make([]string, 0, len(args))
	for k := range args {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		was := args[k]
		delete(args, k)
		add()
		args["another_"+k] = was
		add()
		delete(args, "another_"+k)
		for _, v := range []any{"x", "", fmt.Sprint(was) + "x", 1e6} {
			args[k] = v
			add()
		}
		args[k] = was
	}
	for times := 2; times <= maxTimes; times *= 2 {
		for _, n := range []int{times, times*3/2 + 1} {
			other := *p
			other.times = n
			out = append(out, other)
		}
	}
	return out
}

func compact(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // it was JSON
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// test writes the probe as a test for the policy's file. JSON is YAML too.
func (p *probe) test(want *policy.Verdict) string {
	var b strings.Builder
	first := p.raw
	if p.call != nil {
		first = p.call
	}
	var call struct {
		Method string
		Params map[string]any
		Result json.RawMessage
	}
	if err := json.Unmarshal(first, &call); err != nil { // it was judged
		panic(err)
	}
	known := []string{"name", "arguments"}
	plain := call.Method == mcp.MethodToolsCall && !slices.ContainsFunc(keysOf(call.Params), func(k string) bool { return !slices.Contains(known, k) })
	dir := p.dir
	if p.call != nil {
		dir = dir.Reverse()
	}
	switch {
	case plain && dir == mcp.ToServer:
		fmt.Fprintf(&b, "- call: {tool: %s, args: %s}\n", compact(call.Params["name"]), compact(orEmpty(call.Params["arguments"])))
	default:
		fmt.Fprintf(&b, "- message: %s\n  direction: %s\n", compact(string(first)), dir)
	}
	if p.call != nil {
		var answer struct{ Result json.RawMessage }
		if json.Unmarshal(p.raw, &answer) != nil || answer.Result == nil {
			return ""
		}
		fmt.Fprintf(&b, "  answer: %s\n", answer.Result)
	}
	if p.server != "" {
		fmt.Fprintf(&b, "  server: %s\n", compact(p.server))
	}
	if p.times > 1 {
		fmt.Fprintf(&b, "  repeat: %d\n", p.times)
	}
	fmt.Fprintf(&b, "  want: %s\n  rule: %s\n", want.Action, want.Rule)
	return written(b.String())
}

// written escapes what isn't seen, as YAML does. Only texts in quotes hold any.
func written(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x7f || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	return b.String()
}

func orEmpty(v any) any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

func keysOf(m map[string]any) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// withID returns a message under another id.
func withID(raw []byte, id mcp.ID) []byte {
	var d mcp.Decoder
	m, err := d.Decode(raw)
	if err != nil {
		return raw
	}
	n := m.Find(0, "id")
	if n < 0 {
		return raw
	}
	return slices.Concat(raw[:m.Nodes[n].Start], []byte(id), raw[m.Nodes[n].End:])
}
