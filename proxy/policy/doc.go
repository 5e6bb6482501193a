// Package policy is the engine: the policy language, and Session, the state
// machine that judges a session's frames by it.
//
// It is pure (law L3): no I/O, clock, environment, randomness or goroutine. Live
// proxy, check, replay and every other command call the same Session.Step (law
// L1), so that a recording replayed under its own policy gives equal events (law
// L2). Whatever it can't understand it denies (law L7), and what it lets pass
// leaves byte for byte as it came (law L5).
package policy
