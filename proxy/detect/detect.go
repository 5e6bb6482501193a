// Package detect finds dangerous things in text: secrets, commands, sensitive
// paths, egress to places a call has no business with, prompt injections, hidden
// text and personal data. It only finds; what to do is the policy's.
//
// Each detector is a value in its own file with its Doc and the examples that it
// must and must not match. All are pure: same text, same findings; no I/O, clock,
// randomness or goroutine. Time is linear in the text.
//
// A detector sees each text through views (DESIGN: raw, Unicode-normalised,
// percent/HTML/JSON-escape decoded, base64/hex decoded, shell- and URL-parsed),
// but a Finding always says where in the original text the thing stands.
package detect

// Set is a set of detector families.
type Set uint16

// The families, each named in policies by the word that Names gives.
const (
	Secrets   Set = 1 << iota // keys, tokens, passwords, connection strings
	Commands                  // dangerous shell, PowerShell and cmd commands
	Paths                     // credential stores, keys, histories, device files, traversal
	Egress                    // private, loopback and metadata addresses, exfiltration sinks
	Injection                 // instructions to a model where data should be
	Hidden                    // invisible, bidirectional, tag and control characters
	PII                       // personal data: card numbers, IBANs, national ids, e-mail
	Entropy                   // strings too random to be words
	Writes                    // files that give others a way in, by path and content; see FindWrites

	All = Secrets | Commands | Paths | Egress | Injection | Hidden | PII | Entropy | Writes
)

// Names are the words of the families, in the order of their bits.
var Names = [...]string{"secrets", "commands", "paths", "egress", "injection", "hidden", "pii", "entropy", "writes"}

// String returns the words of the families in s, joined by a comma.
func (s Set) String() string {
	out := ""
	for i, n := range Names {
		if s&(1<<i) != 0 {
			if out != "" {
				out += ","
			}
			out += n
		}
	}
	return out
}

// ParseSet returns the family that a word names.
func ParseSet(word string) (Set, bool) {
	for i, n := range Names {
		if n == word {
			return 1 << i, true
		}
	}
	return 0, false
}

// Place says what a text is, as far as that moves a detector.
type Place uint8

// The places a text can stand in.
const (
	AnyPlace    Place = iota
	Argument          // a value in the arguments of a call
	Answer            // in a result, an error or a resource
	Description       // in a tool's, prompt's or resource's definition
)

// A Text is one string of a message with what is known about it.
type Text struct {
	Value string
	// Name is the name of the member that holds it ("" if none), for context
	// words such as "password" and for arguments such as "command" and "url".
	Name  string
	Place Place
	// Tool is the tool called, "" if none.
	Tool string
}

// A Finding says that a thing of some kind stands at [Start,End) of Text.Value.
// Where the thing was found in a decoded view the range covers the whole encoded
// form in the original text. It never holds the thing itself.
type Finding struct {
	Family     Set
	Kind       string // such as "github-token", "pipe-to-shell"; stable, lower case, dashed
	Start, End int
	View       string // "raw", "unicode", "percent", "base64", "shell", …; joined by ">" where views nest
	// Score is how sure the detector is: Low, Medium or High.
	Score Score
}

// Score grades a finding.
type Score uint8

// The grades. A sensitivity of "low" reports High only, "medium" Medium and up,
// "high" everything.
const (
	NoScore Score = iota
	Low
	Medium
	High
)
