package reports_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rulewind/rulewind/reports"
)

// Whatever comes in, what is shown is one line that steers nothing, and nothing
// that was visible is lost.
func FuzzVisible(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := reports.Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Visible(%q) is not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("Visible(%q) holds %U", s, r)
			}
		}
		if reports.Visible(got) != got {
			t.Fatalf("Visible(%q) changes when it is made visible again", s)
		}
	})
}
