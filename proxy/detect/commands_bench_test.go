package detect_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

const plainWords = "The quick brown fox jumps over the lazy dog; then it rests a while, and reads (slowly) the daily news. "

func BenchmarkDocument(b *testing.B) {
	benchFind(b, arg("write_file", "content", strings.Repeat(plainWords, 640)))
}

func BenchmarkAnswer(b *testing.B) {
	benchFind(b, detect.Text{Value: strings.Repeat(plainWords, 640), Place: detect.Answer})
}

func BenchmarkCommandLine(b *testing.B) {
	benchFind(b, arg("run_command", "command", "cd /srv/app && git pull --ff-only && npm ci && npm run build | tee build.log"))
}

func BenchmarkScript(b *testing.B) {
	benchFind(b, arg("run_command", "command", strings.Repeat("for f in src/*.go; do gofmt -l \"$f\" | grep -v vendor; done\n", 66)))
}

func BenchmarkPath(b *testing.B) {
	benchFind(b, arg("read_file", "path", "/home/dev/ws/go-app/internal/server/handler_test.go"))
}

func BenchmarkURL(b *testing.B) {
	benchFind(b, arg("fetch", "url", "https://docs.example.com/guide/start?lang=en&version=3"))
}

// BenchmarkHostile is a text made of the words that the detectors look for.
func BenchmarkHostile(b *testing.B) {
	benchFind(b, arg("run_command", "command", strings.Repeat("exec socket http system( powershell iwr iex eval base64 .ssh/ process.env rmtree sc net reg del /s /q ", 640)))
}

func benchFind(b *testing.B, t detect.Text) {
	b.SetBytes(int64(len(t.Value)))
	b.ReportAllocs()
	for b.Loop() {
		detect.Find(nil, t, detect.Commands|detect.Paths|detect.Egress)
	}
}
