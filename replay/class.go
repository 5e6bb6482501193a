package replay

import "fmt"

// Class says how a candidate's verdict on a step differs from the baseline's.
// Classes stand in the order in which they are shown: loosening first. The zero
// Class is the gravest (law L7).
type Class uint8

// The classes.
const (
	// NewlyAllowed: the baseline stopped the message (deny or ask), the candidate
	// lets it pass.
	NewlyAllowed Class = iota
	// Loosened: denied before, asks now.
	Loosened
	// RedactionLost: bytes that the baseline replaced pass now.
	RedactionLost
	// ErrorNew: the engine failed on the message under the candidate only.
	ErrorNew
	// NotEvaluable: the source lacks what a rule needs, or the stored bytes don't
	// give the recorded verdict, so that no comparison can be claimed.
	NotEvaluable
	// Indeterminate: the verdict depends on an answer that nobody saw.
	Indeterminate
	// Drift: today's engine and the recorded policy don't give the recorded event.
	Drift
	// NewlyDenied: passed before, denied now.
	NewlyDenied
	// Tightened: passed before and asks now, or asked before and is denied now.
	Tightened
	// RedactionGained: bytes that passed are replaced now.
	RedactionGained
	// RuleChanged: the same action by another rule.
	RuleChanged
	// FindingsChanged: the same action and rule by other findings.
	FindingsChanged
	// ReasonChanged: the same action and rule with another code, reason or severity.
	ReasonChanged

	classes = int(ReasonChanged) + 1
)

var classNames = [classes]string{
	"newly_allowed", "loosened", "redaction_lost", "error_new", "not_evaluable", "indeterminate", "drift",
	"newly_denied", "tightened", "redaction_gained", "rule_changed", "findings_changed", "reason_changed",
}

// Classes lists all classes in order.
func Classes() []Class {
	out := make([]Class, classes)
	for i := range out {
		out[i] = Class(i)
	}
	return out
}

// String returns the word of the class in JSON, options and reports.
func (c Class) String() string {
	if int(c) < classes {
		return classNames[c]
	}
	return fmt.Sprintf("class-%d", uint8(c))
}

// ParseClass reads the words that String writes.
func ParseClass(s string) (Class, error) {
	for i, n := range classNames {
		if n == s {
			return Class(i), nil
		}
	}
	return 0, fmt.Errorf("unknown class %q; use one of %v", s, classNames)
}

// MarshalText writes the word.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word; an unknown one is an error.
func (c *Class) UnmarshalText(b []byte) (err error) {
	*c, err = ParseClass(string(b))
	return err
}

// Direction says whether a change lets more pass, less, or neither.
type Direction string

// The directions.
const (
	Loosening  Direction = "loosening"
	Tightening Direction = "tightening"
	Neutral    Direction = "neutral" // the same outcome for other reasons
	Unknown    Direction = "unknown" // nothing can be claimed
)

// Direction returns the direction of the class.
func (c Class) Direction() Direction {
	switch c {
	case NewlyAllowed, Loosened, RedactionLost:
		return Loosening
	case NewlyDenied, Tightened, RedactionGained:
		return Tightening
	case RuleChanged, FindingsChanged, ReasonChanged:
		return Neutral
	}
	return Unknown
}
