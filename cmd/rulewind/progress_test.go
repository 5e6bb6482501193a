package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rulewind/rulewind/replay"
)

func TestProgressLine(t *testing.T) {
	for _, tt := range []struct {
		p     replay.Progress
		total int
		took  time.Duration
		want  string
	}{
		{replay.Progress{Cases: 3, Steps: 500, Changes: 2}, 0, 2 * time.Second, "3 sessions, 500 frames, 2 changes, 250 frames/s"},
		{replay.Progress{Cases: 3, Steps: 500}, 2000, 2 * time.Second, "[#####...............]  25%  3 sessions, 500 frames, 0 changes, 250 frames/s, 6s left"},
		{replay.Progress{Cases: 9, Steps: 2001}, 2000, time.Second, "[####################] 100%  9 sessions, 2001 frames, 0 changes, 2001 frames/s, 0s left"},
		{replay.Progress{}, 10, 0, "[....................]   0%  0 sessions, 0 frames, 0 changes, 0 frames/s, 10s left"},
	} {
		if got := progressLine(tt.p, tt.total, tt.took); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

// TestAnInterruptedReplayIsAPart: what was judged until Ctrl-C is written, says so, and
// passes no gate.
func TestAnInterruptedReplayIsAPart(t *testing.T) {
	te := newTestEnv(t)
	te.file("rows.jsonl", manyRows(50))
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, errOut bytes.Buffer
	e := &env{
		Context: ctx, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errOut, Dir: te.dir,
		Getenv: func(string) string { return "" }, Terminal: func(any) bool { return false },
	}
	if code := run([]string{"replay", "rows.jsonl", "-p", "default", "-b", "default", "-o", "json"}, e); code != exitIncomplete {
		t.Errorf("exit %d, want %d", code, exitIncomplete)
	}
	if got := out.String(); !strings.Contains(got, `"interrupted": true`) || !strings.Contains(got, "the rest was not judged") {
		t.Errorf("%s%s", got, errOut.String())
	}
}
