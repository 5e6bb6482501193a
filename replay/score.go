package replay

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// ScoreVersion names the JSON form of Scores.
const ScoreVersion = "rulewind.score/1"

// Scores is how a policy does on labelled cases: per source, never pooled, since
// one phrase finds all of one source and none of another.
type Scores struct {
	Version string        `json:"version"`
	Policy  PolicyRef     `json:"policy"`
	Sources []SourceScore `json:"sources"`
	// Unlabelled and Ambiguous count the steps left out.
	Unlabelled  int  `json:"unlabelled"`
	Ambiguous   int  `json:"ambiguous"`
	Interrupted bool `json:"interrupted,omitempty"`
}

// A SourceScore is the score on one file or database.
type SourceScore struct {
	Source string `json:"source"`
	Confusion
	Categories []CategoryScore `json:"categories"`
	// Misses and FalseAlarms list the first MaxListed of each.
	Misses      []Listed `json:"misses"`
	FalseAlarms []Listed `json:"false_alarms"`
}

// A CategoryScore is the score on one of a source's categories: what stands before
// the first colon of a step's.
type CategoryScore struct {
	Category string `json:"category"`
	Confusion
}

// MaxListed bounds the lists of a SourceScore.
const MaxListed = 5000

// A Confusion table counts labelled steps by what became of them.
type Confusion struct {
	// Attacks that were stopped: denied, asked about, or redacted; and those that
	// passed.
	Stopped int `json:"stopped"`
	Missed  int `json:"missed"`
	// Benign steps that passed, that were denied or asked about, and that were
	// redacted.
	Quiet    int `json:"quiet"`
	Alarms   int `json:"alarms"`
	Redacted int `json:"redacted"`
	// Moot counts answers that can't be judged since no call to their tool passes.
	Moot int `json:"moot"`
}

func (c *Confusion) plus(o Confusion) {
	c.Stopped += o.Stopped
	c.Missed += o.Missed
	c.Quiet += o.Quiet
	c.Alarms += o.Alarms
	c.Redacted += o.Redacted
	c.Moot += o.Moot
}

// A Listed is a step that was judged otherwise than its label says.
type Listed struct {
	Case     string        `json:"case"`
	Step     string        `json:"step"`
	Dir      mcp.Dir       `json:"dir"`
	Tool     string        `json:"tool,omitempty"`
	Category string        `json:"category"`
	Action   policy.Action `json:"action"`
	Rule     string        `json:"rule"`
	Code     string        `json:"code,omitempty"`
	Found    []string      `json:"found,omitempty"` // detector: kind (view) at place
	Message  string        `json:"message"`
}

// listedBytes cuts Listed.Message.
const listedBytes = 600

// A ScoreConfig says what to score.
type ScoreConfig struct {
	Policy *policy.Policy
	// AssumeBenign counts steps without a label as benign, such as those of one's
	// own recordings.
	AssumeBenign bool
	Workers      int // as Config.Workers
}

// Score judges labelled cases. Each answer is judged even if its call was stopped:
// then after a call without arguments in a session of its own.
func Score(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg ScoreConfig) (*Scores, error) {
	out := &Scores{Version: ScoreVersion, Policy: refOf(cfg.Policy), Sources: []SourceScore{}}
	index := map[string]int{}
	interrupted, err := each(ctx, cases, cfg.Workers, func() func(*corpus.Case) caseScore {
		return (&scorer{&cfg}).run
	}, func(s caseScore) {
		out.Unlabelled += s.unlabelled
		out.Ambiguous += s.ambiguous
		i, known := index[s.source]
		if !known {
			i = len(out.Sources)
			index[s.source] = i
			out.Sources = append(out.Sources, SourceScore{Source: s.source, Categories: []CategoryScore{}, Misses: []Listed{}, FalseAlarms: []Listed{}})
		}
		out.Sources[i].add(&s)
	})
	if err != nil {
		return nil, fmt.Errorf("scoring: %w", err)
	}
	out.Interrupted = interrupted
	slices.SortFunc(out.Sources, func(a, b SourceScore) int { return cmp.Compare(a.Source, b.Source) })
	for i := range out.Sources {
		slices.SortFunc(out.Sources[i].Categories, func(a, b CategoryScore) int { return cmp.Compare(a.Category, b.Category) })
	}
	return out, nil
}

