package reports_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rulewind/rulewind/reports"
)

func TestDiffIsReadable(t *testing.T) {
	long := strings.Repeat("the same words again ", 20)
	for _, tt := range []struct{ before, after, want string }{
		{"token [REDACTED:pat] end", "token ******** end", "token [-[REDACTED:pat]-]{+********+} end"},
		{`"code":"APPROVAL_REQUIRED"`, `"code":"POLICY_DENIED"`, `"code":"[-APPROVAL_REQUIRED-]{+POLICY_DENIED+}"`},
		{"a b c", "a c", "a [-b -]c"},
		{"", "new", "{+new+}"},
		{"ééé", "éèé", "[-ééé-]{+éèé+}"},
		{"日本", "日本語", "[-日本-]{+日本語+}"},
		{"a\x1b[31m b", "a\x1b[31m c", `a\x1b[31m [-b-]{+c+}`},
		{"x\xff", "y\xff", "[-x-]{+y+}\ufffd"},
		{long + "one", long + "two", "…" + long[len(long)-48:] + "[-one-]{+two+}"},
		{"one" + long, "two" + long, "[-onethe-]{+twothe+}" + long[3:51] + "…"},
	} {
		if got := reports.Diff(tt.before, tt.after); got != tt.want {
			t.Errorf("diff of %q and %q:\ngot  %s\nwant %s", tt.before, tt.after, got, tt.want)
		}
	}
	if got := reports.Diff(strings.Repeat("a ", 5000), strings.Repeat("b ", 5000)); got != "" {
		t.Errorf("texts over the bound are compared: %.80s", got)
	}
}

// The worst two texts that are still compared take no time that a reader notices,
// though a report shows hundreds of such pairs.
func TestDiffIsBounded(t *testing.T) {
	var a, b strings.Builder
	for i := range 300 {
		a.WriteByte("(-,.;"[i%5])
		b.WriteByte(";+.(/!"[i*7%6])
	}
	start := time.Now()
	for range 20 {
		if reports.Diff(a.String(), b.String()) == "" {
			t.Fatal("nothing is shown")
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("20 took %v", took)
	}
}

// What is shown of a diff holds the whole of both texts where they are short.
func FuzzDiff(f *testing.F) {
	f.Add("a b", "a c")
	f.Add("é", "è")
	for i, h := range hostile[1:] {
		f.Add(hostile[i], h)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(reports.Visible(before)) > 90 || len(reports.Visible(after)) > 90 || strings.ContainsAny(before+after, "[]{}+-") {
			return
		}
		got := reports.Diff(before, after)
		if old := withoutMarked(got, "{+", "+}", "[-", "-]"); old != reports.Visible(strings.ToValidUTF8(before, "\uFFFD")) {
			t.Errorf("%q: before is %q, want %q", got, old, before)
		}
		if now := withoutMarked(got, "[-", "-]", "{+", "+}"); now != reports.Visible(strings.ToValidUTF8(after, "\uFFFD")) {
			t.Errorf("%q: after is %q, want %q", got, now, after)
		}
	})
}

// withoutMarked removes what stands between the first two marks, and the others.
func withoutMarked(s, open, end, keep, kept string) string {
	for {
		before, rest, found := strings.Cut(s, open)
		if !found {
			return strings.NewReplacer(keep, "", kept, "").Replace(s)
		}
		_, after, _ := strings.Cut(rest, end)
		s = before + after
	}
}
