package reports

import (
	"bufio"
	"encoding/json"
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
			if err := tapCase(bw, n, &s, &s.checks[i]); err != nil {
				return err
			}
		}
	}
	return bw.Flush()
}

func tapCase(w io.Writer, n int, s *suite, k *check) error {
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
		return nil
	}
	fields := [][2]string{{"kind", k.kind}, {"message", k.text}, {"severity", "fail"}}
	if k.at.path != "" {
		fields = append(fields, [2]string{"at", fmt.Sprintf("%s:%d", k.at.path, k.at.line)})
	}
	if len(k.lines) > 0 {
		fields = append(fields, [2]string{"data", strings.Join(k.lines, "\n")})
	}
	fmt.Fprintln(w, "  ---")
	for _, f := range fields {
		// A JSON string is a YAML one (YAML 1.2, section 1.3).
		quoted, err := json.Marshal(strings.ToValidUTF8(f[1], "\uFFFD"))
		if err != nil {
			return fmt.Errorf("writing TAP: %w", err)
		}
		fmt.Fprintf(w, "  %s: %s\n", f[0], asciiJSON(quoted))
	}
	fmt.Fprintln(w, "  ...")
	return nil
}

// tapText escapes what would begin a directive.
func tapText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(Visible(s))
}
