package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// decisions prints a line for each decision without ever holding up a message: a
// reader of our stderr that is slow, or gone, loses lines and is told how many. Lines
// that come together are written together.
type decisions struct {
	w          io.Writer
	pt         paint
	mu         sync.Mutex
	buf        []byte // what waits
	lost       int
	ring       chan struct{} // tells that something waits
	quit, done chan struct{}
}

const (
	// maxWaiting is how many bytes wait for a slow reader.
	maxWaiting = 256 << 10
	// gather is how long lines wait for more.
	gather = 5 * time.Millisecond
	// lastLines is how long the last lines may take.
	lastLines = time.Second
)

func newDecisions(w io.Writer, pt paint) *decisions {
	d := &decisions{w: w, pt: pt, ring: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go d.print()
	return d
}

func (d *decisions) print() {
	defer close(d.done)
	var spare []byte
	for {
		select {
		case <-d.ring:
			time.Sleep(gather)
			spare = d.write(spare)
		case <-d.quit:
			d.write(spare)
			return
		}
	}
}

// write prints what waits, and returns its memory. That nobody reads it must not stop
// the proxy.
func (d *decisions) write(spare []byte) []byte {
	d.mu.Lock()
	lines, lost := d.buf, d.lost
	d.buf, d.lost = spare[:0], 0
	d.mu.Unlock()
	if lost > 0 {
		lines = fmt.Appendf(lines, "rulewind: %d lines were left out\n", lost)
	}
	if len(lines) > 0 {
		_, _ = d.w.Write(lines)
	}
	return lines
}

// watch is told every event; it must be quick. Facts and routine answers go by
// without a line.
func (d *decisions) watch(f mcp.Frame, ev *policy.Event) {
	kind := ev.Subject.Kind
	if kind == "fact" || ev.Shadow == nil && proxy.Routine(ev) && (kind == "response" || kind == "error") {
		return
	}
	line, _ := proxy.Decision(ev)
	if len(ev.Secrets) > 0 {
		line = withoutSecrets(line, f.Raw, ev.Secrets)
	}
	action, rest, _ := strings.Cut(line, " ")
	if s := ev.Shadow; s != nil {
		rest += "  shadow: " + d.pt.action(s.Action, s.Action.String()) + " [" + proxy.Printable(s.Rule, 80) + "]"
	}
	d.say("rulewind: " + d.pt.action(ev.Verdict.Action, action) + " " + rest)
}

// withoutSecrets takes the secrets of a message out of a line about it: a tool can be
// called by one (law L8).
func withoutSecrets(line string, raw []byte, secrets []policy.SecretSpan) string {
	for _, s := range secrets {
		if secret := string(raw[s.Start:s.End]); len(secret) >= 8 {
			line = strings.ReplaceAll(line, secret, "["+s.Kind+"]")
		}
	}
	out, at := "", 0
	for _, f := range detect.Find(nil, detect.Text{Value: line}, detect.Secrets) { // spelt otherwise
		if f.Start >= at {
			out, at = out+line[at:f.Start]+"["+f.Kind+"]", f.End
		}
	}
	return out + line[at:]
}

// say queues a line.
func (d *decisions) say(line string) {
	d.mu.Lock()
	if len(d.buf)+len(line) < maxWaiting {
		d.buf = append(append(d.buf, line...), '\n')
	} else {
		d.lost++
	}
	d.mu.Unlock()
	select {
	case d.ring <- struct{}{}:
	default:
	}
}

// close waits for the lines so far, but not for long.
func (d *decisions) close() {
	close(d.quit)
	select {
	case <-d.done:
	case <-time.After(lastLines):
	}
}

// shared makes a writer that the server and we may write to at once. A file is one
// already, and the server inherits it as it is.
func shared(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		return f
	}
	return &locked{w: w}
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
