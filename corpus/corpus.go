// Package corpus holds cases: sessions of frames, recorded or made up, with what
// is known about them and what is expected of them. It reads and writes the case
// files; importing recordings and foreign logs is package importer's.
//
// It is pure but for the readers and writers that it is given.
package corpus

import (
	"encoding/json"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Case is one session, in order.
type Case struct {
	// ID names the session within its source: stable, printable.
	ID string
	// Source is the base name of the file or database it came from.
	Source string
	// Server names the server, "" if unknown.
	Server string
	// Info is what a recorder knew of the session beside its steps, as JSON: what an
	// export needs to become a recording again. Nil if it isn't one.
	Info json.RawMessage
	// Steps are the frames with what is known of each.
	Steps []Step
	// Policy is the policy that the recorded verdicts were made by: nil if none is
	// recorded.
	Policy []policy.Source
	// Missing lists what the source does not have, and so what can't be judged.
	Missing Missing
	// StandIns is set if what looks like a secret in it is known to be none.
	StandIns bool
	// Imported is set if the frames were derived from another format (law L10).
	Imported bool
}

// Missing says what a source lacks. Rules that need it are not evaluable.
type Missing uint8

// What a source can lack.
const (
	NoArguments Missing = 1 << iota
	NoAnswers
	NoOrder
	NoClock
	NoVerdict
)

// A Step is one frame of a case.
type Step struct {
	// ID names the step: the row's id, or the session's with the seq.
	ID    string
	Frame mcp.Frame
	// Recorded is the event of the time, nil if none was recorded.
	Recorded *policy.Event
	// Fidelity says how far the stored bytes stand for the original.
	Fidelity policy.Fidelity
	// Mono is when it was recorded, in ns since the session began by a clock that isn't
	// set; Took is how long it took from being read until then. 0 if unknown.
	Mono, Took int64
	// Escrow is the original, encrypted with age, if the source has it and Frame isn't it.
	Escrow []byte
	// Back is how far the source's clock went back before this step, in nanoseconds, where
	// Frame.At doesn't show it.
	Back int64
	// Synthetic marks a frame that the importer added so that the session holds
	// together (a request for an answer, the opening fact); it is never counted.
	Synthetic bool

	// Label is "attack", "benign" or "" (not labelled), Category and Group are the
	// source's; Ambiguous rows stay out of scores.
	Label, Category, Group string
	Ambiguous              bool
	// Want is what is expected, nil if nothing is.
	Want *Expectation
}

// An Expectation is what a case asserts of a step.
type Expectation struct {
	Action policy.Action
	// Rule is the id of the deciding rule, "" if any will do.
	Rule string
	// Code is the refusal's, "" if any will do.
	Code string
	// Out is the exact bytes expected to leave, nil if any will do.
	Out []byte
}
