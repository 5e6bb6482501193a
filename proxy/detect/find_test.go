package detect_test

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rulewind/rulewind/proxy/detect"
)

// kindsIn returns the kinds of the findings of the families in text.
func kindsIn(text string, want detect.Set, place detect.Place) []string {
	var kinds []string
	for _, f := range detect.Find(nil, detect.Text{Value: text, Place: place}, want) {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func TestExamplesOfRules(t *testing.T) {
	for _, r := range detect.Rules() {
		place := detect.AnyPlace
		if len(r.Places) > 0 {
			place = r.Places[0]
		}
		for _, text := range r.Match {
			if kinds := kindsIn(text, r.Family, place); !slices.Contains(kinds, r.Kind) {
				t.Errorf("%s isn't found in %q, only %v", r.Kind, text, kinds)
			}
		}
		for _, text := range r.NoMatch {
			if kinds := kindsIn(text, r.Family, place); slices.Contains(kinds, r.Kind) {
				t.Errorf("%s is found in %q", r.Kind, text)
			}
		}
	}
}

// anywhere returns the kinds found in text as the value of any of the members that
// move a parser.
func anywhere(text string, want detect.Set) []string {
	var kinds []string
	for _, name := range []string{"", "command", "path", "url"} {
		for _, f := range detect.Find(nil, detect.Text{Value: text, Name: name, Place: detect.Argument}, want) {
			kinds = append(kinds, f.Kind)
		}
	}
	return kinds
}

func TestExamplesOfParsers(t *testing.T) {
	for _, p := range detect.Parsers() {
		for text, kind := range p.Match {
			if kinds := anywhere(text, p.Family); !slices.Contains(kinds, kind) {
				t.Errorf("%s: %s isn't found in %q, only %v", p.Name, kind, text, kinds)
			}
			if !slices.Contains(p.Kinds, kind) {
				t.Errorf("%s: %s is not among its kinds", p.Name, kind)
			}
		}
		for _, text := range p.NoMatch {
			for _, kind := range kindsIn(text, p.Family, detect.Argument) {
				if slices.Contains(p.Kinds, kind) {
					t.Errorf("%s: %s is found in %q", p.Name, kind, text)
				}
			}
		}
	}
}

func TestKindsAreSpelledAlike(t *testing.T) {
	kinds := detect.Kinds(detect.All)
	if !slices.IsSorted(kinds) || len(slices.Compact(slices.Clone(kinds))) != len(kinds) {
		t.Errorf("Kinds(All) is not sorted without duplicates")
	}
	for _, k := range kinds {
		if k == "" || strings.Trim(k, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("kind %q is not in lower case with dashes", k)
		}
	}
	if n := len(detect.Kinds(detect.Secrets)); n < 200 {
		t.Errorf("%d kinds of secrets, want 200 or more", n)
	}
}

func TestRulesSayWhatTheyAre(t *testing.T) {
	for _, r := range detect.Rules() {
		if r.Doc == "" || r.Score == detect.NoScore && r.Grade == nil {
			t.Errorf("%s: Doc or Score is missing", r.Kind)
		}
		if r.Family == detect.Secrets && len(r.Match) > 0 {
			t.Errorf("%s: positives of secrets are generated, not written down", r.Kind)
		}
	}
}

// example returns a generated text with a secret of the kind, and the secret.
func example(t *testing.T, kind string, seed uint64) (text, secret string) {
	t.Helper()
	text, ok := detect.Generate(kind, seeded(seed))
	if !ok {
		t.Fatalf("no example of %s", kind)
	}
	f, ok := found(text, kind)
	if !ok {
		t.Fatalf("%s isn't found in its example", kind)
	}
	return text, text[f.Start:f.End]
}

func TestSpecificSecretsReplaceGenericOnes(t *testing.T) {
	_, secret := example(t, "github-pat", 1)
	got := kindsIn(`api_key = "`+secret+`"`, detect.Secrets, detect.AnyPlace)
	if diff := gocmp.Diff([]string{"github-pat"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlaceholdersAreNoSecrets(t *testing.T) {
	for _, text := range []string{
		`GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
		`api_key: "${SERVICE_API_KEY_FROM_VAULT_1}"`,
		`const token = process.env.GITHUB_TOKEN_2024`,
		`password = "<your-password-1>"`,
		`DATABASE_URL=postgres://app:changeme@localhost:5432/app`,
		`AMQP=amqp://guest:guest@rabbit:5672/`,
		`SECRET_KEY=your_secret_key_here_1234`,
		`-----BEGIN PRIVATE KEY-----` + "\n...\n" + `-----END PRIVATE KEY-----`,
		`aws_access_key_id = AKIA` + `IOSFODNN7` + `EXAMPLE`,
		`Authorization: Bearer <token>`,
		`"integrity": "sha512-em37/13/nR320G4jab/nIIHZgc2Wz2y/D39lxnTyxB4/D/omPQncl/lSdlnJY1OhQcRGugTSIF2l/69o31C9dA=="`,
	} {
		if kinds := kindsIn(text, detect.Secrets, detect.AnyPlace); len(kinds) > 0 {
			t.Errorf("%q has %v", text, kinds)
		}
	}
}

func TestANameMakesAValueASecret(t *testing.T) {
	_, secret := example(t, "datadog-token", 3)
	for name, want := range map[string]bool{"datadog_api_key": true, "title": false, "": false} {
		fs := detect.Find(nil, detect.Text{Value: secret, Name: name, Place: detect.Argument}, detect.Secrets)
		if got := len(fs) > 0; got != want {
			t.Errorf("member %q: found %v, want %v", name, got, want)
		}
		for _, f := range fs {
			if f.Start != 0 || f.End != len(secret) {
				t.Errorf("member %q: found at [%d,%d), want all of it", name, f.Start, f.End)
			}
		}
	}
}

func TestFindAppendsAndSorts(t *testing.T) {
	first, _ := example(t, "npm-token", 1)
	second, _ := example(t, "pypi-token", 1)
	before := detect.Finding{Kind: "mine"}
	got := detect.Find([]detect.Finding{before}, detect.Text{Value: second + " and " + first}, detect.Secrets)
	var kinds []string
	for _, f := range got {
		kinds = append(kinds, f.Kind)
	}
	if diff := gocmp.Diff([]string{"mine", "pypi-token", "npm-token"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestFindIsSafeForConcurrentUse(t *testing.T) {
	text := strings.Join(examples(), "\n")
	want := detect.Find(nil, detect.Text{Value: text}, detect.All)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if d := gocmp.Diff(want, detect.Find(nil, detect.Text{Value: text}, detect.All)); d != "" {
				t.Error(d)
			}
		})
	}
	wg.Wait()
}

func FuzzFind(f *testing.F) {
	for _, x := range examples() {
		f.Add(x, "api_key")
	}
	for _, x := range []string{"%2e%2e%2f", "&#x72;m", `\x72\x6d`, "cm0gLXJmIC8gLS1uby1wcmVzZXJ2ZS1yb290", "72 6d 20 2d 72 66 20 2f", "ｒｍ", "\u200b\u202e", "\xc3\x28"} {
		f.Add(x, "text")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		in := detect.Text{Value: text, Name: name, Place: detect.Argument}
		fs := detect.Find(nil, in, detect.All)
		if d := gocmp.Diff(fs, detect.Find(nil, in, detect.All)); d != "" {
			t.Fatalf("two runs differ:\n%s", d)
		}
		valid := utf8.ValidString(text)
		for _, x := range fs {
			if x.Start < 0 || x.Start > x.End || x.End > len(text) {
				t.Fatalf("%s at [%d,%d) of %d bytes", x.Kind, x.Start, x.End, len(text))
			}
			if valid && (!boundary(text, x.Start) || !boundary(text, x.End)) {
				t.Fatalf("%s at [%d,%d) splits a character (view %s)", x.Kind, x.Start, x.End, x.View)
			}
		}
		if !slices.IsSortedFunc(fs, func(a, b detect.Finding) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
		}) {
			t.Fatal("findings are out of order")
		}
	})
}

func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

func TestReadingsBeginWithTheText(t *testing.T) {
	for _, s := range []string{"", "a", "\xff", "a%20b", "aGVsbG8gd29ybGQsIGhlbGxv"} {
		if r := detect.Readings(s); len(r) == 0 || r[0] != s {
			t.Errorf("%q reads %q", s, r)
		}
	}
}
