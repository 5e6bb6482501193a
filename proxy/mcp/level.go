package mcp

import "strings"

// A level is an object in a message whose member names the protocol defines, and
// which therefore a receiver may read with folded names (CVE-2026-27896). Where
// people or tools name the members (arguments, structured content, schemas, the
// content of an elicitation), there is no level: {"Name": 1, "name": 2} is as
// good as any other JSON there.
type level struct {
	exact map[string]string // folded name -> the protocol's spelling
	// quick holds the same spellings where quickSlot puts them.
	quick [quickSlots][]string
	// inside holds the levels of members that are objects; "*" is any member of an
	// object whose names are chosen by the peers.
	inside map[string]*level
	// each holds the levels of the elements of members that are arrays.
	each map[string]*level
}

func newLevel(names string) *level {
	l := &level{exact: map[string]string{}, inside: map[string]*level{}, each: map[string]*level{}}
	for name := range strings.FieldsSeq(names) {
		l.exact[strings.ToLower(name)] = name
		slot := quickSlot([]byte(name))
		l.quick[slot] = append(l.quick[slot], name)
	}
	return l
}

const quickSlots = 32

func quickSlot(name []byte) int {
	if len(name) == 0 {
		return 0
	}
	return (len(name)*5 + int(name[0])) % quickSlots
}

// defines reports whether the protocol defines that very name.
func (l *level) defines(name []byte) bool {
	for _, own := range l.quick[quickSlot(name)] {
		if own == string(name) {
			return true
		}
	}
	return false
}

func (l *level) object(name string, inner *level) *level {
	l.inside[name] = inner
	return l
}

func (l *level) list(name string, inner *level) *level {
	l.each[name] = inner
	return l
}

// The levels from JSON-RPC 2.0 sections 4 and 5 and the MCP schemas.
var (
	topLevel   = newLevel("jsonrpc id method params result error")
	errorLevel = newLevel("code message data")

	infoLevel = newLevel("name title version description websiteUrl icons")
	metaLevel = newLevel("progressToken "+
		metaPrefix+"protocolVersion "+metaPrefix+"clientInfo "+metaPrefix+"serverInfo "+
		metaPrefix+"clientCapabilities "+metaPrefix+"logLevel "+metaPrefix+"subscriptionId "+
		metaPrefix+"related-task").
		object(metaPrefix+"clientInfo", infoLevel).
		object(metaPrefix+"serverInfo", infoLevel)

	resourceLevel = newLevel("uri name title description mimeType size text blob annotations icons _meta")
	contentLevel  = newLevel("type text data mimeType resource uri name title description size "+
		"annotations icons id input toolUseId content structuredContent isError _meta").
		object("resource", resourceLevel)
	turnLevel = newLevel("role content _meta").
			object("content", contentLevel).
			list("content", contentLevel)
	toolLevel = newLevel("name title description inputSchema outputSchema annotations execution icons _meta")

	askLevel    = newLevel("method params").object("params", paramsLevel(askNames))
	answerLevel = newLevel("action content roots role model stopReason resultType _meta")

	resultLevel = newLevel("resultType inputRequests requestState _meta "+
		"protocolVersion capabilities serverInfo instructions supportedVersions "+
		"nextCursor ttlMs cacheScope tools resources resourceTemplates prompts "+
		"content structuredContent isError contents description messages completion "+
		"roots action model role stopReason task taskId tasks status").
		object("_meta", metaLevel).
		object("serverInfo", infoLevel).
		object("inputRequests", newLevel("").object("*", askLevel)).
		list("content", contentLevel).
		list("contents", resourceLevel).
		list("resources", resourceLevel).
		list("messages", turnLevel).
		list("tools", toolLevel)
)

const metaPrefix = "io.modelcontextprotocol/"

// askNames are the params of what a server may ask inside a result.
const askNames = "messages modelPreferences systemPrompt includeContext temperature maxTokens " +
	"stopSequences metadata tools toolChoice mode message requestedSchema url elicitationId"

// paramsLevel is the level of a method's params: the names given and _meta.
func paramsLevel(names string) *level {
	l := newLevel(names+" _meta").object("_meta", metaLevel)
	for name := range strings.FieldsSeq(names) {
		switch name {
		case "clientInfo":
			l.object(name, infoLevel)
		case "ref":
			l.object(name, newLevel("type name uri title"))
		case "argument":
			l.object(name, newLevel("name value"))
		case "inputResponses":
			l.object(name, newLevel("").object("*", answerLevel))
		case "messages":
			l.list(name, turnLevel)
		case "tools":
			l.list(name, toolLevel)
		}
	}
	return l
}

// otherParams is the level of a method that the protocol doesn't define: its
// names are its own, but _meta is everybody's.
var otherParams = paramsLevel("")
