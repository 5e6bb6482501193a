package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

type sessionsToCaseCmd struct {
	recordingArg
	Entry int    `short:"e" default:"-1" placeholder:"N" help:"Only what this entry's verdict needs, which is the case's expectation. (default: the whole session, with every verdict)"`
	Name  string `placeholder:"NAME" help:"The case's name. (default: the session's id)"`
	File  string `short:"f" placeholder:"PATH" help:"Write there, not to standard output."`
}

func (sessionsToCaseCmd) Help() string {
	return `Writes a recorded session as a YAML case file, which replay, corpus score and corpus lint read. The recorded verdicts are what it wants. It holds what the recording holds: stand-ins, not secrets.

Examples:

    rulewind sessions to-case 01JZ4Q --entry 19 -f cases.yaml
    rulewind sessions to-case demo.db --name "a working day"`
}

func (c *sessionsToCaseCmd) Run(e *env) error {
	session, err := c.find(e)
	if err != nil {
		return err
	}
	wantRecorded(session)
	if p, err := policy.LoadSources(session.Policy); err == nil {
		session.StandIns = holdsStandIns(p, session)
	}
	if c.Entry >= 0 {
		if session, err = oneEntry(session, c.Entry); err != nil {
			return err
		}
	}
	if c.Name != "" {
		session.ID = c.Name
	}
	return e.writeCase(c.File, session)
}

// wantRecorded makes the recorded verdicts the expectations of the steps that have
// none.
func wantRecorded(c *corpus.Case) {
	for i := range c.Steps {
		if st := &c.Steps[i]; st.Want == nil && st.Recorded != nil && st.Frame.Kind != mcp.FactFrame {
			st.Want = wantOf(&st.Recorded.Verdict)
		}
	}
}

// holdsStandIns reports whether there is anything in a recorded session that looks like
// a secret.
func holdsStandIns(p *policy.Policy, c *corpus.Case) bool {
	s := policy.NewSession(p)
	for i := range c.Steps {
		if st := &c.Steps[i]; st.Recorded != nil && len(s.Step(st.Frame).FindSecrets(st.Frame)) > 0 {
			return true
		}
	}
	return false
}

func wantOf(v *policy.Verdict) *corpus.Expectation {
	x := &corpus.Expectation{Action: v.Action}
	if v.Action != policy.Allow {
		x.Rule = v.Rule
	}
	if v.Code != policy.CodeDenied { // which goes without saying
		x.Code = v.Code
	}
	return x
}

// oneEntry returns the shortest session that gives the entry the verdict that it has:
// the entry, and the call that it answers, and else all that came before.
func oneEntry(c *corpus.Case, n int) (*corpus.Case, error) {
	if n >= len(c.Steps) || c.Steps[n].Frame.Kind == mcp.FactFrame || c.Steps[n].Want == nil {
		return nil, fmt.Errorf("--entry %d: session %s has no message with a verdict there; it has %d entries", n, c.ID, len(c.Steps))
	}
	whole := *c
	whole.ID += ":" + fmt.Sprint(n)
	whole.Steps = append([]corpus.Step(nil), c.Steps[:n+1]...)
	for i := range whole.Steps[:n] {
		whole.Steps[i].Want = nil
	}
	p, err := policy.LoadSources(c.Policy)
	if err != nil {
		return &whole, nil // without the policy of the time nothing can be left out
	}
	keep := []int{n}
	if e := c.Steps[n].Recorded; e != nil && e.Subject.Call >= 0 && e.Subject.Call < n {
		keep = []int{e.Subject.Call, n}
	}
	short := whole
	short.Steps = nil
	if len(c.Steps) > 0 && c.Steps[0].Frame.Kind == mcp.FactFrame {
		short.Steps = append(short.Steps, whole.Steps[0])
	}
	for _, k := range keep {
		short.Steps = append(short.Steps, whole.Steps[k])
	}
	if missed(p, &short) == "" {
		return &short, nil
	}
	return &whole, nil
}

// missed says what a case wants that the policy doesn't give, "" if all is as wanted.
func missed(p *policy.Policy, c *corpus.Case) string {
	s := policy.NewSession(p)
	for i := range c.Steps {
		st := &c.Steps[i]
		e := s.Step(st.Frame)
		if differs := st.Want.Mismatch(e); differs != "" {
			return fmt.Sprintf("step %d: %s", i, differs)
		}
	}
	return ""
}

