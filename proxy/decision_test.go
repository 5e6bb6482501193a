package proxy_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

func TestDecisionIsOneHarmlessLine(t *testing.T) {
	request := policy.Subject{Kind: "request", Dir: mcp.ToServer, Method: "tools/call", Tool: "read_file"}
	answer := request
	answer.Kind, answer.Dir = "response", mcp.ToClient
	hostile := request
	hostile.Tool = "x\x1b[2Jy\u202ez\n\U000e0041\xff"
	resource := policy.Subject{Kind: "request", Method: "resources/read", Target: "file:///a"}
	deny := policy.Verdict{Action: policy.Deny, Rule: "ssh-keys", Reason: "reads an SSH private key"}
	for _, tt := range []struct {
		subject policy.Subject
		verdict policy.Verdict
		want    string
		routine bool
	}{
		{request, deny, `deny   read_file  [ssh-keys]  reads an SSH private key`, false},
		{answer, policy.Verdict{Action: policy.Redact, Rule: "secrets", Reason: "a token"}, `redact answer of read_file  [secrets]  a token`, false},
		{request, policy.Verdict{Action: policy.Allow, Rule: "default"}, `allow  read_file`, true},
		{request, policy.Verdict{Action: policy.Allow, Rule: "default", Matched: []string{"seen"}}, `allow  read_file`, false},
		{resource, policy.Verdict{Action: policy.Allow, Rule: "docs", Matched: []string{"docs"}, Reason: "not shown"}, `allow  resources/read file:///a  [docs]`, false},
		{policy.Subject{Kind: "oversize", Dir: mcp.ToClient}, policy.Verdict{Action: policy.Deny, Rule: "engine:too-large"}, `deny   oversize message to-client  [engine:too-large]`, false},
		{policy.Subject{Kind: "fact", Fact: "session"}, policy.Verdict{Action: policy.Allow, Rule: "engine:fact"}, `allow  session  [engine:fact]`, true},
		{hostile, policy.Verdict{Action: policy.Deny, Rule: "r", Reason: "a\tb"}, `deny   x\u001b[2Jy\u202ez\u000a\U000e0041\ufffd  [r]  a\u0009b`, false},
	} {
		line, routine := proxy.Decision(&policy.Event{Subject: tt.subject, Verdict: tt.verdict})
		if line != tt.want || routine != tt.routine {
			t.Errorf("got  %s (routine %v)\nwant %s (routine %v)", line, routine, tt.want, tt.routine)
		}
	}
}

func TestDecisionSaysWhatWasAnsweredFromMemory(t *testing.T) {
	ev := policy.Event{Cached: 7, Subject: policy.Subject{Kind: "request", Method: "tools/call", Tool: "ls"}, Verdict: policy.Verdict{Action: policy.Allow, Rule: "reads"}}
	if line, _ := proxy.Decision(&ev); line != "allow  ls  [reads]  answered from memory" {
		t.Errorf("got %s", line)
	}
}

func TestPrintableCutsBetweenCharacters(t *testing.T) {
	if got, want := proxy.Printable(strings.Repeat("ü", 9), 4), "üüüü…"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
