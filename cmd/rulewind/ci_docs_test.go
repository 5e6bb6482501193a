package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/reports"
)

// ciExample returns the documents of the example under a heading of docs/ci.md.
func ciExample[T any](t *testing.T, heading string) (docs []T) {
	t.Helper()
	_, after, found := strings.Cut(string(repoFile(t, "docs/ci.md")), "\n"+heading+"\n")
	block := yamlBlock.FindStringSubmatch(after)
	if !found || block == nil {
		t.Fatalf("docs/ci.md has no example under %q", heading)
	}
	d := yaml.NewDecoder(strings.NewReader(block[1]))
	for {
		var v T
		if err := d.Decode(&v); err == io.EOF {
			return docs
		} else if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, v)
	}
}

// A shardJob runs a doc's commands as plain processes in one folder, as the nodes of
// a CI system do.
type shardJob struct {
	policyRepo
	base string // a commit
	bin  string // the folder of a program of the name that the doc uses
}

func newShardJob(t *testing.T) *shardJob {
	t.Helper()
	j := &shardJob{policyRepo: newPolicyRepo(t), bin: t.TempDir()}
	if err := os.Symlink(j.exe, filepath.Join(j.bin, "rulewind")); err != nil {
		t.Skip("no symbolic links")
	}
	j.file("corpus/rows.jsonl", rows)
	j.file("corpus/many.jsonl", manyRows(23))
	baseline := "version: 1\nextends: default\nrules:\n  - {id: no-t1, tool: t1, action: deny}\n"
	j.file("baseline.yaml", baseline)
	j.file("policy.yaml", baseline)
	j.git("add", ".")
	j.git("commit", "-qm", "begin")
	j.base = j.git("rev-parse", "HEAD")
	j.file("policy.yaml", "version: 1\nextends: default\nrules:\n  - {id: no-t2, tool: t2, action: deny}\n")
	return j
}

func (j *shardJob) sh(script string, env ...string) (code int, out string) {
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = j.dir
	cmd.Env = append([]string{"PATH=" + j.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + j.dir, "RULEWIND_TEST_RUN=1",
		"CI_MERGE_REQUEST_DIFF_BASE_SHA=" + j.base}, env...)
	var buf bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buf, &buf
	if err := cmd.Run(); cmd.ProcessState == nil {
		j.t.Error(err)
	}
	return cmd.ProcessState.ExitCode(), buf.String()
}

// shards runs the script once for each environment, all at the same time.
func (j *shardJob) shards(script string, envs ...[]string) {
	var wait sync.WaitGroup
	for _, env := range envs {
		wait.Go(func() {
			if code, out := j.sh(script, env...); code != 0 {
				j.t.Errorf("%s with %q: exit %d\n%s", script, env, code, out)
			}
		})
	}
	wait.Wait()
}

// merges runs the merging script, and compares its result with an undivided run.
func (j *shardJob) merges(script, baseline string) {
	j.t.Helper()
	whole := j.want(exitNo, nil, "replay", "corpus/", "--policy", "policy.yaml", "--baseline", baseline, "-o", "json")
	if code, out := j.sh(script); code != exitNo {
		j.t.Errorf("%s: exit %d\n%s", script, code, out)
	}
	if got := j.read("replay.json"); got != whole {
		j.t.Error("the merged result is not that of the undivided run")
	}
	parts, err := filepath.Glob(filepath.Join(j.dir, "part-*"))
	if err != nil || len(parts) < 2 {
		j.t.Fatalf("%d parts, %v", len(parts), err)
	}
	if err := os.Remove(parts[0]); err != nil {
		j.t.Fatal(err)
	}
	if code, out := j.sh(script); code != exitIncomplete {
		j.t.Errorf("without a part: exit %d\n%s", code, out)
	}
}

func TestGitLabExample(t *testing.T) {
	type job struct {
		Parallel int
		Script   []string
	}
	jobs := ciExample[map[string]job](t, "### GitLab parallel job")[0]
	j := newShardJob(t)
	var nodes [][]string
	total := jobs["replay"].Parallel
	for i := range total {
		nodes = append(nodes, []string{"CI_NODE_INDEX=" + strconv.Itoa(i+1), "CI_NODE_TOTAL=" + strconv.Itoa(total)})
	}
	j.shards(strings.Join(jobs["replay"].Script, "\n"), nodes...)
	j.merges(strings.Join(jobs["merge"].Script, "\n"), "git:"+j.base)
}

