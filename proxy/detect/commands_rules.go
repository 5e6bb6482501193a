package detect

import (
	"path"
	"strings"
)

// callRules judge a call by its program. A program without
// one is harmless in itself. A judge carries them along, so that rules may judge
// nested commands.
var callRules = callRulesByProgram()

func callRulesByProgram() map[string]func(*judge, *shellCall) {
	rules := map[string]func(*judge, *shellCall){}
	for _, r := range []struct {
		progs string
		rule  func(*judge, *shellCall)
	}{
		{"rm unlink rmdir srm wipe trash", (*judge).deletes},
		{"shred", (*judge).shreds},
		{"find gfind fd", (*judge).finds},
		{"dd", (*judge).dd},
		{"wipefs blkdiscard sgdisk fdisk sfdisk parted hdparm badblocks cryptsetup", (*judge).disk},
		{"truncate", (*judge).truncates},
		{"mv cp install ln rsync tee sed touch", (*judge).copies},
		{"nc ncat netcat socat telnet openssl nc.traditional nc.openbsd", (*judge).sockets},
		{"history fc unset export set shopt", (*judge).history},
		{"journalctl wevtutil logrotate auditctl", (*judge).logs},
		{"crontab at batch systemctl service launchctl schtasks update-rc.d chkconfig rc-update", (*judge).services},
		{"chmod chown chgrp setfacl chattr setcap usermod useradd adduser passwd chpasswd visudo gpasswd", (*judge).privileges},
		{"curl wget", (*judge).downloads},
		{"scp rsync rclone aws gsutil s3cmd gcloud az mail mutt mailx sendmail ftp tftp sftp http https xh", (*judge).uploads},
		{"dig nslookup host ping drill", (*judge).dnsTools},
		{"npm pnpm yarn pip pip3 pipx uv gem cargo go apt apt-get yum dnf apk pacman brew snap choco winget easy_install conda npx composer", (*judge).packages},
		{"docker podman nerdctl kubectl ctr nsenter runc", (*judge).containers},
		{"git", (*judge).git},
		{"iptables ip6tables ufw nft setenforce pkill kill killall swapoff spctl csrutil apparmor_parser aa-disable firewall-cmd sysctl", (*judge).security},
		{"env printenv", (*judge).environment},
		{"shutdown reboot halt poweroff init", (*judge).system},
		{"python python2 python3 perl ruby node nodejs php lua deno bun osascript awk gawk mawk tclsh", (*judge).interpreter},
		{"mysql psql sqlite3 mariadb sqlcmd mongosh mongo redis-cli clickhouse-client", (*judge).database},
		{"gdb strace ltrace ptrace dtrace", (*judge).tracers},
		{"insmod modprobe rmmod kexec mount umount", (*judge).kernel},
		{"tar zip vim vi less man ed nmap", (*judge).escapes},
		{"base64 xxd certutil", func(*judge, *shellCall) {}},
		{"alias unalias", (*judge).aliases},
		{"terraform tofu pulumi helm eksctl", (*judge).cloud},
		{"security gpg gpg2 gh vault op pass secret-tool lpass bw keyring", (*judge).stores},
		{"ssh", (*judge).ssh},
		{"defaults", (*judge).defaults},
	} {
		for _, p := range strings.Fields(r.progs) {
			rules[p] = r.rule
		}
	}
	return rules
}

// deletes judges rm and its kin by their targets.
func (j *judge) deletes(c *shellCall) {
	recursive := c.flag('r', "recursive") || c.flag('R', "") || c.prog == "srm" || c.prog == "wipe" || c.prog == "trash"
	if c.has("--no-preserve-root") {
		j.add("destructive-delete", c, High)
	}
	for _, o := range c.operands() {
		s := deleteTarget(o.text, recursive)
		if k := historyOrLog(o.text); k != "" && c.prog != "rmdir" {
			j.add(k, c, High)
		}
		if s > NoScore {
			j.add("destructive-delete", c, s)
		}
	}
}

