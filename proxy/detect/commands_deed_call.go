package detect

import "strings"

// A Member is a value in the arguments of a call that holds no other value.
type Member struct {
	// Path are the names that lead to it, joined by dots; items of an array stand
	// under the array's name.
	Path string
	// Value is the text of a string, the spelling of a number, a boolean or null, and
	// "{}" or "[]" for what is empty.
	Value string
	// Text says that it is a string.
	Text bool
}

// maxMembers bounds the members of a call that are looked at.
const maxMembers = 96

// FindCall returns what a call does as a whole, which no string of it says alone: a
// tool that deletes given all, an interface's operation beside what it is about, a
// guard set to off. The range of a finding is empty, since it stands in no text.
func FindCall(dst []Finding, tool string, members []Member) []Finding {
	var c callDeed
	c.read(tool, members[:min(len(members), maxMembers)])
	c.tell(func(kind string, score Score) {
		dst = append(dst, Finding{Family: Commands, Kind: kind, View: "raw", Score: score})
	})
	return dst
}

// The kinds of what FindCall finds.
const (
	destroyingCall = "destroying-call"
	disarmingCall  = "disarming-call"
	exposingCall   = "exposing-call"
	pollutingCall  = "polluting-call"
)

// A callDeed is a deed read out of a tool's call.
type callDeed struct {
	deed
	tool    []string // the words of the tool's name
	said    []string // those, and of the operation that the arguments name
	members []callMember
	rest    bool // an address says what is meant
	// narrowed and empty say that a member says which ones, or lets all through.
	narrowed, empty bool
}

type callMember struct {
	Member
	leaf string // the last name, folded
	low  string // the value in lower case
	path string // the path in lower case
	role memberRole
}

// memberRole is what a member of a call's arguments is for.
type memberRole uint8

const (
	identifies memberRole = iota // says which one
	operates                     // names what is done
	classifies                   // names the kind of thing
	conditions                   // says which ones, by what they are like
	speaks                       // is for people, or for the protocol
	addresses                    // a path or a URL of an interface
)

var memberRoles = func() map[string]memberRole {
	roles := map[string]memberRole{}
	for _, c := range []wordClass[memberRole]{
		{operates, "operation action method op verb api apicall apiname apimethod call service subcommand function mutation actiontype requesttype task command cmd httpmethod requestmethod operationid operationname"},
		{classifies, "kind resource resourcetype objecttype entitytype type targettype object itemtype assettype resourcekind"},
		{conditions, "filter query where selector condition conditions criteria match filters labelselector fieldselector deletequery predicate"},
		{speaks, "reason comment message description confirm confirmation confirmed explanation justification note notes requestid idempotencykey dryrun token sessionid rawmode verbose timeout format output content body text data progress purpose title summary region profile account accountid username workdir cwd"},
		{addresses, "path url uri endpoint route href requestpath apipath"},
	} {
		for w := range strings.FieldsSeq(c.words) {
			roles[w] = c.class
		}
	}
	return roles
}()

func (c *callDeed) read(tool string, members []Member) {
	c.tool = nameWords(make([]string, 0, 24), tool)
	c.said = c.tool
	c.members = make([]callMember, 0, len(members))
	for _, m := range members {
		leaf := m.Path
		if i := strings.LastIndexByte(leaf, '.'); i >= 0 {
			leaf = leaf[i+1:]
		}
		cm := callMember{Member: m, leaf: foldName(leaf)}
		if name, val, ok := strings.Cut(m.Value, "="); ok && m.Text && strings.HasPrefix(name, "--") && !strings.Contains(name, " ") {
			cm.leaf, cm.Value = foldName(name), val
		}
		cm.low, cm.path = strings.ToLower(cm.Value), strings.ToLower(m.Path)
		cm.role = memberRoles[cm.leaf]
		if cm.leaf == "domain" && nounOf(m.Value) != noNoun {
			cm.role = operates // of a home: {"domain": "lock", "service": "unlock"}
		}
		c.members = append(c.members, cm)
	}
	c.do(c.tool)
	c.operations()
	c.classes()
	if !c.acts() {
		return
	}
	for _, w := range c.tool {
		if n := toolNouns[w]; n != "" && c.noun == noNoun && c.verb != noVerb {
			c.noun, c.what = nouns[n], n
			c.named = c.named || n == "stack"
		}
	}
	if c.what == "group" && c.says(gitlabs) {
		c.noun = holding // of projects
	}
	c.targets()
	if (c.verb == destroys || c.verb == loosens || c.verb == halts) && (c.noun == noNoun || guardedBy[c.what]) && (c.says(securityVendors) || c.namesGuard()) {
		c.noun, c.named = guard, true
	}
	if c.what == "table" && c.inDocument() {
		c.noun = common
	}
}

