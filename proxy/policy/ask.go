package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// How a message waits for a person (action ask):
//
//	verdict ask -> hold:    the message is kept; where the client can show a form, its
//	                        user is asked: by a request of ours (2025-11-25 and before),
//	                        or by a result that the client tries again on (2026-07-28)
//	client's answer, or a retry, or a FactAnswer from another channel
//	            -> settle:  the first answer counts; the kept bytes leave, or a refusal
//	FactClock   -> expire:  nobody answered: a refusal
//
// What leaves is what was asked about: the bytes kept, never those of a retry.

// Bounds of what waits.
const (
	maxHeld        = 100
	askTimeout     = 2 * time.Minute
	maxAskTimeout  = 24 * time.Hour
	maxShown       = 2000 // bytes of arguments in a question
	statePrefix    = "rulewind-ask-"
	ownQuestionID  = mcp.ID(`"` + statePrefix)
	statelessSince = "2026"
)

// askSpec says how a rule asks.
type askSpec struct {
	via     []string // of AskChannels; nil means client and approvals
	timeout time.Duration
}

func (a *askSpec) channels() []string {
	if a == nil || a.via == nil {
		return []string{ChannelClient, ChannelApprovals}
	}
	return a.via
}

func (a *askSpec) wait() int64 {
	if a == nil || a.timeout == 0 {
		return int64(askTimeout)
	}
	return int64(a.timeout)
}

// A held message waits for an answer.
type held struct {
	raw     []byte // what would leave
	subject Subject
	kind    mcp.MessageKind
	call    call
	seq     int
	rule    string // its id, and whether it refuses by a result
	pos     string
	asTool  bool
	until   int64

	question mcp.ID // of our request to the client; "" if there is none
	retried  bool   // the client was told to try again: its request isn't pending
	decided  answerKind
	by       string
	code     string // of a refusal that waits for the retry
	remember bool
	passages [2]passage
}

// answerKind is what was answered.
type answerKind uint8

const (
	unanswered answerKind = iota
	approved
	refused
)

// hold keeps a message that the verdict wants asked about. It reports whether there
// is anybody to ask; if not, the verdict's code says what is missing.
func (s *Session) hold(m *mcp.Message, leaving []byte, rule *Rule) bool {
	v := &s.event.Verdict
	var spec *askSpec
	if rule != nil {
		spec = rule.ask
	}
	if slices.Contains(spec.channels(), ChannelGrant) {
		v.Code = CodeGrantNeeded
	}
	if m.Kind == mcp.Notification || len(s.held) >= maxHeld {
		return false
	}
	h := &held{
		raw: slices.Clone(leaving), subject: s.now.subject, kind: m.Kind, seq: s.event.Seq, rule: v.Rule, pos: v.Pos,
		until: s.now.at + spec.wait(), call: s.callOf(),
	}
	h.asTool = rule != nil && rule.asResult
	var via []string
	for _, c := range spec.channels() {
		if slices.Contains(s.channels, c) && (c != ChannelClient || s.question(h, m, v)) {
			via = append(via, c)
		}
	}
	if len(via) == 0 {
		return false
	}
	h.passages = s.passages(m)
	if s.held == nil {
		s.held = map[int]*held{}
	}
	s.held[h.seq] = h
	s.event.Hold = &Hold{Via: via, Until: h.until}
	return true
}

// question asks the client's user, if the client can show a form.
func (s *Session) question(h *held, m *mcp.Message, v *Verdict) bool {
	if !s.elicits {
		return false
	}
	q := mcp.Question{Message: s.askText(h, m, v), Title: "Decision", Choices: askChoices[:]}
	if s.era < statelessSince {
		id := ownQuestionID + mcp.ID(strconv.Itoa(h.seq)+`"`)
		key := pendingKey{mcp.ToClient, id}
		if _, busy := s.pending[key]; busy || s.waiting[mcp.ToClient] >= s.policy.bounds.pending {
			return false
		}
		h.question = id
		s.pending[key] = call{seq: h.seq, method: mcp.MethodElicit, ask: h.seq}
		s.waiting[mcp.ToClient]++
		s.send(Output{To: mcp.ToClient, Bytes: mcp.AppendQuestion(nil, id, q), Kind: mcp.Request, ID: id})
		return true
	}
	if h.subject.Dir != mcp.ToServer || !multiRound[m.Method] {
		return false
	}
	h.retried = true
	s.send(Output{To: mcp.ToClient, Bytes: mcp.AppendInputRequired(nil, m.ID, q, ownState(h.seq)), Kind: mcp.Response, ID: m.ID})
	return true
}

