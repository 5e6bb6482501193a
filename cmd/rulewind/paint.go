package main

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A paint colours words for a terminal; the zero value leaves them plain.
type paint bool

// painter returns the paint for a stream: none if it is no terminal, if NO_COLOR is
// set (no-color.org) or if the terminal is dumb.
func (e *env) painter(stream any) paint {
	return paint(e.Terminal(stream) && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb")
}

// textPaint returns the paint for a text format that may go to a file instead.
func (e *env) textPaint(outputs []string) paint {
	return paint(slices.Contains(outputs, "text")) && e.painter(e.Stdout)
}

func (p paint) in(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) action(a policy.Action, s string) string {
	switch a {
	case policy.Allow, policy.Log:
		return p.in("32", s)
	case policy.Redact:
		return p.in("35", s)
	case policy.Ask:
		return p.in("33", s)
	}
	return p.in("1;31", s)
}

func (p paint) bold(s string) string { return p.in("1", s) }
func (p paint) soft(s string) string { return p.in("2", s) }
