package reports

import (
	"cmp"
	"fmt"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// maxInterventions bounds the list of interventions.
const maxInterventions = 200

// An Intervention is something that reached a session from outside of its messages and
// moved a verdict: an answer to what was held, the kill switch, another policy.
type Intervention struct {
	Session string `json:"session"`
	Seq     int    `json:"seq"`
	Time    string `json:"time"`
	// What is approved, refused, nobody answered, taken back, kill switch on, kill
	// switch off, policy changed, caller refused, or shadow.
	What string `json:"what"`
	// About is the message that was held, the reason, or the policy.
	About string `json:"about,omitempty"`
	// By says who or what it was.
	By string `json:"by,omitempty"`
}

func (b *builder) intervene(st *corpus.Step, x Intervention) {
	if len(b.r.Interventions) >= maxInterventions {
		b.r.MoreInterventions++
		return
	}
	x.Session, x.Time = b.c.ID, timestamp(st.Frame.At)
	if st.Recorded != nil {
		x.Seq = st.Recorded.Seq
	}
	b.r.Interventions = append(b.r.Interventions, x)
}

// outside notes what a fact brought in.
func (b *builder) outside(st *corpus.Step, f *policy.Fact) {
	switch f.Name {
	case policy.FactKill:
		x := Intervention{What: "kill switch off"}
		if f.On {
			x = Intervention{What: "kill switch on", About: f.Reason}
		}
		b.intervene(st, x)
	case policy.FactPolicy:
		about := sourcesDigest(f.Policy)[:12]
		if len(f.Policy) > 0 {
			about = f.Policy[0].Name + " " + about
		}
		b.intervene(st, Intervention{What: "policy changed", About: about})
	case policy.FactCaller:
		if f.Refused {
			b.intervene(st, Intervention{What: "caller refused", About: "a secret that is nobody's"})
		}
	case policy.FactShadow:
		if len(f.Policy) > 0 {
			b.intervene(st, Intervention{What: "shadow", About: f.Policy[0].Name + " " + sourcesDigest(f.Policy)[:12]})
		}
	}
}

// answered notes how a held message ended.
func (b *builder) answered(st *corpus.Step) {
	e := st.Recorded
	if e == nil || e.Held == 0 {
		return
	}
	x := Intervention{About: fmt.Sprintf("%s #%d", cmp.Or(named(e), e.Subject.Method), e.Held)}
	switch {
	case e.Verdict.Rule == "engine:approved":
		x.What = "approved"
	case e.Verdict.Rule == "engine:cancelled":
		x.What = "taken back"
	case e.Verdict.Code == policy.CodeTimeout:
		x.What = "nobody answered"
	case e.Verdict.Action == policy.Deny:
		x.What = "refused"
	default: // an answer that waits for the client to try again
		return
	}
	x.By = "the client's user"
	if f, ok := readFact(st.Frame.Raw); ok && st.Frame.Kind == mcp.FactFrame {
		x.By = f.By
	}
	if x.What == "nobody answered" || x.What == "taken back" {
		x.By = ""
	}
	b.intervene(st, x)
}

func interventionsTable(r *Report) table {
	t := table{caption: "From outside", cols: []column{
		col("time (UTC)", 26), traffic("session", 28), num("#"), col("what", 16), traffic("about", 40), traffic("by", 24)}}
	for _, x := range r.Interventions {
		t.rows = append(t.rows, []string{x.Time, x.Session, fmt.Sprint(x.Seq), x.What, x.About, x.By})
	}
	return t
}
