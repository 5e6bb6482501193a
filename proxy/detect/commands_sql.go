package detect

import (
	"slices"
	"strings"
)

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
	if strings.Contains(line, "dropDatabase(") || strings.Contains(withoutScratchDrops(line), ".drop()") {
		j.add("sql-destructive", c, Medium)
	}
}

// sql judges statements: what drops or empties Medium, what reaches the host High.
func (j *judge) sql(text string, start, end int) {
	text = headAndTail(text)
	low := strings.ToLower(text)
	j.sqlReading(low, start, end)
	if strings.Contains(low, "/*") {
		// A comment parts words for one reader and hides in a word for another;
		// MySQL runs what stands in /*! */.
		j.sqlReading(withoutComments(low, " "), start, end)
		j.sqlReading(withoutComments(low, ""), start, end)
	}
	if joined := joinedLiterals.Replace(low); joined != low {
		j.sqlReading(joined, start, end)
	}
}

// joinedLiterals puts together the literals that a statement is built of.
var joinedLiterals = strings.NewReplacer("' || '", "", "'||'", "", "' + '", "", "'+'", "")

// sqlReading judges statements in lower case.
func (j *judge) sqlReading(low string, start, end int) {
	low = withoutTempDrops(withoutScratchDrops(low))
	note := func(kind string, score Score) { j.addAt(kind, start, end, score) }
	bare := unquoted(low)
	for stmt := range strings.SplitSeq(bare, ";") {
		sqlStatement(strings.Fields(strings.TrimLeft(stmt, " \t\r\n(")), low, note)
	}
	for rest, n := bare, 0; n < 8; n++ {
		// A statement that changes rows inside of one that reads.
		i := strings.Index(rest, "(delete from ")
		if i < 0 {
			break
		}
		inner, tail, _ := strings.Cut(rest[i+1:], ")")
		inner, _, _ = strings.Cut(inner, " returning")
		sqlStatement(strings.Fields(inner), low, note)
		rest = tail
	}
	if holdsOne(bare, []string{"execute", "exec", "do ", "prepare", "call ", "query_to_xml", "dblink", "pg_background"}) {
		// Statements in a literal that is run.
		for _, lit := range literals(low) {
			for stmt := range strings.SplitSeq(lit, ";") {
				sqlStatement(strings.Fields(stmt), low, note)
			}
		}
	}
	sqlGuards(bare, note)
	for i := range sqlForms {
		f := &sqlForms[i]
		if holdsOne(low, f.any) && f.re().MatchString(low) {
			note(f.kind, f.score)
		}
	}
	if isTautology(low) {
		note("sql-injection", Medium)
	}
}

