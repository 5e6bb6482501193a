package mcp

import "strconv"

// A Refusal is what a sender gets instead of an answer from the other side.
type Refusal struct {
	// Number is the JSON-RPC error code, outside the ranges that JSON-RPC and MCP
	// reserve: see the Refuse… constants.
	Number int
	// Message is for people; it never quotes the value that was the reason.
	Message string
	// Code, Rule and Reason become error.data; Code is a stable word such as
	// POLICY_DENIED.
	Code, Rule, Reason string
}

// JSON-RPC error codes of refusals. JSON-RPC 2.0 section 5.1 reserves -32768 to
// -32000, where the SDKs have their own.
const (
	RefuseDenied   = -31001 // denied by policy
	RefuseApproval = -31002 // approval needed or refused
	RefuseNoRoute  = -31004 // no such server
	RefuseTooLarge = -31005 // above the size bound
)

// AppendRefusal appends a JSON-RPC error response to dst. An empty id becomes
// null. The result is one line of valid JSON whatever the strings hold; what
// isn't UTF-8 in them becomes U+FFFD.
func AppendRefusal(dst []byte, id ID, r Refusal) []byte {
	dst = appendAnswer(dst, id)
	dst = append(dst, `"error":{"code":`...)
	dst = strconv.AppendInt(dst, int64(r.Number), 10)
	dst = append(dst, `,"message":`...)
	dst = appendQuoted(dst, []byte(r.Message))
	if r.Code != "" || r.Rule != "" || r.Reason != "" {
		dst = append(dst, `,"data":`...)
		dst = appendData(dst, r)
	}
	return append(dst, "}}"...)
}

// AppendToolError appends a tools/call result with isError true, whose text a
// model can read and adapt to, in place of an error response. Code, Rule and
// Reason stand in _meta, where they are out of the model's way.
func AppendToolError(dst []byte, id ID, r Refusal) []byte {
	dst = appendAnswer(dst, id)
	dst = append(dst, `"result":{"content":[{"type":"text","text":`...)
	dst = appendQuoted(dst, []byte(r.Message))
	dst = append(dst, `}],"isError":true,"resultType":"complete"`...)
	if r.Code != "" || r.Rule != "" || r.Reason != "" {
		dst = append(dst, `,"_meta":{"rulewind/refusal":`...)
		dst = appendData(dst, r)
		dst = append(dst, '}')
	}
	return append(dst, "}}"...)
}

// AppendCancelled appends a notifications/cancelled for the request with that
// id, which must not be empty. The reason is left out if empty.
func AppendCancelled(dst []byte, id ID, reason string) []byte {
	dst = append(dst, `{"jsonrpc":"2.0","method":"`+MethodCancelled+`","params":{"requestId":`...)
	dst = append(dst, id...)
	if reason != "" {
		dst = append(dst, `,"reason":`...)
		dst = appendQuoted(dst, []byte(reason))
	}
	return append(dst, "}}"...)
}

// appendAnswer begins an answer, up to its result or error.
func appendAnswer(dst []byte, id ID) []byte {
	if id == "" {
		id = "null"
	}
	dst = append(dst, `{"jsonrpc":"2.0","id":`...)
	dst = append(dst, id...)
	return append(dst, ',')
}

// appendData appends what a refusal says to programs.
func appendData(dst []byte, r Refusal) []byte {
	sep := byte('{')
	for _, m := range [...]struct{ name, value string }{
		{"code", r.Code}, {"rule", r.Rule}, {"reason", r.Reason},
	} {
		if m.value == "" {
			continue
		}
		dst = append(dst, sep, '"')
		dst = append(dst, m.name...)
		dst = append(dst, `":`...)
		dst = appendQuoted(dst, []byte(m.value))
		sep = ','
	}
	return append(dst, '}')
}
