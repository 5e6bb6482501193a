package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// Bounds of the answers kept; the oldest leave.
const (
	maxCacheBytes   = 8 << 20
	maxCacheAnswers = 1000
	maxCacheAnswer  = 1 << 20
	maxCacheTime    = 24 * time.Hour
)

// A cache keeps answers of tools that only read, for identical calls of the same
// session. Whatever may have changed what they read empties it:
//
//	a call that may write passes  -> empty; nothing is kept until its answer came
//	its answer comes              -> empty: reads sent meanwhile may be from before
//	it ends without, or goes on as a task -> nothing is kept any more
//	a notification of the server  -> empty
type cache struct {
	answers map[string]*cachedAnswer
	order   []string // of the keys, oldest first
	bytes   int
	epoch   int  // counts what emptied it
	writing int  // calls that may write and have no answer yet
	off     bool // what the server does can't be known any more
}

// A cachedAnswer is an answer as the client got it.
type cachedAnswer struct {
	seq            int // of the answer
	at             int64
	raw            []byte
	idStart, idEnd int
	labels         []string
}

func (c *cache) empty() {
	clear(c.answers)
	c.order, c.bytes = nil, 0
	c.epoch++
}

func (c *cache) keep(key string, a *cachedAnswer) {
	if old := c.answers[key]; old != nil {
		c.drop(key)
	}
	if c.answers == nil {
		c.answers = map[string]*cachedAnswer{}
	}
	c.answers[key] = a
	c.order = append(c.order, key)
	c.bytes += len(a.raw)
	for c.bytes > maxCacheBytes || len(c.order) > maxCacheAnswers {
		c.drop(c.order[0])
	}
}

func (c *cache) drop(key string) {
	c.bytes -= len(c.answers[key].raw)
	delete(c.answers, key)
	i := slices.Index(c.order, key)
	c.order = slices.Delete(c.order, i, i+1)
}

// onlyReads reports whether the server has listed the tool as one that reads only.
func (s *Session) onlyReads(tool string) bool {
	t := s.tools[tool]
	return t != nil && t.hints[hintReadOnly] == 2 && t.hints[hintDestructive] != 2
}

// mayWrite reports whether a request may change what tools read: it calls a tool that
// isn't known to read only, or a method that the protocol doesn't know.
func (s *Session) mayWrite(method, tool string) bool {
	if method == mcp.MethodToolsCall {
		return !s.onlyReads(tool)
	}
	_, known := mcp.LookupMethod(method)
	return !known
}

// caching fills in what a call means to the cache.
func (s *Session) caching(d *debt, m *mcp.Message) (matters bool) {
	if !s.policy.caches || s.guard.policy != nil || m.Kind != mcp.Request || s.now.subject.Dir != mcp.ToServer {
		return false
	}
	if d.writes = s.mayWrite(m.Method, s.now.subject.Tool); d.writes {
		return true
	}
	if m.Method != mcp.MethodToolsCall {
		return false
	}
	decided := s.decided()
	if decided == nil || decided.cache == 0 || !s.plainCall(m) {
		return false
	}
	d.key, d.ttl, d.epoch = s.cacheKey(), decided.cache, s.memory.cache.epoch
	return true
}

// decided is the rule that ended the walk, nil if none did.
func (s *Session) decided() *Rule {
	if n := len(s.matched); n > 0 && s.matched[n-1].Action != Log {
		return s.matched[n-1]
	}
	return nil
}

// plainCall reports whether a call is nothing but a tool and its arguments: no retry,
// no task, no wish for progress, and without a secret.
func (s *Session) plainCall(m *mcp.Message) bool {
	if s.now.call.IsRetry || s.now.reading.present&detect.Secrets != 0 || s.callerRefused || m.Find(m.Params, "_meta", "progressToken") >= 0 {
		return false
	}
	for i := m.Params + 1; i < int(m.Nodes[m.Params].Next); i = int(m.Nodes[i].Next) {
		switch m.Name(i) {
		case "name", "arguments", "_meta":
		default:
			return false
		}
	}
	return true
}

// cacheKey is equal for identical calls of the same caller.
func (s *Session) cacheKey() string {
	var b []byte
	for _, w := range []string{s.server, s.caller, s.now.subject.Tool} {
		b = append(binary.AppendUvarint(b, uint64(len(w))), w...)
	}
	sum := sha256.Sum256(s.now.reading.canonical(b, s.now.call.Arguments))
	return string(sum[:])
}

// fromCache answers a call that passes from memory, if the answer is there.
func (s *Session) fromCache(p [2]passage, m *mcp.Message) bool {
	d := p[0].debt
	if d == nil || d.key == "" {
		return false
	}
	a := s.memory.cache.answers[d.key]
	if a == nil || s.now.at-a.at >= int64(d.ttl) || s.now.at < a.at {
		return false
	}
	p[0].debt = nil
	s.pass(p)
	s.label(a.labels)
	s.event.Cached = a.seq
	out := slices.Concat(a.raw[:a.idStart], []byte(m.ID), a.raw[a.idEnd:])
	s.send(Output{To: s.now.subject.Dir.Reverse(), Bytes: out, Kind: mcp.Response, ID: m.ID})
	return true
}

// begun and ended take in that a call which may write is sent, and over.
func (c *cache) begun() {
	c.writing++
	c.empty()
}

func (c *cache) ended(answered bool) {
	c.writing--
	c.empty()
	c.off = c.off || !answered
}

// keepAnswer keeps the answer to a call, as it has just left.
func (s *Session) keepAnswer(d *debt, m *mcp.Message) {
	c := &s.memory.cache
	if d == nil || !d.writes && d.key == "" {
		return
	}
	task := s.now.call.ResultType == mcp.ResultTask || m.Find(m.Result, "task") >= 0
	if d.writes {
		c.off = c.off || task // it goes on
		return
	}
	n := m.Find(m.Result, "isError")
	failed := m.Kind != mcp.Response || n >= 0 && m.Nodes[n].Kind != mcp.False
	complete := s.now.call.ResultType == "" || s.now.call.ResultType == mcp.ResultComplete
	if failed || task || !complete || c.off || c.writing > 0 || c.epoch != d.epoch {
		return
	}
	if a := s.event.Verdict.Action; a != Allow && a != Redact {
		return
	}
	for _, o := range s.event.Out {
		if o.To != s.now.subject.Dir || len(o.Bytes) > maxCacheAnswer {
			continue
		}
		sent, err := s.check.Decode(o.Bytes)
		if err != nil || sent.IDNode < 0 {
			continue
		}
		id := sent.Nodes[sent.IDNode]
		c.keep(strings.Clone(d.key), &cachedAnswer{
			seq: s.event.Seq, at: s.now.at, raw: slices.Clone(o.Bytes), idStart: int(id.Start), idEnd: int(id.End), labels: slices.Clone(s.event.Labels),
		})
	}
}

// heard takes in a notification: what the server tells of may be a change.
func (c *cache) heard(method string) {
	switch method {
	case "notifications/progress", "notifications/message", "notifications/initialized", mcp.MethodCancelled:
		return
	}
	c.empty()
}
