package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
	"github.com/rulewind/rulewind/reports"
)

// An outside watches for a proxy what happens outside of its session, and tells it
// as facts: answers to what it holds, grants, and that its policy's files changed.
// One goroutine runs it; watch and begun are called from the gate.
type outside struct {
	store  *recorder.Store
	server string
	say    func(line string)
	load   func() (*policy.Policy, []string, error) // nil: the policy stays as it is
	files  []string                                 // those of the policy

	mu      sync.Mutex
	session *recorder.Session
	policy  *policy.Policy
	held    []holding // not seen to yet
	ended   []ending  // no longer held
	marks   []recorder.Mark
	wake    chan struct{} // has one in it if there is something to see to
}

// A holding is a held call.
type holding struct {
	seq     int
	via     []string
	ask     recorder.Ask
	session string
}

// An ending says how a held call ended.
type ending struct {
	session string
	seq     int
	how     string
}

// How often is looked for answers while something is held, and at the policy's files.
const (
	answersEvery = 100 * time.Millisecond
	marksEvery   = 200 * time.Millisecond
	filesEvery   = time.Second
)

// markAge is how old a label of another session may be when a session begins.
const markAge = 24 * time.Hour

// begun notes the recording in progress.
func (o *outside) begun(s *recorder.Session) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.session = s
}

// current is the policy in force.
func (o *outside) current() *policy.Policy {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.policy
}

