package replay

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// AgainstVersion is Against.Version.
const AgainstVersion = "rulewind.against/1"

// Against is what became of recorded requests that were sent again, to a real server,
// beside what was recorded. Its JSON is versioned.
type Against struct {
	Version string `json:"version"`
	// Same and Different count the answers that could be compared, NotSent the requests
	// that the policy stopped, NoAnswer those that the server left unanswered, and
	// NotRecorded those whose answer is in the recording no more.
	Same        int      `json:"same"`
	Different   int      `json:"different"`
	NotSent     int      `json:"not_sent"`
	NoAnswer    int      `json:"no_answer"`
	NotRecorded int      `json:"not_recorded"`
	Answers     []Answer `json:"answers"`
}

// The outcomes of a request that was sent again.
const (
	AnswerSame        = "same"
	AnswerDifferent   = "different"
	AnswerNotSent     = "not_sent"
	AnswerMissing     = "no_answer"
	AnswerNotRecorded = "not_recorded"
)

// An Answer is what became of one request.
type Answer struct {
	Step        string       `json:"step"` // of the recorded request
	Method      string       `json:"method"`
	Tool        string       `json:"tool,omitempty"`
	Outcome     string       `json:"outcome"`
	Reason      string       `json:"reason,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
}

// AgainstConfig says how answers are compared. The zero value ignores nothing that
// ComparableAnswers doesn't.
type AgainstConfig struct {
	// Ignore are places that don't matter: pointers into the answer with * for one
	// name and ** for any number of them, or the bare name of a member, wherever it is.
	Ignore []string
	// Strict counts times and ids that differ, too.
	Strict bool
	// Mask, if set, returns a text with its secrets masked: secrets are compared, and
	// shown, by that.
	Mask func(text string) string
}

// An Outgoing is a message to send again. A request is answered, or given up, before
// the next message is sent.
type Outgoing struct {
	Raw     []byte
	Request bool
	ID      mcp.ID
	// State is the requestState that the message hands back, Gives the one that the
	// answer to it gave out then; "" if none. Today's are others.
	State, Gives string
}

// OutgoingOf returns the client's messages of a session as they are sent again: without
// those that were made up, answers, cancellations, and requests to listen, which have
// no answer.
func OutgoingOf(c *corpus.Case) (out []Outgoing) {
	var d mcp.Decoder
	byID := map[mcp.ID]int{}
	for i := range c.Steps {
		st := &c.Steps[i]
		if st.Frame.Kind != mcp.MessageFrame || st.Synthetic {
			continue
		}
		m, err := d.Decode(st.Frame.Raw)
		if err != nil {
			continue
		}
		id := mcp.ID(strings.Clone(string(m.ID)))
		if st.Frame.Dir == mcp.ToClient {
			if at, ok := byID[id]; ok && m.Kind == mcp.Response {
				out[at].Gives = strings.Clone(m.Text(m.Find(m.Result, "requestState")))
			}
			continue
		}
		if !sendable(m) {
			continue
		}
		if m.Kind == mcp.Request {
			byID[id] = len(out)
		}
		out = append(out, Outgoing{Raw: st.Frame.Raw, Request: m.Kind == mcp.Request, ID: id, State: strings.Clone(m.Call().RequestState)})
	}
	return out
}

func sendable(m *mcp.Message) bool {
	return !m.Kind.IsAnswer() && m.Method != mcp.MethodCancelled && m.Method != methodListen
}

// WithState returns a message that hands back another requestState.
func WithState(raw []byte, state string) []byte {
	var d mcp.Decoder
	m, err := d.Decode(raw)
	if err != nil {
		return raw
	}
	n := m.Find(m.Params, "requestState")
	if n < 0 {
		return raw
	}
	b, err := json.Marshal(state)
	if err != nil { // a text can be spelt
		panic(err)
	}
	return with(m, n, string(b))
}

// CompareAnswers compares the answers of a recorded session with those of another, in
// which its requests were sent again, in order.
func CompareAnswers(recorded, now *corpus.Case, cfg AgainstConfig) *Against {
	a := &Against{Version: AgainstVersion, Answers: []Answer{}}
	then, today := requests(recorded), requests(now)
	for i, x := range then {
		out := Answer{Step: x.step, Method: x.method, Tool: x.tool}
		var y *exchange
		if i < len(today) {
			y = today[i]
		}
		cfg.compare(&out, x, y)
		a.add(out)
	}
	return a
}

// requests are the exchanges of a session that OutgoingOf has the requests of.
func requests(c *corpus.Case) (out []*exchange) {
	real := *c
	real.Steps = nil
	for _, st := range c.Steps {
		if !st.Synthetic || st.Frame.Kind == mcp.FactFrame {
			real.Steps = append(real.Steps, st)
		}
	}
	for _, x := range transcribe(&real, true).exchanges {
		if x.kind == mcp.Request && x.method != methodListen {
			out = append(out, x)
		}
	}
	return out
}

func (a *Against) add(x Answer) {
	switch x.Outcome {
	case AnswerSame:
		a.Same++
	case AnswerDifferent:
		a.Different++
	case AnswerNotSent:
		a.NotSent++
	case AnswerMissing:
		a.NoAnswer++
	default:
		a.NotRecorded++
	}
	a.Answers = append(a.Answers, x)
}

// compare tells what became of x, which is y today.
func (cfg *AgainstConfig) compare(out *Answer, x, y *exchange) {
	switch {
	case y == nil:
		out.Outcome, out.Reason = AnswerMissing, "the session had ended before it could be sent"
	case y.denied != "" && !y.answered:
		out.Outcome, out.Reason = AnswerNotSent, "the policy stops it ("+y.denied+")"
	case !y.answered:
		out.Outcome, out.Reason = AnswerMissing, "the server has not answered"
	case !x.answered:
		out.Outcome, out.Reason = AnswerNotRecorded, x.stopped
	default:
		d := differ{skip: cfg.skips(), alike: cfg.alike}
		r, n := body(x), body(y)
		d.walk("", r, n)
		out.Outcome, out.Differences = AnswerSame, d.out
		if len(d.out) > 0 {
			out.Outcome = AnswerDifferent
		}
		for i := range out.Differences {
			out.Differences[i].Recorded, out.Differences[i].Now = cfg.mask(d.out[i].Recorded), cfg.mask(d.out[i].Now)
		}
	}
}

func (cfg *AgainstConfig) mask(s string) string {
	if cfg.Mask == nil {
		return s
	}
	return cfg.Mask(s)
}

// body is the result or error of an exchange's answer.
func body(x *exchange) any {
	for _, s := range x.said {
		if s.kind.IsAnswer() {
			answer, _ := parse(s.raw).(map[string]any)
			out := map[string]any{}
			for _, name := range []string{"result", "error"} {
				if v, ok := answer[name]; ok {
					out[name] = v
				}
			}
			return out
		}
	}
	return nil
}

// skips makes a function of the places to ignore.
func (cfg *AgainstConfig) skips() func(string) bool {
	if len(cfg.Ignore) == 0 {
		return nil
	}
	return func(at string) bool {
		for _, p := range cfg.Ignore {
			if !strings.HasPrefix(p, "/") {
				if strings.HasSuffix(at, "/"+pointerEscaper.Replace(p)) {
					return true
				}
				continue
			}
			if matchPointer(strings.Split(p, "/")[1:], strings.Split(at, "/")[1:]) {
				return true
			}
		}
		return false
	}
}

// matchPointer matches the names of a pointer against a pattern's.
func matchPointer(pattern, names []string) bool {
	switch {
	case len(pattern) == 0:
		return len(names) == 0
	case pattern[0] == "**":
		for i := range len(names) + 1 {
			if matchPointer(pattern[1:], names[i:]) {
				return true
			}
		}
		return false
	case len(names) == 0:
		return false
	}
	return (pattern[0] == "*" || pattern[0] == names[0]) && matchPointer(pattern[1:], names[1:])
}

var (
	aTime = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?|(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Za-z0-9 ]{6,12} \d\d:\d\d:\d\d( (GMT|UTC|[+-]\d{4}))?`)
	anID  = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	epoch = regexp.MustCompile(`^[1-4]\d{9}(\d{3})?(\.\d+)?$`)
)

