package detect_test

import (
	"cmp"
	"math/rand"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rulewind/rulewind/proxy/detect"
)

func TestEveryRuleHasALiteral(t *testing.T) {
	if kinds := detect.Unindexed(); len(kinds) > 0 {
		t.Errorf("no literal of three bytes or more stands in every match of %q: such a rule runs on all text; spell one out", kinds)
	}
}

func TestPrefilterTablesAreSparse(t *testing.T) {
	four, three := detect.Fill()
	t.Logf("%d and %d of 65536 places in use", four, three)
	if four > 6000 || three > 3000 {
		t.Errorf("%d and %d of 65536 places in use: the scan would stop at every other word", four, three)
	}
}

// prefiltered returns how the matches by way of the prefilter differ from those of
// the plain regular expressions.
func prefiltered(text string, place detect.Place) string {
	got, want := detect.Matches(text, place, false), detect.Matches(text, place, true)
	for _, m := range [][][3]int{got, want} {
		slices.SortFunc(m, func(a, b [3]int) int {
			return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
		})
	}
	return gocmp.Diff(want, got)
}

var places = []detect.Place{detect.Argument, detect.Answer, detect.Description}

// soup joins generated positives, their parts and other text.
func soup(r *rand.Rand, examples []string) string {
	var b strings.Builder
	for range 2 + r.Intn(6) {
		x := examples[r.Intn(len(examples))]
		switch r.Intn(4) {
		case 0:
			x = x[r.Intn(len(x)):]
		case 1:
			x = x[:r.Intn(len(x))]
		}
		b.WriteString(x)
		b.WriteString([]string{"\n", " ", "é", "-", "=", "\xff", "", `"`, "x", " the key: "}[r.Intn(10)])
	}
	return b.String()
}

func examples() []string {
	var all []string
	for i, r := range detect.Rules() {
		all = append(all, r.Match...)
		if r.Family == detect.Secrets {
			if x, ok := detect.Generate(r.Kind, seeded(uint64(i))); ok {
				all = append(all, x)
			}
		}
	}
	return all
}

func TestPrefilterFindsWhatPlainRegexpsFind(t *testing.T) {
	all := examples()
	r := rand.New(rand.NewSource(5))
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for i := range rounds {
		text := soup(r, all)
		if d := prefiltered(text, places[i%len(places)]); d != "" {
			t.Fatalf("matches in %q differ (-plain +prefiltered):\n%s", text, d)
		}
	}
}

func FuzzPrefilter(f *testing.F) {
	r := rand.New(rand.NewSource(7))
	all := examples()
	for range 20 {
		f.Add(soup(r, all))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 || strings.ContainsAny(text, "\u017f\u212a") {
			t.Skip() // too slow plainly; folded only by the Unicode view
		}
		if d := prefiltered(text, places[len(text)%len(places)]); d != "" {
			t.Errorf("matches differ (-plain +prefiltered):\n%s", d)
		}
	})
}
