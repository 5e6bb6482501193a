package detect

import "strings"

// fetchers get something from the network and print or store it.
var fetchers = set("curl", "wget", "fetch", "http", "https", "httpie", "xh", "aria2c", "lwp-request", "lwp-download", "get", "lynx", "links", "elinks", "w3m", "ftp", "tftp", "axel", "nc", "ncat", "netcat", "scp", "invoke-webrequest", "iwr", "invoke-restmethod", "irm", "gh", "aws", "gsutil", "dig", "nslookup", "host", "ssh", "sftp", "finger")

// senders take data to the network.
var senders = set("curl", "wget", "nc", "ncat", "netcat", "socat", "telnet", "ssh", "ftp", "tftp", "mail", "mailx", "sendmail", "mutt", "http", "https", "httpie", "xh", "openssl", "rclone", "sftp", "lftp", "invoke-webrequest", "iwr", "invoke-restmethod", "irm", "lwp-request", "websocat", "gh", "aws", "gsutil", "busybox-nc", "xargs-curl")

// interpreters run what they read.
var interpreters = set("python", "python2", "python3", "perl", "ruby", "node", "nodejs", "php", "lua", "deno", "bun", "osascript", "pwsh", "powershell", "tclsh", "source", ".", "eval", "iex", "invoke-expression", "cmd", "at", "batch", "make", "awk", "expect", "rscript", "jshell", "julia", "luajit", "groovy", "elixir", "scala")

func isInterpreter(prog string) bool {
	return shells[prog] || interpreters[prog] || strings.HasPrefix(prog, "python")
}

// readsInput reports whether an interpreter runs its standard input: it has no
// script of its own.
func readsInput(c *shellCall) bool {
	if !isInterpreter(c.prog) {
		return false
	}
	switch c.prog {
	case "source", ".":
		return c.has("/dev/stdin", "-") || len(c.args) == 0 // as fish does
	case "make", "awk", "expect", "eval":
		return c.has("/dev/stdin", "-")
	case "at", "batch", "iex", "invoke-expression":
		return true
	}
	for i, a := range c.args {
		switch {
		case a.text == "-" || a.text == "-s" || a.text == "/dev/stdin" || a.text == "--":
			return true
		case a.text == "-c" || a.text == "-e" || a.text == "-m" || a.text == "-r" || a.text == "-Command":
			return i+1 < len(c.args) && c.args[i+1].text == "-"
		case strings.HasPrefix(a.text, "-"):
		default:
			return false
		}
	}
	return true
}

// within reports whether the innermost of the programs around a call is one.
func (c *shellCall) within(prog string) bool {
	return len(c.wrapped) > 0 && c.wrapped[len(c.wrapped)-1] == prog
}

// A flow says what a pipeline's output is.
type flow struct {
	fetches, decodes, sensitive, env, secretEnv, any bool
}

func flowOf(calls []shellCall) flow {
	var f flow
	for i := range calls {
		f.join(calls[i].output())
	}
	return f
}

func (f *flow) join(g flow) {
	f.any = f.any || g.any
	f.fetches = f.fetches || g.fetches
	f.decodes = f.decodes || g.decodes
	f.sensitive = f.sensitive || g.sensitive
	f.env = f.env || g.env
	f.secretEnv = f.secretEnv || g.secretEnv
}

// output says what a call's output is. It is worked out once: every later stage of
// a pipeline asks for it.
func (c *shellCall) output() flow {
	if c.flow != nil {
		return *c.flow
	}
	f := flow{any: true}
	switch {
	case fetchers[c.prog]:
		f.fetches = true
	case isDecoder(c):
		f.decodes = true
	case c.prog == "env" || c.prog == "printenv" || c.prog == "set" && len(c.args) == 0 || c.prog == "export" && c.has("-p") || c.prog == "declare":
		f.env = true
	case c.prog == "history" && len(c.args) == 0:
		f.sensitive = true
	case c.prog == "whoami" || c.prog == "id" || c.prog == "hostname" || c.prog == "uname":
		f.secretEnv = true
	}
	if k, s := sensitiveArg(c); k != "" && s >= Medium {
		f.sensitive = true
	}
	for i := range c.args {
		if !c.sameSubs(i) {
			for _, p := range c.args[i].subs {
				f.join(flowOf(p.calls))
			}
		}
	}
	if c.prog == "echo" || c.prog == "printf" {
		for i := range c.args {
			if h := flowOf(heldCalls(c.args[i].held)); h.fetches || h.decodes {
				f.fetches, f.decodes = f.fetches || h.fetches, f.decodes || h.decodes
			}
		}
	}
	f.any = true
	c.flow = &f
	return f
}

