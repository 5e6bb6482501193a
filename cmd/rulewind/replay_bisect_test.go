package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// A policyRepo is a git repository with a policy in it.
type policyRepo struct{ *testEnv }

func newPolicyRepo(t *testing.T) policyRepo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	r := policyRepo{newTestEnv(t)}
	r.git("init", "-q", ".")
	return r
}

func (r policyRepo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(cmd.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit commits a policy and returns the commit.
func (r policyRepo) commit(subject, text string) string {
	r.t.Helper()
	r.file("ci/policy.yaml", text)
	r.git("add", "ci")
	r.git("commit", "-qm", subject)
	return r.git("rev-parse", "HEAD")
}

const noKeys = "rules:\n  - {id: keys, tool: read_file, args: {path: '**/.ssh/**'}, action: deny}\n"

func TestReplayBisect(t *testing.T) {
	r := newPolicyRepo(t)
	r.file("rows.jsonl", rows)
	r.file("empty.jsonl", "")
	first := r.commit("begin", "version: 1\ndefault: allow\n"+noKeys)
	before := r.commit("say more", "# keys stay here\nversion: 1\ndefault: allow\n"+noKeys)
	r.commit("slip", "version: one\n")
	culprit := r.commit("let keys go", "version: 1\ndefault: allow\n")
	r.commit("say less", "version: 1\ndefault: allow\n# nothing\n")

	args := []string{"replay", "bisect", "rows.jsonl", "--path", "ci/policy.yaml"}
	r.want(0, []string{"let keys go", "deny → allow", "newly_allowed", "a:1", "doesn't load"}, args...)
	var got struct{ Before, After, Step string }
	if err := json.Unmarshal([]byte(r.want(0, nil, append(args, "--good", first, "--bad", culprit, "-o", "json")...)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Before != before || got.After != culprit || got.Step != "a:1" {
		t.Errorf("%+v, want %s and then %s", got, before, culprit)
	}
	r.want(exitIncomplete, []string{"alike"}, append(args, "--bad", before)...)
	r.want(exitIncomplete, []string{"no session"}, "replay", "bisect", "empty.jsonl", "--path", "ci/policy.yaml")
	r.want(exitUnable, []string{`no revision "--all"`}, append(args, "--bad=--all")...)
	r.want(exitUnable, []string{"top folder"}, "replay", "bisect", "rows.jsonl", "--path", "policy.yaml")
	r.want(exitUnable, []string{"--path"}, "replay", "bisect", "rows.jsonl")
	r.want(0, []string{"Examples:"}, "replay", "bisect", "--help")
}

// A baseline can be the policy as it was at a revision, with what it extended then.
func TestReplayBaselineFromGit(t *testing.T) {
	r := newPolicyRepo(t)
	r.file("rows.jsonl", rows)
	r.file("ci/base.yaml", "version: 1\ndefault: allow\n"+noKeys)
	r.commit("begin", "version: 1\nextends: base.yaml\ndefault: allow\n")
	r.file("ci/base.yaml", "version: 1\ndefault: allow\n")
	replayed := []string{"replay", "rows.jsonl", "-p", "ci/policy.yaml", "-b"}
	for _, baseline := range []string{"git:HEAD", "git:HEAD:ci/policy.yaml", "git:HEAD:" + r.dir + "/ci/policy.yaml"} {
		r.want(exitNo, []string{"newly_allowed", "1 of 2 verdicts would change"}, append(replayed, baseline)...)
	}
	r.want(exitUnable, []string{`no revision "nowhere"`}, append(replayed, "git:nowhere")...)
	r.want(exitUnable, []string{"ci/nothing.yaml"}, append(replayed, "git:HEAD:ci/nothing.yaml")...)
}

// Only what a change touches is mutated, and the policy's own tests are cases.
func TestReplayMutantsInDiff(t *testing.T) {
	r := newPolicyRepo(t)
	head, tests := "version: 1\ndefault: allow\nrules:\n  - {id: a, tool: a, action: deny}\n", "tests:\n  - {call: {tool: a}, want: deny}\n"
	r.commit("begin", head+tests)
	r.commit("add b", head+"  - {id: b, tool: b, action: deny}\n"+tests)
	args := []string{"replay", "mutants", "--policy", "ci/policy.yaml"}
	r.want(exitNo, []string{"delete-rule", "2 of 6 mutants noticed"}, args...)
	out := r.want(exitNo, []string{"0 of 3 mutants noticed"}, append(args, "--in-diff", "HEAD~1")...)
	if strings.Contains(out, " a ") {
		t.Errorf("rule a hasn't changed\n%s", out)
	}
	r.want(exitUnable, []string{"no revision"}, append(args, "--in-diff", "nowhere")...)
	r.want(exitUnable, []string{"an empty value"}, append(args, "--in-diff", "")...)
}

// Among 200 commits the one that planted a loosening is found in a few tries.
func TestReplayBisectAmongManyCommits(t *testing.T) {
	r := newPolicyRepo(t)
	r.file("rows.jsonl", rows)
	const commits, planted = 200, 137
	var script strings.Builder
	for i := range commits {
		text := fmt.Sprintf("# state %d\nversion: 1\ndefault: allow\n", i)
		if i < planted {
			text += noKeys
		}
		fmt.Fprintf(&script, "commit refs/heads/many\ncommitter Nobody <nobody@example.com> %d +0000\ndata <<end\nstate %d\nend\nM 100644 inline ci/policy.yaml\ndata %d\n%s\n", 1700000000+i, i, len(text), text)
	}
	cmd := exec.Command("git", "fast-import", "--quiet")
	cmd.Dir, cmd.Stdin = r.dir, strings.NewReader(script.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git fast-import: %v\n%s", err, out)
	}
	var got struct {
		After  string
		Class  string
		Judged int
	}
	out := r.want(0, nil, "replay", "bisect", "rows.jsonl", "--path", "ci/policy.yaml", "--bad", "many", "-o", "json")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if subject := r.git("log", "-1", "--format=%s", got.After); subject != fmt.Sprint("state ", planted) || got.Class != "newly_allowed" || got.Judged > 10 {
		t.Errorf("%s: %+v", subject, got)
	}
}

// A case that wants a rule which the candidate doesn't have can't be judged.
func TestReplayUnknownRuleInACase(t *testing.T) {
	e := newTestEnv(t)
	e.file("case.txtar", "-- policy.yaml --\nversion: 1\ndefault: allow\nrules:\n  - {id: no-a, tool: a, action: deny}\n-- session --\n"+
		`> {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{}}}`+"\n= deny no-a\n")
	e.file("same.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: no-a, tool: a, action: deny}\n")
	e.file("other.yaml", "version: 1\ndefault: allow\nrules:\n  - {id: no-aa, tool: a, action: deny}\n")
	e.want(0, nil, "replay", "case.txtar", "-p", "same.yaml")
	e.want(exitUnable, []string{`wants rule "no-a"`, "other.yaml has none"}, "replay", "case.txtar", "-p", "other.yaml")
}
