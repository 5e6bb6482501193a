package policy

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The keys of mcpwall's configuration. Those of settings that say where to log
// move no verdict, and are dropped in silence.
var (
	mcpwallTop      = []string{"version", "settings", "rules", "outbound_rules", "secrets"}
	mcpwallSettings = []string{"log_dir", "log_level", "log_args", "log_redacted", "default_action", "outbound_default_action"}
	mcpwallRule     = []string{"name", "match", "action", "message"}
	mcpwallMatch    = []string{"method", "tool", "arguments"}
	mcpwallMatcher  = []string{"pattern", "regex", "not_under", "secrets"}
	mcpwallOutbound = []string{"tool", "server", "secrets", "response_contains", "response_contains_regex", "response_size_exceeds"}
	mcpwallPattern  = []string{"name", "regex", "entropy_threshold"}
)

// mcpwall is a policy of mcpwall in the making.
type mcpwall struct {
	*converter
	patterns []entries // matchers, one of which a secret meets
	secrets  bool      // there is a section of patterns
}

func (c *converter) mcpwall(doc *yaml.Node) {
	w := &mcpwall{converter: c}
	action, outbound := "allow", "allow"
	var rules, outboundRules *yaml.Node
	for _, m := range c.mapping(doc, "policy", mcpwallTop) {
		switch m.key.Value {
		case "settings":
			action, outbound = w.settings(m.value)
		case "rules":
			rules = m.value
		case "outbound_rules":
			outboundRules = m.value
		case "secrets":
			w.readPatterns(m.value)
		}
	}
	c.action = action
	for i, n := range list(rules) {
		w.at = n
		w.request(n, fmt.Sprintf("rules[%d]", i))
	}
	if action != "allow" {
		// There the default is for every message of the client.
		c.rule(c.id("default-action", ""), entries{{"direction", "to-server"}, {"kind", []string{"request", "notification"}}}, action, "no rule allows it")
	}
	all := list(outboundRules)
	for i, n := range all {
		w.at = n
		w.answer(n, fmt.Sprintf("outbound_rules[%d]", i), outbound == "allow" && i == len(all)-1)
	}
	w.otherAnswers(outbound)
}

// list returns the items of a list; nothing, null and {} have none.
func list(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

func (w *mcpwall) settings(n *yaml.Node) (action, outbound string) {
	action, outbound = "allow", "allow"
	for _, m := range w.mapping(n, "settings", mcpwallSettings) {
		switch m.key.Value {
		case "default_action":
			action = w.choice(m.value, "settings.default_action", []string{"allow", "deny", "ask"})
		case "outbound_default_action":
			outbound = w.choice(m.value, "settings.outbound_default_action", []string{"allow", "deny", "redact", "log_only"})
		}
	}
	return action, outbound
}

// readPatterns turns the patterns of secrets into matchers.
func (w *mcpwall) readPatterns(n *yaml.Node) {
	w.secrets = true
	var plain []string
	for _, m := range w.mapping(n, "secrets", []string{"patterns"}) {
		for i, item := range list(m.value) {
			what := fmt.Sprintf("secrets.patterns[%d]", i)
			regex, entropy := "", false
			for _, p := range w.mapping(item, what, mcpwallPattern) {
				switch p.key.Value {
				case "regex":
					regex = jsUnicode.ReplaceAllString(w.text(p.value, what+".regex"), `\x{$1}`)
				case "entropy_threshold":
					entropy = true
					w.problem(p.value, "%s: nearly: the entropy detector has a threshold of its own", what)
				}
			}
			if _, err := regexp.Compile(regex); err != nil || regex == "" {
				w.problem(item, "%s: left out: RE2 has no such regular expression: %v", what, err)
			} else if entropy {
				w.patterns = append(w.patterns, entries{{"regex", regex}, {"entropy", "high"}})
			} else {
				plain = append(plain, regex)
			}
		}
	}
	if len(plain) > 0 {
		w.patterns = append([]entries{{{"regex", plain}}}, w.patterns...)
	}
}

// secretIn asks for a secret at a place: "text", or a path of args.
func (w *mcpwall) secretIn(place string) entries {
	patterns := w.patterns
	if !w.secrets {
		patterns = []entries{{{"secrets", true}}}
	}
	var out []entries
	for _, p := range patterns {
		out = append(out, at(place, p))
	}
	return either(out)
}

func at(place string, matcher entries) entries {
	if place == "text" {
		return entries{{"text", matcher}}
	}
	return entries{{"args", entries{{place, matcher}}}}
}

// hasSecrets reports whether a rule that asks for secrets can match at all.
func (w *mcpwall) hasSecrets(n *yaml.Node, what string) bool {
	if !w.secrets {
		w.problem(n, "%s: nearly: the policy has no secrets.patterns; our own detector takes their place", what)
		return true
	}
	if len(w.patterns) == 0 {
		w.problem(n, "%s: left out: there are no patterns of secrets, so that it never matched", what)
	}
	return len(w.patterns) > 0
}

// A foreign rule as far as all have it.
type foreignRule struct {
	name, action, message string
	match                 *yaml.Node
}

func (w *mcpwall) head(n *yaml.Node, what string, actions []string) (r foreignRule) {
	for _, m := range w.mapping(n, what, mcpwallRule) {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "name":
			r.name = w.text(m.value, path)
		case "match":
			r.match = m.value
		case "action":
			r.action = w.word(m.value, path, actions)
		case "message":
			r.message = w.text(m.value, path)
		}
	}
	return r
}

