package detect

import "strings"

// fromFish rewrites a script of fish's, whose blocks end with "end" and whose
// substitutions are bare brackets, as one of a POSIX shell; false if it is none.
func fromFish(text string) (string, bool) {
	if len(text) > maxPlain || !strings.Contains(text, "end") && !strings.Contains(text, "set ") || strings.Contains(text, "; do") || strings.Contains(text, "; then") {
		return "", false
	}
	var out strings.Builder
	var blocks []string
	changed := false
	for _, stmt := range fishStatements(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(stmt), " ")
		switch word {
		case "for", "while":
			blocks, changed = append(blocks, "done"), true
			out.WriteString(word + " " + fishWords(rest) + "; do ")
			continue
		case "if":
			blocks, changed = append(blocks, "fi"), true
			out.WriteString("if " + fishWords(rest) + "; then ")
			continue
		case "function":
			blocks, changed = append(blocks, "}"), true
			out.WriteString(strings.TrimSpace(rest) + "() { ")
			continue
		case "begin":
			blocks, changed = append(blocks, "}"), true
			out.WriteString("{ ")
			continue
		case "end":
			if len(blocks) == 0 {
				return "", false
			}
			out.WriteString(blocks[len(blocks)-1] + "; ")
			blocks = blocks[:len(blocks)-1]
			continue
		case "set":
			for strings.HasPrefix(rest, "-") {
				_, rest, _ = strings.Cut(rest, " ")
			}
			if name, val, ok := strings.Cut(rest, " "); ok && isAssignment(name+"=") {
				changed = true
				out.WriteString(name + "=\"" + strings.ReplaceAll(fishWords(strings.TrimSpace(val)), `"`, "") + "\"; ")
				continue
			}
		}
		out.WriteString(fishWords(stmt) + "; ")
	}
	return out.String(), changed && len(blocks) == 0
}

// fishStatements cuts a script at its semicolons and line ends outside of quotes.
func fishStatements(text string) []string {
	var list []string
	quote, from := byte(0), 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';' || c == '\n':
			list = append(list, text[from:i])
			from = i + 1
		}
	}
	return append(list, text[from:])
}

// fishWords writes bare brackets as substitutions.
func fishWords(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '(' && (i == 0 || s[i-1] == ' ' || s[i-1] == '"' || s[i-1] == '=') {
			b.WriteByte('$')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// mayBeFish reports whether a script that a POSIX shell reads as well sets a variable
// as fish does, to what a command prints.
func mayBeFish(text string) bool {
	return strings.Contains(text, "set ") && strings.Contains(text, " (")
}
