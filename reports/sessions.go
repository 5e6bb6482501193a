package reports

import (
	"cmp"
	"io"
)

// A SessionRow is one line of a list of recorded sessions.
type SessionRow struct {
	ID, Server, Client string
	Policy             string // digest
	Started, Ended     int64  // nanoseconds since 1970; Ended is 0 while it runs
	End                string // why it ended
	Entries            int
	Redact, Ask, Deny  int
}

// SessionsText writes a list of sessions.
func SessionsText(w io.Writer, rows []SessionRow) error {
	cols := []column{traffic("session", 40), traffic("server", 24), col("start (UTC)", 24), num("took"), num("entries"),
		num("redact"), num("ask"), num("deny"), col("policy", 12), col("end", 28)}
	var cells [][]string
	for _, r := range rows {
		cells = append(cells, []string{
			r.ID, cmp.Or(r.Server, "unknown"), timestamp(r.Started), duration(r.Ended - r.Started), number(r.Entries),
			dash(r.Redact), dash(r.Ask), dash(r.Deny), short(r.Policy), r.End})
	}
	return asText(w, func(w io.Writer) error { return writeTable(w, cols, cells) })
}
