package replay

import "github.com/rulewind/rulewind/proxy/policy"

// Version names the JSON form of a Result.
const Version = "rulewind.replay/1"

// A Result is everything a run found, as plain data. Strings in it that came from
// traffic are as they came: escape them for their sink.
type Result struct {
	Version string `json:"version"`
	// Engine is the version of the program that judged, as Config says.
	Engine string `json:"engine,omitempty"`
	Corpus Corpus `json:"corpus"`
	// Control is the A/A: recorded events against today's engine.
	Control Control `json:"control"`
	// Baseline is what candidates are compared with. Recorded is set if each case's
	// own policy is; Policy is then empty.
	Baseline Baseline `json:"baseline"`
	// Comparisons has one entry for each candidate, in the order given.
	Comparisons []Comparison `json:"comparisons"`
	// Gate is the whole run's: the worst of the control's and the candidates'.
	Gate Gate `json:"gate"`
	// Interrupted is set if the run was cancelled: the result covers the cases
	// before that, and is no pass.
	Interrupted bool `json:"interrupted,omitempty"`
	// Limits say in words what this result does not show (law L10).
	Limits []string `json:"limits"`
}

// A PolicyRef names a policy by file name and digest.
type PolicyRef struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Rules  int    `json:"rules"`
	// Files are the policy's sources, its own first; empty if nobody has said.
	Files []PolicyFile `json:"files,omitempty"`
}

// A PolicyFile says where a source of a policy is to be found, for formats that
// point into files.
type PolicyFile struct {
	Name string `json:"name"` // as in positions
	// Path is how the file was named, "" for a policy that is built in.
	Path string `json:"path,omitempty"`
	// Default and Extends are the lines of these keys, 0 for none.
	Default int `json:"default,omitempty"`
	Extends int `json:"extends,omitempty"`
}

// A Baseline says what candidates are compared with.
type Baseline struct {
	Recorded bool      `json:"recorded"`
	Policy   PolicyRef `json:"policy"`
}

// Corpus counts what was read.
type Corpus struct {
	Cases int `json:"cases"`
	// Steps are the frames that count; Synthetic those that importers added.
	Steps     int `json:"steps"`
	Synthetic int `json:"synthetic"`
	Requests  int `json:"requests"`
	Answers   int `json:"answers"`
	// Imported counts the cases derived from another format.
	Imported int           `json:"imported"`
	Fidelity FidelityCount `json:"fidelity"`
	Sources  []SourceCount `json:"sources"`
	Servers  []NameCount   `json:"servers"`
	Tools    []NameCount   `json:"tools"`
}

// FidelityCount counts steps by how the stored bytes stand for the original.
type FidelityCount struct {
	Exact  int `json:"exact"`
	Escrow int `json:"escrow"`
	Pinned int `json:"pinned"`
	Lossy  int `json:"lossy"`
}

// A SourceCount counts what came from one file or database.
type SourceCount struct {
	Source string `json:"source"`
	Cases  int    `json:"cases"`
	Steps  int    `json:"steps"`
}

// A NameCount counts the requests of one server or tool. Beyond MaxNames distinct
// names the rest is counted under "…".
type NameCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// MaxNames bounds the lists of NameCount.
const MaxNames = 1000

// Control is the A/A run.
type Control struct {
	// Compared counts the steps with a recorded event that could be compared, and
	// Equal those that came out the same.
	Compared int `json:"compared"`
	Equal    int `json:"equal"`
	// Unrecorded counts the steps without a recorded event, and NotEvaluable those
	// whose stored bytes don't give it and don't claim to (fidelity lossy or escrow).
	Unrecorded   int `json:"unrecorded"`
	NotEvaluable int `json:"not_evaluable"`
	// Sessions counts the sessions that drifted, and Drift describes the first
	// differing entry of each of the first MaxDrift of them.
	Sessions int          `json:"sessions"`
	Drift    []DriftEntry `json:"drift"`
}

// MaxDrift bounds Control.Drift.
const MaxDrift = 100

// A DriftEntry is the first entry of a session that today's engine judges
// otherwise than the recording says.
type DriftEntry struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
	Seq    int    `json:"seq"`
	// Differs are the parts of the event that differ: action, rule, code, matched,
	// findings, redactions, digest; or policy, if that doesn't load any more.
	Differs  []string       `json:"differs"`
	Problem  string         `json:"problem,omitempty"` // why it doesn't load
	Recorded policy.Verdict `json:"recorded"`
	Now      policy.Verdict `json:"now"`
}

