package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rulewind/rulewind/replay"
)

// MutantsText writes which changes of a policy the cases would notice: those that
// they would not, with their place, and a line that counts the others.
func MutantsText(w io.Writer, r *replay.MutantReport) error {
	return asText(w, func(w io.Writer) error { return mutantsText(w, r) })
}

func mutantsText(bw io.Writer, r *replay.MutantReport) error {
	total := r.Killed + r.Survived
	fmt.Fprintf(bw, "policy %s %s: %s of %s noticed (%s) by %s that assert something in %s\n", Visible(r.Policy.Name),
		short(r.Policy.Digest), number(r.Killed), plural(total, "mutant", "mutants"), percent(r.Killed, total),
		plural(r.Asserting, "step", "steps"), plural(r.Cases, "session", "sessions"))
	if r.Failing > 0 {
		fmt.Fprintf(bw, "%s not hold under the policy itself, and can't notice anything\n", plural(r.Failing, "assertion does", "assertions do"))
	}
	if r.Survived == 0 {
		return nil
	}
	fmt.Fprintln(bw, "\nNot noticed")
	cols := []column{col("where", 28), col("rule", 32), col("mutant", 24), col("what changes", 64)}
	var rows [][]string
	for _, m := range r.Mutants {
		if m.Killer == nil {
			rows = append(rows, []string{m.Pos, m.Rule, m.Kind, m.Text})
		}
	}
	if err := writeTable(bw, cols, rows); err != nil {
		return err
	}
	return suggestions(bw, r)
}

// suggestions writes the tests that would notice what nothing does, as they stand in a
// policy's file. One test often notices several mutants.
func suggestions(w io.Writer, r *replay.MutantReport) error {
	said := map[string]bool{}
	for _, m := range r.Mutants {
		if m.Suggestion == "" || said[m.Suggestion] {
			continue
		}
		if len(said) == 0 {
			fmt.Fprint(w, "\nTests that would notice, for the policy's own file\n\ntests:\n")
		}
		said[m.Suggestion] = true
		fmt.Fprintf(w, "  # %s of %s at %s\n", m.Kind, Visible(m.Rule), Visible(m.Pos))
		for _, line := range strings.Split(strings.TrimSuffix(m.Suggestion, "\n"), "\n") {
			fmt.Fprintf(w, "  %s\n", Visible(line))
		}
	}
	return nil
}
