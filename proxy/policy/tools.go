package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Bounds of what is remembered of a server's tools.
const (
	maxTools  = 4096
	maxSchema = 256 << 10 // bytes of one tool's inputSchema
)

// A tool is what a session knows of one tool, from the last tools/list that passed.
type tool struct {
	digest string
	hints  [len(hintWords)]uint8 // 0 not said, 1 false, 2 true
	schema []byte                // inputSchema as it came; nil if none or too large
	loaded bool
	valid  *jsonschema.Resolved // compiled when first asked for; nil if it can't be
}

// hintWords are the tools' annotations (MCP "Tool Annotations"), in order. They are
// the server's word: a policy may tighten by them, and should not loosen by those
// of a server that it does not trust.
var hintWords = [...]string{"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}

// The places in hintWords that the engine itself asks for.
const (
	hintReadOnly    = 0
	hintDestructive = 1
)

// hintDefaults are what the specification says of a tool that says nothing.
var hintDefaults = [...]bool{false, true, false, true}

// learnTools takes in an answer to tools/list that passed.
func (s *Session) learnTools(m *mcp.Message) {
	list := m.Find(m.Result, "tools")
	if list < 0 || m.Nodes[list].Kind != mcp.Array {
		return
	}
	if s.tools == nil {
		s.tools = map[string]*tool{}
	}
	for i := list + 1; i < int(m.Nodes[list].Next); i = int(m.Nodes[i].Next) {
		name := m.Find(i, "name")
		if name < 0 || len(s.tools) >= maxTools {
			continue
		}
		t := &tool{digest: definitionDigest(m, i)}
		for h, word := range hintWords {
			if n := m.Find(i, "annotations", word); n >= 0 {
				switch m.Nodes[n].Kind {
				case mcp.True:
					t.hints[h] = 2
				case mcp.False:
					t.hints[h] = 1
				}
			}
		}
		if n := m.Find(i, "inputSchema"); n >= 0 {
			if raw := m.Raw[m.Nodes[n].Start:m.Nodes[n].End]; len(raw) <= maxSchema {
				t.schema = slices.Clone(raw)
			}
		}
		key := strings.Clone(m.Text(name))
		s.tools[key] = t
		if s.event.Tools == nil {
			s.event.Tools = map[string]string{}
		}
		s.event.Tools[key] = t.digest
	}
}

// definitionDigest hashes a definition whatever its spelling: members in order of
// their names, without white space.
func definitionDigest(m *mcp.Message, node int) string {
	b, err := json.Marshal(plainValue(m, node))
	if err != nil { // it was JSON a moment ago
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// The states of a tool's definition against the one first seen of this server.
const (
	definitionSame    = "same"
	definitionNew     = "new"     // the server was seen before, without this tool
	definitionChanged = "changed" // it reads otherwise than when first seen
	definitionRemoved = "removed" // the list is without a tool that was seen
	definitionUnknown = "unknown" // the server, or this session's list, was never seen
	// The list has a tool whose name can be taken for another's in it.
	definitionLookalike = "lookalike"
)

var definitionWords = []string{definitionSame, definitionNew, definitionChanged, definitionRemoved, definitionUnknown, definitionLookalike}

// state compares a definition with the one that is pinned.
func (s *Session) definitionState(name, digest string) string {
	if s.pins == nil {
		return definitionUnknown
	}
	switch pin, ok := s.pins[name]; {
	case !ok:
		return definitionNew
	case pin != digest:
		return definitionChanged
	}
	return definitionSame
}

var onlyUnknown = []string{definitionUnknown}

// definitionStates are those of the tool that is called, or of all in a list.
func (s *Session) definitionStates(m *mcp.Message) []string {
	sub := &s.now.subject
	if m.Kind == mcp.Request && sub.Method == mcp.MethodToolsCall {
		if t := s.tools[sub.Tool]; t != nil {
			return []string{s.definitionState(sub.Tool, t.digest)}
		}
		return onlyUnknown
	}
	list := m.Find(m.Result, "tools")
	if sub.Method != mcp.MethodToolsList || list < 0 {
		return nil
	}
	var out []string
	if s.hasLookalikes(m, list) {
		out = append(out, definitionLookalike)
	}
	if s.pins == nil {
		return out
	}
	seen := 0
	for i := list + 1; i < int(m.Nodes[list].Next); i = int(m.Nodes[i].Next) {
		name := m.Text(m.Find(i, "name"))
		if _, ok := s.pins[name]; ok {
			seen++
		}
		if state := s.definitionState(name, definitionDigest(m, i)); !slices.Contains(out, state) {
			out = append(out, state)
		}
	}
	if seen < len(s.pins) && m.Find(m.Result, "nextCursor") < 0 && !s.paged {
		out = append(out, definitionRemoved)
	}
	return out
}

// hasLookalikes reports whether a tool of a list can be taken for another of it, of
// the pages before, or of another server: by the letters that its name resembles, or
// because two of the list have one name.
func (s *Session) hasLookalikes(m *mcp.Message, list int) bool {
	bySkeleton := map[string][]string{}
	for name := range s.tools {
		key := detect.Skeleton(name)
		bySkeleton[key] = append(bySkeleton[key], name)
	}
	here := map[string]bool{}
	for i := list + 1; i < int(m.Nodes[list].Next); i = int(m.Nodes[i].Next) {
		node := m.Find(i, "name")
		if node < 0 {
			continue
		}
		name := m.Text(node)
		key := detect.Skeleton(name)
		if here[name] || slices.ContainsFunc(bySkeleton[key], func(other string) bool { return other != name }) ||
			slices.ContainsFunc(s.others[key], func(other string) bool { return spelled(other) != spelled(name) }) {
			return true
		}
		bySkeleton[key], here[name] = append(bySkeleton[key], name), true
	}
	return false
}

// skeletons are names by what the eye keeps of them.
func skeletons(names []string) map[string][]string {
	if len(names) == 0 {
		return nil
	}
	out := map[string][]string{}
	for _, name := range names {
		key := detect.Skeleton(name)
		out[key] = append(out[key], name)
	}
	return out
}

// spelled is a name without what servers differ in harmlessly: two may well have a
// read_file and a readFile.
func spelled(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' || r == '/' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// hint returns an annotation of the tool being called, or the specification's
// default if its definition doesn't say.
func (s *Session) hint(h int) bool {
	if t := s.tools[s.now.subject.Tool]; t != nil && t.hints[h] != 0 {
		return t.hints[h] == 2
	}
	return hintDefaults[h]
}

// The outcomes of holding arguments against the tool's own inputSchema.
const (
	schemaUnknown = "unknown" // the tool wasn't listed, or its schema can't be used
	schemaValid   = "valid"
	schemaInvalid = "invalid"
)

var schemaWords = []string{schemaValid, schemaInvalid, schemaUnknown}

// schemaState validates the current call's arguments.
func (s *Session) schemaState(m *mcp.Message) string {
	t := s.tools[s.now.subject.Tool]
	if t == nil || t.schema == nil {
		return schemaUnknown
	}
	if !t.loaded {
		t.loaded, t.valid = true, compileSchema(t.schema)
	}
	if t.valid == nil {
		return schemaUnknown
	}
	args := plainValue(m, s.now.call.Arguments)
	if args == nil {
		args = map[string]any{}
	}
	if t.valid.Validate(args) != nil {
		return schemaInvalid
	}
	return schemaValid
}

// compileSchema reads a tool's inputSchema (JSON Schema 2020-12, MCP "Tools"). A
// reference out of the schema is never followed: such a schema can't be used.
func compileSchema(raw []byte) *jsonschema.Resolved {
	var schema jsonschema.Schema
	if json.Unmarshal(raw, &schema) != nil {
		return nil
	}
	resolved, err := schema.Resolve(&jsonschema.ResolveOptions{BaseURI: "tool:///inputSchema"})
	if err != nil {
		return nil
	}
	return resolved
}

// plainValue decodes a node for CEL; nil if there is none.
func plainValue(m *mcp.Message, n int) any {
	if n < 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(m.Raw[m.Nodes[n].Start:m.Nodes[n].End], &v); err != nil {
		return nil
	}
	return v
}
