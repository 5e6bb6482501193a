package replay

import "github.com/rulewind/rulewind/proxy/policy"

// A Config says what to compare. The zero value runs the A/A alone.
type Config struct {
	// Baseline is what candidates are compared with; nil means each case's recorded
	// policy.
	Baseline *policy.Policy
	// Fallback is the baseline of cases that have no recorded policy, where Baseline
	// is nil. Without it such cases are not evaluable.
	Fallback *policy.Policy
	// Candidates are judged in one pass over the cases.
	Candidates []*policy.Policy
	// Files are copied to the PolicyRef of the candidate of the same index.
	Files [][]PolicyFile
	// Mode is the history by which candidates judge.
	Mode Mode
	// Approvals is what is supposed where a candidate asks and nobody answered.
	Approvals Approvals
	// Quick takes it that where the recording says that nothing was found, nothing is
	// found today, and looks for nothing there. It is for candidates that ask
	// detectors as the recorded policies do; another one is an error.
	Quick bool
	Gate  GateConfig
	// Filter says which steps count.
	Filter Filter
	// Workers is how many goroutines judge; 0 means 1. The result is the same.
	Workers int
	// Engine is copied to Result.Engine.
	Engine string
	// Progress, if set, is called after each case, in order, by one goroutine.
	Progress func(Progress)

	// alone makes every session detect for itself, for the test that compares.
	alone bool
	// noExamples leaves examples out, where only the groups matter.
	noExamples bool
}

// Progress says how far a run is.
type Progress struct {
	Cases, Steps, Changes int
}
