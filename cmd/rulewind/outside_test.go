package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A live proxy runs while a test does other things.
type live struct {
	te     *testEnv
	in     io.WriteCloser
	out    *output
	errOut *output
	code   chan int
}

// start starts a proxy of the demo server in the background.
func (te *testEnv) start(args ...string) *live {
	te.t.Helper()
	te.t.Setenv("RULEWIND_TEST_RUN", "1")
	r, w, err := os.Pipe()
	if err != nil {
		te.t.Fatal(err)
	}
	l := &live{te: te, in: w, out: &output{}, errOut: &output{}, code: make(chan int, 1)}
	l.out.cond.L, l.errOut.cond.L = &l.out.mu, &l.errOut.mu
	e := &env{
		Context: context.Background(), Stdin: r, Stdout: l.out, Stderr: l.errOut,
		Getenv: func(k string) string { return te.env[k] }, Dir: te.dir,
		Terminal: func(any) bool { return false }, Executable: func() (string, error) { return te.exe, nil },
	}
	go func() {
		defer r.Close()
		l.code <- run(append(append([]string{"proxy", "--db", "a.db"}, args...), "--", te.exe, "demo-server"), e)
	}()
	te.t.Cleanup(func() { w.Close(); <-l.code })
	return l
}

func (l *live) send(line string) {
	l.te.t.Helper()
	if _, err := io.WriteString(l.in, line+"\n"); err != nil {
		l.te.t.Fatal(err)
	}
}

// await waits until an output holds a match, and returns its last group.
func (o *output) await(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	stuck := time.AfterFunc(30*time.Second, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.buf.WriteString("\x00stuck")
		o.cond.Broadcast()
	})
	defer stuck.Stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		text := o.buf.String()
		if m := re.FindStringSubmatch(text); m != nil {
			return m[len(m)-1]
		}
		if strings.Contains(text, "\x00stuck") {
			t.Fatalf("no %s came in:\n%s", pattern, text)
		}
		o.cond.Wait()
	}
}

func (te *testEnv) write(name, text string) {
	te.t.Helper()
	if err := os.WriteFile(filepath.Join(te.dir, name), []byte(text), 0o600); err != nil {
		te.t.Fatal(err)
	}
}

const askAll = "version: 1\ndefault: allow\nrules:\n- {id: asks, tool: read_file, action: ask, message: it reads}\n"