// heldCalls are the calls of pipelines, one after the other.
func heldCalls(pipes []shellPipe) []shellCall {
	if len(pipes) == 0 {
		return nil
	}
	return pipes[len(pipes)-1].calls
}

// isDecoder reports whether a call turns an encoded text into a plain one.
func isDecoder(c *shellCall) bool {
	switch c.prog {
	case "base64", "gbase64", "base32", "basenc":
		return c.flag('d', "decode") || c.flag('D', "")
	case "xxd":
		return c.flag('r', "revert")
	case "openssl":
		return c.has("-d") && (c.has("enc") || c.has("base64") || c.has("aes-256-cbc"))
	case "uudecode", "rev", "gunzip", "zcat", "bzcat", "xzcat", "unxz":
		return true
	case "gzip", "xz", "bzip2":
		return c.flag('d', "decompress")
	case "tr":
		return len(c.args) == 2
	case "printf", "echo":
		return strings.Contains(c.line(), `\x`) || strings.Contains(c.line(), `\0`)
	case "python", "python3", "perl", "ruby", "node":
		l := c.line()
		return strings.Contains(l, "b64decode") || strings.Contains(l, "decode_base64") || strings.Contains(l, "base64')")
	case "gpg", "gpg2", "age":
		return c.flag('d', "decrypt")
	case "certutil":
		return c.has("-decode") || c.has("/decode")
	}
	return false
}

// feeds judges what a call takes from the stages before it and from its
// substitutions.
func (j *judge) feeds(before []shellCall, c *shellCall) {
	before = before[max(0, len(before)-maxStages):]
	if readsInput(c) && len(before) > 0 {
		f := flowOf(before)
		switch {
		case f.fetches:
			j.add("pipe-to-shell", c, High)
			j.addAt("pipe-to-shell", before[0].start, c.end, High)
		case f.decodes:
			j.addAt("decode-and-run", before[0].start, c.end, High)
		case shells[c.prog]:
			j.addAt("pipe-to-shell", before[0].start, c.end, Low)
		}
	}
	for i := range c.args {
		if c.prog == "eval" || c.prog == "source" || shells[c.prog] && i > 0 && strings.HasSuffix(c.args[i-1].text, "c") && strings.HasPrefix(c.args[i-1].text, "-") {
			if h := flowOf(heldCalls(c.args[i].held)); h.fetches {
				j.add("pipe-to-shell", c, High)
			} else if h.decodes {
				j.add("decode-and-run", c, High)
			}
		}
	}
	if isInterpreter(c.prog) || c.prog == "$(…)" {
		subs := c.stdinSubs
		for _, a := range c.args {
			if a.proc || c.prog != "$(…)" {
				subs = append(subs, a.subs...)
			}
		}
		for _, p := range subs {
			switch f := flowOf(p.calls); {
			case f.fetches:
				j.add("pipe-to-shell", c, High)
			case f.decodes:
				j.add("decode-and-run", c, High)
			}
		}
	}
	if c.within("xargs") && isInterpreter(c.prog) && flowOf(before).fetches {
		j.addAt("pipe-to-shell", before[0].start, c.end, High)
	}
	if len(before) > 0 && c.within("xargs") && dropsListed(&before[0], c) {
		j.addAt("sql-destructive", before[0].start, c.end, Medium)
	}
	if len(before) > 0 && databaseClients[c.prog] {
		if text, ok := prints(shellPipe{before}); ok {
			j.sql(text, before[0].start, c.end)
		}
	}
	if senders[c.prog] {
		j.sends(before, c)
	}
	if c.prog == "tee" || c.prog == "sponge" {
		c.takes(before)
		for _, o := range c.operands() {
			j.written(c, o.text)
		}
	}
	if (c.prog == "nc" || c.prog == "ncat" || c.prog == "netcat" || c.prog == "telnet" || c.prog == "socat" || c.prog == "openssl") && len(before) > 0 {
		for i := range before {
			if shells[before[i].prog] && (before[i].flag('i', "") || len(before) > 1) {
				j.addAt("reverse-shell", before[0].start, c.end, High)
			}
		}
	}
	if shells[c.prog] && len(before) > 0 {
		if p := before[len(before)-1].prog; p == "nc" || p == "ncat" || p == "netcat" || p == "telnet" || p == "socat" || p == "openssl" && before[len(before)-1].has("s_client") {
			j.addAt("reverse-shell", before[0].start, c.end, High)
		}
	}
	if c.prog == "crontab" && (c.has("-") || len(c.args) == 0) && len(before) > 0 {
		j.addAt("persistence", before[0].start, c.end, High)
	}
	if c.prog == "at" && len(before) > 0 {
		j.addAt("persistence", before[0].start, c.end, Medium)
	}
	if c.prog == "xargs" && len(before) > 0 {
		j.call(c)
	}
}