// sqlStatement judges one statement by its words; low is the text it stands in.
func sqlStatement(w []string, low string, note func(kind string, score Score)) {
	for len(w) > 0 && (w[0] == "begin" || w[0] == "explain" || w[0] == "analyze" || w[0] == "then" || w[0] == "$$" || w[0] == "do" || w[0] == "declare") {
		w = w[1:]
	}
	if len(w) == 0 {
		return
	}
	word := func(i int) string {
		if i < len(w) {
			return w[i]
		}
		return ""
	}
	has := func(words ...string) bool {
		for _, x := range w {
			for _, y := range words {
				if x == y {
					return true
				}
			}
		}
		return false
	}
	switch w[0] {
	case "drop":
		switch word(1) {
		case "table", "database", "schema", "user", "role", "tablespace", "keyspace", "owned", "login", "collection", "external", "foreign", "stream", "topic", "warehouse":
			if !isScratchTable(w) {
				note("sql-destructive", Medium)
			}
		case "view", "index", "materialized", "trigger", "policy", "function", "procedure":
			note("sql-destructive", Low)
		}
	case "truncate":
		if len(w) > 1 && w[1][0] != '-' && !isScratchTable(w) {
			note("sql-destructive", Medium)
		}
	case "alter":
		switch {
		case word(1) == "table" && has("drop") && !has("constraint", "default", "index", "not", "key"):
			if !dropsLeftovers(w) {
				note("sql-destructive", Medium)
			}
		case word(1) == "table" && has("disable") && has("trigger", "row"):
			note("kill-security", Medium)
		case word(1) == "system", word(1) == "database" && has("offline", "trustworthy"):
			note("code-execution", Medium)
		case (word(1) == "user" || word(1) == "role" || word(1) == "login" || word(1) == "server") && has("superuser", "password", "identified", "createrole", "bypassrls", "sysadmin", "replication", "enable"):
			note("privilege-change", Medium)
		}
	case "delete", "update":
		if changesAll(w) && !isScratchTable(w) {
			note("sql-destructive", Medium)
		}
	case "grant":
		if i := slices.Index(w, "on"); i > 0 && !slices.Contains(w[:i], "all") && slices.Contains(w[i:], "all") {
			w = w[:i] // on all tables, which is no right to everything
			if slices.Contains(strings.Fields(low), "public") {
				w = append(slices.Clip(w), "public")
			}
		}
		if has("all", "superuser", "dba", "sysdba", "super", "file", "pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pg_read_all_data", "rds_superuser", "cloudsqlsuperuser", "accountadmin") || has("public") && !has("select", "usage", "connect", "execute") {
			note("privilege-change", Medium)
		}
	case "create":
		switch {
		case (word(1) == "user" || word(1) == "role" || word(1) == "login") && (has("superuser", "createrole", "sysadmin", "bypassrls") || strings.Contains(strings.Join(w, " "), "@''") && holdsOne(low, []string{"@'%'", "@'*'"})):
			note("privilege-change", Medium)
		case word(1) == "extension" && holdsOne(strings.Join(w, " "), []string{"plpython", "plperlu", "pltclu", "plsh", "dblink", "file_fdw", "adminpack", "pg_cron", "http", "plrust"}):
			note("code-execution", Medium)
		case has("function", "procedure", "library") && holdsOne(low, []string{"plpython", "plperlu", "pltclu", "plsh", "language c", "libc.so", "soname", "language java"}):
			note("code-execution", High)
		case has("subscription", "event") && has("connection"):
			note("exfiltration", Medium)
		}
	case "set":
		if (word(1) == "global" || word(1) == "persist" || word(1) == "@@global") && holdsOne(strings.Join(w, " "), []string{"general_log", "log_file", "local_infile", "secure_file", "log_output", "log_bin_trust", "validate_password", "super_read_only", "init_connect"}) {
			note("code-execution", Medium)
		}
	case "shutdown":
		note("system-control", Medium)
	case "reset", "purge":
		if word(1) == "master" || word(1) == "binary" || word(1) == "slave" || word(1) == "replica" || word(1) == "recyclebin" || word(1) == "dba_recyclebin" {
			note("log-wipe", Medium)
		}
	case "pragma":
		if strings.Contains(word(1), "writable_schema") {
			note("sql-destructive", Medium)
		}
	case "kill":
		note("system-control", Low)
	case "waitfor":
		if word(1) == "delay" {
			note("sql-injection", Medium)
		}
	}
}

// isScratchTable reports whether a statement is about a table that is named as one
// for the moment or lies in a schema of such.
func isScratchTable(w []string) bool {
	for _, x := range w[1:] {
		switch x {
		case "table", "if", "exists", "from", "only", "cascade", "temporary", "view", "schema", "database":
			continue
		}
		x = strings.Trim(x, "`\"[](),")
		schema, name, ok := strings.Cut(x, ".")
		if ok && scratchSchemas[strings.Trim(schema, "`\"[]")] {
			return true
		}
		if ok {
			name = name[strings.LastIndexByte(name, '.')+1:]
			x = strings.Trim(name, "`\"[](),")
		}
		for _, p := range [...]string{"tmp", "temp", "test", "stg", "staging", "stage", "sandbox", "scratch", "zz_"} {
			if strings.HasPrefix(x, p+"_") || strings.HasSuffix(x, "_"+p) || x == p || strings.HasPrefix(x, "#") {
				return true
			}
		}
		return false
	}
	return false
}

// scratchSchemas hold what can be made again.
var scratchSchemas = set("staging", "stage", "stg", "tmp", "temp", "pg_temp", "scratch", "sandbox", "test", "tests", "tempdb", "raw_tmp")

