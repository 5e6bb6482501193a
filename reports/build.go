package reports

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// Options say what goes into a report. The zero value is a report of everything
// that was recorded.
type Options struct {
	// Title stands at the top; "" means "Rulewind report".
	Title string
	// Judge gives the verdicts of cases that have none, nil to leave them without.
	Judge *policy.Policy
	// Sessions bounds the list of sessions, Examples those of each rule; 0 means
	// 500 and 3.
	Sessions, Examples int
	// Replay, if set, is shown as well.
	Replay *replay.Result
	// Ends are what stores know of how sessions ended, by source and session.
	Ends map[SessionKey]End
}

// A SessionKey names a session by the base name of its source and its id.
type SessionKey struct{ Source, Session string }

// An End is how a session's recording ended.
type End struct {
	// Reason is why: "closed", "crashed", or what failed; "" while it runs.
	Reason string
	// Lost counts the frames that could not be recorded.
	Lost int
	// Pruned says that what it held was removed since; its hashes are left.
	Pruned bool
}

// Build makes the report of the cases, reading each once. It keeps no case: what
// it needs grows with the distinct rules, tools and kinds, and with the sessions.
func Build(cases iter.Seq2[corpus.Case, error], o Options) (*Report, error) {
	b := newBuilder(o)
	for c, err := range cases {
		if err != nil {
			return nil, fmt.Errorf("reading cases: %w", err)
		}
		b.add(&c)
	}
	return b.finish(), nil
}

// A builder collects what the report says, case by case.
type builder struct {
	o        Options
	r        *Report
	decoder  mcp.Decoder
	sources  map[string]*Source
	policies map[string]*Policy
	servers  map[string]*Server
	tools    map[[2]string]*Tool
	stops    map[stopKey]*Stop
	leaks    map[leakKey]*Leak
	missing  map[string]int
	tick     ticks
	defs     definitions

	// Of the case at hand.
	c       *corpus.Case
	session *Session
	seen    map[any]bool // stops and leaks counted for this session
	pending map[request]bool
}

// A request is a forwarded one that awaits its answer.
type request struct {
	dir mcp.Dir
	id  mcp.ID
}

type stopKey struct {
	rule, code string
	action     policy.Action
}

type leakKey struct{ kind, dir, outcome, server, tool string }

func newBuilder(o Options) *builder {
	o.Title = cmp.Or(o.Title, "Rulewind report")
	o.Sessions, o.Examples = cmp.Or(o.Sessions, 500), cmp.Or(o.Examples, 3)
	return &builder{
		o: o,
		r: &Report{Version: Version, Title: o.Title, Replay: o.Replay,
			Sessions: []Session{}, Evidence: Evidence{Missing: []Missing{}}},
		sources: map[string]*Source{}, policies: map[string]*Policy{}, servers: map[string]*Server{},
		tools: map[[2]string]*Tool{}, stops: map[stopKey]*Stop{}, leaks: map[leakKey]*Leak{},
		missing: map[string]int{}, defs: definitions{known: map[[2]string]definition{}},
	}
}

// get returns m[k], putting a new zero value there first if there is none.
func get[K comparable, V any](m map[K]*V, k K, fresh func(*V)) *V {
	v, ok := m[k]
	if !ok {
		v = new(V)
		fresh(v)
		m[k] = v
	}
	return v
}

func (b *builder) add(c *corpus.Case) {
	b.c = c
	b.session = &Session{ID: c.ID, Source: c.Source, Server: c.Server}
	b.seen, b.pending = map[any]bool{}, map[request]bool{}
	src := get(b.sources, c.Source, func(s *Source) { s.Name = c.Source })
	src.Sessions++
	src.Imported = src.Imported || c.Imported
	b.r.Summary.Sessions++
	b.lacks(c)

	computed := b.judge(c)
	b.policy(c, computed)
	var last int64
	for i := range c.Steps {
		st := &c.Steps[i]
		if st.Frame.At < last {
			b.r.Evidence.Backwards++
		}
		last = max(last, st.Frame.At)
		b.step(st, computed)
	}
	src.Messages += b.session.Messages
	b.endSession(c)
	get(b.servers, b.serverName(), func(s *Server) { s.Name = b.serverName() }).Sessions++
	if len(b.r.Sessions) < b.o.Sessions {
		b.r.Sessions = append(b.r.Sessions, *b.session)
	} else {
		b.r.MoreSessions++
	}
}

func (b *builder) serverName() string { return cmp.Or(b.session.Server, b.c.Server, "unknown") }

// judge gives the steps of a case without verdicts those of Options.Judge.
func (b *builder) judge(c *corpus.Case) (computed bool) {
	if b.o.Judge == nil || slices.ContainsFunc(c.Steps, func(s corpus.Step) bool { return s.Recorded != nil }) {
		return false
	}
	s := policy.NewSession(b.o.Judge)
	for i := range c.Steps {
		c.Steps[i].Recorded = s.Step(c.Steps[i].Frame).Clone()
	}
	return true
}

func (b *builder) policy(c *corpus.Case, computed bool) {
	var name, digest string
	switch {
	case computed:
		name, digest = b.o.Judge.Name, b.o.Judge.Digest
	case len(c.Policy) > 0:
		name, digest = c.Policy[0].Name, sourcesDigest(c.Policy)
	default:
		return
	}
	p := get(b.policies, fmt.Sprint(digest, computed), func(p *Policy) { p.Name, p.Digest, p.Computed = name, digest, computed })
	p.Sessions++
}

