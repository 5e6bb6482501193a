package policy

import (
	"encoding/hex"
	"fmt"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// An Event is what the engine says to one frame. Its JSON is part of the
// recording and of `check -o json`; it never holds a secret.
type Event struct {
	// Seq is the frame's place in its session, from 0.
	Seq int `json:"seq"`
	// Subject tells what was judged.
	Subject Subject `json:"subject"`
	Verdict Verdict `json:"verdict"`
	// Digest is a hash over the session's state and everything decided so far:
	// equal digests mean equal histories up to here.
	Digest Digest `json:"digest"`
	// Labels are those that the message has set on the session, each once.
	Labels []string `json:"labels,omitempty"`
	// Cached is the Seq of the answer that a call was answered with from memory, 0 if
	// it wasn't: such a call isn't sent.
	Cached int `json:"cached,omitempty"`

	// Hold is set if the message is held until somebody answers. Held is the Seq of
	// the held message that this frame answers or ends, 0 if none.
	Hold *Hold `json:"hold,omitempty"`
	Held int   `json:"held,omitempty"`

	// Shadow is what the policy in the shadow says, where it says something else.
	Shadow *Shadow `json:"shadow,omitempty"`

	// Out is what leaves, in order. Not part of the recording: it follows from the
	// frame and the verdict. Bytes live until the session's next Step.
	Out []Output `json:"-"`
	// Secrets are the byte ranges of Frame.Raw that hold detected secrets, in order
	// and without overlap, whatever the rules asked: what may not be stored (law L8).
	Secrets []SecretSpan `json:"-"`
	// Tools are the digests of the definitions in a tools/list answer that passed, by
	// the tools' names: what a store pins at first sight.
	Tools map[string]string `json:"-"`
	// Trace has a line for each rule walked, if Session.Trace is set.
	Trace []RuleTrace `json:"trace,omitempty"`

	session *Session
}

// Client is the name that the client gives itself, as far as it has. Valid until the
// next Step.
func (e *Event) Client() string {
	if e.session == nil {
		return ""
	}
	return e.session.client
}

// A Hold tells that a message waits for an answer, of whom, and how long.
type Hold struct {
	// Via are the channels by which an answer can come.
	Via []string `json:"via"`
	// Until is the frame time in nanoseconds at which it is refused.
	Until int64 `json:"until"`
}

// A Subject says what a frame was, as far as it could be read. Strings in it are
// as they came: escape them for their sink.
type Subject struct {
	Kind   string  `json:"kind"` // request, notification, response, error, oversize, invalid, fact
	Dir    mcp.Dir `json:"dir"`
	ID     mcp.ID  `json:"id,omitempty"`
	Method string  `json:"method,omitempty"` // of an answer: the request's
	Tool   string  `json:"tool,omitempty"`   // of tools/call and its answers
	// Target is the resource's URI or the prompt's name, for the other methods.
	Target string `json:"target,omitempty"`
	Server string `json:"server,omitempty"`
	// Call is the Seq of the request that this answers, -1 if none.
	Call int `json:"call"`
	// Era is the protocol version in force, "" before it is known.
	Era string `json:"era,omitempty"`
	// Fact is the name of a fact.
	Fact string `json:"fact,omitempty"`
}

// A Verdict is the decision on one frame.
type Verdict struct {
	Action Action `json:"action"` // allow, redact, ask or deny
	// Rule is the id of the deciding rule; "default" for the default action, or one
	// of the engine's own reasons, which start with "engine:".
	Rule string `json:"rule"`
	// Pos is where the rule stands: "policy.yaml:14:5"; "" for the engine's own.
	Pos string `json:"pos,omitempty"`
	// Code is the stable word of the refusal, "" if the message passes.
	Code string `json:"code,omitempty"`
	// Reason is for people. It names kinds of things, never a thing.
	Reason   string `json:"reason,omitempty"`
	Severity string `json:"severity,omitempty"`
	// Matched are all rules whose conditions held, in order, `log` ones included.
	Matched []string `json:"matched,omitempty"`
	// Findings are those that made the matched rules match.
	Findings []Finding `json:"findings,omitempty"`
	// Redactions are what a redact verdict replaced.
	Redactions []Redaction `json:"redactions,omitempty"`
}

// Codes of refusals, in error.data.code.
const (
	CodeDenied      = "POLICY_DENIED"
	CodeRate        = "RATE_LIMIT_EXCEEDED"
	CodeBudget      = "BUDGET_EXCEEDED" // of bytes or time
	CodeLoop        = "LOOP_DETECTED"   // the same call again and again
	CodeCross       = "CROSS_TOOL_HIJACK_ATTEMPT"
	CodeApproval    = "APPROVAL_REQUIRED"
	CodeInvalid     = "INVALID_MESSAGE"
	CodeTooLarge    = "MESSAGE_TOO_LARGE"
	CodeUnsolicited = "UNSOLICITED_ANSWER"
	CodeDuplicateID = "DUPLICATE_ID"
	CodePending     = "TOO_MANY_PENDING"
	CodeAudit       = "AUDIT_UNAVAILABLE"
	CodeServerGone  = "SERVER_EXITED"
	CodeRefused     = "APPROVAL_REFUSED"
	CodeTimeout     = "TIMEOUT"
	CodeKilled      = "KILL_SWITCH"
	CodeAuth        = "AUTH_FAILURE"
	CodeScope       = "MISSING_SCOPE"
	CodeNotListed   = "TOOL_NOT_LISTED"
	CodeGrantNeeded = "PREFLIGHT_REQUIRED"
	CodeGrantNone   = "PREFLIGHT_NOT_FOUND"
	CodeGrantUsed   = "PREFLIGHT_ALREADY_USED"
)

// A Finding is a detector's finding in a message: where, what, in which view, and
// which rule asked. It never holds the thing.
type Finding struct {
	mcp.Pin
	// Rule is the id of the rule that the finding made match.
	Rule string `json:"rule,omitempty"`
}

// A Redaction is one replaced range of Frame.Raw.
type Redaction struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Kind  string `json:"kind"`
}

// A SecretSpan is a detected secret in Frame.Raw[Start:End].
type SecretSpan struct {
	Start, End int
	Kind, View string
}

// An Output is one message that leaves.
type Output struct {
	To    mcp.Dir
	Bytes []byte
	// Kind is the message's, ID that of a request or answer.
	Kind mcp.MessageKind
	ID   mcp.ID
	// Own is set on refusals, which carry nothing of a peer.
	Own bool
}

// A RuleTrace says why a rule did or didn't match.
type RuleTrace struct {
	Rule    string      `json:"rule"`
	Pos     string      `json:"pos"`
	Action  Action      `json:"action"`
	Matched bool        `json:"matched"`
	Conds   []CondTrace `json:"conditions,omitempty"`
	// Flip is the nearest change of message or rule that would turn the outcome.
	Flip string `json:"flip,omitempty"`
}

// A CondTrace is one condition of a rule and whether it held. A condition after
// the first that failed is still evaluated, so that all of them can be shown.
type CondTrace struct {
	Pos  string `json:"pos"`
	Text string `json:"text"`
	Held bool   `json:"held"`
	Why  string `json:"why,omitempty"`
}

// Digest is a SHA-256 state digest.
type Digest [32]byte

// String returns the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes the digest in hex.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hex digits.
func (d *Digest) UnmarshalText(b []byte) error {
	if hex.DecodedLen(len(b)) != len(d) {
		return fmt.Errorf("state digest of %d digits; want %d", len(b), 2*len(d))
	}
	_, err := hex.Decode(d[:], b)
	return err
}
