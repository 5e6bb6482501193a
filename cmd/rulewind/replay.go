package main

import (
	"context"
	"fmt"
	"iter"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayCmd struct {
	Run     replayRunCmd     `cmd:"" default:"withargs" help:"Judge recordings by a candidate policy and show what would change."`
	Verify  replayVerifyCmd  `cmd:"" help:"Check that every recorded verdict comes out the same today."`
	Mutate  replayMutantsCmd `cmd:"" name:"mutants" help:"Tell which changes of a policy the recordings would notice."`
	Cover   replayCoverCmd   `cmd:"" name:"coverage" help:"Show which rules the recordings exercise."`
	Merge   replayMergeCmd   `cmd:"" help:"Make one result of the parts that replay --shard wrote."`
	Accept  replayAcceptCmd  `cmd:"" help:"Write down that a group of changes is wanted."`
	Review  replayReviewCmd  `cmd:"" help:"Go through the changes, and accept those that are wanted."`
	Against replayAgainstCmd `cmd:"" help:"Send recorded requests to a real server and compare its answers."`
	Bisect  replayBisectCmd  `cmd:"" help:"Find the commit of a policy that changed a verdict."`
}

// A replayOutput is the flags that both commands have.
type replayOutput struct {
	Output  []string `short:"o" default:"text" sep:"none" placeholder:"FORMAT[=PATH]" help:"text, markdown, html, json, junit, sarif, github or tap; with =PATH into a file. Repeatable. (default: text)"`
	File    string   `short:"f" placeholder:"PATH" help:"Write there what goes to standard output otherwise."`
	Workers int      `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`
	identityFlag
}

// Validate finds an unknown format before anything is read.
func (c *replayOutput) Validate() error {
	if c.Workers < 0 {
		return fmt.Errorf("--workers: want 1 or more, got %d", c.Workers)
	}
	_, err := targets(c.Output, c.File, reports.Names(reports.ReplayFormats))
	return err
}

type replayRunCmd struct {
	Sources  []string `arg:"" optional:"" name:"source" help:"Databases, corpora (JSON Lines, .zst too), folders or globs. (default: the database)"`
	Policy   []string `short:"p" required:"" placeholder:"CANDIDATE" help:"The policy to try. Repeatable."`
	Baseline filled   `short:"b" placeholder:"POLICY" help:"What to compare with; git:REV or git:REV:FILE is a file as it was. (default: the policy each session was recorded under)"`

	Quick bool   `help:"Believe the recording where it says that nothing was found: several times faster, for changes of rules that look at no text."`
	Shard filled `placeholder:"I/N" help:"Judge only every Nth session from the Ith on, and write the part for replay merge to --file."`

	Schema schemaFlag[replay.Result] `help:"Print the JSON Schema of what -o json writes."`

	historyFlags
	filterFlags
	gateFlags
	replayOutput
}

func (replayRunCmd) Help() string {
	return `Prints the A/A first (the recording under its own policy must give the recorded verdicts), then every verdict that the candidate would change, grouped, loosening first, then the gate. Exits 0 if the gate passes, 1 if it fails, 3 if the run proves nothing.

Examples:

    rulewind replay --policy candidate.yaml
    rulewind replay monday.db tuesday.db --policy candidate.yaml --baseline policy.yaml
    rulewind replay corpus/ --policy policy.yaml --baseline git:main
    rulewind replay corpus/ --policy candidate.yaml --max-newly-denied 0.1% -o json
    rulewind replay corpus/ --policy candidate.yaml -o text -o markdown=comment.md -o json=result.json
    rulewind replay verify rulewind.db`
}

func (c *replayRunCmd) Run(e *env) error {
	gate, err := c.gate(e)
	if err != nil {
		return err
	}
	filter, err := c.filter()
	if err != nil {
		return err
	}
	cfg, err := c.policies(e)
	if err != nil {
		return err
	}
	cfg.Gate, cfg.Filter, cfg.Quick = gate, filter, c.Quick
	if err := c.history(&cfg); err != nil {
		return err
	}
	if c.Shard != "" {
		return c.shard(e, cfg)
	}
	return c.replay(e, c.Sources, cfg, replay.Run)
}

// policies loads the candidates and the baseline, and tells all problems at once.
func (c *replayRunCmd) policies(e *env) (replay.Config, error) {
	var cfg replay.Config
	var problems []string
	load := func(name string) *policy.Policy {
		p, err := e.loadPolicy(name)
		if err != nil {
			problems = append(problems, err.Error())
		}
		return p
	}
	for _, name := range c.Policy {
		p, files, err := e.loadPolicyFiles(name)
		if err != nil {
			problems = append(problems, err.Error())
		}
		cfg.Candidates, cfg.Files = append(cfg.Candidates, p), append(cfg.Files, files)
	}
	switch {
	case strings.HasPrefix(string(c.Baseline), "git:"):
		var err error
		if cfg.Baseline, err = e.loadAt(string(c.Baseline), c.Policy[0]); err != nil {
			problems = append(problems, err.Error())
		}
	case c.Baseline != "":
		cfg.Baseline = load(string(c.Baseline))
	default:
		cfg.Fallback = load("default")
	}
	if len(problems) > 0 {
		return cfg, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return cfg, nil
}

type replayVerifyCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	filterFlags
	replayOutput
}

func (replayVerifyCmd) Help() string {
	return `Judges each session again under the policy that recorded it. Exits 0 only if every recorded verdict comes out the same, 3 if one does not or there is none.

Examples:

    rulewind replay verify
    rulewind replay verify rulewind.db -o json`
}

func (c *replayVerifyCmd) Run(e *env) error {
	filter, err := c.filter()
	if err != nil {
		return err
	}
	return c.replay(e, c.Sources, replay.Config{Filter: filter}, replay.Verify)
}

// A runner is replay.Run or replay.Verify.
type runner func(context.Context, iter.Seq2[corpus.Case, error], replay.Config) (*replay.Result, error)

// replay judges the sources and writes the result. The exit code is the gate's.
func (c *replayOutput) replay(e *env, given []string, cfg replay.Config, run runner) error {
	sources, err := e.sources(given)
	if err != nil {
		return err
	}
	cases, err := c.open(e, sources)
	if err != nil {
		return err
	}
	c.configure(&cfg)
	defer roomy()()
	done := e.progress(&cfg, sources)
	ctx, stop := e.interruptible()
	defer stop()
	result, err := run(ctx, cases, cfg)
	done()
	if err != nil {
		return err
	}
	return c.write(e, result)
}

func (c *replayOutput) configure(cfg *replay.Config) {
	cfg.Engine, cfg.Workers = version(), workers(c.Workers)
}

// workers is how many sessions to judge at once: as many as there are processors,
// unless told otherwise.
func workers(n int) int {
	if n == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// interruptible is the context of a run that a signal stops: what is done by then
// is still written, marked as a part.
func (e *env) interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(e.Context, syscall.SIGINT, syscall.SIGTERM)
}

// write writes a result. The exit code is its gate's.
func (c *replayOutput) write(e *env, result *replay.Result) error {
	formats := withText(reports.ReplayFormats, reports.PaintedReplayText(e.textPaint(c.Output, c.File).text()))
	if err := writeTargets(e, c.Output, c.File, formats, result); err != nil {
		return err
	}
	return exit(result.Gate.Status.ExitCode())
}
