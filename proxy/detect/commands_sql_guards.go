package detect

import "strings"

// sqlGuards judges statements in lower case that take rows out of a trail of who did
// what, or drop what writes one. Rows that are only old may go.
func sqlGuards(low string, note func(kind string, score Score)) {
	if !strings.Contains(low, "audit") && !strings.Contains(low, "_log") && !strings.Contains(low, "history") && !strings.Contains(low, "_events") {
		return
	}
	for stmt := range strings.SplitSeq(low, ";") {
		w := strings.Fields(stmt)
		for len(w) > 0 && strings.HasPrefix(w[0], "--") {
			_, rest, _ := strings.Cut(stmt, "\n")
			w = strings.Fields(rest)
			stmt = rest
		}
		switch {
		case len(w) < 3:
		case w[0] == "delete" && w[1] == "from" && isTrail(w[2]) && byWhom(stmt),
			w[0] == "update" && isTrail(w[1]) && strings.Contains(stmt, " set "),
			w[0] == "drop" && (w[1] == "trigger" || w[1] == "rule" || w[1] == "policy") && isTrail(strings.TrimPrefix(strings.Join(w[2:min(len(w), 5)], "_"), "if_exists_")):
			note("kill-security", Medium)
		}
	}
}

// isTrail reports whether a name is one of what watches.
func isTrail(name string) bool {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return strings.Contains(name, "audit") || holdsOne(name, []string{"access_log", "security_log", "security_event", "login_history", "login_event", "auth_log", "event_log", "activity_log"})
}

// byWhom reports whether rows are picked by who did something rather than by age.
func byWhom(stmt string) bool {
	_, where, ok := strings.Cut(stmt, " where ")
	return ok && holdsOne(where, []string{"actor", "user", "account", "principal", "action", "ip", "who", "session", "source", "caller", "host"}) && !holdsOne(where, []string{"interval", "retention", "now()", "current_date", "dateadd", "date_sub", "test"})
}
