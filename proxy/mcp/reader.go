package mcp

import (
	"bytes"
	"io"
)

// DefaultMaxMessage is the size bound of a message in bytes where none is set.
const DefaultMaxMessage = 10 << 20

const (
	// baseBuffer is a Reader's buffer while lines are short: more than a pipe
	// holds, so that one read takes all that is there.
	baseBuffer = 128 << 10
	// minRead is the least room offered to a read.
	minRead = 16 << 10
	// calmLines is after how many short lines a buffer grown for a long one goes.
	calmLines = 64
	// An oversize line is reported by its first and its last bytes.
	excerptHead = 4 << 10
	excerptTail = 1 << 10
)

// A Reader splits a stream into lines, one message each (MCP "Transports",
// stdio).
//
// Only a line feed ends a line. A carriage return before it belongs to the line:
// it is white space to JSON, and what is forwarded must be what came. Lines of
// nothing but white space carry no message and are skipped. The last line counts
// although nothing ends it. A line longer than the bound is passed over, in
// memory that doesn't depend on its length, and reported once.
type Reader struct {
	src io.Reader
	max int
	err error // what src ended with

	buf        []byte
	start, end int // the bytes not yet handed out
	seen       int // no line feed before it, from start on
	calm       int // short lines in a row
	excerpt    excerpt
}

// A Line is one line of a stream, without the line feed.
type Line struct {
	// Raw is valid until the next call of Next. Of an oversize line it holds the
	// first 4 KiB and the last KiB: see OversizeID.
	Raw []byte
	// Size is the whole length in bytes.
	Size     int64
	Oversize bool
}

// NewReader returns a Reader of r that bounds lines at max bytes, or at
// DefaultMaxMessage if max isn't positive.
func NewReader(r io.Reader, max int) *Reader {
	if max <= 0 {
		max = DefaultMaxMessage
	}
	return &Reader{src: r, max: max}
}

// Next returns the next line. The error is what the underlying reader returned,
// io.EOF at the end, and comes after the last line.
func (r *Reader) Next() (Line, error) {
	for !r.locate() {
		switch {
		case r.end-r.start > r.max:
			if line := r.pass(); !r.excerpt.blank {
				return line, nil
			}
			continue
		case r.err != nil:
			return r.last()
		}
		r.fill()
	}
	line := r.buf[r.start:r.seen:r.seen]
	r.start, r.seen = r.seen+1, r.seen+1
	return r.line(line), nil
}

// Buffered reports whether Next would return a line without reading, so that
// whoever writes on what was read can wait for more before flushing.
func (r *Reader) Buffered() bool { return r.locate() }

// locate passes over blank lines and, if the buffer holds the next line whole,
// sets seen to its end.
func (r *Reader) locate() bool {
	for {
		n := bytes.IndexByte(r.buf[r.seen:r.end], '\n')
		if n < 0 {
			r.seen = r.end
			return false
		}
		r.seen += n
		if !blank(r.buf[r.start:r.seen]) {
			return true
		}
		r.start, r.seen = r.seen+1, r.seen+1
	}
}

// line makes the Line of a complete one.
func (r *Reader) line(raw []byte) Line {
	if len(raw) > r.max {
		r.excerpt.reset()
		r.excerpt.add(raw)
		return Line{Raw: r.excerpt.bytes(), Size: int64(len(raw)), Oversize: true}
	}
	if r.calm++; len(raw) > len(r.buf)/4 {
		r.calm = 0
	}
	return Line{Raw: raw, Size: int64(len(raw))}
}

// last returns what stands after the last line feed, once, and then the error.
func (r *Reader) last() (Line, error) {
	raw := r.buf[r.start:r.end:r.end]
	r.start, r.seen = r.end, r.end
	if blank(raw) {
		return Line{}, r.err
	}
	return r.line(raw), nil
}

// pass skips the oversize line whose beginning fills the buffer.
func (r *Reader) pass() Line {
	r.excerpt.reset()
	size := r.take(r.end)
	if len(r.buf) > baseBuffer {
		r.buf = make([]byte, baseBuffer)
	}
	for r.err == nil {
		r.fill()
		n := bytes.IndexByte(r.buf[:r.end], '\n')
		if n >= 0 {
			size += r.take(n)
			r.start, r.seen = n+1, n+1
			break
		}
		size += r.take(r.end)
	}
	return Line{Raw: r.excerpt.bytes(), Size: size, Oversize: true}
}

// take moves the buffered bytes before place to to the excerpt.
func (r *Reader) take(to int) int64 {
	n := to - r.start
	r.excerpt.add(r.buf[r.start:to])
	r.start, r.seen = to, to
	if to == r.end {
		r.start, r.seen, r.end = 0, 0, 0
	}
	return int64(n)
}

// fill reads more, once, into a buffer with room for a large read.
func (r *Reader) fill() {
	r.room()
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.err = err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}

// room makes room for a read behind the bytes that are kept: by moving them to
// the front, and if that isn't enough into a larger buffer. One that was grown
// for a line of long ago gives way to a small one.
func (r *Reader) room() {
	keep := r.end - r.start
	size := max(len(r.buf), baseBuffer)
	if size > baseBuffer && r.calm >= calmLines && keep <= baseBuffer-minRead {
		size = baseBuffer
	}
	if size-keep < minRead {
		size = min(2*size, max(r.max, baseBuffer)+baseBuffer)
	}
	switch {
	case size != len(r.buf):
		buf := make([]byte, size)
		copy(buf, r.buf[r.start:r.end])
		r.buf = buf
	case keep > 0 && size-r.end >= minRead:
		return
	default:
		copy(r.buf, r.buf[r.start:r.end])
	}
	r.seen -= r.start
	r.start, r.end = 0, keep
}

// blank reports whether a line has nothing but JSON's white space.
func blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// An excerpt keeps the first and the last bytes of what is added to it.
type excerpt struct {
	head, tail []byte
	blank      bool // nothing but white space so far
}

func (e *excerpt) reset() { *e = excerpt{head: e.head[:0], tail: e.tail[:0], blank: true} }

func (e *excerpt) add(b []byte) {
	e.blank = e.blank && blank(b)
	n := min(excerptHead-len(e.head), len(b))
	e.head = append(e.head, b[:n]...)
	b = b[n:]
	b = b[max(0, len(b)-excerptTail):]
	if over := len(e.tail) + len(b) - excerptTail; over > 0 {
		e.tail = append(e.tail[:0], e.tail[over:]...)
	}
	e.tail = append(e.tail, b...)
}

func (e *excerpt) bytes() []byte { return append(e.head[:len(e.head):len(e.head)], e.tail...) }
