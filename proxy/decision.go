package proxy

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Routine reports whether a message passed by without a rule of note.
func Routine(ev *policy.Event) bool {
	return ev.Verdict.Action == policy.Allow && len(ev.Verdict.Matched) == 0
}

// Decision words an event in one line for people: action, what was judged, rule and
// reason. routine is set for what passed by without a rule of note. Names come from
// the peers: control, bidirectional and other invisible characters are escaped.
func Decision(ev *policy.Event) (line string, routine bool) {
	v, sub := &ev.Verdict, &ev.Subject
	what := sub.Method
	if sub.Tool != "" {
		what = sub.Tool
	} else if sub.Target != "" {
		what += " " + sub.Target
	}
	switch sub.Kind {
	case "response", "error":
		what = "answer of " + what
	case "invalid", "oversize":
		what = sub.Kind + " message " + sub.Dir.String()
	case "fact":
		what = sub.Fact
	}
	routine = Routine(ev)
	line = fmt.Sprintf("%-6s %s", v.Action, Printable(what, 80))
	if v.Rule != "default" {
		line += "  [" + Printable(v.Rule, 80) + "]"
	}
	if v.Reason != "" && v.Action != policy.Allow {
		line += "  " + Printable(v.Reason, 200)
	}
	if ev.Cached != 0 {
		line += "  answered from memory"
	}
	return line, routine
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Printable escapes what a terminal could act on or hide, and cuts at max runes.
func Printable(s string, max int) string {
	if len(s) <= max && plainASCII(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == max {
			b.WriteString("…")
			break
		}
		n++
		if r == '\uFFFD' || !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			if r > 0xffff {
				fmt.Fprintf(&b, "\\U%08x", r)
			} else {
				fmt.Fprintf(&b, "\\u%04x", r)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
