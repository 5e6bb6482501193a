package importer

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// clockStart and clockStep make the time of frames whose source has no clock:
// far enough apart that no rate is exceeded by that alone.
const (
	clockStart = 1767225600_000000000 // 2026-01-01T00:00:00Z
	clockStep  = 1_000000000
)

// A session grows one case from messages, and adds what the engine needs to
// follow them: the opening fact, a request for an answer that has none, and ids
// that don't collide. Only an id's bytes are ever edited.
type session struct {
	c       corpus.Case
	dec     mcp.Decoder
	at      int64
	clock   bool
	pending []pending
	seen    map[mcp.ID]bool
	fresh   int
	vars    map[string]string // of the opening fact
}

// A pending request: renamed is what its id became, "" if it kept it.
type pending struct {
	dir         mcp.Dir
	id, renamed mcp.ID
	tool        string
}

// newSession opens a case with its fact.
func newSession(id, source, server string, missing corpus.Missing) *session {
	s := &session{clock: missing&corpus.NoClock == 0, seen: map[mcp.ID]bool{}}
	s.c = corpus.Case{ID: id, Source: source, Server: server, Missing: missing, Imported: true}
	return s
}

// yield hands the case on, if there is anything in it.
func (s *session) yield(yield func(corpus.Case, error) bool) bool {
	return len(s.c.Steps) == 0 || yield(s.c, nil)
}

// open adds the opening fact, at the time of the first message.
func (s *session) open(at int64) {
	fact := policy.Fact{Name: policy.FactSession, Server: s.c.Server, Transport: "stdio", Basis: "imported", Vars: s.vars, Imported: true}
	s.at = clockStart
	if s.clock {
		s.at = at
	}
	s.c.Steps = append(s.c.Steps, corpus.Step{
		ID: s.c.ID + ":session", Synthetic: true, Fidelity: policy.Exact,
		Frame: mcp.Frame{At: s.at, Kind: mcp.FactFrame, Raw: fact.JSON()},
	})
}

// now returns the time of the next frame: it never goes back.
func (s *session) now(at int64) int64 {
	if !s.clock {
		at = s.at + clockStep
	}
	s.at = max(s.at, at)
	return s.at
}

// add appends a step whose Frame has Dir, Raw and At. tool is what the source
// says that the message belongs to.
func (s *session) add(step corpus.Step, tool string) {
	if len(s.c.Steps) == 0 {
		s.open(step.Frame.At)
	}
	step.Frame.Kind = mcp.MessageFrame
	step.Fidelity = policy.Exact
	if step.ID == "" {
		step.ID = s.c.ID + ":" + strconv.Itoa(len(s.c.Steps))
	}
	m, _ := s.dec.Decode(step.Frame.Raw)
	if m != nil {
		s.link(m, &step, tool)
	}
	if s.clock {
		step.Back = max(0, s.at-step.Frame.At)
	}
	step.Frame.At = s.now(step.Frame.At)
	s.c.Steps = append(s.c.Steps, step)
}

// link gives a message's id its place among those pending.
func (s *session) link(m *mcp.Message, step *corpus.Step, tool string) {
	switch {
	case m.Kind == mcp.Request:
		p := pending{dir: step.Frame.Dir, id: m.ID, tool: tool}
		if s.find(p.dir, func(o pending) bool { return o.id == m.ID || o.renamed == m.ID }) >= 0 {
			p.renamed = s.freshID()
			step.Frame.Raw = withID(m, p.renamed)
		}
		s.seen[m.ID] = true
		s.pending = append(s.pending, p)
	case m.Kind.IsAnswer() && m.ID != "":
		asked := step.Frame.Dir.Reverse()
		at := s.find(asked, func(o pending) bool { return o.id == m.ID && o.tool == tool })
		if at < 0 {
			at = s.find(asked, func(o pending) bool { return o.id == m.ID })
		}
		if at < 0 {
			s.ask(m, asked, tool)
			return
		}
		if p := s.pending[at]; p.renamed != "" {
			step.Frame.Raw = withID(m, p.renamed)
		}
		s.pending = append(s.pending[:at], s.pending[at+1:]...)
	}
}

// find returns the oldest pending request in a direction that is wanted, or -1.
func (s *session) find(dir mcp.Dir, wanted func(pending) bool) int {
	for i, p := range s.pending {
		if p.dir == dir && wanted(p) {
			return i
		}
	}
	return -1
}

// freshID returns an id that no message of the session has had so far.
func (s *session) freshID() mcp.ID {
	for {
		s.fresh++
		id := mcp.ID(fmt.Sprintf(`"imported-%d"`, s.fresh))
		if !s.seen[id] {
			s.seen[id] = true
			return id
		}
	}
}

// withID returns the message with another id.
func withID(m *mcp.Message, id mcp.ID) []byte {
	n := m.Nodes[m.IDNode]
	return bytes.Join([][]byte{m.Raw[:n.Start], []byte(id), m.Raw[n.End:]}, nil)
}

// askedBy tells a request by a member of its result.
var askedBy = []struct{ member, method, params string }{
	{"tools", mcp.MethodToolsList, ""},
	{"serverInfo", mcp.MethodInitialize, `{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"imported","version":"0"}}`},
	{"supportedVersions", mcp.MethodDiscover, ""},
	{"contents", mcp.MethodResourcesRead, `{"uri":"imported:"}`},
	{"resources", "resources/list", ""},
	{"resourceTemplates", "resources/templates/list", ""},
	{"prompts", "prompts/list", ""},
	{"messages", mcp.MethodPromptsGet, `{"name":"imported"}`},
	{"completion", mcp.MethodComplete, `{"ref":{"type":"ref/prompt","name":"imported"},"argument":{"name":"imported","value":""}}`},
	{"roots", "roots/list", ""},
	{"action", mcp.MethodElicit, `{"message":"","requestedSchema":{"type":"object","properties":{}}}`},
	{"role", mcp.MethodSample, `{"messages":[],"maxTokens":1}`},
}

// ask adds the request that an answer must have had.
func (s *session) ask(m *mcp.Message, dir mcp.Dir, tool string) {
	method, params := mcp.MethodToolsCall, `{"name":`+quote(tool)+`,"arguments":{}}`
	if dir == mcp.ToClient {
		method, params = "ping", ""
	}
	for _, a := range askedBy {
		if from, _ := mcp.LookupMethod(a.method); m.Result >= 0 && m.Find(m.Result, a.member) >= 0 && from.From == dir {
			method, params = a.method, a.params
			break
		}
	}
	if tool == mcp.MethodToolsList {
		method, params = mcp.MethodToolsList, ""
	}
	raw := `{"jsonrpc":"2.0","id":` + string(m.ID) + `,"method":"` + method + `"`
	if params != "" {
		raw += `,"params":` + params
	}
	s.c.Steps = append(s.c.Steps, corpus.Step{
		ID: s.c.ID + ":" + strconv.Itoa(len(s.c.Steps)), Synthetic: true, Fidelity: policy.Exact,
		Frame: mcp.Frame{At: s.now(s.at), Dir: dir, Kind: mcp.MessageFrame, Raw: []byte(raw + "}")},
	})
}