// alike reports whether two values differ only in what is another each time: times,
// random ids, and secrets, which a recording has stand-ins for.
func (cfg *AgainstConfig) alike(_ string, recorded, now any) bool {
	switch r := recorded.(type) {
	case string:
		n, ok := now.(string)
		if !ok {
			return false
		}
		r, n = cfg.mask(r), cfg.mask(n)
		if !cfg.Strict {
			r, n = anID.ReplaceAllString(aTime.ReplaceAllString(r, "<time>"), "<id>"), anID.ReplaceAllString(aTime.ReplaceAllString(n, "<time>"), "<id>")
		}
		return r == n || cfg.sameJSON(r, n)
	case json.Number:
		n, ok := now.(json.Number)
		return ok && !cfg.Strict && epoch.MatchString(r.String()) && epoch.MatchString(n.String()) && len(r) == len(n)
	}
	return false
}

// sameJSON reports whether two texts are JSON that says the same.
func (cfg *AgainstConfig) sameJSON(r, n string) bool {
	if !strings.HasPrefix(strings.TrimSpace(r), "{") && !strings.HasPrefix(strings.TrimSpace(r), "[") || !json.Valid([]byte(r)) || !json.Valid([]byte(n)) {
		return false
	}
	d := differ{alike: cfg.alike}
	d.walk("", parse([]byte(r)), parse([]byte(n)))
	return len(d.out) == 0
}

// Summary is the result in one line.
func (a *Against) Summary() string {
	return fmt.Sprintf("%d answers are the same, %d differ, %d requests got none, %d were not sent, %d have no recorded answer",
		a.Same, a.Different, a.NoAnswer, a.NotSent, a.NotRecorded)
}
