package policy

import "encoding/json"

// A Fact is what a FactFrame's Raw holds as JSON: an outside event that can move
// a verdict, so that a replay sees it at the same place.
type Fact struct {
	// Name is one of the Fact… words.
	Name string `json:"fact"`

	// Of FactSession: the server's name, the transport ("stdio", "http"), the
	// variables ${HOME}, ${CWD} and ${PROJECT_DIR} resolved once, and the basis
	// that the session key was derived from.
	Server    string            `json:"server,omitempty"`
	Transport string            `json:"transport,omitempty"`
	Vars      map[string]string `json:"vars,omitempty"`
	Basis     string            `json:"basis,omitempty"`

	// Tools are the definitions of the server's tools as they were first seen, by
	// name: the digests of Event.Tools. Nil if the server was never seen.
	Tools map[string]string `json:"tools,omitempty"`

	// Others are the names of tools of other servers, as far as they are known, for
	// names in this server's lists that can be taken for them.
	Others []string `json:"others,omitempty"`

	// Channels are the ways to ask a person that the proxy has: the words of
	// AskChannels. Where there is none, what should be asked is refused at once.
	Channels []string `json:"channels,omitempty"`

	// Of FactServerExit and FactKill: why, in words for the client; pending requests
	// are answered.
	Reason string `json:"reason,omitempty"`

	// Of FactKill: whether everything is denied from now on.
	On bool `json:"on,omitempty"`

	// Of FactAnswer: the Seq of the call that is held, whether it may pass, by whom or
	// what, and whether the answer stands for the rule and tool until the session
	// ends. Code is the refusal's word if not APPROVAL_REFUSED.
	Call     int    `json:"call,omitempty"`
	Approve  bool   `json:"approve,omitempty"`
	By       string `json:"by,omitempty"`
	Remember bool   `json:"remember,omitempty"`
	Code     string `json:"code,omitempty"`

	// Of FactPolicy and FactShadow: the sources of the policy that is in force, or in
	// the shadow, from now on, as in Policy.Sources.
	Policy []Source `json:"policy,omitempty"`

	// Of FactCaller: who sends what follows, by the policy's list of callers; "" for
	// nobody known. Refused is set if a secret came with it that is nobody's.
	Caller  string `json:"caller,omitempty"`
	Refused bool   `json:"refused,omitempty"`

	// Of FactMark: the label that another session has set, when (Frame.At's clock),
	// and that session's server and client.
	Label  string `json:"label,omitempty"`
	At     int64  `json:"at,omitempty"`
	Client string `json:"client,omitempty"`

	// Of FactPaths: arguments of the next call, as they stand in it, that are paths
	// through symbolic links, and the absolute paths that they lead to.
	Paths map[string]string `json:"paths,omitempty"`

	// Imported is set on facts that an importer made up.
	Imported bool `json:"imported,omitempty"`
}

// The facts.
const (
	// FactSession opens every session.
	FactSession = "session"
	// FactServerExit says that the server is gone: the engine refuses all that is
	// still pending and everything after it.
	FactServerExit = "server-exit"
	// FactAnswer is a person's answer, or a grant's, on a held call.
	FactAnswer = "answer"
	// FactKill turns the kill switch on or off.
	FactKill = "kill"
	// FactPolicy puts another policy in force.
	FactPolicy = "policy"
	// FactShadow has another policy judge as well, and change nothing.
	FactShadow = "shadow"
	// FactClock says that time has passed: what is overdue ends.
	FactClock = "clock"
	// FactCaller tells who sends what follows.
	FactCaller = "caller"
	// FactPaths tells where paths in the next call lead.
	FactPaths = "paths"
	// FactMark tells of a label that another session has set, for conditions whose
	// scope is wider than the session. Policy.Marks says which labels are worth one.
	FactMark = "mark"
)

// AskChannels are the ways to ask a person: the client's own form, `rulewind
// approvals`, and grants given beforehand.
var AskChannels = []string{ChannelClient, ChannelApprovals, ChannelGrant}

// The channels.
const (
	ChannelClient    = "client"
	ChannelApprovals = "approvals"
	ChannelGrant     = "grant"
)

// JSON returns the fact as the Raw of a frame. Equal facts give equal bytes.
func (f Fact) JSON() []byte {
	b, err := json.Marshal(f)
	if err != nil { // strings and maps of strings only
		panic(err)
	}
	return b
}
