package detect

import "strings"

// statementInCode finds the statement that a program hands to a database.
var statementInCode = lazyRegexp(`(?is)\b(?:execute\w*|query\w*|raw|exec|\$executeRawUnsafe|\$queryRawUnsafe|prepare|run|sql|ExecContext|executescript|exec_driver_sql)\s*\(\s*(?:text\()?\s*(?:f|r|b)?(?:"""([^"]+)"""|"((?:[^"\\\n]|\\.)+)"|'((?:[^'\\\n]|\\.)+)'|\x60([^\x60]+)\x60)`)

// statements judges what a program has a database do.
func (j *judge) statements(text, low string, start, end int) {
	if len(text) > 16<<10 || !holdsOne(low, []string{"drop ", "truncate", "delete from", "alter ", "grant ", "xp_cmdshell", "to program", "outfile", "update "}) {
		return
	}
	for _, m := range statementInCode().FindAllStringSubmatch(text, 16) {
		j.sql(m[1]+m[2]+m[3]+m[4], start, end)
	}
}

// listings are how a program goes through all that there is.
var listings = []string{"list_", "describe_", ".all()", "list(", "listall", "paginator", "getall", "scan(", ".list", "findall", "fetchall", " for "}

// methods judges the calls of a program by their names, as tools' are: what holds
// others is destroyed, each of a list or one that is named.
func (j *judge) methods(text string, start, end int) {
	if len(text) > 16<<10 {
		return
	}
	for i, n := 1, 0; i < len(text) && n < 64; i++ {
		if text[i] != '(' || !isNameByte(text[i-1]) {
			continue
		}
		from := i
		for from > 0 && isNameByte(text[from-1]) {
			from--
		}
		if from == 0 || text[from-1] != '.' || i-from < 8 || i-from > 48 {
			continue
		}
		n++
		var buf [24]string
		var d deed
		d.do(nameWords(buf[:0], text[from:i]))
		if d.verb != destroys || d.noun < holding || d.what == "table" && strings.Contains(text, "docx") {
			continue
		}
		args, _, _ := strings.Cut(text[i+1:], "\n")
		if k := strings.IndexByte(args, ';'); k >= 0 {
			args = args[:k]
		}
		for _, lit := range listItems(args) {
			d.target(lit)
		}
		if holdsOne(strings.ToLower(text), listings) && !d.named {
			d.named = true
		}
		if s := d.grade(); s > NoScore {
			j.addAt("cloud-destructive", start, end, Medium)
		}
	}
}