// inDocument reports whether the members tell of a text, a sheet or slides rather
// than of a database.
func (c *callDeed) inDocument() bool {
	for i := range c.members {
		switch m := &c.members[i]; {
		case strings.HasPrefix(m.leaf, "document"), strings.HasPrefix(m.leaf, "slide"), strings.HasPrefix(m.leaf, "sheet"), strings.HasPrefix(m.leaf, "spreadsheet"), strings.HasPrefix(m.leaf, "presentation"), m.leaf == "tableindex", m.leaf == "pageid", m.leaf == "docid":
			return true
		}
	}
	return false
}

// classes reads the kind of thing that is meant, if the names of the tool and the
// operation don't say it.
func (c *callDeed) classes() {
	for i := range c.members {
		m := &c.members[i]
		if m.role != classifies || !m.Text || !isName(m.Value) {
			continue
		}
		if n, what := c.object(nameWords(nil, m.Value)); n > c.noun || c.noun == noNoun || c.what == "resource" {
			c.noun, c.what = n, what
			if n == common && what == "node" {
				c.noun = holding
			}
		}
	}
}

// targets reads what the deed is about and how far it goes.
func (c *callDeed) targets() {
	for i := range c.members {
		m := &c.members[i]
		op, known := filterOperator(m)
		switch {
		case known:
			c.empty, c.narrowed = c.empty || op, c.narrowed || !op
		case m.Value == "true":
			c.flag(m.leaf)
			if m.leaf == "volumes" && c.verb == destroys {
				c.noun, c.what, c.all, c.named = holding, "volume", true, true
			}
		case m.Text && m.Value == "" && (m.leaf == "key" || m.leaf == "prefix"):
			c.empty = true
		case m.role == conditions:
			if isEmptyCondition(m.Value) {
				c.empty = true
			} else {
				c.narrowed = true
			}
		case strings.HasSuffix(m.Path, "match_all") && m.Value == "{}":
			c.empty = true
		case m.role == identifies || m.role == addresses && !c.rest || m.role == classifies && m.Text && !isName(m.Value):
			if m.Text || m.Value[0] >= '0' && m.Value[0] <= '9' {
				c.target(m.Value)
			}
		}
	}
	if c.empty && !c.narrowed && c.verb == destroys {
		c.all, c.named = true, true
		if c.noun == noNoun {
			c.noun, c.what = common, "row"
		}
	}
}

// flag learns from a member that is true.
func (c *callDeed) flag(leaf string) {
	switch leaf {
	case "all", "deleteall", "removeall", "everything", "purgeall", "dropall", "allnamespaces", "wipeall", "clearall", "destroyall":
		c.all = true
	case "force", "forced", "recursive", "recurse", "purge", "cascade", "permanent", "permanently", "skipfinalsnapshot", "harddelete", "skiptrash", "bypassgovernanceretention", "deleteautomatedbackups", "deletecontents", "dropcontents", "deletenotfoundok", "forcedelete", "forcedestroy", "forcedeletewithoutrecovery", "nobackup", "skipbackup", "skipsnapshot", "yes", "autoapprove", "skipconfirmation", "noconfirm", "deletebackups", "irreversible", "purgedata", "wipedata", "deletevolumes", "removevolumes", "deletedata", "destroydata", "immediate", "forcepurge", "deletedisks", "skiprecyclebin":
		c.forced = true
	}
}

