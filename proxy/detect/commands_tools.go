package detect

import (
	"net/netip"
	"strings"
)

// downloads notes the files that curl and wget store, to see whether they are run.
func (j *judge) downloads(c *shellCall) {
	j.speaksToEngine(c)
	if ops := c.operands(); c.prog == "lwp-download" && len(ops) > 1 {
		j.fetches(baseName(ops[1].text))
		j.written(c, ops[1].text)
	}
	for i, a := range c.args {
		t := a.text
		switch {
		case (t == "-o" || t == "-O" && c.prog == "wget" || t == "--output" || t == "--output-document") && i+1 < len(c.args):
			j.fetches(baseName(c.args[i+1].text))
			j.written(c, c.args[i+1].text)
		case strings.HasPrefix(t, "--output="):
			j.fetches(baseName(t[9:]))
		case strings.HasPrefix(t, "-") && len(t) > 2 && t[1] != '-' && (t[len(t)-1] == 'o' || t[len(t)-1] == 'O' && c.prog == "wget") && i+1 < len(c.args):
			j.fetches(baseName(c.args[i+1].text))
			j.written(c, c.args[i+1].text)
		case strings.Contains(t, "/") && !strings.HasPrefix(t, "-") && (c.prog == "wget" || c.flag('O', "remote-name")):
			t, _, _ = strings.Cut(t, "?")
			if b := baseName(t); len(b) > 0 && !strings.Contains(b, ".com") {
				j.fetches(b)
			}
		}
	}
	delete(j.fetched, "-")
	delete(j.fetched, "")
}

