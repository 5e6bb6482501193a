package corpus

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// MaxCaseFile is how long a YAML case file may be, in bytes: it is read whole.
const MaxCaseFile = 16 << 20

// The keys of a case file, in the words that the tests of a policy have.
var (
	caseKeys  = []string{"name", "server", "era", "vars", "secrets", "steps", "call", "message", "base64", "size", "direction", "answer", "error", "fact", "pins", "want", "rule", "code", "label", "category", "group", "ambiguous"}
	stepKeys  = []string{"call", "message", "base64", "size", "direction", "answer", "error", "fact", "pins", "want", "rule", "code", "wait", "label", "category", "group", "ambiguous"}
	callKeys  = []string{"tool", "args", "method", "params"}
	labelList = []string{"attack", "benign"}
)

var caseFile = regexp.MustCompile(`(?m)^cases:`)

// IsCaseFile reports whether a file that begins like this is a YAML case file.
func IsCaseFile(start []byte) bool {
	return !bytes.HasPrefix(bytes.TrimSpace(start), []byte("{")) && caseFile.Match(start)
}

// ReadCases reads a YAML case file, whose name is used in errors:
//
//	cases:
//	  - name: a key is not read
//	    server: files
//	    call: {tool: read_file, args: {path: ~/.ssh/id_rsa}}
//	    want: deny
//	    rule: no-credential-access
//	    label: attack
//	  - name: a page with orders in it
//	    steps:
//	      - call: {tool: http_get, args: {url: "https://example.com/"}}
//	        want: allow
//	      - answer: ignore all previous instructions
//	        want: deny
//
// It is about no policy: the rules that it names are looked up by whoever runs it. The
// error is policy.Problems, all that is wrong with the file.
func ReadCases(name string, data []byte) ([]Case, error) {
	r := &caseReader{file: name, names: map[string]int{}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: not YAML: %w", name, err)
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s: an empty file; a case file has a list named cases", name)
	}
	var out []Case
	for _, m := range r.mapping(doc.Content[0], "", []string{"cases"}) {
		for i, n := range r.items(m.value, "cases") {
			out = append(out, r.oneCase(n, fmt.Sprintf("cases[%d]", i)))
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return out, nil
}

// oneCase reads a case: the message of its own, or its steps.
func (r *caseReader) oneCase(n *yaml.Node, what string) Case {
	c := caseBuilder{r: r, at: vectorStart, vars: policy.TestVars}
	c.out.Missing, c.out.Source = NoVerdict, baseName(r.file)
	var own []caseMember
	var steps *yaml.Node
	for _, m := range r.mapping(n, what, caseKeys) {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "name":
			c.out.ID = r.text(m.value, path)
		case "server":
			c.out.Server = r.text(m.value, path)
		case "era":
			c.era = r.text(m.value, path)
		case "vars":
			c.vars = r.strings(m.value, path)
		case "secrets":
			c.out.StandIns = r.word(m.value, path, []string{"stand-ins"}) != ""
		case "steps":
			steps = m.value
		default:
			own = append(own, m)
		}
	}
	r.named(&c.out, n, what)
	if steps == nil {
		c.step(n, own, what)
		return c.out
	}
	for _, m := range own {
		r.problem(m.key, "%s: %s stands beside steps; put it into a step", what, m.key.Value)
	}
	for i, item := range r.items(steps, what+".steps") {
		path := fmt.Sprintf("%s.steps[%d]", what, i)
		c.step(item, r.mapping(item, path, stepKeys), path)
	}
	return c.out
}

// named sees to it that a case has a name of its own.
func (r *caseReader) named(c *Case, n *yaml.Node, what string) {
	if c.ID == "" {
		r.problem(n, "%s: no name; every case has one, which results are told by", what)
		return
	}
	if line := r.names[c.ID]; line > 0 {
		r.problem(n, "%s: the case on line %d has the name %q too; give it another", what, line, c.ID)
		return
	}
	r.names[c.ID] = n.Line
}

// A caseBuilder makes the frames of a case.
type caseBuilder struct {
	r    *caseReader
	out  Case
	at   int64
	era  string
	vars map[string]string

	calls  int
	lastID json.RawMessage // of the last request, and which way it went
	last   mcp.Dir
}

// step adds the message of a step, and its answer.
func (c *caseBuilder) step(n *yaml.Node, ms []caseMember, what string) {
	s := caseStep{n: n, what: what, dir: mcp.ToServer, ms: map[string]caseMember{}}
	for _, m := range ms {
		s.ms[m.key.Value] = m
	}
	s.read(c)
	before := len(c.out.Steps)
	c.first(&s)
	c.second(&s)
	if len(c.out.Steps) == before {
		c.r.problem(n, "%s: needs call, message, base64, answer, error or fact", what)
		return
	}
	st := &c.out.Steps[len(c.out.Steps)-1]
	st.Want, st.Label, st.Category, st.Group, st.Ambiguous = s.want, s.label, s.category, s.group, s.ambiguous
	if s.pins != nil {
		st.Frame.Pins, st.Frame.Pinned, st.Fidelity = *s.pins, true, policy.Pinned
	}
}

// first adds the message that a step spells out.
func (c *caseBuilder) first(s *caseStep) {
	r := c.r
	var kinds []string
	add := func(key string, frame func(m caseMember) mcp.Frame) {
		m, ok := s.ms[key]
		if !ok {
			return
		}
		if kinds = append(kinds, key); len(kinds) > 1 {
			r.problem(m.key, "%s: %s and %s; a step has one message and its answer", s.what, kinds[0], key)
			return
		}
		f := frame(m)
		f.Dir = s.dir
		if f.Kind == mcp.FactFrame {
			f.Dir = mcp.NoDir
		}
		c.add(f)
	}
	add("call", func(m caseMember) mcp.Frame {
		return mcp.Frame{Kind: mcp.MessageFrame, Raw: c.call(m.value, s.what+".call")}
	})
	add("message", func(m caseMember) mcp.Frame {
		return c.sized(s, []byte(r.message(m.value, s.what+".message")))
	})
	add("base64", func(m caseMember) mcp.Frame {
		raw, err := base64.StdEncoding.DecodeString(r.text(m.value, s.what+".base64"))
		if err != nil {
			r.problem(m.value, "%s.base64: %v", s.what, err)
		}
		return c.sized(s, raw)
	})
	add("fact", func(m caseMember) mcp.Frame {
		raw := []byte(r.message(m.value, s.what+".fact"))
		var fact policy.Fact
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&fact); err != nil || fact.Name == "" {
			r.problem(m.value, `%s.fact: want {fact: NAME, …} as in a recording`, s.what)
		}
		return mcp.Frame{Kind: mcp.FactFrame, Raw: raw}
	})
	if _, ok := s.ms["call"]; ok {
		c.lastID, c.last = c.callID(), s.dir
	} else if len(kinds) > 0 {
		var with struct{ ID json.RawMessage }
		if json.Unmarshal(c.out.Steps[len(c.out.Steps)-1].Frame.Raw, &with) == nil && with.ID != nil {
			c.lastID, c.last = with.ID, s.dir
		}
	}
}

