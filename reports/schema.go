package reports

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// Schema returns the JSON Schema (2020-12) of what is saved as a T: a Report, or a
// Result, Coverage, Scores or MutantReport of replay. The same binary gives the same
// bytes.
func Schema[T any]() []byte {
	t := reflect.TypeFor[T]()
	m := modeller{defs: map[string]any{}}
	about := saved[t]
	s := m.object(t)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = "urn:rulewind:" + about.name
	s["title"] = about.title
	s["properties"].(map[string]any)["version"] = map[string]any{"const": about.version, "description": "Of the form described here."}
	s["$defs"] = m.defs
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil { // maps, lists and texts only
		panic(err)
	}
	return append(b, '\n')
}

// saved are the types that commands save, with their versions.
var saved = map[reflect.Type]struct {
	name, title string
	version     any
}{
	reflect.TypeFor[Report]():              {"report:1", "A report of recorded sessions", Version},
	reflect.TypeFor[replay.Result]():       {"replay:1", "The result of a replay", replay.Version},
	reflect.TypeFor[replay.Coverage]():     {"coverage:1", "What recordings exercise of a policy", replay.CoverageVersion},
	reflect.TypeFor[replay.Scores]():       {"score:1", "How a policy does on labelled traffic", replay.ScoreVersion},
	reflect.TypeFor[replay.MutantReport](): {"mutants:1", "Which changes of a policy the cases notice", replay.MutantsVersion},
}

// wordsOf are the types whose values are a few words.
var wordsOf = map[reflect.Type][]string{
	reflect.TypeFor[replay.Class]():     texts(replay.Classes()...),
	reflect.TypeFor[replay.Direction](): {string(replay.Loosening), string(replay.Tightening), string(replay.Neutral), string(replay.Unknown)},
	reflect.TypeFor[replay.Status]():    texts(replay.Incomplete, replay.Failed, replay.Passed),
	reflect.TypeFor[replay.Mode]():      texts(replay.Observed, replay.Causal, replay.Both),
	reflect.TypeFor[policy.Action]():    texts(policy.Allow, policy.Log, policy.Redact, policy.Ask, policy.Deny),
	reflect.TypeFor[mcp.Dir]():          texts(mcp.NoDir, mcp.ToServer, mcp.ToClient),
}

func texts[T interface{ String() string }](values ...T) (out []string) {
	for _, v := range values {
		out = append(out, v.String())
	}
	return out
}

// A modeller makes schemas of types, those of structs once each.
type modeller struct{ defs map[string]any }

func (m *modeller) schema(t reflect.Type) map[string]any {
	if words, ok := wordsOf[t]; ok {
		return map[string]any{"enum": words}
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Pointer:
		return m.schema(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": m.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": m.schema(t.Elem())}
	case reflect.Struct:
		name := strings.ReplaceAll(t.String(), ".", "_")
		if m.defs[name] == nil {
			m.defs[name] = true // while its members are looked at
			m.defs[name] = m.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	return map[string]any{"type": "integer"}
}

// object is the schema of a struct: nothing but its members, those that can't be
// left out required.
func (m *modeller) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	m.members(t, properties, &required)
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func (m *modeller) members(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			m.members(f.Type, properties, required)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		p := m.schema(f.Type)
		if about := schemaDocs[t.String()+"."+name]; about != "" {
			p["description"] = about
		}
		properties[name] = p
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			*required = append(*required, name)
		}
	}
}
