package detect

import "strings"

// operations reads what the arguments say is done.
func (c *callDeed) operations() {
	method := ""
	for i := range c.members {
		m := &c.members[i]
		switch {
		case m.role == operates && c.isArgv(i):
			// A command line in pieces, which is judged as one.
		case m.role == operates && m.Text && isName(m.Value):
			if len(m.Value) > 2 {
				c.operation(nameWords(nil, m.Value))
			}
			if m.leaf == "method" || m.leaf == "httpmethod" || m.leaf == "verb" || m.leaf == "requestmethod" {
				method = strings.ToUpper(m.Value)
			}
		case m.role != speaks && m.Text && strings.HasPrefix(strings.TrimSpace(m.Value), "mutation"):
			c.operation(nameWords(nil, mutated(m.Value)))
			c.named = true
		}
	}
	if method == "DELETE" || c.verb == destroys && c.says(interfaces) {
		for i := range c.members {
			if m := &c.members[i]; m.role == addresses && m.Text && strings.IndexByte(m.Value, '/') >= 0 {
				c.resource(m.Value)
			}
		}
	}
}

// isArgv reports whether a member is one of several of a command line's words.
func (c *callDeed) isArgv(i int) bool {
	m := &c.members[i]
	return (m.leaf == "cmd" || m.leaf == "command") && (i > 0 && c.members[i-1].Path == m.Path || i+1 < len(c.members) && c.members[i+1].Path == m.Path)
}

func (c *callDeed) operation(words []string) {
	c.said = append(c.said, words...)
	var d deed
	d.do(words)
	if d.verb == noVerb || d.verb >= makes && c.verb != noVerb && c.verb < makes {
		if d.verb == noVerb && c.noun == noNoun {
			c.noun, c.what = d.object(words)
		}
		return
	}
	if d.noun == noNoun {
		d.noun, d.what = c.noun, c.what
	}
	c.named = c.named || d.noun >= holding
	c.verb, c.noun, c.what, c.emptied, c.all = d.verb, d.noun, d.what, d.emptied, c.all || d.all
}

// mutated is the first field of a GraphQL mutation.
func mutated(s string) string {
	_, s, _ = strings.Cut(s, "{")
	s, _, _ = strings.Cut(s, "(")
	if i := strings.IndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	if s = strings.TrimSpace(s); !isName(s) {
		return ""
	}
	return s
}

// resource reads what a REST interface's address stands for: its last collection.
func (c *callDeed) resource(address string) {
	if i := strings.Index(address, "://"); i >= 0 {
		_, address, _ = strings.Cut(address[i+3:], "/")
	}
	address, _, _ = strings.Cut(address, "?")
	segs := strings.Split(strings.Trim(address, "/"), "/")
	if len(segs) > 16 {
		return
	}
	if last := segs[len(segs)-1]; isEverything(last) && len(last) < 6 {
		c.all, c.named, c.noun, c.what, c.rest = true, true, max(c.noun, serving), "index", true
		return
	}
	for i := len(segs) - 1; i >= 0; i-- {
		words := nameWords(nil, segs[i])
		n, what := c.object(words)
		if n == noNoun || n != guard && !strings.HasSuffix(segs[i], "s") {
			continue
		}
		behind := segs[i+1:]
		if len(behind) > 2 || len(behind) == 2 && n != holding || c.noun > n && c.noun != noNoun {
			return
		}
		c.noun, c.what, c.rest = n, what, true
		if what == "group" && strings.Contains(address, "api/v4/") {
			c.noun, n = holding, holding
		}
		for _, s := range behind {
			c.target(s)
		}
		if len(behind) == 0 && n >= serving {
			c.all, c.named = true, true
		}
		return
	}
}
