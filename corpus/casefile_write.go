package corpus

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// AppendCases appends a case file with the cases, as ReadCases reads it. Calls and
// answers are spelt out where nothing is lost by it but ids and what stands beside the
// arguments; exact keeps every message as its text. What was recorded of a step
// (verdict, policy) is not part of a case file.
func AppendCases(dst []byte, list []Case, exact bool) []byte {
	w := caseWriter{exact: exact, names: map[string]bool{}}
	if len(list) == 0 {
		return append(dst, "cases: []\n"...)
	}
	w.line(0, "cases:")
	for i := range list {
		w.oneCase(&list[i])
	}
	return append(dst, w.b.Bytes()...)
}

type caseWriter struct {
	b      bytes.Buffer
	exact  bool
	names  map[string]bool
	dec    mcp.Decoder
	era    string
	at     int64
	briefs []brief
}

// A brief is what of a step's message tells how the steps around it can be written.
type brief struct {
	dir    mcp.Dir
	kind   mcp.MessageKind // NoMessage for what can't be read
	id     mcp.ID
	method string
	// plain is set if a case file can spell it out: a call with nothing else in it, an
	// answer that is an object.
	plain bool
	fact  bool
}

func (w *caseWriter) line(indent int, text string) {
	w.b.WriteString(strings.Repeat(" ", indent) + text + "\n")
}

func (w *caseWriter) oneCase(c *Case) {
	name := c.ID
	for i := 2; w.names[name]; i++ {
		name = c.ID + "#" + strconv.Itoa(i)
	}
	w.names[name] = true
	w.line(2, "- name: "+yamlText(name))
	steps := c.Steps
	w.era, w.at = "", vectorStart
	if len(steps) > 0 {
		w.at = steps[0].Frame.At
	}
	var opening policy.Fact
	if len(steps) > 0 && opens(&steps[0].Frame) && json.Unmarshal(steps[0].Frame.Raw, &opening) == nil && plainOpening(&opening) {
		w.opening(&opening)
		steps = steps[1:]
	} else if c.Server != "" {
		w.line(4, "server: "+yamlText(c.Server))
	}
	if w.era = w.eraOf(steps); w.era != "" {
		w.line(4, "era: "+yamlText(w.era))
	}
	if c.StandIns {
		w.line(4, "secrets: stand-ins")
	}
	w.briefs = w.briefs[:0]
	for i := range steps {
		w.briefs = append(w.briefs, w.brief(&steps[i]))
	}
	switch {
	case len(steps) == 0:
		w.line(4, "steps: []")
		return
	case len(steps) == 1 || len(steps) == 2 && w.isBare(steps):
		w.b.WriteString("    ")
		for i := range steps {
			w.step(steps, i, "    ", "    ")
		}
		w.b.Truncate(w.b.Len() - len("    "))
		return
	}
	w.line(4, "steps:")
	for i := range steps {
		w.b.WriteString("      - ")
		w.step(steps, i, "        ", "")
	}
}

// isBare reports whether two steps are a call, of which nothing is said, and its answer.
func (w *caseWriter) isBare(steps []Step) bool {
	first := &steps[0]
	return strings.HasPrefix(w.body(steps, 0), "call: ") && strings.HasPrefix(w.body(steps, 1), "answer: ") &&
		first.Want == nil && first.Label == "" && first.Category == "" && first.Group == "" && !first.Ambiguous && !first.Frame.Pinned && !steps[1].Frame.Pinned
}

// plainOpening reports whether a case file can say what the fact does without it.
func plainOpening(f *policy.Fact) bool {
	bare := policy.Fact{Name: policy.FactSession, Server: f.Server, Transport: "stdio", Vars: f.Vars, Basis: f.Basis, Imported: f.Imported}
	return bytes.Equal(f.JSON(), bare.JSON())
}

func (w *caseWriter) opening(f *policy.Fact) {
	if f.Server != "" {
		w.line(4, "server: "+yamlText(f.Server))
	}
	if maps.Equal(f.Vars, policy.TestVars) {
		return
	}
	names := make([]string, 0, len(f.Vars))
	for name := range f.Vars {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = yamlKey(name) + ": " + yamlText(f.Vars[name])
	}
	w.line(4, "vars: {"+strings.Join(names, ", ")+"}")
}

// eraOf returns the version that every request says, if it is one without a handshake.
func (w *caseWriter) eraOf(steps []Step) (era string) {
	for i := range steps {
		m := w.message(&steps[i])
		if m == nil || m.Kind != mcp.Request || steps[i].Frame.Dir != mcp.ToServer {
			continue
		}
		v := m.Text(m.Find(m.Params, "_meta", mcp.MetaProtocolVersion))
		if v < firstStateless || era != "" && v != era {
			return ""
		}
		era = strings.Clone(v)
	}
	return era
}

