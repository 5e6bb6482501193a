package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// Read yields the sessions of a file that a Writer wrote; name is used in errors.
// An unknown member or word, or a policy whose bytes don't have the digest that
// names them, is an error.
func Read(r io.Reader, name string) iter.Seq2[Case, error] {
	return func(yield func(Case, error) bool) {
		x := exportReader{policies: map[string][]policy.Source{}}
		for line, err := range Lines(r, name) {
			var done *Case
			if err == nil {
				if done, err = x.line(line.Text); err != nil {
					err = fmt.Errorf("%s:%d: %w", name, line.Number, err)
				}
			}
			if err != nil {
				yield(Case{}, err)
				return
			}
			if done != nil && !yield(*done, nil) {
				return
			}
		}
		if x.open != nil {
			yield(*x.open, nil)
		}
	}
}

// HasForm reports whether the members are those of the first line of a file that a
// Writer wrote.
func HasForm(members []Member) bool { return find(members, "rulewind") != nil }

type exportReader struct {
	open     *Case
	policies map[string][]policy.Source
}

// line takes in a line, and returns the session before it if it begins another.
func (x *exportReader) line(line []byte) (done *Case, err error) {
	if bytes.HasPrefix(line, []byte(`{"rulewind":`)) {
		done = x.open
		x.open, err = x.header(line)
		return done, err
	}
	if x.open == nil {
		return nil, fmt.Errorf(`a step before its session; the first line must have "rulewind": %q`, Form)
	}
	s, err := readStep(line)
	if err == nil {
		x.open.Steps = append(x.open.Steps, s)
	}
	return nil, err
}

func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.InputOffset() != int64(len(line)) {
		return fmt.Errorf("something after the object; put one object on a line")
	}
	return nil
}

func (x *exportReader) header(line []byte) (*Case, error) {
	var h headerLine
	if err := strict(line, &h); err != nil {
		return nil, err
	}
	if h.Form != Form {
		return nil, fmt.Errorf("form %q isn't known here; this rulewind reads %q", h.Form, Form)
	}
	c := &Case{ID: h.ID, Source: h.Source, Server: h.Server, Imported: h.Imported}
	for _, w := range h.Missing {
		i := slices.Index(missingWords[:], w)
		if i < 0 {
			return nil, fmt.Errorf("missing: unknown word %q; use one of %q", w, missingWords)
		}
		c.Missing |= 1 << i
	}
	if len(h.Sources) > 0 {
		var sources []policy.Source
		for _, s := range h.Sources {
			sources = append(sources, policy.Source{Name: s.Name, Text: s.bytes()})
		}
		if got := digestOf(sources); got != h.Policy {
			return nil, fmt.Errorf("the policy's sources have the digest %s, not %s; the file was edited", got, h.Policy)
		}
		x.policies[h.Policy] = sources
	}
	if c.Policy = x.policies[h.Policy]; c.Policy == nil && h.Policy != "" {
		return nil, fmt.Errorf("no header so far has the sources of policy %s; keep a file's sessions together", h.Policy)
	}
	return c, nil
}

func (t *bytesText) bytes() []byte {
	if t.Text != nil {
		return []byte(*t.Text)
	}
	return t.Base64
}

func readStep(line []byte) (Step, error) {
	var l stepLine
	if err := strict(line, &l); err != nil {
		return Step{}, err
	}
	s := Step{
		ID: l.Step, Synthetic: l.Synthetic, Label: l.Label, Category: l.Category, Group: l.Group,
		Ambiguous: l.Ambiguous, Recorded: l.Event,
		Frame: mcp.Frame{At: l.At, Raw: l.bytes(), Size: l.Size, Pinned: l.Pinned, Pins: l.Pins},
	}
	var err error
	if err = s.Frame.Dir.UnmarshalText([]byte(l.Dir)); err != nil {
		return s, err
	}
	if s.Frame.Kind, err = parse("kind", l.Kind, mcp.Invalid, mcp.MessageFrame, mcp.OversizeFrame, mcp.FactFrame); err != nil {
		return s, err
	}
	if s.Fidelity, err = parse("fidelity", l.Fidelity, policy.Lossy, policy.Pinned, policy.Escrow, policy.Exact); err != nil {
		return s, err
	}
	if l.Want != nil {
		s.Want = &Expectation{Action: l.Want.Action, Rule: l.Want.Rule, Code: l.Want.Code}
		if l.Want.Out != nil {
			s.Want.Out = l.Want.Out.bytes()
		}
	}
	return s, nil
}

// parse returns the value whose word it is.
func parse[T fmt.Stringer](what, word string, values ...T) (T, error) {
	for _, v := range values {
		if v.String() == word {
			return v, nil
		}
	}
	var zero T
	return zero, fmt.Errorf("%s: unknown word %q; use one of %v", what, word, values)
}