// A Comparison is one candidate against the baseline.
type Comparison struct {
	// ID is a hash over the policies, the groups and their counts: what an Acceptance
	// is bound to.
	ID        string    `json:"id"`
	Candidate PolicyRef `json:"candidate"`
	// Mode is the history that the candidate judged by.
	Mode Mode `json:"mode"`
	// Compared counts the steps judged under both, Unchanged those with equal
	// verdicts, Changed the others.
	Compared  int `json:"compared"`
	Unchanged int `json:"unchanged"`
	Changed   int `json:"changed"`
	// Moot counts the steps skipped because the call that they follow from was
	// stopped under one policy only.
	Moot int `json:"moot"`
	// Unclaimed counts the steps at and after the first drift of their session.
	Unclaimed int `json:"unclaimed"`
	// Conditional counts the changes that stand after the first one of their session.
	Conditional int `json:"conditional"`
	// Matched counts the candidate's rules that matched at least once.
	Matched int `json:"matched"`
	// Diverged counts the sessions in which something else would have left, and First
	// is where it first does in each of the first MaxDivergences of them.
	Diverged int          `json:"diverged"`
	First    []Divergence `json:"first,omitempty"`
	// Expectations are what the cases assert; one that fails fails the run.
	Expectations Expectations `json:"expectations"`
	// Classes has every class, in order, with its changes.
	Classes []ClassCount `json:"classes"`
	// Groups are ordered by class, then by falling count, then by ID.
	Groups []Group `json:"groups"`
	Gate   Gate    `json:"gate"`
}

// MaxDivergences bounds Comparison.First.
const MaxDivergences = 100

// A Divergence is the first step of a session where what leaves differs.
type Divergence struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
	Seq    int    `json:"seq"`
	Class  Class  `json:"class"`
}

// Count returns the number of changes of a class.
func (c *Comparison) Count(class Class) int {
	for _, n := range c.Classes {
		if n.Class == class {
			return n.Count
		}
	}
	return 0
}

// A ClassCount counts the changes of one class.
type ClassCount struct {
	Class     Class     `json:"class"`
	Direction Direction `json:"direction"`
	Count     int       `json:"count"`
	Groups    int       `json:"groups"`
}

// A Group is all changes of one class with the same verdicts, rules, server, tool
// and argument shape.
type Group struct {
	// ID is a hash over what the group has in common: the same in every run.
	ID        string    `json:"id"`
	Class     Class     `json:"class"`
	Direction Direction `json:"direction"`
	From      Side      `json:"from"`
	To        Side      `json:"to"`
	Dir       string    `json:"dir"`  // to-server or to-client
	Kind      string    `json:"kind"` // as policy.Subject.Kind
	Server    string    `json:"server"`
	Method    string    `json:"method"`
	Tool      string    `json:"tool"`
	// Shape is the sorted member paths of the arguments or the result with their
	// JSON types, such as "path:string"; never a value.
	Shape string `json:"shape"`
	Count int    `json:"count"`
	// Conditional counts those after the first change of their session.
	Conditional int `json:"conditional"`
	Sessions    int `json:"sessions"`
	// Bytes counts those that only one side replaced.
	Bytes int `json:"bytes,omitempty"`
	// Labels count the changes by the corpus' labels.
	Labels LabelCount `json:"labels"`
	// Accepted is set if an Acceptance covers the group, with its reason.
	Accepted bool    `json:"accepted,omitempty"`
	Reason   string  `json:"reason,omitempty"`
	Example  Example `json:"example"`
}

// A Side is what one policy says in all changes of a group.
type Side struct {
	Action policy.Action `json:"action"`
	Rule   string        `json:"rule"`
	Pos    string        `json:"pos,omitempty"`
	Code   string        `json:"code,omitempty"`
}

// LabelCount counts steps by label.
type LabelCount struct {
	Attack int `json:"attack,omitempty"`
	Benign int `json:"benign,omitempty"`
}

// An Example is the shortest message of a group, the first of equals.
type Example struct {
	Source string `json:"source"`
	Case   string `json:"case"`
	Step   string `json:"step"`
	Seq    int    `json:"seq"`
	// Message is the message with its secrets masked, at most MaxMessage bytes of it
	// from Offset on; Cut is set if that isn't all, and Size is its whole length.
	Message string `json:"message"`
	Offset  int    `json:"offset,omitempty"`
	Cut     bool   `json:"cut,omitempty"`
	Size    int    `json:"size"`
	// Conditional is set if an earlier change of the session may have caused this.
	Conditional bool    `json:"conditional,omitempty"`
	From        Outcome `json:"from"`
	To          Outcome `json:"to"`
}

// MaxMessage bounds Example.Message and Outcome.Out, in bytes.
const MaxMessage = 2048

// An Outcome is one policy's verdict on an example, with its reasons.
type Outcome struct {
	Verdict policy.Verdict `json:"verdict"`
	// Out is what leaves in place of the message, masked and cut like it; "" if the
	// message passes as it came.
	Out   string             `json:"out,omitempty"`
	Trace []policy.RuleTrace `json:"trace,omitempty"`
}
