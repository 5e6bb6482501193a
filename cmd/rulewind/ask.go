package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// An asker asks a person at the terminal: by single keys where that can be, else
// line by line.
type asker struct {
	in  io.Reader
	out io.Writer
	raw bool // in is a terminal
}

func (e *env) asker() asker {
	_, file := e.Stdin.(*os.File)
	return asker{in: e.Stdin, out: e.Stdout, raw: file && e.Terminal(e.Stdin)}
}

var errNoAnswer = errors.New("standard input has ended; answer at a terminal, or feed a line for each question")

// Keys that end what is asked: Ctrl-C, Ctrl-D and Escape, which a terminal in raw mode
// hands on.
const endKeys = "\x03\x04\x1b"

// key asks for one of the keys, and returns 0 for one that ends.
func (a asker) key(prompt, keys string) (byte, error) {
	for {
		fmt.Fprintf(a.out, "%s: ", prompt)
		c, err := a.one()
		if err != nil {
			return 0, err
		}
		if strings.IndexByte(endKeys, c) >= 0 {
			fmt.Fprintln(a.out)
			return 0, nil
		}
		if a.raw {
			fmt.Fprintf(a.out, "%c\n", max(c, ' '))
		}
		if c |= 0x20; strings.IndexByte(keys, c) >= 0 {
			return c, nil
		}
	}
}

// one reads a key, or the first letter of a line.
func (a asker) one() (byte, error) {
	if !a.raw {
		line, err := a.line("")
		if err != nil || line == "" {
			return ' ', err
		}
		return line[0], nil
	}
	fd := int(a.in.(*os.File).Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return 0, fmt.Errorf("reading a key: %w", err)
	}
	defer term.Restore(fd, before)
	return a.byte()
}

// line asks for a line. It reads byte by byte, so that nothing of the next answer is
// taken.
func (a asker) line(prompt string) (string, error) {
	fmt.Fprint(a.out, prompt)
	var b strings.Builder
	for {
		c, err := a.byte()
		if err != nil && b.Len() == 0 {
			return "", err
		}
		if err != nil || c == '\n' {
			return strings.TrimSpace(b.String()), nil
		}
		b.WriteByte(c)
	}
}

func (a asker) byte() (byte, error) {
	var one [1]byte
	if _, err := io.ReadFull(a.in, one[:]); err != nil {
		return 0, errNoAnswer
	}
	return one[0], nil
}
