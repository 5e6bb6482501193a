package main

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

// A paint colours words for a terminal; the zero value leaves them plain.
type paint bool

// painter returns the paint for a stream: none if it is no terminal, if NO_COLOR is
// set (no-color.org) or if the terminal is dumb.
func (e *env) painter(stream any) paint {
	return paint(e.Terminal(stream) && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb")
}

// textPaint returns the paint for a text format that may go to a file instead.
func (e *env) textPaint(outputs []string, file string) paint {
	return paint(slices.Contains(outputs, "text") && file == "") && e.painter(e.Stdout)
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

// marks are the colours of what reports mark.
var marks = map[string]string{"deny": "1;31", "ask": "33", "redact": "35", "good": "32", "bold": "1"}

// text is the paint for reports, nil for none.
func (p paint) text() reports.Paint {
	if !p {
		return nil
	}
	return func(mark, text string) string {
		if code, known := marks[mark]; known {
			return p.in(code, text)
		}
		return text
	}
}

func (p paint) bold(s string) string { return p.in("1", s) }
func (p paint) soft(s string) string { return p.in("2", s) }
