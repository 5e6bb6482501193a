package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// What developers and people at home open all day passes; what owns a machine, keeps
// keys or belongs to a company's network doesn't.
func TestLocalEgress(t *testing.T) {
	loud := func(kind, url string) wants { return finds(arg("fetch", "url", url), kind, detect.Medium) }
	fine := func(url string) wants { return quiet(arg("fetch", "url", url), detect.Low) }
	run := func(line string) wants { return quiet(arg("bash", "command", line), detect.Low) }
	for _, tt := range []wants{
		fine("http://localhost:3000/admin/posts"),
		fine("http://127.0.0.1:8000/admin/login/?next=/"),
		loud("loopback-address", "http://localhost:8080/admin"),
		quiet(arg("browser_navigate", "url", "http://localhost:8080/admin/users?page=2"), detect.Low),
		loud("loopback-address", "http://localhost/admin"),
		fine("http://localhost:8000/token"),
		fine("http://localhost:8000/api/v1/auth/token"),
		loud("loopback-address", "http://localhost:50342/oauth2/token?resource=https://vault.example"),
		loud("loopback-address", "http://localhost:8081/msi/token"),
		fine("http://localhost:3000/environments/3/envelopes"),
		loud("loopback-address", "http://localhost:8080/actuator/env"),
		loud("loopback-address", "http://localhost:8080/debug/pprof/heap"),
		loud("loopback-address", "http://localhost:3000/.env"),
		fine("http://localhost:3000/.well-known/openid-configuration"),
		fine("http://localhost:9200/_cluster/health"),
		fine("http://localhost:9000/minio/health/live"),
		loud("loopback-address", "http://localhost:9200/_cat/indices"),
		loud("loopback-address", "http://localhost:2375/_ping"),
		loud("loopback-address", "http://localhost:10250/healthz"),
		quiet(arg("import_spec", "spec", "http://localhost:8000/openapi.json"), detect.Low),
		finds(arg("import_spec", "spec", "http://localhost:2379/v2/keys"), "loopback-address", detect.Medium),

		fine("http://192.168.1.20/api/v1/status"),
		fine("http://192.168.178.45:8123/lovelace/0"),
		fine("http://192.168.0.42/cm?cmnd=Power%20TOGGLE"),
		loud("private-address", "http://192.168.1.1/"),
		loud("private-address", "http://192.168.0.254/login"),
		loud("private-address", "http://192.168.1.20/cgi-bin/luci"),
		loud("private-address", "http://192.168.1.20:2375/containers/json"),
		loud("private-address", "http://192.168.1.20/admin"),
		loud("private-address", "http://10.0.0.12/api/v1/status"),
		loud("private-address", "http://172.16.4.2/"),
		loud("obfuscated-address", "http://0xc0a80114/"),

		run("nslookup api.dev.svc.cluster.local"),
		finds(arg("bash", "command", "curl http://api.dev.svc.cluster.local/keys"), "internal-name", detect.Medium),
		quiet(arg("browser_navigate", "url", "http://localhost:15672/"), detect.Low),
		finds(arg("browser_navigate", "url", "http://localhost:9222/"), "loopback-address", detect.Medium),
		finds(arg("fetch", "url", "http://localhost:15672/"), "loopback-address", detect.Medium),
		run("ping -c 3 192.168.1.1"),
		run("ssh pi@192.168.1.20 uptime"),
		run("scp build.tgz deploy@10.0.0.7:/srv/www/"),
		run("rsync -av site/ deploy@10.0.0.7:/srv/www/"),
		finds(arg("bash", "command", "curl 10.0.0.7/latest"), "private-address", detect.Medium),
		finds(arg("bash", "command", "ping 169.254.169.254"), "metadata-address", detect.Medium),
		finds(arg("bash", "command", "nmap 10.0.0.7"), "private-address", detect.Medium),

		quiet(arg("browser_navigate", "url", "file:///home/dev/site/index.html"), detect.Low),
		finds(arg("browser_navigate", "url", "file:///etc/hosts"), "non-http-scheme", detect.Medium),
		finds(arg("fetch", "url", "file:///home/dev/site/index.html"), "non-http-scheme", detect.Medium),
	} {
		tt.run(t, detect.Egress)
	}
}
