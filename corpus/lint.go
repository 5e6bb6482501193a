package corpus

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"regexp"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// The codes of what Lint finds.
const (
	LintSame          = "same-case"      // a case that says what an earlier one says
	LintContradiction = "contradiction"  // what an earlier case wants otherwise
	LintUnknownRule   = "unknown-rule"   // an expectation of a rule that no policy has
	LintNoLabel       = "no-label"       // a case that nothing can be learnt from
	LintLiveSecret    = "live-secret"    // a secret that is no stand-in
	LintNoRequest     = "no-request"     // an answer that nobody asked for
	LintClock         = "clock-backward" // a step that is earlier than the one before
)

// LintCodes are all of them.
var LintCodes = []string{LintSame, LintContradiction, LintUnknownRule, LintNoLabel, LintLiveSecret, LintNoRequest, LintClock}

// A LintFinding is one thing wrong with a corpus. It never holds a secret.
type LintFinding struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step,omitempty"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

// Lint reads the cases and returns what is wrong with them, in order, and how many
// there were. A rule is known if one of the policies, of which there must be one, has
// it.
func Lint(cases iter.Seq2[Case, error], policies []*policy.Policy) (found []LintFinding, n int, err error) {
	l := linter{policies: policies, histories: map[[32]byte]opinion{}, wholes: map[[32]byte]string{}}
	for c, err := range cases {
		if err != nil {
			return nil, n, err
		}
		n++
		l.lint(&c)
	}
	return l.found, n, nil
}

type linter struct {
	policies  []*policy.Policy
	histories map[[32]byte]opinion
	wholes    map[[32]byte]string // the first case that says all that
	found     []LintFinding
	dec       mcp.Decoder
}

// An opinion is what a case says of a message after a history.
type opinion struct {
	want  *Expectation
	label string
	where string
}

func (l *linter) say(c *Case, st *Step, code, format string, args ...any) {
	f := LintFinding{Source: c.Source, Case: c.ID, Code: code, Text: fmt.Sprintf(format, args...)}
	if st != nil {
		f.Step = st.ID
	}
	l.found = append(l.found, f)
}

func (l *linter) lint(c *Case) {
	h := sha256.New()
	said := sha256.New()
	speaks, spoken := false, false
	asked := map[mcp.Dir]map[mcp.ID]bool{mcp.ToServer: {}, mcp.ToClient: {}} // and whether it was made up
	s := policy.NewSession(l.policies[0])
	for i := range c.Steps {
		st := &c.Steps[i]
		fmt.Fprintf(h, "%d %d %d %q\n", st.Frame.Kind, st.Frame.Dir, st.Frame.Size, l.withoutID(st))
		var history [32]byte
		h.Sum(history[:0])
		fmt.Fprintf(said, "%q %s\n", st.Label, wantWord(st.Want))
		speaks = speaks || st.Label != "" || st.Want != nil || st.Ambiguous
		spoken = spoken || !st.Synthetic && st.Frame.Kind != mcp.FactFrame
		l.opinions(c, st, history)
		l.rule(c, st)
		l.secrets(c, st, s.Step(st.Frame))
		l.request(c, st, asked)
		if st.Back > 0 || i > 0 && st.Frame.At < c.Steps[i-1].Frame.At {
			l.say(c, st, LintClock, "it is earlier than the step before it: put the steps in order, or mend the clock")
		}
	}
	if !speaks && spoken {
		l.say(c, nil, LintNoLabel, "nothing in it has a label or a verdict wanted: add label or want, or leave the case out")
	}
	h.Write(said.Sum(nil))
	var whole [32]byte
	h.Sum(whole[:0])
	where := c.Source + ": " + c.ID
	if first, known := l.wholes[whole]; known {
		l.say(c, nil, LintSame, "it says the same as %s: leave one out", first)
		return
	}
	l.wholes[whole] = where
}

// withoutID returns what a step's message says, whatever its id.
func (l *linter) withoutID(st *Step) []byte {
	if st.Frame.Kind != mcp.MessageFrame {
		return st.Frame.Raw
	}
	m, err := l.dec.Decode(st.Frame.Raw)
	if err != nil || m.ID == "" {
		return st.Frame.Raw
	}
	return mcp.AppendWithID(nil, m, "0")
}

