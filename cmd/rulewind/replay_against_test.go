package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A recording is sent to the server that it came from, to one that has changed, and to
// what is none.
func TestReplayAgainst(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the servers are written for a Unix shell")
	}
	e := newTestEnv(t)
	e.want(0, nil, "demo")
	against := func(code int, texts []string, args ...string) string {
		t.Helper()
		return e.want(code, texts, append([]string{"replay", "against", "rulewind-demo/demo.db", "--record", "again.db"}, args...)...)
	}
	out := against(0, []string{"13 answers are the same, 0 differ", "3 were not sent", "the policy stops it (no-credential-access)"}, "--", e.exe, "demo-server")
	if strings.Contains(out, demoSecret(1)) {
		t.Error("the secret is told")
	}
	// Another secret is still a secret, and what was recorded of the run can be replayed.
	against(0, []string{`"same": 13`, `"version": "rulewind.against/1"`}, "-o", "json", "--", e.exe, "demo-server", "--seed", "5")
	e.want(0, []string{"Gate: passed"}, "replay", "verify", "again.db")
	e.want(0, []string{"13 answers are the same"}, "replay", "rulewind-demo/demo.db", "--against", "--record", "again.db", "--", e.exe, "demo-server")
	e.want(0, []string{"13 answers are the same"}, "replay", "--against", "--db", "rulewind-demo/demo.db", "--record", "again.db", "--", e.exe, "demo-server")
	// A server that says something else.
	e.file("changed.sh", "'"+e.exe+`' demo-server | while IFS= read -r line; do printf '%s\n' "$line" | sed 's/Tracks containers/Tracks ships/'; done`)
	against(exitNo, []string{"different     tools/call read_file", "/result/content/0/text", "Tracks containers", "Tracks ships", "12 answers are the same, 1 differ"}, "--", "sh", filepath.Join(e.dir, "changed.sh"))
	against(0, []string{"13 answers are the same"}, "--ignore", "/result/content/*/text", "--", "sh", filepath.Join(e.dir, "changed.sh"))
	// Servers that don't answer: one takes its time, one is gone.
	against(exitNo, []string{"no_answer", "the server has not answered"}, "--timeout", "50ms", "--", "sh", "-c", "cat >/dev/null")
	against(exitNo, []string{"the session had ended before it could be sent"}, "--", "true")
	against(exitUnable, []string{"could not be started"}, "--", "no-such-program")
	against(exitUnable, []string{"put its command after --"})
	against(exitUnable, []string{"--timeout"}, "--timeout", "0s", "--", "true")
	if _, err := os.Stat(filepath.Join(e.dir, "home")); err == nil {
		t.Error("something was left in the home folder")
	}
}
