package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// An eval asks the conditions of one rule of the current message. surely is the
// polarity: an allow rule must hold under every reading of every selected value,
// others under any; each not turns it round. Otherwise a value that two receivers
// read differently would pass by the reading that suits it.
type eval struct {
	s      *Session
	m      *mcp.Message
	surely bool
	again  bool         // Same asks
	hits   []hit        // what made it hold: findings, and ranges for redaction
	trace  *[]CondTrace // nil unless asked for
}

// A hit is one thing that a condition found.
type hit struct {
	text       *text
	start, end int // in the text
	kind       string
	view       string
	family     detect.Set
	score      detect.Score
	node       int // where a whole value was hit; -1 otherwise
}

func (e *eval) note(pos, text string, held bool, why string) bool {
	if e.trace != nil {
		*e.trace = append(*e.trace, CondTrace{Pos: pos, Text: text, Held: held, Why: why})
	}
	return held
}

// cond evaluates all parts. Without a trace it stops at the first that fails.
func (e *eval) cond(c *cond) bool {
	if e.trace == nil && e.impossible(c) {
		return false
	}
	held := true
	if c.direction != mcp.NoDir && c.direction != e.s.now.subject.Dir {
		held = e.note(c.pos, "direction "+c.direction.String(), false, "the message goes "+e.s.now.subject.Dir.String())
	}
	for i := range c.scopes {
		if !held && e.trace == nil {
			return false
		}
		held = e.scope(&c.scopes[i]) && held
	}
	if len(c.lacks) > 0 && (held || e.trace != nil) {
		held = e.note(c.pos, "lacks_scope "+strings.Join(c.lacks, " | "), e.s.lacks(c.lacks), "the caller is "+strconv.Quote(e.s.caller)) && held
	}
	if len(c.hints)+len(c.schema)+len(c.states) > 0 && (held || e.trace != nil) {
		held = e.facets(c) && held
	}
	for i := range c.memory {
		if !held && e.trace == nil {
			return false
		}
		held = e.state(&c.memory[i]) && held
	}
	for i := range c.values {
		if !held && e.trace == nil {
			return false
		}
		held = e.value(&c.values[i]) && held
	}
	if c.when != nil && (held || e.trace != nil) {
		held = e.when(c.when) && held
	}
	for _, sub := range c.all {
		if !held && e.trace == nil {
			return false
		}
		held = e.cond(sub) && held
	}
	if len(c.any) > 0 && (held || e.trace != nil) {
		one := false
		for _, sub := range c.any {
			// Every alternative is evaluated, so that all it finds is redacted.
			one = e.cond(sub) || one
		}
		held = held && one
	}
	if c.not != nil && (held || e.trace != nil) {
		held = e.negated(c.not) && held
	}
	return held
}

// negated evaluates a not; what stands in it is no hit.
func (e *eval) negated(c *cond) bool {
	hits := e.hits
	e.surely = !e.surely
	held := !e.cond(c)
	e.surely = !e.surely
	e.hits = hits
	return e.note(c.pos, "not the above", held, "")
}

func (e *eval) scope(s *scope) bool {
	now := &e.s.now.subject
	var value string
	switch s.field {
	case scopeMethod:
		value = now.Method
	case scopeTool:
		value = now.Tool
	case scopeServer:
		value = e.s.server
	case scopeClient:
		value = e.s.client
	case scopeEra:
		value = e.s.era
	case scopeTransport:
		value = e.s.transport
	case scopeCaller:
		value = e.s.caller
	case scopeKind:
		value = now.Kind
		if value == "response" || value == "error" {
			value = "answer"
		}
	}
	held := s.names.match(value)
	if s.field == scopeEra {
		held = e.s.supposed[ofEra].of(held)
	}
	if e.trace == nil {
		return held
	}
	return e.note(s.pos, s.text, held, "it is "+strconv.Quote(value))
}