func TestApprovalsInAnotherTerminal(t *testing.T) {
	e := newTestEnv(t)
	e.write("p.yaml", askAll)
	l := e.start("--server", "harbour", "--policy", "p.yaml")
	l.send(hello)
	question := func(call string) string {
		before := l.errOut.String()
		l.send(call)
		return l.errOut.await(t, regexp.QuoteMeta(before)+`(?s:.*?)approvals approve (\w+)`)
	}

	id := question(toolCall("1", "read_file", `{"path":"README.md"}`))
	e.want(0, []string{id, "read_file of harbour", "asks", `"path":"README.md"`}, "approvals", "a.db")
	e.want(0, []string{"approved"}, "approvals", "approve", id, "--db", "a.db")
	l.out.await(t, `"id":1,.*Harbour`)
	e.want(2, []string{"answered before"}, "approvals", "deny", id, "--db", "a.db")

	id = question(toolCall("2", "read_file", `{"path":"README.md"}`))
	e.want(0, []string{"denied"}, "approvals", "deny", id, "--db", "a.db")
	l.out.await(t, `"id":2,.*APPROVAL_REFUSED`)

	id = question(toolCall("3", "read_file", `{"path":"README.md"}`))
	e.in = "what\ns\n"
	e.want(0, []string{id, "for this session (s)"}, "approvals", "watch", "a.db")
	l.out.await(t, `"id":3,.*Harbour`)
	l.send(toolCall("4", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":4,.*Harbour`)
	e.want(0, []string{"nothing waits"}, "approvals", "list", "a.db")
	e.want(0, []string{"approved by"}, "approvals", "list", "a.db", "--all")
	l.in.Close()
	if code := <-l.code; code != 0 {
		t.Errorf("exit %d: %s", code, l.errOut.String())
	}
	l.code <- 0
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
	e.want(0, []string{"From outside", "approved", "refused", "read_file #"}, "report", "a.db")
}

func TestApprovalsBecomeRules(t *testing.T) {
	e := newTestEnv(t)
	e.write("p.yaml", askAll)
	l := e.start("--server", "harbour", "--policy", "p.yaml")
	l.send(hello)
	l.send(toolCall("1", "read_file", `{"path":"README.md"}`))
	id := l.errOut.await(t, `approvals approve (\w+)`)
	rule := e.want(0, nil, "approvals", "approve", id, "--remember", "policy", "--db", "a.db")
	l.out.await(t, `"id":1,.*Harbour`)
	e.write("q.yaml", strings.Replace(askAll, "rules:\n", "rules:\n"+rule, 1))
	check := func(code int, want string, args ...string) {
		t.Helper()
		e.want(code, []string{want}, append([]string{"check", "--policy", "q.yaml", "--server", "harbour", "--tool", "read_file"}, args...)...)
	}
	check(0, "approved-"+id, "-a", "path=README.md")
	check(4, "asks", "-a", "path=other")
	check(4, "asks", "-a", "path=README.md", "-a", "more:=1")
}

func TestGrantsAreUsedOnce(t *testing.T) {
	e := newTestEnv(t)
	e.write("p.yaml", "version: 1\ndefault: allow\nrules:\n- {id: needs-grant, tool: read_file, action: ask, ask: {via: grant}}\n")
	l := e.start("--server", "harbour", "--policy", "p.yaml")
	l.send(hello)
	try := func(id int, path, want string) {
		t.Helper()
		l.send(toolCall(fmt.Sprint(id), "read_file", fmt.Sprintf(`{ "path" : %q }`, path)))
		l.out.await(t, fmt.Sprintf(`"id":%d,.*%s`, id, want))
	}
	try(1, "README.md", "PREFLIGHT_REQUIRED")
	out := e.want(0, []string{"one call of read_file"}, "grant", "add", "read_file", "--args", `{"path":"README.md"}`, "--db", "a.db")
	id := strings.TrimSuffix(strings.Fields(out)[1], ":")
	try(2, "src/main.go", "PREFLIGHT_NOT_FOUND")
	try(3, "README.md", "Harbour")
	try(4, "README.md", "PREFLIGHT_ALREADY_USED")
	e.want(0, []string{id, "used"}, "grant", "list", "--all", "--db", "a.db")
	out = e.want(0, nil, "grant", "add", "read_file", "--db", "a.db", "--expires", "0")
	id = strings.TrimSuffix(strings.Fields(out)[1], ":")
	e.want(0, []string{"revoked"}, "grant", "revoke", id, "--db", "a.db")
	e.want(2, []string{"grant list"}, "grant", "revoke", id, "--db", "a.db")
	try(5, "other", "PREFLIGHT_REQUIRED")
	e.want(2, []string{"JSON object"}, "grant", "add", "x", "--args", "[1]", "--db", "a.db")
}

func TestKillSwitchOfAStore(t *testing.T) {
	e := newTestEnv(t)
	e.want(0, []string{"off"}, "kill", "status", "--db", "a.db")
	l := e.start("--server", "harbour")
	l.send(hello)
	l.send(toolCall("1", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":1,.*Harbour`)
	e.want(0, []string{"on:"}, "kill", "on", "--reason", "incident 7", "--db", "a.db")
	e.want(1, []string{"on: incident 7"}, "kill", "status", "--db", "a.db")
	id := 1
	until := func(want string) { // it is looked at every 20 ms while messages come
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; {
			id++
			l.send(toolCall(fmt.Sprint(id), "read_file", `{"path":"README.md"}`))
			if strings.Contains(l.out.await(t, fmt.Sprintf(`"id":%d,(.*)`, id)), want) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("no call was answered with %s", want)
			}
		}
	}
	until("KILL_SWITCH")
	e.want(0, []string{"off"}, "kill", "off", "--db", "a.db")
	until("Harbour")
	l.in.Close()
	l.code <- <-l.code
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
	e.want(0, []string{"kill switch on", "incident 7", "kill switch off"}, "report", "a.db")
}

func TestReloadOfAChangedPolicy(t *testing.T) {
	e := newTestEnv(t)
	e.write("base.yaml", "version: 1\ndefault: allow\n")
	e.write("p.yaml", "version: 1\nextends: ./base.yaml\n")
	l := e.start("--server", "harbour", "--policy", "p.yaml")
	l.send(hello)
	l.send(toolCall("1", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":1,.*Harbour`)
	e.write("base.yaml", "version: 1\ndefault: allow\nrules:\n- {id: no, tool: read_file, actoin: deny}\n")
	l.errOut.await(t, `NOT IN FORCE[^\x00]*did you mean "action"`)
	l.send(toolCall("2", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":2,.*Harbour`)
	e.write("base.yaml", "version: 1\ndefault: allow\nrules:\n- {id: no, tool: read_file, action: deny}\n")
	l.errOut.await(t, `is in force, digest`)
	l.send(toolCall("3", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":3,.*"rule":"no"`)
	l.in.Close()
	l.code <- <-l.code
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
}

func TestAProjectsPolicyOnlyTightens(t *testing.T) {
	e := newTestEnv(t)
	e.write(".rulewind.yaml", "version: 1\ndefault: allow\nrules:\n- {id: no-search, tool: search, action: deny}\n- {id: all, action: allow}\n")
	messages := []string{hello, toolCall("1", "read_file", `{"path":"~/.ssh/id_rsa"}`), toolCall("2", "search", `{"query":"berth"}`), toolCall("3", "read_file", `{"path":"README.md"}`)}
	session := func(first, second string, args ...string) {
		t.Helper()
		_, stdout, stderr := e.session(messages, append([]string{"--db", "a.db"}, args...)...)
		got := answers(t, stdout)
		if !strings.Contains(got["1"], first) || !strings.Contains(got["2"], second) || !strings.Contains(got["3"], "Harbour") {
			t.Errorf("%v: got %s and %s\n%s", args, got["1"], got["2"], stderr)
		}
	}
	session("no-credential-access", "project:no-search")
	session("no-credential-access", "result", "--no-project")
	e.want(0, []string{"trusted:"}, "policy", "trust")
	session("result", `"no-search"`)
	e.write(".rulewind.yaml", "version: 1\ndefault: allow\n# changed\n")
	session("no-credential-access", "result")
	e.want(0, nil, "export", "a.db", "-o", "a.jsonl")
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.jsonl")
	e.want(2, []string{"isn't trusted"}, "policy", "trust", "--revoke")
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
	e.write(".rulewind.yaml", "version: 1\nrulse: []\n")
	code, _, stderr := e.session(messages, "--db", "a.db")
	if code != 2 || !strings.Contains(stderr, "--no-project") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestShadowTellsWithoutActing(t *testing.T) {
	e := newTestEnv(t)
	e.write("candidate.yaml", "version: 1\nextends: default\nrules:\n- {id: no-reading, tool: read_file, action: deny}\n")
	_, stdout, stderr := e.session(aDay, "--db", "a.db", "--shadow", "candidate.yaml")
	if got := answers(t, stdout); !strings.Contains(got["1"], "Harbour") {
		t.Errorf("the shadow acted: %s", got["1"])
	}
	if !strings.Contains(stderr, "shadow: deny [no-reading]") {
		t.Errorf("nothing said of the shadow:\n%s", stderr)
	}
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
	e.want(0, []string{`"shadow":{"action":"deny","rule":"no-reading"`}, "export", "a.db", "-o", "-")
	e.want(0, []string{"3 of 9 verdicts would change"}, "replay", "a.db", "--policy", "candidate.yaml")
}

func TestPolicySecretMakesACaller(t *testing.T) {
	e := newTestEnv(t)
	out := e.want(0, nil, "policy", "secret", "bot")
	secret := regexp.MustCompile(`caller: (\S+)`).FindStringSubmatch(out)[1]
	_, list, _ := strings.Cut(out, "for the policy:\n")
	e.write("p.yaml", "version: 1\ndefault: allow\n"+strings.ReplaceAll("\n"+list, "\n  ", "\n"))
	e.want(1, []string{"engine:auth"}, "check", "--policy", "p.yaml", "--tool", "read_file")
	e.want(0, nil, "check", "--policy", "p.yaml", "--tool", "read_file", "--caller", "bot")
	l := e.start("--server", "harbour", "--policy", "p.yaml")
	l.send(hello)
	l.send(toolCall("1", "read_file", `{"path":"README.md"}`))
	l.out.await(t, `"id":1,.*AUTH_FAILURE`)
	b, _ := json.Marshal("Bearer " + secret)
	l.send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"README.md"},"_meta":{"authorization":` + string(b) + `}}}`)
	l.out.await(t, `"id":2,.*Harbour`)
	l.in.Close()
	l.code <- <-l.code
	for _, name := range []string{"a.db", "a.db-wal"} {
		if b, err := os.ReadFile(filepath.Join(e.dir, name)); err == nil && strings.Contains(string(b), secret) {
			t.Errorf("%s holds the caller's secret", name)
		}
	}
}

func TestLabelsReachOtherSessions(t *testing.T) {
	e := newTestEnv(t)
	e.write("p.yaml", `version: 1
default: allow
rules:
- {id: reads, tool: read_file, action: log, labels: [reads-private]}
- {id: no-way-out, tool: run_command, after: [{label: reads-private, within: 1h, scope: all}], action: deny}
`)
	one := e.start("--server", "one", "--policy", "p.yaml")
	two := e.start("--server", "two", "--policy", "p.yaml")
	for _, l := range []*live{one, two} {
		l.send(hello)
	}
	run := func(id int) string {
		two.send(toolCall(fmt.Sprint(id), "run_command", `{"command":"date"}`))
		return two.out.await(t, fmt.Sprintf(`"id":%d,(.*)`, id))
	}
	if got := run(1); strings.Contains(got, "no-way-out") {
		t.Errorf("before anything was read: %s", got)
	}
	one.send(toolCall("1", "read_file", `{"path":"README.md"}`))
	one.out.await(t, `"id":1,`)
	deadline := time.Now().Add(20 * time.Second)
	for id := 2; !strings.Contains(run(id), "no-way-out"); id++ {
		if time.Now().After(deadline) {
			t.Fatal("the other session's label never came")
		}
	}
	one.in.Close()
	two.in.Close()
	one.code <- <-one.code
	two.code <- <-two.code
	e.want(0, []string{"(100.0 %)"}, "replay", "verify", "a.db")
}
