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
			case len(p) > 1 && p[0] == '-' && p[1] != '-' && len(p) < 6 && strings.ContainsAny(p[len(p)-1:], "cerEp") && (p[len(p)-1] != 'p' || c.prog == "node" || c.prog == "nodejs" || c.prog == "bun"):
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
	if c.prog == "deno" || c.prog == "bun" || c.prog == "node" {
		for _, o := range c.operands() {
			if strings.HasPrefix(o.text, "http") && strings.Contains(o.text, "://") && foreignSource(o.text) == Medium {
				j.add("pipe-to-shell", c, High)
			}
		}
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

// code judges the text of a program that is run.
func (j *judge) code(lang, text string, start, end int) {
	text = headAndTail(text)
	low := strings.ToLower(text)
	held := codeWords().in(low)
	if holdsOne(low, []string{"join", "home", "'+'", "' + '", `"+"`}) {
		held |= codeWords().in(strings.ToLower(joinedPaths(text)))
	}
	for i, r := range codeRules {
		if held&(1<<i) != 0 && r.re().MatchString(text) {
			j.addAt(r.kind, start, end, r.score)
		}
	}
	j.opsCode(text, low, start, end)
	if joined := joinedPaths(text); joined != text {
		for i, r := range codeRules {
			if held&(1<<i) != 0 && (r.kind == "credential-read" || r.kind == "exfiltration") && r.re().MatchString(joined) {
				j.addAt(r.kind, start, end, r.score)
			}
		}
	}
	if strings.Contains(low, ".execute()") {
		for _, m := range groovyCommand().FindAllStringSubmatch(text, 8) {
			for _, f := range j.nested(ansiC(m[1] + m[2])) {
				j.addAt(f.kind, start, end, f.score)
			}
		}
	}
	j.places(text, low, start, end)
	j.statements(text, low, start, end)
	j.methods(text, start, end)
	if holdsOne(low, []string{`"-c"`, `'-c'`, `"-lc"`, `'-lc'`}) {
		j.argvs(text, start, end)
	}
	if !holdsOne(low, []string{"system", "popen", "subprocess", "exec", "spawn", "passthru", "getoutput", "qx", "do shell", "doshell", "kernel."}) {
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
	if holdsOne(low, []string{"subprocess", "popen", "spawn", "exec", "command", "system"}) {
		for _, m := range listInCode().FindAllStringSubmatch(text, 16) {
			for _, f := range j.nested(JoinArgv(listItems(m[1]))) {
				j.addAt(f.kind, start, end, f.score)
			}
		}
	}
}

// pathPieces part the pieces of a path that a program puts together, and the calls
// that give its beginning.
var pathPieces = strings.NewReplacer("', '", "/", "','", "/", `", "`, "/", `","`, "/", "' / '", "/", `" / "`, "/", "'/'", "/", `"/"`, "/",
	"'+'", "", "' + '", "", `"+"`, "", `" + "`, "", "os.environ['HOME']", "'~", `os.environ["HOME"]`, "'~", `os.getenv("HOME")`, "'~", "os.getenv('HOME')", "'~", "process.env.HOME", "'~", "ENV['HOME']", "'~",
	"Path.home()", "'~", "Dir.home", "'~", "os.homedir()", "'~", "homedir()", "'~", "expanduser('~')", "'~", `expanduser("~")`, "'~", "UserHomeDir()", "'~")

// joinedPaths writes the paths that a program joins from pieces as they come out.
func joinedPaths(text string) string {
	if len(text) > 8<<10 || !holdsOne(text, []string{"join", "Join", ".home", "homedir", "'+'", "' + '", `"+"`, "HOME"}) {
		return text
	}
	return strings.NewReplacer("'~ / '", "'~/", "'~/'", "'~/", "'~, '", "'~/", `'~, "`, "'~/", `'~/"`, "'~/", `'~ / "`, "'~/").Replace(pathPieces.Replace(text))
}

// argvs judges what shells are given as an argument of their own, whatever function
// starts them.
func (j *judge) argvs(text string, start, end int) {
	for _, re := range [...]func() *matcher{argvInCode, argvByCalls} {
		for _, m := range re().FindAllStringSubmatch(text, 16) {
			for _, f := range j.nested(ansiC(m[1] + m[2])) {
				j.addAt(f.kind, start, end, f.score)
			}
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
	case "code", "script", "source", "program", "expression", "javascript", "python", "js", "snippet", "pythoncode", "jscode", "javascriptcode", "sourcecode", "cell", "expr", "formula", "lambda", "scriptcontent", "codesnippet", "applescript", "cellsource", "apex", "inlinecode", "func", "functionnode", "functionbody", "jsfunction", "userscript", "handlercode", "functioncode", "workercode", "lambdacode", "zipcode_inline", "jscodesnippet", "codestring":
		return true
	case "function", "fn", "pagefunction", "evaluate", "command", "input", "text", "query", "body", "cmd", "args":
		return isExecTool(tool) && holdsOne(strings.ToLower(tool), []string{"python", "node", "code", "eval", "javascript", "repl", "browser", "page", "puppeteer", "playwright", "jupyter", "notebook", "ipython", "ruby", "perl", "php", "lua", "calc", "script"})
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
