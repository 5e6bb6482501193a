package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal: what a person types into one end is read from the
// other.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// TestKeysAtATerminal: one key answers, without Enter, and a line is edited as usual.
func TestKeysAtATerminal(t *testing.T) {
	person, program := terminal(t)
	e := &env{Context: context.Background(), Stdin: program, Stdout: program, Terminal: isTerminal}
	a := e.asker()
	type answer struct {
		key  byte
		line string
		err  error
	}
	answers := make(chan answer)
	go func() {
		var x answer
		x.key, x.err = a.key("which", "ar")
		answers <- x
		x.line, x.err = a.line("why ")
		answers <- x
		x.key, x.err = a.key("which", "ar")
		answers <- x
	}()
	// What is typed before the prompt could be lost when the mode changes: wait for it.
	until := func(text string) {
		var got []byte
		b := make([]byte, 1)
		for len(got) < len(text) || string(got[len(got)-len(text):]) != text {
			if _, err := person.Read(b); err != nil {
				t.Fatalf("%v after %q", err, got)
			}
			got = append(got, b[0])
		}
	}
	until("which: ")
	waitRaw(t, program)
	person.WriteString("A")
	if x := <-answers; x.key != 'a' || x.err != nil {
		t.Fatalf("%q, %v", x.key, x.err)
	}
	until("why ")
	person.WriteString("becausf\x7fe\n")
	if x := <-answers; x.line != "because" || x.err != nil {
		t.Fatalf("%q, %v", x.line, x.err)
	}
	until("which: ")
	waitRaw(t, program)
	person.WriteString("\x03")
	if x := <-answers; x.key != 0 || x.err != nil {
		t.Fatalf("%q, %v", x.key, x.err)
	}
}

// waitRaw waits until the terminal hands keys on as they come.
func waitRaw(t *testing.T, f *os.File) {
	t.Helper()
	for {
		tio, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if tio.Lflag&unix.ICANON == 0 {
			return
		}
	}
}