func wantWord(x *Expectation) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf("%s %q %q %q", x.Action, x.Rule, x.Code, x.Out)
}

// opinions compares what is said of a message with what was said of it before.
func (l *linter) opinions(c *Case, st *Step, history [32]byte) {
	if st.Want == nil && st.Label == "" {
		return
	}
	mine := opinion{st.Want, st.Label, c.Source + ": " + st.ID}
	other, known := l.histories[history]
	switch {
	case !known:
		l.histories[history] = mine
	case other.label != "" && mine.label != "" && other.label != mine.label:
		l.say(c, st, LintContradiction, "it is labelled %s, and the same after the same history %s at %s", mine.label, other.label, other.where)
	case other.want != nil && mine.want != nil && !other.want.agrees(mine.want):
		l.say(c, st, LintContradiction, "it wants %s, and the same after the same history %s at %s", mine.want.words(), other.want.words(), other.where)
	}
}

// agrees reports whether one verdict can be as both want it.
func (x *Expectation) agrees(y *Expectation) bool {
	same := func(a, b string) bool { return a == "" || b == "" || a == b }
	return x.Action == y.Action && same(x.Rule, y.Rule) && same(x.Code, y.Code) &&
		(x.Out == nil || y.Out == nil || bytes.Equal(x.Out, y.Out))
}

func (x *Expectation) words() string {
	if x.Rule == "" {
		return x.Action.String()
	}
	return x.Action.String() + " by " + x.Rule
}

func (l *linter) rule(c *Case, st *Step) {
	if st.Want == nil || st.Want.Rule == "" || st.Want.Rule == "default" || strings.HasPrefix(st.Want.Rule, "engine:") {
		return
	}
	var names []string
	for _, p := range l.policies {
		if p.Rule(st.Want.Rule) != nil {
			return
		}
		names = append(names, p.Name)
	}
	near := ""
	for _, p := range l.policies {
		for _, r := range p.Rules {
			if oneOff(st.Want.Rule, r.ID) {
				near = fmt.Sprintf("; did you mean %q?", r.ID)
			}
		}
	}
	l.say(c, st, LintUnknownRule, "it wants rule %q, which %s has not%s", st.Want.Rule, strings.Join(names, ", "), near)
}

// placeholder are texts that stand where a secret would, as everybody can see.
var placeholder = regexp.MustCompile(`(?i)example|sample|dummy|fake|placeholder|changeme|redacted|your|xxxx|0000|1234567890|abcdef`)

// secrets finds those that may be real: what was recorded holds stand-ins, and so do
// cases that say so.
func (l *linter) secrets(c *Case, st *Step, e *policy.Event) {
	if st.Recorded != nil || c.StandIns || st.Synthetic {
		return
	}
	for _, x := range e.FindSecrets(st.Frame) {
		if !placeholder.Match(st.Frame.Raw[x.Start:x.End]) {
			l.say(c, st, LintLiveSecret, "bytes %d to %d hold what looks like a live secret (%s): put a stand-in there, as `rulewind check --as-case` does", x.Start, x.End, x.Kind)
		}
	}
}

// request finds answers that nobody asked for, not even in an import that is about
// answers, and labels them.
func (l *linter) request(c *Case, st *Step, asked map[mcp.Dir]map[mcp.ID]bool) {
	if st.Frame.Kind != mcp.MessageFrame || st.Frame.Dir == mcp.NoDir {
		return
	}
	m, err := l.dec.Decode(st.Frame.Raw)
	if err != nil {
		return
	}
	id := mcp.ID(strings.Clone(string(m.ID)))
	if m.Kind == mcp.Request {
		asked[st.Frame.Dir][id] = st.Synthetic
		return
	}
	if !m.Kind.IsAnswer() || id == "" {
		return
	}
	madeUp, known := asked[st.Frame.Dir.Reverse()][id]
	delete(asked[st.Frame.Dir.Reverse()], id)
	if (!known || madeUp && st.Label == "") && st.Want == nil {
		l.say(c, st, LintNoRequest, "it answers a request that is not there: add the request before it")
	}
}
