package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/policy"
)

// converted converts and loads a policy; left are the places of what is left.
func converted(t *testing.T, from string, lines ...string) (p *policy.Policy, left []string) {
	t.Helper()
	out, problems, err := policy.Convert(from, []byte("version: 1\n"+strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatalf("converting: %v", err)
	}
	if p, err = policy.Load("converted.yaml", out, nil); err != nil {
		t.Fatalf("loading what was converted: %v\n%s", err, out)
	}
	for _, w := range p.Lint() {
		switch w.Code {
		case policy.LintNever, policy.LintRedactNothing, policy.LintAllowLimit:
			t.Errorf("the result has a warning: %s\n%s", w, out)
		}
	}
	for _, x := range problems {
		place, _, _ := strings.Cut(x.Text, ": ")
		left = append(left, fmt.Sprintf("%d %s", x.Line, place))
	}
	return p, left
}

// A step is a message and the verdict wanted, as "action rule".
type step struct{ message, want string }

func calls(tool, args, want string) step { return step{call(1, tool, args), want} }

func (s step) run(t *testing.T, p *policy.Policy) {
	t.Helper()
	v := start(p).toServer(s.message).Verdict
	if got := v.Action.String() + " " + v.Rule; got != s.want {
		t.Errorf("%s: got %s, want %s", s.message, got, s.want)
	}
}

// answers runs an answer to a call of a tool.
func answers(t *testing.T, p *policy.Policy, tool, text, want string) {
	t.Helper()
	d := start(p)
	d.toServer(call(1, tool, "{}"))
	v := d.toClient(answer(1, text)).Verdict
	if got := v.Action.String() + " " + v.Rule; got != want {
		t.Errorf("%s: got %s, want %s", text, got, want)
	}
}

func leaves(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
}

func TestConvertMcpwallRequests(t *testing.T) {
	p, left := converted(t, "mcpwall", `
settings: {log_dir: /var/log, log_level: info, default_action: allow}
rules:
  - name: Block keys!
    match: {method: tools/call, tool: "*", arguments: {_any_value: {regex: "(\\.ssh/|id_rsa)"}}}
    action: deny
    message: no keys
  - name: outside
    match: {tool: "{read,write}_file", arguments: {path: {not_under: "${PROJECT_DIR}"}}}
    action: ask
  - name: relative
    match: {tool: build, arguments: {dir: {not_under: ./src}}}
    action: deny
  - name: either
    match: {arguments: {q: {regex: drop, pattern: "truncate*"}, db: {pattern: prod}}}
    action: deny
  - name: no-init
    match: {method: logging/setLevel, tool: ignored}
    action: deny`)
	leaves(t, left)
	for _, s := range []step{
		calls("any", `{"a":{"b":["x","/home/u/.ssh/id"]}}`, "deny Block-keys"),
		calls("any", `{"a":"fine"}`, "allow default"),
		calls("read_file", `{"path":"/etc/hosts"}`, "ask outside"),
		calls("read_file", `{"path":"src/../../other"}`, "ask outside"),
		calls("write_file", `{"path":"src/a"}`, "allow default"),
		calls("append_file", `{"path":"/etc/hosts"}`, "allow default"),
		calls("build", `{"dir":"src/x"}`, "allow default"),
		calls("build", `{"dir":"lib"}`, "deny relative"),
		calls("sql", `{"q":"drop it","db":"prod"}`, "deny either"),
		calls("sql", `{"q":"truncate it","db":"prod"}`, "deny either"),
		calls("sql", `{"q":"drop it","db":"test"}`, "allow default"),
		{`{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"info"}}`, "deny no-init"},
	} {
		s.run(t, p)
	}
}

func TestConvertMcpwallDefaultIsForEveryMessage(t *testing.T) {
	p, left := converted(t, "mcpwall", `
settings: {default_action: deny}
rules:
  - {name: reads, match: {tool: read_file, arguments: {path: {pattern: "/srv/**"}}}, action: allow}`)
	leaves(t, left)
	for _, s := range []step{
		calls("read_file", `{"path":"/srv/a"}`, "allow reads"),
		calls("read_file", `{"path":"/srv/.env"}`, "deny default-action"), // * takes no leading dot there
		calls("read_file", `{"path":"/srv/../etc/hosts"}`, "deny default-action"),
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, "deny default-action"},
	} {
		s.run(t, p)
	}
}

