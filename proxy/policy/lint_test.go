package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/policy"
)

// lintWords gives the warnings that are no notes as "rule code".
func lintWords(p *policy.Policy) (out []string) {
	for _, w := range p.Lint() {
		if !w.Note {
			out = append(out, strings.TrimSpace(w.Rule+" "+w.Code))
		}
	}
	return out
}

// A lintVector is a policy and the warnings wanted, as "rule code".
type lintVector struct {
	name, policy string
	want         []string
}

// warns needs a stricter default in vectors that are not about it.
func warns(name, rules string, want ...string) lintVector {
	return lintVector{name, "default: deny\nrules:\n" + rules, want}
}

func quiet(name, rules string) lintVector { return warns(name, rules) }

func (v lintVector) run(t *testing.T) {
	t.Run(v.name, func(t *testing.T) {
		t.Helper()
		if diff := cmp.Diff(v.want, lintWords(load(t, v.policy))); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	})
}

func TestLintUnreachable(t *testing.T) {
	for _, v := range []lintVector{
		warns("the same scope", `
  - {id: a, tool: read_file, action: ask}
  - {id: b, tool: read_file, text: {secrets: true}, action: deny}`, "b unreachable"),
		warns("a wider glob", `
  - {id: a, tool: "read*", action: deny}
  - {id: b, tool: ["read_file", "readlink"], action: allow}`, "b unreachable"),
		warns("tools are of tools/call", `
  - {id: a, method: tools/call, action: deny}
  - {id: b, tool: x, action: allow}`, "b unreachable"),
		warns("identical conditions", `
  - {id: a, args: {path: {under: /srv}}, action: deny}
  - {id: b, tool: x, args: {path: {under: /srv}}, action: ask}`, "b unreachable"),
		warns("fewer alternatives", `
  - {id: a, args: {q: {regex: ["a", "b"]}}, action: deny}
  - {id: b, args: {q: {regex: "b"}}, action: ask}`, "b unreachable"),
		warns("any value above one", `
  - {id: a, args: {"**": {regex: "drop"}}, action: deny}
  - {id: b, args: {query: {regex: "drop"}}, action: ask}`, "b unreachable"),
		warns("a lower sensitivity", `
  - {id: a, text: {secrets: true}, action: deny}
  - {id: b, text: {secrets: low}, action: ask}`, "b unreachable"),
		warns("kinds of a family", `
  - {id: a, text: {secrets: ["github*", "aws*"]}, action: deny}
  - {id: b, text: {secrets: ["github-pat"]}, action: ask}`, "b unreachable"),
		warns("one of its alternatives", `
  - id: a
    any: [{tool: x}, {tool: y}]
    action: deny
  - {id: b, tool: y, action: allow}`, "b unreachable"),
		warns("each of the later's alternatives", `
  - {id: a, tool: "x*", action: deny}
  - id: b
    any: [{tool: x1}, {tool: x2}]
    action: allow`, "b unreachable"),
		warns("the same not", `
  - {id: a, not: {tool: x}, action: deny}
  - {id: b, server: s, not: {tool: x}, action: ask}`, "b unreachable"),
		warns("all of all", `
  - id: a
    all: [{tool: "x*"}, {server: s}]
    action: deny
  - {id: b, tool: x1, server: s, action: allow}`, "b unreachable"),
		warns("a narrower number", `
  - {id: a, args: {n: {min: 5}}, action: deny}
  - {id: b, args: {n: {min: 6, max: 8}}, action: ask}`, "b unreachable"),
		warns("CEL, annotations and schema alike", `
  - {id: a, when: 'tool == "x"', annotations: {readOnlyHint: true}, schema: [valid, unknown], action: deny}
  - {id: b, server: s, when: 'tool == "x"', annotations: {readOnlyHint: true}, schema: valid, action: ask}`, "b unreachable"),
		warns("states of a definition", `
  - {id: a, definition: [changed, new], action: deny}
  - {id: b, tool: x, definition: changed, action: ask}`, "b unreachable"),
		warns("a list without what is excluded", `
  - {id: a, tool: ["*", "!admin*"], action: deny}
  - {id: b, tool: [read, write], action: allow}`, "b unreachable"),
		warns("host in a list", `
  - {id: a, args: {url: {host: ["*.example.com"]}}, action: deny}
  - {id: b, args: {url: {host: "api.example.com"}}, action: ask}`, "b unreachable"),

		quiet("another direction", `
  - {id: a, direction: to-client, action: deny}
  - {id: b, tool: x, action: allow}`),
		quiet("log doesn't end the walk", `
  - {id: a, action: log}
  - {id: b, tool: x, action: allow}`),
		quiet("a limit may not be exceeded", `
  - {id: a, tool: x, limit: {calls: 5, per: 1m}, action: deny}
  - {id: b, tool: x, action: allow}`),
		quiet("an allow must hold for all values, a deny for any", `
  - {id: a, args: {"paths.*": {under: /srv}}, action: allow}
  - {id: b, args: {"paths.*": {under: /srv}}, action: deny}`),
		quiet("more states of a definition", `
  - {id: a, definition: changed, action: deny}
  - {id: b, definition: [changed, new], action: ask}`),
		quiet("a higher sensitivity", `
  - {id: a, text: {secrets: low}, action: deny}
  - {id: b, text: {secrets: high}, action: ask}`),
		quiet("a narrower glob above", `
  - {id: a, tool: "read_*", action: deny}
  - {id: b, tool: "read*", action: allow}`),
		quiet("what the earlier excludes", `
  - {id: a, tool: ["*", "!read*"], action: deny}
  - {id: b, tool: [read, write], action: allow}`),
		quiet("another method without a tool", `
  - {id: a, method: tools/call, action: deny}
  - {id: b, tool: "*", action: allow}`),
		quiet("cidr is an alternative to host", `
  - {id: a, args: {url: {host: "a.example"}}, action: deny}
  - {id: b, args: {url: {host: "a.example", cidr: 10.0.0.0/8}}, action: ask}`),
	} {
		v.run(t)
	}
}

