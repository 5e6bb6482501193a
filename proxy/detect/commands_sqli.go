package detect

import "strings"

// maxFragment is the length of the longest value that is looked at as a piece of a
// statement: what is put into a query is short.
const maxFragment = 512

// fragments are what turns a value into a part of the statement it is put into. They
// are anchored at the value's beginning, of which no more than a word may be honest,
// so that sentences about SQL aren't meant.
var fragments = []lineRule{
	{"sql-injection", High, []string{"or", "||", "and", "&&"}, lazyRegexp(`(?i)^[^\s'"]{0,48}['"]\s*\)*\s*(?:or|and|\|\||&&|xor)\s*\(*\s*(?:not\s+)?(?:'[^']{0,16}'|"[^"]{0,16}"|[\w.]{1,16})\s*(?:=|<|>|<>|!=|like|is|in|between)`)},
	{"sql-injection", High, []string{"or "}, lazyRegexp(`(?i)^[^\s'"]{0,48}['"]?\s*\)*\s*\bor\s+(?:1\s*=\s*1|true|1)\s*(?:--|#|/\*|;|$)`)},
	{"sql-injection", High, []string{"drop", "delete", "truncate", "update", "insert", "alter", "exec", "shutdown", "create", "waitfor", "select", "copy", "declare"}, lazyRegexp(`(?i)^[^\s'";]{0,48}['"]?\s*\)*\s*;\s*(?:drop\s+(?:table|database|schema|user|view|index)|delete\s+from|truncate\s+(?:table\s+)?\w|update\s+\w+\s+set|insert\s+into|alter\s+(?:table|user|role|login)|exec(?:ute)?[\s(]+\w|shutdown\b|create\s+(?:table|user|function|login)|waitfor\s+delay|select\s+.{1,64}\bfrom\b|select\s+\w+\(|copy\s+\w|declare\s+@)`)},
	{"sql-injection", High, []string{".drop", ".purge", ".clear", ".delete"}, lazyRegexp(`(?i)[;|\n]\s*\.(?:drop|purge|clear|delete)\s+(?:tables?|databases?|extents|function)\b`)},
	{"sql-injection", High, []string{"union"}, lazyRegexp(`(?i)^[^\s]{0,48}['")]?\s*(?:\)|/\*[^*]{0,16}\*/|\s|\+)*union(?:\s|/\*[^*]{0,16}\*/|\+)+(?:all(?:\s|/\*[^*]{0,16}\*/|\+)+)?select\b[^;]{0,200}(?:,|\bfrom\b|\bnull\b|\(|\*|@@|--)`)},
	{"sql-injection", Medium, []string{"'", `"`}, lazyRegexp(`(?i)^[\w.@+-]{1,48}['"]\s*\)*\s*(?:--\s?|#|/\*)[\s-]*$`)},
	{"sql-injection", High, []string{"sleep", "benchmark", "waitfor", "extractvalue", "updatexml", "pg_sleep"}, lazyRegexp(`(?i)^[^\s]{0,48}['"]?\s*\)*\s*(?:or|and|\|\||;|&&)\s*\(?\s*(?:select\s+)?(?:(?:pg_)?sleep\s*\(|benchmark\s*\(|waitfor\s+delay|extractvalue\s*\(|updatexml\s*\()`)},
	{"sql-injection", High, []string{"order by", "group by", "having"}, lazyRegexp(`(?i)^[^\s]{0,48}['"]\s*\)*\s*(?:order\s+by\s+[0-9]+|having\s+1\s*=\s*1|group\s+by\s+\w+\s+having)\s*(?:--|#|$)`)},
	{"sql-injection", Medium, []string{"$where", "$function", "$accumulator"}, lazyRegexp(`(?i)"\$(?:where|function|accumulator)"\s*:\s*[{"]`)},
	{"sql-injection", Medium, []string{"$ne", "$gt", "$regex", "$exists"}, lazyRegexp(`(?i)"(?:password|passwd|pass|pwd|token|apikey|secret)"\s*:\s*\{\s*"\$(?:ne|gt|gte|regex|exists|nin)"`)},
	{"command-injection", High, []string{")(", "*)("}, lazyRegexp(`^[^\s()]{0,48}\*?\)\s*\(\s*[|&!]?\s*\(?(?:uid|cn|objectclass|userpassword|mail|password|samaccountname)\s*=`)},
}

// hasFragmentTell is a cheap test for what every fragment has.
func hasFragmentTell(s string) bool {
	if len(s) > maxFragment {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\'', ';', '"', '|', ')':
			return true
		case 'u', 'U':
			if hasPrefixFold(s[i:], "union") {
				return true
			}
		case 'o', 'O':
			if hasPrefixFold(s[i:], "or 1") || hasPrefixFold(s[i:], "or true") {
				return true
			}
		}
	}
	return false
}

// findFragment reports what in a value of another kind changes the statement that
// the value is put into.
func findFragment(v *View, report func(kind string, start, end int, score Score)) {
	s := strings.TrimSpace(v.Text)
	if !hasFragmentTell(s) {
		return
	}
	low := strings.ToLower(s)
	for i := range fragments {
		if f := &fragments[i]; holdsOne(low, f.any) && f.re().MatchString(s) {
			report(f.kind, 0, len(v.Text), f.score)
		}
	}
}

// runsEverywhere reports whether a member's name is an operator of a document
// database whose value is run as a program.
func runsEverywhere(name string) bool {
	return name == "$where" || name == "$function" || name == "$accumulator"
}

// matchesAll reports whether a value is the filter of a tool that deletes, and lets
// every document through.
func matchesAll(v *View, s string) bool {
	if !v.named().deletes {
		return false
	}
	switch v.named().folded {
	case "filter", "query", "where", "selector", "condition", "criteria":
		return s == "{}" || s == "{ }" || s == "1=1" || s == "true" || s == "*"
	}
	return s == "*" || s == "**" || s == "_all" || s == "**/*" || s == "*.*"
}