// sends judges what a call takes to the network.
func (j *judge) sends(before []shellCall, c *shellCall) {
	f := flowOf(before)
	if len(before) > 0 {
		start := before[0].start
		local := c.prog == "openssl" && !c.has("s_client")
		takesInput := c.prog != "curl" && c.prog != "wget" && c.prog != "gh" && c.prog != "openssl" || strings.Contains(c.line(), "@-") || c.has("-T", "--upload-file", "--post-file=-", "s_client", "-F", "--data-binary", "-d") || c.within("xargs")
		switch {
		case local:
		case f.env && takesInput:
			j.addAt("env-dump", start, c.end, High)
		case f.sensitive:
			j.addAt("exfiltration", start, c.end, High)
		case c.prog == "ssh" && before[0].prog == "tar" && packsHome(&before[0]) && outsideAddress(c.line()):
			j.addAt("exfiltration", start, c.end, High)
		case c.prog == "ssh" && dumpsAll(before):
			j.addAt("exfiltration", start, c.end, Medium)
		case takesInput && dumped(before) && c.prog != "ssh" && !strings.Contains(c.line(), "localhost") && !(c.prog == "aws" || c.prog == "gsutil" || c.prog == "rclone" || c.prog == "gh"):
			j.addAt("exfiltration", start, c.end, Medium)
		case takesInput && (c.prog == "nc" || c.prog == "ncat" || c.prog == "netcat") && f.any && !f.fetches:
			j.addAt("exfiltration", start, c.end, Medium)
		}
	}
	for _, r := range c.redirs {
		if k, s := sensitiveText(r.file.text); r.op == "<" && k != "" && s >= Medium {
			j.add("exfiltration", c, High)
		}
	}
	for f := range strings.FieldsSeq(c.stdin) {
		// ftp and sftp take their commands there.
		if c.prog == "ftp" || c.prog == "sftp" || c.prog == "tftp" || c.prog == "lftp" {
			if k, s := sensitiveText(f); k != "" && s >= Medium {
				j.add("exfiltration", c, High)
			}
		}
	}
	j.givesAway(c)
	for i, a := range c.args {
		for _, p := range a.subs {
			switch g := flowOf(p.calls); {
			case g.env:
				j.add("env-dump", c, High)
			case g.sensitive:
				j.add("exfiltration", c, High)
			case g.secretEnv || g.decodes || len(p.calls) > 0 && fileReaders[p.calls[0].prog] && !(p.calls[0].prog == "jq" && p.calls[0].flag('n', "null-input")) && strings.Contains(a.text, "://"):
				j.add("exfiltration", c, Medium)
			}
		}
		if file, ok := sentFile(c, i); ok {
			if _, dump := j.dumps[file]; dump && (strings.HasPrefix(file, "/") || c.prog != "aws" && c.prog != "gsutil" && c.prog != "rclone") && !staysInside(c) {
				j.add("exfiltration", c, Medium)
			}
			if k, s := sensitiveText(file); k != "" && s >= Medium {
				j.add("exfiltration", c, High)
			}
		}
		if j.holds && len(a.subs) == 0 && strings.Contains(a.text, "$(…)") {
			j.add("exfiltration", c, High)
		}
		if secretVariable(a.text) && strings.Contains(a.text, "://") && strings.ContainsAny(a.text, "?") {
			j.add("exfiltration", c, Medium)
		}
	}
}

