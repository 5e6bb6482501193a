package reports

import (
	"slices"
	"time"

	"github.com/rulewind/rulewind/proxy/policy"
)

// maxBuckets bounds the steps of a timeline.
const maxBuckets = 60

// steps are the widths a bucket can have. Each divides the next, so that buckets
// can be merged and their bounds fall on round times.
var steps = []time.Duration{
	time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 364 * 24 * time.Hour,
}

// ticks collects verdicts by time. It starts at the finest step and merges
// neighbours whenever there would be too many, so that memory stays bounded and
// the result doesn't depend on the order of sessions.
type ticks struct {
	step        int // in steps
	counts      map[int64]Counts
	first, last int64
}

func (t *ticks) add(at int64, a policy.Action) {
	if at <= 0 {
		return
	}
	if t.counts == nil {
		t.counts, t.first, t.last = map[int64]Counts{}, at, at
	}
	t.first, t.last = min(t.first, at), max(t.last, at)
	for t.step < len(steps)-1 && t.last/t.width()-t.first/t.width() >= maxBuckets {
		t.widen()
	}
	c := t.counts[at/t.width()*t.width()]
	c.add(a)
	t.counts[at/t.width()*t.width()] = c
}

func (t *ticks) width() int64 { return int64(steps[t.step]) }

// widen merges buckets into those of the next width.
func (t *ticks) widen() {
	t.step++
	merged := map[int64]Counts{}
	for start, c := range t.counts {
		key := start / t.width() * t.width()
		m := merged[key]
		m.Allow, m.Redact, m.Ask, m.Deny = m.Allow+c.Allow, m.Redact+c.Redact, m.Ask+c.Ask, m.Deny+c.Deny
		merged[key] = m
	}
	t.counts = merged
}

func (t *ticks) timeline() Timeline {
	if len(t.counts) == 0 {
		return Timeline{Buckets: []Counts{}}
	}
	w := t.width()
	start := t.first / w * w
	tl := Timeline{Start: start, Step: w}
	n := int(min((t.last-start)/w+1, 10*maxBuckets))
	tl.Buckets = slices.Grow(tl.Buckets, n)
	for i := range n {
		tl.Buckets = append(tl.Buckets, t.counts[start+int64(i)*w])
	}
	return tl
}
