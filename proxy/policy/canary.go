package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Canaries are values that nobody has a reason to send: planted where only a thief
// looks, they tell that he was there. A policy lists them as they are, or by their
// SHA-256, so that neither the policy nor a recording of it gives them away.
type canaries struct {
	values []string
	sums   map[[sha256.Size]byte]bool
}

// shortestCanary is how long one must be not to turn up by chance.
const shortestCanary = 8

// longestToken is the longest word of a text that is hashed.
const longestToken = 512

func (c *canaries) empty() bool { return len(c.values)+len(c.sums) == 0 }

// canariesOf reads the list of a file; those of the chain add up.
func (l *loader) canariesOf(r *reader, n *yaml.Node) {
	c := &l.policy.canaries
	for _, item := range r.items(n, "canaries") {
		w := r.text(item, "canaries")
		if digest, ok := strings.CutPrefix(w, "sha256:"); ok {
			sum, err := hex.DecodeString(digest)
			if err != nil || len(sum) != sha256.Size {
				r.problem(item, "canaries: want sha256: and 64 hexadecimal digits, as `printf %%s VALUE | sha256sum` prints them")
				continue
			}
			if c.sums == nil {
				c.sums = map[[sha256.Size]byte]bool{}
			}
			c.sums[[sha256.Size]byte(sum)] = true
			continue
		}
		if len(w) < shortestCanary {
			r.problem(item, "canaries: a value of %d bytes turns up by chance; make it %d or more", len(w), shortestCanary)
			continue
		}
		c.values = append(c.values, w)
	}
}

// canary reports whether a text holds a canary, in any of its readings, and notes where
// in the text itself it stands. In an allow rule it has to be in every reading.
func (e *eval) canary(t *text) bool {
	c := &e.s.policy.canaries
	if c.empty() {
		return false
	}
	if !e.surely {
		found := false
		c.each(t.value, func(start, end int) {
			found = true
			e.hits = append(e.hits, hit{text: t, start: start, end: end, kind: "canary", node: -1})
		})
		if found {
			return true
		}
	}
	return e.readings(t, func(s string) bool {
		held := false
		c.each(s, func(int, int) { held = true })
		return held
	})
}

// each calls found for the places where a canary stands in s.
func (c *canaries) each(s string, found func(start, end int)) {
	for _, v := range c.values {
		for i := 0; ; {
			k := strings.Index(s[i:], v)
			if k < 0 {
				break
			}
			found(i+k, i+k+len(v))
			i += k + len(v)
		}
	}
	if len(c.sums) == 0 {
		return
	}
	for i := 0; i < len(s); {
		for i < len(s) && !canaryByte(s[i]) {
			i++
		}
		start := i
		for i < len(s) && canaryByte(s[i]) {
			i++
		}
		if n := i - start; n >= shortestCanary && n <= longestToken && c.sums[sha256.Sum256([]byte(s[start:i]))] {
			found(start, i)
		}
	}
}

// canaryByte reports what the words are made of that are hashed: all but blanks,
// quotation marks, brackets and what separates values.
func canaryByte(c byte) bool { return c > ' ' && strings.IndexByte("\"'`<>()[]{},;=", c) < 0 }

// asksForCanaries reports whether a condition of the policy does.
func (p *Policy) asksForCanaries() bool {
	for _, r := range p.Rules {
		if r.cond.asksForCanaries() {
			return true
		}
	}
	return false
}

func (c *cond) asksForCanaries() bool {
	for i := range c.values {
		if c.values[i].m.canary {
			return true
		}
	}
	for _, sub := range c.all {
		if sub.asksForCanaries() {
			return true
		}
	}
	for _, sub := range c.any {
		if sub.asksForCanaries() {
			return true
		}
	}
	return c.not != nil && c.not.asksForCanaries()
}
