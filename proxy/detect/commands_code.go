package detect

import "strings"

// interpreter judges a program text given on an interpreter's command line.
func (j *judge) interpreter(c *shellCall) {
	awk := c.prog == "awk" || c.prog == "gawk" || c.prog == "mawk"
	for i, a := range c.args {
		t := a.text
		code := ""
		switch {
		case awk && i == 0:
			code = t
		case i == 0:
			continue
		default:
			switch p := c.args[i-1].text; {
			case len(p) > 1 && p[0] == '-' && p[1] != '-' && len(p) < 6 && strings.ContainsAny(p[len(p)-1:], "cerE"):
				code = t
			case p == "--eval" || p == "--execute" || p == "eval" || p == "-Command" || p == "--print":
				code = t
			}
		}
		if code != "" {
			j.code(c.prog, code, c.start, c.end)
		}
	}
	if c.stdin != "" {
		j.code(c.prog, c.stdin, c.start, c.end)
	}
	if len(c.args) > 1 && c.args[0].text == "-m" && (c.args[1].text == "http.server" || c.args[1].text == "SimpleHTTPServer") {
		j.add("exfiltration", c, Low)
	}
}

// A codeRule knows a dangerous form in a program's text.
type codeRule struct {
	kind  string
	score Score
	any   []string // one must stand in the text, lower case
	re    func() *matcher
}

// codeRules hold for Python, Perl, Ruby, JavaScript, PHP and awk alike: what
// counts is the call.
var codeRules = []codeRule{
	{"reverse-shell", High, []string{"socket"}, lazyRegexp(`(?is)socket<gap>(?:dup2|pty\.spawn|/bin/(?:ba)?sh|exec\s*[("']|subprocess|fileno|spawn\()`)},
	{"reverse-shell", High, []string{"net.socket", "require('net')", `require("net")`, "net.connect"}, lazyRegexp(`(?is)(?:child_process|/bin/(?:ba)?sh|spawn)<gap>(?:connect|\.pipe)|(?:connect|net\.socket)<gap>(?:/bin/(?:ba)?sh|\.pipe|child_process)`)},
	{"reverse-shell", High, []string{"fsockopen", "tcpsocket", "io::socket"}, lazyRegexp(`(?is)(?:fsockopen|tcpsocket|io::socket)<gap>(?:exec|/bin/(?:ba)?sh|system|popen|STDIN)`)},
	{"decode-and-run", High, []string{"exec", "eval"}, lazyRegexp(`(?is)(?:\bexec|\beval|loads)\s*[(\s]<gap>(?:b64decode|base64|fromhex|unhexlify|atob|decode_base64|pack\(|zlib|marshal|codecs\.decode|rot13|fromcharcode|chr\()`)},
	{"pipe-to-shell", High, []string{"http"}, lazyRegexp(`(?is)(?:\bexec|\beval|os\.system|instance_eval|compile)\s*\(<gap>(?:urlopen|requests\.get|urllib|open-uri|open\(\s*['"]http|fetch\(|net::http|LWP|file_get_contents)`)},
	{"destructive-delete", High, []string{"rmtree", "rmsync", "rm_rf", "fs.rm", "remove_tree", "rmdirsync", "unlink", "rimraf", "removedirs", "remove_dir_all"}, lazyRegexp(`(?is)(?:rmtree|rm_rf|rm_r|rm(?:dir)?Sync|fs\.(?:promises\.)?rm|remove_tree|rimraf|remove_dir_all)\s*\(?\s*(?:os\.path\.(?:expanduser|abspath)\(|Path(?:\.home)?\(|os\.homedir\(|ENV|os\.environ|process\.env)?\s*[\[(]?\s*['"]?(?:/(?:etc|usr|var|home|root|bin|boot|lib|opt|Users)?(?:/[\w.*-]*)?['"]|~[/'"]|HOME|C:|\.\.)`)},
	{"destructive-delete", High, []string{"unlink", "os.remove", "file.delete", "fileutils.rm", "removedirs", "rmdir"}, lazyRegexp(`(?is)(?:unlink|os\.remove|File\.delete|FileUtils\.rm|removedirs|rmdir)<gap>['"](?:/(?:etc|usr|var|home|root|bin|boot|lib|opt|Users)?(?:/\*?)?|~/?\*?|[A-Z]:\\+\*?)['"]`)},
	{"exfiltration", High, []string{"http", "socket"}, lazyRegexp(`(?is)(?:/etc/(?:shadow|passwd)|\.ssh/|\.aws/|id_rsa|id_ed25519|\.env\b|os\.environ|process\.env\b|/proc/self/environ)<gap>(?:urlopen|requests\.(?:post|get|put)|fetch\(|https?\.(?:request|get|post)|net::http|http\.client|sendall|axios|urllib|curl)|(?:urlopen|requests\.(?:post|put)|fetch\(|https?\.(?:request|post)|net::http|http\.client|sendall|axios)<gap>(?:/etc/(?:shadow|passwd)|\.ssh/|\.aws/|id_rsa|id_ed25519|['"/]\.env\b|dict\(os\.environ|json\.dumps\(dict\(os\.environ|\.stringify\(process\.env)`)},
	{"credential-read", High, []string{"/etc/shadow", "/etc/passwd", ".ssh/", ".aws/", "id_rsa", "id_ed25519", "/proc/", ".netrc", ".kube/", ".gnupg"}, lazyRegexp(`(?is)(?:open|read_text|read_bytes|readfile(?:sync)?|slurp|file_get_contents|File\.read|IO\.read|read|Path|getline|cat)\b[\s(<]*[^)\n]*(?:/etc/(?:shadow|passwd)|\.ssh/|\.aws/cred|id_rsa|id_ed25519|/proc/(?:self|\d+)/(?:environ|mem)|\.netrc|\.kube/config|\.gnupg)`)},
	{"env-dump", Medium, []string{"environ", "process.env", "%env", "env."}, lazyRegexp(`(?i)print\s*\(?\s*(?:dict\()?os\.environ\)?\s*\)|console\.log\(\s*(?:JSON\.stringify\(\s*)?process\.env\s*\)|Dumper\(\\?%ENV\)|puts ENV\.|p ENV\b`)},
	{"code-execution", Low, []string{"system", "exec", "spawn", "popen", "subprocess", "child_process", "qx(", "qx/", "qx{"}, lazyRegexp(`(?i)\b(?:os\.system|os\.popen|os\.exec\w*|subprocess\.\w+|pty\.spawn|child_process|execsync|spawnsync|\bsystem|popen|qx)\b`)},
}