// lacks counts what the case can't show.
func (b *builder) lacks(c *corpus.Case) {
	if c.Imported {
		b.r.Evidence.Imported++
	}
	for i, what := range []string{"arguments", "answers", "order of messages", "clock", "verdicts"} {
		if c.Missing&(1<<i) != 0 {
			b.missing[what]++
		}
	}
}

func (b *builder) step(st *corpus.Step, computed bool) {
	b.answered(st)
	if st.Frame.Kind == mcp.FactFrame {
		b.fact(st)
		return
	}
	if st.Synthetic {
		return
	}
	b.session.Messages++
	b.r.Summary.Messages++
	b.fidelity(st, computed)
	if st.Frame.Kind == mcp.OversizeFrame {
		b.r.Evidence.Oversize++
	}
	e := st.Recorded
	if e == nil {
		b.r.Evidence.Unjudged++
		return
	}
	m, err := b.decoder.Decode(st.Frame.Raw)
	if err != nil {
		m = nil
		if st.Frame.Kind == mcp.MessageFrame {
			b.r.Evidence.Invalid++
		}
	}
	b.session.Verdicts.add(e.Verdict.Action)
	b.r.Summary.Verdicts.add(e.Verdict.Action)
	b.tick.add(st.Frame.At, e.Verdict.Action)
	b.correlate(e)
	b.tool(e)
	b.stop(st, e, m)
	b.leak(st, e, m)
	if m != nil && e.Verdict.Action != policy.Deny {
		b.defs.see(b, st, e, m)
	}
}

// fact reads what a fact says of the session. Facts without a reading count for
// nothing here: the engine denies them.
func (b *builder) fact(st *corpus.Step) {
	f, ok := readFact(st.Frame.Raw)
	if !ok {
		return
	}
	b.outside(st, &f)
	switch f.Name {
	case policy.FactSession:
		b.session.Server = cmp.Or(f.Server, b.session.Server)
		b.session.Ended = "open"
	case policy.FactServerExit:
		b.session.Ended = cmp.Or(f.Reason, "server exited")
	}
}

func (b *builder) fidelity(st *corpus.Step, computed bool) {
	e := &b.r.Evidence
	if computed {
		e.Computed++
		return
	}
	if st.Recorded == nil {
		return
	}
	switch st.Fidelity {
	case policy.Exact:
		e.Exact++
	case policy.Escrow:
		e.Escrow++
	case policy.Pinned:
		e.Pinned++
	default:
		e.Lossy++
	}
}

// correlate keeps the forwarded requests that nobody has answered.
func (b *builder) correlate(e *policy.Event) {
	if e.Subject.ID == "" {
		return
	}
	switch e.Subject.Kind {
	case "request":
		if e.Verdict.Action.Strictness() <= policy.Redact.Strictness() {
			b.pending[request{e.Subject.Dir, e.Subject.ID}] = true
		}
	case "response", "error":
		delete(b.pending, request{e.Subject.Dir.Reverse(), e.Subject.ID})
	}
}

// maxToolRows bounds the tools listed, since a client may make up names: the rest
// is counted under "…".
const maxToolRows = 2000

func (b *builder) tool(e *policy.Event) {
	if e.Subject.Method != mcp.MethodToolsCall {
		return
	}
	server := b.serverName()
	name := mask(e.Subject.Tool, "", "", detect.Argument)
	if _, known := b.tools[[2]string{server, name}]; !known && len(b.tools) >= maxToolRows {
		name = "…"
	}
	t := get(b.tools, [2]string{server, name}, func(t *Tool) { t.Name = name })
	switch e.Subject.Kind {
	case "request":
		t.Calls++
		t.Verdicts.add(e.Verdict.Action)
		b.session.Calls++
		b.r.Summary.Calls++
		get(b.servers, server, func(s *Server) { s.Name = server }).Calls++
	case "response", "error":
		t.Answers.add(e.Verdict.Action)
	}
}

func (b *builder) endSession(c *corpus.Case) {
	b.r.Evidence.Unanswered += len(b.pending)
	if b.o.Ends[SessionKey{c.Source, c.ID}].Pruned {
		b.session.Ended = "pruned"
		b.r.Evidence.Pruned++
		return
	}
	b.recordingEnd(c)
	switch b.session.Ended {
	case "":
		b.session.Ended = "not recorded"
		b.r.Evidence.Unopened++
	case "open":
		b.r.Evidence.Unended++
		b.session.Ended = "no end recorded"
	default:
		b.r.Evidence.ServerEnd++
	}
	if c.Missing&corpus.NoClock != 0 || len(c.Steps) == 0 || c.Steps[0].Frame.At == 0 {
		return
	}
	first, last := c.Steps[0].Frame.At, c.Steps[len(c.Steps)-1].Frame.At
	b.session.Start, b.session.Duration = timestamp(first), last-first
}

// recordingEnd takes in what the store knows: a crash, and frames that were lost.
func (b *builder) recordingEnd(c *corpus.Case) {
	end, ok := b.o.Ends[SessionKey{c.Source, c.ID}]
	if !ok {
		return
	}
	b.r.Evidence.Lost += end.Lost
	switch {
	case end.Lost > 0:
		b.session.Ended = plural(end.Lost, "frame", "frames") + " lost: " + end.Reason
	case end.Reason == "":
		b.session.Ended = "still running"
	case end.Reason != "closed":
		b.session.Ended = end.Reason
	}
	if end.Reason == "crashed" {
		b.r.Evidence.Crashed++
	}
}

// timestamp writes a frame's time in UTC, "" for none.
func timestamp(at int64) string {
	if at <= 0 {
		return ""
	}
	return time.Unix(0, at).UTC().Format("2006-01-02T15:04:05.000Z")
}
