package replay

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Mode chooses the history by which candidates judge.
type Mode uint8

// The modes.
const (
	// Observed: every recorded message is judged, but for the answers of calls that
	// the candidate stops. The zero value.
	Observed Mode = iota
	// Causal: what would have happened had the candidate ruled. Where a call that it
	// newly allows has no recorded answer, or a call that it holds no recorded
	// approval, the courses that things may have taken are followed side by side; a
	// verdict on which they differ is Indeterminate.
	Causal
	// Both runs each candidate in both histories; the gate is the observed one's.
	Both
)

var modeNames = [...]string{"observed", "causal", "both"}

// String returns "observed", "causal" or "both".
func (m Mode) String() string {
	if int(m) < len(modeNames) {
		return modeNames[m]
	}
	return fmt.Sprintf("mode-%d", uint8(m))
}

// ParseMode reads the words that String writes.
func ParseMode(s string) (Mode, error) {
	if i := slices.Index(modeNames[:], s); i >= 0 {
		return Mode(i), nil
	}
	return Observed, fmt.Errorf("unknown mode %q; use one of %v", s, modeNames)
}

// MarshalText writes the word.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the word; an unknown one is an error.
func (m *Mode) UnmarshalText(b []byte) (err error) {
	*m, err = ParseMode(string(b))
	return err
}

// A candidateRun is a candidate in one history.
type candidateRun struct {
	policy *policy.Policy
	causal bool
}

// runs are the comparisons to make, in order.
func (c *Config) runs() (out []candidateRun) {
	for _, p := range c.Candidates {
		if c.Mode != Causal {
			out = append(out, candidateRun{p, false})
		}
		if c.Mode != Observed {
			out = append(out, candidateRun{p, true})
		}
	}
	return out
}

// A course is a guess at all that nobody saw.
type course uint8

const (
	// silent: an answer that nobody saw never came.
	silent course = iota
	// holding, failing: it came, and conditions that it could have moved hold, or fail.
	holding
	failing

	courses = int(failing) + 1
)

func (k course) supposition() policy.Supposition {
	switch k {
	case holding:
		return policy.Holds
	case failing:
		return policy.Fails
	}
	return policy.Known
}

// unknown looks for what nobody saw: the answer to a call that only the candidate
// let pass. The first one parts the worlds; then each takes its course.
func (t *track) unknown(c *corpus.Case, i int, b *policy.Event) {
	if b == nil || b.Subject.Kind != "request" || !stops(b.Verdict.Action) {
		return
	}
	for _, w := range t.worlds {
		if w.event != nil && !stops(w.event.Verdict.Action) {
			t.split(c)
			t.answer(c, i, &b.Subject)
			return
		}
	}
}

// split makes a world for each course out of the one that there is.
func (t *track) split(c *corpus.Case) {
	if len(t.worlds) > 1 {
		return
	}
	for k := 1; k < courses; k++ {
		t.worlds = append(t.worlds, t.worlds[0].as(course(k), t.policy, c))
	}
}

// as returns the same world over again, to take another course.
func (w *world) as(k course, p *policy.Policy, c *corpus.Case) *world {
	out := &world{course: k, session: policy.NewSession(p), parted: maps.Clone(w.parted)}
	for _, at := range w.trail { // the trail of a single world has nothing made up
		out.event = out.give(c, at)
	}
	return out
}

// give gives the session a frame of the trail.
func (w *world) give(c *corpus.Case, at int) *policy.Event {
	w.trail = append(w.trail, at)
	if at < 0 {
		return w.made[^at].give(w.session)
	}
	return step(w.session, c.Steps[at].Frame)
}

// A guess is a frame that nobody saw, with what is supposed of the answer to the
// method.
type guess struct {
	frame    mcp.Frame
	method   string
	supposed policy.Supposition
}

func (g *guess) give(s *policy.Session) *policy.Event {
	e := step(s, g.frame)
	s.Suppose(g.method, g.supposed)
	return e
}

// answer has the answer to a call come in the worlds where it does.
func (t *track) answer(c *corpus.Case, i int, call *policy.Subject) {
	st := &c.Steps[i]
	for _, w := range t.worlds {
		if w.event == nil || stops(w.event.Verdict.Action) || w.course == silent {
			continue
		}
		w.made = append(w.made, guess{mcp.Frame{At: st.Frame.At, Dir: st.Frame.Dir.Reverse(), Kind: mcp.MessageFrame,
			Raw: []byte(`{"jsonrpc":"2.0","id":` + string(call.ID) + `,"result":{}}`)}, call.Method, w.course.supposition()})
		w.give(c, ^(len(w.made) - 1))
	}
}
