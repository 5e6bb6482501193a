package policy

// A Policy is a loaded policy: immutable, safe to share among sessions.
type Policy struct {
	// Name is the name or file it was loaded by, without its folder.
	Name string
	// Source is the bytes it was loaded from, and Digest their SHA-256 in hex over
	// all sources (those of extends included).
	Source []byte
	Digest string
	// Sources are the policy's own source and those it extends, in order.
	Sources []Source
	// Rules in the order of evaluation.
	Rules []*Rule
	// Default is what happens if no rule ends the walk.
	Default Action
}

// A Source is one file of a policy.
type Source struct {
	Name string `json:"name"`
	Text []byte `json:"text"`
}

// A Rule is one compiled rule.
type Rule struct {
	ID       string
	Pos      string // file:line:col
	Line     int
	Action   Action
	Message  string
	Severity string
	Tags     []string
}

// Load parses and compiles a policy. open returns the source that `extends` names
// (embedded names are resolved by Load itself, before open is asked; nil allows
// embedded names only). All problems come at once as Problems.
func Load(name string, source []byte, open func(name string) ([]byte, error)) (*Policy, error) {
	panic("stub")
}

// LoadSources loads a policy from the sources kept with a recording: the first is
// the policy, the others are what it extends.
func LoadSources(sources []Source) (*Policy, error) { panic("stub") }

// Embedded returns the source of a policy that is built in, by name.
func Embedded(name string) ([]byte, bool) { panic("stub") }

// EmbeddedNames lists the built-in policies, sorted.
func EmbeddedNames() []string { panic("stub") }

// Problems are everything wrong with a policy.
type Problems []Problem

// A Problem is one thing wrong, with the fix in its text.
type Problem struct {
	File      string `json:"file"`
	Line, Col int
	Text      string `json:"text"`
}
