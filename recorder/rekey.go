package recorder

import (
	"crypto/rand"
	"fmt"

	"github.com/rulewind/rulewind/proxy/policy"
)

// A Rekeying gives recorded entries stand-ins made with a key of its own, which is
// kept nowhere: who has both the store and what was rekeyed can't tell by the
// stand-ins which secrets are the same. It says nothing of times, ids and texts, which
// stay. It is used by one goroutine.
type Rekeying struct{ token tokeniser }

// NewRekeying makes a key.
func NewRekeying() (*Rekeying, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return &Rekeying{tokeniser{key: key, cache: map[[32]byte]string{}}}, nil
}

// Info returns what is known of a session, with new stand-ins in its texts.
func (k *Rekeying) Info(info SessionInfo) SessionInfo {
	info.clean(&k.token)
	return info
}

// Session begins a session that was judged by a policy. The function it returns takes
// the session's entries in order, and returns each with new stand-ins. An entry that
// gives another event with them is pinned, as when it is recorded; what is in escrow is
// left out.
func (k *Rekeying) Session(sources []policy.Source) (func(Entry) Entry, error) {
	p, err := policy.LoadSources(sources)
	if err != nil {
		return nil, fmt.Errorf("loading the recorded policy: %w", err)
	}
	engine := policy.NewSession(p)
	return func(e Entry) Entry {
		ev := engine.Step(e.Frame)
		e.Escrow = nil // it is for who may have the original
		if e.Fidelity == policy.Escrow {
			e.Fidelity = policy.Pinned
		}
		if len(ev.Secrets) == 0 {
			return e
		}
		raw, scrub := k.token.replace(e.Frame.Raw, ev.Secrets, ev.Subject.Kind != "invalid" && ev.Subject.Kind != "oversize")
		v := &e.Event.Verdict
		raw, sub, fidelity, r := concealed(raw, scrub, ev, &rest{Findings: v.Findings, Pins: e.Frame.Pins, Pinned: e.Frame.Pinned})
		if !e.Frame.Pinned && fidelity == policy.Pinned {
			e.Fidelity = fidelity
		}
		e.Frame.Raw, e.Frame.Pins, e.Frame.Pinned = raw, r.Pins, r.Pinned
		v.Findings = r.Findings
		sub.Call = e.Event.Subject.Call
		e.Event.Subject = sub
		return e
	}, nil
}