// sentFile returns the file that argument i makes a sender upload.
func sentFile(c *shellCall, i int) (string, bool) {
	a := c.args[i].text
	switch c.prog {
	case "curl", "http", "https", "xh", "httpie":
		if at := strings.IndexByte(a, '@'); at >= 0 && !strings.Contains(a, "://") && (at == 0 || a[at-1] == '=' || strings.HasPrefix(a, "-")) {
			f, _, _ := strings.Cut(a[at+1:], ";")
			return f, true
		}
		if at := strings.IndexByte(a, '@'); at > 0 && i > 0 && c.args[i-1].text == "--data-urlencode" {
			return a[at+1:], true
		}
		if i > 0 && (c.args[i-1].text == "-T" || c.args[i-1].text == "--upload-file" || c.args[i-1].text == "-K") {
			return a, true
		}
		return strings.CutPrefix(a, "--upload-file=")
	case "wget":
		for _, p := range [...]string{"--post-file=", "--body-file="} {
			if f, ok := strings.CutPrefix(a, p); ok {
				return f, true
			}
		}
		return a, i > 0 && (c.args[i-1].text == "--post-file" || c.args[i-1].text == "--body-file")
	case "curl.exe", "mail", "mutt", "mailx", "rclone", "gh", "aws", "gsutil", "ftp", "tftp", "socat":
		return strings.TrimPrefix(strings.TrimPrefix(a, "FILE:"), "file://"), true
	}
	return "", false
}

// secretVariable reports whether a text takes a variable that is named as a secret.
func secretVariable(s string) bool {
	i := strings.IndexByte(s, '$')
	if i < 0 {
		return false
	}
	up := strings.ToUpper(s[i:])
	for _, w := range [...]string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL"} {
		if strings.Contains(up, w) {
			return true
		}
	}
	return false
}

// fileReaders print or copy files.
var fileReaders = set("cat", "tac", "less", "more", "head", "tail", "nl", "bat", "batcat", "xxd", "od", "hexdump", "strings", "base64", "base32", "cp", "mv", "scp", "rsync", "tar", "zip", "7z", "gzip", "dd", "grep", "egrep", "rg", "awk", "gawk", "sed", "cut", "sort", "uniq", "paste", "diff", "cmp", "view", "vi", "vim", "nano", "emacs", "code", "type", "get-content", "gc", "copy", "xcopy", "robocopy", "copy-item", "install", "ln", "openssl", "gpg", "jq", "yq", "rev", "tee", "split", "fold", "column", "iconv", "source", ".", "wc", "md5sum", "sha256sum", "curl", "wget", "python", "pbcopy", "xclip", "sqlite3", "ssh-keygen", "pg_dump", "cpio", "rclone", "aws", "gsutil", "ag", "ack", "perl", "ruby", "pr", "expand", "fmt", "comm", "join", "look", "more.com", "findstr", "select-string", "certutil", "reg")

// ordinaryKeyUsers are programs that take a key or configuration to use it.
var ordinaryKeyUsers = set("ssh", "sftp", "ssh-add", "ssh-copy-id", "ssh-keygen", "ssh-keyscan", "chmod", "chown", "ls", "stat", "test", "[", "mkdir", "touch", "git", "kubectl", "helm", "aws", "docker", "docker-compose", "echo", "printf", "cd", "pushd", "ansible", "ansible-playbook", "terraform", "node", "npm", "gpg", "export", "dotenv", "file", "which", "rm", "find", "gcloud", "mosh", "autossh", "shred", "srm", "unlink", "vercel", "ssh-copy-id")

