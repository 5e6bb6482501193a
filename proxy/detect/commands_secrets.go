package detect

import "strings"

// huntedWords are what people look for who look for other people's secrets.
var huntedWords = []string{"passw", "secret", "token", "private key", "private_key", "privatekey", "api_key", "apikey", "api-key", "credential", "aws_", "access_key", "begin rsa", "begin openssh", "client_secret", "akia", "ghp_", "xoxb", "sk_live", "sk-ant", "aiza", "pass", "key"}

// searches judges a search for secrets through folders that aren't a project's, and
// through what the environment or the history prints.
func (j *judge) searches(c *shellCall) {
	ops := c.operands()
	if c.prog == "findstr" {
		line := strings.ToLower(c.line())
		if strings.Contains(line, "/s") && holdsOne(line, []string{"passw", "secret", "token", "credential", "private key"}) {
			j.add("credential-read", c, Medium)
		}
		return
	}
	pattern, roots := "", ops
	for i, a := range c.args {
		if (a.text == "-e" || a.text == "--regexp" || a.text == "-E" && i+1 < len(c.args)) && i+1 < len(c.args) {
			pattern = c.args[i+1].text
		}
	}
	if len(ops) > 0 && (pattern == "" || pattern == ops[0].text) {
		pattern, roots = ops[0].text, ops[1:]
	}
	deep := c.prog == "rg" || c.prog == "ag" || c.prog == "ack" || c.flag('r', "recursive") || c.flag('R', "dereference-recursive")
	if !deep || !holdsOne(strings.ToLower(pattern), huntedWords[:len(huntedWords)-2]) {
		return
	}
	for _, r := range roots {
		switch t := strings.TrimRight(r.text, "/*"); {
		case t == "", t == "~", t == "${HOME}", t == "/home", t == "/root", t == "/etc", t == "/var", t == "/opt", t == "/srv", t == "/Users", t == "/mnt", t == "/proc", strings.HasPrefix(t, "/home/") && strings.Count(t, "/") == 2, strings.HasPrefix(t, "/Users/") && strings.Count(t, "/") == 2:
			j.add("credential-read", c, Medium)
		}
	}
}

// lookedThrough judges a filter behind a listing of the environment or the history.
func (j *judge) lookedThrough(before []shellCall, c *shellCall) {
	if len(before) == 0 || c.prog != "grep" && c.prog != "egrep" && c.prog != "rg" && c.prog != "awk" && c.prog != "sed" && c.prog != "findstr" && c.prog != "select-string" {
		return
	}
	p := &before[len(before)-1]
	if (p.prog == "tcpdump" || p.prog == "tshark" || p.prog == "dumpcap" || p.prog == "ngrep") && holdsOne(strings.ToLower(c.line()[len(c.prog):]), append([]string{"authorization", "cookie", "login"}, huntedWords[:len(huntedWords)-1]...)) {
		j.addAt("credential-read", before[0].start, c.end, Medium)
	}
	lists := p.prog == "history" || p.prog == "fc" || flowOf(before).env
	if lists && holdsOne(strings.ToLower(c.line()[len(c.prog):]), huntedWords) {
		j.addAt("env-dump", before[0].start, c.end, Medium)
	}
}

// prints judges a variable with a secret's name that is printed. What hands it on to
// a program's input prints nothing.
func (j *judge) prints(c *shellCall) {
	for _, a := range c.args {
		if !a.quotedSingle() && secretVariable(a.text) && !strings.Contains(a.text, "${#") && !strings.Contains(a.text, ":+") && !strings.Contains(a.text, "://") {
			c.printsSecret = true
		}
	}
}

// quotedSingle reports whether a word shows a variable's name rather than its value.
func (w *shellWord) quotedSingle() bool { return w.quoted && strings.Contains(w.text, "\\$") }

// encrypts notes files that are encrypted, to see whether the originals go.
func (j *judge) encrypts(c *shellCall) {
	switch c.prog {
	case "gpg", "gpg2":
		if !c.flag('e', "encrypt") && !c.flag('c', "symmetric") {
			return
		}
	case "age":
		if c.flag('d', "decrypt") {
			return
		}
	case "openssl":
		if !c.has("enc") || c.has("-d") {
			return
		}
	}
	for _, o := range c.operands() {
		if strings.ContainsAny(o.text, "./$") {
			if j.locked == nil {
				j.locked = map[string]bool{}
			}
			j.locked[o.text] = true
		}
	}
}

