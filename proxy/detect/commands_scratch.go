package detect

import "strings"

// onScratch reports whether a call says itself that what it takes away was made for a
// test or the moment, or picks what it stops by a filter.
func onScratch(c *shellCall) bool {
	switch c.prog {
	case "docker", "podman", "nerdctl":
		return c.has("rm", "kill", "stop", "rmi", "volume") && picked(c) || c.has("prune") && !c.has("--volumes", "volume") && aged(c)
	case "python", "python3", "manage.py", "django-admin", "dotnet", "php", "artisan", "rails", "rake", "bundle", "npx", "prisma", "sequelize", "knex", "mix":
		return configuredForTests(c)
	}
	return false
}

// aged reports whether a call takes only what is older than a time, or has a label.
func aged(c *shellCall) bool {
	for _, a := range c.args {
		if s := strings.TrimPrefix(a.text, "--filter="); strings.HasPrefix(s, "until=") && len(s) > 7 || strings.HasPrefix(s, "label=") && len(s) > 6 {
			return true
		}
	}
	return false
}

// picked reports whether every list of things that a command hands over is narrowed by
// a filter of its own.
func picked(c *shellCall) bool {
	lists := 0
	for i := range c.args {
		if len(c.args[i].subs) == 0 {
			continue
		}
		narrow := false
		for k := range c.args[i].subs {
			calls := c.args[i].subs[k].calls
			for n := range calls {
				switch calls[n].prog {
				case "grep", "egrep", "head", "rg":
					narrow = true
				default:
					for _, a := range calls[n].args {
						_, value, _ := strings.Cut(a.text, "=")
						narrow = narrow || (strings.HasPrefix(a.text, "name=") || strings.HasPrefix(a.text, "label=") || strings.HasPrefix(a.text, "ancestor=") || strings.HasPrefix(a.text, "--filter=") || strings.HasPrefix(a.text, "status=exited") || strings.HasPrefix(a.text, "dangling=true")) && value != ""
					}
				}
			}
		}
		if !narrow {
			return false
		}
		lists++
	}
	return lists > 0
}

// configuredForTests reports whether an option says that a framework works on what its
// tests use.
func configuredForTests(c *shellCall) bool {
	for i := range c.args {
		a := strings.ToLower(c.args[i].text)
		if !strings.HasPrefix(a, "-") && (i == 0 || !strings.HasPrefix(c.args[i-1].text, "--")) {
			continue
		}
		if i := strings.Index(a, "test"); i >= 0 && !strings.HasSuffix(a[:i], "la") && !strings.HasSuffix(a[:i], "con") && !strings.HasSuffix(a[:i], "pro") && !strings.Contains(a, "prod") {
			return true
		}
	}
	return false
}

// onImages reports whether a file system is made in a file rather than on a disk.
func onImages(c *shellCall) bool {
	found := false
	for _, a := range c.args {
		if strings.HasPrefix(a.text, "-") || allDigits(a.text) {
			continue
		}
		if strings.HasPrefix(a.text, "/dev/") || strings.Contains(a.text, "$") {
			return false
		}
		for _, ext := range [...]string{".img", ".raw", ".iso", ".qcow2", ".ext4", ".squashfs", ".bin", ".image"} {
			found = found || strings.HasSuffix(a.text, ext)
		}
	}
	return found
}

// isOldLog reports whether a search deletes what is older than some days among logs
// and caches, as every machine does.
func isOldLog(c *shellCall, roots []shellWord) bool {
	aged := false
	for i := range c.args {
		if t := c.args[i].text; (t == "-mtime" || t == "-atime" || t == "-ctime") && i+1 < len(c.args) {
			n := c.args[i+1].text
			aged = aged || len(n) > 1 && n[0] == '+' && n[1] > '0' && allDigits(n[1:])
		}
	}
	for i := range roots {
		keep := false
		for _, dir := range [...]string{"/var/log/", "/var/cache/", "/var/tmp/", "/tmp/"} {
			keep = keep || strings.HasPrefix(roots[i].text+"/", dir)
		}
		base := baseName(strings.TrimRight(roots[i].text, "/"))
		if !keep && base != "log" && base != "logs" && base != "cache" && base != "tmp" && base != "downloads" {
			return false
		}
	}
	return aged && len(roots) > 0
}

// scratchDrops are collections of a document database made for the moment, dropped.
var scratchDrops = lazyRegexp(`(?i)\bdb\.(?:getcollection\(\s*["'])?(?:(?:tmp|temp|test|scratch|staging|stg)(?:_\w+)?|\w+_(?:tmp|temp|test|bak|old))(?:["']\s*\))?\.drop\s*\(\s*\)`)

// withoutScratchDrops returns statements without those that drop such collections.
func withoutScratchDrops(s string) string {
	if !strings.Contains(s, ".drop") {
		return s
	}
	for at := scratchDrops().FindStringIndex(s); at != nil; at = scratchDrops().FindStringIndex(s) {
		s = s[:at[0]] + s[at[1]:]
	}
	return s
}

// isServiceUser reports whether a user is made for a service: one that can't log in
// and belongs to no group that owns the machine.
func isServiceUser(c *shellCall) bool {
	line := strings.ToLower(c.line()) + " "
	return (c.prog == "useradd" || c.prog == "adduser") && (c.has("--system", "-r", "-rM", "-Mr") || strings.Contains(line, "--system")) &&
		holdsOne(line, []string{"nologin", "/bin/false", "--disabled-login", "--no-create-home"}) &&
		!holdsOne(line, []string{"-u 0 ", "-ou 0", "--uid 0", "-g 0 ", "-g root", "sudo", "wheel", " docker", "-g docker", " adm ", " disk", "shadow", "/bin/bash", "/bin/sh "})
}

// madeTables are the tables that statements make for their session alone.
var madeTables = lazyRegexp(`(?i)\bcreate\s+(?:local\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)`)

// withoutTempDrops returns statements in lower case without those that drop what the
// text itself has made for its session.
func withoutTempDrops(s string) string {
	if !strings.Contains(s, "create") || !strings.Contains(s, "temp") || !strings.Contains(s, "drop") {
		return s
	}
	for _, m := range madeTables().FindAllStringSubmatch(s, 16) {
		for _, drop := range [...]string{"drop table if exists ", "drop table "} {
			for at := strings.Index(s, drop+m[1]); at >= 0; at = strings.Index(s, drop+m[1]) {
				end := at + len(drop) + len(m[1])
				if rest := strings.TrimLeft(s[end:], " \t\r\n"); end < len(s) && isNameByte(s[end]) || rest != "" && rest[0] != ';' {
					break
				}
				s = s[:at] + s[end:]
			}
		}
	}
	return s
}

// isRemade reports whether a path leads to what a system gets again by itself, or to a
// site's link that only says whether it is served.
func isRemade(segs []string) bool {
	switch {
	case len(segs) > 2 && segs[0] == "var" && segs[1] == "cache",
		len(segs) > 3 && segs[0] == "var" && segs[1] == "lib" && segs[2] == "apt" && segs[3] == "lists":
		return true
	case len(segs) == 4 && segs[0] == "etc" && (segs[1] == "nginx" || segs[1] == "apache2") && strings.HasSuffix(segs[2], "-enabled"):
		return segs[3] != "" && segs[3] != "*"
	}
	return false
}
