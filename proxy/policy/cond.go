package policy

import (
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// A cond is what a rule asks of a message: all of its parts must hold.
type cond struct {
	pos       string
	direction mcp.Dir // NoDir: both
	scopes    []scope
	values    []valueCond
	hints     []hintCond
	schema    []string
	states    []string // of the tool's definition
	lacks     []string // scopes, one of which the caller is without
	when      *when
	memory    []stateCond
	all, any  []*cond
	not       *cond
}

// A hintCond asks for an annotation of the tool.
type hintCond struct {
	index int // in hintWords
	want  bool
}

// scopeField is what a scope looks at.
type scopeField uint8

const (
	scopeMethod scopeField = iota
	scopeTool
	scopeServer
	scopeClient
	scopeEra
	scopeTransport
	scopeKind
	scopeCaller
)

var scopeWords = [...]string{"method", "tool", "server", "client", "era", "transport", "kind", "caller"}

type scope struct {
	pos   string
	field scopeField
	names names
	text  string
}

// root is where the paths of a value condition start.
type root uint8

const (
	rootArgs   root = iota // params.arguments
	rootParams             // params
	rootResult             // result
	rootError              // error
	rootText               // every string of the payload, no path
	rootWrites             // what a call writes, no path
)

var rootWords = [...]string{"args", "params", "result", "error", "text", "writes"}

// A valueCond asks something of the values that a path selects.
type valueCond struct {
	pos  string
	root root
	sel  selector
	m    matcher
	text string
}

// A matcher holds for one value if all of its operators do.
type matcher struct {
	exists    *bool
	equals    []string // JSON scalars in canonical form, see scalarText
	globs     []string
	regexes   []*detect.Pattern
	under     []rootPath
	notUnder  []rootPath
	min, max  *float64
	minLength int
	maxLength int // -1: no bound
	hosts     names
	cidrs     []cidr
	detectors []detectorCond
	canary    bool // holds one of Policy.canaries
}

// A rootPath is a folder that a policy names: with variables, resolved per session.
type rootPath struct {
	index int // in Policy.roots
	text  string
}

// A detectorCond asks for findings of a family.
type detectorCond struct {
	family   detect.Set
	least    detect.Score
	kinds    names
	describe string
}

func (d detectorCond) wants(f *detect.Finding) bool {
	return f.Family == d.family && f.Score >= d.least && (d.kinds.match(f.Kind) || f.Kind == detect.Flood)
}

// families returns the detectors that the condition can ask for.
func (c *cond) families() detect.Set {
	var s detect.Set
	for _, v := range c.values {
		for _, d := range v.m.detectors {
			s |= d.family
		}
	}
	for _, sub := range c.all {
		s |= sub.families()
	}
	for _, sub := range c.any {
		s |= sub.families()
	}
	if c.not != nil {
		s |= c.not.families()
	}
	return s
}

// mentions reports whether a condition on the root stands anywhere in c.
func (c *cond) mentions(rs ...root) bool {
	for _, v := range c.values {
		for _, r := range rs {
			if v.root == r {
				return true
			}
		}
	}
	for _, sub := range c.all {
		if sub.mentions(rs...) {
			return true
		}
	}
	for _, sub := range c.any {
		if sub.mentions(rs...) {
			return true
		}
	}
	return c.not != nil && c.not.mentions(rs...)
}
