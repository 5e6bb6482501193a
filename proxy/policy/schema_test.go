package policy_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/policy"
)

func compiledSchema(t testing.TB) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(policy.Schema(), &s); err != nil {
		t.Fatalf("the schema is none: %v", err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatalf("resolving the schema: %v", err)
	}
	return r
}

// validate checks YAML against the schema, as an editor would.
func validate(t testing.TB, s *jsonschema.Resolved, source []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(source, &v); err != nil {
		t.Fatalf("not YAML: %v", err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemaAcceptsEmbeddedPolicies(t *testing.T) {
	s := compiledSchema(t)
	for _, name := range policy.EmbeddedNames() {
		source, _ := policy.Embedded(name)
		if err := validate(t, s, source); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaAcceptsWhatLoads(t *testing.T) {
	s := compiledSchema(t)
	for _, source := range []string{
		"default: ask\nextends: strict\nname: x\ndescription: y\nrefusal_codes: legacy\nrules:",
		"rules: [{id: a, action: log, method: x/y, kind: [request, '!answer'], tool: ['*', '!x'], era: 2025-*, client: 1, transport: http}]",
		"rules: [{id: a, action: redact, replacement: gone, severity: info, tags: x, text: {secrets: [aws*, '!*-token'], regex: [a, b]}}]",
		"rules: [{id: a, action: deny, refuse_as: result, args: {p: x, q: [x, y], r: {equals: null}, s: {in: [1, true, x]}, '**.t': {exists: false}}}]",
		"rules: [{id: a, action: deny, args: {p: {under: '${PROJECT_DIR}/a', not_under: [~/b, /c, 'C:\\d'], min_length: 1, max_length: 9}, n: {min: -1.5, max: 2}}}]",
		"rules: [{id: a, action: deny, args: {u: {host: '*.x', cidr: [10.0.0.0/8, '::1/128']}}, annotations: {readOnlyHint: false}, schema: [valid, unknown], definition: [changed], when: 'true'}]",
		"rules: [{id: a, action: ask, limit: {calls: 3, per: 1h30m, by: [tool, args.path]}, all: {tool: x}, any: [{tool: y}], not: {tool: z}}]",
		"rules: [{id: a, action: deny, text: {injection: low, hidden: true, pii: {sensitivity: high}, paths: {kinds: '*'}}, error: {message: x}}]",
		"tests: [{name: n, call: {tool: a, args: {x: [1]}}, want: deny, rule: default, server: s}, {message: '{}', direction: to-client, want: deny}, {call: {method: m, params: {}}, answer: {content: []}, want: allow}]",
	} {
		load(t, source)
		if err := validate(t, s, []byte("version: 1\n"+source)); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestSchemaRefusesWhatDoesNotLoad(t *testing.T) {
	s := compiledSchema(t)
	for _, source := range []string{
		"rules: []",
		"version: 2",
		"version: 1\nrule: []",
		"version: 1\ndefault: redact",
		"version: 1\nrules: {}",
		"version: 1\nrules: [{action: deny}]",
		"version: 1\nrules: [{id: a}]",
		"version: 1\nrules: [{id: default, action: deny}]",
		"version: 1\nrules: [{id: 'a b', action: deny}]",
		"version: 1\nrules: [{id: a, action: block}]",
		"version: 1\nrules: [{id: a, action: deny, tols: x}]",
		"version: 1\nrules: [{id: a, action: deny, tool: []}]",
		"version: 1\nrules: [{id: a, action: deny, tool: ''}]",
		"version: 1\nrules: [{id: a, action: deny, kind: response}]",
		"version: 1\nrules: [{id: a, action: deny, direction: out}]",
		"version: 1\nrules: [{id: a, action: deny, replacement: x}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {}}}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {matches: x}}}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {under: src}}}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {secrets: false}}}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {secrets: [no-such-kind]}}}]",
		"version: 1\nrules: [{id: a, action: deny, args: {p: {cidr: 10.0.0.1}}}]",
		"version: 1\nrules: [{id: a, action: deny, annotations: {readOnly: true}}]",
		"version: 1\nrules: [{id: a, action: deny, schema: bad}]",
		"version: 1\nrules: [{id: a, action: deny, definition: other}]",
		"version: 1\nrules: [{id: a, action: deny, limit: {calls: 5}}]",
		"version: 1\nrules: [{id: a, action: deny, limit: {calls: 5, per: 5}}]",
		"version: 1\nrules: [{id: a, action: deny, limit: {calls: 5, per: 5s, by: arg}}]",
		"version: 1\ntests: [{call: {tool: x}}]",
		"version: 1\ntests: [{want: deny}]",
		"version: 1\ntests: [{call: {tool: x}, want: log}]",
	} {
		if _, err := policy.Load("x.yaml", []byte(source), nil); err == nil {
			t.Errorf("%q loads", source)
		}
		if err := validate(t, s, []byte(source)); err == nil {
			t.Errorf("the schema accepts %q", source)
		}
	}
}

// TestSchemaHasTheLoadersKeys finds keys that only one of the two knows.
func TestSchemaHasTheLoadersKeys(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(policy.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	at := func(v map[string]any, path ...string) map[string]any {
		for _, p := range path {
			next, ok := v[p].(map[string]any)
			if !ok {
				t.Fatalf("the schema has no %s", strings.Join(path, "."))
			}
			v = next
		}
		return v
	}
	operators := at(root, "$defs", "matcher")["anyOf"].([]any)[1].(map[string]any)
	places := map[string]map[string]any{
		"": root, "rule": at(root, "$defs", "rule"), "condition": at(root, "$defs", "condition"), "matcher": operators,
		"limit": at(root, "$defs", "limit"), "test": at(root, "$defs", "test"),
		"step": at(root, "$defs", "step"), "top-limit": at(root, "$defs", "top-limit"), "class": at(root, "$defs", "class"),
		"call":        at(root, "$defs", "test", "properties", "call"),
		"annotations": at(root, "$defs", "condition", "properties", "annotations"),
	}
	for name, known := range policy.KnownKeys() {
		object := places[name]
		if object["additionalProperties"] != false {
			t.Errorf("%q lets unknown keys pass", name)
		}
		got := slices.Sorted(maps.Keys(object["properties"].(map[string]any)))
		if diff := cmp.Diff(slices.Sorted(slices.Values(known)), got); diff != "" {
			t.Errorf("keys of %q (-loader +schema):\n%s", name, diff)
		}
		for key, p := range object["properties"].(map[string]any) {
			if d, _ := p.(map[string]any)["description"].(string); d == "" {
				t.Errorf("%q: the key %s has no description", name, key)
			}
		}
	}
}

func TestSchemaIsDeterministic(t *testing.T) {
	if !bytes.Equal(policy.Schema(), policy.Schema()) {
		t.Error("two calls give different bytes")
	}
}
