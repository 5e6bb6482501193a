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
		fine("../../README.md"),
		fine("../../packages/ui/src/button.tsx"),
		fine("../../tsconfig.json"),
		loud("traversal", "../../config/app.json"),
		loud("traversal", "../../../README.md"),
		loud("traversal", "../../etc/a.py"),
		fine(".env.test"),
		fine("apps/web/.env.ci"),
		loud("env-file", ".env.test/.env"),
		loud("env-file", ".env.latest"),
		loud("env-file", ".env.staging"),
		loud("env-file", "tests/.env"),

		quiet(arg("bash", "command", "ls -la ~/.ssh/known_hosts"), detect.Low),
		quiet(arg("bash", "command", "ssh-keygen -R web-03 -f ~/.ssh/known_hosts"), detect.Low),
		finds(arg("bash", "command", "cat ~/.ssh/config"), "ssh-key", detect.Medium),
		finds(arg("bash", "command", "cp ~/.ssh/id_ed25519 /tmp/a"), "ssh-key", detect.Medium),
	} {
		tt.run(t, detect.Paths)
	}
}

// A project's folders are called as the system's are.
func TestFoldersOfProjects(t *testing.T) {
	for _, p := range []string{"lib/template.rb", "bin/setup", "boot/index.ts", "sbin/x", "sys/a.go", "lib64/a.c", "src/lib/a.rb"} {
		if s := detect.RunLaterPath(p); s > detect.NoScore {
			t.Errorf("%s: score %d, want none", p, s)
		}
	}
	for _, p := range []string{"/lib/x.so", "/bin/ls", "/boot/grub/grub.cfg", "/sbin/init", "/sys/kernel/a", "/lib64/a.so", "bin/.git/hooks/pre-commit", "lib/.bashrc", "C:/Windows/System32/a.dll"} {
		if s := detect.RunLaterPath(p); s == detect.NoScore {
			t.Errorf("%s: no score", p)
		}
	}
}
