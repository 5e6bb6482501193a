package detect

import "strings"

// opens are the words by which programs read or copy a file.
var opensFiles = []string{"open", "read", "copy", "load", "cat", "connect", "slurp", "glob", "path(", "stream", "file(", "archive", "zip", "tar", "upload", "send"}

// places judges the places that a program's literals name.
func (j *judge) places(text, low string, start, end int) {
	if len(text) > 16<<10 || !holdsOne(low, opensFiles) {
		return
	}
	for i, n := 0, 0; i < len(text) && n < 64; i++ {
		q := text[i]
		if q != '\'' && q != '"' && q != '`' {
			continue
		}
		k := strings.IndexByte(text[i+1:], q)
		if k < 0 {
			return
		}
		lit := text[i+1 : i+1+k]
		i += k + 1
		n++
		if len(lit) < 5 || len(lit) > 256 || strings.IndexByte(lit, ' ') >= 0 && !strings.Contains(lit, "/") {
			continue
		}
		kind, score := sensitiveText(lit)
		switch kind {
		case "", "device-file", "env-file", "shell-history", "ai-client-config", "docker-config", "package-credentials", "iac-state", "crypto-wallet":
		default:
			if score == High {
				j.addAt("credential-read", start, end, Medium)
			}
		}
	}
}
