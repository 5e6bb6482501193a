package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

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

// Approvals says what is supposed where a candidate asks a person and the recording
// holds no answer.
type Approvals uint8

// The suppositions.
const (
	// RecordedApprovals: nothing is. In the observed history the call counts as
	// stopped, in the causal one both answers are followed. The zero value.
	RecordedApprovals Approvals = iota
	// Approved: somebody was there, and approved.
	Approved
	// Refused: somebody was there, and refused.
	Refused
)

var approvalNames = [...]string{"recorded", "approve", "deny"}

// String returns "recorded", "approve" or "deny".
func (a Approvals) String() string {
	if int(a) < len(approvalNames) {
		return approvalNames[a]
	}
	return fmt.Sprintf("approvals-%d", uint8(a))
}

// ParseApprovals reads the words that String writes.
func ParseApprovals(s string) (Approvals, error) {
	if i := slices.Index(approvalNames[:], s); i >= 0 {
		return Approvals(i), nil
	}
	return RecordedApprovals, fmt.Errorf("unknown word %q; use one of %v", s, approvalNames)
}

// MarshalText writes the word.
func (a Approvals) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word; an unknown one is an error.
func (a *Approvals) UnmarshalText(b []byte) (err error) {
	*a, err = ParseApprovals(string(b))
	return err
}

// A course is a guess at all that nobody saw.
type course uint8

const (
	// silent: an answer or approval that nobody saw never came.
	silent course = iota
	// holding, failing: it came, and conditions that it could have moved hold, or fail.
	holding
	failing

	courses = int(failing) + 1
)

func (k course) supposition() policy.Supposition {
	if k == holding {
		return policy.Holds
	}
	return policy.Fails
}

// asked reports whether a call waits for an approval since this step.
func (t *track) asked() bool {
	for _, w := range t.worlds {
		if w.event != nil && w.event.Hold != nil {
			return true
		}
	}
	return false
}

// newlyPassed reports whether a call left that the baseline stopped.
func (t *track) newlyPassed(b *policy.Event) bool {
	if b == nil || b.Subject.Kind != "request" || !stops(b.Verdict.Action) {
		return false
	}
	for _, w := range t.worlds {
		if w.event != nil && !stops(w.event.Verdict.Action) {
			return true
		}
	}
	return false
}

// imagine has come what nobody saw: the approval of a call that a candidate holds,
// and the answer to a call that only a candidate let pass.
func (j *judge) imagine(c *corpus.Case, i int, b *policy.Event, t *track) {
	if t.asked() {
		if j.answered(c, i) {
			return
		}
		if j.cfg.Approvals == RecordedApprovals {
			if !t.causal {
				return
			}
			t.split(c, i)
		}
	}
	passed := t.newlyPassed(b)
	if passed && t.causal {
		t.split(c, i)
	}
	for _, w := range t.worlds {
		if w.event == nil {
			continue
		}
		left := passed && !stops(w.event.Verdict.Action)
		if w.event.Hold != nil && w.approve(c, i, j.cfg.Approvals) && b != nil && stops(b.Verdict.Action) {
			set(&w.extra, i)
			left = true
		}
		if left && t.causal {
			w.answer(c, i, b)
		}
	}
}

// split makes a world for each course out of the one that there is.
func (t *track) split(c *corpus.Case, i int) {
	if len(t.worlds) > 1 {
		return
	}
	for k := 1; k < courses; k++ {
		t.worlds = append(t.worlds, t.worlds[0].as(course(k), t.policy, c, i))
	}
}

// approve has the answer to a question come, as supposed or by the world's course,
// and reports whether the call left.
func (w *world) approve(c *corpus.Case, i int, a Approvals) bool {
	if a == RecordedApprovals && w.course == silent {
		return false
	}
	fact := policy.Fact{Name: policy.FactAnswer, Call: i, Approve: a != Refused, By: "a supposition"}
	e := w.imagine(guess{step: i, frame: mcp.Frame{At: c.Steps[i].Frame.At, Kind: mcp.FactFrame, Raw: fact.JSON()}})
	w.end(e)
	return !stops(e.Verdict.Action)
}

// answer has the answer to a call come, unless the world's course is that none does.
func (w *world) answer(c *corpus.Case, i int, b *policy.Event) {
	if w.course == silent {
		return
	}
	f := &c.Steps[i].Frame
	w.imagine(guess{i, mcp.Frame{At: f.At, Dir: f.Dir.Reverse(), Kind: mcp.MessageFrame,
		Raw: []byte(`{"jsonrpc":"2.0","id":` + string(b.Subject.ID) + `,"result":{}}`)}, b.Subject.Method, w.course.supposition()})
}

// answered reports whether the recording holds an answer to the question about the
// call of a step.
func (j *judge) answered(c *corpus.Case, i int) bool {
	if j.answersOf != c {
		j.answersOf, j.answers = c, answers(c)
	}
	return j.answers[i]
}

// answers lists the questions that a case has answers to: facts, the client's answers
// to our requests, and its retries.
func answers(c *corpus.Case) map[int]bool {
	out := map[int]bool{}
	for k := range c.Steps {
		f := &c.Steps[k].Frame
		var fact policy.Fact
		switch {
		case f.Kind == mcp.MessageFrame && f.Dir == mcp.ToServer:
			_, rest, found := bytes.Cut(f.Raw, []byte(`"rulewind-ask-`))
			digits, _, ended := bytes.Cut(rest, []byte(`"`))
			if n, err := strconv.Atoi(string(digits)); found && ended && err == nil {
				out[n] = true
			}
		case f.Kind == mcp.FactFrame && json.Unmarshal(f.Raw, &fact) == nil && fact.Name == policy.FactAnswer:
			out[fact.Call] = true
		}
	}
	return out
}