// dropsLeftovers reports whether an altered table only loses columns that are named as
// no longer used.
func dropsLeftovers(w []string) bool {
	found := false
	for i := 3; i < len(w); i++ {
		if w[i-1] != "column" && !(w[i-1] == "exists" && i > 2) || w[i] == "if" {
			continue
		}
		name := strings.Trim(w[i], "`\"[](),")
		if !holdsOne(name, []string{"legacy", "_old", "old_", "deprecated", "unused", "_tmp", "tmp_", "_temp", "temp_", "_bak", "_backup", "obsolete"}) {
			return false
		}
		found = true
	}
	return found
}

// withoutComments replaces the comments of statements; of those that MySQL runs it
// keeps what they hold.
func withoutComments(s, with string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "/*")
		if i < 0 {
			break
		}
		k := strings.Index(s[i+2:], "*/")
		if k < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteString(with)
		if held, ok := strings.CutPrefix(s[i+2:i+2+k], "!"); ok {
			b.WriteString(strings.TrimLeft(held, "0123456789"))
			b.WriteString(with)
		}
		s = s[i+2+k+2:]
	}
	b.WriteString(s)
	return b.String()
}

// A sqlForm knows a dangerous form anywhere in a statement in lower case.
type sqlForm struct {
	kind  string
	score Score
	any   []string
	re    func() *matcher
}

