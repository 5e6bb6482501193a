package replay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A groupKey is what the changes of a group have in common.
type groupKey struct {
	Class  Class  `json:"class"`
	From   Side   `json:"from"`
	To     Side   `json:"to"`
	Dir    string `json:"dir"`
	Kind   string `json:"kind"`
	Server string `json:"server"`
	Method string `json:"method"`
	Tool   string `json:"tool"`
	Shape  string `json:"shape"`
}

// noSide stands for a baseline that there is none of.
var noSide = Side{Rule: "none"}

func sideOf(e *policy.Event) Side {
	if e == nil {
		return noSide
	}
	v := &e.Verdict
	return Side{v.Action, v.Rule, v.Pos, v.Code}
}

// keyOf returns the key of a change; its strings live as long as the events.
func (j *judge) keyOf(c *corpus.Case, st *corpus.Step, class Class, b, e *policy.Event) groupKey {
	sub := &e.Subject
	if b != nil && b.Subject.Call >= 0 {
		sub = &b.Subject // the candidate may not know the answer's call
	}
	k := groupKey{
		Class: class, From: sideOf(b), To: sideOf(e),
		Dir: st.Frame.Dir.String(), Kind: sub.Kind, Server: sub.Server, Method: sub.Method, Tool: sub.Tool,
	}
	if k.Server == "" {
		k.Server = c.Server
	}
	secrets := e.FindSecrets(st.Frame)
	if m, err := j.dec.Decode(st.Frame.Raw); err == nil {
		k.Shape = shapeOf(m, secrets)
	}
	k.Tool = nameOf(st.Frame.Raw, k.Tool, secrets)
	return k
}

// nameOf returns a tool's name, or what stands for one that holds or is a part of a
// detected secret.
func nameOf(raw []byte, name string, secrets []policy.SecretSpan) string {
	for _, s := range secrets {
		for _, form := range forms(string(raw[s.Start:s.End])) {
			if name != "" && (strings.Contains(name, form) || strings.Contains(form, name)) {
				return hidden
			}
		}
	}
	return name
}

// clone returns the key with strings of its own.
func (k groupKey) clone() groupKey {
	for _, s := range []*string{&k.Server, &k.Method, &k.Tool} {
		*s = strings.Clone(*s)
	}
	return k
}

// id is the group's name in every run over any corpus.
func (k *groupKey) id() string {
	h := sha256.New()
	for _, s := range []string{
		k.Class.String(), k.From.Action.String(), k.From.Rule, k.To.Action.String(), k.To.Rule, k.From.Code, k.To.Code,
		k.Dir, k.Kind, k.Server, k.Method, k.Tool, k.Shape,
	} {
		h.Write(strconv.AppendInt(nil, int64(len(s)), 10))
		h.Write([]byte{':'})
		h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Bounds of a shape.
const (
	maxShapePaths   = 40
	maxShapeMembers = 24 // an object with more is a map: its names say nothing
	maxShapeDepth   = 6
)

// shapeOf returns the sorted member paths of what a message is about, with types:
// the arguments of a call, else params, the result or the error.
func shapeOf(m *mcp.Message, secrets []policy.SecretSpan) string {
	root := m.Call().Arguments
	for _, n := range []int{m.Params, m.Result, m.Error} {
		if root < 0 {
			root = n
		}
	}
	if root < 0 {
		return ""
	}
	s := shaper{m: m, secrets: secrets, seen: map[string]bool{}}
	s.walk(root, "", 0)
	paths := make([]string, 0, len(s.seen))
	for p := range s.seen {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	if len(paths) > maxShapePaths {
		paths = append(paths[:maxShapePaths], otherNames)
	}
	return strings.Join(paths, " ")
}

type shaper struct {
	m       *mcp.Message
	secrets []policy.SecretSpan
	seen    map[string]bool
}

var kindNames = [...]string{mcp.Null: "null", mcp.False: "boolean", mcp.True: "boolean", mcp.Number: "number",
	mcp.String: "string", mcp.Array: "array", mcp.Object: "object"}

func (s *shaper) walk(i int, path string, depth int) {
	n := &s.m.Nodes[i]
	if int(n.Next) == i+1 || depth >= maxShapeDepth {
		s.seen[path+":"+kindNames[n.Kind]] = true
		return
	}
	members := 0
	for c := i + 1; c < int(n.Next); c = int(s.m.Nodes[c].Next) {
		members++
	}
	for c := i + 1; c < int(n.Next); c = int(s.m.Nodes[c].Next) {
		switch {
		case n.Kind == mcp.Array:
			s.walk(c, path+"[]", depth+1)
		case members > maxShapeMembers:
			s.walk(c, join(path, "*"), depth+1)
		default:
			s.walk(c, join(path, s.name(c)), depth+1)
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (s *shaper) name(i int) string {
	n := &s.m.Nodes[i]
	for _, x := range s.secrets {
		if x.Start < int(n.NameEnd) && x.End > int(n.NameStart) {
			return hidden
		}
	}
	return strings.Clone(s.m.Name(i))
}

// masked returns a copy of raw with the spans starred out.
func masked(raw []byte, spans ...[]policy.SecretSpan) []byte {
	out := bytes.Clone(raw)
	for _, list := range spans {
		for _, x := range list {
			for i := max(x.Start, 0); i < min(x.End, len(out)); i++ {
				out[i] = '*'
			}
		}
	}
	return out
}
