//go:build !unix

package main

import "os"

// killSignals are none where there are no signals.
var killSignals []os.Signal
