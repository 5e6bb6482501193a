package detect_test

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

const sampleSize = 64 << 10

// sample returns text of the repository's files with an ending, which stands for
// ordinary text or code.
func sample(tb testing.TB, globs ...string) string {
	var b strings.Builder
	for _, g := range globs {
		names, err := filepath.Glob(filepath.Join("..", "..", g))
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				tb.Fatal(err)
			}
			b.Write(text)
		}
	}
	if b.Len() == 0 {
		tb.Skip("no files for the sample")
	}
	return repeat(b.String(), sampleSize)
}

func repeat(s string, size int) string {
	return strings.Repeat(s, size/len(s)+1)[:size]
}

// ordinaryProse is written for the benchmark: meetings, gardens, a bug report.
const ordinaryProse = `The committee met on Tuesday to go over the plans for the new garden. Rain had
kept everyone inside for most of the week, so the talk turned to drainage, and to
whether the old pipes could carry what the forecast promised for April. Nobody was
sure. Anna offered to ask the town for the drawings from 1987, and Piet said that
he still had a copy somewhere, though moving house twice had not helped.

Version 2.4 makes the importer about a third faster on large files. It no longer
reads the whole index before it starts, and it reports how far it has come. If a
file can't be read the others are still done, and the summary at the end lists what
was left out, with the reason. The format of the summary has not changed.

When I open a drawing from the recent list the window stays empty until I resize
it. This happens on both of my machines since the last update, but not with a new
account. Let me know if a recording would help; I can also try an older version.
`

func logs(size int) string {
	r := rand.New(rand.NewSource(1))
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, "2026-03-%02dT%02d:%02d:%02d.%03dZ INFO http.server served method=GET path=/v1/items/%d status=200 bytes=%d took=%dms peer=192.0.2.%d\n",
			r.Intn(28)+1, r.Intn(24), r.Intn(60), r.Intn(60), r.Intn(1000), r.Intn(100000), r.Intn(90000), r.Intn(400), r.Intn(255))
	}
	return b.String()[:size]
}

func noise(size int) string {
	b := make([]byte, size)
	rand.New(rand.NewSource(2)).Read(b)
	return base64.StdEncoding.EncodeToString(b)[:size]
}

// keywords is text made to stop at every literal of the prefilter.
func keywords(size int) string {
	r := rand.New(rand.NewSource(3))
	words := detect.Words()
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(words[r.Intn(len(words))])
		b.WriteByte(" =:\n"[r.Intn(4)])
	}
	return b.String()[:size]
}

func BenchmarkFind(b *testing.B) {
	for _, bm := range []struct{ name, text string }{
		{"prose", repeat(ordinaryProse, sampleSize)},
		{"code", sample(b, "proxy/mcp/*.go", "proxy/policy/*.go")},
		{"logs", logs(sampleSize)},
		{"base64", noise(sampleSize)},
		{"4KB", repeat(ordinaryProse, 4<<10)},
		{"40B", ordinaryProse[:40]},
		{"percent", strings.Repeat("%41", sampleSize/3)},
		{"keywords", keywords(sampleSize)},
	} {
		for _, want := range []detect.Set{detect.Secrets, detect.All} {
			name := bm.name + "/secrets"
			if want == detect.All {
				name = bm.name + "/all"
			}
			b.Run(name, func(b *testing.B) {
				detect.Find(nil, detect.Text{Value: bm.text}, want) // compiles what it needs
				b.SetBytes(int64(len(bm.text)))
				b.ReportAllocs()
				for b.Loop() {
					detect.Find(nil, detect.Text{Value: bm.text}, want)
				}
			})
		}
	}
}

// TestRulesStayOffOrdinaryText keeps patterns whose literals are common words from
// making every message slow: the prefilter should hand them hardly any of it.
func TestRulesStayOffOrdinaryText(t *testing.T) {
	for name, text := range map[string]string{"prose": repeat(ordinaryProse, sampleSize), "logs": logs(sampleSize)} {
		for kind, n := range detect.Verified(text) {
			if share := 100 * n / len(text); share > 40 {
				t.Errorf("%s: %d %% of ordinary %s goes to its regular expression; bound its repetitions or spell out a rarer word", kind, share, name)
			} else if share > 3 {
				t.Logf("%s: %d %% of ordinary %s goes to its regular expression", kind, share, name)
			}
		}
	}
}
