//go:build unix

package proxy

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// asksToEnd reports whether a signal asks a process to end.
func asksToEnd(sig os.Signal) bool {
	return sig == syscall.SIGINT || sig == syscall.SIGTERM || sig == syscall.SIGHUP || sig == syscall.SIGQUIT
}

// group gives a process a group of its own.
func group(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signal sends a signal to the server and what it started. The group may outlive
// the process, and its number is not given to another one before it is empty.
func (c *child) signal(sig os.Signal) {
	if s, ok := sig.(syscall.Signal); ok {
		_ = syscall.Kill(-c.cmd.Process.Pid, s)
	}
}

func (c *child) terminate() { c.signal(syscall.SIGTERM) }

func (c *child) kill() { c.signal(syscall.SIGKILL) }

// code is the exit code that a shell would show; it is called after the exit, or
// when that isn't waited for any more.
func (c *child) code() int {
	select {
	case <-c.exited:
	default:
		return 128 + int(syscall.SIGKILL)
	}
	var exit *exec.ExitError
	if !errors.As(c.err, &exit) {
		return 0
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}
