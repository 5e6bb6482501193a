package policy

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

var (
	topKeys  = []string{"version", "name", "description", "extends", "default", "refusal_codes", "canaries", "bounds", "callers", "listed_tools_only", "classes", "limits", "rules", "tests"}
	scopeSet = []string{"direction", "method", "tool", "server", "client", "era", "transport", "kind", "caller"}
	condKeys = slices.Concat(scopeSet, []string{"lacks_scope", "annotations", "schema", "definition", "args", "params", "result", "error", "text", "writes", "when", "all", "any", "not"}, stateKeys)
	ruleKeys = append([]string{"id", "description", "action", "message", "severity", "tags", "limit", "ask", "labels", "remember", "cache", "replacement", "refuse_as"}, condKeys...)
	opKeys   = append([]string{"exists", "equals", "in", "glob", "regex", "under", "not_under", "min", "max",
		"min_length", "max_length", "host", "cidr", "canary"}, textDetectors...)
	// textDetectors are the families that one text is asked for; what a call writes
	// shows in several together.
	textDetectors = slices.DeleteFunc(slices.Clone(detect.Names[:]), func(name string) bool { return name == detect.Writes.String() })
	limitKeys     = []string{"calls", "bytes", "time", "per", "by"}
	severities    = []string{"info", "low", "medium", "high", "critical"}
	kindWords     = []string{"request", "notification", "answer"}
)

// cond reads the condition keys among the members of a mapping.
func (r *reader) cond(at *yaml.Node, ms []member, what string) *cond {
	c := &cond{pos: r.pos(at)}
	explicit := false
	for _, m := range ms {
		key, path := m.key.Value, what+"."+m.key.Value
		switch key {
		case "direction":
			explicit = true
			c.direction = r.direction(m.value, path)
		case "method", "tool", "server", "client", "era", "transport", "kind", "caller":
			c.scopes = append(c.scopes, r.scope(m, path))
		case "args", "params", "result", "error":
			c.values = append(c.values, r.paths(m, root(slices.Index(rootWords[:], key)), path)...)
		case "text":
			c.values = append(c.values, valueCond{pos: r.pos(m.key), root: rootText, m: r.matcher(m.value, path), text: "text"})
		case "writes":
			c.values = append(c.values, valueCond{pos: r.pos(m.key), root: rootWrites, m: matcher{maxLength: -1, detectors: []detectorCond{r.detector(m, path)}}, text: "writes"})
		case "lacks_scope":
			c.lacks = r.texts(m.value, path)
		case "annotations":
			c.hints = r.hints(m.value, path)
		case "schema":
			for _, w := range r.items(m.value, path) {
				c.schema = append(c.schema, r.word(w, path, schemaWords))
			}
		case "definition":
			for _, w := range r.items(m.value, path) {
				c.states = append(c.states, r.word(w, path, definitionWords))
			}
		case "when":
			c.when = r.when(m.value, path)
		case "after", "sequence", "class", "crosses", "carries":
			c.memory = append(c.memory, r.state(m, path))
		case "all":
			c.all = r.conds(m.value, path)
		case "any":
			c.any = r.conds(m.value, path)
		case "not":
			c.not = r.cond(m.value, r.mapping(m.value, path, condKeys), path)
		}
	}
	if !explicit {
		c.direction = mcp.NoDir
	}
	return c
}

func (r *reader) conds(n *yaml.Node, what string) (out []*cond) {
	for i, item := range r.items(n, what) {
		name := fmt.Sprintf("%s[%d]", what, i)
		out = append(out, r.cond(item, r.mapping(item, name, condKeys), name))
	}
	return out
}

func (r *reader) direction(n *yaml.Node, what string) mcp.Dir {
	switch w := r.text(n, what); w {
	case "any":
		return mcp.NoDir
	default:
		d, ok := mcp.ParseDir(w)
		if !ok {
			r.problem(n, "%s: unknown direction %q%s", what, w, didYouMean(w, []string{"to-server", "to-client", "any"}))
		}
		return d
	}
}