// sqlForms reach from a database to its host or another, or take what a query
// shouldn't. Sources: the databases' manuals; OWASP's pages on SQL injection.
var sqlForms = []sqlForm{
	{"privilege-change", High, []string{"rolemember"}, lazyRegexp(`\bsp_add(?:srv)?rolemember\b[^;]*'(?:sysadmin|securityadmin|serveradmin|setupadmin|db_owner)'`)},
	{"kill-security", High, []string{"audit"}, lazyRegexp(`\balter\s+(?:server|database)\s+audit\b[^;]*\bstate\s*=\s*off\b|\bdrop\s+(?:server|database)\s+audit\b|^\s*noaudit\b`)},
	{"sql-destructive", Medium, []string{"backuphistory"}, lazyRegexp(`\bsp_delete_(?:database_)?backuphistory\b`)},
	{"exfiltration", Medium, []string{"stage"}, lazyRegexp(`\bcreate\s+(?:or\s+replace\s+)?(?:temporary\s+)?stage\b[^;]*\burl\s*=\s*'[^']*'[^;]*;\s*copy\s+into\s+@`)},
	{"privilege-change", Medium, []string{"user mapping"}, lazyRegexp(`\bcreate\s+user\s+mapping\b[^;]*\bfor\s+public\b`)},
	{"privilege-change", Medium, []string{"dbms.security"}, lazyRegexp(`\bdbms\.security\.(?:createuser|addroletouser)\s*\(`)},
	{"sql-destructive", Medium, []string{"drop measurement", "drop series", "drop shard"}, lazyRegexp(`\bdrop\s+(?:measurement|series|shard)\s+(?:from\b|"?\w|\d)`)},
	{"code-execution", High, []string{"xp_", "sp_oa", "sp_execute_external", "sp_add_job"}, lazyRegexp(`\b(?:xp_(?:cmdshell|reg\w+|dirtree|fileexist|subdirs|servicecontrol|enumerrorlogs|delete_file|copy_file)|sp_oa(?:create|method)|sp_execute_external_script|sp_add_jobstep)\b`)},
	{"code-execution", High, []string{"program"}, lazyRegexp(`\bcopy\b[^;]*\b(?:to|from)\s+program\b`)},
	{"code-execution", High, []string{"language"}, lazyRegexp(`\blanguage\s+['"]?pl(?:python[23]?u|perlu|tclu|sh|rust|java)\b`)},
	{"code-execution", Medium, []string{"vacuum"}, lazyRegexp(`\bvacuum\s+(?:\w+\s+)?into\s+'(?:[^']*(?:\.(?:php|jsp|aspx?)|/www/|/html/)|/tmp/|/dev/|\\\\)`)},
	{"exfiltration", Medium, []string{"copy", "unload", "export"}, lazyRegexp(`\b(?:copy|unload|export)\b[^;]*\bto\s+'(?:s3|gcs?|gs|az|azure|abfss?|https?|r2|hf|ftp)://`)},
	{"sql-destructive", Medium, []string{"alter"}, lazyRegexp(`\balter\s+table\s+\S+\s+(?:on\s+cluster\s+\S+\s+)?(?:delete|update\b[^;]*)\s+where\s+(?:1|true|1\s*=\s*1)\s*(?:;|$)`)},
	{"exfiltration", Medium, []string{"function"}, lazyRegexp(`\binsert\s+into\s+(?:table\s+)?function\s+(?:url|s3|remote|remotesecure|hdfs|gcs|azureblobstorage)\s*\(`)},
	{"exfiltration", Medium, []string{"export data"}, lazyRegexp(`\bexport\s+data\b[^;]*\buri\s*=\s*['"](?:gs|s3|azure|https?)://`)},
	{"exfiltration", Medium, []string{"stage", "copy into"}, lazyRegexp(`\bstage\b[^;]*\burl\s*=\s*'[^']*'[^;]*\bcredentials\s*=|\bcopy\s+into\s+'(?:s3|gcs|azure)://`)},
	{"sql-destructive", Medium, []string{"merge"}, lazyRegexp(`\bmerge\s+into\b[^;]*\bon\s*\(?\s*(?:1\s*=\s*1|true)\s*\)?[^;]*\bthen\s+delete\b`)},
	{"exfiltration", Medium, []string{"backup"}, lazyRegexp(`\bbackup\s+(?:database|log)\b[^;]*\bto\s+(?:disk|url)\s*=\s*n?'(?:\\\\|https?:)`)},
	{"sql-destructive", Medium, []string{"dropdatabase", "deletemany"}, lazyRegexp(`\bdropdatabase\s*\(|\bdeletemany\s*\(\s*\{\s*\}`)},
	{"privilege-change", Medium, []string{"createuser", "grantroles"}, lazyRegexp(`\b(?:createuser|grantrolestouser|updateuser)\b[^;]*["'](?:root|__system|dbowner|useradminanydatabase|readwriteanydatabase|dbadminanydatabase)["']`)},
	{"code-execution", High, []string{"outfile", "dumpfile"}, lazyRegexp(`\binto\s+(?:out|dump)file\b`)},
	{"code-execution", High, []string{"sys_e", "load_ext", "lib_mysqludf", "plugin_dir", "soname"}, lazyRegexp(`\bsys_(?:exec|eval|bineval)\s*\(|\bload_extension\s*\(|\bsoname\s+'`)},
	{"code-execution", High, []string{"dbms_", "utl_"}, lazyRegexp(`\b(?:dbms_(?:scheduler|java|xslprocessor|advisor|job|export_extension|cloud)|utl_file)\.`)},
	{"code-execution", Medium, []string{"writefile", "readfile", "edit(", "fsdir"}, lazyRegexp(`\b(?:writefile|readfile|edit|fsdir|lsdir)\s*\(\s*'`)},
	{"code-execution", Medium, []string{"attach"}, lazyRegexp(`\battach\s+(?:database\s+)?'[^']*(?:\.(?:php|jsp|aspx?|sh|py)|/www/|/etc/|/root/|cron|\.ssh)`)},
	{"code-execution", High, []string{"load_file", "pg_read", "pg_ls", "pg_stat_file", "lo_import", "lo_export"}, lazyRegexp(`\bload_file\s*\(|\bpg_(?:read_(?:binary_)?file|ls_dir|stat_file|ls_logdir)\s*\(|\blo_(?:import|export)\s*\(`)},
	{"credential-read", High, []string{"infile", "bulk", "copy"}, lazyRegexp(`\bload\s+data\b[^;]*\binfile\s+'(?:/|[a-z]:|~|\.\.|\\\\)|\bopenrowset\s*\(\s*bulk|\bbulk\s+insert\b[^;]*\bfrom\s+'(?:[a-z]:\\(?:windows|users)|\\\\|/etc)|\bcopy\b[^;]*\bfrom\s+'(?:/etc/|/root/|/proc/|/home/[^']*/\.|[^']*\.ssh|[^']*\.\.)`)},
	{"credential-read", Medium, []string{"read_"}, lazyRegexp(`\bread_(?:text|blob|csv|csv_auto|json|json_auto|parquet)\s*\(\s*\[?'(?:/etc/|/root/|/proc/|~|/home/[^']*/\.|[^']*\.(?:env|pem|ssh|aws))`)},
	{"credential-read", Medium, []string{"pg_shadow", "pg_authid", "mysql.user", "sql_logins", "syslogins", "sys.user$", "dba_users", "mysql.global_priv", "pg_user_mapping"}, lazyRegexp(`\b(?:pg_shadow|pg_authid|mysql\.user|mysql\.global_priv|sys\.sql_logins|syslogins|pg_user_mappings?)\b|\bsys\.user\$|\bpassword\b[^;]*\bdba_users\b`)},
	{"exfiltration", Medium, []string{"'/", "\\"}, lazyRegexp(`\bcopy\b[^;]*\bto\s+'/(?:tmp|var|home|srv|dev|etc)|\binto\s+(?:external|s3)\b[^;]*'s3://`)},
	{"exfiltration", Medium, []string{"dblink", "openrowset", "opendatasource", "utl_", "dbms_ldap", "httpuritype", "http_", "postgres_fdw", "federated"}, lazyRegexp(`\bdblink(?:_connect|_exec)?(?:_u)?\s*\(|\bopen(?:rowset|datasource)\s*\(|\b(?:utl_(?:http|tcp|smtp|inaddr)|dbms_ldap)\.|\bhttpuritype\s*\(|\bhttp_(?:get|post)\s*\(\s*'http|engine\s*=\s*federated`)},
	{"sql-injection", Medium, []string{"union"}, lazyRegexp(`\bunion\s+(?:all\s+|distinct\s+)?(?:select|\(\s*select)\b<gap>(?:passw|secret|token|information_schema|sqlite_master|pg_shadow|mysql\.user|null\s*,\s*null|@@version|pg_catalog|api_key|credit_?card|\bssn\b|table_name)`)},
	{"sql-injection", Medium, []string{"sleep", "benchmark", "waitfor", "dbms_pipe", "randomblob"}, lazyRegexp(`\b(?:pg_)?sleep\s*\(\s*[0-9]{2,}|\band\b[^;]*\bsleep\s*\(|\bbenchmark\s*\(\s*[0-9]{6,}|\bwaitfor\s+delay\b|\bdbms_pipe\.receive|randomblob\s*\(\s*[0-9]{8,}`)},
	{"sql-injection", Medium, []string{"extractvalue", "updatexml", "0x7e", "floor(rand", "exp(~"}, lazyRegexp(`\b(?:extractvalue|updatexml)\s*\(\s*[0-9]|concat\s*\(\s*0x7e|floor\s*\(\s*rand\s*\(\s*0\s*\)|exp\s*\(\s*~`)},
	{"sql-injection", Medium, []string{"'", `"`}, lazyRegexp(`['")]\s*;\s*(?:drop|delete|truncate|update|insert|alter|exec|shutdown)\b|\w'\s*(?:--|#)\s*'`)},
	{"sql-destructive", Medium, []string{";"}, lazyRegexp(`(?:^|[^a-z_])(?:select|[0-9]+|'[^']*')[^;]*;\s*(?:drop\s+(?:table|database|schema)|truncate\s|delete\s+from\s+\w+\s*(?:;|--|$))`)},
	{"sql-destructive", Medium, []string{".drop", ".purge", ".clear", ".delete", ".detach"}, lazyRegexp(`(?:^|[;|\n])\s*\.(?:drop|purge|clear|delete|detach)\s+(?:async\s+)?(?:tables?|databases?|extents|materialized-view|function|whole)\b`)},
	{"sql-injection", High, []string{"read write", "read_only", "transaction_read_only"}, lazyRegexp(`\b(?:rollback|commit|end|abort)\s*;\s*(?:begin|start|set)\b[^;]*\bread\s+write|\bset\s+(?:session\s+characteristics|transaction|default_transaction_read_only|transaction_read_only)\b[^;]*(?:read\s+write|\boff\b|\bfalse\b|=\s*0)`)},
	{"sql-injection", High, []string{"commit", "rollback"}, lazyRegexp(`^\s*(?:commit|rollback)\s*;\s*(?:drop|delete|update|insert|alter|create|grant|truncate)\b`)},
	{"sql-injection", Medium, []string{"union"}, lazyRegexp(`\bunion\s+(?:all\s+)?select\b[^;]*\b(?:card_?num\w*|cvv|cvc|pin|ssn|pass\w*|pwd|hash\w*|secret\w*|iban|salary|session\w*|auth\w*|token\w*|private\w*)\b`)},
	{"exfiltration", Medium, []string{"trigger"}, lazyRegexp(`\bcreate\s+(?:or\s+replace\s+)?trigger\b<gap>\binsert\s+into\b[^;]*\bnew\.\w*(?:cvv|cvc|card|passw|pwd|secret|token|ssn|iban|\bpin\b|private)`)},
	{"credential-read", High, []string{"file(", "url(", "executable(", "remote(", "mysql(", "jdbc(", "hdfs(", "csv("}, lazyRegexp(`\b(?:file|url|executable|remote|hdfs|jdbc|odbc|csv)\s*\(\s*'(?:/etc/|/root/|/proc/|/var/lib/|~|/home/[^']*/\.|[^']*\.\./|file:|https?://(?:169\.254|127\.|localhost|\[))`)},
	{"exfiltration", High, []string{"evaluate"}, lazyRegexp(`\bevaluate\s+(?:hint\.\w+\s*=\s*\w+\s+)?(?:http_request(?:_post)?|python|r|sql_request|mysql_request|postgresql_request|cosmosdb_sql_request)\s*\(`)},
	{"sql-injection", High, []string{"set_config"}, lazyRegexp(`\bset_config\s*\(\s*'(?:default_)?(?:transaction_read_only|session_authorization|role|row_security)'`)},
	{"sql-destructive", Medium, []string{"dropallusers", "dropuser", "droprole", "dropindexes", "killop", "shutdownserver", "replsetreconfig", "compact"}, lazyRegexp(`\b(?:dropallusersfromdatabase|dropallrolesfromdatabase|shutdownserver|dropindexes)\b`)},
	{"sql-destructive", High, []string{"pg_tables", "information_schema.tables", "sys.tables", "sqlite_master", "pg_class"}, lazyRegexp(`(?s)(?:pg_tables|information_schema\.tables|sys\.tables|sqlite_master|pg_class).{0,400}\b(?:execute|exec|perform|sp_executesql)\b.{0,80}'\s*(?:truncate|drop\s+table|delete\s+from)\b`)},
	{"sql-destructive", Medium, []string{"detach", "match"}, lazyRegexp(`\bmatch\s*\(\s*\w*\s*\)\s*(?:optional\s+match\s*\([^;]*)?(?:call\s*(?:\(\s*\w+\s*\)\s*)?\{\s*(?:with\s+\w+\s+)?)?(?:detach\s+)?delete\b|\bcall\s+apoc\.(?:periodic|schema\.assert|load|cypher\.runfile)|\bcall\s+dbms\.(?:security|killqueries)`)},
	{"exfiltration", Medium, []string{"load csv"}, lazyRegexp(`\bload\s+csv\b[^;]*\bfrom\s+['"](?:https?|ftp|file):`)},
	{"sql-destructive", Medium, []string{"dropdatabase", ".drop(", "deletemany", "remove(", "updatemany", "flushall", "flushdb", "admincommand"}, lazyRegexp(`\badmincommand\s*\(\s*\{\s*['"]?(?:shutdown|dropdatabase|replsetstepdown|createuser|fsync)|\bdropdatabase\s*\(|\b(?:db|collection)[\w.()'"\[\]]*\.drop\s*\(\s*\)|\.(?:deletemany|remove)\s*\(\s*(?:\{\s*\})?\s*\)|\.updatemany\s*\(\s*\{\s*\}`)},
}

