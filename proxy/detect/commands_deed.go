package detect

import "strings"

// A deed is what is done to what, how far it goes: the meaning that a command line
// of an administrator's tool, a tool's name with its arguments, and a call of an
// interface share, whatever the provider. "aws rds delete-db-cluster", the tool
// deleteCluster and {"operation": "cluster.delete"} are one deed.
type deed struct {
	verb verb
	noun noun
	what string // the noun's word
	// emptied says that the thing stays and all that it holds goes.
	emptied bool
	all     bool // everything of its kind, not one
	// forced says that nothing asks again, or nothing is kept to go back to.
	forced bool
	live   bool // what others work with: production
	// scratch says that what is meant is named as made to be thrown away.
	scratch bool
	named   bool // something is named at all
	bare    bool // the verb is said with nothing behind it but "all"
}

type verb uint8

const (
	noVerb    verb = iota
	destroys       // what is gone is gone
	resets         // back to how it was delivered
	halts          // not gone, but not there
	loosens        // switches off, opens
	transfers      // to another owner
	makes          // creates, adds, hands out
	changes        // updates, sets
)

type noun uint8

const (
	// A common noun's loss is ordinary work, if it isn't all of them: a message, a file.
	noNoun noun = iota
	common
	// A serving noun is missed by others if it is production's: a deployment, an index.
	serving
	// A holding noun holds others or what can't be made again: a cluster, a database.
	holding
	// A guard watches, or is what is gone back to: an audit trail, a backup.
	guard
)

// grade says how much a careful person would want to be asked (Medium) or to refuse
// (High) a deed.
func (d *deed) grade() Score {
	switch d.verb {
	case destroys:
		return d.loss()
	case transfers:
		if owned[d.what] && d.named && !d.scratch {
			return Medium
		}
	case resets:
		if d.noun >= holding {
			return d.loss()
		}
	case halts:
		switch {
		case d.noun == guard && d.named, d.noun >= serving && (d.all || d.live && d.forced), d.all && missedAtOnce[d.what]:
			return Medium
		}
	case loosens:
		switch {
		case d.noun == guard && (d.all || d.live):
			return High
		case d.noun == guard && !d.scratch, d.all && (lockNouns[d.what] || missedAtOnce[d.what]), d.what == "domain":
			return Medium
		}
	}
	return NoScore
}

func (d *deed) loss() Score {
	switch {
	case d.noun == noNoun && d.bare && d.all && d.named:
		return Medium
	case d.noun == noNoun:
		return NoScore
	case d.all && (d.noun >= serving || d.forced):
		return High
	case d.noun == common:
		if d.all {
			return Medium
		}
		return NoScore
	case !d.named || d.scratch && !d.live:
		return NoScore
	case d.noun == serving && !d.live && !d.emptied:
		return NoScore
	case d.live && (d.forced || d.noun == guard):
		return High
	}
	return Medium
}

// do reads a verb and a noun out of the words of a name: "delete hosted zone",
// "projects remove", "remove member from team". The first verb that harms counts.
func (d *deed) do(words []string) {
	for i, w := range words {
		v := verbs[w]
		if w == "power" && i+1 < len(words) && words[i+1] == "off" {
			v, words[i+1] = halts, "the"
		}
		if v == noVerb || v >= makes && d.verb != noVerb {
			continue
		}
		if w == "turn" || w == "switch" {
			if i+1 == len(words) || words[i+1] != "off" {
				continue
			}
			words[i+1] = "the"
		}
		if (w == "reset" && i > 0 && words[i-1] == "factory") || w == "factoryreset" {
			d.verb, d.noun, d.what, d.named = destroys, holding, "device", true
			return
		}
		n, what := d.object(words[i+1:])
		if n == noNoun && i > 0 || strings.HasSuffix(w, "ion") {
			n, what = d.object(words[max(0, i-2):i])
		}
		if w == "format" && !formatted[what] {
			continue
		}
		d.verb, d.emptied, d.bare = v, wholesale[w], d.bare && thorough[w]
		if n != noNoun {
			d.noun, d.what = n, what
		}
		if v < makes {
			break
		}
	}
}

// object is the noun that a phrase is about: its last word or two before a
// preposition.
func (d *deed) object(words []string) (noun, string) {
	end := len(words)
	for i, w := range words {
		if prepositions[w] {
			end = i
			break
		}
	}
	for i := range words[:end] {
		switch words[i] {
		case "all", "every", "everything", "entire", "whole":
			d.all = true
		}
	}
	for end > 0 && fillers[words[end-1]] {
		end--
	}
	if end == 0 {
		d.bare = d.bare || d.all
		return noNoun, ""
	}
	last := singular(words[end-1])
	if end > 1 {
		if n := nouns[words[end-2]+last]; n != noNoun {
			return n, words[end-2] + last
		}
	}
	return nouns[last], last
}

func nounOf(word string) noun { return nouns[singular(word)] }

// singular drops the plural's ending of an English word.
func singular(w string) string {
	switch {
	case len(w) < 4, strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "sses"):
		return w[:len(w)-2]
	case w[len(w)-1] == 's':
		return w[:len(w)-1]
	}
	return w
}

// nameWords splits an identifier into its words in lower case: at what is no letter,
// and where a small letter meets a large one. Digits are dropped.
func nameWords(dst []string, s string) []string {
	start := -1
	for i := 0; i <= len(s) && len(dst) < 24; i++ {
		letter := i < len(s) && isWordByte(s[i])
		if start >= 0 && (!letter || isUpper(s[i]) && (!isUpper(s[i-1]) || i+1 < len(s) && isWordByte(s[i+1]) && !isUpper(s[i+1]))) {
			dst = appendWord(dst, strings.ToLower(s[start:i]))
			start = -1
		}
		if letter && start < 0 {
			start = i
		}
	}
	return dst
}

// appendWord appends a word, in two if it is a verb glued to a noun: "deletebucket".
func appendWord(dst []string, w string) []string {
	if verbs[w] == noVerb && len(w) > 7 {
		for _, v := range [...]string{"delete", "destroy", "remove", "purge", "drop", "terminate", "disable"} {
			if rest, ok := strings.CutPrefix(w, v); ok && nounOf(rest) != noNoun {
				return append(dst, v, rest)
			}
			if rest, ok := strings.CutSuffix(w, v); ok && nounOf(rest) != noNoun {
				return append(dst, rest, v)
			}
		}
	}
	return append(dst, w)
}

// target learns from a name that the deed is given what it is about.
func (d *deed) target(value string) {
	if value == "" || len(value) > 256 {
		return
	}
	d.named = true
	if isEverything(value) {
		d.all = true
		return
	}
	if hasPrefixFold(value, "dc=") {
		d.noun, d.what = max(d.noun, holding), "domain" // of a directory, all of it
	}
	var buf [24]string
	for _, w := range nameWords(buf[:0], value) {
		switch {
		case liveWords[w]:
			d.live = true
		case scratchWords[w] && (strings.IndexByte(value, '.') < 0 || !hostWords[w]):
			d.scratch = true
		}
	}
}

// isEverything reports whether a name stands for all that there is.
func isEverything(s string) bool {
	switch strings.ToLower(strings.Trim(s, `"'/ `)) {
	case "*", "**", "all", "_all", ".*", "^.*$", "%", "any", "everything", "*:*", "*.*", "(.*)", "all()", "--all", "**/*":
		return true
	}
	return false
}
