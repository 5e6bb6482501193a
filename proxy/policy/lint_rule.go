package policy

import (
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// rule looks at one rule by itself.
func (l *linter) rule(r *Rule) {
	if why := r.cond.impossible(); why != "" {
		l.warn(r, r.Pos, LintNever, "rule %s never matches: %s", r.ID, why)
	} else {
		l.deadAlternatives(r)
	}
	l.cond(r, r.cond, r.Action == Allow)
	l.memory(r)
	if r.limit != nil {
		l.limit(r)
	}
	if r.Action == Redact && !r.cond.finds() {
		l.warn(r, r.Pos, LintRedactNothing, "rule %s redacts, but no condition of it finds a value: it denies; add one such as text: {secrets: true}, or use action: deny", r.ID)
	}
	if r.asResult && (r.Action == Allow || r.Action == Log || r.Action == Redact) {
		l.warn(r, r.Pos, LintNoEffect, "rule %s: refuse_as changes nothing, since action %s refuses nothing", r.ID, r.Action)
	} else if r.asResult && r.cond.without(mcp.MethodToolsCall) {
		l.warn(r, r.Pos, LintNoEffect, "rule %s: refuse_as: result is for tools/call only; other methods get an error", r.ID)
	}
}

func (l *linter) limit(r *Rule) {
	if r.limit.counts && r.limit.calls == 0 {
		l.warn(r, r.Pos, LintLimitZero, "rule %s: a limit of 0 calls is exceeded by the first; remove the limit", r.ID)
	}
	if r.Action == Allow {
		l.warn(r, r.Pos, LintAllowLimit, "rule %s allows only what exceeds its limit; to let that many through, deny above the limit and allow in a rule below", r.ID)
	}
}

// deadAlternatives looks for parts of any: that can't hold where others can.
func (l *linter) deadAlternatives(r *Rule) {
	facts := r.cond.facts(nil)
	for _, f := range facts {
		for i, sub := range f.any {
			if why := impossibleWith(facts, sub); why != "" {
				l.warn(r, sub.pos, LintNever, "any[%d] of rule %s never holds: %s", i, r.ID, why)
			}
		}
	}
}

// cond looks at the lists and patterns of a condition and of those in it. allows is
// set where what holds lets a message pass.
func (l *linter) cond(r *Rule, c *cond, allows bool) {
	for _, s := range c.scopes {
		l.names(r, s.pos, s.names)
		if s.field == scopeMethod {
			l.methods(r, s)
		}
	}
	for i := range c.values {
		l.matcher(r, &c.values[i], allows)
	}
	for _, sub := range slices.Concat(c.all, c.any) {
		l.cond(r, sub, allows)
	}
	if c.not != nil {
		l.cond(r, c.not, !allows)
	}
}

// methods looks for names that no method of the protocol has.
func (l *linter) methods(r *Rule, s scope) {
	known := mcp.MethodNames()
	for _, g := range s.names {
		if !slices.ContainsFunc(known, func(k string) bool { return globName(g.pattern, k) }) {
			hint := didYouMean(g.pattern, known)
			if strings.HasPrefix(hint, "; use ") {
				hint = "; check the spelling"
			}
			l.warn(r, s.pos, LintUnknownMethod, "no method of the protocol is named %q%s", g.pattern, hint)
		}
	}
}

// impossible says why no message can meet the condition, "" if one may.
func (c *cond) impossible() string {
	facts := c.facts(nil)
	for _, f := range facts {
		for _, check := range []func(*cond, []*cond) string{impossibleNames, impossibleHints, impossibleValues} {
			if why := check(f, facts); why != "" {
				return why
			}
		}
	}
	if why := impossiblePlace(facts); why != "" {
		return why
	}
	for _, f := range facts {
		if f.not != nil && f.not.empty() {
			return "its not: holds nothing, and nothing always holds"
		}
		if len(f.any) == 0 {
			continue
		}
		why := ""
		for _, sub := range f.any {
			if why = impossibleWith(facts, sub); why == "" {
				break
			}
		}
		if why != "" {
			return "no alternative of any: can hold (" + why + ")"
		}
	}
	return ""
}

// impossibleWith asks about an alternative under what holds besides it.
func impossibleWith(facts []*cond, sub *cond) string {
	return with(facts, sub).impossible()
}

func (c *cond) empty() bool {
	return c.direction == mcp.NoDir && len(c.scopes)+len(c.values)+len(c.hints)+len(c.schema)+len(c.states)+len(c.lacks)+len(c.memory)+len(c.all)+len(c.any) == 0 &&
		c.when == nil && c.not == nil
}

// impossibleNames finds lists that hold no name, and pairs that share none.
func impossibleNames(c *cond, facts []*cond) string {
	for _, s := range c.scopes {
		if s.names.none() {
			return s.text + " excludes all that it names"
		}
		if s.field == scopeTransport && !s.names.match("stdio") && !s.names.match("http") {
			return s.text + " is no transport; they are stdio and http"
		}
		for _, f := range facts {
			for _, o := range f.scopes {
				if o.field == s.field && (s.names.apart(o.names) || o.names.apart(s.names)) {
					return s.text + " and " + o.text + " have no name in common"
				}
			}
		}
	}
	return ""
}

// none reports whether each positive of l is taken back by a negative.
func (l names) none() bool {
	positive, left := false, false
	for _, g := range l {
		if g.not {
			if strings.Trim(g.pattern, "*") == "" {
				return true
			}
			continue
		}
		positive = true
		left = left || !slices.ContainsFunc(l, func(n nameGlob) bool { return n.not && globCovers(n.pattern, g.pattern) })
	}
	return positive && !left
}

// apart reports whether l names plain names only, none of which o holds.
func (l names) apart(o names) bool {
	positive := false
	for _, g := range l {
		if g.not {
			continue
		}
		positive = true
		if strings.ContainsAny(g.pattern, "*?") || o.match(g.pattern) {
			return false
		}
	}
	return positive
}

// impossibleHints finds annotations and schema where no tool is called.
func impossibleHints(c *cond, facts []*cond) string {
	if len(c.states) > 0 && slices.ContainsFunc(facts, func(f *cond) bool { return f.without(mcp.MethodToolsCall) && f.without(mcp.MethodToolsList) }) {
		return "definition is of tools/call and of answers to tools/list, and it asks for another method"
	}
	if len(c.hints)+len(c.schema) == 0 {
		return ""
	}
	for _, f := range facts {
		if f.without(mcp.MethodToolsCall) {
			return "annotations and schema are of tools, and it asks for another method"
		}
		for _, s := range f.scopes {
			if s.field == scopeKind && !s.names.match("request") && !s.names.match("notification") {
				return "annotations and schema hold for calls, not for answers"
			}
		}
		for _, h := range c.hints {
			if slices.Contains(f.hints, hintCond{h.index, !h.want}) {
				return "annotations." + hintWords[h.index] + " can't be both true and false"
			}
		}
	}
	return ""
}

// without reports whether the scopes of c rule a method out.
func (c *cond) without(method string) bool {
	return slices.ContainsFunc(c.scopes, func(s scope) bool { return s.field == scopeMethod && !s.names.match(method) })
}

// impossibleValues finds matchers that no value can meet.
func impossibleValues(c *cond, _ []*cond) string {
	for i := range c.values {
		m := &c.values[i].m
		at := c.values[i].text
		switch {
		case m.exists != nil && !*m.exists && (!m.onlyScalar() || len(m.equals) > 0 || m.min != nil || m.max != nil):
			return at + " must not exist and have a value at once"
		case m.min != nil && m.max != nil && *m.min > *m.max:
			return at + ": min is above max"
		case m.maxLength >= 0 && m.minLength > m.maxLength:
			return at + ": min_length is above max_length"
		case (m.min != nil || m.max != nil) && !m.onlyScalar():
			return at + ": min and max are for numbers, the other operators for texts"
		case len(m.equals) > 0 && !m.onlyScalar() && !slices.ContainsFunc(m.equals, func(s string) bool { return strings.HasPrefix(s, "s:") }):
			return at + ": equals a number, true, false or null, and the other operators are for texts"
		case len(m.equals) > 0 && (m.min != nil || m.max != nil) && !slices.ContainsFunc(m.equals, func(s string) bool { return !strings.HasPrefix(s, "s:") }):
			return at + ": equals a text, and min and max are for numbers"
		}
	}
	return ""
}

// impossiblePlace finds conditions on parts that no message has together.
func impossiblePlace(facts []*cond) string {
	var has [len(rootWords)]bool
	tool, kinds, methods := "", names(nil), names(nil)
	direction, hinted := mcp.NoDir, false
	for _, f := range facts {
		for _, v := range f.values {
			if v.m.exists == nil || *v.m.exists {
				has[v.root] = true
			}
		}
		for _, s := range f.scopes {
			switch {
			case s.field == scopeTool && !s.names.match(""):
				tool = s.text
				if slices.ContainsFunc(facts, func(c *cond) bool { return c.without(mcp.MethodToolsCall) }) {
					return s.text + " is for tools/call, and it asks for another method"
				}
			case s.field == scopeKind:
				kinds = s.names
			case s.field == scopeMethod:
				methods = s.names
			}
		}
		hinted = hinted || len(f.hints)+len(f.schema) > 0
		if f.direction != mcp.NoDir {
			if direction == f.direction.Reverse() {
				return "it asks for both directions at once; a rule without direction looks at what goes to-server (or, with result or error, to-client)"
			}
			direction = f.direction
		}
	}
	request, result := has[rootArgs] || has[rootParams] || has[rootWrites], has[rootResult] || has[rootError]
	calls := tool != "" || len(methods) == 1 && methods[0] == nameGlob{pattern: mcp.MethodToolsCall}
	switch {
	case request && result:
		return "args, params and writes are of requests, result and error of answers; no message has both"
	case has[rootResult] && has[rootError]:
		return "an answer has a result or an error, never both"
	case result && !kinds.match("answer"):
		return "result and error are of answers, and its kind leaves them out"
	case request && len(kinds) > 0 && !kinds.match("request") && !kinds.match("notification"):
		return "args and params are of requests and notifications, and its kind leaves them out"
	case result && calls && direction == mcp.ToServer:
		return "answers of tools go to-client, and its direction is to-server"
	case direction == mcp.ToClient && (has[rootArgs] || has[rootWrites] || request && calls):
		return "args and writes are of requests, which go to-server, and its direction is to-client; ask for result instead"
	case direction == mcp.ToClient && hinted:
		return "annotations and schema hold for calls, which go to-server, and its direction is to-client"
	}
	return ""
}

// finds reports whether a value can make the condition hold, so that redact has
// something to replace.
func (c *cond) finds() bool {
	for i := range c.values {
		if e := c.values[i].m.exists; e == nil || *e {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(c.all, c.any), (*cond).finds)
}
