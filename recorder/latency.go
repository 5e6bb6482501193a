package recorder

import (
	"math/bits"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Latency sums up how long something took, in ns. The quantiles are exact to a
// quarter of themselves.
type Latency struct {
	N   int64 `json:"n"`
	P50 int64 `json:"p50"`
	P95 int64 `json:"p95"`
	Max int64 `json:"max"`
}

// A Timing says how long a session's messages took.
type Timing struct {
	// Work is Entry.Took: from reading a message until it was judged and handed over to
	// be recorded.
	Work Latency `json:"work"`
	// Answers is from then, for a request to the server, until its answer was read: what
	// the server took, the commit and the ways to it and back.
	Answers Latency `json:"answers"`
}

// A histogram counts values by their first three binary digits.
type histogram struct {
	n, max  int64
	buckets [256]uint32
}

func (h *histogram) add(v int64) {
	v = max(v, 0)
	h.n++
	h.max = max(h.max, v)
	h.buckets[bucket(v)]++
}

// bucket returns which one a value is in: of each length in bits there are four.
func bucket(v int64) int {
	length := bits.Len64(uint64(v))
	if length < 3 {
		return int(v)
	}
	return length<<2 | int(v>>(length-3)&3)
}

// middle is the value in the middle of a bucket.
func middle(b int) int64 {
	if b < 4 {
		return int64(b)
	}
	length := b >> 2
	return int64(4|b&3)<<(length-3) + 1<<(length-3)>>1
}

func (h *histogram) sum() Latency {
	l := Latency{N: h.n, Max: h.max}
	for _, q := range []struct {
		percent int64
		to      *int64
	}{{50, &l.P50}, {95, &l.P95}} {
		left := (h.n*q.percent + 99) / 100
		for b, n := range h.buckets {
			if left -= int64(n); n > 0 && left <= 0 {
				*q.to = min(middle(b), h.max)
				break
			}
		}
	}
	return l
}

// times are a session's histograms; guarded by Store.write.
type times struct{ work, answers histogram }

func (t *times) add(r *row) {
	if r.took > 0 {
		t.work.add(r.took)
	}
	if r.answered > 0 {
		t.answers.add(r.answered)
	}
}

func (t *times) sum() Timing { return Timing{t.work.sum(), t.answers.sum()} }

// maxWaiting bounds the requests whose answers are waited for: some never come.
const maxWaiting = 4096

// answered returns how long a request took whose answer this is, 0 if it is none.
func (s *Session) answered(f *mcp.Frame, ev *policy.Event, t timing) int64 {
	switch sub := &ev.Subject; {
	case f.Kind != mcp.MessageFrame:
	case sub.Kind == "request" && f.Dir == mcp.ToServer && (ev.Verdict.Action == policy.Allow || ev.Verdict.Action == policy.Redact):
		if len(s.waiting) >= maxWaiting || s.waiting == nil {
			s.waiting = map[int]int64{}
		}
		s.waiting[ev.Seq] = t.mono
	case f.Dir == mcp.ToClient && sub.Call >= 0:
		if asked, ok := s.waiting[sub.Call]; ok {
			delete(s.waiting, sub.Call)
			return max(t.mono-t.took-asked, 1)
		}
	}
	return 0
}
