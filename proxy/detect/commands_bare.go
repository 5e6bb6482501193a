package detect

import "strings"

// bareCommand reports whether a value is a command line although nothing calls it one:
// a single line that begins with a tool of administrators, has an option, and isn't
// wordy.
func bareCommand(s string) bool {
	if len(s) < 8 || len(s) > 512 || strings.IndexByte(s, '\n') >= 0 || !strings.Contains(s, " -") {
		return false
	}
	prog, rest, _ := strings.Cut(strings.TrimPrefix(s, "sudo "), " ")
	if len(cliForms[prog]) == 0 {
		return false
	}
	for w := range strings.FieldsSeq(rest) {
		if proseWords[w] {
			return false
		}
	}
	return true
}

// proseWords are words that sentences about commands have and commands don't.
var proseWords = set("the", "a", "an", "is", "was", "and", "or", "to", "of", "for", "with", "in", "we", "i", "you", "it", "this", "that", "fails", "failed", "works", "when", "how", "does", "should", "not", "see", "my", "our")