// multiRound are the methods whose requests a client tries again with what a result
// asked for (MCP 2026-07-28, multi-round-trip requests).
var multiRound = map[string]bool{mcp.MethodToolsCall: true, mcp.MethodPromptsGet: true, mcp.MethodResourcesRead: true}

// ownState is the requestState of our own questions. It is no secret: who can send
// it is the client, which could as well claim that its user agreed.
func ownState(seq int) string { return statePrefix + strconv.Itoa(seq) }

func ofOwnState(state string) (seq int, ok bool) {
	digits, ok := strings.CutPrefix(state, statePrefix)
	if !ok {
		return 0, false
	}
	seq, err := strconv.Atoi(digits)
	return seq, err == nil && seq > 0 && ownState(seq) == state
}

// The answers that a client's user can choose from; the first is the default.
const (
	chooseDeny    = "deny"
	chooseOnce    = "allow once"
	chooseSession = "allow for this session"
)

var askChoices = [...]string{chooseDeny, chooseOnce, chooseSession}

// chosen takes in what the client's user answered to our request.
func (s *Session) chosen(m *mcp.Message, seq int) {
	h := s.held[seq]
	if h == nil {
		s.engineDeny("no-such-ask", CodeUnsolicited, "an answer to a question that is no longer open")
		return
	}
	h.question = ""
	h.choose(m.Choice(m.Result))
	s.settle(h, "")
}

// choose notes what the client's user chose; anything but the two words denies.
func (h *held) choose(word string) {
	h.decided, h.by, h.remember = refused, "the client's user", word == chooseSession
	if word == chooseOnce || word == chooseSession {
		h.decided = approved
	}
}

// answerFact takes in an answer from another channel.
func (s *Session) answerFact(f *Fact) {
	h := s.held[f.Call]
	if h == nil || h.decided != unanswered {
		s.engineDeny("no-such-ask", CodeUnsolicited, "an answer to a question that is no longer open")
		return
	}
	h.decided, h.by, h.remember, h.code = refused, f.By, f.Remember, f.Code
	if f.Approve {
		h.decided = approved
	}
	if h.retried { // nothing waits for it until the client tries again
		s.about(h)
		s.event.Verdict = Verdict{Action: Allow, Rule: "engine:fact"}
		return
	}
	s.settle(h, "")
}

// retry takes in a call that a client sends again after our question; it reports
// whether it is one. What the client was not asked about never leaves.
func (s *Session) retry(m *mcp.Message, key pendingKey) bool {
	seq, ok := ofOwnState(s.now.call.RequestState)
	if !ok || key.dir != mcp.ToServer {
		return false
	}
	h := s.held[seq]
	if h == nil || !h.retried {
		s.now.call.IsRetry = false // a call like any other: see leaving
		return false
	}
	if h.decided == unanswered {
		h.choose(m.Choice(m.Find(m.Params, "inputResponses", mcp.QuestionKey)))
	}
	if !s.sameCall(h, m) {
		h.decided, h.by = refused, "Rulewind: it isn't the call that was asked about"
	}
	s.settle(h, key.id)
	return true
}

// sameCall reports whether a retry asks for what is held.
func (s *Session) sameCall(h *held, m *mcp.Message) bool {
	was, err := s.check.Decode(h.raw)
	if err != nil || was.Method != m.Method {
		return false
	}
	for _, name := range []string{"name", "uri", "arguments"} {
		if !mcp.SameValue(was, was.Find(was.Params, name), m, m.Find(m.Params, name)) {
			return false
		}
	}
	return true
}

// about makes the subject that of a held message.
func (s *Session) about(h *held) {
	sub := &s.now.subject
	sub.Method, sub.Tool, sub.Target, sub.Call = h.subject.Method, h.subject.Tool, h.subject.Target, h.seq
	s.event.Held = h.seq
}

