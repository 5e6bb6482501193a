package detect_test

import (
	"slices"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// seeded returns a stream of bytes that is a function of seed (SplitMix64).
func seeded(seed uint64) func() byte {
	return func() byte {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return byte((z ^ z>>31) >> 24)
	}
}

// found returns the first finding of a kind in text.
func found(text, kind string) (detect.Finding, bool) {
	for _, f := range detect.Find(nil, detect.Text{Value: text}, detect.Secrets) {
		if f.Kind == kind {
			return f, true
		}
	}
	return detect.Finding{}, false
}

// noStandIn are the kinds whose findings are pinned: passwords, and tokens that
// are all literal.
var noStandIn = []string{"aws-bedrock-short-key", "connection-string", "curl-credentials", "dsn-password", "env-password", "generic-password",
	"netrc-password", "nuget-password", "putty-private-key", "sshpass-password", "url-credentials"}

func TestEverySecretKindIsGeneratedAndFound(t *testing.T) {
	for _, r := range detect.Rules() {
		if r.Family != detect.Secrets {
			continue
		}
		for seed := range uint64(4) {
			text, ok := detect.Generate(r.Kind, seeded(seed))
			if !ok {
				t.Errorf("%s: no example comes from its pattern", r.Kind)
				break
			}
			if _, ok := found("token: "+text, r.Kind); !ok {
				if _, ok := found(text, r.Kind); !ok {
					t.Errorf("%s: its example isn't found", r.Kind)
				}
			}
		}
	}
}

// TestL8SurrogatesStandIn checks what a recording relies on: a stand-in is found
// by the same rule, at the same place, and shares no run with the secret but for
// what the rule's pattern spells out.
func TestL8SurrogatesStandIn(t *testing.T) {
	tried, good := 0, 0
	for _, r := range detect.Rules() {
		if r.Family != detect.Secrets || slices.Contains(noStandIn, r.Kind) {
			continue
		}
		for seed := range uint64(3) {
			text, ok := detect.Generate(r.Kind, seeded(seed))
			if !ok {
				continue
			}
			f, ok := found(text, r.Kind)
			if !ok {
				continue
			}
			tried++
			secret := text[f.Start:f.End]
			s, ok := detect.Surrogate(r.Kind, secret, seeded(seed+100))
			if !ok {
				t.Logf("%s: no surrogate", r.Kind)
				continue
			}
			good++
			again, _ := detect.Surrogate(r.Kind, secret, seeded(seed+100))
			if s != again {
				t.Errorf("%s: the same bytes gave two stand-ins", r.Kind)
			}
			g, ok := found(text[:f.Start]+s+text[f.End:], r.Kind)
			if !ok || g.Start != f.Start || g.End != f.End {
				t.Errorf("%s: the stand-in is found at [%d,%d), %v; want [%d,%d)", r.Kind, g.Start, g.End, ok, f.Start, f.End)
			}
			if n := sameRun(secret, s, detect.SpelledOut(r.Kind, secret)); n >= 8 {
				t.Errorf("%s: %d bytes in a row are kept", r.Kind, n)
			}
		}
	}
	t.Logf("surrogates for %d of %d generated secrets", good, tried)
	if good*100 < tried*97 {
		t.Errorf("only %d of %d secrets have a stand-in", good, tried)
	}
}

// sameRun returns the longest run of bytes that a and b share at the same places,
// not counting those spelled out.
func sameRun(a, b string, spelledOut []bool) int {
	longest, run := 0, 0
	for i := range min(len(a), len(b)) {
		switch {
		case spelledOut[i] || a[i] != b[i]:
			run = 0
		default:
			run++
			longest = max(longest, run)
		}
	}
	return longest
}

func TestPasswordsHaveNoSurrogate(t *testing.T) {
	for _, kind := range noStandIn {
		text, ok := detect.Generate(kind, seeded(1))
		if !ok {
			t.Errorf("%s: no example", kind)
			continue
		}
		f, _ := found(text, kind)
		if s, ok := detect.Surrogate(kind, text[f.Start:f.End], seeded(2)); ok {
			t.Errorf("%s: got a stand-in of %d bytes, want none", kind, len(s))
		}
	}
}
