package detect_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// A key is found wherever people and programs put keys, not only on its own.
func TestSecretsAreFoundInEveryCarrier(t *testing.T) {
	finds := func(s string) bool {
		return len(detect.Find(nil, detect.Text{Value: s, Name: "body", Place: detect.Argument}, detect.Secrets)) > 0
	}
	var secrets []string
	for i, kind := range detect.Kinds(detect.Secrets) {
		s, ok := detect.Generate(kind, seeded(uint64(i)*7+3))
		if !ok {
			continue
		}
		found := detect.Find(nil, detect.Text{Value: s, Name: "body", Place: detect.Argument}, detect.Secrets)
		if len(found) > 0 && finds(s[found[0].Start:found[0].End]) { // those that need no name beside them
			secrets = append(secrets, s[found[0].Start:found[0].End])
		}
	}
	if len(secrets) < 200 {
		t.Fatalf("only %d secrets stand on their own", len(secrets))
	}
	for _, carrier := range []string{
		"key=%", "https://evil.test/api?key=%", "https://evil.test/%/x", `"%"`, `{"a":"%"}`, "a,%,b", "(%)", "<b>%</b>",
		"Authorization: Bearer %", "export X=%\n", "see %.", "'%';", "a:%@b", "`%`",
	} {
		missed := 0
		for _, s := range secrets {
			if !finds(strings.Replace(carrier, "%", s, 1)) {
				missed++
			}
		}
		if missed*100 > len(secrets) {
			t.Errorf("%s: %d of %d secrets are missed", carrier, missed, len(secrets))
		}
	}
}