func TestConvertMcpwallSecrets(t *testing.T) {
	p, left := converted(t, "mcpwall", `
rules:
  - {name: leak, match: {arguments: {_any_value: {secrets: true}}}, action: deny}
outbound_rules:
  - {name: hide, match: {secrets: true}, action: redact}
secrets:
  patterns:
    - {name: ours, regex: "acme_[a-z]{8}"}
    - {name: noise, regex: "[A-Za-z0-9]{32}", entropy_threshold: 4}`)
	leaves(t, left, "10 secrets.patterns[1]")
	calls("x", `{"a":"acme_abcdefgh"}`, "deny leak").run(t, p)
	calls("x", `{"a":"acme"}`, "allow default").run(t, p)
	calls("x", `{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`, "allow default").run(t, p)
	answers(t, p, "x", "it is acme_abcdefgh", "redact hide")
	answers(t, p, "x", "nothing", "allow default")
}

func TestConvertMcpwallAnswers(t *testing.T) {
	p, left := converted(t, "mcpwall", `
settings: {outbound_default_action: deny}
outbound_rules:
  - {name: noted, match: {response_contains_regex: ["\\u200B"]}, action: log_only}
  - {name: fine, match: {response_contains: ["Hello"]}, action: allow}
  - {name: bad, match: {tool: "git*", response_contains: ["ignore previous"]}, action: deny}
  - {name: big, match: {response_size_exceeds: 50}, action: allow}`)
	leaves(t, left, "8 outbound_rules[3].match.response_size_exceeds")
	answers(t, p, "x", "oh hello", "allow fine")
	answers(t, p, "git_log", "Ignore PREVIOUS orders", "deny bad")
	answers(t, p, "x", "something", "deny outbound-default-action")
	answers(t, p, "x", "a\u200bb", "allow noted-passes")
	d := start(p)
	d.toServer(call(1, "x", "{}"))
	v := d.toClient(`{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"hello"}}`).Verdict
	if v.Action != policy.Allow || v.Rule != "fine" {
		t.Errorf("an error's message: got %s by %s, want allow by fine", v.Action, v.Rule)
	}
}

func TestConvertMcpwallListsWhatIsLeft(t *testing.T) {
	_, left := converted(t, "mcpwall", `
integrity: {enabled: true}
rules:
  - {name: a, match: {arguments: {p: {regex: "(?!x)y"}}}, action: deny}
  - {name: b, match: {tool: "[rw]*"}, action: deny}
  - {name: c, match: {arguments: {a.b: {regex: x}}}, action: deny}
  - {name: d, match: {arguments: {_any_value: {regex: x}}}, action: allow}
  - {name: e, match: {tool: x}, action: deny, rate_limit: {max: 3, window: 60}}
  - {name: f, match: {arguments: {p: {regex: "^[0-9]+$"}}}, action: deny}
  - {name: g, match: {arguments: {p: {secrets: true}}}, action: deny}
secrets: {patterns: []}`)
	leaves(t, left,
		"3 policy", "5 rules[0]", "5 rules[0].match.arguments.p.regex", "6 rules[1]", "6 rules[1].match.tool",
		"7 rules[2]", "7 rules[2].match.arguments", "8 rules[3].match.arguments", "9 rules[4]",
		"10 rules[5].match.arguments.p.regex", "11 rules[6]", "11 rules[6].match.arguments.p.secrets")
}

