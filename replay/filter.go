package replay

import (
	"slices"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Filter says which steps count. The others are judged as well, so that rules
// with memory have seen what came before, but are neither compared nor counted;
// sessions that can't have a step that counts are skipped. An empty list takes
// everything; a name may hold * for any text.
type Filter struct {
	Sessions []string `json:"sessions,omitempty"`
	Servers  []string `json:"servers,omitempty"`
	Tools    []string `json:"tools,omitempty"`  // of tools/call and its answers
	Labels   []string `json:"labels,omitempty"` // "attack", "benign", or "none" for what has no label
	// Since is the earliest frame time that counts, in nanoseconds since the Unix
	// epoch.
	Since int64 `json:"since,omitempty"`
	// Until is the first frame time that doesn't count any more; 0 means none.
	Until int64 `json:"until,omitempty"`
}

// takesCase reports whether any step of the case can count.
func (f *Filter) takesCase(c *corpus.Case) bool {
	if !takes(f.Sessions, c.ID) || c.Server != "" && !takes(f.Servers, c.Server) {
		return false
	}
	return len(c.Steps) == 0 || c.Steps[len(c.Steps)-1].Frame.At >= f.Since && (f.Until == 0 || c.Steps[0].Frame.At < f.Until)
}

// takesStep reports whether a step counts, by what an event says of it: the first that
// is not nil.
func (f *Filter) takesStep(st *corpus.Step, events ...*policy.Event) bool {
	if st.Synthetic || st.Frame.At < f.Since || f.Until != 0 && st.Frame.At >= f.Until {
		return false
	}
	if label := st.Label; len(f.Labels) > 0 {
		if label == "" || st.Ambiguous {
			label = "none"
		}
		if !slices.Contains(f.Labels, label) {
			return false
		}
	}
	if len(f.Servers)+len(f.Tools) == 0 {
		return true
	}
	for _, e := range events {
		if e != nil {
			return takes(f.Servers, e.Subject.Server) && takes(f.Tools, e.Subject.Tool)
		}
	}
	return false
}

func takes(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// matches reports whether the name is of the pattern's form, in which * stands for
// any text.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return strings.HasSuffix(name, parts[len(parts)-1])
}