// value evaluates a condition on values. If any value may do, all that hold are
// hits; if surely, every selected one must hold, and there must be one.
func (e *eval) value(v *valueCond) bool {
	switch v.root {
	case rootText:
		return e.texts(v)
	case rootWrites:
		return e.writes(v)
	}
	if e.hopeless(&v.m) {
		return false
	}
	node := e.s.rootNode(v.root)
	found, held := 0, e.surely
	if e.nameless(v) {
		node = -1
	}
	deep := v.sel.steps[len(v.sel.steps)-1] == "**" && !v.m.onlyScalar()
	v.sel.each(e.m, node, func(n int) bool {
		if k := e.m.Nodes[n].Kind; deep && (k == mcp.Object || k == mcp.Array) {
			return true // what is in it comes by itself
		}
		found++
		ok := e.node(&v.m, n)
		if e.surely {
			held = held && ok
		} else {
			held = held || ok
		}
		return true
	})
	if found == 0 {
		held = v.m.absent()
		if e.trace == nil {
			return held
		}
		return e.note(v.pos, v.text+" "+v.m.describe(), held, "there is no such value")
	}
	if e.trace == nil {
		return held
	}
	return e.note(v.pos, v.text+" "+v.m.describe(), held, plural(found, "value")+" looked at")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// texts evaluates a condition on every string of the payload.
func (e *eval) texts(v *valueCond) bool {
	if e.hopeless(&v.m) {
		return false
	}
	texts := e.s.payloadTexts(e.m)
	held := e.surely && len(texts) > 0
	for _, t := range texts {
		if t.only != 0 && (e.surely || !v.m.asksOnly(t.only)) {
			continue
		}
		ok := e.text(&v.m, t)
		if e.surely {
			held = held && ok
		} else {
			held = held || ok
		}
	}
	if e.trace == nil {
		return held
	}
	return e.note(v.pos, "text "+v.m.describe(), held, plural(len(texts), "text")+" looked at")
}

// hopeless reports whether a matcher asks for findings of a family of which the
// message has none at all: the common case, and cheap to know.
func (e *eval) hopeless(m *matcher) bool {
	if e.trace != nil {
		return false
	}
	for i := range m.detectors {
		if e.s.now.reading.present&m.detectors[i].family == 0 {
			return true
		}
	}
	return false
}

// impossible reports whether a part that must hold asks for what the message has none
// of: then the others, which may cost more, need not be asked.
func (e *eval) impossible(c *cond) bool {
	for i := range c.values {
		v := &c.values[i]
		if e.hopeless(&v.m) || e.nameless(v) && !v.m.absent() {
			return true
		}
	}
	return slices.ContainsFunc(c.all, e.impossible)
}

// nameless reports whether a condition is on members that the message hasn't.
func (e *eval) nameless(v *valueCond) bool {
	return v.root != rootText && e.s.now.reading.names.lacks(&v.sel)
}

// absent reports whether a matcher wants that there is no such value.
func (m *matcher) absent() bool { return m.exists != nil && !*m.exists }

// node asks a matcher of one value.
func (e *eval) node(m *matcher, n int) bool {
	if m.absent() {
		return false
	}
	node := &e.m.Nodes[n]
	if node.Kind == mcp.String {
		return e.text(m, e.s.textOf(e.m, n))
	}
	if !m.onlyScalar() {
		if node.Kind == mcp.Array || node.Kind == mcp.Object {
			return e.inside(m, n)
		}
		return false
	}
	raw := string(e.m.Raw[node.Start:node.End])
	if len(m.equals) > 0 && !e.equalsScalar(m, node.Kind, raw) {
		return false
	}
	if m.min != nil || m.max != nil {
		f, err := strconv.ParseFloat(raw, 64)
		if node.Kind != mcp.Number || err != nil || (m.min != nil && f < *m.min) || (m.max != nil && f > *m.max) {
			return false
		}
	}
	if len(m.equals) == 0 && m.min == nil && m.max == nil && m.exists == nil {
		return false
	}
	e.hits = append(e.hits, hit{node: n, kind: "value"})
	return true
}

// inside asks a text matcher of the strings below an array or object: a path that
// names `command` also means the words of `command: ["rm", "-rf", "/"]`, each and
// joined as a command line.
func (e *eval) inside(m *matcher, n int) bool {
	held, found := e.surely, 0
	for i := n + 1; i < int(e.m.Nodes[n].Next); i++ {
		if e.m.Nodes[i].Kind != mcp.String {
			continue
		}
		found++
		ok := e.text(m, e.s.textOf(e.m, i))
		if e.surely {
			held = held && ok
		} else {
			held = held || ok
		}
	}
	if !e.surely && len(m.detectors) > 0 {
		if t := e.s.joined(e.m, n); t != nil {
			held = e.text(m, t) || held
		}
	}
	return held && found > 0
}

func (e *eval) equalsScalar(m *matcher, kind mcp.Kind, raw string) bool {
	if kind == mcp.Number {
		raw = canonicalNumber(raw)
	}
	for _, want := range m.equals {
		if want == raw {
			return true
		}
	}
	return false
}

// text asks a matcher of one string: every operator must hold.
func (e *eval) text(m *matcher, t *text) bool {
	if m.min != nil || m.max != nil {
		return false
	}
	mark := len(e.hits)
	if !e.operators(m, t) {
		e.hits = e.hits[:mark]
		return false
	}
	if len(e.hits) == mark {
		e.hits = append(e.hits, hit{text: t, end: len(t.value), kind: "value", node: -1})
	}
	return true
}

func (e *eval) operators(m *matcher, t *text) bool {
	if len(t.value) < m.minLength || (m.maxLength >= 0 && len(t.value) > m.maxLength) {
		return false
	}
	if len(m.equals) > 0 && !e.readings(t, func(s string) bool { return contains(m.equals, "s:", s) }) {
		return false
	}
	if len(m.globs) > 0 && !e.readings(t, func(s string) bool { return anyGlob(m.globs, s) }) {
		return false
	}
	if len(m.regexes) > 0 && !e.regex(m, t) {
		return false
	}
	if len(m.under) > 0 && !e.folders(m.under, t, true) {
		return false
	}
	if len(m.notUnder) > 0 && !e.folders(m.notUnder, t, false) {
		return false
	}
	if (len(m.hosts) > 0 || len(m.cidrs) > 0) && !e.host(m, t) {
		return false
	}
	if m.canary && !e.canary(t) {
		return false
	}
	for i := range m.detectors {
		if !e.detector(&m.detectors[i], t) {
			return false
		}
	}
	return true
}

func contains(list []string, prefix, s string) bool {
	for _, l := range list {
		if len(l) == len(prefix)+len(s) && strings.HasPrefix(l, prefix) && l[len(prefix):] == s {
			return true
		}
	}
	return false
}

func anyGlob(globs []string, s string) bool {
	for _, g := range globs {
		if globValue(g, s) {
			return true
		}
	}
	return false
}

// readings asks f of the readings of a text: of all if surely, else of any.
func (e *eval) readings(t *text, f func(string) bool) bool {
	ok := f(t.value)
	if ok != e.surely {
		return ok
	}
	for _, r := range t.allReadings(e.s)[1:] { // the first is the value
		if f(r) != e.surely {
			return !e.surely
		}
	}
	return e.surely
}

// regex matches, and notes the matched ranges of the text itself for redaction.
func (e *eval) regex(m *matcher, t *text) bool {
	found := false
	if !e.surely {
		for _, re := range m.regexes {
			for _, at := range re.FindAllStringIndex(t.value, 1000) {
				found = true
				if at[1] > at[0] {
					e.hits = append(e.hits, hit{text: t, start: at[0], end: at[1], kind: "pattern", node: -1})
				}
			}
		}
		return found || slices.ContainsFunc(t.allReadings(e.s)[1:], m.matchesRegex) // the first is the value
	}
	return e.readings(t, m.matchesRegex)
}

func (m *matcher) matchesRegex(s string) bool {
	return slices.ContainsFunc(m.regexes, func(re *detect.Pattern) bool { return re.MatchString(s) })
}

// folders asks whether the text, read as a path, stands below one of the folders
// (or, if within is false, below none of them).
func (e *eval) folders(list []rootPath, t *text, within bool) bool {
	readings := t.paths(e.s)
	for _, p := range readings {
		in := false
		for _, f := range list {
			in = in || e.s.under(p, f.index)
		}
		if (in == within) != e.surely {
			return !e.surely
		}
	}
	return e.surely && len(readings) > 0
}

// host asks whether the text is or holds a URL whose host matches.
func (e *eval) host(m *matcher, t *text) bool {
	u, ok := detect.ParseURL(strings.TrimSpace(t.value))
	host, addr := u.Host, u.Addr
	if !ok {
		var odd bool
		if host, addr, odd, ok = detect.ParseHost(strings.TrimSpace(t.value)); !ok || odd && e.surely {
			return false
		}
	}
	if len(m.hosts) > 0 && m.hosts.match(strings.TrimSuffix(host, ".")) {
		return true
	}
	for _, c := range m.cidrs {
		if addr.IsValid() && c.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// detector asks for findings, and notes them.
func (e *eval) detector(d *detectorCond, t *text) bool {
	held := false
	found := e.s.findings(t)
	for i := range found {
		f := &found[i]
		if !d.wants(f) {
			continue
		}
		held = true
		e.hits = append(e.hits, hit{text: t, start: f.Start, end: f.End, kind: f.Kind, view: f.View, family: f.Family, score: f.Score, node: -1})
	}
	return held
}

// onlyScalar reports whether the matcher can hold for something other than a text.
func (m *matcher) onlyScalar() bool {
	return len(m.globs) == 0 && len(m.regexes) == 0 && len(m.under) == 0 && len(m.notUnder) == 0 &&
		len(m.hosts) == 0 && len(m.cidrs) == 0 && len(m.detectors) == 0 && m.minLength == 0 && m.maxLength < 0 && !m.canary
}

// describe says in a few words what a matcher asks.
func (m *matcher) describe() string {
	var parts []string
	add := func(op string, n int) {
		if n > 0 {
			parts = append(parts, op)
		}
	}
	if m.exists != nil {
		parts = append(parts, fmt.Sprintf("exists %v", *m.exists))
	}
	add("equals", len(m.equals))
	if len(m.globs) > 0 {
		parts = append(parts, "glob "+strings.Join(m.globs, " | "))
	}
	for _, re := range m.regexes {
		parts = append(parts, "regex "+re.String())
	}
	for _, u := range m.under {
		parts = append(parts, "under "+u.text)
	}
	for _, u := range m.notUnder {
		parts = append(parts, "not under "+u.text)
	}
	if m.min != nil {
		parts = append(parts, fmt.Sprintf("min %g", *m.min))
	}
	if m.max != nil {
		parts = append(parts, fmt.Sprintf("max %g", *m.max))
	}
	if m.minLength > 0 {
		parts = append(parts, fmt.Sprintf("min_length %d", m.minLength))
	}
	if m.maxLength >= 0 {
		parts = append(parts, fmt.Sprintf("max_length %d", m.maxLength))
	}
	if m.canary {
		parts = append(parts, "a canary")
	}
	add("host", len(m.hosts))
	add("cidr", len(m.cidrs))
	for _, d := range m.detectors {
		parts = append(parts, "has "+d.describe)
	}
	return strings.Join(parts, ", ")
}