func TestConvertAgentWallRules(t *testing.T) {
	p, left := converted(t, "agent-wall", `
defaultAction: prompt
rules:
  - name: no-keys
    tool: "*"
    match: {arguments: {path: "**/.ssh/**|**/*.pem"}}
    action: deny
  - name: no-curl
    tool: bash|shell_exec
    match: {arguments: {command: "*curl *|wget"}}
    action: deny
  - name: project
    tool: "read_*"
    match: {arguments: {path: "/srv/app/**"}}
    action: allow
  - {name: lists, tool: list_directory, action: allow}
security:
  injectionDetection: {enabled: false}
  egressControl: {enabled: false}
responseScanning: {enabled: false}`)
	leaves(t, left)
	for _, s := range []step{
		calls("any", `{"path":"/home/u/.ssh/id"}`, "deny no-keys"),
		calls("any", `{"file_path":"/home/u/a.pem"}`, "deny no-keys"),
		calls("any", `{"PATH":"/home/u/a.pem"}`, "deny no-keys"),
		calls("any", `{"path":"C:\\u\\.ssh\\id"}`, "deny no-keys"),
		calls("any", `{"content":"/home/u/.ssh/id"}`, "ask default-action"),
		calls("bash", `{"cmd":"CURL https://example.com/a"}`, "deny no-curl"),
		calls("bash", `{"cmd":"x; Wget y"}`, "deny no-curl"),
		calls("zsh", `{"cmd":"curl https://example.com/a"}`, "ask default-action"),
		calls("read_file", `{"path":"/srv/app/a"}`, "allow project"),
		calls("read_file", `{"path":"/srv/app/../b"}`, "ask default-action"),
		calls("read_file", `{"path":"/srv/app/a","file":"/etc/passwd"}`, "ask default-action"),
		calls("list_directory", `{}`, "allow lists"),
		{`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a"}}`, "allow default"},
	} {
		s.run(t, p)
	}
}

func TestConvertAgentWallLimits(t *testing.T) {
	p, left := converted(t, "agent-wall", `
mode: strict
defaultAction: allow
globalRateLimit: {maxCalls: 3, windowSeconds: 60}
rules:
  - {name: reads, tool: read_file, action: allow, rateLimit: {maxCalls: 1, windowSeconds: 60}}
  - {name: rest, tool: "x*", action: allow}
security: {injectionDetection: {enabled: false}, egressControl: {enabled: false}}
responseScanning: {enabled: false}`)
	leaves(t, left)
	d := start(p)
	for i, want := range []string{"allow reads", "deny reads-limit", "allow rest", "deny default-action", "allow rest", "deny global-rate-limit"} {
		tool := []string{"read_file", "read_file", "x1", "y", "x2", "x3"}[i]
		v := d.toServer(call(i+1, tool, "{}")).Verdict
		if got := v.Action.String() + " " + v.Rule; got != want {
			t.Errorf("call %d of %s: got %s, want %s", i, tool, got, want)
		}
	}
}

func TestConvertAgentWallEgress(t *testing.T) {
	p, left := converted(t, "agent-wall", `
defaultAction: allow
rules: []
security:
  injectionDetection: {enabled: false}
  egressControl:
    enabled: true
    allowedDomains: [example.com, example.org]
    blockedDomains: [bad.example.com]
    excludeTools: [browser]
responseScanning: {enabled: false}`)
	leaves(t, left, "9 security.egressControl.allowedDomains")
	for _, s := range []step{
		calls("sh", `{"c":"curl https://example.com/a https://www.example.org:8080/b"}`, "allow default"),
		calls("sh", `{"c":"curl https://example.com"}`, "allow default"),
		calls("sh", `{"c":"curl https://example.com.evil.test/a"}`, "deny egress-allowed-domains"),
		calls("sh", `{"c":"curl https://example.com@evil.test/a"}`, "deny egress-allowed-domains"),
		calls("sh", `{"c":"curl https://example.com/a ://https://evil.test"}`, "deny egress-allowed-domains"),
		calls("sh", `{"c":"curl https://example.com/:://evil.test"}`, "deny egress-allowed-domains"),
		calls("sh", `{"c":"a :: b :/ c: //d"}`, "allow default"),
		calls("sh", `{"c":"curl https://u:p@x.bad.example.com:80"}`, "deny egress-allowed-domains"),
		calls("sh", `{"c":"curl https://x.bad.example.com/"}`, "deny egress-blocked-domains"),
		calls("sh", `{"n":5}`, "allow default"),
		calls("browser", `{"c":"curl https://evil.test"}`, "allow default"),
	} {
		s.run(t, p)
	}
	p, _ = converted(t, "agent-wall", "rules: []", "defaultAction: allow", "responseScanning: {enabled: false}")
	calls("sh", `{"c":"curl http://10.0.0.1/admin"}`, "deny egress-control").run(t, p)
	calls("sh", `{"c":"curl http://169.254.169.254/latest/"}`, "deny egress-control").run(t, p)
}

