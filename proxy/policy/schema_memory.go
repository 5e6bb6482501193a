package policy

// stateProperties adds the conditions on memory.
func stateProperties(p schema) {
	entry := object(schemaDocs["after.entry"], schema{
		"label":  described(labelText(), "after.label"),
		"within": duration("within"),
		"times":  schema{"type": "integer", "minimum": 1, "maximum": maxTimes, "description": schemaDocs["times"]},
		"scope":  enum("scope", labelScopes...),
	})
	entry["required"] = []string{"label"}
	p["after"] = oneOrMore(schema{"anyOf": []schema{labelText(), entry}}, "after")
	order := schema{"type": "array", "items": labelText(), "minItems": 2}
	detailed := object("Labels in order, and how long ago the first may be.", schema{
		"labels": described(order, "sequence.labels"), "within": duration("within"),
	})
	detailed["required"] = []string{"labels"}
	p["sequence"] = schema{"anyOf": []schema{order, detailed}, "description": schemaDocs["sequence"]}
	p["carries"] = carriesSchema()
	p["class"] = oneOrMore(plainText(), "class")
	way := object("One way only.", schema{"from": oneOrMore(plainText(), "from"), "to": oneOrMore(plainText(), "to")})
	way["required"] = crossesKeys
	p["crosses"] = schema{"anyOf": []schema{{"type": "array", "items": plainText(), "minItems": 2}, way}, "description": schemaDocs["crosses"]}
}

func rememberSchema() schema {
	detailed := object("Some values only.", schema{
		"as":     described(labelText(), "remember.as"),
		"args":   oneOrMore(plainText(), "remember.args"),
		"result": oneOrMore(plainText(), "remember.result"),
	})
	detailed["required"] = []string{"as"}
	return schema{"anyOf": []schema{labelText(), detailed}, "description": schemaDocs["remember"]}
}

func cacheSchema() schema {
	s := object(schemaDocs["cache"], schema{"ttl": duration("ttl")})
	s["required"] = cacheKeys
	return s
}

func carriesSchema() schema {
	detailed := object("How long the run is, and where.", schema{
		"from": oneOrMore(labelText(), "carries.from"),
		"min":  schema{"type": "integer", "minimum": leastToken, "description": schemaDocs["carries.min"]},
		"args": oneOrMore(plainText(), "carries.args"),
	})
	detailed["required"] = []string{"from"}
	return schema{"anyOf": []schema{oneOrMore(labelText(), ""), detailed}, "description": schemaDocs["carries"]}
}

func classSchema() schema {
	s := object("Tools that are in the class: of these names, on these servers.", schema{
		"tools": described(ref("names"), "class.tools"), "servers": described(ref("names"), "class.servers"),
	})
	s["minProperties"] = 1
	return s
}

func ruleName() schema {
	return schema{"type": []string{"string", "number", "boolean"}, "pattern": ruleID.String(), "not": schema{"const": "default"}, "description": schemaDocs["id"]}
}

func labelText() schema {
	return schema{"type": []string{"string", "number", "boolean"}, "pattern": ruleID.String()}
}

func limitProperties() schema {
	key := schema{"anyOf": []schema{{"enum": limitWords}, {"type": "string", "pattern": `^args\..`}}}
	calls := whole("calls")
	calls["maximum"] = maxLimitCalls
	return schema{
		"calls": calls,
		"bytes": schema{"anyOf": []schema{{"type": "integer", "minimum": 1}, {"type": "string", "pattern": `^[0-9]+ *([KMG]i?B)?$`}}, "description": schemaDocs["bytes"]},
		"time":  duration("time"),
		"per":   duration("per"),
		"by":    oneOrMore(key, "by"),
	}
}

func limitSchema() schema {
	s := object(schemaDocs["limit"], limitProperties())
	s["required"] = []string{"per"}
	return s
}

func topLimitSchema() schema {
	p := limitProperties()
	p["id"] = ruleName()
	p["description"] = described(plainText(), "description")
	p["action"] = enum("limits.action", "deny", "ask")
	p["message"] = described(plainText(), "message")
	p["severity"] = enum("severity", severities...)
	p["refuse_as"] = enum("refuse_as", "error", "result")
	for _, key := range topLimitScope {
		p[key] = described(ref("names"), key)
	}
	s := object("A limit on calls that stands before all rules.", p)
	s["required"] = []string{"id", "per"}
	return s
}

func callSchema() schema {
	anything := schema{}
	return object(schemaDocs["call"], schema{
		"tool":   described(plainText(), "call.tool"),
		"args":   described(anything, "call.args"),
		"method": described(plainText(), "call.method"),
		"params": described(anything, "call.params"),
	})
}

func testSchema() schema {
	p := stepProperties()
	p["name"] = described(plainText(), "test.name")
	p["server"] = described(plainText(), "test.server")
	p["caller"] = described(plainText(), "test.caller")
	p["steps"] = schema{"type": "array", "minItems": 1, "items": ref("step"), "description": schemaDocs["steps"]}
	delete(p, "wait")
	s := object("An example and the verdict wanted; `rulewind policy test` runs it.", p)
	s["anyOf"] = []schema{{"required": []string{"call", "want"}}, {"required": []string{"message", "want"}}, {"required": []string{"steps"}}}
	return s
}

func stepSchema() schema {
	s := object("A message of a test, and the verdict wanted on it.", stepProperties())
	s["anyOf"] = []schema{{"required": []string{"call"}}, {"required": []string{"message"}}, {"required": []string{"answer"}}}
	return s
}

func stepProperties() schema {
	return schema{
		"call":      callSchema(),
		"message":   described(plainText(), "message.raw"),
		"direction": enum("test.direction", "to-server", "to-client"),
		"answer":    described(schema{}, "answer"),
		"want":      enum("want", "allow", "redact", "ask", "deny"),
		"rule":      described(plainText(), "rule"),
		"wait":      duration("wait"),
		"repeat":    described(schema{"type": "integer", "minimum": 2, "maximum": maxRepeat}, "repeat"),
	}
}
