package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// ReplayJUnit writes a replay's result as JUnit XML: a suite for the A/A and one for
// each candidate, with a test for each group of changes. Times are left out, since
// they would differ from run to run.
func ReplayJUnit(w io.Writer, r *replay.Result) error {
	return writeJUnit(w, "rulewind replay", replayChecks(r))
}

func writeJUnit(w io.Writer, name string, suites []suite) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintln(bw, `<?xml version="1.0" encoding="UTF-8"?>`)
	fmt.Fprintf(bw, "<testsuites name=%s%s>\n", xmlAttr(name), xmlCounts(suites...))
	for _, s := range suites {
		fmt.Fprintf(bw, "  <testsuite name=%s%s>\n", xmlAttr(s.name), xmlCounts(s))
		for i := range s.checks {
			junitCase(bw, &s, &s.checks[i])
		}
		fmt.Fprintln(bw, "  </testsuite>")
	}
	fmt.Fprintln(bw, "</testsuites>")
	return bw.Flush()
}

func xmlCounts(suites ...suite) string {
	n, total := tally(suites...)
	return fmt.Sprintf(` tests="%d" failures="%d" errors="%d" skipped="%d"`, total, n[failed], n[broken], n[waived])
}

func junitCase(w io.Writer, s *suite, k *check) {
	fmt.Fprintf(w, "    <testcase classname=%s name=%s", xmlAttr(s.name), xmlAttr(k.name))
	if k.at.path != "" {
		fmt.Fprintf(w, " file=%s line=\"%d\"", xmlAttr(k.at.path), k.at.line)
	}
	switch k.status {
	case passed:
		fmt.Fprintln(w, "/>")
	case waived:
		fmt.Fprintf(w, ">\n      <skipped message=%s/>\n    </testcase>\n", xmlAttr(k.text))
	default:
		element := "error"
		if k.status == failed {
			element = "failure"
		}
		fmt.Fprintf(w, ">\n      <%s type=%s message=%s>%s</%s>\n    </testcase>\n", element, xmlAttr(k.kind), xmlAttr(k.text),
			xmlLines(append([]string{k.text}, k.lines...)), element)
	}
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// xmlText makes s visible, which leaves none of the characters that XML forbids, and
// escapes what is markup: with every > that is, no ]]> is left either.
func xmlText(s string) string { return xmlEscaper.Replace(Visible(s)) }

func xmlAttr(s string) string { return `"` + xmlText(s) + `"` }

func xmlLines(lines []string) string {
	for i, l := range lines {
		lines[i] = xmlText(l)
	}
	return strings.Join(lines, "\n")
}
