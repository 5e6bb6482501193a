package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// Bounds of the memory of limits.
const (
	maxLimitCalls = 100_000
	maxLimitKeys  = 10_000
)

// A limit lets a rule match only above a number of calls in a sliding window of
// frame time.
type limit struct {
	calls int
	per   time.Duration
	by    []string
	args  []selector
}

// same reports whether two limits count alike.
func (l *limit) same(o *limit) bool {
	return l.calls == o.calls && l.per == o.per && slices.Equal(l.by, o.by) &&
		slices.EqualFunc(l.args, o.args, func(a, b selector) bool { return a.text == b.text })
}

// A window is the state of one limit in one session: per key the times of the
// calls that count, oldest first.
type window struct {
	keys map[string][]int64
}

// overflow is the key that calls share when there are too many keys to remember:
// a caller can't gain room by inventing new ones.
const overflow = "\x00overflow"

// exceeded reports whether one more call at the time goes above the limit. It
// changes nothing: count does, once the verdict is final.
func (w *window) exceeded(l *limit, key string, at int64) bool {
	return len(w.current(l, w.slot(key), at)) >= l.calls
}

// count remembers a call at the time.
func (w *window) count(l *limit, key string, at int64) {
	if w.keys == nil {
		w.keys = map[string][]int64{}
	}
	slot := w.slot(key)
	if slot == overflow {
		w.forget(l, at)
		slot = w.slot(key)
	}
	times := w.current(l, slot, at)
	w.keys[slot] = append(times, at)
}

func (w *window) slot(key string) string {
	if _, known := w.keys[key]; !known && len(w.keys) >= maxLimitKeys {
		return overflow
	}
	return key
}

// current returns the times of the key that are still in the window.
func (w *window) current(l *limit, key string, at int64) []int64 {
	times := w.keys[key]
	i := 0
	for i < len(times) && times[i] <= at-int64(l.per) {
		i++
	}
	return times[i:]
}

// forget drops the keys whose calls have all left the window.
func (w *window) forget(l *limit, at int64) {
	for k := range w.keys {
		if len(w.current(l, k, at)) == 0 {
			delete(w.keys, k)
		}
	}
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
		}
	}
	for _, sel := range l.args {
		sel.each(m, args, func(n int) bool {
			node := m.Nodes[n]
			if node.Kind == mcp.String {
				add("s:" + m.Text(n))
			} else {
				add(string(m.Raw[node.Start:node.End]))
			}
			return true
		})
	}
	return b.String()
}