// message decodes a step's message, nil if it has none that can be read.
func (w *caseWriter) message(st *Step) *mcp.Message {
	if st.Frame.Kind != mcp.MessageFrame {
		return nil
	}
	m, err := w.dec.Decode(st.Frame.Raw)
	if err != nil {
		return nil
	}
	return m
}

func (w *caseWriter) brief(st *Step) brief {
	b := brief{dir: st.Frame.Dir, fact: st.Frame.Kind == mcp.FactFrame}
	m := w.message(st)
	if m == nil {
		return b
	}
	b.kind, b.id, b.method = m.Kind, mcp.ID(strings.Clone(string(m.ID))), strings.Clone(m.Method)
	members := 0
	for c := 1; c < len(m.Nodes); c = int(m.Nodes[c].Next) {
		members++
	}
	switch {
	case m.Kind == mcp.Request:
		b.plain = m.Method == mcp.MethodToolsCall && b.dir == mcp.ToServer && members == 4 && w.isPlainCall(m)
	case m.Kind == mcp.Response:
		b.plain = members == 3 && m.Nodes[m.Result].Kind == mcp.Object
	case m.Kind == mcp.ErrorResponse:
		b.plain = members == 3 && m.Nodes[m.Error].Kind == mcp.Object
	}
	return b
}

// step writes a step, whose first line is begun: the others begin with indent, and
// what follows the step with after.
func (w *caseWriter) step(steps []Step, i int, indent, after string) {
	st := &steps[i]
	f := &st.Frame
	sep := ""
	say := func(text string) {
		w.b.WriteString(sep + text + "\n")
		sep = indent
	}
	defer func() { w.b.WriteString(after) }()
	// A wait of less than a few milliseconds is what a case file has between frames, and
	// nothing waits for the first.
	if gap := time.Duration(f.At - w.at - vectorGap).Truncate(time.Millisecond); i > 0 && gap > 10*time.Millisecond && indent != "    " {
		say("wait: " + gap.String())
	}
	w.at = f.At
	body := w.body(steps, i)
	say(body)
	if f.Dir == mcp.ToClient && (strings.HasPrefix(body, "message: ") || strings.HasPrefix(body, "base64: ")) {
		say("direction: " + f.Dir.String())
	}
	if f.Kind == mcp.OversizeFrame {
		say("size: " + strconv.FormatInt(f.Size, 10))
	}
	if f.Pinned {
		pins := f.Pins
		if pins == nil {
			pins = []mcp.Pin{}
		}
		b, err := json.Marshal(pins)
		if err != nil { // texts and numbers can be spelt
			panic(err)
		}
		say("pins: " + yamlJSON(b))
	}
	if x := st.Want; x != nil {
		say("want: " + x.Action.String())
		w.ifAny(say, "rule", x.Rule)
		w.ifAny(say, "code", x.Code)
	}
	w.ifAny(say, "label", st.Label)
	w.ifAny(say, "category", st.Category)
	w.ifAny(say, "group", st.Group)
	if st.Ambiguous {
		say("ambiguous: true")
	}
}

func (w *caseWriter) ifAny(say func(string), key, text string) {
	if text != "" {
		say(key + ": " + yamlText(text))
	}
}

// body spells a step's message, as shortly as nothing is lost.
func (w *caseWriter) body(steps []Step, i int) string {
	f := &steps[i].Frame
	switch {
	case f.Kind == mcp.FactFrame:
		return "fact: " + yamlText(string(f.Raw))
	case !utf8.Valid(f.Raw):
		return "base64: " + base64.StdEncoding.EncodeToString(f.Raw)
	}
	if !w.exact {
		if text := w.short(steps, i); text != "" {
			return text
		}
	}
	return "message: " + yamlText(string(f.Raw))
}

// short spells a call, or the answer to the last request; "" if that would lose
// something.
func (w *caseWriter) short(steps []Step, i int) string {
	b := &w.briefs[i]
	m := w.message(&steps[i])
	switch {
	case !b.plain:
	case b.kind == mcp.Request && w.aloneBehind(i):
		call := m.Call()
		text := "call: {tool: " + yamlText(call.Tool)
		if a := call.Arguments; a >= 0 && int(m.Nodes[a].Next) > a+1 { // none is an empty object
			text += ", args: " + yamlJSON(rawNode(m, call.Arguments))
		}
		return text + "}"
	case b.kind == mcp.Response && w.follows(i):
		if text, ok := onlyText(m); ok {
			return "answer: " + yamlText(text)
		}
		return "answer: " + yamlJSON(rawNode(m, m.Result))
	case b.kind == mcp.ErrorResponse && w.follows(i):
		return "error: " + yamlJSON(rawNode(m, m.Error))
	}
	return ""
}