// databaseClients run the statements that they are given on their input.
var databaseClients = set("sqlplus", "osql", "db2", "bq", "snowsql", "hive", "beeline", "spark-sql", "presto", "trino", "impala-shell", "cqlsh", "cockroach", "usql", "pgcli", "mycli", "dolt", "clickhouse", "mysql", "psql", "sqlite3", "mariadb", "sqlcmd", "clickhouse-client", "duckdb", "mongosh", "mongo")

// maxStages is how far back in a pipeline a stage's input is looked at.
const maxStages = 64

// sensitiveArg returns the surest sensitive place among a call's arguments.
func sensitiveArg(c *shellCall) (kind string, score Score) {
	if !c.place.known {
		c.place.kind, c.place.score = findSensitiveArg(c)
		c.place.known = true
	}
	return c.place.kind, c.place.score
}

func findSensitiveArg(c *shellCall) (kind string, score Score) {
	if c.prog == "echo" || c.prog == "printf" || c.prog == "git" && !c.has("-C") {
		return "", NoScore
	}
	for i := range c.args {
		if c.prog == "grep" && i == 0 || isIdentity(c, i) || shells[c.prog] && strings.IndexByte(c.args[i].text, ' ') > 0 {
			// A script is read as one.
			continue
		}
		if c.isFilter(i) || leavesOut(c.args[i].text) {
			continue
		}
		if k, s := c.args[i].sensitive(); s > score {
			kind, score = k, s
		}
	}
	for i := range c.redirs {
		r := &c.redirs[i]
		if k, s := r.file.sensitive(); r.op == "<" && s > score {
			kind, score = k, s
		}
	}
	return kind, score
}

// leavesOut reports whether an option says what is not to be taken.
func leavesOut(arg string) bool {
	return strings.HasPrefix(arg, "--exclude=") || strings.HasPrefix(arg, "--ignore=") || strings.HasPrefix(arg, "--exclude-dir=")
}

// isIdentity reports whether argument i is the key that a remote shell logs in with.
func isIdentity(c *shellCall, i int) bool {
	return i > 0 && (c.args[i-1].text == "-i" || c.args[i-1].text == "-F") && (c.prog == "ssh" || c.prog == "scp" || c.prog == "sftp" || c.prog == "mosh" || c.prog == "ssh-copy-id")
}

// usesKeys are programs that read a key or a configuration to work with it and
// don't show it.
var usesKeys = set("ssh-keygen", "openssl", "gpg", "curl", "wget", "aws")

// sensitiveText returns the sensitive place that a word names, if it is a path; a
// wildcard is tried on the places that people ask for. What stands after "@", "="
// and ":" is a path as well: user@host:path, --file=path, volume:path.
func sensitiveText(w string) (kind string, score Score) {
	if len(w) < 3 || len(w) > 1024 || !hasPathByte(w) || !mayBeSensitive(w) {
		return "", NoScore
	}
	best := func(k string, s Score) {
		if s > score {
			kind, score = k, s
		}
	}
	// The first and the last parts say all: to read each of hundreds would take
	// time that grows with their square.
	var starts [2 * maxParts]int
	n := 0
	for i := 0; i+1 < len(w); i++ {
		if c := w[i]; c == '@' || c == '=' || c == ':' && i > 1 && !strings.HasPrefix(w[i:], "://") {
			if n == len(starts) {
				copy(starts[maxParts:], starts[maxParts+1:])
				n--
			}
			starts[n] = i + 1
			n++
		}
	}
	best(sensitivePart(w))
	for _, at := range starts[:n] {
		if score < High && mayBeSensitive(w[at:]) {
			best(sensitivePart(w[at:]))
		}
	}
	return kind, score
}

// maxParts is how many parts of a word are tried as paths at its beginning and at
// its end.
const maxParts = 6

