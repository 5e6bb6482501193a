package policy

import "strings"

// maxClasses bounds the classes of a policy.
const maxClasses = 64

// A class is a set of tools that the policy names.
type class struct {
	name    string
	pos     string
	tools   names
	servers names
	known   bool // declared; else only asked for
}

// class returns the index of a class, noted where there is none.
func (r *recall) class(name string) int {
	for i := range r.classes {
		if r.classes[i].name == name {
			return i
		}
	}
	r.classes = append(r.classes, class{name: name})
	return len(r.classes) - 1
}

// classesOf returns the classes of a tool, a bit each.
func (r *recall) classesOf(tool, server string) (out uint64) {
	for i := range r.classes {
		if c := &r.classes[i]; c.known && c.tools.match(tool) && c.servers.match(server) {
			out |= 1 << i
		}
	}
	return out
}

// A classCond asks for the class of the tool, and, if it crosses, for a tool of
// another class that was called before.
type classCond struct {
	of    uint64 // the tool is in one of these
	from  uint64 // and one of these was called: another than it is in
	cross bool
	both  bool // of and from are the same list: crossing either way
}

func (s *Session) holdsClass(c *classCond) bool {
	sub := &s.now.subject
	if sub.Tool == "" {
		return false
	}
	in := s.policy.recall.classesOf(sub.Tool, s.server)
	if in&c.of == 0 {
		return false
	}
	if !c.cross {
		return true
	}
	if c.both {
		return s.memory.touched&c.from&^in != 0
	}
	return s.memory.touched&c.from != 0
}

func (r *recall) classNames(set uint64) string {
	var out []string
	for i := range r.classes {
		if set&(1<<i) != 0 {
			out = append(out, r.classes[i].name)
		}
	}
	return strings.Join(out, " | ")
}
