package recorder_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

func TestLatencyQuantiles(t *testing.T) {
	near := func(got, want int64) bool { return got >= want*3/4 && got <= want*5/4 }
	for scale := int64(1); scale < 1e12; scale *= 7 {
		var values []int64
		for i := range int64(1000) {
			values = append(values, (i*387%1000+1)*scale)
		}
		if l := recorder.LatencyOf(values...); l.N != 1000 || l.Max != 1000*scale || !near(l.P50, 500*scale) || !near(l.P95, 950*scale) {
			t.Errorf("1 to 1000 times %d: %+v", scale, l)
		}
	}
	for v := range int64(40) {
		if l := recorder.LatencyOf(v); l.N != 1 || l.Max != v || !near(l.P50, v) || l.P95 != l.P50 {
			t.Errorf("%d: %+v", v, l)
		}
	}
	if l := recorder.LatencyOf(); l != (recorder.Latency{}) {
		t.Errorf("nothing: %+v", l)
	}
}

// A session says how long its messages took, and its server to answer.
func TestSessionTimes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	now := func(dir mcp.Dir, raw string) {
		t.Helper()
		tp.at = time.Now().UnixNano()
		tp.message(dir, raw)
	}
	now(mcp.ToServer, request(1))
	now(mcp.ToServer, request(2))
	now(mcp.ToServer, `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"~/.ssh/id_rsa"}}}`) // denied
	now(mcp.ToClient, `{"jsonrpc":"2.0","id":2,"result":{"content":[]}}`)
	now(mcp.ToClient, `{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}`)
	now(mcp.ToClient, `{"jsonrpc":"2.0","method":"notifications/progress"}`)
	last := int64(0)
	for i, e := range entries(t, s, tp.session.ID()) {
		if e.Mono <= last || e.Took < 0 || (i == 0) != (e.Took == 0) {
			t.Errorf("entry %d: recorded at %d, after %d, and took %d", i, e.Mono, last, e.Took)
		}
		last = e.Mono
	}
	must(t, s.Close())
	s, err := recorder.OpenReadOnly(path)
	must(t, err)
	list, err := s.Sessions()
	must(t, err)
	got := list[0].Times
	if got == nil || got.Work.N != 6 || got.Answers.N != 2 || got.Work.Max <= 0 || got.Answers.Max <= 0 || got.Answers.Max > last {
		t.Errorf("%+v", got)
	}
}
