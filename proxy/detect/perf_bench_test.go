package detect_test

import (
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// The families that the proxy asks for in each direction.
const (
	toServer = detect.Secrets | detect.Commands | detect.Paths | detect.Egress | detect.Hidden
	toClient = detect.Secrets | detect.Injection | detect.Hidden
)

// ordinaryChinese is written for the benchmark.
const ordinaryChinese = `花园委员会星期二开会,讨论了新花园的计划。因为下了一周的雨,大家都待在屋里,话题就转到了排水,以及旧管道能不能承受四月预报的雨量。
没有人有把握。安娜提出去镇上要一九八七年的图纸,皮特说他家里某个地方还有一份,虽然搬了两次家。
`

// BenchmarkShort is what most strings of most messages are.
func BenchmarkShort(b *testing.B) {
	for _, bm := range []struct {
		name string
		want detect.Set
		text detect.Text
	}{
		{"path", toServer, arg("read_file", "path", "src/main.go")},
		{"words", toServer, arg("echo", "message", "hello world")},
		{"query", toServer, arg("search", "query", "how are the drains laid out in the garden of 1987, and by whom?")},
		{"method", toServer, detect.Text{Value: "tools/call"}},
		{"key", toServer, arg("get", "id", "b1946ac9-2c1f-4c0e-8b1d-0a4e5a1b2c3d")},
		{"command", toServer, arg("run", "command", "go test ./...")},
		{"url", toServer, arg("fetch", "url", "https://docs.example.com/guide/start")},
		{"answer", toClient, detect.Text{Value: "Nobody was sure. The file has 12 lines, and 3 of them changed.", Place: detect.Answer}},
		{"type", toClient, detect.Text{Value: "text", Name: "type", Place: detect.Answer}},
		{"description", toClient, detect.Text{Value: "Reads a file and returns its lines, from the first to the last.", Place: detect.Description}},
	} {
		b.Run(bm.name, func(b *testing.B) { benchText(b, bm.text, bm.want) })
	}
}

// BenchmarkDirections is a message's worth of text each way.
func BenchmarkDirections(b *testing.B) {
	for _, bm := range []struct{ name, text string }{
		{"prose", ordinaryProse},
		{"code", sample(b, "proxy/mcp/*.go", "proxy/policy/*.go")},
	} {
		text := repeat(bm.text, 4<<10)
		b.Run(bm.name+"/server", func(b *testing.B) { benchText(b, arg("write_file", "content", text), toServer) })
		b.Run(bm.name+"/client", func(b *testing.B) {
			benchText(b, detect.Text{Value: text, Name: "text", Place: detect.Answer}, toClient)
		})
	}
}

// BenchmarkLong is long texts of the kinds that cost most.
func BenchmarkLong(b *testing.B) {
	soup := strings.ReplaceAll(keywords(512<<10), "\n", " ")
	soup64 := soup[:sampleSize]
	for _, bm := range []struct {
		name string
		text detect.Text
	}{
		{"chinese", detect.Text{Value: repeat(ordinaryChinese, sampleSize)}},
		{"soup64/argument", arg("run", "text", soup64)},
		{"soup64/command", arg("run", "command", soup64)},
		{"soup64/answer", detect.Text{Value: soup64, Place: detect.Answer}},
		{"soup/argument", arg("run", "text", soup)},
		{"soup/command", arg("run", "command", soup)},
		{"soup/answer", detect.Text{Value: soup, Place: detect.Answer}},
	} {
		b.Run(bm.name, func(b *testing.B) { benchText(b, bm.text, detect.All) })
	}
}

func benchText(b *testing.B, t detect.Text, want detect.Set) {
	detect.Find(nil, t, want) // compiles what it needs
	b.SetBytes(int64(len(t.Value)))
	b.ReportAllocs()
	for b.Loop() {
		detect.Find(nil, t, want)
	}
}
