// Package replay judges recorded sessions again: under the policy that recorded
// them, which must give the same events (A/A, law L2), and under candidates,
// whose verdicts are compared with the baseline's (A/B).
//
// It guarantees that a Result depends on nothing but the cases, the policies and
// the Config's choices: not on the number of workers, the clock, the locale or
// the order of goroutines (law L9). It holds one group for each kind of change,
// never the cases, so that memory stays bounded whatever the corpus. What can't be
// judged is counted as such, never as unchanged (law L10).
//
// It calls nothing but policy.Session.Step (law L1), contacts no server and reads
// no file: cases and policies are handed in.
package replay