// tautology is a comparison behind OR that may always hold.
var tautology = lazyRegexp(`(?:\bor\b|\|\|)\s*\(?\s*(?:not\s+)?(?:(?:'([^']*)'|"([^"]*)"|(\w+))\s*(?:=|like|<=|>=)\s*\(?\s*(?:'([^']*)'?|"([^"]*)"?|(\w+))|(true|1)\s*(?:--|#|$|;|\)))`)

// isTautology reports whether a condition is let hold for every row.
func isTautology(low string) bool {
	if !strings.Contains(low, "or") && !strings.Contains(low, "||") {
		return false
	}
	for _, m := range tautology().FindAllStringSubmatch(low, 16) {
		left, right := m[1]+m[2]+m[3], m[4]+m[5]+m[6]
		if m[7] != "" || left == right && (left != "" || strings.Contains(m[0], "''")) {
			return true
		}
	}
	return false
}

// changesAll reports whether a statement in lower case deletes or updates every
// row: it has no condition, or one that always holds.
func changesAll(w []string) bool {
	if len(w) < 3 || w[0] == "delete" && w[1] != "from" && w[2] != "from" {
		return false
	}
	cond, ok, sets := "", false, false
	for i, x := range w {
		switch x {
		case "set":
			sets = true
		case "where":
			cond, ok = strings.Join(w[i+1:], " "), true
		case "using", "join":
			return false
		}
	}
	if w[0] == "update" && !sets {
		return false
	}
	return !ok || holdsAlways(cond)
}

