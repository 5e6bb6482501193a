package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"unicode/utf8"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// Form is what the member "rulewind" of the first line of each session says.
const Form = "session/1"

// endForm is what it says in the last line of a session that has Info: without that
// line the session was cut.
const endForm = "end"

// An endLine closes a session: how many steps it has, and the SHA-256 of its lines, the
// first included, each with its line feed.
type endLine struct {
	Form   string `json:"rulewind"`
	Steps  int    `json:"steps"`
	SHA256 string `json:"sha256"`
}

// A headerLine opens a session in Rulewind's own case files. The sources of a
// policy stand in the first header that names its digest.
type headerLine struct {
	Form     string       `json:"rulewind"`
	ID       string       `json:"id"`
	Source   string       `json:"source,omitempty"`
	Server   string       `json:"server,omitempty"`
	Imported bool         `json:"imported,omitempty"`
	Missing  []string     `json:"missing,omitempty"`
	Policy   string       `json:"policy,omitempty"`
	Sources  []sourceText `json:"sources,omitempty"`

	Info json.RawMessage `json:"info,omitempty"`
}

type sourceText struct {
	Name string `json:"name"`
	bytesText
	Guard bool `json:"guard,omitempty"`
}

// bytesText holds bytes: as a string where they are UTF-8.
type bytesText struct {
	Text   *string `json:"text,omitempty"`
	Base64 []byte  `json:"base64,omitempty"`
}

// A stepLine is one frame with what is known of it.
type stepLine struct {
	Step string `json:"step"`
	At   int64  `json:"at"`
	Dir  string `json:"dir"`
	Kind string `json:"kind"`
	bytesText
	Size      int64         `json:"size,omitempty"`
	Pinned    bool          `json:"pinned,omitempty"`
	Pins      []mcp.Pin     `json:"pins,omitempty"`
	Fidelity  string        `json:"fidelity"`
	Mono      int64         `json:"mono,omitempty"`
	Took      int64         `json:"took,omitempty"`
	Escrow    []byte        `json:"escrow,omitempty"`
	Synthetic bool          `json:"synthetic,omitempty"`
	Label     string        `json:"label,omitempty"`
	Category  string        `json:"category,omitempty"`
	Group     string        `json:"group,omitempty"`
	Ambiguous bool          `json:"ambiguous,omitempty"`
	Want      *wantText     `json:"want,omitempty"`
	Event     *policy.Event `json:"event,omitempty"`
}

type wantText struct {
	Action policy.Action `json:"action"`
	Rule   string        `json:"rule,omitempty"`
	Code   string        `json:"code,omitempty"`
	Out    *bytesText    `json:"out,omitempty"`
}

func textOf(b []byte) bytesText {
	if !utf8.Valid(b) {
		return bytesText{Base64: b}
	}
	s := string(b)
	return bytesText{Text: &s}
}

var missingWords = [...]string{"arguments", "answers", "order", "clock", "verdict"}

// Words names what is missing.
func (m Missing) Words() (out []string) {
	for i, w := range missingWords {
		if m&(1<<i) != 0 {
			out = append(out, w)
		}
	}
	return out
}

// A Writer writes Rulewind's own case files: JSON Lines that lose nothing of a
// case. The same cases give the same bytes.
type Writer struct {
	w    io.Writer
	seen map[string]bool
	buf  bytes.Buffer
	enc  *json.Encoder

	steps int       // of the session that was begun
	sum   hash.Hash // of its lines, if it has Info
}

// NewWriter returns a Writer to w, which should be buffered.
func NewWriter(w io.Writer) *Writer {
	x := &Writer{w: w, seen: map[string]bool{}}
	x.enc = json.NewEncoder(&x.buf)
	x.enc.SetEscapeHTML(false)
	return x
}

// Case writes a session.
func (w *Writer) Case(c *Case) error {
	if err := w.Begin(c); err != nil {
		return err
	}
	for i := range c.Steps {
		if err := w.Step(&c.Steps[i]); err != nil {
			return err
		}
	}
	return w.End()
}

// End writes the last line of the session that was begun, if it needs one.
func (w *Writer) End() error {
	if w.sum == nil {
		return nil
	}
	l := endLine{endForm, w.steps, hex.EncodeToString(w.sum.Sum(nil))}
	w.sum = nil
	return w.line(l)
}

// Begin writes the first line of a session; its steps follow one by one, and End.
func (w *Writer) Begin(c *Case) error {
	if w.steps, w.sum = 0, nil; c.Info != nil {
		w.sum = sha256.New()
	}
	h := headerLine{Form: Form, ID: c.ID, Source: c.Source, Server: c.Server, Imported: c.Imported, Missing: c.Missing.Words(), Info: c.Info}
	if len(c.Policy) > 0 {
		h.Policy = policy.DigestOf(c.Policy)
		if !w.seen[h.Policy] {
			w.seen[h.Policy] = true
			for _, s := range c.Policy {
				h.Sources = append(h.Sources, sourceText{s.Name, textOf(s.Text), s.Guard})
			}
		}
	}
	return w.line(h)
}

// Step writes the next step of the session that was begun.
func (w *Writer) Step(s *Step) error {
	w.steps++
	f := &s.Frame
	l := stepLine{
		Step: s.ID, At: f.At, Dir: f.Dir.String(), Kind: f.Kind.String(), bytesText: textOf(f.Raw), Size: f.Size,
		Pinned: f.Pinned, Pins: f.Pins, Fidelity: s.Fidelity.String(), Mono: s.Mono, Took: s.Took, Escrow: s.Escrow, Synthetic: s.Synthetic,
		Label: s.Label, Category: s.Category, Group: s.Group, Ambiguous: s.Ambiguous, Event: s.Recorded,
	}
	if s.Want != nil {
		l.Want = &wantText{Action: s.Want.Action, Rule: s.Want.Rule, Code: s.Want.Code}
		if s.Want.Out != nil {
			t := textOf(s.Want.Out)
			l.Want.Out = &t
		}
	}
	return w.line(l)
}

func (w *Writer) line(v any) error {
	w.buf.Reset()
	if err := w.enc.Encode(v); err != nil {
		return fmt.Errorf("writing cases: %w", err)
	}
	if w.sum != nil {
		w.sum.Write(w.buf.Bytes())
	}
	if _, err := w.w.Write(w.buf.Bytes()); err != nil {
		return fmt.Errorf("writing cases: %w", err)
	}
	return nil
}
