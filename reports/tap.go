package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// ReplayTAP writes a replay's result as TAP 14 (testanything.org): the same tests as
// JUnit has. What somebody has accepted is skipped, with the reason.
func ReplayTAP(w io.Writer, r *replay.Result) error { return writeTAP(w, replayChecks(r)) }

func writeTAP(w io.Writer, suites []suite) error {
	bw := bufio.NewWriter(w)
	_, total := tally(suites...)
	fmt.Fprintf(bw, "TAP version 14\n1..%d\n", total)
	n := 0
	for _, s := range suites {
		for i := range s.checks {
			n++
			tapCase(bw, n, &s, &s.checks[i])
		}
	}
	return bw.Flush()
}

func tapCase(w io.Writer, n int, s *suite, k *check) {
	ok := "ok"
	if k.status == failed || k.status == broken {
		ok = "not ok"
	}
	fmt.Fprintf(w, "%s %d - %s: %s", ok, n, tapText(s.name), tapText(k.name))
	if k.status == waived {
		fmt.Fprintf(w, " # SKIP %s", tapText(k.text))
	}
	fmt.Fprintln(w)
	if ok == "ok" {
		return
	}
	say := func(name string, lines ...string) {
		for i, l := range lines {
			lines[i] = yamlEscaper.Replace(Visible(l))
		}
		fmt.Fprintf(w, "  %s: \"%s\"\n", name, strings.Join(lines, `\n`))
	}
	fmt.Fprintln(w, "  ---")
	say("kind", k.kind)
	say("message", k.text)
	say("severity", "fail")
	if k.at.path != "" {
		say("at", fmt.Sprintf("%s:%d", k.at.path, k.at.line))
	}
	if len(k.lines) > 0 {
		say("data", k.lines...)
	}
	fmt.Fprintln(w, "  ...")
}

// yamlEscaper escapes what ends a quoted YAML string, or an escape in it.
var yamlEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// tapText escapes what would begin a directive.
func tapText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(Visible(s))
}