// isName reports whether a value is an identifier of an interface, or a few joined.
func isName(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case isWordByte(b), '0' <= b && b <= '9', b == '_', b == '-', b == '.', b == ':':
		default:
			return false
		}
	}
	return true
}

// filterOperator reports whether a member is an operator of a document database's
// filter, and whether it lets every document through.
func filterOperator(m *callMember) (all, known bool) {
	i := strings.LastIndex(m.Path, ".$")
	if i < 0 {
		return false, false
	}
	field, op := m.Path[:i], m.Path[i+1:]
	field = field[strings.LastIndexByte(field, '.')+1:]
	everybody := field == "_id" || field == "id" // has one
	switch op {
	case "$expr":
		return m.Value == "true", true
	case "$where":
		return m.Value == "true" || m.Value == "1" || strings.Contains(m.Value, "return true"), true
	case "$exists":
		return everybody && m.Value == "true", true
	case "$ne", "$gt", "$gte":
		return everybody && (m.Value == "null" || m.Value == "" || m.Value == "0" || m.Value == "-1"), true
	case "$nin":
		return m.Value == "[]", true
	case "$regex":
		return m.Value == "" || m.Value == ".*" || m.Value == "^" || m.Value == ".", true
	case "$eq", "$in", "$lt", "$lte":
		return false, true
	}
	return false, false
}

func isEmptyCondition(s string) bool {
	switch strings.ReplaceAll(s, " ", "") {
	case "{}", "[]", "", "*", "1=1", "true", "*:*", "null", "TRUE", "'1'='1'", "in:anywhere", "in:all", "is:any", "all", `{"match_all":{}}`, `{"query":{"match_all":{}}}`:
		return true
	}
	return false
}

// tell reports what the call is.
func (c *callDeed) tell(report func(kind string, score Score)) {
	if s := c.grade(); s > NoScore {
		kind := destroyingCall
		if c.verb == loosens || c.noun == guard && !c.all {
			kind = disarmingCall
		}
		report(kind, s)
	} else if c.verb == makes && c.all && lockNouns[c.what] && c.says(openers) || c.verb == halts && c.noun != common && (c.forced || c.all) && c.says(databases) || c.says(engines) && c.says(changers) && c.all {
		report(disarmingCall, Medium)
	} else if c.keepsakes() {
		report(disarmingCall, Medium)
	}
	if c.acts() && !c.looks() {
		c.opens(report)
		c.handsOut(report)
	}
	c.reveals(report)
	c.entitles(report)
	if !c.looks() {
		c.forms(report)
	}
	for i := range c.members {
		if p := c.members[i].Path; strings.Contains(p, "__proto__") || strings.Contains(p, "constructor.prototype") {
			report(pollutingCall, High)
			return
		}
	}
}

// acts reports whether a word of the names says that anything is changed or given:
// most calls only look.
func (c *callDeed) acts() bool {
	if c.verb != noVerb {
		return true
	}
	for _, w := range c.said {
		if verbs[w] != noVerb || changers[w] || makers[w] || sharers[w] || forwards[w] || writes[w] || movers[w] || relays[w] {
			return true
		}
	}
	return false
}

// keepsakes reports whether objects are deleted by a prefix of a place that is
// named as one of logs or backups.
func (c *callDeed) keepsakes() bool {
	if c.verb != destroys || !c.forced && !c.all || c.what != "object" && c.what != "blob" && c.what != "key" && c.what != "prefix" {
		return false
	}
	for i := range c.members {
		if m := &c.members[i]; m.Text && m.role == identifies && len(m.Value) < 256 && holdsOne(m.low, []string{"cloudtrail", "audit", "backup", "snapshot", "-logs", "awslogs", "flowlog", "archive", "tfstate"}) {
			return true
		}
	}
	return false
}