func TestLintNamesWhatCovers(t *testing.T) {
	p := load(t, "rules:", "  - {id: a, tool: x, action: deny}", "  - {id: b, tool: x, action: ask}")
	got := p.Lint()[0].String()
	want := "test.yaml:4:5: rule b is never reached: a (test.yaml:3:5) matches all that it could; move it up, or remove it [unreachable]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLintNeverMatches(t *testing.T) {
	for _, v := range []lintVector{
		warns("a tool of another method", `
  - {id: a, method: resources/read, tool: x, action: deny}`, "a never-matches"),
		warns("answers of tools to the server", `
  - {id: a, direction: to-server, tool: x, result: {"**": {regex: x}}, action: deny}`, "a never-matches"),
		warns("arguments to the client", `
  - {id: a, direction: to-client, args: {path: {under: /srv}}, action: deny}`, "a never-matches"),
		warns("writes to the client", `
  - {id: a, direction: to-client, writes: true, action: deny}`, "a never-matches"),
		warns("arguments and result at once", `
  - {id: a, args: {path: {under: /srv}}, result: {"**": {regex: x}}, action: deny}`, "a never-matches"),
		warns("result and error at once", `
  - {id: a, result: {x: {exists: true}}, error: {message: {regex: x}}, action: deny}`, "a never-matches"),
		warns("result of a request", `
  - {id: a, kind: request, result: {x: {exists: true}}, action: deny}`, "a never-matches"),
		warns("arguments of an answer", `
  - {id: a, kind: answer, direction: any, args: {x: {exists: true}}, action: deny}`, "a never-matches"),
		warns("a list that takes all back", `
  - {id: a, tool: ["read*", "!r*"], action: deny}`, "a never-matches"),
		warns("two names at once", `
  - id: a
    tool: x
    all: [{tool: y}]
    action: deny`, "a never-matches"),
		warns("an unknown transport", `
  - {id: a, transport: websocket, action: deny}`, "a never-matches"),
		warns("both directions", `
  - id: a
    all: [{direction: to-client, text: {secrets: true}}]
    action: deny`, "a never-matches"),
		warns("bounds the wrong way round", `
  - {id: a, args: {n: {min: 9, max: 3}}, action: deny}
  - {id: b, args: {n: {min_length: 9, max_length: 3}}, action: deny}`, "a never-matches", "b never-matches"),
		warns("a number that is a text", `
  - {id: a, args: {n: {min: 9, regex: x}}, action: deny}
  - {id: b, args: {n: {equals: 9, regex: x}}, action: deny}
  - {id: c, args: {n: {equals: "9", min: 1}}, action: deny}`, "a never-matches", "b never-matches", "c never-matches"),
		warns("absent with a value", `
  - {id: a, args: {n: {exists: false, regex: x}}, action: deny}`, "a never-matches"),
		warns("not nothing", `
  - {id: a, not: {}, action: deny}`, "a never-matches"),
		warns("annotations of a resource", `
  - {id: a, method: resources/read, annotations: {readOnlyHint: true}, action: deny}
  - {id: b, direction: to-client, schema: invalid, action: deny}`, "a never-matches", "b never-matches"),
		warns("the definition of a prompt", `
  - {id: a, method: prompts/get, definition: changed, action: deny}`, "a never-matches"),
		warns("an annotation both ways", `
  - id: a
    annotations: {readOnlyHint: true}
    all: [{annotations: {readOnlyHint: false}}]
    action: deny`, "a never-matches"),
		warns("no alternative", `
  - id: a
    method: resources/read
    any: [{tool: x}, {tool: y}]
    action: deny`, "a never-matches"),
		warns("a dead alternative", `
  - id: a
    any: [{tool: x}, {tool: x, method: ping}]
    action: deny`, "a never-matches"),

		quiet("the server's own requests", `
  - {id: a, direction: to-client, method: sampling/createMessage, params: {"**": {regex: x}}, action: deny}`),
		quiet("the client's answers", `
  - {id: a, direction: to-server, result: {"**": {regex: x}}, action: deny}`),
		quiet("tools by a glob", `
  - {id: a, method: ["tools/*"], tool: x, action: deny}`),
		quiet("absent", `
  - {id: a, args: {n: {exists: false}}, action: deny}`),
		quiet("a request or an answer", `
  - id: a
    direction: any
    any: [{args: {x: {regex: y}}}, {result: {x: {regex: y}}}]
    action: deny`),
	} {
		v.run(t)
	}
}

