package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The keys of Agent Wall's policies. Those that say how it logs and signs move no
// verdict, and are dropped in silence.
var (
	agentWallTop       = []string{"version", "mode", "defaultAction", "globalRateLimit", "rules", "security", "responseScanning"}
	agentWallRule      = []string{"name", "tool", "match", "action", "message", "rateLimit"}
	agentWallLimit     = []string{"maxCalls", "windowSeconds"}
	agentWallSecurity  = []string{"injectionDetection", "egressControl", "killSwitch", "chainDetection", "signing", "signingKey"}
	agentWallInjection = []string{"enabled", "sensitivity", "customPatterns", "excludeTools"}
	agentWallEgress    = []string{"enabled", "allowedDomains", "blockedDomains", "blockPrivateIPs", "blockMetadataEndpoints", "excludeTools"}
	agentWallAnswers   = []string{"enabled", "maxResponseSize", "oversizeAction", "detectSecrets", "detectPII", "base64Action", "maxPatterns", "patterns"}
	agentWallPattern   = []string{"name", "pattern", "flags", "action", "message", "category"}
)

// agentWallAliases are the names under which Agent Wall looks for an argument; the
// first of a list stands for all of it.
var agentWallAliases = [][]string{
	{"path", "file", "filepath", "file_path", "filename", "file_name", "target", "source", "destination", "dest", "src", "uri", "url"},
	{"command", "cmd", "shell", "exec", "script", "run"},
	{"content", "text", "body", "data", "input", "message"},
}

// agentWall converts in the order in which Agent Wall looks: injections, egress,
// the rate of all calls, rules, the default; then answers.
func (c *converter) agentWall(doc *yaml.Node) {
	c.action = "allow" // what isn't a call of a tool passes there
	byKey := map[string]*yaml.Node{}
	for _, m := range c.mapping(doc, "policy", agentWallTop) {
		byKey[m.key.Value] = m.value
	}
	c.security(byKey["security"])
	if n := byKey["globalRateLimit"]; n != nil {
		c.rule(c.id("global-rate-limit", ""), entries{{"method", "tools/call"}, {"limit", c.rateLimit(n, "globalRateLimit")}}, "deny", "too many calls")
	}
	for i, n := range list(byKey["rules"]) {
		c.at = n
		c.agentRule(n, fmt.Sprintf("rules[%d]", i))
	}
	otherwise := "prompt"
	if n := byKey["defaultAction"]; n != nil {
		otherwise = c.choice(n, "defaultAction", []string{"allow", "deny", "prompt"})
	}
	if n := byKey["mode"]; n != nil && c.word(n, "mode", []string{"standard", "strict"}) == "strict" {
		otherwise = "deny"
	}
	if otherwise != "allow" {
		c.rule(c.id("default-action", ""), entries{{"method", "tools/call"}}, promptAsks(otherwise), "no rule allows it")
	}
	c.answers(byKey["responseScanning"])
}

func promptAsks(action string) string {
	if action == "prompt" {
		return "ask"
	}
	return action
}

func (c *converter) rateLimit(n *yaml.Node, what string) entries {
	calls, seconds := 0, 0
	for _, m := range c.mapping(n, what, agentWallLimit) {
		if m.key.Value == "maxCalls" {
			calls = c.whole(m.value, what+".maxCalls", 0)
		} else {
			seconds = c.whole(m.value, what+".windowSeconds", 1)
		}
	}
	if calls > maxLimitCalls {
		c.problem(n, "%s: tighter: %d calls, the most that a limit can count", what, maxLimitCalls)
		calls = maxLimitCalls
	}
	return entries{{"calls", calls}, {"per", fmt.Sprintf("%ds", max(seconds, 1))}}
}

