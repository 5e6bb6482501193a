package policy

import (
	"encoding/hex"
	"slices"

	"go.yaml.in/yaml/v4"
)

// A Caller is somebody who may call, by a secret that comes with each request. The
// policy holds no secret: the SHA-256 of one, or the name of the environment
// variable that has it.
type Caller struct {
	Name   string
	Digest [32]byte // SHA-256 of the secret; zero if Env is set
	Env    string
	Scopes []string
}

// Callers returns the policy's list of callers; nil if anybody may call.
func (p *Policy) Callers() []Caller { return p.callers }

var callerKeys = []string{"name", "secret_sha256", "secret_env", "scopes"}

// callersOf reads `callers`. Those of a base hold only if the policy has none.
func (l *loader) callersOf(r *reader, n *yaml.Node) {
	var list []Caller
	anonymous := false
	for _, m := range r.mapping(n, "callers", []string{"anonymous", "list"}) {
		switch m.key.Value {
		case "anonymous":
			anonymous = r.word(m.value, "callers.anonymous", []string{"allow", "deny"}) == "allow"
		case "list":
			for _, item := range r.items(m.value, "callers.list") {
				list = append(list, r.caller(item))
			}
		}
	}
	for i, c := range list {
		if slices.ContainsFunc(list[:i], func(o Caller) bool { return o.Name == c.Name }) {
			r.problem(n, "callers.list: the name %q stands twice", c.Name)
		}
	}
	if len(list) == 0 {
		r.problem(n, "callers: needs a list, such as [{name: ci, secret_env: RULEWIND_CI, scopes: [deploy]}]")
	}
	if l.policy.callers == nil {
		l.policy.callers, l.policy.anonymous = list, anonymous
	}
}

func (r *reader) caller(n *yaml.Node) Caller {
	var c Caller
	for _, m := range r.mapping(n, "callers.list", callerKeys) {
		switch m.key.Value {
		case "name":
			c.Name = r.text(m.value, "name")
		case "secret_sha256":
			b, err := hex.DecodeString(r.text(m.value, "secret_sha256"))
			if err != nil || len(b) != len(c.Digest) {
				r.problem(m.value, "secret_sha256: want the 64 hex digits that `rulewind policy secret` prints")
				continue
			}
			copy(c.Digest[:], b)
		case "secret_env":
			c.Env = r.text(m.value, "secret_env")
		case "scopes":
			c.Scopes = r.texts(m.value, "scopes")
		}
	}
	if c.Name == "" {
		r.problem(n, "callers.list: each caller needs a name")
	}
	if (c.Env == "") == (c.Digest == [32]byte{}) {
		r.problem(n, "callers.list: a caller has either secret_sha256 or secret_env")
	}
	return c
}

// callerNow returns what the policy says of who calls, nil of nobody known.
func (s *Session) callerNow() *Caller {
	for i := range s.policy.callers {
		if c := &s.policy.callers[i]; c.Name == s.caller {
			return c
		}
	}
	return nil
}

// unknownCaller reports whether the policy lets this request in only from somebody
// it knows.
func (s *Session) unknownCaller() bool {
	if s.policy.callers == nil || s.callerRefused {
		return s.callerRefused
	}
	return s.callerNow() == nil && !s.policy.anonymous
}

// lacks reports whether the caller is without one of the scopes.
func (s *Session) lacks(scopes []string) bool {
	c := s.callerNow()
	for _, want := range scopes {
		if c == nil || !slices.Contains(c.Scopes, want) {
			return true
		}
	}
	return false
}
