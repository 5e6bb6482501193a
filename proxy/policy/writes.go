package policy

import (
	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
)

// scanWrites adds to the findings in texts what the call as a whole shows: it must
// follow the scan of each text.
func (r *reading) scanWrites() {
	m := r.m
	if r.want&detect.Writes == 0 || m.Kind != mcp.Request || m.Method != mcp.MethodToolsCall {
		return
	}
	if r.writer.Found == nil {
		r.writer.Found, r.writer.Real, r.wrote = r.foundAt, func(path string) string { return r.real[path] }, r.writeAt
	}
	r.writer.Message, r.writer.Args, r.writer.Tool = m, m.Find(m.Params, "arguments"), r.tool
	detect.FindWrites(r.writer, r.wrote)
}

// foundAt returns what was found in the text of a node.
func (r *reading) foundAt(n int) []detect.Finding {
	if i := r.byNode[n]; i >= 0 {
		return r.texts[i].found
	}
	return nil
}

// writeAt notes a finding in the text of a node.
func (r *reading) writeAt(n int, f detect.Finding) {
	if i := r.byNode[n]; i >= 0 {
		r.texts[i].found = append(r.texts[i].found, f)
		r.present |= f.Family
	}
}

// writes evaluates a condition on what a call writes. An allow rule, which must be
// sure, holds only if all that was found is what it asks for.
func (e *eval) writes(v *valueCond) bool {
	if e.hopeless(&v.m) {
		return false
	}
	want, held, others := &v.m.detectors[0], false, false
	for _, t := range e.s.payloadTexts(e.m) {
		for _, f := range e.s.findings(t) {
			switch {
			case f.Family != detect.Writes:
			case want.wants(&f):
				held = true
				e.hits = append(e.hits, hit{text: t, start: f.Start, end: f.End, kind: f.Kind, view: f.View, family: f.Family, score: f.Score, node: -1})
			default:
				others = true
			}
		}
	}
	held = held && !(others && e.surely)
	if e.trace == nil {
		return held
	}
	return e.note(v.pos, v.m.describe(), held, "it is asked of what the call writes")
}
