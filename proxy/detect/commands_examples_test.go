package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestParserExamples holds the parsers of commands, paths and egress to their own
// examples: what must match does so surely, what mustn't has nothing above Low.
func TestParserExamples(t *testing.T) {
	low := map[string]bool{"git-destructive": true, "package-install": true, "shortener": true, "ip-literal-host": true, "internal-name": true, "env-dump": true, "exfiltration": true}
	for _, name := range []string{"commands", "paths", "egress"} {
		p := detect.ParserNamed(name)
		if len(p.Match) == 0 || len(p.NoMatch) == 0 {
			t.Fatalf("parser %q has no examples", name)
		}
		for text, kind := range p.Match {
			least := detect.Medium
			if low[kind] {
				least = detect.Low
			}
			finds(detect.Text{Value: text}, kind, least).run(t, p.Family)
		}
		for _, text := range p.NoMatch {
			quiet(detect.Text{Value: text}, detect.Low).run(t, p.Family)
		}
	}
}
