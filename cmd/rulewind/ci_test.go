package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// An actionFile is what action.yml holds, as far as it is used here.
type actionFile struct {
	Inputs map[string]struct {
		Description string
		Required    bool
		Default     string
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, Shell, Uses, If, Run string
	Env                            map[string]string
}

func decodeYAML(t *testing.T, text []byte, v any) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

func repoFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readAction(t *testing.T) (a actionFile) {
	t.Helper()
	decodeYAML(t, repoFile(t, "action.yml"), &a)
	return a
}

// A jobRunner does with the shell steps of a composite action what GitHub's does.
type jobRunner struct {
	*testEnv
	inputs  map[string]string
	steps   map[string]map[string]string // outputs by step
	log     bytes.Buffer
	summary string
}

// newJobRunner has the program that is tested stand in the place of an installed one.
func newJobRunner(t *testing.T, a *actionFile, inputs map[string]string) *jobRunner {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	r := &jobRunner{testEnv: newTestEnv(t), inputs: map[string]string{}, steps: map[string]map[string]string{}}
	for name, in := range a.Inputs {
		r.inputs[name] = in.Default
	}
	for name, value := range inputs {
		if _, known := a.Inputs[name]; !known {
			t.Fatalf("no input %s", name)
		}
		r.inputs[name] = value
	}
	r.file("rows.jsonl", rows)
	r.file("policies/loose.yaml", loose)
	r.file("policies/same.yaml", "version: 1\nextends: default\n")
	return r
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// eval replaces the expressions that the action uses.
func (r *jobRunner) eval(text string) string {
	return expression.ReplaceAllStringFunc(text, func(m string) string {
		for _, word := range strings.Split(expression.FindStringSubmatch(m)[1], "||") {
			parts := strings.Split(strings.TrimSpace(word), ".")
			value := ""
			switch {
			case parts[0] == "inputs" && len(parts) == 2:
				v, known := r.inputs[parts[1]]
				if !known {
					r.t.Errorf("the action has no input %s", parts[1])
				}
				value = v
			case parts[0] == "steps" && len(parts) == 4:
				value = r.steps[parts[1]][parts[3]]
			case word == "github.action_path":
				value, _ = filepath.Abs("../..")
			default:
				r.t.Errorf("an expression that this runner does not know: %s", m)
			}
			if value != "" {
				return value
			}
		}
		return ""
	})
}

// run runs the shell steps until one fails, and returns its exit code.
func (r *jobRunner) run(a *actionFile) int {
	r.t.Helper()
	for _, step := range a.Runs.Steps {
		if step.Uses != "" || step.If == "inputs.rulewind == ''" && r.inputs["rulewind"] != "" {
			continue
		}
		if code := r.shell(step); code != 0 {
			return code
		}
	}
	return 0
}

func (r *jobRunner) shell(step actionStep) int {
	r.t.Helper()
	if step.Shell != "bash" {
		r.t.Errorf("step %s has shell %q: composite actions need one", step.Name, step.Shell)
	}
	if strings.Contains(step.Run, "${{") {
		r.t.Errorf("step %s has an expression in its script: what an input holds would be code", step.Name)
	}
	temp := r.t.TempDir()
	output, summary := filepath.Join(temp, "output"), filepath.Join(temp, "summary")
	script := filepath.Join(temp, "script.sh")
	for name, text := range map[string]string{script: step.Run, output: "", summary: ""} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.dir, &r.log, &r.log
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "CI=true", "GITHUB_ACTIONS=true", "RULEWIND_TEST_RUN=1",
		"RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary}
	for _, name := range []string{"GOPATH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GOSUMDB", "GONOSUMCHECK", "GOTOOLCHAIN"} {
		if v, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	for name, value := range step.Env {
		cmd.Env = append(cmd.Env, name+"="+r.eval(value))
	}
	if err := cmd.Run(); cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	written, err := os.ReadFile(output)
	if err != nil {
		r.t.Fatal(err)
	}
	r.steps[step.ID] = map[string]string{}
	for line := range strings.Lines(string(written)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			r.t.Errorf("step %s wrote an output %q", step.Name, line)
		}
		r.steps[step.ID][name] = value
	}
	b, err := os.ReadFile(summary)
	if err != nil {
		r.t.Fatal(err)
	}
	r.summary += string(b)
	return cmd.ProcessState.ExitCode()
}

// outputs are those of the action.
func (r *jobRunner) outputs(a *actionFile) map[string]string {
	out := map[string]string{}
	for name, o := range a.Outputs {
		out[name] = r.eval(o.Value)
	}
	return out
}

func TestActionReplays(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" || len(a.Inputs) < 6 {
		t.Fatalf("%+v", a)
	}
	for name, in := range a.Inputs {
		if in.Description == "" {
			t.Errorf("input %s has no description", name)
		}
	}
	exe := newTestEnv(t).exe
	r := newJobRunner(t, &a, map[string]string{"rulewind": exe, "policy": "policies/loose.yaml", "recordings": "rows.jsonl\n", "baseline": "default"})
	code := r.run(&a)
	out := r.outputs(&a)
	if code != exitNo || out["exit-code"] != "1" {
		t.Errorf("exit %d, %q\n%s", code, out["exit-code"], &r.log)
	}
	for _, want := range []string{"::error file=policies/loose.yaml,line=4,col=5,title=", "::group::Rulewind replay\n", "Gate: failed.", "::endgroup::\n"} {
		if !strings.Contains(r.log.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, &r.log)
		}
	}
	if !strings.HasPrefix(r.summary, "# Rulewind replay: failed\n") {
		t.Errorf("summary %q", r.summary)
	}
	for _, name := range []string{"json", "comment", "html", "sarif", "junit"} {
		b, err := os.ReadFile(out[name])
		if err != nil || len(b) == 0 || filepath.Dir(out[name]) != out["directory"] {
			t.Errorf("output %s: %d bytes, %v", name, len(b), err)
		}
	}

	r = newJobRunner(t, &a, map[string]string{"rulewind": exe, "policy": "policies/same.yaml", "recordings": "rows.jsonl", "baseline": "default",
		"fail-on": "newly_denied\nloosened", "args": "--max-not-evaluable=0\n\n--mode=both\r\n", "comment": "pr comment.md"})
	if code := r.run(&a); code != 0 || r.outputs(&a)["comment"] != "pr comment.md" || !strings.Contains(r.read("pr comment.md"), "passed") {
		t.Errorf("exit %d, outputs %q\n%s", code, r.outputs(&a), &r.log)
	}
}

