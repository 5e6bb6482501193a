package detect

import "strings"

// maxDumps bounds the files that are remembered of one text.
const maxDumps = 64

// keeps notes the files that a script puts a whole store, a home or a system's
// folder into, to see whether it sends them.
func (j *judge) keeps(c *shellCall) {
	if (c.prog == "scp" || c.prog == "sftp" || c.prog == "rsync") && len(j.dumps) > 0 {
		for _, o := range c.operands() {
			if j.dumps[o.text] {
				j.add("exfiltration", c, Medium)
			}
		}
	}
	if !isDumper(c) || len(j.dumps) >= maxDumps || c.prog == "git" || c.prog == "docker" || c.prog == "podman" {
		return
	}
	packs := c.prog == "tar" || c.prog == "zip" || c.prog == "7z"
	if packs && !packsHome(c) {
		return
	}
	var files []string
	for _, r := range c.redirs {
		if r.op != "<" {
			files = append(files, r.file.text)
		}
	}
	for i, a := range c.args {
		switch {
		case i > 0 && (c.args[i-1].text == "-f" || c.args[i-1].text == "-o" || c.args[i-1].text == "--file" || c.args[i-1].text == "-r"),
			packs && strings.IndexByte(baseName(a.text), '.') > 0 && !strings.HasPrefix(a.text, "-"):
			files = append(files, a.text)
		case strings.HasPrefix(a.text, "--archive="), strings.HasPrefix(a.text, "--file="), strings.HasPrefix(a.text, "--result-file="):
			_, file, _ := strings.Cut(a.text, "=")
			files = append(files, file)
		}
	}
	if j.dumps == nil {
		j.dumps = map[string]bool{}
	}
	for _, f := range files {
		if len(f) > 1 && f != "/dev/null" {
			j.dumps[f] = dumpsAll([]shellCall{*c})
		}
	}
}

// packsHome reports whether an archive is made of a home, a root or a system's
// folder.
func packsHome(c *shellCall) bool {
	for _, o := range c.operands() {
		switch t := strings.TrimRight(o.text, "/*"); {
		case o.text == "/", t == "~", t == "${HOME}", t == "/home", t == "/root", t == "/etc", t == "/Users", t == "/srv":
			return true
		case strings.HasPrefix(t, "~/"), strings.HasPrefix(t, "/home/"), strings.HasPrefix(t, "/Users/"):
			rest := t[1:]
			if rest[0] != '/' {
				rest = rest[strings.IndexByte(rest, '/')+1:]
			}
			if strings.Count(rest, "/") < 2 && strings.IndexByte(baseName(t), '.') < 0 {
				return true
			}
		}
	}
	return false
}

// staysInside reports whether a call names a host of one's own.
func staysInside(c *shellCall) bool {
	return holdsOne(strings.ToLower(c.line())+" ", []string{"localhost", "127.0.0.1", ".internal", ".local/", ".corp/", ".lan/"})
}

// fills judges what writes without end until a disk is full.
func (j *judge) fills(c *shellCall) {
	endless := c.prog == "yes"
	if c.prog == "cat" || c.prog == "dd" && !strings.Contains(c.line(), "count=") {
		for _, a := range c.args {
			t := strings.TrimPrefix(a.text, "if=")
			endless = endless || t == "/dev/zero" || t == "/dev/urandom" || t == "/dev/random"
			if c.prog == "dd" && (strings.HasPrefix(a.text, "of=/dev/") || a.text == "of=") {
				return
			}
		}
		if c.prog == "dd" && endless && strings.Contains(c.line(), " of=") {
			j.add("system-control", c, Medium)
			return
		}
	}
	for _, r := range c.redirs {
		if endless && r.op != "<" && !strings.HasPrefix(r.file.text, "/dev/") && !strings.HasPrefix(r.file.text, "&") {
			j.add("system-control", c, Medium)
		}
	}
}
