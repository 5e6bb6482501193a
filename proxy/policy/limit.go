package policy

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// Bounds of the memory of limits. A key takes at most 64 bytes, and 8 more for each
// of its calls in the window; with a budget, 24 for each of the window's hundredths.
const (
	maxLimitCalls = 100_000
	maxLimitKey   = 64 // bytes; longer ones are hashed
)

// A limit lets a rule match only above a number of calls, or above a budget of bytes
// or time, in a sliding window of frame time.
type limit struct {
	calls  int
	counts bool          // calls bounds
	bytes  int64         // of requests and their answers; 0: no budget
	time   time.Duration // between call and answer; 0: no budget
	per    time.Duration
	by     []string
	args   []selector
	loops  bool // by the whole arguments: the same call again
}

// same reports whether two limits count alike.
func (l *limit) same(o *limit) bool {
	return l.calls == o.calls && l.counts == o.counts && l.bytes == o.bytes && l.time == o.time && l.per == o.per &&
		slices.Equal(l.by, o.by) && slices.EqualFunc(l.args, o.args, func(a, b selector) bool { return a.text == b.text })
}

func (l *limit) budgeted() bool { return l.bytes > 0 || l.time > 0 }

// The outcomes of a limit.
const (
	limitUnasked uint8 = iota
	limitWithin
	limitCalls  // exceeded by calls
	limitBudget // exceeded by bytes or time
)

// A window is the state of one limit in one session, by key.
type window struct {
	most int // keys that are remembered
	keys map[string]usage
}

// A usage is what has passed under a key, oldest first.
type usage struct {
	times []int64 // of the calls
	spent []spend
}

// A spend is what went at a time, or shortly before it.
type spend struct{ at, bytes, time int64 }

// overflow is the key that calls share when there are too many keys to remember:
// a caller can't gain room by inventing new ones.
const overflow = "\x00overflow"

// outcome tells whether one more call at the time goes above the limit. It changes
// nothing: count and spend do, once the message passes.
func (w *window) outcome(l *limit, key string, at int64) uint8 {
	u := w.keys[w.slot(key)]
	if l.counts && len(current(u.times, l, at)) >= l.calls {
		return limitCalls
	}
	if l.budgeted() {
		var bytes, time int64
		for _, s := range u.spent {
			if s.at > at-int64(l.per) {
				bytes, time = bytes+s.bytes, time+s.time
			}
		}
		if l.bytes > 0 && bytes >= l.bytes || l.time > 0 && time >= int64(l.time) {
			return limitBudget
		}
	}
	return limitWithin
}

// count remembers a call at the time.
func (w *window) count(l *limit, key string, at int64) {
	w.change(l, key, at, func(u *usage) { u.times = append(current(u.times, l, at), at) })
}

// spend remembers what a call took. What goes within a hundredth of the window is
// remembered as one.
func (w *window) spend(l *limit, key string, x spend) {
	w.change(l, key, x.at, func(u *usage) {
		for len(u.spent) > 0 && u.spent[0].at <= x.at-int64(l.per) {
			u.spent = u.spent[1:]
		}
		grain := max(int64(l.per)/100, 1)
		if n := len(u.spent); n > 0 && u.spent[n-1].at/grain == x.at/grain {
			last := &u.spent[n-1]
			last.at, last.bytes, last.time = max(last.at, x.at), last.bytes+x.bytes, last.time+x.time
			return
		}
		u.spent = append(u.spent, x)
	})
}

func (w *window) change(l *limit, key string, at int64, f func(*usage)) {
	if w.keys == nil {
		w.keys = map[string]usage{}
	}
	slot := w.slot(key)
	if slot == overflow {
		w.forget(l, at)
		slot = w.slot(key)
	}
	u := w.keys[slot]
	f(&u)
	w.keys[slot] = u
}

func (w *window) slot(key string) string {
	if _, known := w.keys[key]; !known && len(w.keys) >= w.most {
		return overflow
	}
	return key
}

// current returns the times that are still in the window.
func current(times []int64, l *limit, at int64) []int64 {
	i := 0
	for i < len(times) && times[i] <= at-int64(l.per) {
		i++
	}
	return times[i:]
}

// forget drops the keys of which all has left the window.
func (w *window) forget(l *limit, at int64) {
	for k, u := range w.keys {
		if len(current(u.times, l, at)) == 0 && (len(u.spent) == 0 || u.spent[len(u.spent)-1].at <= at-int64(l.per)) {
			delete(w.keys, k)
		}
	}
}

// limited reports whether a rule's limit is exceeded.
func (s *Session) limited(rule *Rule, m *mcp.Message, first bool) bool {
	i := rule.limitIndex
	if !first {
		return s.limits[i] > limitWithin
	}
	s.limits[i] = limitWithin
	retry := s.now.call.IsRetry // the same logical call, counted when it began
	if retry && !rule.limit.budgeted() {
		return false
	}
	s.keys[i] = s.limitKey(rule.limit, m, s.now.call.Arguments)
	if !retry {
		s.limits[i] = s.windows[i].outcome(rule.limit, s.keys[i], s.now.at)
	}
	return s.limits[i] > limitWithin
}

// limitCode words why a limit stops.
func (s *Session) limitCode(rule *Rule) string {
	switch {
	case s.limits[rule.limitIndex] == limitBudget:
		return CodeBudget
	case rule.limit.loops:
		return CodeLoop
	}
	return CodeRate
}

func limitReason(code string) string {
	switch code {
	case CodeBudget:
		return "the rule's budget is used up in its window"
	case CodeLoop:
		return "the same call too often in the rule's window"
	}
	return "too many calls in the rule's window"
}

// limitKey builds the key of a call: lengths in front, so that no value can be
// mistaken for two.
func (s *Session) limitKey(l *limit, m *mcp.Message, args int) string {
	var b strings.Builder
	add := func(v string) {
		b.WriteByte(byte(len(v) >> 16))
		b.WriteByte(byte(len(v) >> 8))
		b.WriteByte(byte(len(v)))
		b.WriteString(v)
	}
	for _, w := range l.by {
		switch w {
		case "tool":
			add(s.now.subject.Tool)
		case "method":
			add(s.now.subject.Method)
		case "server":
			add(s.server)
		case "client":
			add(s.client)
		case "args":
			add(string(s.now.reading.canonical(nil, args)))
		}
	}
	for _, sel := range l.args {
		sel.each(m, args, func(n int) bool {
			add(string(s.now.reading.canonical(nil, n)))
			return true
		})
	}
	if b.Len() <= maxLimitKey {
		return b.String()
	}
	sum := sha256.Sum256([]byte(b.String()))
	return string(sum[:])
}
