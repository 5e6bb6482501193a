package policy

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// section returns the members of a part that is on unless it says otherwise.
func (c *converter) section(n *yaml.Node, what string, known []string) (byKey map[string]*yaml.Node, on bool) {
	byKey = map[string]*yaml.Node{}
	if n == nil {
		return byKey, true
	}
	for _, m := range c.mapping(n, what, known) {
		byKey[m.key.Value] = m.value
	}
	return byKey, c.flag(byKey["enabled"], what+".enabled", true)
}

func (c *converter) flag(n *yaml.Node, what string, otherwise bool) bool {
	if n == nil {
		return otherwise
	}
	return c.truth(n, what)
}

func (c *converter) security(n *yaml.Node) {
	byKey, _ := c.section(n, "security", agentWallSecurity)
	c.injection(byKey["injectionDetection"])
	c.egress(byKey["egressControl"])
	for _, key := range []string{"killSwitch", "chainDetection"} {
		if part := byKey[key]; part != nil {
			if _, on := c.section(part, "security."+key, nil); on {
				c.problem(part, "security.%s: left out: %s", key, map[string]string{
					"killSwitch":     "the proxy has a switch of its own",
					"chainDetection": "`extends: flow` has rules about chains of calls",
				}[key])
			}
		}
	}
}

// calls is the scope of what Agent Wall looks at, without the tools it leaves out.
func (c *converter) calls(exclude *yaml.Node) entries {
	out := entries{{"method", "tools/call"}}
	var names []string
	for _, item := range list(exclude) {
		if name := item.Value; name != "" {
			names = append(names, "!"+name)
		}
	}
	if len(names) > 0 {
		out.add("tool", names)
	}
	return out
}

func (c *converter) injection(n *yaml.Node) {
	const what = "security.injectionDetection"
	part, on := c.section(n, what, agentWallInjection)
	if !on {
		return
	}
	if n != nil {
		c.problem(n, "%s: nearly: our own detector of injections takes the place of its patterns", what)
	}
	// In arguments our detector is slower to speak: one step up is nearest.
	sensitivity := "high"
	if s := part["sensitivity"]; s != nil && c.word(s, what+".sensitivity", []string{"low", "medium", "high"}) == "low" {
		sensitivity = "medium"
	}
	alternatives := []entries{at("**", entries{{"injection", sensitivity}})}
	if sensitivity == "high" {
		alternatives = append(alternatives, at("**", entries{{"hidden", "high"}}))
	}
	var custom []string
	for _, p := range list(part["customPatterns"]) {
		if re := c.regex(p, what+".customPatterns", c.text(p, what), "i"); re != "" {
			custom = append(custom, re)
		}
	}
	if len(custom) > 0 {
		alternatives = append(alternatives, at("**", entries{{"regex", custom}}))
	}
	c.rule(c.id("injection-detection", ""), append(c.calls(part["excludeTools"]), either(alternatives)...), "deny", "the call holds instructions to a model")
}

// urlHost is what stands before the host of a URL in a text, urlEnd what may follow.
const (
	urlHost = `(?i)https?://(?:[^\s/?#@]*@)?(?:[a-z0-9_-]+\.)*`
	urlEnd  = `\.?(?::[0-9]*)?(?:[/?#"'<>)\]}\s]|$)`
)

func (c *converter) egress(n *yaml.Node) {
	const what = "security.egressControl"
	part, on := c.section(n, what, agentWallEgress)
	if !on {
		return
	}
	scope := c.calls(part["excludeTools"])
	if d := domains(part["allowedDomains"]); d != "" {
		c.problem(part["allowedDomains"], "%s.allowedDomains: nearly: it looks at arguments that are texts, not at what stands inside lists and objects, at every scheme, and stops a text with a URL of over some 10 KB", what)
		c.rule(c.id("egress-allowed-domains", ""), append(scope[:len(scope):len(scope)],
			pair{"when", fmt.Sprintf(`args.exists(k, type(args[k]) == string && args[k].contains("://") && !args[k].matches(%s))`, celRaw(onlyHosts(d)))}),
			"deny", "the call goes to a domain that isn't allowed")
	}
	if d := domains(part["blockedDomains"]); d != "" {
		c.rule(c.id("egress-blocked-domains", ""), append(scope[:len(scope):len(scope)], at("**", entries{{"regex", urlHost + d + urlEnd}})...),
			"deny", "the call goes to a blocked domain")
	}
	var kinds []string
	if c.flag(part["blockPrivateIPs"], what+".blockPrivateIPs", true) {
		kinds = append(kinds, "private-address", "loopback-address", "link-local-address", "obfuscated-address")
	}
	if c.flag(part["blockMetadataEndpoints"], what+".blockMetadataEndpoints", true) {
		kinds = append(kinds, "metadata-address")
	}
	if len(kinds) > 0 {
		c.rule(c.id("egress-control", ""), append(scope[:len(scope):len(scope)], at("**", entries{{"egress", entries{{"kinds", kinds}, {"sensitivity", "high"}}}})...),
			"deny", "the call goes to an internal address")
	}
}

