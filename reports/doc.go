// Package reports turns recorded sessions, and what a replay found in them, into
// one file that a reviewer can read: what happened, what was stopped, what leaked,
// what changed in the servers' tools, and how far the evidence can be trusted.
//
// A Report is plain data: its JSON is the saved form, and every other format is
// made from it. The same report gives the same bytes (law L9): no clock, locale,
// terminal width, path or host name enters. Everything that came over the wire is
// made harmless for its sink, and secrets in excerpts are masked once more (law L8).
//
// It judges only what has no recorded verdict, and then says so (law L10). It never
// reads or writes a file.
package reports