// vendorHosts are the hosts that secrets named after a vendor belong to.
var vendorHosts = []struct {
	word  string
	hosts []string
}{
	{"AWS", []string{"amazonaws.com", "aws.amazon.com", "amazon.com"}}, {"GITHUB", []string{"github.com", "github.", "ghcr.io", "githubusercontent.com"}}, {"GH_", []string{"github.com", "github.", "ghcr.io"}},
	{"GITLAB", []string{"gitlab"}}, {"OPENAI", []string{"openai.com", "openai.azure.com"}}, {"ANTHROPIC", []string{"anthropic.com", "claude.ai"}}, {"SLACK", []string{"slack.com"}},
	{"STRIPE", []string{"stripe.com"}}, {"GOOGLE", []string{"google.com", "googleapis.com"}}, {"GEMINI", []string{"googleapis.com", "google.com"}}, {"AZURE", []string{"azure", "microsoft", "windows.net"}},
	{"HEROKU", []string{"heroku"}}, {"NPM_", []string{"npmjs"}}, {"PYPI", []string{"pypi.org"}}, {"DOCKERHUB", []string{"docker"}}, {"CLOUDFLARE", []string{"cloudflare.com"}}, {"HF_", []string{"huggingface.co"}},
	{"HUGGINGFACE", []string{"huggingface.co"}}, {"TWILIO", []string{"twilio.com"}}, {"SENDGRID", []string{"sendgrid"}}, {"DATADOG", []string{"datadog"}}, {"SENTRY", []string{"sentry"}}, {"DISCORD", []string{"discord"}},
	{"TELEGRAM", []string{"telegram.org"}}, {"VERCEL", []string{"vercel"}}, {"NETLIFY", []string{"netlify"}}, {"DIGITALOCEAN", []string{"digitalocean"}}, {"LINEAR", []string{"linear.app"}}, {"NOTION", []string{"notion"}}, {"JIRA", []string{"atlassian", "jira"}},
}

// givesAway judges secret variables among a sender's arguments: a vendor's that go to
// another's host, and any that go into a body or a query. A header is where they
// belong.
func (j *judge) givesAway(c *shellCall) {
	host := ""
	for _, a := range c.args {
		if i := strings.Index(a.text, "://"); i > 0 && host == "" {
			if u, ok := ParseURL(a.text); ok {
				host = u.Host
			}
		}
	}
	if host == "" {
		for _, o := range c.operands() {
			if strings.Contains(o.text, ".") && !strings.ContainsAny(o.text, "/=$@ ") {
				host = strings.ToLower(o.text)
			}
		}
	}
	if host == "" {
		return
	}
	for i, a := range c.args {
		if !secretVariable(a.text) {
			continue
		}
		up := strings.ToUpper(a.text)
		for _, v := range vendorHosts {
			if strings.Contains(up, "$"+v.word) || strings.Contains(up, "${"+v.word) {
				if !holdsOne(host, v.hosts) && host != "localhost" && !strings.HasPrefix(host, "127.") {
					j.add("exfiltration", c, High)
				}
			}
		}
		flag := ""
		if i > 0 {
			flag = c.args[i-1].text
		}
		body := flag == "-d" || flag == "--data" || flag == "--data-raw" || flag == "--data-binary" || flag == "--data-urlencode" || flag == "-F" || flag == "--form" || flag == "--post-data" || flag == "--json" || strings.HasPrefix(a.text, "--post-data=") ||
			(c.prog == "http" || c.prog == "https" || c.prog == "httpie" || c.prog == "xh") && strings.Contains(a.text, "=") && !strings.Contains(a.text, "==")
		if body && !holdsOne(strings.ToLower(c.line()), []string{"/token", "oauth", "/login", "/auth", "/session", "grant_type"}) {
			j.add("exfiltration", c, Medium)
		}
	}
}

// dumpers print a whole store or folder.
func isDumper(c *shellCall) bool {
	switch c.prog {
	case "mysqldump", "pg_dump", "pg_dumpall", "mongodump", "mariadb-dump", "sqlite3dump", "redis-dump", "slapcat", "ldapsearch":
		return true
	case "tar":
		return c.flag('c', "create") || len(c.args) > 0 && strings.HasPrefix(c.args[0].text, "c")
	case "zip", "7z", "cpio":
		return c.has("-", "-r")
	case "git":
		return c.has("bundle") && c.has("create")
	case "docker", "podman":
		return c.has("save", "export")
	case "dd":
		return strings.Contains(c.line(), "if=/dev/")
	case "gcore":
		return true
	}
	return false
}

// dumped reports whether what flows into a stage is a whole store, packed or not.
func dumped(before []shellCall) bool {
	for i := range before {
		if isDumper(&before[i]) {
			return true
		}
	}
	return false
}

// dumpsAll reports whether what flows into a stage is every database of a server.
func dumpsAll(before []shellCall) bool {
	for i := range before {
		if c := &before[i]; c.prog == "pg_dumpall" || c.has("--all-databases", "-A") && isDumper(c) {
			return true
		}
	}
	return false
}
