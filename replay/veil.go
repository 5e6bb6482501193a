package replay

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
)

// hidden stands for a name that holds a detected secret (law L8).
const hidden = "***"

// maxNames bounds judge.names.
const maxNames = 10_000

// toolName returns a tool's name, or what stands for one that holds a secret: events
// of runs that only count don't say so.
func (j *judge) toolName(name string) string {
	shown, known := j.names[name]
	if !known {
		name = strings.Clone(name)
		if shown = name; len(policy.SecretsIn(name)) > 0 {
			shown = hidden
		}
		if len(j.names) < maxNames {
			j.names[name] = shown
		}
	}
	return shown
}

// A veil hides a message's secrets in what is said of it: in names that clients make
// up, and in traces and places that quote them.
type veil struct{ replacer *strings.Replacer }

// veilOf is for the detected secrets of a message. The zero veil hides nothing.
func veilOf(raw []byte, lists ...[]policy.SecretSpan) veil {
	var pairs []string
	for _, list := range lists {
		for _, s := range list {
			if s.Start < 0 || s.End > len(raw) || s.Start >= s.End {
				continue
			}
			for _, form := range forms(string(raw[s.Start:s.End])) {
				pairs = append(pairs, form, hidden)
			}
		}
	}
	if pairs == nil {
		return veil{}
	}
	return veil{strings.NewReplacer(pairs...)}
}

// forms are the ways in which a secret is written: as in the JSON, as it means, and
// as in a JSON pointer (RFC 6901).
func forms(secret string) []string {
	out := []string{secret}
	var meant string
	if json.Unmarshal([]byte(`"`+secret+`"`), &meant) == nil && meant != "" && meant != secret {
		out = append(out, meant)
	}
	for _, s := range slices.Clone(out) {
		if pointer := strings.NewReplacer("~", "~0", "/", "~1").Replace(s); pointer != s {
			out = append(out, pointer)
		}
	}
	return out
}

func (v veil) text(s string) string {
	if v.replacer == nil {
		return s
	}
	return v.replacer.Replace(s)
}

// verdict returns a verdict in whose findings no place quotes a secret.
func (v veil) verdict(d policy.Verdict) policy.Verdict {
	if v.replacer != nil {
		d.Findings = slices.Clone(d.Findings)
		for i := range d.Findings {
			d.Findings[i].Pointer = v.text(d.Findings[i].Pointer)
		}
	}
	return d
}

// trace returns a trace in which no reason quotes a secret.
func (v veil) trace(list []policy.RuleTrace) []policy.RuleTrace {
	if v.replacer == nil {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Flip = v.text(list[i].Flip)
		list[i].Conds = slices.Clone(list[i].Conds)
		for k := range list[i].Conds {
			list[i].Conds[k].Why = v.text(list[i].Conds[k].Why)
		}
	}
	return list
}
