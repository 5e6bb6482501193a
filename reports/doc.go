// Package reports turns recorded sessions, and what a replay found in them, into
// one file that a reviewer can read: what happened, what was stopped, what leaked,
// what changed in the servers' tools, and how far the evidence can be trusted.
//
// A Report is plain data: its JSON is the saved form, and every other format is
// made from it. The same report gives the same bytes (law L9): no clock, locale,
// terminal width, path or host name enters. Everything that came over the wire is
// made harmless for its sink, and secrets in excerpts are masked once more (law L8).
//
// A replay.Result is such data too, and so are coverage, scores, tests and warnings:
// a Format is one way to write one of them, in a table that commands and tests read.
// Formats for people draw the same sections (layout.go); those for machines that know
// only tests, results or records draw the same checks (checks.go) and locations.
//
// It judges only what has no recorded verdict, and then says so (law L10). It never
// reads or writes a file.
package reports