// watch is told every event. It must be quick, as nothing passes meanwhile.
func (o *outside) watch(f mcp.Frame, ev *policy.Event) {
	if ev.Hold == nil && ev.Held == 0 && len(ev.Labels) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range ev.Labels {
		if slices.Contains(o.policy.Marks(), l) {
			o.marks = append(o.marks, recorder.Mark{Session: o.session.ID(), Server: o.server, Client: ev.Client(), Label: l, At: f.At})
		}
	}
	if ev.Held != 0 {
		o.ended = append(o.ended, ending{o.session.ID(), ev.Held, howEnded(ev)})
	}
	if ev.Hold != nil {
		o.held = append(o.held, holding{ev.Seq, slices.Clone(ev.Hold.Via), recorder.Ask{
			Session: o.session.ID(), Entry: int64(ev.Seq), Server: o.server, Tool: ev.Subject.Tool, Rule: ev.Verdict.Rule,
			Reason: ev.Verdict.Reason, Shown: o.session.Shown(f, ev), Digest: o.store.Digest(argumentsOf(f.Raw)),
			Created: f.At, Expires: ev.Hold.Until,
		}, o.session.ID()})
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func howEnded(ev *policy.Event) string {
	switch ev.Verdict.Rule {
	case "engine:timeout":
		return "timeout"
	case "engine:cancelled":
		return "cancelled"
	}
	return "answered"
}

// argumentsOf returns a call's arguments in one form, whatever their spelling.
func argumentsOf(raw []byte) []byte {
	var m struct {
		Params struct {
			Arguments json.RawMessage `json:"arguments"`
		} `json:"params"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	b, err := canonicalArguments(m.Params.Arguments)
	if err != nil {
		return nil
	}
	return b
}

// canonicalArguments sorts the members of an object, and drops white space.
func canonicalArguments(raw []byte) ([]byte, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return []byte("{}"), nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// run watches until done.
func (o *outside) run(done <-chan struct{}, tell func(policy.Fact)) {
	answers, files, marks := time.NewTicker(answersEvery), time.NewTicker(filesEvery), time.NewTicker(marksEvery)
	defer answers.Stop()
	defer files.Stop()
	defer marks.Stop()
	answers.Stop()
	if len(o.current().Marks()) == 0 {
		marks.Stop()
	}
	lastMark := int64(0)
	open := map[string]holding{} // by the question's id
	turns := map[string]int64{}  // of the last answer seen, by session
	mark := markOf(o.files)
	for {
		select {
		case <-done:
			return
		case <-o.wake:
			o.seeTo(open, tell)
		case <-answers.C:
			o.collect(open, turns, tell)
		case <-files.C:
			mark = o.reload(mark, tell)
			if len(o.current().Marks()) > 0 {
				marks.Reset(marksEvery)
			}
			continue
		case <-marks.C:
			lastMark = o.hear(lastMark, tell)
			continue
		}
		if len(open) == 0 {
			answers.Stop()
		} else {
			answers.Reset(answersEvery)
		}
	}
}

// seeTo takes over what came to be held, and what no longer is.
func (o *outside) seeTo(open map[string]holding, tell func(policy.Fact)) {
	o.mu.Lock()
	held, ended, marks := o.held, o.ended, o.marks
	o.held, o.ended, o.marks = nil, nil, nil
	o.mu.Unlock()
	for _, m := range marks {
		if err := o.store.PutMark(m); err != nil {
			o.say("rulewind: telling other sessions of a label: " + reports.Visible(err.Error()))
		}
	}
	for _, h := range held {
		switch {
		case slices.Contains(h.via, policy.ChannelGrant):
			tell(o.claim(h))
		case slices.Contains(h.via, policy.ChannelApprovals):
			o.ask(h, open)
		}
	}
	for _, e := range ended {
		for id, h := range open {
			if h.session == e.session && h.seq == e.seq {
				delete(open, id)
				_ = o.store.CloseAsk(id, e.how) // it was answered, or somebody was as quick
			}
		}
	}
}

// hear tells the session which labels others have set since the last time.
func (o *outside) hear(last int64, tell func(policy.Fact)) int64 {
	list, err := o.store.MarksSince(last)
	if err != nil {
		o.say("rulewind: hearing of labels of other sessions: " + reports.Visible(err.Error()))
		return last
	}
	o.mu.Lock()
	own, wanted := o.session.ID(), o.policy.Marks()
	o.mu.Unlock()
	oldest := time.Now().Add(-markAge).UnixNano()
	for _, m := range list {
		last = m.Num
		if m.Session != own && m.At > oldest && slices.Contains(wanted, m.Label) {
			tell(policy.Fact{Name: policy.FactMark, Label: m.Label, Server: m.Server, Client: m.Client, At: m.At})
		}
	}
	return last
}

// claim asks the store for a grant.
func (o *outside) claim(h holding) policy.Fact {
	f := policy.Fact{Name: policy.FactAnswer, Call: h.seq}
	a := h.ask
	g, outcome, err := o.store.ClaimGrant(a.Server, a.Tool, a.Digest, a.Session, a.Entry, a.Created)
	if err != nil {
		o.say("rulewind: looking for a grant: " + reports.Visible(err.Error()))
		f.Code, f.By = policy.CodeGrantNeeded, "Rulewind: grants can't be read"
		return f
	}
	switch outcome {
	case recorder.GrantClaimed:
		f.Approve, f.By = true, "grant "+g.ID
	case recorder.GrantUsed:
		f.Code, f.By = policy.CodeGrantUsed, "Rulewind: the grant for it was used already"
	case recorder.GrantExpired:
		f.Code, f.By = policy.CodeGrantNone, "Rulewind: the grant for it has expired"
	case recorder.GrantForOtherArgs:
		f.Code, f.By = policy.CodeGrantNone, "Rulewind: there is a grant for other arguments only"
	default:
		f.Code, f.By = policy.CodeGrantNeeded, "Rulewind: it needs a grant, from `rulewind grant add`"
	}
	return f
}

// ask puts a question where `rulewind approvals` finds it.
func (o *outside) ask(h holding, open map[string]holding) {
	for range 3 { // an id is short, to be typed, and may be taken
		h.ask.ID = shortID()
		err := o.store.PutAsk(h.ask)
		if err == nil {
			open[h.ask.ID] = h
			o.say(fmt.Sprintf("rulewind: waits for an answer: rulewind approvals approve %s (or deny %s)", h.ask.ID, h.ask.ID))
			return
		}
		o.say("rulewind: " + reports.Visible(err.Error()))
	}
}

const idLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// shortID makes an id that is easily typed.
func shortID() string {
	b := make([]byte, 6)
	rand.Read(b)
	for i := range b {
		b[i] = idLetters[int(b[i])%len(idLetters)]
	}
	return string(b)
}

// collect tells the session what was answered.
func (o *outside) collect(open map[string]holding, turns map[string]int64, tell func(policy.Fact)) {
	o.mu.Lock()
	session := o.session.ID()
	o.mu.Unlock()
	list, err := o.store.AskAnswers(session, turns[session])
	if err != nil {
		o.say("rulewind: reading approvals: " + reports.Visible(err.Error()))
		return
	}
	for _, a := range list {
		turns[session] = a.Turn
		h, ok := open[a.ID]
		if !ok || a.Answer == nil || h.ask.Digest != a.Digest {
			continue
		}
		delete(open, a.ID)
		tell(policy.Fact{Name: policy.FactAnswer, Call: h.seq, Approve: a.Answer.Approve, By: a.Answer.By, Remember: a.Answer.Remember == "session"})
	}
}

// markOf tells files apart from what they were before.
func markOf(files []string) string {
	var b bytes.Buffer
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			fmt.Fprintf(&b, "%s gone\n", f)
			continue
		}
		fmt.Fprintf(&b, "%s %d %d\n", f, info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}

// reload puts a changed policy in force, if it is valid. It returns the new mark.
func (o *outside) reload(mark string, tell func(policy.Fact)) string {
	now := markOf(o.files)
	if now == mark || o.load == nil {
		return mark
	}
	p, files, err := o.load()
	if err != nil {
		o.say("rulewind: THE CHANGED POLICY IS NOT IN FORCE, the old one stays:\n" + say(err))
		return now
	}
	o.mu.Lock()
	changed := p.Digest != o.policy.Digest
	o.policy = p
	o.mu.Unlock()
	if changed {
		tell(policy.Fact{Name: policy.FactPolicy, Policy: p.Sources})
		o.say(fmt.Sprintf("rulewind: the changed policy %s is in force, digest %s", reports.Visible(p.Name), p.Digest[:12]))
	}
	if o.files = files; !changed {
		return now
	}
	return markOf(files)
}
