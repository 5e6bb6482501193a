package proxy

import (
	"os"
	"time"
)

// An ending brings a server to its end: it gets a grace to end by itself, is then
// asked to, after another grace killed, and after a third nothing is waited for any
// more, such as a client that doesn't read.
type ending struct {
	child *child
	grace time.Duration

	step    step
	timer   *time.Timer
	over    bool // the process has ended
	overdue bool // nothing is to be waited for any more
}

type step uint8

const (
	running step = iota
	waiting      // to end by itself
	asked
	killed
)

// soon expects the server to end by itself, within the grace.
func (e *ending) soon() {
	if e.step == running && !e.over {
		e.enter(waiting)
	}
}

// signal forwards a signal. One that asks to end starts the grace; a second kills.
func (e *ending) signal(sig os.Signal) {
	end := asksToEnd(sig)
	if end && e.step >= asked {
		e.next()
		return
	}
	if end {
		e.enter(asked)
	}
	if !e.over { // or its number may be another's
		e.child.signal(sig)
	}
}

// exited notes that the process has ended. If it was made to, the time starts in
// which the client may read the rest.
func (e *ending) exited() {
	e.over = true
	switch e.step {
	case waiting:
		e.stop()
	case asked, killed:
		e.enter(killed)
	}
}

// next goes a step further, since the last one took too long.
func (e *ending) next() {
	switch {
	case e.step == killed || e.over:
		e.overdue = true
	case e.step == asked:
		e.enter(killed)
		e.child.kill()
	default:
		e.enter(asked)
		e.child.terminate()
	}
}

func (e *ending) enter(s step) {
	e.stop()
	e.step, e.timer = s, time.NewTimer(e.grace)
}

// due delivers when the current step has taken too long.
func (e *ending) due() <-chan time.Time {
	if e.timer == nil {
		return nil
	}
	return e.timer.C
}

func (e *ending) stop() {
	if e.timer != nil {
		e.timer.Stop()
		e.timer = nil
	}
}
