package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// TestSlowReadersLoseLinesAndAreTold: whoever reads our stderr late holds nothing up,
// gets whole lines in order, and is told how many are missing.
func TestSlowReadersLoseLinesAndAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowWriter{entered: make(chan struct{}, 1), open: make(chan struct{})}
		d := newDecisions(slow, paint(false))
		d.say("first")
		<-slow.entered
		for i := range 40_000 { // more than fits
			d.say(fmt.Sprintf("line %06d", i))
		}
		close(slow.open)
		d.close()
		lines := strings.Split(strings.TrimSuffix(slow.got.String(), "\n"), "\n")
		last := lines[len(lines)-1]
		var lost int
		if _, err := fmt.Sscanf(last, "rulewind: %d lines were left out", &lost); err != nil {
			t.Fatalf("the last line is %q", last)
		}
		if lines[0] != "first" || lines[1] != "line 000000" || len(lines)-2+lost != 40_000 {
			t.Errorf("%d lines came and %d were lost, of 40,000; they begin %q, %q", len(lines)-2, lost, lines[0], lines[1])
		}
	})
}

// A slowWriter takes nothing before open is closed.
type slowWriter struct {
	entered, open chan struct{}
	got           bytes.Buffer
}

func (w *slowWriter) Write(b []byte) (int, error) {
	select {
	case w.entered <- struct{}{}:
	default:
	}
	<-w.open
	return w.got.Write(b)
}