// deleteTarget grades what is lost when a path is deleted. Files and build outputs
// below the working directory are ordinary work.
func deleteTarget(t string, recursive bool) Score {
	star := strings.HasSuffix(t, "*")
	base := strings.TrimRight(strings.TrimRight(t, "*."), "/")
	if star && strings.HasSuffix(t, "/.*") {
		base = strings.TrimSuffix(t, "/.*")
	}
	switch t {
	case "/", "/*", "//", "/.", "/..", "~", "~/", "~/*", "${HOME}", "${HOME}/", "${HOME}/*", "..", "../", "../*", "../..", "*/*", "~/.*", "/.*":
		if recursive {
			return High
		}
		return Medium
	case "*", "./*", ".", "./", ".*", "${PWD}", "${PWD}/*", "* .*", ".git", "./.git":
		if recursive {
			return Medium
		}
		return Low
	}
	best := NoScore
	for _, p := range CleanPaths(base, "", "") {
		best = max(best, deletePath(p, t, recursive, star))
	}
	return best
}

func deletePath(p, raw string, recursive, star bool) Score {
	if k, s := SensitivePath(p); k != "" && s == High && k != "env-file" && k != "device-file" && k != "shell-history" {
		if k == "docker-config" && strings.HasSuffix(p, ".sock") {
			return Low
		}
		return High
	}
	segs := pathSegments(p)
	relative := raw != "" && raw[0] != '/' && raw[0] != '~' && raw[0] != '$' && !isDrive(strings.ReplaceAll(raw, `\`, "/"))
	if relative {
		ups := strings.Count(raw, "../")
		switch {
		case !recursive || ups == 0:
			return NoScore
		case len(segs) == 0:
			return High
		case buildOutputs[segs[len(segs)-1]]:
			return NoScore
		case ups > 1:
			return Medium
		}
		return Low
	}
	if strings.HasPrefix(raw, "$") && !strings.HasPrefix(p, "~") && !strings.HasPrefix(p, "C:") {
		if recursive {
			return Low
		}
		return NoScore
	}
	if len(segs) == 0 || p == "~" {
		if recursive {
			return High
		}
		return Medium
	}
	if buildOutputs[segs[len(segs)-1]] || tempRoots[segs[0]] && len(segs) > 1 || len(segs) > 2 && segs[0] == "var" && segs[1] == "tmp" || segs[0] == "private" && len(segs) > 2 && segs[1] == "tmp" {
		return NoScore
	}
	system := systemRoots[segs[0]] || isDrive(strings.ReplaceAll(p, `\`, "/")) && len(segs) > 1 && systemRoots[segs[1]]
	switch {
	case system && (recursive || segs[0] == "etc" || segs[0] == "boot" || segs[0] == "bin" || segs[0] == "sbin"):
		if segs[0] == "var" && len(segs) > 3 || segs[0] == "opt" && len(segs) > 2 || segs[0] == "usr" && len(segs) > 2 && segs[1] == "local" {
			return Medium
		}
		return High
	case !recursive:
		return NoScore
	case segs[0] == "~" || p[0] == '~':
		return homeDelete(segs[1:])
	case (segs[0] == "home" || segs[0] == "users") && len(segs) >= 2:
		return homeDelete(segs[2:])
	case segs[0] == "root":
		return homeDelete(segs[1:])
	case segs[0] == "home" || segs[0] == "users":
		return High
	case len(segs) == 1 && workRoots[segs[0]]:
		return Medium
	case workRoots[segs[0]]:
		return Low
	case len(segs) <= 2:
		return High
	case star:
		return Medium
	}
	return Low
}

// homeDelete grades what is deleted below a home.
func homeDelete(segs []string) Score {
	switch {
	case len(segs) == 0:
		return High
	case buildOutputs[segs[len(segs)-1]]:
		return NoScore
	case segs[0] == ".cache" || segs[0] == "library" && len(segs) > 2:
		return Low
	case homeFolders[segs[0]] && len(segs) == 1, segs[0][0] == '.' && len(segs) == 1:
		return High
	case len(segs) == 1:
		return Medium
	}
	return Low
}

var (
	buildOutputs = set("node_modules", "build", "dist", "out", "target", "bin", "obj", ".next", ".nuxt", ".cache", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", "venv", ".venv", "coverage", ".turbo", ".parcel-cache", ".gradle", "vendor", "tmp", "temp", ".tmp", "generated", "logs", "cache", "test-results", "playwright-report", ".terraform", "pods", "deriveddata", ".angular", ".svelte-kit", "site", "_site", "public", "htmlcov", "artifacts", ".eggs", "release", "debug")
	tempRoots    = set("tmp", "temp")
	systemRoots  = set("etc", "usr", "bin", "sbin", "lib", "lib32", "lib64", "boot", "var", "opt", "sys", "proc", "dev", "srv", "run", "system", "library", "applications", "windows", "program files", "program files (x86)", "programdata", "system32", "lost+found")
	workRoots    = set("workspace", "workspaces", "app", "repo", "project", "projects", "src", "code", "work", "github", "builds", "mnt", "media", "volumes", "data1", "scratch", "go")
	homeFolders  = set("documents", "desktop", "downloads", "pictures", "music", "videos", "movies", "library", "appdata", "onedrive", "dropbox", "public", "backup", "backups", "*")
)

func (j *judge) shreds(c *shellCall) {
	score := Medium
	for _, o := range c.operands() {
		if strings.HasPrefix(o.text, "/dev/") {
			j.add("disk-write", c, High)
		}
		if historyOrLog(o.text) != "" {
			j.add(historyOrLog(o.text), c, High)
		}
		if k, _ := sensitiveText(o.text); k != "" || deleteTarget(o.text, true) == High {
			score = High
		}
	}
	j.add("destructive-delete", c, score)
}

func (j *judge) finds(c *shellCall) {
	root := Score(NoScore)
	roots := 0
	for _, a := range c.args {
		if strings.HasPrefix(a.text, "-") || a.text == "(" || a.text == "!" {
			break
		}
		roots++
		root = max(root, deleteTarget(a.text, true))
	}
	if roots == 0 {
		root = Medium
	}
	narrow := c.has("-name", "-iname", "-path", "-regex", "-mtime", "-empty", "-size")
	if c.has("-delete") {
		switch {
		case root == High:
			j.add("destructive-delete", c, High)
		case root == Medium && !narrow:
			j.add("destructive-delete", c, Medium)
		}
	}
	for i, a := range c.args {
		if (a.text == "-exec" || a.text == "-execdir") && i+2 < len(c.args) && shells[progName(c.args[i+1].text)] && (c.args[i+2].text == ";" || c.args[i+2].text == "+") {
			j.add("code-execution", c, High)
		}
	}
	if c.has("-perm", "-u=s") && (c.has("-4000", "/4000", "-u=s", "-6000", "+6000", "-04000", "/6000")) {
		j.add("privilege-change", c, Medium)
	}
	for i, a := range c.args {
		if (a.text == "-name" || a.text == "-iname" || a.text == "-path") && i+1 < len(c.args) {
			if k, s := sensitiveText(strings.Trim(c.args[i+1].text, "*")); k != "" && s == High {
				j.add("credential-read", c, Medium)
			}
		}
	}
}

func (j *judge) dd(c *shellCall) {
	for _, a := range c.args {
		if of, ok := strings.CutPrefix(a.text, "of="); ok {
			if strings.HasPrefix(of, "/dev/") && of != "/dev/null" && of != "/dev/stdout" || strings.Contains(strings.ToLower(of), "physicaldrive") {
				j.add("disk-write", c, High)
				continue
			}
			j.written(c, of)
		}
	}
}

func (j *judge) disk(c *shellCall) {
	line := c.line()
	switch {
	case !strings.Contains(line, "/dev/"), c.has("-l", "--list", "-p", "--print", "print", "-i", "-I", "-t", "-T"):
		return
	case c.prog == "cryptsetup" && !c.has("luksFormat", "erase", "luksErase"), c.prog == "hdparm" && !strings.Contains(line, "secur"), c.prog == "badblocks" && !c.flag('w', ""):
		return
	}
	j.add("disk-write", c, High)
}

func (j *judge) truncates(c *shellCall) {
	for _, o := range c.operands() {
		if k := historyOrLog(o.text); k != "" {
			j.add(k, c, High)
		} else if deleteTarget(o.text, true) == High {
			j.add("destructive-delete", c, High)
		}
	}
}

// copies judges the file that a call writes: the last operand, or each of tee's.
func (j *judge) copies(c *shellCall) {
	ops := c.operands()
	switch c.prog {
	case "tee", "touch":
	case "sed":
		if !c.flag('i', "in-place") || len(ops) < 2 {
			return
		}
		ops = ops[1:]
	case "mv":
		if len(ops) == 2 && ops[1].text == "/dev/null" {
			j.add("destructive-delete", c, max(Medium, deleteTarget(ops[0].text, true)))
			return
		}
		fallthrough
	default:
		if c.prog == "ln" && len(ops) >= 2 && ops[0].text == "/dev/null" {
			if k := historyOrLog(ops[1].text); k != "" {
				j.add(k, c, High)
			}
		}
		if len(ops) < 2 {
			return
		}
		if (c.prog == "cp" || c.prog == "cat") && ops[0].text == "/dev/null" {
			j.emptied(c, ops[len(ops)-1].text)
		}
		if c.prog == "rsync" {
			return
		}
		ops = ops[len(ops)-1:]
	}
	for _, o := range ops {
		if c.prog == "touch" {
			continue
		}
		j.written(c, o.text)
	}
}

func (j *judge) sockets(c *shellCall) {
	line := strings.ToLower(c.line())
	switch c.prog {
	case "openssl":
		return
	case "socat":
		if strings.Contains(line, "exec:") || strings.Contains(line, "system:") {
			j.add("reverse-shell", c, High)
		}
		return
	case "telnet":
		return
	}
	for i, a := range c.args {
		if (a.text == "-e" || a.text == "-c" || a.text == "--exec" || a.text == "--sh-exec" || strings.HasPrefix(a.text, "-") && len(a.text) < 8 && strings.HasSuffix(a.text, "e")) && i+1 < len(c.args) && !strings.HasPrefix(a.text, "--z") {
			j.add("reverse-shell", c, High)
			return
		}
	}
	if c.flag('l', "listen") {
		j.add("reverse-shell", c, Medium)
	}
}

func (j *judge) history(c *shellCall) {
	line := c.line()
	switch {
	case c.prog == "history" && (c.flag('c', "") || c.flag('d', "") || c.flag('w', "") && c.has("/dev/null")),
		c.prog == "unset" && c.has("HISTFILE", "HISTSIZE", "HISTFILESIZE"),
		c.prog == "set" && strings.Contains(line, "+o history"),
		c.prog == "shopt" && strings.Contains(line, "-u") && strings.Contains(line, "hist"):
		j.add("history-wipe", c, High)
	}
}

func (j *judge) logs(c *shellCall) {
	line := strings.ToLower(c.line())
	switch {
	case c.prog == "journalctl" && (strings.Contains(line, "--vacuum-time=1s") || strings.Contains(line, "--vacuum-size=1") || strings.Contains(line, "--rotate")),
		c.prog == "wevtutil" && (c.has("cl", "clear-log", "CL")),
		c.prog == "auditctl" && (c.flag('D', "") || strings.Contains(line, "-e 0")):
		j.add("log-wipe", c, High)
	}
}

func (j *judge) services(c *shellCall) {
	line := strings.ToLower(c.line())
	switch c.prog {
	case "crontab":
		switch {
		case c.flag('r', ""):
			j.add("destructive-delete", c, Medium)
		case c.flag('l', ""):
		default:
			j.add("persistence", c, High)
		}
	case "at", "batch":
		if len(c.args) > 0 && !c.flag('l', "") {
			j.add("persistence", c, Medium)
		}
	case "schtasks":
		if strings.Contains(line, "/create") {
			j.add("persistence", c, High)
		}
	case "launchctl":
		if c.has("load", "bootstrap", "submit", "enable") {
			j.add("persistence", c, Medium)
		}
	default:
		stops := c.has("stop", "disable", "mask", "kill")
		if stops && hasSecurityService(line) {
			j.add("kill-security", c, High)
		} else if c.has("enable") {
			j.add("persistence", c, Low)
		}
	}
}

func hasSecurityService(line string) bool {
	for _, s := range [...]string{"auditd", "firewalld", "ufw", "apparmor", "selinux", "fail2ban", "clamav", "falcon", "crowdstrike", "falco", "osquery", "sentinel", "wazuh", "ossec", "rsyslog", "syslog", "defender", "windefend", "mdatp", "iptables", "nftables", "sysmon", "carbonblack", "cbagent", "splunk", "snort", "suricata", "tripwire", "aide", "cylance", "sophos", "mcafee", "symantec", "esets", "little snitch"} {
		if strings.Contains(line, s) {
			return true
		}
	}
	return false
}

func (j *judge) security(c *shellCall) {
	line := strings.ToLower(c.line())
	switch c.prog {
	case "iptables", "ip6tables":
		if c.flag('F', "flush") || strings.Contains(line, "input accept") {
			j.add("kill-security", c, High)
		}
	case "ufw":
		if c.has("disable", "reset") {
			j.add("kill-security", c, High)
		}
	case "nft":
		if c.has("flush") {
			j.add("kill-security", c, High)
		}
	case "setenforce":
		if c.has("0", "Permissive", "permissive") {
			j.add("kill-security", c, High)
		}
	case "spctl", "csrutil":
		if c.has("--master-disable", "--global-disable", "disable") {
			j.add("kill-security", c, High)
		}
	case "pkill", "killall", "kill":
		if hasSecurityService(line) {
			j.add("kill-security", c, High)
		}
		if c.prog == "kill" && c.has("-1") && len(c.args) > 1 && c.args[len(c.args)-1].text == "-1" {
			j.add("system-control", c, High)
		}
	case "sysctl":
		if c.flag('w', "write") {
			j.add("privilege-change", c, Medium)
		}
	case "apparmor_parser", "aa-disable":
		if c.prog == "aa-disable" || c.flag('R', "remove") {
			j.add("kill-security", c, High)
		}
	}
}

func (j *judge) privileges(c *shellCall) {
	ops := c.operands()
	switch c.prog {
	case "chmod", "chown", "chgrp", "setfacl":
		if len(ops) < 2 {
			return
		}
		mode := ops[0].text
		recursive := c.flag('R', "recursive")
		setuid := c.prog == "chmod" && (strings.Contains(mode, "+s") || strings.Contains(mode, "u=s") || len(mode) == 4 && strings.ContainsAny(mode[:1], "24567") && allDigits(mode) && mode[0] != '0')
		if setuid {
			j.add("privilege-change", c, High)
		}
		for _, o := range ops[1:] {
			s := deleteTarget(o.text, true)
			k, ks := sensitiveText(o.text)
			world := c.prog == "chmod" && (strings.HasSuffix(mode, "777") || strings.HasSuffix(mode, "666") || strings.Contains(mode, "a+w") || strings.Contains(mode, "o+w") || strings.Contains(mode, "a+rwx") || mode == "+w" || strings.Contains(mode, "o+rw"))
			switch {
			case (world || recursive) && s == High && (k == "" || ks == High) && !(k == "ssh-key" && !world):
				j.add("privilege-change", c, High)
			case world && k != "":
				j.add("privilege-change", c, High)
			case world && recursive:
				j.add("privilege-change", c, Low)
			}
		}
	case "chattr":
		if len(c.args) > 1 && (c.args[0].text == "-i" || c.args[0].text == "-a" || c.args[0].text == "+i") {
			j.add("privilege-change", c, Medium)
		}
	case "setcap":
		j.add("privilege-change", c, High)
	case "usermod", "gpasswd":
		for _, g := range [...]string{"sudo", "wheel", "admin", "root", "docker"} {
			if c.has(g) {
				j.add("privilege-change", c, High)
			}
		}
	case "useradd", "adduser", "passwd", "chpasswd", "visudo":
		j.add("privilege-change", c, Medium)
		if strings.Contains(c.line(), "-u 0") || strings.Contains(c.line(), "-ou 0") || strings.Contains(c.line(), "-o -u 0") {
			j.add("privilege-change", c, High)
		}
	}
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// downloads notes the files that curl and wget store, to see whether they are run.
func (j *judge) downloads(c *shellCall) {
	for i, a := range c.args {
		t := a.text
		switch {
		case (t == "-o" || t == "-O" && c.prog == "wget" || t == "--output" || t == "--output-document") && i+1 < len(c.args):
			j.fetched[baseName(c.args[i+1].text)] = true
			j.written(c, c.args[i+1].text)
		case strings.HasPrefix(t, "--output="):
			j.fetched[baseName(t[9:])] = true
		case strings.HasPrefix(t, "-") && len(t) > 2 && t[1] != '-' && (t[len(t)-1] == 'o' || t[len(t)-1] == 'O' && c.prog == "wget") && i+1 < len(c.args):
			j.fetched[baseName(c.args[i+1].text)] = true
			j.written(c, c.args[i+1].text)
		case strings.Contains(t, "/") && !strings.HasPrefix(t, "-") && (c.prog == "wget" || c.flag('O', "remote-name")):
			t, _, _ = strings.Cut(t, "?")
			if b := baseName(t); len(b) > 1 && !strings.Contains(b, ".com") {
				j.fetched[b] = true
			}
		}
	}
	delete(j.fetched, "-")
	delete(j.fetched, "")
}

func (j *judge) uploads(c *shellCall) {
	switch c.prog {
	case "aws", "gcloud", "az", "gsutil", "s3cmd":
		j.cloud(c)
		j.stores(c)
	case "scp", "rsync":
		ops := c.operands()
		if len(ops) < 2 || !strings.Contains(ops[len(ops)-1].text, ":") {
			return
		}
		for i, o := range c.args[:len(c.args)-1] {
			if k, s := sensitiveText(o.text); k != "" && s >= Medium && !isIdentity(c, i) && !strings.HasPrefix(o.text, "-") {
				j.add("exfiltration", c, High)
			}
		}
	}
}

// dnsTools judges data in a name that is looked up.
func (j *judge) dnsTools(c *shellCall) {
	for _, a := range c.args {
		if len(a.subs) > 0 || secretVariable(a.text) && strings.Contains(a.text, ".") {
			score := High
			if c.prog == "ping" && len(a.subs) > 0 && !strings.Contains(a.text, ".") {
				score = Low
			}
			j.add("exfiltration", c, score)
		}
	}
}

// packages notes installs, Low: what may be installed is a policy's business.
func (j *judge) packages(c *shellCall) {
	ops := c.operands()
	if len(ops) == 0 {
		return
	}
	verb := ops[0].text
	if c.prog == "uv" && verb == "pip" && len(ops) > 1 {
		verb = ops[1].text
	}
	switch verb {
	case "install", "i", "add", "get", "require", "-S", "global", "upgrade", "dlx", "exec", "run":
		if verb == "run" || verb == "exec" && c.prog != "npm" {
			return
		}
	default:
		if c.prog != "npx" && c.prog != "pipx" && c.prog != "easy_install" && !(c.prog == "pacman" && c.flag('S', "")) {
			return
		}
	}
	score := Low
	for _, a := range c.args {
		t := a.text
		if strings.HasPrefix(t, "--index-url=http:") || t == "--trusted-host" || strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "git+http:") || strings.HasPrefix(t, "--registry=http:") || strings.HasPrefix(t, "--extra-index-url") {
			score = Medium
		}
	}
	j.add("package-install", c, score)
}

func (j *judge) containers(c *shellCall) {
	if c.prog == "nsenter" {
		if strings.Contains(c.line(), "-t 1") || strings.Contains(c.line(), "--target 1") || strings.Contains(c.line(), "--target=1") || strings.Contains(c.line(), "-t1") {
			j.add("docker-escape", c, High)
		}
		return
	}
	for i, a := range c.args {
		t := a.text
		switch {
		case t == "--privileged" || t == "--privileged=true", t == "--pid=host", strings.HasPrefix(t, "--cap-add=SYS_ADMIN"), strings.HasPrefix(t, "--cap-add=ALL"), t == "SYS_ADMIN", t == "--security-opt=apparmor=unconfined", t == "--userns=host", t == "--ipc=host":
			j.add("docker-escape", c, High)
		case t == "host" && i > 0 && (c.args[i-1].text == "--pid" || c.args[i-1].text == "--userns"):
			j.add("docker-escape", c, High)
		}
		mount := t
		switch {
		case i > 0 && (c.args[i-1].text == "-v" || c.args[i-1].text == "--volume" || c.args[i-1].text == "--mount"):
		case strings.HasPrefix(t, "-v/"):
			mount = t[2:]
		case strings.HasPrefix(t, "--volume="), strings.HasPrefix(t, "--mount="):
			mount = t[strings.IndexByte(t, '=')+1:]
		default:
			continue
		}
		src, _, _ := strings.Cut(mount, ":")
		for _, f := range strings.Split(mount, ",") {
			if v, ok := strings.CutPrefix(f, "source="); ok {
				src = v
			} else if v, ok := strings.CutPrefix(f, "src="); ok {
				src = v
			}
		}
		k, s := sensitiveText(src)
		switch {
		case hostMount(src):
			j.add("docker-escape", c, High)
		case k != "" && s == High && k != "env-file":
			j.add("docker-escape", c, Medium)
		}
	}
	if c.prog == "kubectl" && c.has("secret", "secrets") && c.has("get", "describe") {
		j.add("credential-read", c, Medium)
	}
	if c.has("prune") && c.flag('a', "all") || c.prog == "kubectl" && c.has("delete") && (c.has("--all", "ns", "namespace") || c.flag('A', "all-namespaces")) {
		j.add("destructive-delete", c, Medium)
	}
}

func (j *judge) git(c *shellCall) {
	ops := c.operands()
	sub := ""
	for _, o := range ops {
		if o.text != "." && !strings.Contains(o.text, "/") && !strings.Contains(o.text, "=") {
			sub = o.text
			break
		}
	}
	line := c.line()
	switch {
	case sub == "push" && (c.flag('f', "force") || c.has("--mirror", "--delete", "-d") || hasPrefixArg(c, "+") || hasPrefixArg(c, "--force")),
		sub == "reset" && c.has("--hard"), sub == "clean" && c.flag('f', "force"), sub == "branch" && c.has("-D"),
		sub == "filter-branch" || sub == "filter-repo", sub == "reflog" && c.has("expire"), sub == "checkout" && c.has("--", "."), sub == "stash" && c.has("clear", "drop"), sub == "update-ref" && c.has("-d"):
		j.add("git-destructive", c, Low)
	case sub == "config" && (strings.Contains(line, "hookspath") || strings.Contains(line, "hooksPath") || strings.Contains(line, "core.sshCommand") || strings.Contains(line, "core.fsmonitor") || strings.Contains(line, "core.pager") || strings.Contains(line, "alias.") && strings.Contains(line, "!")):
		j.add("persistence", c, Medium)
	}
	for _, a := range c.args {
		if t := a.text; strings.HasPrefix(t, "--upload-pack=") || strings.HasPrefix(t, "--receive-pack=") || strings.HasPrefix(t, "ext::") || strings.Contains(t, "core.sshCommand=") || strings.Contains(t, "core.fsmonitor=") || strings.Contains(t, "protocol.ext.allow") || strings.Contains(t, "core.pager=!") {
			j.add("code-execution", c, High)
		}
	}
}

func hasPrefixArg(c *shellCall, prefix string) bool {
	for i := range c.args {
		if strings.HasPrefix(c.args[i].text, prefix) && len(c.args[i].text) > len(prefix) {
			return true
		}
	}
	return false
}

func (j *judge) environment(c *shellCall) {
	if len(c.args) == 0 {
		score := Low
		for _, r := range c.redirs {
			if strings.HasPrefix(r.op, ">") && strings.HasPrefix(r.file.text, "/tmp") {
				score = Medium
			}
		}
		j.add("env-dump", c, score)
	}
}

func (j *judge) system(c *shellCall) {
	if c.prog == "init" && !c.has("0", "6") || c.has("--help", "-c") {
		return
	}
	j.add("system-control", c, Medium)
}

func (j *judge) tracers(c *shellCall) {
	if c.flag('p', "pid") {
		j.add("process-attach", c, Low)
	}
}

func (j *judge) kernel(c *shellCall) {
	switch c.prog {
	case "insmod", "modprobe", "kexec":
		j.add("privilege-change", c, Medium)
	case "mount":
		if strings.Contains(c.line(), "/dev/") || c.flag('o', "") && strings.Contains(c.line(), "remount") {
			j.add("privilege-change", c, Medium)
		}
	}
}

// escapes judges tools that run a command through an option.
func (j *judge) escapes(c *shellCall) {
	line := c.line()
	switch c.prog {
	case "tar":
		if strings.Contains(line, "--checkpoint-action") || strings.Contains(line, "--to-command") || strings.Contains(line, "--use-compress-program") && strings.Contains(line, "sh") {
			j.add("code-execution", c, High)
		}
		if strings.Contains(line, " -C / ") || strings.HasSuffix(line, " -C /") || strings.Contains(line, "--absolute-names") && c.flag('x', "extract") {
			j.add("sensitive-redirect", c, Medium)
		}
	case "zip":
		if strings.Contains(line, "-TT") || strings.Contains(line, "--unzip-command") {
			j.add("code-execution", c, High)
		}
	case "vim", "vi", "ed":
		if strings.Contains(line, ":!") {
			j.add("code-execution", c, High)
		}
	case "nmap":
		j.add("network-scan", c, Low)
	}
}

// cloud judges what destroys resources elsewhere.
func (j *judge) cloud(c *shellCall) {
	line := strings.ToLower(c.line())
	switch {
	case c.has("destroy", "terminate-instances", "delete-bucket", "delete-db-instance", "delete-stack", "delete-cluster", "rb"),
		c.prog == "aws" && c.has("rm") && c.has("--recursive"),
		c.prog == "gsutil" && c.has("rm") && (c.has("-r") || strings.Contains(line, " -m rm")),
		(c.prog == "gcloud" || c.prog == "az") && c.has("delete"):
		j.add("cloud-destructive", c, Medium)
	case c.prog == "helm" && c.has("uninstall", "delete"):
		j.add("cloud-destructive", c, Low)
	}
}

// stores judges what prints credentials from a store.
func (j *judge) stores(c *shellCall) {
	line := strings.ToLower(c.line())
	for _, w := range [...]string{"find-generic-password", "find-internet-password", "dump-keychain", "--export-secret", "--armor --export-secret"} {
		if strings.Contains(line, w) {
			j.add("credential-read", c, High)
			return
		}
	}
	for _, w := range [...]string{"gh auth token", "vault kv get", "vault read", "op read", "op item get", "pass show", "lpass show", "bw get", "secret-tool lookup", "keyring get", "auth print-access-token", "auth print-identity-token", "auth application-default print-access-token", "account get-access-token", "secretsmanager get-secret-value", "secrets versions access", "configure get aws_secret", "ssm get-parameter", "sts get-session-token", "keyvault secret show", "configure export-credentials"} {
		if strings.Contains(line, w) {
			j.add("credential-read", c, Medium)
			return
		}
	}
}

// ssh judges options that run a command here.
func (j *judge) ssh(c *shellCall) {
	line := strings.ToLower(c.line())
	if i := strings.Index(line, "proxycommand="); i >= 0 && !strings.HasPrefix(line[i+13:], "ssh ") && !strings.HasPrefix(line[i+13:], "none") || strings.Contains(line, "permitlocalcommand=yes") {
		j.add("code-execution", c, High)
	}
	for i, a := range c.args {
		if a.text == "-R" && i+1 < len(c.args) {
			j.add("reverse-shell", c, Low)
		}
	}
}

func (j *judge) defaults(c *shellCall) {
	if c.has("LoginHook", "LogoutHook") {
		j.add("persistence", c, High)
	}
}

func (j *judge) aliases(c *shellCall) {
	for _, a := range c.args {
		if strings.HasPrefix(a.text, "sudo=") || strings.HasPrefix(a.text, "ls=") && strings.Contains(a.text, "rm") {
			j.add("persistence", c, Medium)
		}
	}
}

// globPath matches a path with wildcards segment by segment.
func globPath(glob, p string) bool {
	if len(glob) > 256 {
		return false
	}
	ok, err := path.Match(strings.ToLower(glob), p)
	// A glob that is all wildcards says nothing.
	return err == nil && ok && strings.ContainsAny(strings.ToLower(glob), "abcdefghijklmnopqrstuvwxyz")
}
