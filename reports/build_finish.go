package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/rulewind/rulewind/proxy/policy"
)

// finish orders everything that maps hold and adds the report up.
func (b *builder) finish() *Report {
	r := b.r
	r.Sources = sorted(b.sources, func(x, y Source) int { return cmp.Compare(x.Name, y.Name) })
	r.Policies = sorted(b.policies, func(x, y Policy) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Digest, y.Digest))
	})
	for key, t := range b.tools {
		s := b.servers[key[0]]
		s.Tools = append(s.Tools, *t)
	}
	for _, s := range b.servers {
		slices.SortFunc(s.Tools, func(x, y Tool) int {
			return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Name, y.Name))
		})
	}
	r.Servers = sorted(b.servers, func(x, y Server) int {
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Name, y.Name))
	})
	r.Stopped = sorted(b.stops, func(x, y Stop) int {
		return cmp.Or(
			cmp.Compare(y.Action.Strictness(), x.Action.Strictness()),
			cmp.Compare(severityRank(y.Severity), severityRank(x.Severity)),
			cmp.Compare(y.Count, x.Count), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Code, y.Code))
	})
	for i := range r.Stopped {
		slices.Sort(r.Stopped[i].Tools)
	}
	r.Leaks = sorted(b.leaks, compareLeaks)
	for _, l := range r.Leaks {
		switch l.Outcome {
		case OutcomePassed:
			r.Summary.LeaksPassed += l.Count
		case OutcomeRedacted:
			r.Summary.LeaksRedacted += l.Count
		case OutcomeStopped:
			r.Summary.LeaksStopped += l.Count
		}
	}
	r.Definitions = append([]Definition{}, b.defs.changes...)
	r.Timeline = b.tick.timeline()
	r.Summary.First, r.Summary.Last = timestamp(b.tick.first), timestamp(b.tick.last)
	for _, what := range slices.Sorted(maps.Keys(b.missing)) {
		r.Evidence.Missing = append(r.Evidence.Missing, Missing{what, b.missing[what]})
	}
	r.Limits = limits(r)
	return r
}

func sorted[K comparable, V any](m map[K]*V, compare func(x, y V) int) []V {
	out := make([]V, 0, len(m))
	for _, v := range m {
		out = append(out, *v)
	}
	slices.SortFunc(out, compare)
	return out
}

var severities = []string{"info", "low", "medium", "high", "critical"}

func severityRank(s string) int { return slices.Index(severities, s) }

var outcomes = []string{OutcomePassed, OutcomeRedacted, OutcomeStopped}

// compareLeaks puts what got through first.
func compareLeaks(x, y Leak) int {
	return cmp.Or(
		cmp.Compare(slices.Index(outcomes, x.Outcome), slices.Index(outcomes, y.Outcome)),
		cmp.Compare(y.Count, x.Count), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Dir, y.Dir),
		cmp.Compare(x.Server, y.Server), cmp.Compare(x.Tool, y.Tool))
}

// sourcesDigest is the digest that policy.Policy has for the same sources.
func sourcesDigest(sources []policy.Source) string {
	if p, err := policy.LoadSources(sources); err == nil {
		return p.Digest
	}
	h := sha256.New()
	for _, s := range sources {
		h.Write(s.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func readFact(raw []byte) (f policy.Fact, ok bool) {
	err := json.Unmarshal(raw, &f)
	return f, err == nil
}

// limits says what the report can't show (law L10).
func limits(r *Report) []string {
	e := &r.Evidence
	var out []string
	say := func(n int, text string) {
		if n > 0 {
			out = append(out, text)
		}
	}
	say(e.Computed, plural(e.Computed, "verdict was", "verdicts were")+
		" made for this report, under the policy named above: nothing was enforced on these messages.")
	say(e.Unjudged, plural(e.Unjudged, "message has", "messages have")+" no verdict, and count as neither passed nor stopped.")
	say(e.Lossy, plural(e.Lossy, "message was", "messages were")+
		" stored in a form that does not give the recorded verdict again: the verdict can't be checked.")
	say(e.Pinned, plural(e.Pinned, "message", "messages")+" can be replayed only with the findings recorded at the time.")
	say(e.Crashed, plural(e.Crashed, "recorder", "recorders")+" crashed: what was in flight then is not here.")
	say(e.Lost, plural(e.Lost, "frame", "frames")+" could not be recorded: they were not forwarded, and what they held is not here.")
	say(e.Pruned, plural(e.Pruned, "session was", "sessions were")+" pruned: what they said, and what was stopped in them, is not here; their hashes are.")
	say(e.Imported, plural(e.Imported, "session was", "sessions were")+
		" made from another format: their frames and order are as good as that source.")
	say(e.Unended, plural(e.Unended, "session has", "sessions have")+
		" no recorded end: the recording may have been cut off, or the session may still be running.")
	say(e.Unopened, plural(e.Unopened, "session has", "sessions have")+" no recorded beginning: server and variables are unknown.")
	say(e.Backwards, "The clock went back at "+plural(e.Backwards, "place", "places")+": times and rate windows there are in doubt.")
	say(r.MoreSessions, plural(r.MoreSessions, "session is", "sessions are")+" counted but not listed.")
	for _, m := range e.Missing {
		out = append(out, plural(m.Sessions, "session has", "sessions have")+" no "+m.What+".")
	}
	return append(out,
		"Only traffic that went through the proxy is here. What a server did on its own, or through another channel, is not.",
		"A secret that no detector knows is not counted as a leak.",
		"The report was made from the store as it is; it does not prove that nothing was removed from it.")
}
