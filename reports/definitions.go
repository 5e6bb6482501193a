package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// maxChanges bounds the list of changed definitions.
const maxChanges = 1000

// definitions follows what each server says about its tools, over all sessions in
// the order given: a definition that changes under its user is how a tool that was
// reviewed becomes another one.
type definitions struct {
	known   map[[2]string]definition // by server and tool
	listed  map[string]bool          // servers whose tools were listed
	changes []Definition
}

// A definition is the digests of a tool's whole definition and its members.
type definition struct {
	digest string
	parts  map[string]string
}

func (d *definitions) see(b *builder, st *corpus.Step, e *policy.Event, m *mcp.Message) {
	if e.Subject.Kind != "response" || e.Subject.Method != mcp.MethodToolsList {
		return
	}
	tools := m.Find(m.Result, "tools")
	if tools < 0 || m.Nodes[tools].Kind != mcp.Array {
		return
	}
	if d.listed == nil {
		d.listed = map[string]bool{}
	}
	server := b.serverName()
	here := map[string]bool{}
	for i := tools + 1; i < int(m.Nodes[tools].Next); i = int(m.Nodes[i].Next) {
		name := m.Text(m.Find(i, "name"))
		if name == "" || here[name] {
			continue
		}
		here[name] = true
		d.note(b, st, server, name, define(m, i))
	}
	// A page of a longer list says nothing of what it leaves out.
	if m.Find(m.Result, "nextCursor") < 0 && !paged(b, e) {
		d.removed(b, st, server, here)
	}
	d.listed[server] = true
}

// paged reports whether the answer's request asked for a further page.
func paged(b *builder, e *policy.Event) bool {
	if e.Subject.Call < 0 {
		return true
	}
	for i := range b.c.Steps {
		if r := b.c.Steps[i].Recorded; r != nil && r.Seq == e.Subject.Call {
			var d mcp.Decoder
			m, err := d.Decode(b.c.Steps[i].Frame.Raw)
			return err != nil || m.Find(m.Params, "cursor") >= 0
		}
	}
	return true
}

func (d *definitions) note(b *builder, st *corpus.Step, server, tool string, now definition) {
	key := [2]string{server, tool}
	before, ok := d.known[key]
	d.known[key] = now
	c := Definition{Server: server, Tool: tool, After: now.digest}
	switch {
	case !ok && !d.listed[server]:
		c.Change = "first seen"
	case !ok:
		c.Change = "added"
	case before.digest != now.digest:
		c.Change, c.Before = "changed", before.digest
		c.Parts = differing(before.parts, now.parts)
	default:
		return
	}
	d.add(b, st, c)
}

func (d *definitions) removed(b *builder, st *corpus.Step, server string, here map[string]bool) {
	var gone []string
	for key := range d.known {
		if key[0] == server && !here[key[1]] {
			gone = append(gone, key[1])
		}
	}
	slices.Sort(gone)
	for _, tool := range gone {
		key := [2]string{server, tool}
		d.add(b, st, Definition{Server: server, Tool: tool, Change: "removed", Before: d.known[key].digest})
		delete(d.known, key)
	}
}

func (d *definitions) add(b *builder, st *corpus.Step, c Definition) {
	if len(d.changes) < maxChanges {
		c.Session, c.Time = b.c.ID, timestamp(st.Frame.At)
		d.changes = append(d.changes, c)
	}
}

func define(m *mcp.Message, i int) definition {
	d := definition{digest: nodeDigest(m, i), parts: map[string]string{}}
	for j := i + 1; j < int(m.Nodes[i].Next); j = int(m.Nodes[j].Next) {
		d.parts[m.Name(j)] = nodeDigest(m, j)
	}
	return d
}

func nodeDigest(m *mcp.Message, i int) string {
	sum := sha256.Sum256(compact(m, i))
	return hex.EncodeToString(sum[:8])
}

func differing(x, y map[string]string) []string {
	var out []string
	for k, v := range x {
		if y[k] != v {
			out = append(out, k)
		}
	}
	for k := range y {
		if _, ok := x[k]; !ok {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}
