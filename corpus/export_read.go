package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"
	"strconv"
	"unicode/utf8"

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
		switch {
		case x.sum != nil:
			yield(Case{}, fmt.Errorf("%s: %w", name, x.cut()))
		case x.open != nil:
			yield(*x.open, nil)
		}
	}
}

// HasForm reports whether the members are those of the first line of a file that a
// Writer wrote.
func HasForm(members []Member) bool { return find(members, "rulewind") != nil }

type exportReader struct {
	members  []Member
	open     *Case
	sum      hash.Hash // of its lines, if it must have an end
	policies map[string][]policy.Source
}

func (x *exportReader) cut() error {
	return fmt.Errorf("session %s has no end: the file was cut; export it again", x.open.ID)
}

// line takes in a line, and returns the session before it if it begins another.
func (x *exportReader) line(line []byte) (done *Case, err error) {
	if bytes.HasPrefix(line, []byte(`{"rulewind":"`+endForm+`"`)) {
		return x.end(line)
	}
	if bytes.HasPrefix(line, []byte(`{"rulewind":`)) {
		if x.sum != nil {
			return nil, x.cut()
		}
		done = x.open
		if x.open, err = x.header(line); err == nil && x.open.Info != nil {
			x.sum = sha256.New()
			x.add(line)
		}
		return done, err
	}
	x.add(line)
	if x.open == nil {
		return nil, fmt.Errorf(`a step before its session; the first line must have "rulewind": %q`, Form)
	}
	s, err := x.step(line)
	if err == nil {
		x.open.Steps = append(x.open.Steps, s)
	}
	return nil, err
}

// add takes a line into the sum.
func (x *exportReader) add(line []byte) {
	if x.sum != nil {
		x.sum.Write(line)
		x.sum.Write([]byte("\n"))
	}
}

// end takes in a session's last line, and returns the session.
func (x *exportReader) end(line []byte) (*Case, error) {
	var l endLine
	if err := strict(line, &l); err != nil {
		return nil, err
	}
	if x.sum == nil {
		return nil, fmt.Errorf("an end without a session")
	}
	if sum := hex.EncodeToString(x.sum.Sum(nil)); sum != l.SHA256 || l.Steps != len(x.open.Steps) {
		return nil, fmt.Errorf("session %s isn't what was exported: it has %d steps, its end says %d, and its lines have another hash; export it again", x.open.ID, len(x.open.Steps), l.Steps)
	}
	done := x.open
	x.open, x.sum = nil, nil
	return done, nil
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
	c := &Case{ID: h.ID, Source: h.Source, Server: h.Server, Imported: h.Imported, Info: h.Info}
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
			sources = append(sources, policy.Source{Name: s.Name, Text: s.bytes(), Guard: s.Guard})
		}
		if got := policy.DigestOf(sources); got != h.Policy {
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

// step reads a line of a session. Its members are taken apart here, since there are
// many lines and few kinds of members.
func (x *exportReader) step(line []byte) (s Step, err error) {
	x.members, err = Members(x.members[:0], line)
	if err != nil {
		return s, err
	}
	for _, name := range []string{"step", "dir", "kind", "fidelity"} {
		if find(x.members, name) == nil {
			return s, fmt.Errorf("no %q in a step", name)
		}
	}
	for _, m := range x.members {
		if err := readMember(&s, m); err != nil {
			return s, err
		}
	}
	return s, nil
}

func readMember(s *Step, m Member) (err error) {
	f := &s.Frame
	switch m.Name {
	case "step":
		s.ID, err = unquote(m)
	case "at":
		f.At, err = integer(m)
	case "dir":
		err = f.Dir.UnmarshalText(unquoted(m, &err))
	case "kind":
		f.Kind, err = parse("kind", string(unquoted(m, &err)), mcp.Invalid, mcp.MessageFrame, mcp.OversizeFrame, mcp.FactFrame)
	case "text":
		f.Raw = unquoted(m, &err)
	case "base64":
		err = decode(&f.Raw, m, "base64")
	case "size":
		f.Size, err = integer(m)
	case "fidelity":
		s.Fidelity, err = parse("fidelity", string(unquoted(m, &err)), policy.Lossy, policy.Pinned, policy.Escrow, policy.Exact)
	case "mono":
		s.Mono, err = integer(m)
	case "took":
		s.Took, err = integer(m)
	case "escrow":
		err = decode(&s.Escrow, m, "base64")
	case "label":
		s.Label, err = unquote(m)
	case "category":
		s.Category, err = unquote(m)
	case "group":
		s.Group, err = unquote(m)
	case "pinned":
		err = decode(&f.Pinned, m, "true or false")
	case "synthetic":
		err = decode(&s.Synthetic, m, "true or false")
	case "ambiguous":
		err = decode(&s.Ambiguous, m, "true or false")
	case "pins":
		err = strict(m.Value, &f.Pins)
	case "event":
		err = strict(m.Value, &s.Recorded)
	case "want":
		var w wantText
		err = strict(m.Value, &w)
		s.Want = w.expectation()
	default:
		return fmt.Errorf("unknown member %q in a step", m.Name)
	}
	return err
}

func (w *wantText) expectation() *Expectation {
	x := &Expectation{Action: w.Action, Rule: w.Rule, Code: w.Code}
	if w.Out != nil {
		x.Out = w.Out.bytes()
	}
	return x
}

func integer(m Member) (int64, error) {
	n, err := strconv.ParseInt(string(m.Value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("member %q: want a whole number", m.Name)
	}
	return n, nil
}

func unquote(m Member) (string, error) {
	var err error
	b := unquoted(m, &err)
	return string(b), err
}

// escapes are what stands after a backslash for one byte.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unquoted returns the value of a JSON string, in memory of its own. What isn't
// simple is left to encoding/json.
func unquoted(m Member, err *error) []byte {
	v := m.Value
	if len(v) < 2 || v[0] != '"' || !utf8.Valid(v) {
		return hardString(m, err)
	}
	v = v[1 : len(v)-1]
	out := make([]byte, 0, len(v))
	for {
		i := bytes.IndexByte(v, '\\')
		if i < 0 {
			i = len(v)
		}
		for _, c := range v[:i] {
			if c < ' ' {
				return hardString(m, err)
			}
		}
		out = append(out, v[:i]...)
		if i == len(v) {
			return out
		}
		if i+1 == len(v) || escapes[v[i+1]] == 0 {
			return hardString(m, err)
		}
		out = append(out, escapes[v[i+1]])
		v = v[i+2:]
	}
}

func hardString(m Member, err *error) []byte {
	var s string
	*err = text(&s, m)
	return []byte(s)
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