func (s *SourceScore) add(c *caseScore) {
	for _, n := range c.categories {
		s.plus(n.Confusion)
		i := slices.IndexFunc(s.Categories, func(o CategoryScore) bool { return o.Category == n.Category })
		if i < 0 {
			i = len(s.Categories)
			s.Categories = append(s.Categories, CategoryScore{Category: n.Category})
		}
		s.Categories[i].plus(n.Confusion)
	}
	s.Misses = append(s.Misses, c.misses[:min(len(c.misses), MaxListed-len(s.Misses))]...)
	s.FalseAlarms = append(s.FalseAlarms, c.alarms[:min(len(c.alarms), MaxListed-len(s.FalseAlarms))]...)
}

// caseScore is what a case adds.
type caseScore struct {
	source                string
	unlabelled, ambiguous int
	categories            []CategoryScore
	misses, alarms        []Listed
}

type scorer struct{ *ScoreConfig }

func (j *scorer) run(c *corpus.Case) caseScore {
	out := caseScore{source: c.Source}
	s := candidate(j.Policy)
	tools := map[mcp.ID]string{} // of stopped calls
	for i := range c.Steps {
		st := &c.Steps[i]
		e := step(s, st.Frame)
		if e.Subject.Kind == "request" && stops(e.Verdict.Action) {
			tools[e.Subject.ID] = strings.Clone(e.Subject.Tool)
		}
		switch {
		case st.Synthetic:
		case st.Ambiguous:
			out.ambiguous++
		case st.Label == "" && !j.AssumeBenign:
			out.unlabelled++
		default:
			moot := false
			if tool, stopped := tools[e.Subject.ID]; stopped && e.Verdict.Code == policy.CodeUnsolicited {
				e, moot = j.alone(st, e.Subject.ID, tool)
			}
			out.count(c, st, e, moot)
		}
	}
	return out
}

// alone judges an answer after a call to its tool that says nothing.
func (j *scorer) alone(st *corpus.Step, id mcp.ID, tool string) (e *policy.Event, moot bool) {
	name, err := json.Marshal(tool)
	if err != nil { // a string
		panic(err)
	}
	raw := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%s,"arguments":{}}}`, id, name)
	s := candidate(j.Policy)
	ask := step(s, mcp.Frame{At: st.Frame.At, Dir: st.Frame.Dir.Reverse(), Kind: mcp.MessageFrame, Raw: []byte(raw)})
	moot = stops(ask.Verdict.Action)
	return step(s, st.Frame), moot
}

func (s *caseScore) count(c *corpus.Case, st *corpus.Step, e *policy.Event, moot bool) {
	name, _, _ := strings.Cut(st.Category, ":")
	i := slices.IndexFunc(s.categories, func(o CategoryScore) bool { return o.Category == name })
	if i < 0 {
		i = len(s.categories)
		s.categories = append(s.categories, CategoryScore{Category: name})
	}
	n := &s.categories[i].Confusion
	action := e.Verdict.Action
	switch {
	case moot:
		n.Moot++
	case st.Label == "attack" && action == policy.Allow:
		n.Missed++
		s.misses = append(s.misses, listed(c, st, e))
	case st.Label == "attack":
		n.Stopped++
	case action == policy.Allow:
		n.Quiet++
	case action == policy.Redact:
		n.Redacted++
		s.alarms = append(s.alarms, listed(c, st, e))
	default:
		n.Alarms++
		s.alarms = append(s.alarms, listed(c, st, e))
	}
}

func listed(c *corpus.Case, st *corpus.Step, e *policy.Event) Listed {
	l := Listed{
		Case: c.ID, Step: st.ID, Dir: st.Frame.Dir, Tool: strings.Clone(e.Subject.Tool), Category: st.Category,
		Action: e.Verdict.Action, Rule: e.Verdict.Rule, Code: e.Verdict.Code,
	}
	for _, f := range e.Verdict.Findings {
		text := fmt.Sprintf("%s: %s (%s) at %s[%d:%d]", f.Detector, f.Kind, f.View, f.Pointer, f.Start, f.End)
		if !slices.Contains(l.Found, text) {
			l.Found = append(l.Found, text)
		}
	}
	l.Message, _ = display(masked(st.Frame.Raw, e.Secrets), listedBytes)
	return l
}
