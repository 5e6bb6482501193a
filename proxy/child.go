package proxy

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// A child is the server's process, in a process group of its own where there are
// such, so that a signal reaches what it started, and a terminal's reaches it once.
type child struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	exited chan struct{} // closed once the process has ended
	err    error         // of Wait, after exited
	left   time.Duration // to wait for more output after the exit
}

// startChild starts the server. After its exit, its output is read to the end, but
// silence of a process that it left behind is waited for no longer than grace.
func startChild(command []string, stderr io.Writer, grace time.Duration) (*child, error) {
	if len(command) == 0 {
		return nil, fmt.Errorf("%w: no command; put it after --, as in: rulewind proxy -- npx -y SERVER", ErrStart)
	}
	theirIn, ourIn, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("%w: making a pipe: %w", ErrStart, err)
	}
	ourOut, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		ourIn.Close()
		return nil, fmt.Errorf("%w: making a pipe: %w", ErrStart, err)
	}
	widen(ourIn)
	widen(ourOut)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirIn, theirOut, stderr
	cmd.WaitDelay = grace // for a stderr that is copied, and that a process left behind holds
	group(cmd)
	err = cmd.Start()
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		ourIn.Close()
		ourOut.Close()
		return nil, fmt.Errorf("%w: %w; %s", ErrStart, err, startFix(command[0], err))
	}
	c := &child{cmd: cmd, stdin: ourIn, stdout: ourOut, exited: make(chan struct{}), left: grace}
	go func() {
		defer close(c.exited)
		c.err = cmd.Wait()
		_ = c.stdout.SetReadDeadline(time.Now().Add(grace))
	}()
	return c, nil
}

// startFix says what to do about a server that can't be started.
func startFix(name string, err error) string {
	switch {
	case errors.Is(err, exec.ErrDot):
		return "write ./" + name + " if the program in this folder is meant"
	case errors.Is(err, exec.ErrNotFound):
		return "install it, or give its whole path: it is in no folder of PATH"
	case errors.Is(err, fs.ErrNotExist):
		return "check the path"
	case errors.Is(err, fs.ErrPermission):
		return "make it executable (chmod +x), or name the interpreter that runs it"
	}
	return "check that it is a program for this system, or name the interpreter that runs it"
}

// Read reads the server's output. While the process runs it waits as long as it
// takes. What it wrote before it ended is read to the end, however slowly; only
// the time spent waiting for more is limited then.
func (c *child) Read(b []byte) (int, error) {
	select {
	case <-c.exited:
	default:
		return c.stdout.Read(b)
	}
	began := time.Now()
	_ = c.stdout.SetReadDeadline(began.Add(max(c.left, time.Millisecond)))
	n, err := c.stdout.Read(b)
	c.left -= time.Since(began)
	return n, err
}

// why says how the server ended, for the client and the recording.
func (c *child) why() string {
	var exit *exec.ExitError
	if errors.As(c.err, &exit) {
		return "the server ended: " + exit.Error()
	}
	return "the server exited"
}
