package policy

import (
	"encoding/json"
	"slices"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Schema returns the JSON Schema (2020-12) of policy files, for editors: what Load
// reads, it accepts, but for numbers and truths in quotes. It says nothing of what
// only Load can know, such as whether a regex compiles or an id stands twice. The
// same binary gives the same bytes.
func Schema() []byte {
	b, err := json.MarshalIndent(policySchema(), "", "  ")
	if err != nil { // maps, lists and texts only
		panic(err)
	}
	return append(b, '\n')
}

// schema is a JSON Schema in the making.
type schema = map[string]any

func policySchema() schema {
	s := object("A policy of Rulewind: the first rule that matches a message decides.", schema{
		"version":           schema{"const": 1, "description": schemaDocs["version"]},
		"name":              described(plainText(), "name"),
		"description":       described(plainText(), "description"),
		"extends":           oneOrMore(schema{"type": "string", "minLength": 1, "examples": EmbeddedNames()}, "extends"),
		"default":           enum("default", "allow", "ask", "deny"),
		"canaries":          oneOrMore(schema{"type": "string", "minLength": shortestCanary}, "canaries"),
		"refusal_codes":     enum("refusal_codes", "standard", "legacy"),
		"bounds":            described(ref("bounds"), "bounds"),
		"callers":           described(ref("callers"), "callers"),
		"listed_tools_only": schema{"type": "boolean", "description": schemaDocs["listed_tools_only"]},
		"classes":           schema{"type": "object", "additionalProperties": ref("class"), "propertyNames": schema{"pattern": ruleID.String()}, "description": schemaDocs["classes"]},
		"limits":            schema{"type": []string{"array", "null"}, "items": ref("top-limit"), "description": schemaDocs["limits"]},
		"rules":             schema{"type": []string{"array", "null"}, "items": ref("rule"), "description": schemaDocs["rules"]},
		"tests":             oneOrMore(ref("test"), "tests"),
	})
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = "urn:rulewind:policy:1"
	s["title"] = "Rulewind policy"
	s["required"] = []string{"version"}
	s["$defs"] = definitions()
	return s
}

func definitions() schema {
	defs := schema{
		"rule":      ruleSchema(),
		"condition": object("Conditions that must all hold.", conditionProperties()),
		"matcher":   matcherSchema(),
		"limit":     limitSchema(),
		"top-limit": topLimitSchema(),
		"class":     classSchema(),
		"test":      testSchema(),
		"ask":       askSchema(),
		"bounds":    boundsSchema(),
		"callers":   callersSchema(),
		"step":      stepSchema(),
		"values": schema{
			"type": "object", "additionalProperties": ref("matcher"),
			"propertyNames": schema{"minLength": 1},
		},
		"globs": oneOrMore(plainText(), ""),
		"names": oneOrMore(schema{"type": []string{"string", "number", "boolean"}, "not": schema{"enum": []string{"", "!"}}}, ""),
	}
	for _, name := range detect.Names {
		family, _ := detect.ParseSet(name)
		defs["detector-"+name] = detectorSchema(family)
	}
	return defs
}

func ruleSchema() schema {
	p := conditionProperties()
	p["id"] = ruleName()
	p["description"] = described(plainText(), "description")
	p["action"] = enum("action", actionNames[:]...)
	p["message"] = described(plainText(), "message")
	p["severity"] = enum("severity", severities...)
	p["tags"] = oneOrMore(plainText(), "tags")
	p["limit"] = described(ref("limit"), "limit")
	p["ask"] = described(ref("ask"), "ask")
	p["labels"] = oneOrMore(labelText(), "labels")
	p["remember"] = rememberSchema()
	p["cache"] = cacheSchema()
	p["replacement"] = described(plainText(), "replacement")
	p["refuse_as"] = enum("refuse_as", "error", "result")
	s := object("A rule: what it asks of a message, and what to do if all of it holds.", p)
	s["required"] = []string{"id", "action"}
	s["if"] = schema{"required": []string{"replacement"}}
	s["then"] = schema{"properties": schema{"action": schema{"const": "redact"}}}
	return s
}

func conditionProperties() schema {
	p := schema{
		"direction":   enum("direction", "to-server", "to-client", "any"),
		"method":      schema{"anyOf": []schema{oneOrMore(schema{"enum": mcp.MethodNames()}, ""), ref("names")}, "description": schemaDocs["method"]},
		"kind":        oneOrMore(schema{"enum": withNegatives(kindWords)}, "kind"),
		"schema":      oneOrMore(schema{"enum": schemaWords}, "schema"),
		"lacks_scope": oneOrMore(plainText(), "lacks_scope"),
		"definition":  oneOrMore(schema{"enum": definitionWords}, "definition"),
		"when":        described(plainText(), "when"),
		"text":        described(ref("matcher"), "text"),
		"writes":      described(ref("detector-writes"), "writes"),
		"not":         described(ref("condition"), "not"),
		"all":         oneOrMore(ref("condition"), "all"),
		"any":         oneOrMore(ref("condition"), "any"),
	}
	for _, key := range []string{"tool", "server", "client", "era", "transport", "caller"} {
		p[key] = described(ref("names"), key)
	}
	for _, key := range []string{"args", "params", "result", "error"} {
		p[key] = described(ref("values"), key)
	}
	hints := schema{}
	for _, h := range hintWords {
		hints[h] = schema{"type": "boolean", "description": schemaDocs[h]}
	}
	p["annotations"] = object(schemaDocs["annotations"], hints)
	stateProperties(p)
	return p
}

func withNegatives(words []string) []string {
	out := slices.Clone(words)
	for _, w := range words {
		out = append(out, "!"+w)
	}
	return out
}

func matcherSchema() schema {
	scalar := schema{"type": []string{"string", "number", "boolean", "null"}}
	p := schema{
		"exists":     schema{"type": "boolean", "description": schemaDocs["exists"]},
		"equals":     oneOrMore(scalar, "equals"),
		"in":         oneOrMore(scalar, "in"),
		"glob":       described(ref("globs"), "glob"),
		"regex":      oneOrMore(plainText(), "regex"),
		"under":      oneOrMore(folder(), "under"),
		"not_under":  oneOrMore(folder(), "not_under"),
		"min":        schema{"type": "number", "description": schemaDocs["min"]},
		"max":        schema{"type": "number", "description": schemaDocs["max"]},
		"min_length": whole("min_length"),
		"max_length": whole("max_length"),
		"host":       described(ref("globs"), "host"),
		"canary":     schema{"const": true, "description": schemaDocs["canary"]},
		"cidr":       oneOrMore(schema{"type": "string", "pattern": "^[0-9A-Fa-f.:]+/[0-9]+$"}, "cidr"),
	}
	for _, name := range textDetectors {
		p[name] = described(ref("detector-"+name), name)
	}
	operators := object("Operators that must all hold for one value.", p)
	operators["minProperties"] = 1
	return schema{"anyOf": []schema{ref("globs"), operators}, "description": schemaDocs["matcher"]}
}

func folder() schema {
	return schema{"type": "string", "pattern": `^(/|~|\$\{(HOME|CWD|PROJECT_DIR)\}|[A-Za-z]:[\\/])`}
}

// detectorSchema lets editors offer the kinds of a family; a glob may stand for
// several, and a ! in front takes them out.
func detectorSchema(family detect.Set) schema {
	words := []string{"low", "medium", "high"}
	kind := schema{"anyOf": []schema{{"enum": detect.Kinds(family)}, {"type": "string", "pattern": `[*?]|^!`}}}
	detailed := object("Kinds and sensitivity together.", schema{
		"kinds":       oneOrMore(kind, "kinds"),
		"sensitivity": enum("sensitivity", words...),
	})
	return schema{"anyOf": []schema{
		{"const": true}, {"enum": words, "description": schemaDocs["sensitivity"]}, oneOrMore(kind, ""), detailed,
	}}
}

// durationPattern is what time.ParseDuration reads, without a sign.
const durationPattern = `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`

func duration(key string) schema {
	return schema{"type": "string", "pattern": durationPattern, "description": schemaDocs[key]}
}

func askSchema() schema {
	return object(schemaDocs["ask"], schema{
		"via":     oneOrMore(schema{"enum": AskChannels}, "via"),
		"timeout": duration("ask.timeout"),
	})
}

func boundsSchema() schema {
	p := schema{"timeout": duration("bounds.timeout")}
	for _, key := range boundKeys {
		switch key {
		case "timeout":
		case "message", "answer":
			p[key] = schema{"type": []string{"string", "integer"}, "pattern": `^[0-9]+ *([KMG]i?B)?$`, "description": schemaDocs["bounds."+key]}
		default:
			p[key] = schema{"type": "integer", "minimum": 1, "description": schemaDocs["bounds."+key]}
		}
	}
	return object(schemaDocs["bounds"], p)
}

func callersSchema() schema {
	one := object(schemaDocs["callers.list"], schema{
		"name":          described(plainText(), "callers.name"),
		"secret_sha256": schema{"type": "string", "pattern": "^[0-9A-Fa-f]{64}$", "description": schemaDocs["secret_sha256"]},
		"secret_env":    described(plainText(), "secret_env"),
		"scopes":        oneOrMore(plainText(), "scopes"),
	})
	one["required"] = []string{"name"}
	s := object(schemaDocs["callers"], schema{
		"anonymous": enum("anonymous", "allow", "deny"),
		"list":      oneOrMore(one, "callers.list"),
	})
	s["required"] = []string{"list"}
	return s
}

func object(description string, properties schema) schema {
	return schema{"type": "object", "description": description, "properties": properties, "additionalProperties": false}
}

func ref(name string) schema { return schema{"$ref": "#/$defs/" + name} }

// plainText is what YAML reads as one value: 5 and true are texts too where a text is
// wanted.
func plainText() schema { return schema{"type": []string{"string", "number", "boolean"}} }

func whole(key string) schema {
	return schema{"type": "integer", "minimum": 0, "description": schemaDocs[key]}
}

func enum(key string, words ...string) schema {
	return schema{"enum": words, "description": schemaDocs[key]}
}

// described returns s with the description of a key.
func described(s schema, key string) schema {
	out := schema{"description": schemaDocs[key]}
	for k, v := range s {
		if k != "description" {
			out[k] = v
		}
	}
	return out
}

// oneOrMore is one item or a list of them that isn't empty.
func oneOrMore(item schema, key string) schema {
	s := schema{"anyOf": []schema{item, {"type": "array", "items": item, "minItems": 1}}}
	if key != "" {
		s["description"] = schemaDocs[key]
	}
	return s
}