func (r *reader) scope(m member, what string) scope {
	s := scope{pos: r.pos(m.key), field: scopeField(slices.Index(scopeWords[:], m.key.Value))}
	words := r.texts(m.value, what)
	for _, w := range words {
		if w == "" || w == "!" {
			r.problem(m.value, "%s: an empty name; use * for every one", what)
		}
		if s.field == scopeKind && !slices.Contains(kindWords, strings.TrimPrefix(w, "!")) {
			r.problem(m.value, "%s: unknown kind %q%s", what, w, didYouMean(w, kindWords))
		}
		s.names = append(s.names, parseNameGlob(w))
	}
	s.text = m.key.Value + " " + strings.Join(words, " | ")
	return s
}

// paths reads a mapping of paths to matchers.
func (r *reader) paths(m member, at root, what string) (out []valueCond) {
	for _, p := range r.mapping(m.value, what, nil) {
		sel, err := parseSelector(p.key.Value)
		if err != nil {
			r.problem(p.key, "%s: %v", what, err)
			continue
		}
		out = append(out, valueCond{
			pos: r.pos(p.key), root: at, sel: sel,
			m: r.matcher(p.value, what+"."+p.key.Value), text: rootWords[at] + "." + p.key.Value,
		})
	}
	return out
}

func (r *reader) hints(n *yaml.Node, what string) (out []hintCond) {
	for _, m := range r.mapping(n, what, hintWords[:]) {
		out = append(out, hintCond{slices.Index(hintWords[:], m.key.Value), r.truth(m.value, what+"."+m.key.Value)})
	}
	return out
}

// askSpec reads how a rule asks.
func (r *reader) askSpec(n *yaml.Node, what string) *askSpec {
	a := &askSpec{}
	for _, m := range r.mapping(n, what, []string{"via", "timeout"}) {
		switch m.key.Value {
		case "via":
			for _, w := range r.items(m.value, what+".via") {
				a.via = append(a.via, r.word(w, what+".via", AskChannels))
			}
		case "timeout":
			if a.timeout = r.duration(m.value, what+".timeout"); a.timeout > maxAskTimeout {
				r.problem(m.value, "%s.timeout: can be at most %s", what, maxAskTimeout)
			}
		}
	}
	if slices.Contains(a.via, ChannelGrant) && len(a.via) > 1 {
		r.problem(n, "%s.via: a grant is given beforehand, so nobody is asked besides; use [grant] alone", what)
	}
	return a
}

// limit reads a rule's limit.
func (r *reader) limit(n *yaml.Node, what string) *limit {
	return r.limitOf(n, r.mapping(n, what, limitKeys), what)
}

func (r *reader) limitOf(n *yaml.Node, ms []member, what string) *limit {
	l := &limit{}
	for _, m := range ms {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "calls":
			l.calls, l.counts = r.whole(m.value, path, 0), true
		case "bytes":
			l.bytes = r.sizeTo(m.value, path, 1<<40, "1024GiB")
		case "time":
			l.time = r.duration(m.value, path)
		case "per":
			l.per = r.duration(m.value, path)
		case "by":
			for _, item := range r.items(m.value, path) {
				r.limitKey(l, item, path)
			}
		}
	}
	l.counts = l.counts || !l.budgeted()
	if l.per == 0 {
		r.problem(n, "%s: needs calls (or bytes, or time) and per, such as {calls: 50, per: 60s}", what)
	}
	if l.calls > maxLimitCalls {
		r.problem(n, "%s: calls can be at most %d", what, maxLimitCalls)
	}
	return l
}

func (r *reader) limitKey(l *limit, n *yaml.Node, what string) {
	w := r.text(n, what)
	if path, ok := strings.CutPrefix(w, "args."); ok {
		sel, err := parseSelector(path)
		if err != nil {
			r.problem(n, "%s: %v", what, err)
		}
		l.args = append(l.args, sel)
		return
	}
	if !slices.Contains(limitWords, w) {
		r.problem(n, "%s: unknown word %q%s, or args.PATH", what, w, didYouMean(w, limitWords))
	}
	l.by = append(l.by, w)
	l.loops = l.loops || w == "args"
}
