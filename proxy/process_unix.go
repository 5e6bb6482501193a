//go:build unix

package proxy

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func asksToEnd(sig os.Signal) bool {
	return sig == syscall.SIGINT || sig == syscall.SIGTERM || sig == syscall.SIGHUP || sig == syscall.SIGQUIT
}

func terminate(p *os.Process) { _ = p.Signal(syscall.SIGTERM) }

// code is the exit code that a shell would show.
func (c *child) code() int {
	var exit *exec.ExitError
	if !errors.As(c.err, &exit) {
		return 0
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}