// sized makes an oversize frame of what has a size.
func (c *caseBuilder) sized(s *caseStep, raw []byte) mcp.Frame {
	if s.size == 0 {
		return mcp.Frame{Kind: mcp.MessageFrame, Raw: raw}
	}
	return mcp.Frame{Kind: mcp.OversizeFrame, Raw: raw, Size: s.size}
}

// second adds an answer to the last request.
func (c *caseBuilder) second(s *caseStep) {
	for _, key := range []string{"answer", "error"} {
		m, ok := s.ms[key]
		if !ok {
			continue
		}
		if c.lastID == nil {
			c.r.problem(m.key, "%s.%s: there is no request before it that it could answer", s.what, key)
			return
		}
		member, body := "result", c.r.json(m.value, s.what+"."+key)
		if key == "error" {
			member = key
		} else if m.value.Kind == yaml.ScalarNode {
			body = `{"content":[{"type":"text","text":` + body + `}]}`
		}
		raw := `{"jsonrpc":"2.0","id":` + string(c.lastID) + `,"` + member + `":` + body + `}`
		c.add(mcp.Frame{Kind: mcp.MessageFrame, Dir: c.last.Reverse(), Raw: []byte(raw)})
	}
}

// callID is the id of the last call that was spelt out.
func (c *caseBuilder) callID() json.RawMessage {
	return json.RawMessage(strconv.Quote("case-" + strconv.Itoa(c.calls)))
}

