package detect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

func TestCleanPaths(t *testing.T) {
	const home, cwd = "/home/dev", "/home/dev/ws"
	for _, tt := range []struct{ in, want string }{
		{"a.txt", "/home/dev/ws/a.txt"},
		{"../x", "/home/dev/x"},
		{"../../../../../etc/passwd", "/etc/passwd"},
		{"/a//b/./c/../d/", "/a/b/d"},
		{"~", "/home/dev"},
		{"~/.ssh/id_rsa", "/home/dev/.ssh/id_rsa"},
		{"~eve/x", "/home/eve/x"},
		{"~root/x", "/root/x"},
		{"$HOME/x", "/home/dev/x"},
		{"${HOME}/x", "/home/dev/x"},
		{"$HOMELAND/x", "/home/dev/ws/$HOMELAND/x"},
		{`%USERPROFILE%\x`, "/home/dev/x"},
		{`$env:USERPROFILE\x`, "/home/dev/x"},
		{`%APPDATA%\x`, "/home/dev/AppData/Roaming/x"},
		{"$PWD/x", "/home/dev/ws/x"},
		{"file:///etc/passwd", "/etc/passwd"},
		{"FILE:/etc/passwd", "/etc/passwd"},
		{"file://localhost/etc/passwd", "/etc/passwd"},
		{"file://user@host:80/../../etc/passwd", "/etc/passwd"},
		{"file://../../../../etc/passwd", "/etc/passwd"},
		{"file:///C:/Windows/win.ini", "C:/Windows/win.ini"},
		{`c:\Users\x\..\y`, "C:/Users/y"},
		{`\\?\C:\x`, "C:/x"},
		{`\\server\share\x`, "/server/share/x"},
		{"%2e%2e%2fx", "/home/dev/x"},
		{"%252e%252e%252fx", "/home/dev/x"},
		{"%25252e%25252e%25252fx", "/home/dev/x"},
		{"..%c0%afx", "/home/dev/x"},
		{"%e0%80%ae./x", "/home/dev/x"},
		{"%u002e./x", "/home/dev/x"},
		{"....//x", "/home/dev/x"},
		{"..;/x", "/home/dev/x"},
		{"．．／x", "/home/dev/x"},
		{"x.txt\x00.png", "/home/dev/ws/x.txt"},
		{"x.txt%00.png", "/home/dev/ws/x.txt"},
		{"a/.env...", "/home/dev/ws/a/.env"},
		{"a/.env::$DATA", "/home/dev/ws/a/.env"},
		{`"/etc/passwd"`, "/etc/passwd"},
		{"100% done.txt", "/home/dev/ws/100% done.txt"},
	} {
		if got := detect.CleanPaths(tt.in, home, cwd); !slices.Contains(got, tt.want) {
			t.Errorf("CleanPaths(%q) = %q, want %q among them", tt.in, got, tt.want)
		}
	}
	if got := detect.CleanPaths("~/.ssh", "", ""); !slices.Contains(got, "~/.ssh") {
		t.Errorf("without a home: %q, want ~/.ssh among them", got)
	}
}