// sensitivePart judges a word or what stands after a separator in it.
func sensitivePart(w string) (kind string, score Score) {
	if len(w) < 3 || !hasPathByte(w) || isMemberPath(w) {
		return "", NoScore
	}
	if w[0] == '-' && len(w) > 3 && w[1] != '-' {
		w = w[2:]
	}
	if strings.ContainsAny(w, "?*[") {
		for _, p := range globbedPlaces {
			if globPath(w, p) {
				return SensitivePath(p)
			}
		}
		w = strings.TrimRight(w, "*")
	}
	if strings.Contains(w, "://") && !strings.HasPrefix(strings.ToLower(w), "file:") {
		return "", NoScore
	}
	eachCleanPath(w, func(p string) {
		if k, s := SensitivePath(p); s > score {
			kind, score = k, s
		}
	})
	return kind, score
}

// isMemberPath reports whether a word leads through an answer's members, as jq and its
// kin write it: ".items[].key". A class of a glob holds letters.
func isMemberPath(w string) bool {
	if w[0] != '.' && w[0] != '{' || strings.ContainsAny(w, `/~\\`) {
		return false
	}
	i := strings.IndexByte(w, '[')
	if i < 0 {
		return false
	}
	k := strings.IndexByte(w[i:], ']')
	return k > 0 && allDigits(w[i+1:i+k])
}

// hasPathByte reports whether a word is more than a plain word and no text of
// several lines.
func hasPathByte(w string) bool {
	found := false
	for i := 0; i < len(w); i++ {
		switch w[i] {
		case '/', '\\', '.', '~', '%', '$', '_', ':', '?', '*':
			found = true
		case '\n':
			return false
		}
	}
	return found
}

// globbedPlaces are tried on words with wildcards.
var globbedPlaces = []string{"/etc/shadow", "/etc/passwd", "/etc/sudoers", "/root/.ssh/id_rsa", "~/.ssh/id_rsa", "~/.aws/credentials", "/home/user/.ssh/id_rsa", "/home/user/.aws/credentials", "/proc/self/environ", ".env", "./.env"}

// reads judges a call that reads a credential.
func (j *judge) reads(c *shellCall) {
	kind, score := sensitiveArg(c)
	if kind == "" || kind == "device-file" {
		return
	}
	switch {
	case c.prog == "rm" || c.prog == "unlink" || c.prog == "shred":
		return
	case ordinaryKeyUsers[c.prog] && !fileReaders[c.prog]:
		score = Low
	case c.prog == "openssl" && c.has("enc", "base64", "zlib", "cms", "smime", "aes-256-cbc"):
	case usesKeys[c.prog]:
		score = Low
	case (c.prog == "source" || c.prog == ".") && kind == "env-file":
		score = Low
	case (c.prog == "cp" || c.prog == "copy" || c.prog == "copy-item" || c.prog == "mv" || c.prog == "ln" || c.prog == "tee" || c.prog == "install") && !firstIsSensitive(c):
		score = Low
	case !fileReaders[c.prog]:
		score = min(score, Medium)
	case kind == "private-key-file" || kind == "credential-file" || kind == "iac-state" || kind == "package-credentials":
		score = min(score, Medium)
	}
	j.add("credential-read", c, score)
}

func firstIsSensitive(c *shellCall) bool {
	ops := c.operands()
	for i := range ops {
		if i == len(ops)-1 && len(ops) > 1 {
			break
		}
		if k, _ := ops[i].sensitive(); k != "" {
			return true
		}
	}
	return false
}

// dropsListed reports whether a call deletes all that another has listed of a store
// or a cluster.
func dropsListed(list, c *shellCall) bool {
	if list.prog != c.prog {
		return false
	}
	switch c.prog {
	case "redis-cli", "valkey-cli", "keydb-cli":
		return c.has("del", "DEL", "unlink", "UNLINK") && (list.has("*") || list.has("--scan") && !list.has("--pattern"))
	case "helm":
		return c.has("delete", "uninstall") && list.has("-A", "--all-namespaces", "-a")
	case "kubectl", "oc":
		return c.has("delete") && list.has("-A", "--all-namespaces")
	}
	return false
}
