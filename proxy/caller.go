package proxy

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// callers tell who sends a message by the secret in its params._meta.authorization.
// The secret is cut out before anything else sees the message: the session, the
// recording and the server never do.
type callers struct {
	list []knownCaller
	dec  mcp.Decoder
	out  []byte
	last policy.Fact // the caller that the session knows of
}

type knownCaller struct {
	name   string
	digest [sha256.Size]byte
}

// newCallers returns nil if the policy asks for no callers.
func newCallers(p *policy.Policy, env func(string) string) (*callers, error) {
	if p.Callers() == nil {
		return nil, nil
	}
	c := &callers{last: policy.Fact{Name: policy.FactCaller}}
	for _, known := range p.Callers() {
		digest := known.Digest
		if known.Env != "" {
			secret := ""
			if env != nil {
				secret = env(known.Env)
			}
			if secret == "" {
				return nil, fmt.Errorf("the policy's caller %s has its secret in %s, which isn't set; set it, or take the caller from the list", known.Name, known.Env)
			}
			digest = sha256.Sum256([]byte(secret))
		}
		c.list = append(c.list, knownCaller{known.Name, digest})
	}
	return c, nil
}

const authorization = "authorization"

// identify cuts the secret out of a message of the client. It returns what is left,
// valid until the next call, and who sent it. What can't be read is refused by the
// session; its secret is overwritten.
func (c *callers) identify(raw []byte) ([]byte, policy.Fact) {
	who := policy.Fact{Name: policy.FactCaller}
	m, err := c.dec.Decode(raw)
	if err != nil {
		return c.blank(raw), who
	}
	node := m.Find(m.Params, "_meta", authorization)
	if node < 0 {
		return raw, who
	}
	secret := m.Text(node)
	if scheme, rest, ok := strings.Cut(secret, " "); ok && strings.EqualFold(scheme, "bearer") {
		secret = strings.TrimSpace(rest)
	}
	who.Caller, who.Refused = c.name([]byte(secret))
	c.out = mcp.AppendWithout(c.out[:0], m, node)
	return c.out, who
}

// name compares a secret with all that are known, in constant time.
func (c *callers) name(secret []byte) (name string, refused bool) {
	digest := sha256.Sum256(secret)
	refused = true
	for i := range c.list {
		if subtle.ConstantTimeCompare(digest[:], c.list[i].digest[:]) == 1 {
			name, refused = c.list[i].name, false
		}
	}
	return name, refused
}

// blank overwrites what stands behind the word authorization in bytes that are no
// message, up to the next line or the end.
func (c *callers) blank(raw []byte) []byte {
	at := bytes.Index(bytes.ToLower(raw), []byte(authorization))
	if at < 0 {
		return raw
	}
	c.out = append(c.out[:0], raw...)
	for i := at + len(authorization); i < len(c.out); i++ {
		if b := c.out[i]; b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0x80 {
			c.out[i] = 'x'
		}
	}
	return c.out
}