// agentRule converts one rule; one with a limit becomes two.
func (c *converter) agentRule(n *yaml.Node, what string) {
	name, action, message := "", "deny", ""
	conds, ok := entries{{"method", "tools/call"}}, true
	var limit entries
	var arguments *yaml.Node
	for _, m := range c.mapping(n, what, agentWallRule) {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "name":
			name = c.text(m.value, path)
		case "tool":
			names, every, fine := c.tools(m.value, path, strings.Split(c.text(m.value, path), "|"))
			if ok = ok && fine; fine && !every {
				conds.add("tool", names)
			}
		case "match":
			for _, a := range c.mapping(m.value, path, []string{"arguments"}) {
				arguments = a.value
			}
		case "action":
			action = c.word(m.value, path, []string{"allow", "deny", "prompt"})
		case "message":
			message = c.text(m.value, path)
		case "rateLimit":
			limit = c.rateLimit(m.value, path)
		}
	}
	c.fromAllow = action == "allow"
	if ok && arguments != nil {
		parts, fine := c.agentArguments(arguments, what+".match.arguments")
		ok, conds = fine, append(conds, both(parts)...)
	}
	if !ok {
		c.problem(n, "%s: the rule %q is left out", what, name)
		return
	}
	id := c.id(name, "rule")
	if limit != nil {
		c.rule(c.id(id+"-limit", ""), append(slices.Clone(conds), pair{"limit", limit}), "deny", "too many calls")
	}
	c.rule(id, conds, promptAsks(action), message)
}

// agentArguments converts globs of arguments, which must all match.
func (c *converter) agentArguments(n *yaml.Node, what string) (parts []entries, ok bool) {
	for _, m := range c.mapping(n, what, nil) {
		var regexes []string
		for _, p := range strings.Split(c.text(m.value, what), "|") {
			words, fine := braces(strings.TrimSpace(p))
			if !fine {
				c.problem(m.value, "%s: left out: the pattern %q", what, p)
				return nil, false
			}
			for _, w := range words {
				regexes = append(regexes, c.regexOfGlob(m.value, what, w))
			}
		}
		if strings.ContainsAny(m.key.Value, ".*") {
			c.problem(m.key, "%s: left out: a path can't name the member %q", what, m.key.Value)
			return nil, false
		}
		parts = append(parts, c.agentArgument(m.key.Value, regexes)...)
	}
	return parts, true
}

// climbs matches a path with a .. in it. Agent Wall resolves those first.
const climbs = `(^|[/\\])\.\.([/\\]|$)`

// agentArgument asks one of the names of an argument for one of the patterns.
func (c *converter) agentArgument(key string, regexes []string) (parts []entries) {
	matcher := entries{{"regex", regexes}}
	names := aliases(key)
	if c.fromAllow {
		// There the first name that is used decides; to be sure, all must match here.
		var one []entries
		for _, name := range names {
			one = append(one, at(name, matcher))
			parts = append(parts, entries{{"not", at(name, entries{{"regex", climbs}})}})
			if len(names) > 1 {
				parts = append(parts, either([]entries{at(name, entries{{"exists", false}}), at(name, matcher)}))
			}
		}
		return append(parts, either(one))
	}
	var one []entries
	var quoted []string
	for _, name := range names {
		one = append(one, at(name, matcher))
		quoted = append(quoted, regexp.QuoteMeta(name))
	}
	// The case of names doesn't count there.
	names = []string{"^(" + strings.Join(quoted, "|") + ")$"}
	anyCase := "args.exists(k, k.matches(" + celRaw("(?i)"+names[0]) + ") && !k.matches(" + celRaw(names[0]) +
		") && type(args[k]) == string && args[k].matches(" + celRaw(strings.Join(regexes, "|")) + "))"
	return []entries{either(append(one, entries{{"when", anyCase}}))}
}

func aliases(key string) []string {
	for _, l := range agentWallAliases {
		if slices.Contains(l, strings.ToLower(key)) {
			return l
		}
	}
	return []string{key}
}

// regexOfGlob writes what Agent Wall makes of a glob: * is any run, without regard
// to case; one without wildcards may match a part.
func (c *converter) regexOfGlob(n *yaml.Node, what, glob string) string {
	if !strings.ContainsAny(glob, "*?") {
		return "(?i)" + regexp.QuoteMeta(glob)
	}
	if strings.Trim(glob, "*") == "" {
		c.problem(n, "%s: nearly: %q matches numbers, true and false too; here it is for texts", what, glob)
	}
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch {
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString(`(?:.*[/\\])?`)
			i += 2
		case glob[i] == '*':
			for i+1 < len(glob) && glob[i+1] == '*' && !strings.HasPrefix(glob[i+1:], "**/") {
				i++
			}
			b.WriteString(".*")
		case glob[i] == '/':
			b.WriteString(`[/\\]`)
		case glob[i] == '?':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	return "(?i)^" + b.String() + "$"
}
