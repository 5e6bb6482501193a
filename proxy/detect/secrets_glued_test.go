package detect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// generated returns a key of a kind, without what an example has around it.
func generated(t *testing.T, kind string, seed uint64) string {
	t.Helper()
	s, ok := detect.Generate(kind, seeded(seed))
	if !ok {
		t.Fatalf("no example of %s", kind)
	}
	found := detect.Find(nil, detect.Text{Value: s}, detect.Secrets)
	if len(found) == 0 {
		t.Fatalf("the example of %s isn't found", kind)
	}
	return s[found[0].Start:found[0].End]
}

func TestKeysOfManyKindsInDisguise(t *testing.T) {
	grouped := func(s string) string {
		var b strings.Builder
		for i := 0; i < len(s); i += 4 {
			b.WriteString(s[i:min(len(s), i+4)] + " ")
		}
		return b.String() + "ok"
	}
	turned := func(s string) string {
		b := []byte(s)
		slices.Reverse(b)
		return string(b)
	}
	named := func(s string) string {
		return "b='" + s[len(s)/2:] + "'; a='" + s[:len(s)/2] + "'; k = a + b"
	}
	for _, kind := range []string{"github-oauth", "npm-token", "openai-project-key", "groq-key", "openrouter-key", "doppler-token", "gitlab-agent-token", "stripe-webhook-secret"} {
		key := generated(t, kind, 11)
		for name, text := range map[string]string{"in groups": grouped(key), "turned round": turned(key), "after a word": "my" + key, "after a name": "old_" + key, "as a sum": named(key)} {
			if kinds := kindsIn(text, detect.Secrets, detect.Answer); len(kinds) == 0 {
				t.Errorf("%s %s isn't found", kind, name)
			}
		}
	}
}

func TestAWrongChecksumIsLessSure(t *testing.T) {
	for _, kind := range []string{"github-oauth", "npm-token"} {
		right := generated(t, kind, 5)[:4] + strings.Repeat("q7Rb2Zx", 5)[:30]
		for text, want := range map[string]detect.Score{right + detect.Checksum(right[4:]): detect.High, right + "000000": detect.Medium} {
			found := detect.Find(nil, detect.Text{Value: text}, detect.Secrets)
			if len(found) != 1 || found[0].Score != want {
				t.Errorf("%s with the sum %s: %v, want one of score %v", kind, text[len(text)-6:], found, want)
			}
		}
	}
}
