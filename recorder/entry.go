package recorder

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// An Entry is one recorded frame with its event.
type Entry struct {
	// Seq orders the entries of all sessions of the store.
	Seq   int64
	Frame mcp.Frame
	Event policy.Event
	// Fidelity says how Frame stands for the one that was judged.
	Fidelity policy.Fidelity
	// Escrow is what was judged, if that isn't Frame, encrypted: see Identities. With
	// fidelity policy.Escrow, the frame is pinned as well, for who has no identity.
	Escrow []byte
	// Mono is when it was recorded, in ns since its session began, by a clock that
	// isn't set; Took is how long it took from being read until then. Both are 0 in
	// what older versions recorded.
	Mono, Took int64
}

// An entry's data is a format byte and these fields, numbers as varints, texts and
// bytes with their length in front:
//
//	at, mono, took, dir, kind, size, fidelity, raw,
//	subject: kind, dir, id, method, tool, target, server, call, era, fact
//	verdict: action, rule, pos, code, reason, severity
//	digest (32 bytes), rest (JSON of what is rare, or nothing)
//
// Format 1 has no mono and no took.
const entryFormat = 2

// rest is what few entries have.
type rest struct {
	Seq        int                `json:"seq,omitempty"`
	Matched    []string           `json:"matched,omitempty"`
	Findings   []policy.Finding   `json:"findings,omitempty"`
	Redactions []policy.Redaction `json:"redactions,omitempty"`
	Labels     []string           `json:"labels,omitempty"`
	Cached     int                `json:"cached,omitempty"`
	Hold       *policy.Hold       `json:"hold,omitempty"`
	Held       int                `json:"held,omitempty"`
	Shadow     *policy.Shadow     `json:"shadow,omitempty"`
	Pins       []mcp.Pin          `json:"pins,omitempty"`
	Pinned     bool               `json:"pinned,omitempty"`
	Escrow     []byte             `json:"escrow,omitempty"`
}

// restOf is what an event has of it, nil if nothing.
func restOf(e *policy.Event) *rest {
	v := &e.Verdict
	if len(v.Matched)+len(v.Findings)+len(v.Redactions)+len(e.Labels) == 0 && e.Cached == 0 && e.Hold == nil && e.Held == 0 && e.Shadow == nil {
		return nil
	}
	return &rest{Matched: v.Matched, Findings: v.Findings, Redactions: v.Redactions, Labels: e.Labels, Cached: e.Cached,
		Hold: e.Hold, Held: e.Held, Shadow: e.Shadow}
}

// timing is Entry.Mono and Took.
type timing struct{ mono, took int64 }

// maxTook is the longest time that is believed: the wall clock may have been set since
// the frame was read.
const maxTook = int64(time.Hour)

// timingOf is that of a frame which is recorded now, in a session that began then.
func timingOf(f *mcp.Frame, began, now time.Time) timing {
	t := timing{mono: int64(now.Sub(began))}
	if took := now.UnixNano() - f.At; took >= 0 && took <= maxTook {
		t.took = took
	}
	return t
}

func appendInt(b []byte, n int64) []byte { return binary.AppendVarint(b, n) }

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendEntry encodes an entry whose secrets have been replaced.
func appendEntry(b []byte, f *mcp.Frame, t timing, raw []byte, ev *policy.Event, sub *policy.Subject, fid policy.Fidelity, r *rest) ([]byte, error) {
	b = append(b, entryFormat)
	b = appendInt(b, f.At)
	b = appendInt(appendInt(b, t.mono), t.took)
	b = append(b, byte(f.Dir), byte(f.Kind))
	b = appendInt(b, f.Size)
	b = append(b, byte(fid))
	b = append(binary.AppendUvarint(b, uint64(len(raw))), raw...)
	b = appendText(b, sub.Kind)
	b = append(b, byte(sub.Dir))
	for _, s := range []string{string(sub.ID), sub.Method, sub.Tool, sub.Target, sub.Server} {
		b = appendText(b, s)
	}
	b = appendInt(b, int64(sub.Call))
	b = appendText(b, sub.Era)
	b = appendText(b, sub.Fact)
	v := &ev.Verdict
	b = append(b, byte(v.Action))
	for _, s := range []string{v.Rule, v.Pos, v.Code, v.Reason, v.Severity} {
		b = appendText(b, s)
	}
	b = append(b, ev.Digest[:]...)
	if r == nil {
		return append(b, 0), nil
	}
	j, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding an entry: %w", err)
	}
	return append(binary.AppendUvarint(b, uint64(len(j))), j...), nil
}

var errEntry = errors.New("an entry can't be read: the database is damaged")

// A decoder reads an entry's fields; its first error stays.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) int() int64 {
	n, size := binary.Varint(d.b)
	if size <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) uint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

// take returns the next n bytes.
func (d *decoder) take(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return nil
	}
	out := d.b[:n:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) bytes() []byte { return d.take(d.uint()) }

// names keeps short texts that come again and again, so that they are made once.
type names map[string]string

func (n names) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := n[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(n) < 4096 && len(s) <= 256 {
		n[s] = s
	}
	return s
}

// decodeEntry reads data. The entry's frame keeps a part of it.
func decodeEntry(seq int64, n int, data []byte, known names) (e Entry, err error) {
	d := decoder{b: data}
	format := d.byte()
	if format < 1 || format > entryFormat {
		return e, fmt.Errorf("%w (format %d)", errEntry, format)
	}
	e.Seq = seq
	e.Frame.At = d.int()
	if format >= 2 {
		e.Mono, e.Took = d.int(), d.int()
	}
	e.Frame.Dir, e.Frame.Kind = mcp.Dir(d.byte()), mcp.FrameKind(d.byte())
	e.Frame.Size = d.int()
	e.Fidelity = policy.Fidelity(d.byte())
	e.Frame.Raw = d.bytes()
	text := func() string { return known.text(d.bytes()) }
	sub, v := &e.Event.Subject, &e.Event.Verdict
	sub.Kind, sub.Dir = text(), mcp.Dir(d.byte())
	sub.ID = mcp.ID(d.bytes())
	sub.Method, sub.Tool, sub.Target, sub.Server = text(), text(), text(), text()
	sub.Call = int(d.int())
	sub.Era, sub.Fact = text(), text()
	v.Action = policy.Action(d.byte())
	v.Rule, v.Pos, v.Code, v.Reason, v.Severity = text(), text(), text(), text(), text()
	e.Event.Seq = n
	if len(d.b) < len(e.Event.Digest) {
		return e, errEntry
	}
	copy(e.Event.Digest[:], d.b)
	d.b = d.b[len(e.Event.Digest):]
	if j := d.bytes(); len(j) > 0 {
		var r rest
		if err := json.Unmarshal(j, &r); err != nil {
			return e, fmt.Errorf("%w: %w", errEntry, err)
		}
		v.Matched, v.Findings, v.Redactions = r.Matched, r.Findings, r.Redactions
		e.Event.Labels, e.Event.Cached = r.Labels, r.Cached
		e.Event.Hold, e.Event.Held, e.Event.Shadow = r.Hold, r.Held, r.Shadow
		e.Frame.Pins, e.Frame.Pinned, e.Escrow = r.Pins, r.Pinned, r.Escrow
	}
	if d.bad {
		return e, errEntry
	}
	return e, nil
}