// holdsAlways reports whether a condition does, or one of those it joins by "or".
func holdsAlways(cond string) bool {
	for _, part := range strings.Split(cond, " or ") {
		part = strings.ReplaceAll(part, " ", "")
		left, right, equal := strings.Cut(part, "=")
		if equal && left == right || alwaysHolds().MatchString(part) {
			return true
		}
	}
	return alwaysHolds().MatchString(strings.ReplaceAll(cond, " ", ""))
}

// alwaysHolds are conditions without blanks that hold for every row of a table as
// tables are.
var alwaysHolds = lazyRegexp(`^\(?(?:1=1|1|true|''=''|notfalse|2>1|0=0|'1'='1'|(?:\w+\.)?\w*id(?:>=?(?:0|1|-1)|isnotnull|!=(?:0|-1|'')|<>(?:0|-1|''))|\w+isnotnull|\w+=\w+orn?o?t?1=1|\w+like'%?'|exists\(select1\))\)?$`)

// literals returns the texts of a statement's string literals.
func literals(s string) []string {
	var out []string
	for len(out) < 32 {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			return out
		}
		k := strings.IndexByte(s[i+1:], '\'')
		if k < 0 {
			return out
		}
		out = append(out, s[i+1:i+1+k])
		s = s[i+k+2:]
	}
	return out
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
	if isWebSearch(tool) {
		return sqlNo
	}
	switch name {
	case "sql", "statement", "statements", "sqlquery", "sqlstatement", "sqltext", "rawsql", "cypher", "cql":
		return sqlYes
	case "query", "queries", "q", "command", "text", "input", "expression", "script", "stmt", "code", "cmd", "args", "body", "rawquery", "dbquery", "eval":
		if holdsOne(strings.ToLower(tool), []string{"sql", "database", "postgres", "write_query", "read_query", "table", "db_", "_db", "mongo", "duckdb", "bigquery", "snowflake", "clickhouse", "redshift", "oracle", "neo4j", "cypher", "maria", "supabase", "kql", "kusto"}) {
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
	for _, w := range [...]string{"select ", "insert into ", "update ", "delete from ", "drop table", "drop database", "drop schema", "truncate ", "alter table", "create ", "with ", "exec ", "copy ", "grant ", "/*", "--", "drop ", "shutdown", "pragma ", "attach ", "load data", "set global", "do $$", "merge into", "replace into", "begin;", "declare ", "waitfor ", "match (", "execute ", "call ", "purge ", "reset master", "db."} {
		if hasPrefixFold(head, w) {
			return true
		}
	}
	return false
}