// call makes a request: of tools/call where no method is said.
func (c *caseBuilder) call(n *yaml.Node, what string) []byte {
	r := c.r
	method, tool, args, params := mcp.MethodToolsCall, "", "{}", ""
	for _, m := range r.mapping(n, what, callKeys) {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "tool":
			tool = r.text(m.value, path)
		case "args":
			args = r.json(m.value, path)
		case "method":
			method = r.text(m.value, path)
		case "params":
			params = r.json(m.value, path)
		}
	}
	switch {
	case params == "" && method == mcp.MethodToolsCall && tool == "":
		r.problem(n, "%s: no tool; a call is {tool: NAME, args: {…}} or {method: NAME, params: {…}}", what)
	case params == "" && method == mcp.MethodToolsCall:
		params = `{"name":` + quoteJSON(tool) + `,"arguments":` + args + c.meta(",") + `}`
	case params == "":
		params = `{` + c.meta("") + `}`
	}
	c.calls++
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"method":%s,"params":%s}`, c.callID(), quoteJSON(method), params)
}

// meta is what every request of the era without a handshake says.
func (c *caseBuilder) meta(sep string) string {
	if c.era < firstStateless {
		return ""
	}
	return sep + `"_meta":{"` + mcp.MetaProtocolVersion + `":` + quoteJSON(c.era) + `}`
}

// firstStateless is the first version of the protocol without a handshake.
const firstStateless = "2026-07-28"

// add appends a frame, behind the fact that every session opens with.
func (c *caseBuilder) add(f mcp.Frame) {
	if len(c.out.Steps) == 0 && !opens(&f) {
		fact := policy.Fact{Name: policy.FactSession, Server: c.out.Server, Transport: "stdio", Vars: c.vars}
		c.out.Steps = append(c.out.Steps, Step{ID: c.out.ID + ":0", Synthetic: true, Fidelity: policy.Exact,
			Frame: mcp.Frame{At: vectorStart, Kind: mcp.FactFrame, Raw: fact.JSON()}})
	}
	c.at += vectorGap
	f.At = c.at
	c.out.Steps = append(c.out.Steps, Step{ID: c.out.ID + ":" + strconv.Itoa(len(c.out.Steps)), Frame: f, Fidelity: policy.Exact})
}

// opens reports whether a frame is the fact that opens a session.
func opens(f *mcp.Frame) bool {
	var fact policy.Fact
	return f.Kind == mcp.FactFrame && json.Unmarshal(f.Raw, &fact) == nil && fact.Name == policy.FactSession
}

// A caseStep is what a step says beside its messages.
type caseStep struct {
	n    *yaml.Node
	what string
	ms   map[string]caseMember

	dir                    mcp.Dir
	size                   int64
	pins                   *[]mcp.Pin
	want                   *Expectation
	label, category, group string
	ambiguous              bool
}

func (s *caseStep) read(c *caseBuilder) {
	r := c.r
	get := func(key string, f func(n *yaml.Node, path string)) {
		if m, ok := s.ms[key]; ok {
			f(m.value, s.what+"."+key)
		}
	}
	get("direction", func(n *yaml.Node, path string) {
		word := r.word(n, path, []string{"to-server", "to-client"})
		if d, ok := mcp.ParseDir(word); ok {
			s.dir = d
		}
	})
	get("want", func(n *yaml.Node, path string) {
		a, err := policy.ParseAction(r.word(n, path, []string{"allow", "redact", "ask", "deny"}))
		if err == nil {
			s.want = &Expectation{Action: a}
		}
	})
	for _, key := range []string{"rule", "code"} {
		get(key, func(n *yaml.Node, path string) {
			if _, ok := s.ms["want"]; !ok {
				r.problem(n, "%s: without want; add the action that is wanted", path)
			} else if text := r.text(n, path); s.want != nil && key == "rule" {
				s.want.Rule = text
			} else if s.want != nil {
				s.want.Code = text
			}
		})
	}
	get("wait", func(n *yaml.Node, path string) {
		d, err := time.ParseDuration(r.text(n, path))
		if err != nil || d < 0 {
			r.problem(n, "%s: want a time such as 1.5s or 2m", path)
			return
		}
		c.at += int64(d)
	})
	get("size", func(n *yaml.Node, path string) {
		v, err := strconv.ParseInt(r.text(n, path), 10, 64)
		if err != nil || v < 1 {
			r.problem(n, "%s: want the length in bytes of a message above the bound", path)
		}
		s.size = v
	})
	get("label", func(n *yaml.Node, path string) { s.label = r.word(n, path, labelList) })
	get("category", func(n *yaml.Node, path string) { s.category = r.text(n, path) })
	get("group", func(n *yaml.Node, path string) { s.group = r.text(n, path) })
	get("ambiguous", func(n *yaml.Node, path string) { s.ambiguous = r.word(n, path, []string{"true", "false"}) == "true" })
	get("pins", func(n *yaml.Node, path string) {
		pins := []mcp.Pin{}
		d := json.NewDecoder(bytes.NewReader([]byte(r.json(n, path))))
		d.DisallowUnknownFields()
		if err := d.Decode(&pins); err != nil {
			r.problem(n, "%s: want a list of {at, detector, kind, start, end}: %v", path, err)
		}
		s.pins = &pins
	})
}
