package detect

import "strings"

// packageRules know sources of packages that nobody vouches for, and settings that
// redirect them. That something is installed is Low (see packages).
var packageRules = []cliRule{
	{"npm pnpm yarn bun", "config set script-shell|shell|node-options|globalconfig|init-module|onload-script", "persistence", Medium},
	{"npm pnpm yarn", "config set ignore-scripts|strict-ssl|audit false", "kill-security", Low},
	{"npm pnpm yarn", "unpublish -f|--force", "git-destructive", Medium},
	{"npm", "owner|access|deprecate add|grant|set", "privilege-change", Low},
	{"go", "run *.*/*@* !~github.com|golang.org|gitlab.com|go.dev|honnef.co|mvdan.cc|go.uber.org|k8s.io|gotest.tools|bitbucket.org|codeberg.org|gopkg.in|entgo.io|ariga.io|goreleaser|cel.dev|buf.build|connectrpc.com|.internal|.corp", "package-install", Medium},
	{"go", "run /tmp/*|/var/tmp/*|/dev/shm/*", "code-execution", Medium},
	{"apt apt-get yum dnf zypper apk pacman", "--allow-unauthenticated|--force-yes|--nogpgcheck|--no-gpg-checks|--allow-untrusted|--allow-downgrades", "package-install", Medium},
	{"apt apt-get yum dnf zypper apk pacman brew", "remove|purge|erase|autoremove|del|-R|uninstall auditd|clamav*|falcon*|falco|osquery*|wazuh*|ossec*|apparmor*|selinux*|fail2ban|rkhunter|chkrootkit|aide|tripwire|ufw|firewalld|rsyslog|sysmon*|crowdstrike*|sentinel*|suricata|snort|iptables|nftables", "kill-security", High},
	{"dpkg", "--purge|-P|-r|--remove auditd|clamav*|falcon*|falco|osquery*|wazuh*|apparmor|fail2ban|ufw", "kill-security", High},
	{"dpkg rpm", "-i|--install|-U|-F ~http://|/tmp/|/dev/shm/", "package-install", Medium},
	{"dpkg rpm", "--force-all|--nodeps|--nosignature", "package-install", Low},
	{"apt-key", "add|adv -|/tmp/*", "package-install", Low},
	{"add-apt-repository", "~http://|trusted=yes", "package-install", Medium},
	{"yum-config-manager dnf", "--add-repo ~http://", "package-install", Medium},
	{"helm", "repo add !--dry-run ~http://", "package-install", Medium},
	{"helm", "plugin install", "package-install", Low},
	{"krew", "install", "package-install", Low},
	{"code cursor windsurf codium", "--install-extension ~.vsix ~/tmp|http|downloads", "persistence", Medium},
	{"claude codex gemini cursor-agent", "--dangerously-skip-permissions|--yolo|--dangerously-bypass-approvals-and-sandbox|--full-auto|--permission-mode ~dangerously|yolo|bypass", "kill-security", Medium},
	{"claude", "mcp add|add-json ~bash|sh␣-c|curl|wget|/tmp/|http://|python␣-c", "persistence", Medium},
	{"ansible-pull", "-U|--url", "package-install", Medium},
	{"ansible-galaxy", "install ~http://|git+http:", "package-install", Medium},
	{"docker podman", "run|pull ~xmrig|miner|cryptonight|monero", "code-execution", High},
	{"docker podman", "plugin install --grant-all-permissions", "docker-escape", Medium},
}

// indexOptions set where packages come from.
var indexOptions = set("--index-url", "-i", "--extra-index-url", "--registry", "--source", "-s", "--index", "--find-links", "-f", "--default-index", "--repository", "--add-source")