// What cannot start says so, fails the step, and leaves no output but the code.
func TestActionThatCanNotStart(t *testing.T) {
	a := readAction(t)
	exe := newTestEnv(t).exe
	for want, inputs := range map[string]map[string]string{
		"no such file":     {"policy": "nothing.yaml", "recordings": "rows.jsonl"},
		"unknown class":    {"policy": "policies/same.yaml", "recordings": "rows.jsonl", "fail-on": "everything"},
		"--policy":         {"policy": "", "recordings": "rows.jsonl"},
		"$(touch owned)":   {"policy": "$(touch owned).yaml", "recordings": "rows.jsonl"},
		"`touch owned`":    {"policy": "policies/same.yaml", "recordings": "`touch owned`; touch owned"},
		"--file: no such.": {"policy": "policies/same.yaml", "recordings": "--file: no such."},
	} {
		inputs["rulewind"] = exe
		r := newJobRunner(t, &a, inputs)
		code := r.run(&a)
		out := r.outputs(&a)
		if code != exitUnable || out["exit-code"] != "2" || out["json"] != "" || !strings.Contains(r.log.String(), want) {
			t.Errorf("%q: exit %d, outputs %q\n%s", inputs, code, out, &r.log)
		}
		if _, err := os.Stat(filepath.Join(r.dir, "owned")); err == nil {
			t.Errorf("%q: an input was run as code", inputs)
		}
	}
}

// Without a program the action builds its own, from its own commit.
func TestActionBuildsRulewind(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	a := readAction(t)
	r := newJobRunner(t, &a, map[string]string{"policy": "policies/same.yaml", "recordings": "rows.jsonl", "baseline": "default"})
	if code := r.run(&a); code != 0 || r.outputs(&a)["exit-code"] != "0" {
		t.Errorf("exit %d\n%s", code, &r.log)
	}
}

// The hooks' entries are commands that there are, and do what they say.
func TestPreCommitHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		PassFilenames                                 *bool `yaml:"pass_filenames"`
	}
	decodeYAML(t, repoFile(t, ".pre-commit-hooks.yaml"), &hooks)
	args := map[string][]string{"rulewind-replay": {"--policy", "team.rulewind.yaml", "--baseline", "default", "rows.jsonl"}}
	for _, h := range hooks {
		e := newTestEnv(t)
		e.file("rows.jsonl", rows)
		run := func(policy string) (code int) {
			e.file("team.rulewind.yaml", policy)
			words := append(strings.Fields(strings.TrimPrefix(h.Entry, "rulewind ")), args[h.ID]...)
			if h.PassFilenames == nil || *h.PassFilenames {
				words = append(words, "team.rulewind.yaml")
			}
			code, _, _ = e.run(words...)
			return code
		}
		tests := "tests:\n  - {call: {tool: read_file}, want: %s}\n"
		good := "version: 1\nextends: default\nrules:\n  - {id: a, tool: nobody, action: deny}\n" + fmt.Sprintf(tests, "allow")
		bad := "version: 1\nrules:\n  - {id: all, action: allow}\n  - {id: late, tool: x, action: deny}\n" + fmt.Sprintf(tests, "deny")
		if code := run(good); code != 0 {
			t.Errorf("%s: exit %d for a good policy", h.ID, code)
		}
		if code := run(bad); code != exitNo {
			t.Errorf("%s: exit %d for a bad policy", h.ID, code)
		}
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{"rulewind.yaml": true, "a/team.rulewind.yml": true, "my-rulewind.yaml": true, "x.yaml": false, "rulewind.yaml.bak": false} {
			if files.MatchString(name) != want {
				t.Errorf("%s: files match %s: %v", h.ID, name, !want)
			}
		}
		if h.Language != "golang" || h.Name == "" || h.Description == "" {
			t.Errorf("%+v", h)
		}
	}
	if len(hooks) != 3 {
		t.Errorf("%d hooks", len(hooks))
	}
}
