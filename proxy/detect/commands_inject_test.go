package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

func TestPiecesOfStatementsInValues(t *testing.T) {
	for _, s := range []string{
		"admin' OR '1'='1", "admin'--", "1; DROP TABLE orders", "1 UNION SELECT name,pass FROM users", "x'; DELETE FROM products; --",
		"' or 1=1#", "5 OR 1=1", "x' AND SLEEP(5)--", "*)(uid=*", "8.8.8.8\nid", "a@b.example\r\nBcc: c@d.example", "() { :;}; /bin/id",
	} {
		if got := scoreOf(arg("lookup", "name", s), detect.Commands, ""); got < detect.Medium {
			t.Errorf("%q: score %d, want Medium", s, got)
		}
	}
	for _, s := range []string{
		"O'Brien", "dev-ops--team", "rock & roll; jazz", "how to drop table in postgres", "sql injection ' OR 1=1 explained", "curl | bash security risks",
		"union select committee", "Tom & Jerry; the movie", "it's 5 or 6", "f(x) (y)", "a; b", "select a chair", "status != Done ORDER BY created DESC", "Joe's -- the bar",
	} {
		quiet(arg("lookup", "name", s), detect.Low).run(t, detect.Commands)
	}
	quiet(arg("write_file", "content", "expect(q(\"' OR 1=1 --\")).toThrow(); // ${jndi:ldap://x/a}\nspec:\n  hostPID: true\n"), detect.Low).run(t, detect.Commands)
	quiet(arg("create_issue", "body", "The page renders {{ ''.__class__.__mro__ }} and <!ENTITY e SYSTEM \"file:///etc/hosts\">."), detect.Low).run(t, detect.Commands)
	finds(arg("kubectl_apply", "manifest", "kind: Pod\nspec:\n  hostPID: true\n"), "docker-escape", detect.Medium).run(t, detect.Commands)
	finds(arg("xml_parse", "xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><x>&e;</x>`), "external-entity", detect.Medium).run(t, detect.Commands)
	finds(arg("write_file", "content", `{"chat.tools.autoApprove": true}`), "kill-security", detect.Medium).run(t, detect.Commands)
	finds(arg("mongo_find", "$where", "sleep(10000)"), "code-execution", detect.Medium).run(t, detect.Commands)
	finds(arg("git_diff", "target", "--output=/etc/cron.d/x"), "command-injection", detect.Medium).run(t, detect.Commands)
	finds(arg("git_config", "key", "core.hooksPath"), "persistence", detect.Medium).run(t, detect.Commands)
	finds(arg("set_env", "name", "LD_PRELOAD"), "code-execution", detect.Medium).run(t, detect.Commands)
	finds(arg("install_package", "name", "https://x.example/a.tgz"), "package-install", detect.Medium).run(t, detect.Commands)
	finds(arg("dynamodb_call", "operation", "DeleteTable"), "cloud-destructive", detect.Medium).run(t, detect.Commands)
	finds(arg("kubectl", "command", "delete namespace production"), "destructive-delete", detect.Medium).run(t, detect.Commands)
	finds(arg("delete_files", "pattern", "/etc/**/*"), "destructive-delete", detect.Medium).run(t, detect.Commands)
	quiet(arg("kubectl", "command", "get pods -n default"), detect.Low).run(t, detect.Commands)
	quiet(arg("install_package", "name", "lodash"), detect.Low).run(t, detect.Commands)
	quiet(arg("rows_call", "operation", "DeleteMessage"), detect.Low).run(t, detect.Commands)
	quiet(arg("delete_files", "pattern", "dist/**/*"), detect.Low).run(t, detect.Commands)
}
