package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
)

// MaxLine is the longest line that a case file may have, in bytes.
const MaxLine = 64 << 20

// A Line is one line of a case file that isn't blank.
type Line struct {
	// Text is without its line feed and the white space around it. It is valid until
	// the next line is read.
	Text []byte
	// Number counts from 1.
	Number int
}

// Lines yields the lines of r. The error names the file and line.
func Lines(r io.Reader, name string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		b := bufio.NewReaderSize(r, 64<<10)
		var long []byte
		for number := 1; ; number++ {
			text, err := readLine(b, &long)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Line{Number: number}, fmt.Errorf("reading %s:%d: %w", name, number, err))
				return
			}
			if number == 1 {
				text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
			}
			if t := bytes.TrimSpace(text); len(t) > 0 && !yield(Line{t, number}, nil) {
				return
			}
			if err != nil {
				return
			}
		}
	}
}

var errLongLine = fmt.Errorf("a line longer than %d MiB; split it, or leave that message out", MaxLine>>20)

// readLine returns the next line, in the buffer of b or in *long.
func readLine(b *bufio.Reader, long *[]byte) ([]byte, error) {
	text, err := b.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err
	}
	*long = append((*long)[:0], text...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(*long) > MaxLine {
			return nil, errLongLine
		}
		text, err = b.ReadSlice('\n')
		*long = append(*long, text...)
	}
	if len(*long) > MaxLine {
		return nil, errLongLine
	}
	return *long, err
}
