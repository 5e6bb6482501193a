package reports_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

const candidate = `version: 1
name: candidate
default: allow
rules:
  - id: no-shell
    tool: shell
    action: deny
    severity: high
    message: no commands at all
  - id: no-search
    tool: search
    action: deny
    message: no searching
`

// candidateFiles are where the candidate is.
var candidateFiles = [][]replay.PolicyFile{{{Name: "test.yaml", Path: "policies/test.yaml", Default: 3}}}

func run(t testing.TB, cases []corpus.Case, cfg replay.Config) *replay.Result {
	t.Helper()
	cfg.Engine = "test"
	if cfg.Candidates == nil {
		cfg.Candidates, cfg.Files = []*policy.Policy{load(t, candidate)}, candidateFiles
	}
	r, err := replay.Run(context.Background(), seq(cases), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func exactDay(t testing.TB) []corpus.Case {
	cases := day(t)
	cases[1].Steps[2].Fidelity = policy.Exact
	return cases
}

// replayed is a run in which one group of the loosening is accepted.
func replayed(t testing.TB) *replay.Result {
	r := run(t, exactDay(t), replay.Config{})
	given, err := r.Accept(r.Comparisons[0].Groups[1].ID, "the tokens are for tests", "")
	if err != nil {
		t.Fatal(err)
	}
	return run(t, exactDay(t), replay.Config{Gate: replay.GateConfig{Accepted: given}})
}

// drifted is a run in which a recorded verdict doesn't come out the same.
func drifted(t testing.TB) *replay.Result {
	cases := exactDay(t)
	cases[0].Steps[3].Recorded.Verdict.Rule = "another-rule"
	return run(t, cases, replay.Config{})
}

// expecting is a run in which a case wants what the candidate doesn't give.
func expecting(t testing.TB) *replay.Result {
	cases := exactDay(t)
	deny := policy.Deny
	cases[0].Steps[3].Want = &corpus.Expectation{Action: deny}
	return run(t, cases, replay.Config{})
}

// runs are results of every sort.
func runs(t testing.TB) map[string]*replay.Result {
	verified, err := replay.Verify(context.Background(), seq(exactDay(t)), replay.Config{})
	if err != nil {
		t.Fatal(err)
	}
	two := load(t, candidate)
	return map[string]*replay.Result{
		"accepted": replayed(t), "drifted": drifted(t), "expecting": expecting(t), "verified": verified,
		"empty": run(t, nil, replay.Config{}), "hostile": hostileRun(t),
		"both histories": run(t, exactDay(t), replay.Config{Candidates: []*policy.Policy{two}, Mode: replay.Both}),
		"two candidates": run(t, exactDay(t), replay.Config{Candidates: []*policy.Policy{two, load(t, testPolicy)}}),
	}
}

// manyGroups is a run with that many groups, and one more.
func manyGroups(t testing.TB, n int) *replay.Result {
	r := run(t, exactDay(t), replay.Config{})
	c := &r.Comparisons[0]
	g := c.Groups[0]
	for i := range n {
		g.ID = fmt.Sprintf("%012x", i)
		c.Groups = append(c.Groups, g)
	}
	return r
}

func TestReplayGoldens(t *testing.T) {
	res := replayed(t)
	extensions := map[string]string{"text": "txt", "markdown": "md", "html": "html", "junit": "junit.xml",
		"sarif": "sarif", "github": "github", "tap": "tap"}
	for _, f := range reports.ReplayFormats {
		if ext := extensions[f.Name]; ext != "" { // the schema describes the JSON
			golden(t, "replay."+ext, render(t, f.Write, res))
		}
	}
}

func TestLongListsSayWhatIsLeftOut(t *testing.T) {
	r := manyGroups(t, 5100)
	groups := len(r.Comparisons[0].Groups)
	left := fmt.Sprint(groups - 5000)
	for _, f := range reports.ReplayFormats {
		out := render(t, f.Write, r)
		switch f.Name {
		case "json":
		case "sarif":
			if n := strings.Count(out, `"ruleIndex"`); n != 5000 || !strings.Contains(out, left+" results are left out") {
				t.Errorf("%d results, and %s are left out", n, left)
			}
		case "junit", "tap":
			if !strings.Contains(out, left+" checks are not listed") {
				t.Errorf("%s does not say that %s are left out", f.Name, left)
			}
		case "github":
			if n := strings.Count(out, "::error "); n != 10 || !strings.Contains(out, "more are not annotated") {
				t.Errorf("%d errors are annotated", n)
			}
		case "markdown":
			if len(out) >= 60_000 {
				t.Errorf("the Markdown has %d bytes: GitHub takes no comment of more than 65,536", len(out))
			}
			fallthrough
		default:
			if !strings.Contains(out, "left out") {
				t.Errorf("%s does not say that groups are left out", f.Name)
			}
		}
	}
}

func TestDriftStopsTheClaim(t *testing.T) {
	text := render(t, reports.ReplayText, drifted(t))
	for _, want := range []string{"A/A: DRIFT.", "drift in rule", "another-rule", "Gate: incomplete. This run proves nothing yet."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A writer that fails makes every format fail, and none panics.
func TestBrokenWriters(t *testing.T) {
	full := errors.New("no space left")
	for _, f := range reports.ReplayFormats {
		if err := f.Write(brokenWriter{full}, replayed(t)); !errors.Is(err, full) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// Law L8: no secret in a replay's result, whatever the recording holds and wherever.
func TestNoSecretInAReplay(t *testing.T) {
	cases := exactDay(t)
	key := secret(t, 3)
	s := newSession(load(t, testPolicy), "s-3", "files", start)
	s.tool(key, `{"`+key+`":"`+key+`"}`, key)
	s.tool("shell", `{"command":"echo `+key+`"}`, "")
	cases = append(cases, s.c)
	for _, p := range []string{candidate, "version: 1\ndefault: deny\n", "version: 1\ndefault: allow\n",
		"version: 1\nrules:\n  - {id: all, text: {secrets: true}, action: redact}\n"} {
		cfg := replay.Config{Candidates: []*policy.Policy{load(t, p)}}
		r := run(t, cases, cfg)
		outs := map[string]string{}
		for _, f := range reports.ReplayFormats {
			outs[f.Name] = render(t, f.Write, r)
		}
		var part strings.Builder
		if err := replay.RunShard(context.Background(), seq(cases), cfg, replay.Shard{Index: 1, Of: 1}, &part); err != nil {
			t.Fatal(err)
		}
		outs["part"] = part.String()
		for name, out := range outs {
			for i, secret := range []string{secret(t, 1), secret(t, 2), key} {
				if at := strings.Index(out, strings.TrimRight(secret, "|")); at >= 0 {
					t.Errorf("secret %d is in the %s under %q: %.80q", i, name, p, out[max(at-40, 0):])
				}
			}
		}
	}
}