// onlyText returns the text of a result that is one text and nothing else.
func onlyText(m *mcp.Message) (string, bool) {
	item := m.At("/result/content/0")
	if item < 0 || int(m.Nodes[m.Result].Next) != item+3 || m.Text(m.Find(item, "type")) != "text" {
		return "", false
	}
	text := m.Find(item, "text")
	if text < 0 || m.Nodes[text].Kind != mcp.String {
		return "", false
	}
	return m.Text(text), true
}

// isPlainCall reports whether a call holds only what a case file spells out: tool and
// arguments, and in _meta nothing that rules ask about but the era.
func (w *caseWriter) isPlainCall(m *mcp.Message) bool {
	for c := m.Params + 1; c < int(m.Nodes[m.Params].Next); c = int(m.Nodes[c].Next) {
		switch m.Name(c) {
		case "name", "arguments":
		case "_meta":
			if v := m.Text(m.Find(c, mcp.MetaProtocolVersion)); v != w.era {
				return false
			}
			for k := c + 1; k < int(m.Nodes[c].Next); k = int(m.Nodes[k].Next) {
				if !slices.Contains(asideMeta, m.Name(k)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return m.Find(m.Params, "name") >= 0 && (w.era == "" || m.Find(m.Params, "_meta", mcp.MetaProtocolVersion) >= 0)
}

// asideMeta are the members of _meta that can be left out.
var asideMeta = []string{"progressToken", mcp.MetaProtocolVersion, mcp.MetaClientInfo, mcp.MetaCapabilities}

// aloneBehind reports whether nothing behind a call refers to its id but, as the next
// thing that has one, its answer: then another id will do.
func (w *caseWriter) aloneBehind(i int) bool {
	id, clean := w.briefs[i].id, true
	for k := i + 1; k < len(w.briefs); k++ {
		b := &w.briefs[k]
		switch {
		case b.fact:
		case b.kind.IsAnswer() && b.id == id && b.dir == mcp.ToClient:
			return clean && b.plain
		case b.kind == mcp.Request && b.id == id && b.dir == mcp.ToServer:
			return true
		case b.kind == mcp.Request || b.kind == mcp.NoMessage:
			clean = false // an id may be read in what is no message
		case b.method == mcp.MethodCancelled || b.method == "notifications/progress":
			return false
		}
	}
	return true
}

// follows reports whether the last request before a step is the one that it answers,
// for the first time.
func (w *caseWriter) follows(i int) bool {
	for k := i - 1; k >= 0; k-- {
		b := &w.briefs[k]
		switch {
		case b.fact:
		case b.kind == mcp.NoMessage:
			return false
		case b.kind == mcp.Request:
			return b.id == w.briefs[i].id && b.dir == w.briefs[i].dir.Reverse()
		case b.kind.IsAnswer() && b.id == w.briefs[i].id && b.dir == w.briefs[i].dir:
			return false
		}
	}
	return false
}

func rawNode(m *mcp.Message, n int) []byte { return m.Raw[m.Nodes[n].Start:m.Nodes[n].End] }

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// reservedKey are words that YAML's readers take for something else than a text.
var reservedKey = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)

func yamlKey(s string) string {
	if plainKey.MatchString(s) && !reservedKey.MatchString(s) {
		return s
	}
	return yamlText(s)
}

// yamlJSON spells a JSON value in YAML's flow style on one line.
func yamlJSON(raw []byte) string {
	var d mcp.Decoder
	m, err := d.Decode(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"result":%s}`, raw))
	if err != nil {
		return yamlText(string(raw)) // what is read as JSON always can be
	}
	var b strings.Builder
	writeYAML(&b, m, m.Result)
	return b.String()
}

func writeYAML(b *strings.Builder, m *mcp.Message, n int) {
	node := &m.Nodes[n]
	open, end := "[", "]"
	switch node.Kind {
	case mcp.String:
		b.WriteString(yamlText(m.Text(n)))
		return
	case mcp.Object:
		open, end = "{", "}"
	case mcp.Array:
	default:
		b.Write(m.Raw[node.Start:node.End])
		return
	}
	b.WriteString(open)
	for i := n + 1; i < int(node.Next); i = int(m.Nodes[i].Next) {
		if i > n+1 {
			b.WriteString(", ")
		}
		if node.Kind == mcp.Object {
			b.WriteString(yamlKey(m.Name(i)) + ": ")
		}
		writeYAML(b, m, i)
	}
	b.WriteString(end)
}

var plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./ -]*[A-Za-z0-9_/]$|^[A-Za-z]$`)

// yamlText spells a text: plainly where that can't be misread, else in quotes, with
// every character escaped that can't be seen.
func yamlText(s string) string {
	switch {
	case plainText.MatchString(s) && !reservedKey.MatchString(s):
		return s
	case strings.ContainsAny(s, `"\\`) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xFFFF && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08X`, r)
		case !unicode.IsPrint(r) || r == 0xFEFF:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
