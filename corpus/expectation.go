package corpus

import (
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/proxy/policy"
)

// Mismatch says how an event differs from what is wanted of it, "" if it doesn't.
// A nil expectation wants nothing.
func (x *Expectation) Mismatch(e *policy.Event) string {
	if x == nil {
		return ""
	}
	var out []string
	differ := func(what, want, got string) {
		if want != got {
			out = append(out, fmt.Sprintf("%s: want %s, got %s", what, want, got))
		}
	}
	v := &e.Verdict
	differ("action", x.Action.String(), v.Action.String())
	if x.Rule != "" {
		differ("rule", x.Rule, v.Rule)
	}
	if x.Code != "" {
		differ("code", x.Code, v.Code)
	}
	if x.Out != nil && len(e.Out) == 0 {
		out = append(out, "nothing leaves")
	} else if x.Out != nil {
		differ("out", string(x.Out), string(e.Out[0].Bytes))
	}
	return strings.Join(out, "; ")
}
