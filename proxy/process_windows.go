package proxy

import (
	"errors"
	"os"
	"os/exec"
)

// asksToEnd reports whether a signal asks a process to end; Windows has no other.
func asksToEnd(os.Signal) bool { return true }

func group(*exec.Cmd) {}

// signal has only one way to reach a process that isn't a console's: to end it. A
// server that should end by itself is asked by closing its stdin.
func (c *child) signal(os.Signal) { c.kill() }

func (c *child) terminate() { c.kill() }

func (c *child) kill() { _ = c.cmd.Process.Kill() }

// code is the exit code of the process; it is called after the exit, or when that
// isn't waited for any more.
func (c *child) code() int {
	select {
	case <-c.exited:
	default:
		return 1
	}
	var exit *exec.ExitError
	if !errors.As(c.err, &exit) {
		return 0
	}
	return exit.ExitCode()
}
