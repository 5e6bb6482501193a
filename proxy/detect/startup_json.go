package detect

import "strings"

// plainTasks reports whether an editor's tasks or a dev container's configuration,
// whole or in part, is plain: what it runs would be plain in a hook, nothing runs as
// soon as the folder is opened, and no other value is one that a shell would do more
// with than take as a word. Names and descriptions are for people and may say anything.
func plainTasks(content string) bool {
	plain := !strings.Contains(content, `"privileged"`)
	eachJSONText(content, func(key, value string) {
		plain = plain && plainTask(strings.ToLower(key), value)
	})
	return plain
}

func plainTask(key, value string) bool {
	switch key {
	case "label", "name", "detail", "description", "documentation", "regexp", "$schema", "message", "title":
		return true
	case "initializecommand", "runargs", "mounts", "capadd", "securityopt":
		return false // on the host itself, or towards it
	case "command":
		if scriptRunners[value] || checks[value] || subcommands[value] != "" || runners[value] {
			return true // its args say what it does
		}
	case "args":
		return plainValue(value) && !reaching[value] && value != "-c" && value != "-e" && value != "--eval"
	}
	if strings.Contains(key, "command") {
		return plainShell(value)
	}
	for word := range strings.FieldsSeq(value) {
		if reaching[word] {
			return false
		}
	}
	return value != "folderOpen" && plainBytes(value, " ./:@%+=,~${}*!?-^#") && !leadsAstray(value)
}

// eachJSONText calls f for the strings of a JSON text or of a part of one that are no
// names of members, each with the name that stands last before it. An escape stays as
// it is written. A text without an end is one up to its line's end.
func eachJSONText(s string, f func(key, value string)) {
	key := ""
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "//") {
			end := strings.IndexByte(s[i:], '\n')
			if end < 0 {
				return
			}
			i += end
			continue
		}
		if s[i] != '"' {
			continue
		}
		start := i + 1
		for i = start; i < len(s) && s[i] != '"' && s[i] != '\n'; i++ {
			if s[i] == '\\' {
				i++
			}
		}
		text := s[start:min(i, len(s))]
		if rest := strings.TrimLeft(s[min(i+1, len(s)):], " \t\r\n"); rest != "" && rest[0] == ':' {
			key = text
		} else {
			f(key, text)
		}
	}
}