// writeCase writes a case file with one case, and reads it again: of the ways to write
// it that its policy says the same of, the one that is best read and least bound to the
// machine.
func (e *env) writeCase(file string, c *corpus.Case) error {
	plain := *c
	if len(c.Steps) > 0 {
		fact := policy.Fact{Name: policy.FactSession, Server: c.Server, Transport: "stdio", Vars: policy.TestVars}
		plain.Steps = append([]corpus.Step(nil), c.Steps...)
		plain.Steps[0].Frame.Raw = fact.JSON()
	}
	var text []byte
	differs := ""
	p, err := policy.LoadSources(c.Policy)
	for _, way := range []struct {
		c     *corpus.Case
		exact bool
	}{{&plain, false}, {c, false}, {c, true}} {
		text = corpus.AppendCases(nil, []corpus.Case{*way.c}, way.exact)
		back, rerr := corpus.ReadCases(c.ID, text)
		switch {
		case rerr != nil:
			return fmt.Errorf("the case can't be read again, which is a bug: %w", rerr)
		case err != nil:
			differs = "there is no policy to check it by: " + err.Error()
		default:
			differs = missed(p, &back[0])
		}
		if differs == "" {
			break
		}
	}
	if differs != "" {
		fmt.Fprintf(e.Stderr, "rulewind: the case was not seen to give the verdicts that it wants: %s\n", reports.Visible(differs))
	}
	return e.output(file, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// asCase is what check --as-case writes: the messages, with what their last one got as
// the expectation.
func (c *checkCmd) asCase(e *env, p *policy.Policy, frames []mcp.Frame) error {
	one := corpus.Case{Server: c.Server, Policy: p.Sources}
	s := policy.NewSession(p)
	opening := c.opening(e)
	opening.At = 0
	s.Step(opening)
	one.Steps = append(one.Steps, corpus.Step{Frame: opening, Synthetic: true})
	made := 0
	var last *policy.Event
	for _, f := range frames {
		last = s.Step(f)
		if len(last.Secrets) > 0 {
			pins := last.Pins()
			f.Raw = standIns(f.Raw, last.Secrets, &made)
			one.StandIns = true
			if !last.Same(f.Raw) { // the findings stand for what the stand-in doesn't show
				f.Pins, f.Pinned = pins, true
			}
		}
		last = last.Clone()
		one.Steps = append(one.Steps, corpus.Step{Frame: f, Fidelity: policy.Exact})
		if a := last.Verdict.Action; a == policy.Deny || a == policy.Ask {
			break
		}
	}
	one.Steps[len(one.Steps)-1].Want = wantOf(&last.Verdict)
	one.ID = strings.TrimSpace(strings.Join([]string{last.Subject.Method, last.Subject.Tool, last.Verdict.Action.String(), last.Verdict.Rule}, " "))
	if err := e.writeCase("", &one); err != nil {
		return err
	}
	return exit(verdictCode(last.Verdict.Action))
}

// standIns replaces secrets in a message by stand-ins, which depend on nothing but the
// order that they come in.
func standIns(raw []byte, secrets []policy.SecretSpan, made *int) []byte {
	var out []byte
	at := 0
	for _, x := range secrets {
		*made++
		state := uint64(*made) * 0x9e3779b97f4a7c15
		random := func() byte {
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
			return byte(state >> 24)
		}
		secret := string(raw[x.Start:x.End])
		standIn, ok := detect.Surrogate(x.Kind, secret, random)
		if !ok {
			standIn = strings.Map(masked, secret)
		}
		out = append(append(out, raw[at:x.Start]...), standIn...)
		at = x.End
	}
	return append(out, raw[at:]...)
}

// masked leaves of a secret what a JSON string needs to stay one.
func masked(r rune) rune {
	switch {
	case r == '\\' || r == '\n' || r == '\r':
		return '_'
	case r >= 'A' && r <= 'Z':
		return 'X'
	case r >= '0' && r <= '9':
		return '0'
	case r == ':' || r == '/' || r == '@' || r == '.' || r == '-' || r == '_' || r == ' ':
		return r
	}
	return 'x'
}
