package policy

import (
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Session judges the frames of one session in order. It must not be used by two
// goroutines at once; the Gate's lock sees to that.
type Session struct {
	// Trace makes Step fill Event.Trace: slower, same verdicts.
	Trace bool
	// KeepPolicy makes the session go on under its policy when a FactPolicy puts
	// another in force: a replay under a candidate.
	KeepPolicy bool
	// Light leaves out what a replay doesn't need.
	Light Light

	layer
	guard layer // of Policy.guard; its policy is nil if there is none

	seq       int
	pending   map[pendingKey]call
	waiting   [3]int // pending requests by their direction
	digest    Digest
	server    string
	client    string
	era       string
	transport string
	vars      map[string]string
	gone      string // why the server is gone
	tools     map[string]*tool
	pins      map[string]string   // definitions first seen of this server; nil if none
	others    map[string][]string // names of other servers' tools, by their skeletons
	paged     bool                // its lists come in pages
	noHello   bool                // server/discover was denied

	channels   []string // by which a person can be asked
	elicits    bool     // the client can show its user a form
	held       map[int]*held
	remembered map[string]bool
	due        []due
	late       []pendingKey
	killed     string // why the kill switch is on
	caller     string
	real       map[string]string // where paths in the frame realFor lead, through links
	realFor    int
	opening    []byte // the last FactSession
	shadow     *cast  // that judges as well, and changes nothing; nil if none
	// callerRefused is set if the caller's secret is nobody's.
	callerRefused bool
	supposed      [supposable]Supposition
	also          [3]detect.Set // what is looked for besides, by direction

	now   moment
	main  reading
	spare reading
	check mcp.Decoder // for edited messages
	eval  eval
	event Event
	out   []byte
	hash  []byte
}

type pendingKey struct {
	dir mcp.Dir
	id  mcp.ID
}

// A call is a request that awaits its answer.
type call struct {
	seq    int
	method string
	tool   string
	target string
	held   bool     // it hasn't left yet
	ask    int      // of our own question: the Seq of the held message
	debts  [2]*debt // by layer
}

// A moment is what is known of the frame being judged.
type moment struct {
	subject Subject
	call    mcp.Call
	at      int64
	size    int // of the frame, in bytes
	reading *reading
	unsure  bool     // Same asked for a condition on memory that wasn't asked when it was judged
	debts   [2]*debt // of the request that has passed, by layer
	took    spend    // of the calls that are over
	printed int      // how many prints were taken
}

// NewSession returns a session at its start, judged by p. The first frame should
// be a FactSession.
func NewSession(p *Policy) *Session {
	s := &Session{pending: map[pendingKey]call{}}
	s.use(p)
	return s
}

// use puts a policy in force. What stands in both goes on counting.
func (s *Session) use(p *Policy) {
	was := [2]*Policy{s.policy, s.guard.policy}
	s.layer = s.layer.under(p)
	s.guard = s.guard.under(p.guard)
	s.oweUnder(was)
	for _, d := range []*mcp.Decoder{&s.main.dec, &s.spare.dec, &s.check} {
		d.Limits = p.bounds.limits()
	}
}

// Policy returns the policy in force.
func (s *Session) Policy() *Policy { return s.policy }

// Step judges one frame. The event and what it points to are valid until the next
// Step; Clone it to keep it. Step never fails: what it can't understand it denies.
func (s *Session) Step(f mcp.Frame) *Event {
	s.event = Event{Seq: s.seq, session: s, Out: s.event.Out[:0], Secrets: s.event.Secrets[:0]}
	s.seq++
	s.out = s.out[:0]
	s.now.at, s.now.size, s.now.reading, s.now.debts, s.now.took, s.now.printed = f.At, max(len(f.Raw), int(f.Size)), nil, [2]*debt{}, spend{}, 0
	s.now.subject = Subject{Kind: "invalid", Dir: f.Dir, Server: s.server, Call: -1, Era: s.era}
	switch {
	case f.Kind == mcp.FactFrame:
		s.fact(f)
	case f.Kind == mcp.MessageFrame && f.Dir != mcp.NoDir:
		s.message(f)
	case f.Kind == mcp.OversizeFrame && f.Dir != mcp.NoDir:
		s.oversize(f)
	default:
		s.engineDeny("invalid-frame", CodeInvalid, "a frame of no known kind or direction")
	}
	s.event.Subject = s.now.subject
	if s.shadow != nil {
		s.event.Shadow = s.shadowed(f)
	}
	if !s.Light.NoDigest {
		s.advance()
	}
	return &s.event
}

// engineDeny sets a verdict that is the engine's own, not a rule's.
func (s *Session) engineDeny(rule, code, reason string) {
	s.event.Verdict = Verdict{Action: Deny, Rule: "engine:" + rule, Code: code, Reason: reason, Severity: "medium"}
}

func (s *Session) cwd() string {
	if d := s.vars["CWD"]; d != "" {
		return d
	}
	return s.vars["PROJECT_DIR"]
}

// number returns the refusal's number under the policy's refusal_codes. The old
// ones are those that other proxies use, inside MCP's reserved range.
func (s *Session) number(n int) int {
	if s.policy.legacyCodes {
		return n - 1000
	}
	return n
}

// refuse adds a refusal to what leaves.
func (s *Session) refuse(to mcp.Dir, id mcp.ID, r mcp.Refusal) {
	s.send(Output{To: to, Bytes: mcp.AppendRefusal(nil, id, r), Kind: mcp.ErrorResponse, ID: id, Own: true})
}

// refusal is the verdict as a refusal.
func (s *Session) refusal(number int) mcp.Refusal {
	v := &s.event.Verdict
	return mcp.Refusal{Number: s.number(number), Message: "Rulewind: " + v.Reason, Code: v.Code, Rule: v.Rule, Reason: v.Reason}
}

func (s *Session) send(o Output) { s.event.Out = append(s.event.Out, o) }

// rawSecrets scans bytes that are no message.
func (s *Session) rawSecrets(raw []byte) []SecretSpan {
	if s.Light.NoSecrets {
		return nil
	}
	return rawSecrets(s.event.Secrets[:0], raw)
}

// SecretsIn returns the detected secrets of a text that is no message, such as a name
// that somebody made up.
func SecretsIn(text string) []SecretSpan { return rawSecrets(nil, []byte(text)) }

func rawSecrets(out []SecretSpan, raw []byte) []SecretSpan {
	for _, f := range detect.Find(nil, detect.Text{Value: string(raw), Place: detect.Answer}, detect.Secrets) {
		out = append(out, SecretSpan{f.Start, f.End, f.Kind, f.View})
	}
	return mergeSpans(out)
}

// oversize refuses a message above the size bound.
func (s *Session) oversize(f mcp.Frame) {
	s.now.subject.Kind = "oversize"
	s.event.Secrets = s.rawSecrets(f.Raw)
	s.engineDeny("too-large", CodeTooLarge, "a message above the size bound")
	id, isAnswer := mcp.OversizeID(f.Raw)
	s.refuseUnread(f.Dir, id, isAnswer, mcp.RefuseTooLarge)
}

// refuseUnread tells a peer about a message that can't be read. A request's sender
// gets a refusal; who awaits an answer gets it in the answer's place, if the answer
// belongs to a pending request.
func (s *Session) refuseUnread(dir mcp.Dir, id mcp.ID, isAnswer bool, number int) {
	r := s.refusal(number)
	if isAnswer {
		key := pendingKey{dir.Reverse(), id}
		c, ok := s.pending[key]
		if !ok || c.held {
			return
		}
		s.forget(key)
		if h := s.held[c.ask]; h != nil { // an answer to our question that can't be read
			h.question, h.decided = "", refused
			s.settle(h, "")
			return
		}
		s.now.subject.ID, s.now.subject.Call, s.now.subject.Method, s.now.subject.Tool = id, c.seq, c.method, c.tool
		s.refuse(dir, id, r)
		return
	}
	if dir == mcp.ToServer {
		if _, busy := s.pending[pendingKey{dir, id}]; busy {
			id = "" // not to be mistaken for the answer to the other request
		}
		s.now.subject.ID = id
		s.refuse(mcp.ToClient, id, r)
	}
}

func (s *Session) forget(k pendingKey) {
	if c, ok := s.pending[k]; ok {
		delete(s.pending, k)
		if !c.held {
			s.waiting[k.dir]--
			s.payOff(c.debts)
		}
	}
}

// message judges one message.
func (s *Session) message(f mcp.Frame) {
	m, err := s.decode(f.Raw)
	if err != nil {
		s.unread(f, err)
		return
	}
	s.now.reading = &s.main
	s.now.call = m.Call()
	s.describe(m, f.Dir)
	s.load(&s.main, m, f)
	if !s.Light.NoSecrets {
		s.event.Secrets = s.main.secrets(s.event.Secrets[:0])
	}
	switch {
	case s.killed != "":
		s.engineDeny("kill-switch", CodeKilled, s.killed)
		s.refuseRequest(m, nil)
	case m.Kind.IsAnswer():
		s.answer(m, f)
	case s.gone != "" && f.Dir == mcp.ToServer:
		s.engineDeny("server-exited", CodeServerGone, s.gone)
		s.refuseRequest(m, nil)
	case m.Kind == mcp.Request:
		s.request(m, f)
	default:
		s.notification(m, f)
	}
}

// notification judges a notification. A held request can be taken back by its sender:
// its receiver never knew of it.
func (s *Session) notification(m *mcp.Message, f mcp.Frame) {
	if m.Method == mcp.MethodCancelled {
		key := pendingKey{f.Dir, m.IDAt(m.Find(m.Params, "requestId"))}
		for _, h := range s.byAge() {
			if h.kind == mcp.Request && !h.retried && h.subject.Dir == key.dir && h.subject.ID == key.id {
				s.drop(h)
				s.about(h)
				s.event.Verdict = Verdict{Action: Allow, Rule: "engine:cancelled", Reason: "its sender took it back while it was held"}
				return
			}
		}
	}
	if s.beyond(m) {
		return
	}
	s.judge(m, f)
	s.memory.cache.heard(m.Method)
}

// beyond denies a message that is beyond a bound of the policy.
func (s *Session) beyond(m *mcp.Message) bool {
	word := s.policy.bounds.beyond(m, m.Kind.IsAnswer())
	if word == "" {
		return false
	}
	s.engineDeny(word, CodeTooLarge, "a message above a bound of the policy: "+word)
	s.refuseRequest(m, nil)
	return true
}

func (s *Session) unread(f mcp.Frame, err error) {
	s.event.Secrets = s.rawSecrets(f.Raw)
	reject, ok := err.(*mcp.Reject)
	if !ok {
		reject = &mcp.Reject{Code: mcp.RejectSyntax}
	}
	s.engineDeny(reject.Code, CodeInvalid, "a message without exactly one reading: "+reject.Code)
	s.refuseUnread(f.Dir, reject.ID, reject.IsAnswer, mcp.RefuseDenied)
}

// describe fills the subject, and notes what the message says of the session.
func (s *Session) describe(m *mcp.Message, dir mcp.Dir) {
	sub, c := &s.now.subject, &s.now.call
	sub.Kind, sub.ID = m.Kind.String(), m.ID
	if m.Kind.IsAnswer() {
		if p, ok := s.pending[pendingKey{dir.Reverse(), m.ID}]; ok {
			sub.Call, sub.Method, sub.Tool, sub.Target = p.seq, p.method, p.tool, p.target
			if p.method == mcp.MethodInitialize && c.ProtocolVersion != "" {
				s.era = strings.Clone(c.ProtocolVersion)
			}
		}
		sub.Era = s.era
		return
	}
	sub.Method = m.Method
	if m.Method == mcp.MethodToolsCall {
		sub.Tool = strings.Clone(c.Tool)
	} else if c.URI != "" {
		sub.Target = strings.Clone(c.URI)
	} else {
		sub.Target = strings.Clone(c.Name)
	}
	if dir == mcp.ToServer {
		if c.ClientName != "" && c.ClientName != s.client {
			s.client = strings.Clone(c.ClientName)
		}
		if c.ProtocolVersion != "" && c.ProtocolVersion != s.era {
			s.era = strings.Clone(c.ProtocolVersion)
		}
		if c.TellsCapabilities {
			s.elicits = c.Elicits
		}
	}
	sub.Era = s.era
}

// place tells the detectors what the texts of the current message are.
func (s *Session) place(m *mcp.Message, dir mcp.Dir) detect.Place {
	switch s.now.subject.Method {
	case mcp.MethodToolsList, "prompts/list", "resources/list", "resources/templates/list", mcp.MethodInitialize, mcp.MethodDiscover:
		if m.Kind.IsAnswer() {
			return detect.Description
		}
	}
	if m.Kind == mcp.Request && dir == mcp.ToServer {
		return detect.Argument
	}
	return detect.Answer
}

// load reads the texts of the message and scans them, or takes the pinned findings.
func (s *Session) load(r *reading, m *mcp.Message, f mcp.Frame) {
	r.real, r.memo = s.realNow(), s.Light.Memo
	r.load(m, s.families(f.Dir), s.place(m, f.Dir), s.now.subject.Tool)
	if f.Pinned {
		r.pin(f.Pins)
		return
	}
	r.scanAll()
}

// request judges a request; if it passes, its answer is awaited.
func (s *Session) request(m *mcp.Message, f mcp.Frame) {
	key := pendingKey{f.Dir, m.ID}
	if _, busy := s.pending[key]; busy || s.isLate(key) {
		s.engineDeny("duplicate-id", CodeDuplicateID, "a request under the id of one that still waits")
		s.now.subject.ID = ""
		s.refuseRequest(m, nil)
		return
	}
	if s.waiting[f.Dir] >= s.policy.bounds.pending {
		s.engineDeny("too-many-pending", CodePending, "too many requests wait for their answers")
		s.refuseRequest(m, nil)
		return
	}
	if s.noHello && m.Method == mcp.MethodInitialize && f.Dir == mcp.ToServer {
		s.engineDeny("discover-denied", CodeDenied, "server/discover was denied, so falling back to initialize is too")
		s.refuseRequest(m, nil)
		return
	}
	if s.beyond(m) || f.Dir == mcp.ToServer && s.notEntitled(m) || s.retry(m, key) {
		return
	}
	s.judge(m, f)
	switch a := s.event.Verdict.Action; {
	case s.event.Cached != 0: // it is answered
	case a == Allow || a == Redact:
		s.await(key, s.callOf())
	case s.event.Hold != nil:
		if h := s.held[s.event.Seq]; !h.retried {
			c := s.callOf()
			c.held = true
			s.pending[key] = c
		}
	case m.Method == mcp.MethodDiscover:
		s.noHello = true
	}
}

// callOf is the current request as one that awaits its answer.
func (s *Session) callOf() call {
	sub := &s.now.subject
	return call{seq: s.event.Seq, method: sub.Method, tool: sub.Tool, target: sub.Target, debts: s.now.debts}
}

// notEntitled denies a request whose sender the policy doesn't know, or whose tool
// was not listed, where the policy asks for that.
func (s *Session) notEntitled(m *mcp.Message) bool {
	if judged[m.Method] && s.unknownCaller() {
		s.engineDeny("auth", CodeAuth, "the policy asks who calls: a secret of its list of callers is needed")
		s.refuseRequest(m, nil)
		return true
	}
	if s.policy.listedOnly && m.Method == mcp.MethodToolsCall {
		t := s.tools[s.now.subject.Tool]
		if t == nil || s.definitionState(s.now.subject.Tool, t.digest) == definitionChanged {
			s.engineDeny("not-listed", CodeNotListed, "the policy lets only tools be called that the server has listed, as they were first seen")
			s.refuseRequest(m, nil)
			return true
		}
	}
	return false
}

// answer lets an answer pass if a request awaits it, once.
func (s *Session) answer(m *mcp.Message, f mcp.Frame) {
	key := pendingKey{f.Dir.Reverse(), m.ID}
	c, ok := s.pending[key]
	if !ok || c.held || m.ID == "" {
		s.engineDeny("unsolicited", CodeUnsolicited, "an answer that no request awaits")
		if s.isLate(key) {
			s.engineDeny("late", CodeTimeout, "an answer that came too late")
		}
		return
	}
	s.forget(key)
	if c.ask != 0 {
		s.chosen(m, c.ask)
		return
	}
	if s.beyond(m) {
		return
	}
	s.judge(m, f)
	s.keepAnswer(c.debts[0], m)
	if a := s.event.Verdict.Action; s.now.subject.Method == mcp.MethodToolsList && (a == Allow || a == Redact) {
		s.memory.cache.empty()
		s.learnTools(m)
		s.paged = s.paged || m.Find(m.Result, "nextCursor") >= 0
	}
}

// Waiting returns how many requests sent in the direction still await an answer.
func (s *Session) Waiting(dir mcp.Dir) int { return s.waiting[dir] }