func TestKubernetesExample(t *testing.T) {
	type job struct {
		Spec struct {
			CompletionMode           string `yaml:"completionMode"`
			Completions, Parallelism int
			Template                 struct {
				Spec struct {
					Containers []struct {
						Env           []struct{ Name, Value string }
						Command, Args []string
					}
				}
			}
		}
	}
	jobs := ciExample[job](t, "### Kubernetes Indexed Job")
	j := newShardJob(t)
	shard, merge := jobs[0].Spec.Template.Spec.Containers[0], jobs[1].Spec.Template.Spec.Containers[0]
	if jobs[0].Spec.CompletionMode != "Indexed" || strings.Join(shard.Command, " ") != "sh -c" || strings.Join(merge.Command, " ") != "sh -c" {
		t.Fatalf("%+v", jobs)
	}
	var pods [][]string
	for i := range jobs[0].Spec.Completions {
		env := []string{"JOB_COMPLETION_INDEX=" + strconv.Itoa(i)}
		for _, v := range shard.Env {
			env = append(env, v.Name+"="+v.Value)
		}
		pods = append(pods, env)
	}
	j.shards(shard.Args[0], pods...)
	j.merges(merge.Args[0], "baseline.yaml")
}

func TestGitHubMatrixExample(t *testing.T) {
	type job struct {
		Strategy struct{ Matrix struct{ Index []int } }
		Env      map[string]string
		Steps    []struct{ Run string }
	}
	type workflow struct{ Jobs map[string]job }
	w := ciExample[workflow](t, "### GitHub matrix")[0]
	j := newShardJob(t)
	j.git("update-ref", "refs/remotes/origin/main", j.base)
	script := func(name string) (out string) {
		for _, s := range w.Jobs[name].Steps {
			out += s.Run + "\n"
		}
		return out
	}
	var nodes [][]string
	shard := w.Jobs["shard"]
	for _, i := range shard.Strategy.Matrix.Index {
		var env []string
		for name, value := range shard.Env {
			value = strings.NewReplacer("${{ matrix.index }}", fmt.Sprint(i), "${{ strategy.job-total }}", fmt.Sprint(len(shard.Strategy.Matrix.Index))).Replace(value)
			env = append(env, name+"="+value)
		}
		nodes = append(nodes, env)
	}
	j.shards(script("shard"), nodes...)
	j.merges("GITHUB_STEP_SUMMARY=summary.md; "+script("merge"), "git:origin/main")
	if got := j.read("summary.md"); !strings.HasPrefix(got, "# Rulewind replay: failed") {
		t.Errorf("summary %.80q", got)
	}
}

// The examples of the action and of the hooks name inputs, outputs and hooks that
// there are.
func TestCIExamplesFitTheirFiles(t *testing.T) {
	a := readAction(t)
	type workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses, If string
				With     map[string]any
			}
		}
	}
	used := 0
	for _, job := range ciExample[workflow](t, "## GitHub Actions")[0].Jobs {
		for _, step := range job.Steps {
			text := step.If
			for name, value := range step.With {
				if strings.HasPrefix(step.Uses, "rulewind/") {
					used++
					if _, known := a.Inputs[name]; !known {
						t.Errorf("the action has no input %s", name)
					}
				}
				text += fmt.Sprint(" ", value)
			}
			for _, part := range strings.Split(text, "steps.replay.outputs.")[1:] {
				name := strings.FieldsFunc(part, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') })[0]
				if _, known := a.Outputs[name]; !known {
					t.Errorf("the action has no output %s", name)
				}
			}
		}
	}
	if used < 3 {
		t.Errorf("the example uses %d inputs", used)
	}
	hooks := string(repoFile(t, ".pre-commit-hooks.yaml"))
	type config struct {
		Repos []struct{ Hooks []struct{ ID string } }
	}
	for _, h := range ciExample[config](t, "## pre-commit")[0].Repos[0].Hooks {
		if !strings.Contains(hooks, "- id: "+h.ID+"\n") {
			t.Errorf("there is no hook %s", h.ID)
		}
	}
}

// The page names every format that commands have.
func TestCIDocNamesEveryFormat(t *testing.T) {
	doc := string(repoFile(t, "docs/ci.md"))
	for _, name := range append(reports.Names(reports.ReplayFormats), reports.Names(reports.CoverageFormats)...) {
		if !strings.Contains(doc, "`"+name+"`") {
			t.Errorf("docs/ci.md does not name %s", name)
		}
	}
}
