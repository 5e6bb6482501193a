//go:build unix

package main

import (
	"os"
	"syscall"
)

// killSignals turn one proxy's kill switch on, and off again.
var killSignals = []os.Signal{syscall.SIGUSR1, syscall.SIGUSR2}
