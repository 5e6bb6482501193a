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
	if holdsOne(low, []string{"delete", "update"}) && changesAll(low) {
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

// changesAll reports whether a statement in lower case deletes or updates every
// row: it has no condition, or one that always holds.
func changesAll(text string) bool {
	for stmt := range strings.SplitSeq(unquoted(text), ";") {
		words := strings.Fields(stmt)
		if len(words) < 3 || words[0] != "update" && (words[0] != "delete" || words[1] != "from") {
			continue
		}
		cond, ok := "", false
		for i, w := range words {
			if w == "where" {
				cond, ok = strings.Join(words[i+1:], ""), true
			}
		}
		if words[0] == "update" && !strings.Contains(stmt, " set ") {
			continue
		}
		if !ok || cond == "1=1" || cond == "true" || cond == "1" || cond == "''=''" {
			return true
		}
	}
	return false
}

// unquoted empties the literals and drops the comments of statements, so that what
// is data isn't read as words.
func unquoted(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			k := strings.IndexByte(s[i+1:], '\'')
			if k < 0 {
				return b.String()
			}
			b.WriteString("''")
			i += k + 1
		case strings.HasPrefix(s[i:], "--"):
			k := strings.IndexByte(s[i:], '\n')
			if k < 0 {
				return b.String()
			}
			i += k - 1
		case strings.HasPrefix(s[i:], "/*"):
			k := strings.Index(s[i:], "*/")
			if k < 0 {
				return b.String()
			}
			i += k + 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// A sqlName says whether the names around a text call it a database's statement.
type sqlName uint8

const (
	sqlNo    sqlName = iota
	sqlMaybe         // if it begins like one
	sqlYes
)

func sqlByNames(tool, name string) sqlName {
	switch name {
	case "sql", "statement", "statements", "sqlquery":
		return sqlYes
	case "query", "queries", "q", "command", "text":
		if holdsOne(strings.ToLower(tool), []string{"sql", "database", "postgres", "write_query", "read_query", "table"}) {
			return sqlYes
		}
		return sqlMaybe
	}
	return sqlNo
}

// isSQL reports whether a text is likely a statement for a database: the tool
// or the member says so, or it begins like one.
func (v *View) isSQL() bool {
	t := v.Of
	if t.Place != Argument {
		return false
	}
	if is := v.named().sql; is != sqlMaybe {
		return is == sqlYes
	}
	head := strings.TrimLeft(t.Value[:min(len(t.Value), 64)], " \t\r\n(;")
	for _, w := range [...]string{"select ", "insert into ", "update ", "delete from ", "drop table", "drop database", "drop schema", "truncate ", "alter table", "create ", "with ", "exec ", "copy ", "grant ", "/*", "--"} {
		if hasPrefixFold(head, w) {
			return true
		}
	}
	return false
}