func TestSensitivePaths(t *testing.T) {
	read := func(kind, path string) wants { return finds(arg("read_file", "path", path), kind, detect.High) }
	write := func(path string) wants {
		return finds(arg("write_file", "path", path), "run-later-write", detect.Medium)
	}
	for _, tt := range []wants{
		read("ssh-key", "/home/user/docs/../.ssh/id_rsa"),
		read("ssh-key", "/HOME/USER/.SSH/ID_RSA"),
		read("ssh-key", "%2fhome%2fx%2f.ssh%2fid_rsa"),
		read("ssh-key", "id_rsa.bak"),
		read("env-file", "/app/.env.local"),
		read("env-file", ".env.bak"),
		read("env-file", "/app/.e\u0301nv"),
		read("env-file", ".env "),
		read("ssh-key", "/home/x/.ss?/id_rs*"),
		read("system-credentials", "/etc/sh[a]dow"),
		read("traversal", "..././..././etc/passwd"),
		read("system-credentials", "/proc/1/root/etc/shadow"),
		read("process-environ", "/proc/self/environ"),
		read("traversal", "../../../../../../etc/hosts"),
		read("traversal", "%2e%2e%2f%2e%2e%2fa"),
		read("traversal", "..%5c..%5ca"),
		read("traversal", "/srv/app/../../etc/hosts"),
		read("obfuscated-path", "../../etc/passwd%00"),
		finds(arg("read_file", "filepath", "~/.ssh/id_rsa"), "ssh-key", detect.High),
		finds(arg("read_file", "PATH", "~/.ssh/id_rsa"), "ssh-key", detect.High),
		finds(arg("", "uri", "file:///etc/shadow"), "system-credentials", detect.High),
		finds(arg("", "uri", "FiLe://..%2fsecret"), "traversal", detect.High),
		finds(arg("t", "a", "/root/.ssh/id_rsa"), "ssh-key", detect.High),
		finds(arg("bash", "command", "cat $HOME/.aws/credentials"), "cloud-credentials", detect.High),
		finds(arg("bash", "command", "less /etc/sh*dow"), "system-credentials", detect.High),
		write("/home/x/.bashrc"), write("~/.ssh/authorized_keys"), write(".git/hooks/pre-commit"), write("/etc/cron.d/x"),
		write(`C:\Users\x\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\x.bat`), write("~/Library/LaunchAgents/x.plist"), write("~/.config/systemd/user/x.service"),
	} {
		tt.run(t, detect.Paths)
	}
}

func TestOrdinaryPaths(t *testing.T) {
	for _, p := range []string{
		"/home/dev/ws/go-app/mcp/tool.go", ".", "..", "../lib/x.ts", "src", "/tmp/x.txt", "docs/security/ssh-keys.md", ".env.example", ".env.local.example", "README.md", ".gitignore", ".npmignore",
		"tests/fixtures/credentials_test.go", "/usr/share/doc/x", "/etc/hosts", "/home/dev/.config/app/settings.json", "keys.ts", "tokens.json", "src/tokens/token.ts", "id_rsa.pub", "docs/id_ed25519.md",
		".git/hooks/pre-commit.sample", "https://example.com/x/../y", "a b c.txt", "50%.txt", "文档/设计.md", "C:\\work\\x.go", "demo://resource/static/x.md", "environment.ts", "src/env.d.ts", "vite.config.ts", "src/*.ts", "**/*.go", "config/*.yml",
	} {
		quiet(arg("read_file", "path", p), detect.Low).run(t, detect.Paths)
	}
	for _, tt := range []wants{
		quiet(arg("write_file", "content", "Keys live in ~/.ssh/id_rsa; never commit .env or /etc/shadow."), detect.Low),
		quiet(arg("search", "pattern", ".env"), detect.Low),
		quiet(arg("read_file", "path", "~/.bashrc"), detect.Low),
		quiet(detect.Text{Value: "see ~/.ssh/id_rsa", Place: detect.Answer}, detect.NoScore),
		quiet(arg("bash", "command", "echo .env >> .gitignore"), detect.Low),
		quiet(arg("bash", "command", "ssh -i ~/.ssh/id_rsa h uptime; source .env; ls ../x ../../y"), detect.Low),
		quiet(arg("bash", "command", "go test ./... > /dev/null 2>&1"), detect.Low),
		quiet(arg("send", "message", "ok"), detect.NoScore),
	} {
		tt.run(t, detect.Paths)
	}
}

func FuzzCleanPaths(f *testing.F) {
	for _, s := range []string{"~/x", "%2e%2e/", "file://a/b", `C:\x`, "....//", "a:b", "\x00", "%u00", "//?/", "$HOME"} {
		f.Add(s, "/home/x", "/w")
		f.Add(s, "", "")
	}
	f.Fuzz(func(t *testing.T, s, home, cwd string) {
		seen := map[string]bool{}
		for _, p := range detect.CleanPaths(s, home, cwd) {
			if seen[p] {
				t.Errorf("%q: %q twice", s, p)
			}
			seen[p] = true
			if p == "" || strings.HasPrefix(home, "/") && strings.HasPrefix(cwd, "/") && strings.Contains(p, "/../") {
				t.Errorf("%q: reading %q isn't clean", s, p)
			}
			detect.SensitivePath(p)
			detect.RunLaterPath(p)
		}
	})
}
