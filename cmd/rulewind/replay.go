package main

import (
	"fmt"
	"io"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayCmd struct {
	Run    replayRunCmd    `cmd:"" default:"withargs" help:"Judge recordings by a candidate policy and show what would change."`
	Verify replayVerifyCmd `cmd:"" help:"Check that every recorded verdict comes out the same today."`
}

// replayFormats are the ways to write a result.
var replayFormats = []struct {
	name  string
	write func(io.Writer, *replay.Result) error
}{
	{"text", reports.ReplayText},
	{"markdown", reports.ReplayMarkdown},
	{"html", reports.ReplayHTML},
	{"json", func(w io.Writer, r *replay.Result) error { return writeJSON(w, r) }},
}

// A replayOutput is the flags that both commands have.
type replayOutput struct {
	Output  string `short:"o" default:"text" placeholder:"FORMAT" help:"text, markdown, html or json."`
	File    string `short:"f" placeholder:"PATH" help:"Write there instead of to standard output."`
	Workers int    `placeholder:"N" help:"How many sessions to judge at once. (default: one a processor)"`
}

// Validate finds an unknown format before anything is read.
func (c *replayOutput) Validate() error {
	names := make([]string, len(replayFormats))
	for i, f := range replayFormats {
		names[i] = f.name
	}
	if c.Workers < 0 {
		return fmt.Errorf("--workers: want 1 or more, got %d", c.Workers)
	}
	return oneOf("format", c.Output, names...)
}

type replayRunCmd struct {
	Sources  []string `arg:"" optional:"" name:"source" help:"Databases, corpora (JSON Lines, .zst too), folders or globs. (default: the database)"`
	Policy   []string `short:"p" required:"" placeholder:"CANDIDATE" help:"The policy to try. Repeatable."`
	Baseline string   `short:"b" placeholder:"POLICY" help:"What to compare with. (default: the policy each session was recorded under)"`

	FailOn           []string `placeholder:"CLASS" help:"Fail on these classes of change instead of the default ones."`
	MaxNewlyDenied   *string  `placeholder:"N|P%" help:"Fail if more than that would be newly denied."`
	MaxNotEvaluable  *string  `placeholder:"N|P%" help:"Accept that many that can't be judged."`
	MinExactFidelity *string  `placeholder:"P%" help:"Fail if less than that was stored exactly."`
	AllowEmpty       bool     `help:"Pass if there is no case."`

	replayOutput
}

func (replayRunCmd) Help() string {
	return `Prints the A/A first (the recording under its own policy must give the recorded verdicts), then every verdict that the candidate would change, grouped, loosening first, then the gate. Exits 0 if the gate passes, 1 if it fails, 3 if the run proves nothing.

Examples:

    rulewind replay --policy candidate.yaml
    rulewind replay monday.db tuesday.db --policy candidate.yaml --baseline policy.yaml
    rulewind replay corpus/ --policy candidate.yaml --max-newly-denied 0.1% -o json
    rulewind replay verify rulewind.db`
}

func (c *replayRunCmd) Run(e *env) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	cfg := replay.Config{Gate: gate}
	var problems []string
	load := func(name string) *policy.Policy {
		p, err := e.loadPolicy(name)
		if err != nil {
			problems = append(problems, err.Error())
		}
		return p
	}
	for _, name := range c.Policy {
		cfg.Candidates = append(cfg.Candidates, load(name))
	}
	if c.Baseline != "" {
		cfg.Baseline = load(c.Baseline)
	} else {
		cfg.Fallback = load("default")
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return c.replay(e, c.Sources, cfg)
}

// gate reads the flags of the gate.
func (c *replayRunCmd) gate() (g replay.GateConfig, err error) {
	for _, word := range c.FailOn {
		class, err := replay.ParseClass(word)
		if err != nil {
			var known []string
			for _, k := range replay.Classes() {
				known = append(known, k.String())
			}
			return g, unknown("class", word, known...)
		}
		g.FailOn = append(g.FailOn, class)
	}
	for _, b := range []struct {
		flag string
		text *string
		to   *replay.Budget
	}{
		{"--max-newly-denied", c.MaxNewlyDenied, &g.MaxNewlyDenied},
		{"--max-not-evaluable", c.MaxNotEvaluable, &g.MaxNotEvaluable},
	} {
		if b.text != nil {
			if *b.to, err = replay.ParseBudget(*b.text); err != nil {
				return g, fmt.Errorf("%s: %w", b.flag, err)
			}
		}
	}
	if c.MinExactFidelity != nil {
		if g.MinExactFidelity, err = replay.ParseShare(*c.MinExactFidelity); err != nil {
			return g, fmt.Errorf("--min-exact-fidelity: %w", err)
		}
	}
	g.AllowEmpty = c.AllowEmpty
	return g, nil
}

type replayVerifyCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	replayOutput
}

func (replayVerifyCmd) Help() string {
	return `Judges each session again under the policy that recorded it. Exits 0 only if every recorded verdict comes out the same, 3 if one does not or there is none.

Examples:

    rulewind replay verify
    rulewind replay verify rulewind.db -o json`
}

func (c *replayVerifyCmd) Run(e *env) error { return c.replay(e, c.Sources, replay.Config{}) }

// replay judges the sources and writes the result. The exit code is the gate's.
func (c *replayOutput) replay(e *env, given []string, cfg replay.Config) error {
	sources, err := e.sources(given)
	if err != nil {
		return err
	}
	cfg.Engine, cfg.Workers = version(), c.Workers
	if cfg.Workers == 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	done := e.progress(&cfg)
	ctx, stop := signal.NotifyContext(e.Context, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	result, err := replay.Run(ctx, importer.Open(sources...), cfg)
	done()
	if err != nil {
		return err
	}
	err = e.output(c.File, func(w io.Writer) error {
		for _, f := range replayFormats {
			if f.name == c.Output {
				return f.write(w, result)
			}
		}
		return nil // Validate has seen to that
	})
	if err != nil {
		return err
	}
	return exit(result.Gate.Status.ExitCode())
}

// progress shows how far a run is on a terminal, and returns what takes it away.
func (e *env) progress(cfg *replay.Config) (done func()) {
	if !e.Terminal(e.Stderr) {
		return func() {}
	}
	shown := 0
	cfg.Progress = func(p replay.Progress) {
		if p.Cases-shown < 200 {
			return
		}
		shown = p.Cases
		fmt.Fprintf(e.Stderr, "\r%d sessions, %d frames, %d changes", p.Cases, p.Steps, p.Changes)
	}
	return func() {
		if shown > 0 {
			fmt.Fprint(e.Stderr, "\r\x1b[K")
		}
	}
}