func (j *judge) uploads(c *shellCall) {
	if c.prog == "smbclient" || c.prog == "lftp" {
		j.shares(c)
	}
	switch c.prog {
	case "mail", "mailx", "mutt", "sendmail", "swaks", "s-nail":
		for i, a := range c.args {
			if (a.text == "-a" || a.text == "-A" || a.text == "--attach") && i+1 < len(c.args) {
				j.carries(c, c.args[i+1:i+2], c.line())
			}
		}
	case "ftp", "tftp", "sftp", "lftp":
		words := strings.Fields(c.stdin + " " + c.line())
		for i, w := range words {
			if (w == "get" || w == "mget" || w == "recv") && i+1 < len(words) {
				for _, f := range words[i+1 : min(i+3, len(words))] {
					j.fetches(baseName(f))
				}
			}
		}
	case "scp", "rsync":
		ops := c.operands()
		if len(ops) < 2 {
			return
		}
		if last := ops[len(ops)-1].text; !strings.Contains(last, ":") {
			if strings.Contains(ops[0].text, ":") {
				if b := baseName(ops[0].text[strings.IndexByte(ops[0].text, ':')+1:]); last == "." || strings.HasSuffix(last, "/") {
					j.fetches(b)
				} else {
					j.fetches(baseName(last))
				}
			}
			return
		}
		j.carries(c, ops[:len(ops)-1], ops[len(ops)-1].text)
		for _, o := range ops[:len(ops)-1] {
			switch strings.TrimRight(o.text, "/*") {
			case "", "~", "${HOME}", "/home", "/root", "/etc", "/var", "/Users":
				j.add("exfiltration", c, High)
			}
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

func (j *judge) containers(c *shellCall) {
	if (c.prog == "kubectl" || c.prog == "helm") && c.has("delete", "uninstall", "scale", "cordon") && hasSecurityService(strings.ToLower(c.line())) {
		j.add("kill-security", c, High)
	}
	if c.prog == "kubectl" || c.prog == "helm" {
		for _, a := range c.args {
			if (strings.HasPrefix(a.text, "http://") || strings.HasPrefix(a.text, "https://")) && c.has("apply", "create", "install", "upgrade", "replace") && foreignSource(a.text) == Medium {
				j.add("package-install", c, Medium)
			}
		}
	}
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
	switch {
	case sub == "push" && (c.flag('f', "force") || c.has("--mirror", "--delete", "-d") || hasPrefixArg(c, "+") || hasPrefixArg(c, "--force")),
		sub == "reset" && c.has("--hard"), sub == "clean" && c.flag('f', "force"), sub == "branch" && c.has("-D"),
		sub == "filter-branch" || sub == "filter-repo", sub == "reflog" && c.has("expire"), sub == "checkout" && c.has("--", "."), sub == "stash" && c.has("clear", "drop"), sub == "update-ref" && c.has("-d"):
		j.add("git-destructive", c, Low)
	}
	j.loses(c, sub)
	j.foreignRemote(c)
	for _, a := range c.args {
		if t := a.text; strings.HasPrefix(t, "--upload-pack=") || strings.HasPrefix(t, "--receive-pack=") || strings.HasPrefix(t, "ext::") || strings.Contains(t, "core.sshCommand=") || strings.Contains(t, "core.fsmonitor=") || strings.Contains(t, "protocol.ext.allow") || strings.Contains(t, "core.pager=!") {
			j.add("code-execution", c, High)
		}
	}
}

// loses adds up what a script throws away of a repository: each alone may be
// ordinary work, all together leave nothing to go back to.
func (j *judge) loses(c *shellCall, sub string) {
	n := 0
	switch {
	case sub == "push" && (c.flag('f', "force") || hasPrefixArg(c, "+")), sub == "stash" && c.has("clear"), sub == "reflog" && c.has("expire"), sub == "gc" && strings.Contains(c.line(), "prune=now"):
		n = 2
	case sub == "tag" && (c.has("-d", "--delete")) && strings.Contains(c.line(), "$(…)"):
		n = 2
	case sub == "reset" && c.has("--hard"), sub == "clean" && c.flag('f', "force"), sub == "branch" && c.has("-D"),
		sub == "stash" && c.has("drop"), sub == "worktree" && c.has("remove") && c.flag('f', "force"):
		n = 1
	}
	if j.lost += n; n > 0 && j.lost >= mostLost {
		j.add("git-destructive", c, Medium)
	}
}

// mostLost is what a script may lose of a repository in points; see loses.
const mostLost = 4

func hasPrefixArg(c *shellCall, prefix string) bool {
	for i := range c.args {
		if strings.HasPrefix(c.args[i].text, prefix) && len(c.args[i].text) > len(prefix) {
			return true
		}
	}
	return false
}

// escapes judges tools that run a command through an option.
func (j *judge) escapes(c *shellCall) {
	line := c.line()
	switch c.prog {
	case "tar":
		for _, o := range c.operands() {
			if k, _ := sensitiveText(o.text); k == "device-file" && strings.HasPrefix(o.text, "/dev/") && o.text != "/dev/null" && (c.flag('c', "create") || c.args[0].text[0] == 'c') {
				j.add("disk-write", c, High)
			}
			if c.has("--remove-files") && deleteTarget(o.text, true) >= Medium {
				j.add("destructive-delete", c, High)
			}
		}
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
	if (c.flag('D', "") || c.flag('R', "") || c.flag('w', "")) && outsideAddress(line) {
		// A way in, or a way out for everything, kept open to a bare address.
		j.add("reverse-shell", c, Medium)
	}
}

// shares judges what a client of file shares puts on a machine outside.
func (j *judge) shares(c *shellCall) {
	line := strings.ToLower(c.line() + " " + c.stdin)
	puts := c.prog == "smbclient" && holdsOne(line, []string{"put ", "tar c"}) || c.prog == "lftp" && (holdsOne(line, []string{"put ", "put\n"}) || strings.Contains(line, "mirror") && holdsOne(line, []string{" -r", "--reverse"}))
	if puts && outsideAddress(line) {
		j.add("exfiltration", c, Medium)
	}
}

// outsideAddress reports whether a line names a machine of the Internet by its
// number.
func outsideAddress(line string) bool {
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return (r < '0' || r > '9') && r != '.' }) {
		if strings.Count(word, ".") != 3 {
			continue
		}
		a, err := netip.ParseAddr(word)
		if err == nil && !a.IsPrivate() && !a.IsLoopback() && !a.IsUnspecified() && !a.IsLinkLocalUnicast() && !a.IsMulticast() {
			return true
		}
	}
	return false
}
