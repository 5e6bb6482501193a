package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// A span is a part of a diff: text that both have, or one of them.
type span struct {
	op   spanOp
	text string
}

type spanOp uint8

const (
	same spanOp = iota
	removed
	inserted
)

const (
	// maxWords bounds what is compared, in words of each side once what they begin and
	// end with alike is gone: the time is quadratic in it, and traffic chooses it.
	maxWords = 300
	// diffContext is how much is shown of what is the same around a change.
	diffContext = 48
)

// diff compares two texts word by word and leaves out most of what they have in
// common. It returns nil if they are too long to compare. Without a deadline the
// result depends on the texts alone (law L9).
func diff(before, after string) []span {
	before, after = strings.ToValidUTF8(before, "\uFFFD"), strings.ToValidUTF8(after, "\uFFFD")
	head := commonPrefix(before, after)
	tail := commonSuffix(before[head:], after[head:])
	old, now := before[head:len(before)-tail], after[head:len(after)-tail]
	w := wording{codes: map[string]rune{}}
	a, b := w.encode(old), w.encode(now)
	if len(a) > maxWords || len(b) > maxWords {
		return nil
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0
	spans := []span{{same, before[:head]}}
	for _, x := range d.DiffCleanupSemantic(d.DiffMainRunes(a, b, false)) {
		op := map[diffmatchpatch.Operation]spanOp{diffmatchpatch.DiffDelete: removed, diffmatchpatch.DiffInsert: inserted}[x.Type]
		spans = append(spans, span{op, w.decode(x.Text)})
	}
	return shorten(append(spans, span{same, before[len(before)-tail:]}))
}

// A wording stands a character for each word, so that words are compared as wholes.
type wording struct {
	words []string
	codes map[string]rune
}

// firstCode leaves room below for what means something to the differ; with maxWords a
// side the codes stay below the surrogates.
const firstCode = 0x100

func (w *wording) encode(s string) (out []rune) {
	for s != "" && len(out) <= maxWords {
		n := strings.IndexFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		switch {
		case n < 0:
			n = len(s)
		case n == 0:
			_, n = utf8.DecodeRuneInString(s)
		}
		code, known := w.codes[s[:n]]
		if !known {
			code = firstCode + rune(len(w.words))
			w.codes[s[:n]], w.words = code, append(w.words, s[:n])
		}
		out, s = append(out, code), s[n:]
	}
	return out
}

func (w *wording) decode(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(w.words[r-firstCode])
	}
	return b.String()
}

func commonPrefix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && (inWord(a, i) || inWord(b, i)) {
		i--
	}
	return i
}

func commonSuffix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	for i > 0 && (inWord(a, len(a)-i) || inWord(b, len(b)-i)) {
		i--
	}
	return i
}

// inWord reports whether a text can't be cut at i: a letter or a part of one stands
// on both sides.
func inWord(s string, i int) bool {
	letter := func(b byte) bool {
		return b >= utf8.RuneSelf || b == '_' || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
	}
	return 0 < i && i < len(s) && letter(s[i-1]) && letter(s[i])
}

// shorten cuts what is the same to its ends, and makes everything visible.
func shorten(spans []span) (out []span) {
	for i, s := range spans {
		s.text = Visible(s.text)
		if s.op == same {
			s.text = around(s.text, i > 0, i < len(spans)-1)
		}
		if s.text != "" {
			out = append(out, s)
		}
	}
	return out
}

// around keeps the ends of a text that stand next to a change.
func around(text string, atHead, atTail bool) string {
	r := []rune(text)
	if len(r) <= 2*diffContext {
		return text
	}
	head, tail := "", ""
	if atHead {
		head = string(r[:diffContext])
	}
	if atTail {
		tail = string(r[len(r)-diffContext:])
	}
	return head + "…" + tail
}

// inline writes a diff as one line, as word diffs do.
func inline(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.op {
		case removed:
			b.WriteString("[-" + s.text + "-]")
		case inserted:
			b.WriteString("{+" + s.text + "+}")
		default:
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// payloads returns what leaves under each side, and whether the two are comparable:
// both the message, edited or not, or both a refusal.
func payloads(x *replay.Example) (before, after string, comparable bool) {
	refused := func(o *replay.Outcome) bool { return o.Verdict.Action == policy.Deny || o.Verdict.Action == policy.Ask }
	out := func(o *replay.Outcome) string {
		if o.Out == "" && !refused(o) {
			return x.Message
		}
		return o.Out
	}
	before, after = out(&x.From), out(&x.To)
	return before, after, before != "" && after != "" && refused(&x.From) == refused(&x.To)
}

// without returns what the ranges have and the others don't, by bytes. Both are in
// order and without overlap.
func without(ranges, others []policy.Redaction) (out []policy.Redaction) {
	for _, r := range ranges {
		at := r.Start
		for _, o := range others {
			if o.End <= at || o.Start >= r.End {
				continue
			}
			if o.Start > at {
				out = append(out, policy.Redaction{Start: at, End: o.Start, Kind: r.Kind})
			}
			at = o.End
		}
		if at < r.End {
			out = append(out, policy.Redaction{Start: at, End: r.End, Kind: r.Kind})
		}
	}
	return out
}