func TestLintLists(t *testing.T) {
	for _, v := range []lintVector{
		warns("a covered name", `
  - {id: a, tool: ["read*", "read_file", "write"], action: deny}`, "a redundant"),
		warns("a name twice", `
  - {id: a, tool: [x, x], action: deny}`, "a redundant"),
		warns("values twice", `
  - {id: a, args: {p: {regex: [x, x]}, q: {equals: [1, 1.0]}, r: {glob: ["a/*", "a/*"]}}, action: deny}`, "a redundant", "a redundant", "a redundant"),
		warns("a folder in another", `
  - {id: a, args: {p: {under: [/srv, /srv/data]}}, action: deny}`, "a redundant"),
		warns("a block in another", `
  - {id: a, args: {p: {cidr: [10.0.0.0/8, 10.1.0.0/16]}}, action: deny}`, "a redundant"),
		warns("a kind in another", `
  - {id: a, text: {secrets: ["github*", "github-pat"]}, action: deny}`, "a redundant"),
		warns("a method that isn't", `
  - {id: a, method: tool/call, action: deny}`, "a unknown-method"),
		quiet("overlap without cover", `
  - {id: a, tool: ["read*", "*file", "!read_env*"], action: deny}
  - {id: b, args: {p: {under: [/srv, /srvdata]}}, action: deny}`),
	} {
		v.run(t)
	}
}

func TestLintPatterns(t *testing.T) {
	for _, v := range []lintVector{
		warns("an allow that a part meets", `
  - {id: a, args: {c: {regex: "^git status"}}, action: allow}`, "a regex-unanchored"),
		warns("the same in a not", `
  - {id: a, tool: x, not: {args: {c: {regex: "git status"}}}, action: deny}`, "a regex-unanchored"),
		warns("padding", `
  - {id: a, args: {c: {regex: ".*passwd"}}, action: deny}
  - {id: b, args: {c: {regex: "(?s)shadow.*"}}, action: deny}`, "a regex-padding", "b regex-padding"),
		warns("a dot in a host", `
  - {id: a, args: {u: {regex: "evil.com/"}}, action: deny}
  - {id: b, args: {u: {regex: '^https://api\.example.org$'}}, action: allow}`, "a regex-dot", "b regex-dot"),
		warns("everything", `
  - {id: a, args: {c: {regex: "(?s).*"}}, action: deny}
  - {id: b, args: {c: {regex: "x*"}}, action: ask}`, "a regex-catch-all", "b regex-catch-all"),
		warns("huge", `
  - {id: a, args: {c: {regex: "[a-z]{900}[a-z0-9]{1,1000}[a-z]{0,900}[0-9]{1000}"}}, action: deny}`, "a regex-large"),
		warns("a star that stops at a slash", `
  - {id: a, args: {path: "*.pem"}, action: deny}
  - {id: b, args: {command: "*curl *"}, action: deny}`, "a glob-segment", "b glob-segment"),
		quiet("a glob below a folder", `
  - {id: a, args: {path: "/srv/**"}, action: allow}
  - {id: b, args: {url: "https://example.com/**"}, action: allow}`),
		quiet("careful ones", `
  - {id: a, args: {c: {regex: '^(git status|git log)$'}}, action: allow}
  - {id: b, args: {u: {regex: '\bevil\.com\b'}}, action: deny}
  - {id: c, args: {path: ["**/*.pem", ".env", "{a,b}*"]}, action: deny}
  - {id: d, args: {f: {regex: '\.com/x.*y'}}, action: deny}`),
	} {
		v.run(t)
	}
}

