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
		{"curl wget aria2c axel lwp-download", (*judge).downloads},
		{"scp rsync rclone mail mutt mailx sendmail ftp tftp sftp lftp smbclient http https xh", (*judge).uploads},
		{"dig nslookup host ping drill", (*judge).dnsTools},
		{"npm pnpm yarn bun bunx pip pip3 pipx uv uvx gem cargo go apt apt-get yum dnf apk pacman brew snap choco winget easy_install conda npx composer", (*judge).packages},
		{"docker podman nerdctl kubectl ctr nsenter runc helm", (*judge).containers},
		{"git", (*judge).git},
		{"iptables ip6tables ufw nft setenforce pkill kill killall swapoff spctl csrutil apparmor_parser aa-disable firewall-cmd sysctl", (*judge).security},
		{"env printenv", (*judge).environment},
		{"shutdown reboot halt poweroff init", (*judge).system},
		{"python python2 python3 perl ruby node nodejs php lua deno bun osascript awk gawk mawk tclsh rscript r jshell julia luajit groovy elixir scala swift octave", (*judge).interpreter},
		{"mysql psql sqlite3 mariadb sqlcmd mongosh mongo redis-cli clickhouse-client clickhouse duckdb sqlplus osql isql db2 hdbsql bq snowsql hive beeline spark-sql presto trino impala-shell cqlsh cockroach usql pgcli mycli litecli dolt ysqlsh vsql nzsql surreal questdb invoke-sqlcmd invoke-dbaquery", (*judge).database},
		{"gdb strace ltrace ptrace dtrace", (*judge).tracers},
		{"insmod modprobe rmmod kexec mount umount", (*judge).kernel},
		{"tar zip vim vi less man ed nmap", (*judge).escapes},
		{"base64 xxd certutil", func(*judge, *shellCall) {}},
		{"alias unalias", (*judge).aliases},
		{"ssh", (*judge).ssh},
		{"grep egrep fgrep zgrep rg ag ack findstr", (*judge).searches},
		{"echo printf print", (*judge).prints},
		{"gpg gpg2 age ccrypt", (*judge).encrypts},
		{"defaults", (*judge).defaults},
	} {
		for _, p := range strings.Fields(r.progs) {
			rules[p] = r.rule
		}
	}
	return rules
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
		for _, o := range ops[:max(0, len(ops)-1)] {
			if k, _ := sensitiveText(o.text); k == "" && deleteTarget(o.text, true) == High && !strings.HasPrefix(o.text, "~/.") && !strings.Contains(strings.TrimLeft(o.text, "/"), "/") {
				j.add("destructive-delete", c, High)
			}
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
		j.encrypts(c)
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
		score := Medium
		if c.has("127.0.0.1", "localhost", "::1") {
			score = Low // for this machine alone
		}
		j.add("reverse-shell", c, score)
	}
}

// globPath matches a path with wildcards segment by segment.
func globPath(glob, p string) bool {
	if len(glob) > 256 || !globBegins(glob, p) {
		return false
	}
	ok, err := path.Match(strings.ToLower(glob), p)
	// A glob that is all wildcards says nothing.
	return err == nil && ok && strings.ContainsAny(strings.ToLower(glob), "abcdefghijklmnopqrstuvwxyz")
}

// globBegins reports whether a name begins, whatever its case, with what stands
// before a glob's first wildcard.
func globBegins(glob, p string) bool {
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '*' || c == '?' || c == '[' || c == '\\' || c >= 0x80:
			return true
		case i >= len(p) || lowerByte(c) != lowerByte(p[i]):
			return false
		}
	}
	return true
}