// knownIndexes serve packages to everybody, or to one's own company by name.
var knownIndexes = set("pypi.org", "pythonhosted.org", "pytorch.org", "npmjs.org", "npmjs.com", "npmmirror.com", "yarnpkg.com", "pkg.github.com", "rubygems.org", "crates.io", "nuget.org", "maven.org", "packagist.org", "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org", "codeberg.org", "nvidia.com", "nvidia.cn", "jfrog.io", "cloudsmith.io", "pkg.dev", "googleapis.com", "amazonaws.com", "azure.com", "visualstudio.com", "aliyun.com", "tsinghua.edu.cn", "ustc.edu.cn", "douban.com", "huaweicloud.com", "tencent.com", "anaconda.org", "anaconda.com", "conda.io", "huggingface.co", "deno.land", "jsr.io", "esm.sh", "unpkg.com", "jsdelivr.net", "npm.im", "gemfury.com", "fury.io", "debian.org", "ubuntu.com", "docker.com", "microsoft.com", "google.com", "hashicorp.com", "k8s.io", "kernel.org", "apache.org", "gnu.org", "python.org", "nodejs.org", "go.dev", "golang.org", "rust-lang.org", "fedoraproject.org", "rpmfusion.org", "centos.org", "remirepo.net", "nodesource.com", "postgresql.org", "mongodb.org", "elastic.co")

// sourced grades where a call installs from: an index or an address that isn't
// among the known ones.
func sourced(c *shellCall) Score {
	score := Low
	for i, a := range c.args {
		t := a.text
		name, val, joined := strings.Cut(t, "=")
		if !joined || !strings.HasPrefix(t, "-") {
			val = ""
			if i > 0 && indexOptions[c.args[i-1].text] && !strings.HasPrefix(t, "-") {
				name, val = c.args[i-1].text, t
			}
		}
		switch {
		case val != "" && indexOptions[name] && strings.Contains(val, "://"):
			score = max(score, foreignSource(val))
		case t == "--trusted-host" && i+1 < len(c.args):
			score = max(score, foreignSource("https://"+c.args[i+1].text))
		case strings.HasPrefix(t, "http:") || strings.HasPrefix(t, "https:") || strings.HasPrefix(t, "git+") || strings.HasPrefix(t, "git://") || strings.Contains(t, " @ http") || strings.Contains(t, "@http"):
			if i == 0 || !indexOptions[c.args[i-1].text] {
				score = max(score, foreignSource(t))
			}
		}
	}
	return score
}

func foreignSource(url string) Score {
	url = strings.ToLower(url)
	if i := strings.Index(url, "http"); i > 0 {
		url = url[i:]
	} else if i := strings.Index(url, "://"); i > 0 {
		url = "http" + url[i:]
	}
	u, ok := ParseURL(url)
	if !ok || u.Host == "" {
		return Low
	}
	if u.Addr.IsValid() {
		if u.Addr.IsLoopback() || u.Addr.IsPrivate() {
			return Low
		}
		return Medium
	}
	if !strings.Contains(u.Host, ".") || holdsOne(u.Host, []string{"gitlab", "artifactory", "nexus", "verdaccio"}) {
		return Low
	}
	for d, ok := u.Host, true; ok; _, d, ok = strings.Cut(d, ".") {
		switch {
		case knownIndexes[d], d == "internal", d == "corp", d == "local", d == "lan":
			return Low
		}
	}
	return Medium
}

// packages notes installs, Low: what may be installed is a policy's business.
// Where from is not.
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
	case "config":
		// The settings that all later installs obey.
		if len(ops) > 3 && ops[1].text == "set" || len(ops) > 1 && strings.HasPrefix(ops[1].text, "registry") {
			for _, o := range ops[1:] {
				if i := strings.Index(o.text, "http"); i >= 0 && foreignSource(o.text[i:]) == Medium {
					j.add("persistence", c, Medium)
				}
			}
		}
		return
	case "publish", "push":
		if sourced(c) >= Medium {
			j.add("exfiltration", c, Medium)
		}
		return
	case "install", "i", "add", "get", "require", "-S", "global", "upgrade", "dlx", "exec", "run", "x", "sources", "source", "download":
		if verb == "run" || verb == "exec" && c.prog != "npm" || verb == "global" && c.prog == "go" {
			return
		}
	default:
		if c.prog != "npx" && c.prog != "bunx" && c.prog != "pipx" && c.prog != "uvx" && c.prog != "easy_install" && !(c.prog == "pacman" && c.flag('S', "")) {
			return
		}
	}
	j.add("package-install", c, sourced(c))
}