func TestLintActions(t *testing.T) {
	for _, v := range []lintVector{
		warns("a catch-all above a deny", `
  - {id: a, tool: "*", action: allow}
  - {id: b, text: {secrets: true}, action: deny}`, "a catch-all-allow", "b unreachable"),
		warns("all calls of tools above a deny", `
  - {id: a, method: tools/call, action: allow}
  - {id: b, text: {secrets: true}, action: deny}`, "a catch-all-allow"),
		warns("a limit of none", `
  - {id: a, method: tools/call, limit: {calls: 0, per: 1m}, action: deny}`, "a limit-zero"),
		warns("allowing what is too much", `
  - {id: a, tool: x, limit: {calls: 3, per: 1m}, action: allow}`, "a allow-above-limit"),
		warns("redacting nothing", `
  - {id: a, direction: to-client, tool: x, action: redact}
  - {id: b, direction: to-client, tool: y, not: {text: {secrets: true}}, action: redact}`, "a redact-nothing", "b redact-nothing"),
		warns("a refusal of what isn't refused", `
  - {id: a, tool: x, refuse_as: result, action: allow}
  - {id: b, method: prompts/get, refuse_as: result, action: deny}`, "a no-effect", "b no-effect"),
		{"nothing stops anything", "default: allow\nrules:\n  - {id: a, text: {secrets: true}, action: log}", []string{"allows-everything"}},
		{"no rules at all", "default: allow", []string{"allows-everything"}},

		quiet("an allow with a name", `
  - {id: a, tool: read_file, action: allow}
  - {id: b, text: {secrets: true}, action: deny}`),
		quiet("an allow below all", `
  - {id: b, text: {secrets: true}, action: deny}
  - {id: a, tool: "*", action: allow}`),
		quiet("an allow of one direction", `
  - {id: a, method: tools/call, action: allow}
  - {id: b, direction: to-client, text: {injection: true}, action: deny}`),
		quiet("redacting alternatives", `
  - id: a
    direction: to-client
    any: [{text: {secrets: true}}, {text: {pii: true}}]
    action: redact`),
		{"default allow with a rule", "default: allow\nrules: [{id: a, tool: x, action: deny}]", nil},
	} {
		v.run(t)
	}
}

func TestLintNotes(t *testing.T) {
	p := load(t, "default: deny", "rules:",
		"  - {id: a, tool: x, action: ask}",
		"  - {id: b, tool: y, action: deny}",
		"tests:",
		"  - {call: {tool: y}, want: deny}")
	var got []string
	for _, w := range p.Lint() {
		if !w.Note {
			t.Errorf("%s is no note", w)
		}
		got = append(got, w.Rule+" "+w.Code)
	}
	if diff := cmp.Diff([]string{"a ask", "a untested"}, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestLintWithoutTestsHasNoUntested(t *testing.T) {
	if got := load(t, "default: deny", "rules: [{id: a, tool: x, action: deny}]").Lint(); len(got) != 0 {
		t.Errorf("got %v, want no warning", got)
	}
}

func TestEmbeddedPoliciesLintClean(t *testing.T) {
	if len(policy.EmbeddedNames()) == 0 {
		t.Fatal("no embedded policies")
	}
	for _, name := range policy.EmbeddedNames() {
		for _, w := range builtin(t, name).Lint() {
			if !w.Note {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
}

func TestLintIsDeterministic(t *testing.T) {
	for _, name := range policy.EmbeddedNames() {
		first := builtin(t, name).Lint()
		if diff := cmp.Diff(first, builtin(t, name).Lint()); diff != "" {
			t.Errorf("%s: warnings change from run to run:\n%s", name, diff)
		}
	}
}

// FuzzLint finds policies that load but make Lint fail, or answer twice otherwise.
func FuzzLint(f *testing.F) {
	f.Add("{id: a, tool: x, any: [{tool: y}, {all: [{tool: z}]}], not: {args: {b: {regex: c}}}, action: deny}")
	f.Add("{id: b, args: {'**': {glob: '*', min: 1}}, limit: {calls: 0, per: 1s}, action: allow}")
	f.Fuzz(func(t *testing.T, rule string) {
		p, err := policy.Load("x.yaml", []byte("version: 1\nrules:\n  - "+rule+"\n  - {id: last, tool: x, action: deny}\n"), nil)
		if err != nil {
			return
		}
		if diff := cmp.Diff(p.Lint(), p.Lint()); diff != "" {
			t.Errorf("two answers:\n%s", diff)
		}
	})
}
