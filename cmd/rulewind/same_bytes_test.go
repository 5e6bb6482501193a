package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rulewind/rulewind/reports"
)

// Law L9: every output file is a function of the program, the policy, the corpus and
// the flags. The program itself is run, since what it links asks the environment too.
func TestLawL9SameBytesInEveryEnvironment(t *testing.T) {
	exe := newTestEnv(t).exe
	worlds := [][]string{
		nil,
		{"GOMAXPROCS=1", "LANG=ja_JP.UTF-8", "LC_ALL=ja_JP.UTF-8", "RUNEWIDTH_EASTASIAN=1", "TZ=Pacific/Kiritimati", "SOURCE_DATE_EPOCH=1",
			"TERM=dumb", "COLUMNS=20", "LINES=5", "NO_COLOR=1"},
		{"GOMAXPROCS=7", "GODEBUG=randseednop=0", "LANG=C", "LC_ALL=C", "RUNEWIDTH_EASTASIAN=0", "TZ=America/St_Johns",
			"TERM=xterm-256color", "COLUMNS=400", "COLORTERM=truecolor", "FORCE_COLOR=1", "CLICOLOR_FORCE=1"},
		{"CI=true", "GITHUB_ACTIONS=true", "HOME=/nonexistent", "USER=somebody", "HOSTNAME=elsewhere"},
	}
	var want map[string][]byte
	for i, world := range worlds {
		dir := t.TempDir()
		if i%2 == 1 {
			dir = filepath.Join(dir, "another folder", "деревня")
		}
		got := outputs(t, exe, dir, world)
		if want == nil {
			want = got
			continue
		}
		for name, text := range got {
			if !bytes.Equal(text, want[name]) {
				t.Errorf("%s differs with %q in %s", name, world, dir)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d files with %q, %d without", len(got), world, len(want))
		}
	}
	if len(want) < 35 {
		t.Errorf("only %d files were compared", len(want))
	}
}

// outputs runs the program in an environment and returns all that it writes.
func outputs(t *testing.T, exe, dir string, world []string) map[string][]byte {
	t.Helper()
	e := &testEnv{t: t, dir: dir}
	e.replays()
	e.file("many.jsonl", manyRows(60))
	e.file("wide.jsonl", `{"id":"w:1","session":"日本語 セッション","server":"サーバー","direction":"request","tool":"ｆｕｌｌ〜ｗｉｄｔｈ","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ｆｕｌｌ〜ｗｉｄｔｈ","arguments":{"path":"/etc/“§±”…─│¨"}}},"label":"attack","category":"x"}`+"\n")
	e.file("tests.yaml", loose+"  - {id: idle, tool: nobody, action: ask}\ntests:\n  - {call: {tool: read_file}, want: deny}\n  - {call: {tool: read_file}, want: allow}\n")
	sources := []string{"rows.jsonl", "many.jsonl", "wide.jsonl"}
	got := map[string][]byte{}
	run := func(name string, formats []string, args ...string) {
		for _, f := range formats {
			args = append(args, "-o", f+"="+name+"."+f)
		}
		cmd := exec.Command(exe, args...)
		cmd.Dir = dir
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "RULEWIND_TEST_RUN=1"}, world...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, _ := cmd.Output() // the exit code is compared below
		if stderr.Len() > 0 {
			t.Fatalf("%q: %s", args, stderr.Bytes())
		}
		got[name+" on standard output"] = append(out, byte('0'+cmd.ProcessState.ExitCode()))
		for _, f := range formats {
			b, err := os.ReadFile(filepath.Join(dir, name+"."+f))
			if err != nil || len(b) == 0 {
				t.Fatalf("%s.%s: %d bytes, %v", name, f, len(b), err)
			}
			got[name+"."+f] = b
		}
	}
	with := func(args ...string) []string { return append(args, sources...) }
	run("replay", reports.Names(reports.ReplayFormats), with("replay", "-b", "default", "-p", "policies/loose.yaml", "--mode", "both")...)
	run("report", reports.Names(reports.Formats), with("report")...)
	run("coverage", reports.Names(reports.CoverageFormats), with("replay", "coverage", "-p", "policies/loose.yaml")...)
	run("mutants", nil, with("replay", "mutants", "-p", "policies/loose.yaml")...)
	run("score", reports.Names(reports.ScoreFormats), with("corpus", "score", "--misses", "9", "-o", "text")...)
	run("tests", reports.Names(reports.TestFormats), "policy", "test", "tests.yaml", "-o", "text=tests.txt")
	run("lint", reports.Names(reports.LintFormats), "policy", "lint", "tests.yaml", "-o", "text=lint.txt")
	run("again", reports.Names(reports.ReplayFormats), "report", "replay.json")
	return got
}
