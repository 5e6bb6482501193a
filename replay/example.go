package replay

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// examples makes the examples of a case that can be their groups': it runs the
// case once more, with the trace on at those steps.
func (j *judge) examples(c *corpus.Case, k int, bas func() *policy.Session, t *track) {
	for _, w := range t.worlds {
		wanted := map[int][]*partial{}
		last := -1
		for _, p := range t.out.Groups {
			if size, known := j.shortest[k][p.Key]; p.world != w || known && size <= p.size {
				continue
			}
			j.shortest[k][p.Key] = p.size
			wanted[p.step] = append(wanted[p.step], p)
			last = max(last, p.step)
		}
		if last >= 0 {
			w.examples(c, bas(), candidate(t.policy), wanted, last)
		}
	}
}

// examples makes examples of the wanted steps up to the last of them.
func (w *world) examples(c *corpus.Case, bas, cand *policy.Session, wanted map[int][]*partial, last int) {
	b := &policy.Event{Verdict: policy.Verdict{Rule: noSide.Rule}}
	w.again(cand, c, last, func(i int) {
		cand.Trace = wanted[i] != nil
		if bas != nil {
			bas.Trace = cand.Trace
			b = step(bas, c.Steps[i].Frame)
		}
	}, func(i int, e *policy.Event) {
		for _, p := range wanted[i] {
			p.Example = exampleOf(c, i, b, e)
			p.Example.Conditional = p.isConditional
		}
	})
}

func exampleOf(c *corpus.Case, i int, b, e *policy.Event) *Example {
	st := &c.Steps[i]
	secrets := append(slices.Clone(b.Secrets), e.Secrets...)
	x := &Example{Source: c.Source, Case: c.ID, Step: st.ID, Seq: i, Size: len(st.Frame.Raw)}
	x.Offset = focus(st.Frame.Raw, &b.Verdict, &e.Verdict)
	x.Message, x.Cut = display(masked(st.Frame.Raw, secrets)[x.Offset:], MaxMessage)
	x.Cut = x.Cut || x.Offset > 0
	x.From = outcomeOf(st, b, secrets, x.Offset)
	x.To = outcomeOf(st, e, secrets, x.Offset)
	return x
}

// beforeFocus is how much of a message is shown before what the change is about.
const beforeFocus = 100

// focus returns where to begin showing a message: at its start, unless that leaves
// out the first byte that only one side replaced.
func focus(raw []byte, b, e *policy.Verdict) int {
	at := len(raw)
	for _, lists := range [][2][]policy.Redaction{{b.Redactions, e.Redactions}, {e.Redactions, b.Redactions}} {
		for _, r := range lists[0] {
			if uncovered([]policy.Redaction{r}, lists[1]) > 0 {
				at = min(at, r.Start)
			}
		}
	}
	if at == len(raw) || len(raw) <= MaxMessage || at < MaxMessage/4 {
		return 0
	}
	at -= beforeFocus
	for at > 0 && !utf8.RuneStart(raw[at]) {
		at--
	}
	return at
}

// display makes bytes fit to show: at most most of them, cut between characters,
// and valid UTF-8.
func display(b []byte, most int) (string, bool) {
	cut := len(b) > most
	if cut {
		end := most
		for end > most-utf8.UTFMax && !utf8.RuneStart(b[end]) {
			end--
		}
		b = b[:end]
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), cut
}

// outcomeOf keeps an event's verdict, trace and what left. Of an edited message that
// is shown from an offset on, or that holds more secrets, the kinds stand for the
// replacements.
func outcomeOf(st *corpus.Step, e *policy.Event, secrets []policy.SecretSpan, offset int) Outcome {
	kept := e.Clone()
	v := veilOf(st.Frame.Raw, secrets)
	o := Outcome{Verdict: v.verdict(kept.Verdict), Trace: v.trace(kept.Trace)}
	if len(kept.Out) == 0 || bytes.Equal(kept.Out[0].Bytes, st.Frame.Raw) {
		return o
	}
	out := kept.Out[0].Bytes
	if e.Verdict.Action == policy.Redact && (offset > 0 || bare(secrets, e.Verdict.Redactions)) {
		out = redacted(masked(st.Frame.Raw, secrets), e.Verdict.Redactions, offset)
	}
	o.Out, _ = display(out, MaxMessage)
	return o
}

// bare reports whether a secret stands outside of what was replaced.
func bare(secrets []policy.SecretSpan, redactions []policy.Redaction) bool {
	for _, s := range secrets {
		if uncovered([]policy.Redaction{{Start: s.Start, End: s.End}}, redactions) > 0 {
			return true
		}
	}
	return false
}

// redacted puts the kinds of the redactions in their places, from an offset on.
func redacted(raw []byte, redactions []policy.Redaction, offset int) []byte {
	var out []byte
	last := offset
	for _, r := range redactions {
		if r.Start < offset {
			continue
		}
		out = append(out, raw[last:r.Start]...)
		out = append(out, "[REDACTED:"+r.Kind+"]"...)
		last = r.End
	}
	return append(out, raw[last:]...)
}
