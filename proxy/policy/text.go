package policy

import (
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A text is one string of the current message, with what has been learnt of it:
// each is scanned once, whatever the number of rules that ask.
type text struct {
	node    int  // of the value, or of the member whose name this is
	inName  bool // the member's name, not its value
	payload bool // in params, result or error, and for rules to see
	value   string
	name    string // the member's name
	place   detect.Place

	// parts are set on a text joined from several values: what a receiver puts
	// together (the words of a command, the pieces of a result).
	parts []part
	// only are the families that are looked for in it, if not all: it is a text
	// that nobody wrote.
	only detect.Set
	// call says that it stands for a call as a whole, inner that it stands in JSON
	// that is a value's text.
	call, inner bool

	scanned  bool
	found    []detect.Finding
	readings []string // nil until asked for
	cleaned  []string // path readings, nil until asked for
}

// A part is a value's place in a joined text.
type part struct{ node, start, end int }

// joinedView opens the View of findings in joined texts.
const joinedView = "joined"

// allReadings returns what the text can be read as: decoded, and, where it climbs
// as a path, the place that it leads to.
func (t *text) allReadings(s *Session) []string {
	if t.readings == nil {
		t.readings = detect.Readings(t.value)
		for _, r := range t.readings {
			if leadsElsewhere(r) || s.realNow()[t.value] != "" {
				t.readings = append(t.readings, t.paths(s)...)
				break
			}
		}
	}
	return t.readings
}

// leadsElsewhere reports whether a text, as a path, leads elsewhere than it seems to.
func leadsElsewhere(s string) bool {
	return len(s) < 4096 && (strings.Contains(s, "..") || strings.Contains(s, "/./") || strings.Contains(s, "//")) &&
		strings.ContainsAny(s, `/\`) && !strings.Contains(s, "://")
}

func (t *text) paths(s *Session) []string {
	if t.cleaned == nil {
		t.cleaned = detect.CleanPaths(t.value, s.vars["HOME"], s.cwd())
		if real := s.realNow()[t.value]; real != "" {
			t.cleaned = append(t.cleaned, real)
		}
	}
	return t.cleaned
}

// A reading holds the current message and its texts. Its tables are reused.
type reading struct {
	dec    mcp.Decoder
	m      *mcp.Message
	texts  []text
	byNode []int32 // index into texts of a value's text, -1 if none
	joins  []*text
	buf    []detect.Finding
	memo   *Memo // nil: nothing is remembered
	short  shortTexts
	want   detect.Set
	tool   string
	real   map[string]string // where paths lead, through symbolic links
	writer detect.Writer     // what scanWrites uses again
	wrote  func(node int, f detect.Finding)

	present      detect.Set // the families that were found
	names        nameSet    // what its members are called
	payload      []*text    // what text conditions look at, once asked for
	payloadValid bool
}

// load makes the texts of m: every string value, and every member name long
// enough to hide something.
func (r *reading) load(m *mcp.Message, want detect.Set, place detect.Place, tool string) {
	r.m, r.want, r.tool = m, want, tool
	n := len(m.Nodes)
	r.byNode = slices.Grow(r.byNode[:0], n)[:n]
	r.texts = slices.Grow(r.texts[:0], 2*n)
	r.joins, r.payloadValid, r.present, r.names = r.joins[:0], false, 0, nameSet{}
	from, to := payloadRange(m)
	opaque := m.Find(m.Params, "requestState")
	if m.Result >= 0 {
		opaque = m.Find(m.Result, "requestState")
	}
	for i := range m.Nodes {
		r.byNode[i] = -1
		node := &m.Nodes[i]
		in := i >= from && i < to
		if node.NameEnd > 0 {
			r.names.add(m.Name(i))
		}
		if node.NameEnd-node.NameStart > 9 && in {
			r.texts = append(r.texts, text{node: i, inName: true, payload: true, value: m.Name(i), place: place})
		}
		if node.Kind != mcp.String || node.End-node.Start < 3 || !in && known(m, i) {
			continue
		}
		r.byNode[i] = int32(len(r.texts))
		r.texts = append(r.texts, text{node: i, payload: in && i != opaque, value: m.Text(i), name: memberName(m, i), place: place})
	}
	r.join(from, to, place)
	r.joinShares(from, place)
	r.joinInner(place)
	r.joinCall()
}

// known reports whether a value beside the payload is one that the protocol fixes.
func known(m *mcp.Message, i int) bool {
	switch m.Name(i) {
	case "jsonrpc":
		return true
	case "method":
		_, ok := mcp.LookupMethod(m.Method)
		return ok
	}
	return false
}

// memberName returns the name that a value stands under: its own, or its array's.
func memberName(m *mcp.Message, i int) string {
	for m.Nodes[i].NameEnd == 0 {
		p := m.Nodes[i].Parent
		if p < 0 {
			return ""
		}
		i = int(p)
	}
	return m.Name(i)
}

// payloadRange returns the nodes of params, result or error.
func payloadRange(m *mcp.Message) (from, to int) {
	for _, n := range []int{m.Params, m.Result, m.Error} {
		if n >= 0 {
			return n, int(m.Nodes[n].Next)
		}
	}
	return -1, -1
}

var (
	// argvNames are those of arrays that hold the words of a command.
	argvNames = []string{"command", "cmd", "args", "argv", "arguments", "exec", "run", "cmdline", "command_line", "commandLine", "flags", "options", "extra_args", "extraArgs", "cli_args", "params", "opts", "body", "tokens"}
	// argumentNames are those of strings that hold the rest of a command's line.
	argumentNames = []string{"args", "arguments", "argument", "parameters", "params", "argumentList", "ArgumentList", "argv", "options"}
	// operators join commands in a shell.
	operators = []string{"|", "||", "&&", ";", ">", ">>", "<", "|&"}
	// pieceNames are those of arrays whose items are put together as they are.
	pieceNames = []string{"parts", "keys", "chunks", "pieces", "segments", "fragments", "commands", "lines", "script", "ps"}
)

// join makes the texts that receivers put together: argument vectors, a command
// with its args, and the text pieces of a result.
func (r *reading) join(from, to int, place detect.Place) {
	m := r.m
	for i := from + 1; from >= 0 && i < to; i++ {
		n := &m.Nodes[i]
		switch {
		case n.Kind == mcp.Array && place == detect.Argument && slices.Contains(argvNames, m.Name(i)):
			r.joinWords(i, programOf(m, int(n.Parent)))
		case n.Kind == mcp.Array && place == detect.Argument && slices.Contains(pieceNames, m.Name(i)):
			r.joinTyped(i)
		case n.Kind == mcp.String && place == detect.Argument && slices.Contains(argumentNames, m.Name(i)) && n.End-n.Start < maxInnerText:
			if p := programOf(m, int(n.Parent)); p >= 0 && p != i {
				r.addInner(i, "command", m.Text(p)+" "+m.Text(i), detect.Commands|detect.Paths|detect.Egress)
			}
		case n.Kind == mcp.Array && m.Name(i) == "content" && n.Next-int32(i) > 4:
			r.joinPieces(i)
		}
	}
}

// programOf returns the member of an object that names the program to run, -1 if
// none does.
func programOf(m *mcp.Message, object int) int {
	for _, name := range [...]string{"command", "cmd", "program", "executable", "execute", "exe", "binary", "filePath", "FilePath", "process", "bin"} {
		if n := m.Find(object, name); n >= 0 && m.Nodes[n].Kind == mcp.String {
			return n
		}
	}
	return -1
}

// joinWords joins a program (a member beside the array, if there is one) and an
// array of words into a command line.
func (r *reading) joinWords(array, program int) {
	var nodes []int
	if program >= 0 {
		nodes = append(nodes, program)
	}
	for i := array + 1; i < int(r.m.Nodes[array].Next); i++ {
		if r.m.Nodes[i].Kind == mcp.String {
			nodes = append(nodes, i)
		}
	}
	if len(nodes) < 2 || len(nodes) > 256 {
		return
	}
	t := &text{node: array, payload: true, name: "command", place: detect.Argument}
	var b strings.Builder
	for _, n := range nodes {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		start := b.Len()
		b.WriteString(detect.JoinArgv([]string{r.m.Text(n)}))
		t.parts = append(t.parts, part{n, start, b.Len()})
	}
	t.value = b.String()
	r.joins = append(r.joins, t)
	r.joinOperators(array, nodes)
}

// joinOperators joins words among which a shell's operators stand as they are, for a
// receiver that hands them to a shell.
func (r *reading) joinOperators(array int, nodes []int) {
	words, operates := make([]string, len(nodes)), false
	for i, n := range nodes {
		words[i] = r.m.Text(n)
		operates = operates || slices.Contains(operators, words[i])
	}
	if operates {
		r.addInner(array, "command", strings.Join(words, " "), detect.Commands)
	}
}

// joinTyped joins an array of pieces as they are: what is typed key by key, or was
// cut up. The names of keys that end a line do that.
func (r *reading) joinTyped(array int) {
	var glued, lines strings.Builder
	n := 0
	for i := array + 1; i < int(r.m.Nodes[array].Next) && n < 64; i++ {
		if r.m.Nodes[i].Kind != mcp.String {
			return
		}
		s := r.m.Text(i)
		switch s {
		case "Enter", "enter", "C-m", "Return", "RETURN", "ENTER", "KPEnter", "{ENTER}":
			s = "\n"
		case "Space", "space":
			s = " "
		}
		glued.WriteString(s)
		lines.WriteString(s)
		lines.WriteByte('\n')
		n++
	}
	if n < 2 || n == 64 || glued.Len() > maxInnerText {
		return
	}
	for _, s := range [...]string{glued.String(), lines.String()} {
		r.joins = append(r.joins, &text{node: array, payload: true, name: "command", value: s, place: detect.Argument, only: detect.Commands, inner: true, parts: []part{}})
	}
}

// joinPieces joins the text items of a content array, as a model reads them.
func (r *reading) joinPieces(array int) {
	t := &text{node: array, payload: true, name: "text", place: detect.Answer}
	var b strings.Builder
	m := r.m
	for i := array + 1; i < int(m.Nodes[array].Next); i = int(m.Nodes[i].Next) {
		n := m.Find(i, "text")
		if n < 0 || m.Nodes[n].Kind != mcp.String {
			continue
		}
		start := b.Len()
		b.WriteString(m.Text(n))
		t.parts = append(t.parts, part{n, start, b.Len()})
	}
	if len(t.parts) < 2 {
		return
	}
	t.value = b.String()
	r.joins = append(r.joins, t)
}

// scan fills t.found, once.
func (r *reading) scan(t *text) []detect.Finding {
	if t.scanned {
		return t.found
	}
	t.scanned = true
	if t.call {
		r.scanCall(t)
		return t.found
	}
	want := r.want
	if t.inName {
		want &= detect.Secrets | detect.Injection | detect.Hidden
	}
	if !t.payload {
		want &= detect.Secrets
	}
	if t.only != 0 {
		want &= t.only
	}
	if want == 0 {
		return nil
	}
	for _, f := range r.search(t, want) {
		if t.inner {
			f.Start, f.End = 0, 0
		}
		if t.parts != nil && (t.place != detect.Argument || t.only != 0) && t.within(f.Start, f.End) {
			continue // found in its piece already
		}
		t.found = append(t.found, f)
		r.present |= f.Family
	}
	if real := r.real[t.value]; real != "" {
		r.follow(t, real, want&detect.Paths)
	}
	return t.found
}

// search returns what is in a text, which is good until it is called again. Of pieces
// put together only what is around their seams is looked at.
func (r *reading) search(t *text, want detect.Set) []detect.Finding {
	whole := detect.Text{Value: t.value, Name: t.name, Place: t.place, Tool: r.tool}
	switch {
	case len(t.value) <= shortMost:
		r.buf = r.short.find(r.buf, whole, want)
	case t.parts != nil && t.place == detect.Answer:
		r.buf = r.buf[:0]
		for _, seam := range t.seams() {
			from, at := len(r.buf), whole
			at.Value = t.value[seam.start:seam.end]
			r.buf = detect.Find(r.buf, at, want)
			for i := from; i < len(r.buf); i++ {
				r.buf[i].Start += seam.start
				r.buf[i].End += seam.start
			}
		}
	case r.memo != nil:
		return r.memo.find(r.buf, whole, want)
	default:
		r.buf = detect.Find(r.buf[:0], whole, want)
	}
	return r.buf
}

// linkView is the View of what was found where a symbolic link leads.
const linkView = "symlink"

// follow scans where a path leads: what is found there is found in all of the text.
func (r *reading) follow(t *text, real string, want detect.Set) {
	if want == 0 {
		return
	}
	for _, f := range detect.Find(nil, detect.Text{Value: real, Name: t.name, Place: t.place, Tool: r.tool}, want) {
		f.Start, f.End, f.View = 0, len(t.value), linkView
		if !slices.Contains(t.found, f) {
			t.found = append(t.found, f)
		}
		r.present |= f.Family
	}
}

// within reports whether the range lies in one part.
func (t *text) within(start, end int) bool {
	for _, p := range t.parts {
		if start >= p.start && end <= p.end {
			return true
		}
	}
	return false
}

// scanAll scans every text, and the joined ones.
func (r *reading) scanAll() {
	for i := range r.texts {
		r.scan(&r.texts[i])
	}
	for _, t := range r.joins {
		r.scan(t)
	}
	r.scanWrites()
}

// pin puts recorded findings in the place of detection.
func (r *reading) pin(pins []mcp.Pin) {
	for i := range r.texts {
		r.texts[i].scanned, r.texts[i].found = true, nil
	}
	for _, t := range r.joins {
		t.scanned, t.found = true, nil
	}
	for _, p := range pins {
		t := r.find(p)
		family, ok := detect.ParseSet(p.Detector)
		if t == nil || !ok || p.Start < 0 || p.End < p.Start || p.End > len(t.value) {
			continue
		}
		view := strings.TrimPrefix(strings.TrimPrefix(p.View, joinedView), ">")
		r.present |= family
		t.found = append(t.found, detect.Finding{Family: family, Kind: p.Kind, Start: p.Start, End: p.End, View: view, Score: detect.Score(p.Score)})
	}
}

// find returns the text that a pin points at.
func (r *reading) find(p mcp.Pin) *text {
	n := r.m.At(p.Pointer)
	if n < 0 {
		return nil
	}
	if strings.HasPrefix(p.View, joinedView) {
		for _, t := range r.joins {
			if t.node == n {
				return t
			}
		}
		return nil
	}
	for i := range r.texts {
		if r.texts[i].node == n && r.texts[i].inName == p.InName {
			return &r.texts[i]
		}
	}
	return nil
}

// ranges maps [start,end) of t to the ranges of Raw that spell it. A range of a
// joined text takes in the whole of each value that it touches when the joined
// form is quoted, else the touched bytes.
func (r *reading) ranges(t *text, start, end int, add func(start, end int)) {
	if t.parts == nil {
		add(r.m.RawRange(t.node, t.inName, start, end))
		return
	}
	for _, p := range t.parts {
		lo, hi := max(start, p.start), min(end, p.end)
		if lo >= hi {
			continue
		}
		if n := len(r.m.Text(p.node)); n == p.end-p.start {
			add(r.m.RawRange(p.node, false, lo-p.start, hi-p.start))
		} else {
			add(r.m.RawRange(p.node, false, 0, n))
		}
	}
}

// pinOf says where a finding stands.
func (r *reading) pinOf(t *text, f detect.Finding) mcp.Pin {
	view := f.View
	if t.parts != nil {
		view = joinedView + ">" + view
	}
	return mcp.Pin{
		Pointer: r.m.Pointer(t.node), InName: t.inName, Detector: f.Family.String(), Kind: f.Kind,
		View: view, Start: f.Start, End: f.End, Score: int(f.Score),
	}
}

// secrets appends the raw ranges of all secrets found, in order, merged.
func (r *reading) secrets(dst []SecretSpan) []SecretSpan {
	collect := func(t *text) {
		for _, f := range t.found {
			if f.Family == detect.Secrets {
				r.ranges(t, f.Start, f.End, func(a, b int) { dst = append(dst, SecretSpan{a, b, f.Kind, f.View}) })
			}
		}
	}
	for i := range r.texts {
		collect(&r.texts[i])
	}
	for _, t := range r.joins {
		collect(t)
	}
	return mergeSpans(dst)
}

// mergeSpans sorts spans and joins those that overlap, keeping the longer's kind.
func mergeSpans(list []SecretSpan) []SecretSpan {
	if len(list) < 2 {
		return list
	}
	slices.SortStableFunc(list, func(a, b SecretSpan) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out := list[:1]
	for _, s := range list[1:] {
		last := &out[len(out)-1]
		if s.Start >= last.End {
			out = append(out, s)
			continue
		}
		if s.End-s.Start > last.End-last.Start {
			last.Kind, last.View = s.Kind, s.View
		}
		last.End = max(last.End, s.End)
	}
	return out
}