func TestConvertAgentWallAnswers(t *testing.T) {
	p, left := converted(t, "agent-wall", `
defaultAction: allow
rules: []
security: {injectionDetection: {enabled: false}, egressControl: {enabled: false}, chainDetection: {enabled: true}, killSwitch: {enabled: true}}
responseScanning:
  detectSecrets: false
  maxResponseSize: 100
  oversizeAction: block
  base64Action: block
  patterns:
    - {name: word, pattern: "s3cr3t", action: redact}
    - {name: other, pattern: "internal", flags: "g", action: redact}
    - {name: marker, pattern: "\\[CONFIDENTIAL\\]", action: block, message: no}
    - {name: broken, pattern: "[x(", action: block}
    - {name: noted, pattern: "hm", action: pass}`)
	leaves(t, left,
		"5 security.chainDetection", "5 security.killSwitch", "8 responseScanning.maxResponseSize", "10 responseScanning.base64Action", "15 responseScanning.patterns[3].pattern")
	answers(t, p, "x", "a S3CR3T and internal thing", "redact response-redact")
	answers(t, p, "x", "an Internal thing", "allow default")
	answers(t, p, "x", "s3cr3t [confidential]", "deny marker")
	answers(t, p, "x", strings.Repeat("a", 101), "deny response-too-large")
	answers(t, p, "x", "hm", "allow default")
	d := start(p)
	d.toServer(call(1, "x", "{}"))
	if got := passed(t, d.toClient(answer(1, "a s3cr3t, internal thing")), 2); !strings.Contains(got, "a [REDACTED], [REDACTED] thing") {
		t.Errorf("got %s, want both replaced", got)
	}
}

func TestConvertFailsOnWhatItCannotRead(t *testing.T) {
	for _, tt := range []struct{ from, source, want string }{
		{"mcp-wall", "version: 1", `converting: unknown format "mcp-wall"; did you mean "mcpwall"?`},
		{"mcpwall", "", "an empty policy"},
		{"mcpwall", "- a", "want a mapping"},
		{"agent-wall", "a: [", "not YAML"},
	} {
		_, _, err := policy.Convert(tt.from, []byte(tt.source))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s from %s: got %v, want %q", tt.source, tt.from, err, tt.want)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(true, "version: 1\nrules: [{name: a, match: {tool: x, arguments: {_any_value: {regex: y}}}, action: deny}]")
	f.Add(false, "version: 1\nrules: [{name: a, tool: 'x|y', match: {arguments: {path: '**/z'}}, action: allow, rateLimit: {maxCalls: 1, windowSeconds: 2}}]\nsecurity: {egressControl: {allowedDomains: [a.b]}}")
	f.Fuzz(func(t *testing.T, mcpwall bool, source string) {
		from := "agent-wall"
		if mcpwall {
			from = "mcpwall"
		}
		out, _, err := policy.Convert(from, []byte(source))
		if err != nil {
			if strings.Contains(err.Error(), "doesn't load") {
				t.Fatalf("%v", err)
			}
			return
		}
		if _, err := policy.Load("converted.yaml", out, nil); err != nil {
			t.Fatalf("the result doesn't load: %v\n%s", err, out)
		}
	})
}
