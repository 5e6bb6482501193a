package reports_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

func TestCoverageLCOV(t *testing.T) {
	cover, err := replay.Cover(context.Background(), seq(day(t)), load(t, testPolicy), 1)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "coverage.txt", render(t, reports.CoverageText, cover))
	cover.Policy.Files = []replay.PolicyFile{{Name: "test.yaml", Path: "policies/test.yaml"}}
	text := render(t, reports.CoverageLCOV, cover)
	golden(t, "coverage.lcov", text)
	count := map[string]int{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		hit := !strings.HasSuffix(value, ",0") && !strings.HasSuffix(value, ",-")
		switch key {
		case "DA", "BRDA":
			count[key]++
			if hit {
				count[key+"h"]++
			}
		case "FNDA":
			count[key]++
			if !strings.HasPrefix(value, "0,") {
				count[key+"h"]++
			}
		case "LF", "LH", "BRF", "BRH", "FNF", "FNH":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Error(err)
			}
			count[key] = n
		}
	}
	for total, of := range map[string]string{"LF": "DA", "LH": "DAh", "BRF": "BRDA", "BRH": "BRDAh", "FNF": "FNDA", "FNH": "FNDAh"} {
		if count[total] != count[of] || count["DA"] == 0 {
			t.Errorf("%s says %d, but there are %d", total, count[total], count[of])
		}
	}
	// Rules of what it extends are no lines of a file that is there.
	cover.Policy.Files = []replay.PolicyFile{{Name: "p.yaml", Path: "p.yaml"}, {Name: "test.yaml"}}
	if got := render(t, reports.CoverageLCOV, cover); got != "" {
		t.Errorf("lines of a built-in policy: %s", got)
	}
}
