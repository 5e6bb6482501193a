package policy

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// answer converts a rule on what the server sends. last is set if nothing that
// could stop an answer comes after it.
func (w *mcpwall) answer(n *yaml.Node, what string, last bool) {
	r := w.head(n, what, []string{"allow", "deny", "redact", "log_only"})
	w.fromAllow = r.action == "allow"
	conds := entries{{"direction", "to-client"}, {"kind", "answer"}}
	var parts []func(allows bool) entries
	always := func(e entries) func(bool) entries { return func(bool) entries { return e } }
	ok, secrets := true, false
	if r.match != nil {
		for _, m := range w.mapping(r.match, what+".match", mcpwallOutbound) {
			path := what + ".match." + m.key.Value
			switch m.key.Value {
			case "tool", "server":
				names, every, fine := w.tools(m.value, path, []string{m.value.Value})
				if ok = ok && fine; fine && every {
					names = []string{"?*"}
				}
				conds.add(m.key.Value, names)
			case "secrets":
				if w.truth(m.value, path) {
					secrets = true
					if ok = w.hasSecrets(m.value, path) && ok; ok {
						parts = append(parts, always(w.secretIn("text")))
					}
				}
			case "response_size_exceeds":
				parts = append(parts, always(at("text", entries{{"min_length", w.whole(m.value, path, 0) + 1}})))
				w.problem(m.value, "%s: nearly: here the length of one text counts, not that of the whole answer", path)
			default:
				words := w.phrases(m.value, path, m.key.Value == "response_contains")
				ok = ok && len(words) > 0
				parts = append(parts, func(allows bool) entries { return said(words, allows) })
			}
		}
	}
	if !ok {
		w.problem(n, "%s: the rule %q is left out", what, r.name)
		return
	}
	if r.action == "redact" && !secrets {
		w.problem(n, "%s: nearly: redact replaces what made the rule match, there it replaced secrets only", what)
	}
	if w.fromAllow && secrets {
		w.problem(n, "%s: tighter: an allow rule must hold for every text of the answer", what)
	}
	w.decide(r, last, func(allows bool) entries {
		var all []entries
		for _, p := range parts {
			all = append(all, p(allows))
		}
		return append(conds[:len(conds):len(conds)], both(all)...)
	})
}

// said asks whether the answer holds one of the patterns. An allow rule would have
// to hold for every text of it; for a text in it there is CEL.
func said(patterns []string, allows bool) entries {
	if !allows {
		return at("text", entries{{"regex", patterns}})
	}
	one := celRaw(strings.Join(patterns, "|"))
	return entries{{"any", []entries{
		{{"when", "result.content.exists(c, type(c.text) == string && c.text.matches(" + one + "))"}},
		{{"when", "type(error.message) == string && error.message.matches(" + one + ")"}},
	}}}
}

// decide adds the rule; log_only there ends the walk.
func (w *mcpwall) decide(r foreignRule, last bool, conds func(allows bool) entries) {
	id := w.id(r.name, "outbound-rule")
	if r.action != "log_only" {
		w.rule(id, conds(r.action == "allow"), r.action, r.message)
		return
	}
	w.rule(id, conds(false), "log", r.message)
	if !last {
		w.rule(w.id(id+"-passes", ""), conds(true), "allow", r.message)
	}
}

// phrases converts texts to look for, or regular expressions; case doesn't count.
func (w *mcpwall) phrases(n *yaml.Node, what string, literal bool) (out []string) {
	for _, item := range w.items(n, what) {
		s := w.text(item, what)
		if literal {
			out = append(out, "(?i)"+regexp.QuoteMeta(s))
		} else if re := w.regex(item, what, s, "i"); re != "" {
			out = append(out, re)
		}
	}
	return out
}

// otherAnswers adds the default for answers.
func (w *mcpwall) otherAnswers(action string) {
	where := entries{{"direction", "to-client"}, {"kind", "answer"}}
	switch action {
	case "deny":
		w.rule(w.id("outbound-default-action", ""), where, "deny", "no rule allows the answer")
	case "redact":
		if len(w.patterns) > 0 {
			w.rule(w.id("outbound-default-action", ""), append(where, w.secretIn("text")...), "redact", "")
		}
	}
}
