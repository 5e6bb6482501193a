package mcp

// An Era is a set of protocol eras. A method may belong to both.
type Era uint8

const (
	// EraSession is 2024-11-05 to 2025-11-25: initialize, then a session.
	EraSession Era = 1 << iota
	// EraStateless is 2026-07-28: no handshake, the protocol version in each
	// request's _meta, and what the server asks of the client inside results
	// with resultType "input_required".
	EraStateless
)

const eraBoth = EraSession | EraStateless

// A Method is one method that the protocol defines.
type Method struct {
	Name         string
	Notification bool
	// From is the direction of those who send it, NoDir if both may. In
	// EraStateless a server's requests come inside results.
	From Dir
	Eras Era

	params *level // the names of its params
}

// The methods that carry what a model reads or a tool does.
const (
	MethodInitialize    = "initialize"
	MethodDiscover      = "server/discover"
	MethodToolsList     = "tools/list"
	MethodToolsCall     = "tools/call"
	MethodResourcesRead = "resources/read"
	MethodPromptsGet    = "prompts/get"
	MethodComplete      = "completion/complete"
	MethodSample        = "sampling/createMessage"
	MethodElicit        = "elicitation/create"
	MethodCancelled     = "notifications/cancelled"
)

// LookupMethod returns the protocol's method of that exact name.
func LookupMethod(name string) (Method, bool) {
	m, ok := methods[name]
	return m, ok
}

// methods are those of the schemas of MCP 2024-11-05, 2025-03-26, 2025-06-18,
// 2025-11-25 (schema.ts, ClientRequest to ServerNotification) and 2026-07-28, and
// of the tasks extension, with the names that params may have besides _meta.
var methods = methodTable(
	call(MethodInitialize, ToServer, EraSession, "protocolVersion capabilities clientInfo"),
	call("ping", NoDir, EraSession, ""),
	call(MethodDiscover, ToServer, EraStateless, ""),
	call(MethodToolsList, ToServer, eraBoth, "cursor"),
	call(MethodToolsCall, ToServer, eraBoth, "name arguments task inputResponses requestState"),
	call("resources/list", ToServer, eraBoth, "cursor"),
	call("resources/templates/list", ToServer, eraBoth, "cursor"),
	call(MethodResourcesRead, ToServer, eraBoth, "uri inputResponses requestState"),
	call("resources/subscribe", ToServer, EraSession, "uri"),
	call("resources/unsubscribe", ToServer, EraSession, "uri"),
	call("prompts/list", ToServer, eraBoth, "cursor"),
	call(MethodPromptsGet, ToServer, eraBoth, "name arguments inputResponses requestState"),
	call(MethodComplete, ToServer, eraBoth, "ref argument context"),
	call("logging/setLevel", ToServer, EraSession, "level"),
	call("subscriptions/listen", ToServer, EraStateless, "notifications"),
	call("tasks/get", NoDir, eraBoth, "taskId"),
	call("tasks/result", NoDir, EraSession, "taskId"),
	call("tasks/list", NoDir, EraSession, "cursor"),
	call("tasks/cancel", NoDir, eraBoth, "taskId"),
	call("tasks/update", ToServer, EraStateless, "taskId inputResponses"),

	call("roots/list", ToClient, eraBoth, ""),
	call(MethodSample, ToClient, eraBoth, "messages modelPreferences systemPrompt includeContext "+
		"temperature maxTokens stopSequences metadata tools toolChoice task"),
	call(MethodElicit, ToClient, eraBoth, "mode message requestedSchema url elicitationId task"),

	notice(MethodCancelled, NoDir, eraBoth, "requestId reason"),
	notice("notifications/progress", NoDir, eraBoth, "progressToken progress total message"),
	notice("notifications/initialized", ToServer, EraSession, ""),
	notice("notifications/roots/list_changed", ToServer, EraSession, ""),
	notice("notifications/message", ToClient, eraBoth, "level logger data"),
	notice("notifications/resources/list_changed", ToClient, eraBoth, ""),
	notice("notifications/resources/updated", ToClient, eraBoth, "uri title"),
	notice("notifications/tools/list_changed", ToClient, eraBoth, ""),
	notice("notifications/prompts/list_changed", ToClient, eraBoth, ""),
	notice("notifications/elicitation/complete", ToClient, eraBoth, "elicitationId"),
	notice("notifications/subscriptions/acknowledged", ToClient, EraStateless, "notifications"),
	notice("notifications/tasks/status", NoDir, EraSession, taskNames),
	notice("notifications/tasks", ToClient, EraStateless, taskNames),
)

const taskNames = "taskId status statusMessage createdAt lastUpdatedAt ttl ttlMs pollInterval " +
	"pollIntervalMs result error inputRequests requestState"

func call(name string, from Dir, eras Era, params string) Method {
	return Method{Name: name, From: from, Eras: eras, params: paramsLevel(params)}
}

func notice(name string, from Dir, eras Era, params string) Method {
	m := call(name, from, eras, params)
	m.Notification = true
	return m
}

func methodTable(list ...Method) map[string]Method {
	table := make(map[string]Method, len(list))
	for _, m := range list {
		table[m.Name] = m
	}
	return table
}