// shellInCode finds the command that a program hands to a shell.
var shellInCode = lazyRegexp("(?is)(?:os\\.system|os\\.popen|subprocess\\.\\w+|commands\\.getoutput|exec(?:Sync|FileSync)?|spawn(?:Sync)?|\\bsystem|popen|shell_exec|passthru|\\bqx|Kernel\\.`|do shell script|\\$)\\s*[({]?\\s*(?:f|r|b)?(?:\"((?:[^\"\\\\\\n]|\\\\.)+)\"|'((?:[^'\\\\\\n]|\\\\.)+)'|`([^`\\n]+)`|\\[([^\\]\\n]+)\\])")

// code judges the text of a program that is run.
func (j *judge) code(lang, text string, start, end int) {
	text = headAndTail(text)
	low := strings.ToLower(text)
	held := codeWords().in(low)
	for i, r := range codeRules {
		if held&(1<<i) != 0 && r.re().MatchString(text) {
			j.addAt(r.kind, start, end, r.score)
		}
	}
	if !holdsOne(low, []string{"system", "popen", "subprocess", "exec", "spawn", "passthru", "getoutput", "qx", "do shell", "kernel."}) {
		return
	}
	for _, m := range shellInCode().FindAllStringSubmatch(text, 16) {
		cmd := ""
		for _, g := range m[1:4] {
			if g != "" {
				cmd = ansiC(g)
			}
		}
		if m[4] != "" {
			cmd = JoinArgv(listItems(m[4]))
		}
		for _, f := range j.nested(cmd) {
			j.addAt(f.kind, start, end, f.score)
		}
	}
}

// nested judges a command inside a program, without looking for programs in
// it again.
func (j *judge) nested(cmd string) []commandFinding {
	if strings.TrimSpace(cmd) == "" || len(cmd) > 4<<10 {
		return nil
	}
	in := &judge{rules: j.rules}
	r := readShell(cmd)
	for i := range r.pipes {
		for k := range r.pipes[i].calls {
			if isInterpreter(r.pipes[i].calls[k].prog) && !shells[r.pipes[i].calls[k].prog] {
				r.pipes[i].calls[k].args = nil
			}
		}
		in.pipe(&r.pipes[i])
	}
	return in.found
}

// listItems reads the quoted items of a list literal.
func listItems(s string) []string {
	var items []string
	for len(s) > 0 && len(items) < 64 {
		i := strings.IndexAny(s, `'"`)
		if i < 0 {
			break
		}
		k := strings.IndexByte(s[i+1:], s[i])
		if k < 0 {
			break
		}
		items = append(items, s[i+1:i+1+k])
		s = s[i+k+2:]
	}
	return items
}

func holdsOne(s string, any []string) bool {
	for _, w := range any {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// isCodeName reports whether the names around a text call it a program to be run
// rather than a shell command.
func isCodeName(tool, name string) bool {
	switch name {
	case "code", "script", "source", "program", "expression", "javascript", "python", "js":
		return true
	}
	return isExecTool(tool) && holdsOne(strings.ToLower(tool), []string{"python", "node", "code", "eval", "javascript", "repl"})
}

// lazyRegexp compiles a pattern when it is first needed: most never are, and the
// start of the program must not wait for them. "<gap>" stands for anything within
// a few lines: a bounded count of any character would cost a state each.
func lazyRegexp(pattern string) func() *matcher {
	m := &matcher{pattern: strings.ReplaceAll(pattern, "<gap>", `(?-s:.*(?:\n.*){0,6})`)}
	return func() *matcher { return m }
}
