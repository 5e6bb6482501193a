package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/replay"
)

// expectFile is where acceptances are kept unless told otherwise.
const expectFile = "rulewind.expect.yaml"

// maxExpect bounds such a file.
const maxExpect = 4 << 20

// changesFlags say which changes are looked at, and where it is kept what is thought
// of them.
type changesFlags struct {
	Sources  []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	Policy   string   `short:"p" required:"" placeholder:"CANDIDATE" help:"The policy that was tried."`
	Baseline filled   `short:"b" placeholder:"POLICY" help:"What it was compared with, as replay takes it. (default: the policy each session was recorded under)"`
	File     string   `short:"f" default:"rulewind.expect.yaml" placeholder:"FILE" help:"Where acceptances are kept. (default: ${default})"`

	historyFlags
	filterFlags
}

type replayAcceptCmd struct {
	changesFlags
	Group   []string `required:"" placeholder:"ID" help:"The group of changes to accept, as replay shows it. Repeatable."`
	Reason  string   `placeholder:"TEXT" help:"Why; a loosening needs one."`
	Expires string   `placeholder:"DATE" help:"The last day on which it holds, such as 2026-12-31. (default: none)"`
}

func (replayAcceptCmd) Help() string {
	return `Runs the replay again and writes that a group of its changes is wanted, so that the gate passes it. It holds for these groups and counts and these policies: when any of them changes, the gate fails until the new result is accepted. Where CI is set nothing is written, and it exits 2.

Examples:

    rulewind replay corpus/ -p candidate.yaml -b policy.yaml -o json
    rulewind replay accept corpus/ -p candidate.yaml -b policy.yaml --group ID --reason 'the team asked for it' --expires 2026-12-31`
}

// Validate finds a date that is none before anything is read.
func (c *replayAcceptCmd) Validate() error { return validDay("--expires", c.Expires) }

// validDay reports an error unless a text is empty or a day.
func validDay(flag, text string) error {
	if _, err := time.Parse(time.DateOnly, text); err != nil && text != "" {
		return fmt.Errorf("%s: want a day such as 2026-12-31, got %q", flag, text)
	}
	return nil
}

// notInCI is an error where CI is set.
func (e *env) notInCI(file string) error {
	if ci := e.Getenv("CI"); ci != "" && ci != "false" && ci != "0" {
		return fmt.Errorf("CI is set: acceptances are for people to give; run this on your own machine and commit %s", file)
	}
	return nil
}

func (c *replayAcceptCmd) Run(e *env) error {
	if err := e.notInCI(c.File); err != nil {
		return err
	}
	kept, err := e.acceptances(c.File, false)
	if err != nil {
		return err
	}
	result, err := c.again(e)
	if err != nil {
		return err
	}
	for _, group := range c.Group {
		given, err := result.Accept(group, c.Reason, c.Expires)
		if err != nil {
			return err
		}
		kept = taking(kept, given)
	}
	if err := e.keep(c.File, kept); err != nil {
		return err
	}
	groups := "groups"
	if len(c.Group) == 1 {
		groups = "group"
	}
	fmt.Fprintf(e.Stdout, "accepted %d %s in %s\n", len(c.Group), groups, c.File)
	return nil
}

// taking returns the list with what was given, each in the place of an older one for
// the same group and policies.
func taking(list, given []replay.Acceptance) []replay.Acceptance {
	list = slices.Clone(list)
	for _, a := range given {
		list = slices.DeleteFunc(list, func(old replay.Acceptance) bool {
			return old.Group == a.Group && old.Baseline == a.Baseline && old.Candidate == a.Candidate
		})
		list = append(list, a)
	}
	return list
}

// again runs the replay whose groups are to be accepted.
func (c *changesFlags) again(e *env) (*replay.Result, error) {
	run := replayRunCmd{Policy: []string{c.Policy}, Baseline: c.Baseline}
	cfg, err := run.policies(e)
	if err != nil {
		return nil, err
	}
	if cfg.Filter, err = c.filter(); err != nil {
		return nil, err
	}
	if err := c.history(&cfg); err != nil {
		return nil, err
	}
	sources, err := e.sources(c.Sources)
	if err != nil {
		return nil, err
	}
	cfg.Workers = workers(0)
	ctx, stop := e.interruptible()
	defer stop()
	result, err := replay.Run(ctx, importer.Open(sources...), cfg)
	if err != nil {
		return nil, err
	}
	if result.Gate.Status == replay.Incomplete {
		return nil, incomplete("the replay is incomplete, so nothing of it can be accepted; run `rulewind replay` to see why")
	}
	return result, nil
}

// An expectations file is a list of acceptances.
type expectations struct {
	Accepted []replay.Acceptance `yaml:"accepted"`
}

// acceptances reads a file of them. One that isn't there holds none, unless it must.
func (e *env) acceptances(name string, must bool) ([]replay.Acceptance, error) {
	src, err := readBounded(e.path(name), maxExpect)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the acceptances: %w", err)
	}
	var x expectations
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(&x); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	for i, a := range x.Accepted {
		if a.Expires != "" {
			if _, err := time.Parse(time.DateOnly, a.Expires); err != nil {
				return nil, fmt.Errorf("reading %s: accepted[%d]: expires: want a day such as 2026-12-31, got %q", name, i, a.Expires)
			}
		}
	}
	return x.Accepted, nil
}

// keep writes a file of acceptances. Unlike recordings it is for everyone to read.
func (e *env) keep(name string, list []replay.Acceptance) error {
	var b bytes.Buffer
	b.WriteString("# Changes of verdicts that somebody has looked at and wants. Written by `rulewind replay accept`.\n")
	enc := yaml.NewEncoder(&b)
	if err := enc.Encode(expectations{list}); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	err := e.output(name, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
	if err != nil || name == "-" {
		return err
	}
	return os.Chmod(e.path(name), 0o644)
}

// accepted puts the acceptances of a file into the gate: of the file that was named,
// else of the usual one if it is there.
func (e *env) accepted(g *replay.GateConfig, named string) (err error) {
	g.Today = today()
	if named != "" {
		g.Accepted, err = e.acceptances(named, true)
		return err
	}
	g.Accepted, err = e.acceptances(expectFile, false)
	return err
}

// today is the day by which acceptances expire.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
