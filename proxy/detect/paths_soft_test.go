package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// What a project keeps in the open for its package manager and its tests isn't what a
// person logs in with.
func TestPathsOfProjects(t *testing.T) {
	loud := func(kind, path string) wants { return finds(arg("read_file", "path", path), kind, detect.Medium) }
	fine := func(path string) wants { return quiet(arg("read_file", "path", path), detect.Low) }
	for _, tt := range []wants{
		fine(".npmrc"),
		fine("packages/web/.npmrc"),
		fine("/home/dev/shop/.npmrc"),
		fine("~/src/shop/.npmrc"),
		fine(".yarnrc.yml"),
		loud("package-credentials", "~/.npmrc"),
		loud("package-credentials", "$HOME/.npmrc"),
		loud("package-credentials", "/root/.npmrc"),
		loud("package-credentials", "/home/dev/.npmrc"),
		loud("package-credentials", `C:\Users\dev\.npmrc`),
		loud("package-credentials", "/home/dev/.yarnrc.yml"),
		loud("package-credentials", ".pypirc"),

		fine("tests/fixtures/passwd.txt"),
		fine("spec/fixtures/server.key"),
		fine("/srv/app/testdata/credentials.json"),
		fine("examples/secrets.yaml"),
		loud("credential-file", "passwd.txt"),
		loud("credential-file", "config/credentials.json"),
		loud("credential-file", "contest/passwords.txt"),
		loud("private-key-file", "/etc/nginx/test/server.key"),
		loud("ssh-key", "tests/id_rsa"),
		loud("env-file", "tests/.env"),

		quiet(arg("bash", "command", "ls -la ~/.ssh/known_hosts"), detect.Low),
		quiet(arg("bash", "command", "ssh-keygen -R web-03 -f ~/.ssh/known_hosts"), detect.Low),
		finds(arg("bash", "command", "cat ~/.ssh/config"), "ssh-key", detect.Medium),
		finds(arg("bash", "command", "cp ~/.ssh/id_ed25519 /tmp/a"), "ssh-key", detect.Medium),
	} {
		tt.run(t, detect.Paths)
	}
}
