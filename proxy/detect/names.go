package detect

import "strings"

// names is what the name of a member and that of its tool say about the texts
// under them. Few of them occur in a session and each stands over many texts, so
// the scratch memory of Find keeps what it learnt.
type names struct {
	tool, name string
	folded     string // name by foldName
	role       role   // of an argument
	writer     bool   // the tool changes files
	deletes    bool   // the tool deletes files
	store      bool   // the tool is of a store that dumps its values into files
	mount      bool   // the member is a container's mount
	code       bool   // the member is a program's text
	sql        sqlName
	program    string // that the tool is named after, if the member is the rest of its command line
}

// learn fills n from the names of a tool and a member.
func (n *names) learn(tool, name string) {
	folded := foldName(name)
	*n = names{
		tool: tool, name: name, folded: folded,
		role:    roleByNames(tool, folded),
		writer:  isWriterTool(tool),
		deletes: isDeletingTool(tool),
		mount:   isMount(folded),
		store:   isStoreTool(tool),
		code:    isCodeName(tool, folded),
		sql:     sqlByNames(tool, folded),
	}
	if n.role == roleCommand {
		n.program = programOfTool(tool)
	}
}

// learnt is a small cache of names.
type learnt [32]names

// maxLearnt is the length of the longest pair of names that is kept.
const maxLearnt = 128

// of returns what is known about a pair of names, nil for long ones. It keeps
// copies: a name is a part of a message, which must not live on.
func (l *learnt) of(tool, name string) *names {
	if len(tool)+len(name) > maxLearnt {
		return nil
	}
	h := uint32(len(tool))
	for i := 0; i < len(name); i++ {
		h = h*31 + uint32(name[i])
	}
	for i := 0; i < len(tool); i++ {
		h = h*31 + uint32(tool[i])
	}
	n := &l[h*0x9e3779b1>>27]
	if n.name != name || n.tool != tool || n.role == roleUnknown {
		n.learn(strings.Clone(tool), strings.Clone(name))
	}
	return n
}

// named returns what the names around v's text say.
func (v *View) named() *names {
	if v.names == nil {
		v.names = new(names)
		v.names.learn(v.Of.Tool, v.Of.Name)
	}
	return v.names
}

// hasPrefixFold reports whether s begins with word, which is in lower case, in any
// case of ASCII.
func hasPrefixFold(s, word string) bool {
	if len(s) < len(word) {
		return false
	}
	for i := 0; i < len(word); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
