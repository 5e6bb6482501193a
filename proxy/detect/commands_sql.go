package detect

import "strings"

// database judges the statements on a database client's command line.
func (j *judge) database(c *shellCall) {
	line := c.line()
	if c.prog == "redis-cli" && (c.has("FLUSHALL", "FLUSHDB", "flushall", "flushdb")) {
		j.add("sql-destructive", c, Medium)
		return
	}
	for _, a := range c.args {
		if strings.ContainsAny(a.text, " (") {
			j.sql(a.text, c.start, c.end)
		}
	}
	if c.stdin != "" {
		j.sql(c.stdin, c.start, c.end)
	}
	if strings.Contains(line, "dropDatabase(") || strings.Contains(line, ".drop()") {
		j.add("sql-destructive", c, Medium)
	}
}

var (
	sqlWipes = lazyRegexp(`(?is)(?:^|;|\bbegin\b|\*/)\s*(?:drop\s+(?:table|database|schema|user|role|tablespace|keyspace)|truncate\s+(?:table\s+)?\w|alter\s+table\s+\S+\s+drop\s)`)
	sqlAll   = lazyRegexp(`(?is)(?:^|;|\*/)\s*(?:delete\s+from\s+[\w."\x60\[\]]+|update\s+[\w."\x60\[\]]+\s+set\s+[^;]*?)\s*(?:;|$|--|\bwhere\s+(?:1\s*=\s*1|true|'1'\s*=\s*'1')\s*(?:;|$|--))`)
	sqlShell = lazyRegexp(`(?is)\bxp_cmdshell\b|\bcopy\s+[^;]*\b(?:to|from)\s+program\b|\binto\s+(?:out|dump)file\b|\bload_file\s*\(|\blo_(?:import|export)\s*\(|\bpg_read_(?:binary_)?file\s*\(|\bsys_exec\s*\(|\bload_extension\s*\(|\bcreate\s+(?:or\s+replace\s+)?function\b[^;]*\bsystem\b`)
	sqlGrant = lazyRegexp(`(?is)(?:^|;)\s*(?:grant\s+all\b|alter\s+(?:user|role)\s+\S+\s+(?:with\s+)?superuser|create\s+(?:user|role)\b[^;]*\bsuperuser)`)
	sqlChain = lazyRegexp(`(?is)['")]\s*;\s*(?:drop|delete|truncate|update|insert|alter|exec)\b|\bunion\s+(?:all\s+)?select\b<gap>(?:password|passwd|secret|token|information_schema|sqlite_master|pg_shadow|mysql\.user)|\bor\s+(?:1\s*=\s*1|'1'\s*=\s*'1'|"1"\s*=\s*"1")`)
)

// sql judges statements: what drops or empties Medium, what reaches the host High.
func (j *judge) sql(text string, start, end int) {
	text = headAndTail(text)
	low := strings.ToLower(text)
	if holdsOne(low, []string{"drop", "truncate", "alter"}) && sqlWipes().MatchString(text) {
		j.addAt("sql-destructive", start, end, Medium)
	}
	if holdsOne(low, []string{"delete", "update"}) && sqlAll().MatchString(text) {
		j.addAt("sql-destructive", start, end, Medium)
	}
	if holdsOne(low, []string{"xp_", "program", "file", "lo_", "sys_exec", "load_ext", "system"}) && sqlShell().MatchString(text) {
		j.addAt("code-execution", start, end, High)
	}
	if holdsOne(low, []string{"grant", "superuser"}) && sqlGrant().MatchString(text) {
		j.addAt("privilege-change", start, end, Medium)
	}
	if holdsOne(low, []string{";", "union", "1=1", "1 = 1", "'1'"}) && sqlChain().MatchString(text) {
		j.addAt("sql-destructive", start, end, Medium)
	}
}

// isSQLText reports whether a text is likely a statement for a database.
func isSQLText(t *Text) bool {
	switch foldName(t.Name) {
	case "query", "sql", "statement", "statements", "queries", "q":
		return true
	}
	return holdsOne(strings.ToLower(t.Tool), []string{"sql", "query", "database", "postgres", "sqlite"})
}
