package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/corpus/importer"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

type replayBisectCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Databases, corpora, folders or globs. (default: the database)"`
	Repo    string   `default:"." placeholder:"DIR" help:"The git repository with the policy. (default: the working folder)"`
	Path    string   `required:"" placeholder:"FILE" help:"The policy's path in it, from its top folder."`
	Good    string   `placeholder:"REV" help:"The revision to begin with. (default: the first that has the policy)"`
	Bad     string   `default:"HEAD" placeholder:"REV" help:"The revision to end with. (default: HEAD)"`
	Output  string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (replayBisectCmd) Help() string {
	return `Finds the commit that changed a verdict: the first message, of those in the sources, that the two ends of the policy's history let pass, edit or stop differently. Commits whose policy doesn't load are skipped. Exits 3 if the ends judge every message alike.

Examples:

    rulewind replay bisect --path policy.yaml
    rulewind replay bisect corpus/ --repo ../policies --path ci/policy.yaml --good v1.2 --bad main
    rulewind replay bisect rulewind.db --path policy.yaml -o json`
}

// Validate finds an unknown format before anything is read.
func (c *replayBisectCmd) Validate() error { return oneOf("format", c.Output, "text", "json") }

// A bisection is the culprit with the message that showed it.
type bisection struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
	replay.Culprit
}

func (c *replayBisectCmd) Run(e *env) error {
	sources, err := e.sources(c.Sources)
	if err != nil {
		return err
	}
	g := gitRepo{e, e.path(c.Repo)}
	revisions, err := g.history(c.Path, c.Good, c.Bad)
	if err != nil {
		return err
	}
	found, err := bisect(sources, revisions)
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error {
		if c.Output == "json" {
			return reports.WriteJSON(w, found)
		}
		return found.text(w, g)
	})
}

// bisect looks for the first message of which the ends of the history let different
// things leave, and then for the revision between them that made it so.
func bisect(sources []string, revisions []replay.Revision) (*bisection, error) {
	first, err := loads(revisions)
	if err != nil {
		return nil, err
	}
	for i := len(revisions) - 1; ; i-- {
		last, err := revisions[i].Load()
		if err != nil {
			continue // the first does load
		}
		return between(sources, revisions, first, last)
	}
}

// loads loads the oldest revision that can be loaded.
func loads(revisions []replay.Revision) (*policy.Policy, error) {
	for _, r := range revisions {
		if p, err := r.Load(); err == nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("none of the %d revisions of the policy loads", len(revisions))
}

func between(sources []string, revisions []replay.Revision, first, last *policy.Policy) (*bisection, error) {
	cases := 0
	for one, err := range importer.Open(sources...) {
		if err != nil {
			return nil, err
		}
		cases++
		a, b := policy.NewSession(first), policy.NewSession(last)
		a.KeepPolicy, b.KeepPolicy = true, true
		for i := range one.Steps {
			st := &one.Steps[i]
			from, to := a.Step(st.Frame).Verdict, b.Step(st.Frame).Verdict
			if _, changed := replay.Changes(&from, &to); st.Synthetic || !changed {
				continue
			}
			culprit, err := replay.Bisect(&one, i, revisions)
			if err != nil {
				return nil, err
			}
			return &bisection{one.Source, one.ID, st.ID, *culprit}, nil
		}
	}
	if cases == 0 {
		return nil, incomplete("no session in the sources: nothing to judge")
	}
	return nil, incomplete("%s and %s judge every message of the sources alike", short(revisions[0].Name), short(revisions[len(revisions)-1].Name))
}

// text says which commit it was, in git's own words for it.
func (b *bisection) text(w io.Writer, g gitRepo) error {
	about, err := g.git("log", "-1", "--no-color", "--format=%h %as %an: %s", b.After)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n\n", reports.Visible(strings.TrimSpace(string(about))))
	fmt.Fprintf(w, "  changed   %s → %s (%s)\n", b.From.Action, b.To.Action, b.Class)
	fmt.Fprintf(w, "  rule      %s → %s\n", b.From.Rule, b.To.Rule)
	fmt.Fprintf(w, "  message   %s of session %s in %s\n", reports.Visible(b.Step), reports.Visible(b.Case), reports.Visible(b.Source))
	fmt.Fprintf(w, "  before    %s\n", short(b.Before))
	for _, name := range b.Between {
		fmt.Fprintf(w, "  or        %s, which doesn't load\n", short(name))
	}
	_, err = fmt.Fprintf(w, "  judged    %d commits, skipped %d\n", b.Judged, b.Skipped)
	return err
}

// short is enough of a commit's name.
func short(commit string) string { return commit[:min(len(commit), 10)] }
