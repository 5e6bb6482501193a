package detect

import (
	"strings"
)

// edits collects what a decoder replaces in a text, left to right, and makes the
// view of it. Where the text is long the view holds only the surroundings of the
// edits: what stands far from them was seen in the text itself.
type edits struct {
	text string
	buf  []byte
	list []edit
}

type edit struct {
	start, end int32 // in text
	from, to   int32 // in buf
	unit       int8
}

// replace says that text[start:end] reads as repl. unit is how many source bytes
// each byte of repl stands for, 0 if that is not one number.
func (e *edits) replace(start, end int, unit int, repl ...byte) {
	from := int32(len(e.buf))
	e.buf = append(e.buf, repl...)
	if n := len(e.list) - 1; n >= 0 && unit > 0 && e.list[n].unit == int8(unit) && int(e.list[n].end) == start {
		e.list[n].end, e.list[n].to = int32(end), int32(len(e.buf))
		return
	}
	e.list = append(e.list, edit{int32(start), int32(end), from, int32(len(e.buf)), int8(unit)})
}

const (
	wholeBelow = 4 << 10 // a text up to that length is shown whole
	around     = 1 << 10 // how far the surroundings of an edit reach
)

// view returns the edited text and where its parts come from.
func (e *edits) view() (string, spans) {
	text := e.text
	var out strings.Builder
	ss := make(spans, 0, 2*len(e.list)+1)
	keep := func(from, to int) {
		if from < to {
			ss = append(ss, spanOf{int32(out.Len()), int32(from), int32(to), 1})
			out.WriteString(text[from:to])
		}
	}
	last := 0 // text up to here is written or left out
	for i, ed := range e.list {
		start, end := int(ed.start), int(ed.end)
		from := last
		if len(text) > wholeBelow {
			if near := lineBefore(text, last, start); near > last {
				if i > 0 {
					to := min(lineAfter(text, last), near)
					keep(last, to)
					from = to
					if near > to {
						ss = append(ss, spanOf{int32(out.Len()), int32(to), int32(near), 0})
						out.WriteByte('\n')
					}
				}
				from = max(from, near)
			}
		}
		keep(from, start)
		if ed.from < ed.to {
			ss = append(ss, spanOf{int32(out.Len()), ed.start, ed.end, ed.unit})
			out.Write(e.buf[ed.from:ed.to])
		}
		last = end
	}
	to := len(text)
	if len(text) > wholeBelow {
		to = lineAfter(text, last)
	}
	keep(last, to)
	return out.String(), ss
}

// lineBefore returns the start of i's line or, in a long one, a place before i where
// a character begins. It doesn't look before from.
func lineBefore(text string, from, i int) int {
	low := max(0, i-around)
	if n := strings.LastIndexByte(text[max(low, from):i], '\n'); n >= 0 {
		return max(low, from) + n + 1
	}
	if low <= from {
		return from
	}
	for low < i && text[low]&0xc0 == 0x80 {
		low++
	}
	return low
}

// lineAfter returns the end of i's line or, in a long one, a place after i where
// a character begins.
func lineAfter(text string, i int) int {
	high := min(len(text), i+around)
	if n := strings.IndexByte(text[i:high], '\n'); n >= 0 {
		return i + n
	}
	for high < len(text) && text[high]&0xc0 == 0x80 {
		high++
	}
	return high
}