// domains makes a group of alternatives.
func domains(n *yaml.Node) string {
	var out []string
	for _, item := range list(n) {
		if item.Value != "" {
			out = append(out, regexp.QuoteMeta(strings.ToLower(item.Value)))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "(?:" + strings.Join(out, "|") + ")"
}

// onlyHosts matches a text in which every :// leads to one of the domains: it walks
// from one to the next, and in between allows what is no ://.
func onlyHosts(domains string) string {
	const between = `(?:[^:]|:+(?:/:+)*(?:[^:/]|/[^:/]))*`
	const colons = `:+(?:/:+)*`
	return `(?is)^(?:` + between + colons + `//(?:[a-z0-9_-]+\.)*` + domains + urlEnd + `)*` + between + `(?:` + colons + `/?)?$`
}

func celRaw(s string) string { return `r'''` + s + `'''` }

// answers converts what Agent Wall looks for in the answers of tools: what blocks
// first, then one rule for all that is replaced, so that all of it is.
func (c *converter) answers(n *yaml.Node) {
	const what = "responseScanning"
	part, on := c.section(n, what, agentWallAnswers)
	if !on {
		return
	}
	scope := entries{{"direction", "to-client"}, {"method", "tools/call"}}
	block := func(id, message string, cond entries) {
		c.rule(c.id(id, ""), append(scope[:len(scope):len(scope)], cond...), "deny", message)
	}
	c.oversize(part, block)
	var replaced []entries
	for _, key := range []string{"detectSecrets", "detectPII"} {
		if d := part[key]; d != nil && d.Value == "true" {
			c.problem(d, "%s.%s: nearly: our own detector takes the place of its patterns; it leaves examples of documentation alone", what, key)
		}
	}
	if c.flag(part["detectSecrets"], what+".detectSecrets", true) {
		block("response-private-key", "a private key in the answer", at("text", entries{{"secrets", []string{"private-key", "private-ai-key", "putty-private-key"}}}))
		replaced = append(replaced, at("text", entries{{"secrets", true}}))
	}
	if c.flag(part["detectPII"], what+".detectPII", false) {
		block("response-personal-data", "personal data in the answer", at("text", entries{{"pii", []string{"us-ssn", "card-number"}}}))
		replaced = append(replaced, at("text", entries{{"pii", entries{{"kinds", []string{"email-address", "phone-number"}}, {"sensitivity", "high"}}}}))
	}
	var redacted, noted []string
	for i, item := range list(part["patterns"]) {
		name, regex, action, message := c.pattern(item, fmt.Sprintf("%s.patterns[%d]", what, i))
		switch {
		case regex == "":
		case action == "block":
			block(name, message, at("text", entries{{"regex", regex}}))
		case action == "redact":
			redacted = append(redacted, regex)
		default:
			noted = append(noted, regex)
		}
	}
	if len(redacted) > 0 {
		replaced = append(replaced, at("text", entries{{"regex", redacted}}))
	}
	if len(noted) > 0 {
		c.rule(c.id("response-noted", ""), append(scope[:len(scope):len(scope)], at("text", entries{{"regex", noted}})...), "log", "")
	}
	if len(replaced) > 0 {
		c.rule(c.id("response-redact", ""), append(scope[:len(scope):len(scope)], either(replaced)...), "redact", "part of the answer was replaced", pair{"replacement", "[REDACTED]"})
	}
}

func (c *converter) pattern(n *yaml.Node, what string) (name, regex, action, message string) {
	action, flags, source := "redact", "gi", ""
	var at *yaml.Node
	for _, m := range c.mapping(n, what, agentWallPattern) {
		path := what + "." + m.key.Value
		switch m.key.Value {
		case "name":
			name = c.text(m.value, path)
		case "pattern":
			source, at = c.text(m.value, path), m.value
		case "flags":
			flags = c.text(m.value, path)
		case "action":
			action = c.word(m.value, path, []string{"pass", "redact", "block"})
		case "message":
			message = c.text(m.value, path)
		}
	}
	if source != "" {
		regex = c.regex(at, what+".pattern", source, flags)
	}
	return name, regex, action, message
}

// oversize converts the bound on answers: to block is to deny, to cut is nothing
// that we do.
func (c *converter) oversize(part map[string]*yaml.Node, block func(id, message string, cond entries)) {
	size, action := part["maxResponseSize"], "redact"
	if a := part["oversizeAction"]; a != nil {
		action = c.word(a, "responseScanning.oversizeAction", []string{"block", "redact"})
	}
	if size != nil && size.Value != "0" {
		limit := c.whole(size, "responseScanning.maxResponseSize", 0)
		if action == "block" {
			c.problem(size, "responseScanning.maxResponseSize: nearly: the length of one text counts, not that of all together")
			block("response-too-large", "the answer is too large", at("text", entries{{"min_length", limit + 1}}))
		} else {
			c.problem(size, "responseScanning.maxResponseSize: left out: answers are never cut; use oversizeAction: block")
		}
	}
	if b := part["base64Action"]; b != nil && c.word(b, "responseScanning.base64Action", []string{"pass", "redact", "block"}) != "pass" {
		c.problem(b, "responseScanning.base64Action: left out: base64 is decoded and looked at, not judged by itself")
	}
}
