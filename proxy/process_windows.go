package proxy

import (
	"errors"
	"os"
	"os/exec"
)

func asksToEnd(sig os.Signal) bool { return sig == os.Interrupt || sig == os.Kill }

func terminate(p *os.Process) { _ = p.Kill() }

// code is the exit code of the process.
func (c *child) code() int {
	var exit *exec.ExitError
	if !errors.As(c.err, &exit) {
		return 0
	}
	return exit.ExitCode()
}
