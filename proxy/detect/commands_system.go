package detect

import "strings"

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
		case c.flag('e', "") && len(c.args) == 1:
			j.add("persistence", c, Low) // in an editor, by a person
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
		stops := c.has("stop", "disable", "mask", "kill", "remove")
		if stops && hasSecurityService(line) {
			j.add("kill-security", c, High)
		} else if c.has("enable") {
			j.add("persistence", c, Low)
		}
	}
}

func hasSecurityService(line string) bool {
	for _, s := range [...]string{"auditd", "journald", "firewalld", "ufw", "apparmor", "selinux", "fail2ban", "clamav", "falcon", "crowdstrike", "falco", "osquery", "sentinel", "wazuh", "ossec", "rsyslog", "syslog", "defender", "windefend", "mdatp", "iptables", "nftables", "sysmon", "carbonblack", "cbagent", "splunk", "snort", "suricata", "tripwire", "aide", "cylance", "sophos", "mcafee", "symantec", "esets", "little snitch"} {
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
		if holdsOne(line, []string{"kernel.core_pattern=", "kernel.modprobe=", "randomize_va_space=0", "yama.ptrace_scope=0", "kptr_restrict=0", "dmesg_restrict=0", "unprivileged_bpf_disabled=0", "ip_forward=1", "suid_dumpable", "kernel.sysrq", "perf_event_paranoid=-1", "modules_disabled"}) {
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
			if c.prog == "chmod" && (strings.Trim(mode, "0") == "" || mode == "a-rwx" || mode == "-rwx" || mode == "a-r") && (s == High || ks >= Medium && strings.HasPrefix(o.text, "/")) {
				j.add("privilege-change", c, High)
			}
			world := c.prog == "chmod" && (strings.HasSuffix(mode, "777") || strings.HasSuffix(mode, "666") || strings.Contains(mode, "a+w") || strings.Contains(mode, "o+w") || strings.Contains(mode, "a+rwx") || mode == "+w" || strings.Contains(mode, "o+rw"))
			switch {
			case (world || recursive && (c.prog == "chmod" || c.prog == "setfacl" || strings.Count(strings.TrimRight(o.text, "/"), "/") < 3)) && s == High && (k == "" || ks == High) && !(k == "ssh-key" && !world):
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
		for _, o := range c.operands() {
			for g := range strings.SplitSeq(o.text, ",") {
				if g == "docker" && (c.has("${USER}") || c.has("$(…)")) {
					j.add("privilege-change", c, Low) // as the installation says
					continue
				}
				switch g {
				case "sudo", "wheel", "admin", "root", "docker", "lxd", "disk", "shadow", "adm", "libvirt":
					j.add("privilege-change", c, High)
				}
			}
		}
	case "useradd", "adduser", "passwd", "chpasswd", "visudo":
		if isServiceUser(c) {
			return
		}
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

// raises judges what a wrapper makes of a call: a shell of root's, a shell that
// keeps what set-uid gave, a shell on another root.
func (j *judge) raises(c *shellCall) {
	if c.asNobody {
		j.add("privilege-change", c, High)
	}
	if c.later {
		j.add("persistence", c, Medium)
	}
	shell := shells[c.prog]
	if !shell && c.prog != "su" {
		return
	}
	idle := len(c.operands()) == 0 && c.stdin == "" && !c.flag('c', "command")
	for _, w := range c.wrapped {
		switch {
		case w == "pkexec":
			j.add("privilege-change", c, High)
		case (w == "sudo" || w == "doas" || w == "run0") && !c.asUser && (idle || c.prog == "su" && c.has("-") && len(c.operands()) == 1):
			j.add("privilege-change", c, Medium)
		case (w == "chroot" || w == "unshare") && idle:
			j.add("docker-escape", c, Medium)
		}
	}
	if shell && len(c.args) > 0 && c.args[0].text == "-p" && c.prog != "ksh" {
		j.add("privilege-change", c, High)
	}
}

func (j *judge) environment(c *shellCall) {
	if c.prog == "printenv" {
		for _, o := range c.operands() {
			if secretVariable("$" + o.text) {
				j.add("env-dump", c, Medium)
			}
		}
	}
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
		if strings.Contains(c.line(), "/dev/") {
			j.add("privilege-change", c, Low)
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