// settle ends a held message as it was decided: its bytes leave, or a refusal does.
// again is the id of the client's retry, if this is one.
func (s *Session) settle(h *held, again mcp.ID) {
	s.drop(h)
	s.about(h)
	id := h.subject.ID
	if again != "" {
		id = again
	}
	if h.decided != approved {
		s.event.Verdict = Verdict{Action: Deny, Rule: h.rule, Pos: h.pos, Code: h.code, Reason: refusedBy(h), Severity: "medium"}
		if h.code == "" {
			s.event.Verdict.Code = CodeRefused
		}
		s.refuseHeld(h, id)
		return
	}
	s.event.Verdict = Verdict{Action: Allow, Rule: "engine:approved", Pos: h.pos, Reason: "approved by " + h.by}
	if h.remember {
		s.remember(h)
	}
	s.pass(h.passages)
	out := h.raw
	if h.kind == mcp.Request {
		seq := h.seq
		if again != "" {
			seq = s.event.Seq
			if m, err := s.check.Decode(h.raw); err == nil {
				out = mcp.AppendWithID(nil, m, again)
			}
		}
		c := h.call
		c.seq, c.debts = seq, s.now.debts
		s.await(pendingKey{h.subject.Dir, id}, c)
	}
	s.send(Output{To: h.subject.Dir, Bytes: out, Kind: h.kind, ID: id})
}

func refusedBy(h *held) string {
	if h.by == "" {
		return "nobody approved it"
	}
	return "refused by " + h.by
}

// drop forgets a held message and takes our question back, if it is still open.
func (s *Session) drop(h *held) {
	delete(s.held, h.seq)
	if h.kind == mcp.Request && !h.retried {
		s.forget(pendingKey{h.subject.Dir, h.subject.ID})
	}
	if h.question == "" {
		return
	}
	s.forget(pendingKey{mcp.ToClient, h.question})
	s.send(Output{To: mcp.ToClient, Bytes: mcp.AppendCancelled(nil, h.question, "it is no longer needed"), Kind: mcp.Notification})
	h.question = ""
}

// refuseHeld tells who waits for a held message that it doesn't pass.
func (s *Session) refuseHeld(h *held, id mcp.ID) {
	v := &s.event.Verdict
	r := mcp.Refusal{Number: s.number(mcp.RefuseApproval), Message: "Rulewind: " + v.Reason, Code: v.Code, Rule: v.Rule, Reason: v.Reason}
	to := h.subject.Dir.Reverse()
	if h.kind.IsAnswer() {
		to = h.subject.Dir
	}
	if h.asTool && h.subject.Method == mcp.MethodToolsCall {
		s.send(Output{To: to, Bytes: mcp.AppendToolError(nil, id, r), Kind: mcp.Response, ID: id, Own: true})
		return
	}
	s.refuse(to, id, r)
}

// remember makes the answer stand for the rule and tool until the session ends.
func (s *Session) remember(h *held) {
	if s.remembered == nil {
		s.remembered = map[string]bool{}
	}
	if len(s.remembered) < maxHeld {
		s.remembered[rememberKey(h.rule, &h.subject)] = true
	}
}

func rememberKey(rule string, sub *Subject) string {
	return rule + "\x00" + sub.Method + "\x00" + sub.Tool + "\x00" + sub.Target
}

// leaving returns what of a message leaves: all of it, but for an answer to a
// question of ours that this session doesn't know (any more).
func (s *Session) leaving(m *mcp.Message, raw []byte) []byte {
	if _, own := ofOwnState(s.now.call.RequestState); !own {
		return raw
	}
	var nodes []int
	for _, name := range []string{"requestState", "inputResponses"} { // a redaction may have replaced all params
		if n := m.Find(m.Params, name); n >= 0 {
			nodes = append(nodes, n)
		}
	}
	return mcp.AppendWithout(nil, m, nodes...)
}

// byAge returns the held messages in the order in which they came.
func (s *Session) byAge() []*held {
	var list []*held
	for _, h := range s.held {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b *held) int { return a.seq - b.seq })
	return list
}
