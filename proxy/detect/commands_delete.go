package detect

import "strings"

// deletes judges rm and its kin by their targets.
func (j *judge) deletes(c *shellCall) {
	recursive := c.flag('r', "recursive") || c.flag('R', "") || c.prog == "srm" || c.prog == "wipe" || c.prog == "trash"
	if c.has("--no-preserve-root") {
		j.add("destructive-delete", c, High)
	}
	// What find and xargs hand over may be all that lies below.
	handed := c.within("find") || c.within("xargs")
	for _, o := range c.operands() {
		s := deleteTarget(o.text, recursive)
		if j.folder != "" && wholeFolders[strings.TrimRight(j.folder, "/")] && o.text != "" && strings.IndexByte("/~$-", o.text[0]) < 0 {
			s = max(s, deleteTarget(strings.TrimRight(j.folder, "/")+"/"+o.text, recursive))
		}
		if handed && !recursive && wholeFolders[strings.TrimRight(o.text, "/")] {
			s = max(s, Medium)
		}
		if strings.HasPrefix(baseName(o.text), "terraform.tfstate") {
			s = max(s, Medium)
		}
		if k := historyOrLog(o.text); k != "" && c.prog != "rmdir" {
			j.add(k, c, High)
		}
		if s > NoScore {
			j.add("destructive-delete", c, s)
		}
		if j.locked[o.text] {
			// Encrypted, and the original gone: held to ransom.
			j.add("destructive-delete", c, Medium)
		}
		if isSecurityCheck(o.text) {
			j.add("kill-security", c, Medium)
		}
	}
}

// wholeFolders are those of which nobody deletes every file.
var wholeFolders = set("", "/*", "~", "/home", "/home/user", "/usr", "/var", "/var/lib", "/var/www", "/etc", "/srv", "/opt", "/root", "/boot", "/lib", "/bin", "/Users")

// isSecurityCheck reports whether a file makes a repository's security checks run.
func isSecurityCheck(file string) bool {
	return strings.Contains(file, ".github/workflows/") && holdsOne(strings.ToLower(file), []string{"codeql", "semgrep", "trivy", "snyk", "gitleaks", "scorecard", "security", "secret-scan", "dependency-review", "sast"}) ||
		strings.HasSuffix(file, ".github/CODEOWNERS") || strings.HasSuffix(file, ".gitleaks.toml")
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
	segs := pathSegments(nil, p)
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
	if isRemade(segs) {
		return NoScore
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
	score := Low
	for _, o := range c.operands() {
		if deleteTarget(o.text, true) == Medium || strings.ContainsAny(o.text, "*") || strings.HasPrefix(o.text, "/") && deleteTarget(o.text, true) > NoScore {
			score = max(score, Medium)
		}
		if strings.HasPrefix(o.text, "/dev/") {
			j.add("disk-write", c, High)
		}
		if historyOrLog(o.text) != "" {
			j.add(historyOrLog(o.text), c, High)
		}
		if j.locked[o.text] {
			score = High
		}
		if k, _ := sensitiveText(o.text); k != "" && !strings.HasPrefix(o.text, "/tmp/") || deleteTarget(o.text, true) == High {
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
	keep := holdsOne(strings.ToLower(c.line()), []string{"*.bak", "*.vbk", "*.vib", "*.dump", "*.sql.gz", "*backup*", "*.vmdk", "*.qcow2", "*.vhd", "*.snap"})
	if keep && root == High && (c.has("-delete") || c.has("rm", "shred", "unlink")) {
		j.add("destructive-delete", c, Medium)
	}
	if roots > 0 && isOldLog(c, c.args[:roots]) {
		root = min(root, Medium)
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
		if (a.text == "-exec" || a.text == "-execdir" || a.text == "-ok") && i+1 < len(c.args) && deleters[progName(c.args[i+1].text)] {
			switch {
			case root >= Medium && !narrow:
				j.add("destructive-delete", c, root)
			case c.has(".git", "*.git"):
				j.add("git-destructive", c, Medium)
			}
		}
		if (a.text == "-exec" || a.text == "-execdir") && i+2 < len(c.args) && shells[progName(c.args[i+1].text)] && (c.args[i+2].text == ";" || c.args[i+2].text == "+") {
			j.add("code-execution", c, High)
		}
	}
	if roots > 0 && strings.HasPrefix(c.args[0].text, "/proc") && c.has("environ", "mem", "maps") {
		j.add("credential-read", c, High)
	}
	if c.has("-perm", "-u=s") && (c.has("-4000", "/4000", "-u=s", "-6000", "+6000", "-04000", "/6000")) {
		j.add("privilege-change", c, Medium)
	}
	for i, a := range c.args {
		if (a.text == "-name" || a.text == "-iname" || a.text == "-path") && i+1 < len(c.args) {
			name := c.args[i+1].text
			k, s := sensitiveText(strings.Trim(name, "*"))
			if k == "" {
				k, s = sensitiveText(strings.ReplaceAll(name, "*", "x"))
			}
			if k != "" && (s == High && k != "env-file" || root == High) {
				j.add("credential-read", c, Medium)
			}
		}
	}
}

// deleters are what a search hands files to, to be rid of them.
var deleters = set("rm", "shred", "unlink", "srm", "wipe")

func (j *judge) truncates(c *shellCall) {
	for _, o := range c.operands() {
		if k := historyOrLog(o.text); k != "" {
			j.add(k, c, High)
		} else if deleteTarget(o.text, true) == High {
			j.add("destructive-delete", c, High)
		}
	}
}