// request converts a rule on what the client asks.
func (w *mcpwall) request(n *yaml.Node, what string) {
	r := w.head(n, what, []string{"allow", "deny", "ask"})
	w.fromAllow = r.action == "allow"
	var method, tool, arguments *yaml.Node
	if r.match != nil {
		for _, m := range w.mapping(r.match, what+".match", mcpwallMatch) {
			switch m.key.Value {
			case "method":
				method = m.value
			case "tool":
				tool = m.value
			case "arguments":
				arguments = m.value
			}
		}
	}
	var conds entries
	switch {
	case method != nil && method.Value != "tools/call":
		conds.add("method", method.Value) // tool and arguments were looked at in tools/call only
		tool, arguments = nil, nil
	case method != nil || tool != nil || arguments != nil:
		conds.add("method", "tools/call")
	default:
		conds = entries{{"direction", "to-server"}, {"kind", []string{"request", "notification"}}}
	}
	ok := true
	if tool != nil {
		names, every, fine := w.tools(tool, what+".match.tool", []string{tool.Value})
		if ok = fine; ok && !every {
			conds.add("tool", names)
		}
	}
	if ok && arguments != nil {
		var args entries
		if args, ok = w.arguments(arguments, what+".match.arguments"); ok {
			conds = append(conds, args...)
		}
	}
	if !ok {
		w.problem(n, "%s: the rule %q is left out", what, r.name)
		return
	}
	w.rule(w.id(r.name, "rule"), conds, r.action, r.message)
}

// arguments converts conditions that must all hold.
func (w *mcpwall) arguments(n *yaml.Node, what string) (entries, bool) {
	var parts []entries
	for _, m := range w.mapping(n, what, nil) {
		path := m.key.Value
		if path == "_any_value" {
			path = "**"
			if w.fromAllow {
				w.problem(m.key, "%s: tighter: an allow rule must hold for all values here, there for any", what)
			}
		} else if strings.ContainsAny(path, ".*") {
			w.problem(m.key, "%s: left out: a path can't name the member %q", what, path)
			return nil, false
		}
		alternatives := w.matchers(m.value, what+"."+m.key.Value, path)
		if len(alternatives) == 0 {
			return nil, false
		}
		parts = append(parts, either(alternatives))
	}
	return both(parts), true
}

// matchers converts the parts of one matcher, of which any may hold.
func (w *mcpwall) matchers(n *yaml.Node, what, path string) (out []entries) {
	for _, m := range w.mapping(n, what, mcpwallMatcher) {
		here := what + "." + m.key.Value
		switch m.key.Value {
		case "pattern":
			if len(w.globs(m.value, here)) == 1 {
				out = append(out, w.glob(m.value, here, path))
			}
		case "regex":
			if re := w.regex(m.value, here, w.text(m.value, here), ""); re != "" {
				out = append(out, at(path, entries{{"regex", re}}))
			}
		case "not_under":
			out = append(out, at(path, entries{{"not_under", w.folder(m.value, here)}}))
		case "secrets":
			if w.truth(m.value, here) && w.hasSecrets(m.value, here) {
				out = append(out, w.secretIn(path))
			}
		}
	}
	return out
}

// glob converts a pattern. There * matches no leading dot: where that would let more
// pass here, the rule asks for it.
func (w *mcpwall) glob(n *yaml.Node, what, path string) entries {
	g := n.Value
	cond := at(path, entries{{"glob", g}})
	if !w.fromAllow || !strings.Contains(g, "*") {
		return cond
	}
	dots := `(^|/)\.`
	if strings.HasPrefix(g, ".") || strings.Contains(g, "/.") {
		w.problem(n, "%s: looser: here * and ** match names with a leading dot as well", what)
		dots = `(^|/)\.\.(/|$)`
	}
	return append(cond, pair{"not", at(path, entries{{"regex", dots}})})
}

// folder writes a folder so that it doesn't depend on where one stands.
func (w *mcpwall) folder(n *yaml.Node, what string) string {
	f := w.text(n, what)
	rest := f
	for _, v := range variables {
		rest = strings.ReplaceAll(rest, v, "/v")
	}
	if strings.Contains(rest, "${") {
		w.problem(n, "%s: nearly: unknown variable in %q", what, f)
		f = strings.ReplaceAll(strings.ReplaceAll(f, "${", ""), "}", "")
		rest = f
	}
	if strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "~") || isDrive(rest) {
		return f
	}
	return "${CWD}/" + strings.TrimPrefix(f, "./")
}
