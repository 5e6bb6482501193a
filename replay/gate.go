package replay

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// A GateConfig says what makes a run fail. The zero value is the default gate:
// no loosening, no new error, nothing that can't be judged, at least one case.
type GateConfig struct {
	// FailOn are the classes of which one change fails the run; nil means newly_allowed,
	// loosened, redaction_lost, error_new, not_evaluable and indeterminate.
	FailOn []Class
	// MaxNewlyDenied bounds newly_denied; unset means no bound.
	MaxNewlyDenied Budget
	// MaxNotEvaluable bounds not_evaluable in place of FailOn's zero.
	MaxNotEvaluable Budget
	// MinExactFidelity is the least share of steps with exact fidelity.
	MinExactFidelity Share
	// MinCoverage is the least share of a candidate's rules that have to match.
	MinCoverage Share
	// AllowEmpty makes a run without a case pass.
	AllowEmpty bool
	// Accepted are changes that don't count; one that is stale or has expired fails the
	// run. Today is the day by which they expire, such as 2026-07-28.
	Accepted []Acceptance
	Today    string
}

// DefaultFailOn are the classes that fail a run unless GateConfig.FailOn is set.
var DefaultFailOn = []Class{NewlyAllowed, Loosened, RedactionLost, ErrorNew, NotEvaluable, Indeterminate}

// Status is the gate's answer. The zero value claims nothing.
type Status uint8

// The answers.
const (
	// Incomplete: no case, drift, or an interrupted run.
	Incomplete Status = iota
	Failed
	Passed
)

var statusNames = [...]string{"incomplete", "failed", "passed"}

// String returns "incomplete", "failed" or "passed".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return statusNames[Incomplete]
}

// MarshalText writes the word.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word; an unknown one is an error.
func (s *Status) UnmarshalText(b []byte) error {
	for i, n := range statusNames {
		if n == string(b) {
			*s = Status(i)
			return nil
		}
	}
	return fmt.Errorf("unknown gate status %q", b)
}

// ExitCode is 0 for passed, 1 for failed, 3 for incomplete (DESIGN.md 7).
func (s Status) ExitCode() int {
	switch s {
	case Passed:
		return 0
	case Failed:
		return 1
	}
	return 3
}

// A Gate is the answer with every reason for it.
type Gate struct {
	Status  Status       `json:"status"`
	Reasons []GateReason `json:"reasons"`
}

// A GateReason is one thing that keeps a run from passing.
type GateReason struct {
	Status Status `json:"status"`
	// Check is a class' word, or "drift", "empty", "interrupted", "exact_fidelity",
	// "coverage", "acceptance", "expectation".
	Check string `json:"check"`
	Got   string `json:"got"`
	Limit string `json:"limit"`
	Text  string `json:"text"`
}

func (g *Gate) add(r GateReason) {
	g.Reasons = append(g.Reasons, r)
	g.Status = min(g.Status, r.Status)
}

// A Share is a percentage, exact: Units of 10^-Places percent.
type Share struct {
	Units  uint64
	Places int
	Set    bool
	text   string
}

// String returns the share as it was written.
func (s Share) String() string { return s.text }

const maxPlaces = 9

// ParseShare reads "99.9%", from 0% to 100%. An empty text is an error.
func ParseShare(text string) (Share, error) {
	bad := fmt.Errorf("want a percentage from 0%% to 100%% such as 99.9%%, got %q", text)
	digits, ok := strings.CutSuffix(text, "%")
	if !ok {
		return Share{}, bad
	}
	whole, fraction, dotted := strings.Cut(digits, ".")
	if !isDigits(whole) || dotted && !isDigits(fraction) || len(whole) > 3 || len(fraction) > maxPlaces {
		return Share{}, bad
	}
	units, err := strconv.ParseUint(whole+fraction, 10, 64)
	s := Share{Units: units, Places: len(fraction), Set: true, text: text}
	if err != nil || units > 100*pow10(s.Places) {
		return Share{}, bad
	}
	return s, nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func pow10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

// compare returns the sign of n/total - s, in integers: 99.999 % isn't 100 %.
// A share of nothing is 100 %.
func (s Share) compare(n, total int) int {
	if total == 0 {
		n, total = 1, 1
	}
	ahi, alo := bits.Mul64(uint64(n), 100*pow10(s.Places))
	bhi, blo := bits.Mul64(uint64(total), s.Units)
	switch {
	case ahi != bhi && ahi < bhi, ahi == bhi && alo < blo:
		return -1
	case ahi == bhi && alo == blo:
		return 0
	}
	return 1
}

// A Budget is how many are tolerated: a count or a share of all.
type Budget struct {
	Count int
	Share Share // in place of Count if its Set is
	Set   bool
	text  string
}

// String returns the budget as it was written.
func (b Budget) String() string { return b.text }

// ParseBudget reads "12" or "0.1%". An empty text is an error.
func ParseBudget(text string) (Budget, error) {
	if strings.HasSuffix(text, "%") {
		s, err := ParseShare(text)
		return Budget{Share: s, Set: err == nil, text: text}, err
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || !isDigits(text) {
		return Budget{}, fmt.Errorf("want a count such as 12 or a percentage such as 0.1%%, got %q", text)
	}
	return Budget{Count: int(n), Set: true, text: text}, nil
}

// Exceeded reports whether n of total are more than the budget. An unset budget
// is never exceeded.
func (b Budget) Exceeded(n, total int) bool {
	switch {
	case !b.Set || n == 0:
		return false
	case b.Share.Set:
		return b.Share.compare(n, max(total, n)) > 0
	}
	return n > b.Count
}
