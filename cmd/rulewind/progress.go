package main

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/replay"
)

// progressEvery is how often the line on a terminal is written again.
const progressEvery = 200 * time.Millisecond

// progress shows how far a run is on a terminal, and returns what takes it away.
func (e *env) progress(cfg *replay.Config, sources []string) (done func()) {
	if !e.Terminal(e.Stderr) {
		return func() {}
	}
	total, start := frames(sources), time.Now()
	var last time.Time
	shown := false
	cfg.Progress = func(p replay.Progress) {
		now := time.Now()
		if now.Sub(last) < progressEvery {
			return
		}
		last, shown = now, true
		fmt.Fprintf(e.Stderr, "\r%s\x1b[K", progressLine(p, total, now.Sub(start)))
	}
	return func() {
		if shown {
			fmt.Fprint(e.Stderr, "\r\x1b[K")
		}
	}
}

// frames counts what is in the sources, 0 if that takes reading them.
func frames(sources []string) (n int) {
	for _, name := range sources {
		store, err := recorder.OpenReadOnly(name)
		if err != nil {
			return 0
		}
		sessions, err := store.Sessions()
		store.Close()
		if err != nil {
			return 0
		}
		for i := range sessions {
			n += sessions[i].Entries
		}
	}
	return n
}

// barWidth is that of the bar in characters.
const barWidth = 20

// progressLine says how far a run is, how fast it goes and, if the total is known, how
// long it will take.
func progressLine(p replay.Progress, total int, took time.Duration) string {
	rate := float64(p.Steps) / max(took.Seconds(), 1e-3)
	line := fmt.Sprintf("%d sessions, %d frames, %d changes, %.0f frames/s", p.Cases, p.Steps, p.Changes, rate)
	if total == 0 {
		return line
	}
	done := min(p.Steps, total)
	full := barWidth * done / total
	left := time.Duration(float64(total-done) / max(rate, 1) * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("[%s%s] %3d%%  %s, %s left", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), 100*done/total, line, left)
}

// roomy has memory collected more rarely while a run goes on, which holds little and
// makes much, up to where it matters; it returns what undoes that.
func roomy() (undo func()) {
	percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(256<<20)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
