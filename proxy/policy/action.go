package policy

import "fmt"

// Action is what a rule does with a message. The zero value is Deny, so that
// nothing passes by omission (law L7).
type Action uint8

// The actions. Log isn't a verdict: a rule with it notes the match and the walk
// goes on.
const (
	Deny Action = iota
	Ask
	Redact
	Allow
	Log
)

var actionNames = [...]string{Deny: "deny", Ask: "ask", Redact: "redact", Allow: "allow", Log: "log"}

// String returns the word of the action in YAML, JSON, SQL and reports.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return "deny"
}

// Strictness orders the verdicts: allow 0 < redact 1 < ask 2 < deny 3.
func (a Action) Strictness() int {
	switch a {
	case Allow, Log:
		return 0
	case Redact:
		return 1
	case Ask:
		return 2
	}
	return 3
}

// ParseAction reads the words that String writes.
func ParseAction(s string) (Action, error) {
	for i, n := range actionNames {
		if n == s {
			return Action(i), nil
		}
	}
	return Deny, fmt.Errorf("unknown action %q; use allow, redact, ask, deny or log", s)
}

// MarshalText writes the word.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word; an unknown one is an error, and leaves Deny.
func (a *Action) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAction(string(b))
	return err
}
