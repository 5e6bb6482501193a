package detect

import "strings"

// commandOptions are the options whose value programs run, or have run elsewhere, as
// a shell's line: on a cloud's machine, in a container, by a hook.
var commandOptions = set("--command", "--commands", "--cmd", "--exec", "--execute", "--run", "--script", "--scripts", "--shell-command", "--post-hook", "--pre-hook", "--deploy-hook", "--renew-hook", "--on-success", "--startup-script", "--user-data", "--run-command", "--build-command", "--start-command", "--release-command", "--init-command", "--entrypoint", "--parameters", "--metadata", "--script-path", "--args", "--remote-command", "--ssh-command", "--inline-script", "--custom-data", "--before-script", "--post-install", "-C", "--post-up", "--provision-command", "--postrotate", "--sh", "--overrides", "--execcommand", "-Command", "--container-command", "--tunnel-command", "--payload", "--cmdline", "--on-failure", "--exec-cmd", "--rsync-path")

// remotely reads the scripts that a call's options hand over. The value may name what
// it is first, commands=…, and be a list in JSON.
func (r *shellReader) remotely(c *shellCall) {
	for i := range c.args {
		name, val, valued := strings.Cut(c.args[i].text, "=")
		switch {
		case len(name) < 2 || name[0] != '-' || !commandOptions[name]:
			continue
		case name == "-C" && c.prog != "fly" && c.prog != "flyctl":
			continue
		case !valued:
			if i+1 == len(c.args) {
				return
			}
			val = c.args[i+1].text
		}
		for _, line := range linesOf(val) {
			r.nested(line, c.start, c.end)
		}
	}
}

// linesOf returns the lines in an option's value.
func linesOf(val string) []string {
	if len(val) > 4<<10 {
		return nil
	}
	if name, rest, ok := strings.Cut(val, "="); ok && !strings.ContainsAny(name, " $/'\"") {
		switch strings.ToLower(name) {
		case "commands", "command", "script", "startup-script", "user-data", "executiontimeout", "cmd", "linux-startup-script":
			val = rest
		}
	}
	val = strings.TrimSpace(val)
	if strings.HasPrefix(val, "[") || strings.HasPrefix(val, "{") {
		return listItems(val)
	}
	if strings.IndexByte(val, ' ') < 0 {
		return nil
	}
	return []string{strings.Trim(val, `"'`)}
}

// asks reads a call of an interface by a command line, such as gh api or curl with a
// method, as the tools' own calls are read.
func (j *judge) asks(c *shellCall) {
	var members []Member
	add := func(path, value string, text bool) { members = append(members, Member{path, value, text}) }
	ops := c.operands()
	switch c.prog {
	case "gh", "glab", "az", "oci", "kubectl", "doctl", "okta", "stripe", "m365":
		if len(ops) == 0 || ops[0].text != "api" && ops[0].text != "rest" && ops[0].text != "raw-request" {
			return
		}
	case "curl", "wget", "http", "https", "xh", "httpie":
	default:
		return
	}
	method := ""
	for i, a := range c.args {
		next := ""
		if i+1 < len(c.args) {
			next = c.args[i+1].text
		}
		switch t := a.text; {
		case t == "-X" || t == "--request" || t == "--method" || t == "-m" && c.prog == "az":
			method = next
		case strings.HasPrefix(t, "-X") && len(t) > 2 && t[1] != '-':
			method = t[2:]
		case strings.HasPrefix(t, "--method="), strings.HasPrefix(t, "--request="):
			_, method, _ = strings.Cut(t, "=")
		case t == "-f" || t == "-F" || t == "--field" || t == "--raw-field":
			if name, val, ok := strings.Cut(next, "="); ok {
				add(name, val, val != "true" && val != "false")
			}
		case t == "-d" || t == "--data" || t == "--data-raw" || t == "--json" || t == "--body" || t == "-b" && c.prog == "az":
			for path, val := range jsonPairs(next) {
				add(path, val, val != "true" && val != "false")
			}
		case i == 0 && (t == "DELETE" || t == "PUT" || t == "PATCH" || t == "POST"):
			method = t // HTTPie
		case strings.Contains(t, "/") && !strings.HasPrefix(t, "-") && (i == 0 || c.args[i-1].text != "-H" && c.args[i-1].text != "-o"):
			add("path", t, true)
		}
	}
	if method = strings.ToUpper(method); method == "" || method == "GET" || method == "HEAD" || len(members) == 0 {
		return
	}
	add("method", method, true)
	verb := map[string]string{"DELETE": "delete", "PUT": "put", "PATCH": "update", "POST": "add"}[method]
	for _, f := range FindCall(nil, "http_"+verb+"_"+resourceOf(members), members) {
		j.add(f.Kind, c, f.Score)
	}
}

// resourceOf is the last word of the address among members, for what says whom it is
// about: "collaborators" of repos/a/b/collaborators/x.
func resourceOf(members []Member) string {
	for _, m := range members {
		if m.Path == "path" {
			path, _, _ := strings.Cut(m.Value, "?")
			segs := strings.Split(path, "/")
			for i := len(segs) - 1; i >= 0; i-- {
				if strings.HasSuffix(segs[i], "s") && nounOf(segs[i]) != noNoun || sharers[segs[i]] {
					return segs[i]
				}
			}
		}
	}
	return ""
}

// jsonPairs yields the members of an object in JSON that hold a scalar, wherever they
// stand in it. It is read by its quotes: what a shell left of it may be no JSON.
func jsonPairs(s string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for n := 0; n < 32; n++ {
			i := strings.IndexByte(s, '"')
			if i < 0 {
				return
			}
			k := strings.IndexByte(s[i+1:], '"')
			if k < 0 {
				return
			}
			name := s[i+1 : i+1+k]
			s = strings.TrimLeft(s[i+k+2:], " ")
			if !strings.HasPrefix(s, ":") {
				continue
			}
			s = strings.TrimLeft(s[1:], " ")
			value := ""
			if strings.HasPrefix(s, `"`) {
				end := strings.IndexByte(s[1:], '"')
				if end < 0 {
					return
				}
				value, s = s[1:1+end], s[end+2:]
			} else if end := strings.IndexAny(s, ",}] "); end > 0 {
				value, s = s[:end], s[end:]
			}
			if value != "" && value[0] != '{' && value[0] != '[' && !yield(name, value) {
				return
			}
		}
	}
}
